//! Sessions that were captured once, replayed as tests.
//!
//! Each file of `tests/transcripts` names its driver and channels and where it comes from. Those
//! here are from twins, so they prove the mechanism and hold the drivers' messages still; one from a
//! real instrument, captured with the example `capture`, is held the same way.

use crate::twin::{Hand, Twin};
use api::ChannelId;
use drivers::{Options, proving_session};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use wire::{Capture, NoTranscript, Replay};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/transcripts")
}

/// What follows `# key: ` in a file.
fn about<'t>(text: &'t str, key: &str) -> &'t str {
    let line = text
        .lines()
        .filter_map(|line| line.strip_prefix("# "))
        .find_map(|line| line.strip_prefix(key)?.strip_prefix(": "));
    line.unwrap_or_else(|| panic!("no `# {key}: …` in the file"))
}

#[test]
fn captured_sessions_are_gone_through_again() {
    let mut files: Vec<_> = std::fs::read_dir(folder())
        .expect("the folder")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|end| end == "txt"))
        .collect();
    files.sort();
    assert!(files.len() >= 4, "{files:?}");
    for path in files {
        let text = std::fs::read_to_string(&path).expect("text");
        let name = path.display().to_string();
        let channels: Vec<_> = about(&text, "channels")
            .split(' ')
            .map(|number| ChannelId(number.parse().expect("a channel")))
            .collect();
        let cards = about(&text, "cards")
            .split_terminator(' ')
            .filter_map(|card| card.split_once(':'))
            .map(|(slot, card)| (slot.parse().expect("a slot"), card.to_owned()))
            .collect();
        let options = Options {
            cards,
            ..Options::new(Arc::new(Hand::default()), Arc::new(NoTranscript))
        };
        let link = Replay::read(&text, &name).expect("a transcript");
        let mut unit = drivers::open(about(&text, "driver"), "unit", Box::new(link), &options)
            .expect("a driver");
        let found = proving_session(unit.as_mut(), &channels)
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        let expected: Vec<&str> = text
            .lines()
            .filter_map(|line| line.strip_prefix("# found: "))
            .collect();
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn another_message_than_was_captured_is_noticed() {
    let path = folder().join("rigol-dp832.txt");
    let text = std::fs::read_to_string(path).expect("text");
    let other = text.replace(":SOUR1:VOLT 1.000", ":SOUR1:VOLT 2.000");
    assert_ne!(text, other);
    let options = Options::new(Arc::new(Hand::default()), Arc::new(NoTranscript));
    let link = Replay::read(&other, "file").expect("a transcript");
    let mut unit =
        drivers::open("rigol-dp832", "unit", Box::new(link), &options).expect("a driver");
    let error = proving_session(unit.as_mut(), &[ChannelId(1)]).expect_err("another message");
    assert!(error.to_string().contains("the transcript has"), "{error}");
}

/// Makes the files anew from the twins: `RENEW_TRANSCRIPTS=1 cargo test -p drivers --test contract`.
#[test]
fn files_of_twins_can_be_made_anew() {
    if std::env::var_os("RENEW_TRANSCRIPTS").is_none() {
        return;
    }
    for (driver, channels, cards) in [
        ("keysight-e36312a", "1 2 3", ""),
        ("rigol-dp832", "1 2 3", ""),
        ("rs-hmp4040", "1 4", ""),
        ("siglent-spd3303x", "1 2", ""),
        ("tdk-genesys", "1", ""),
        ("rigol-dl3021", "1", ""),
        (
            "keysight-daq970a",
            "101 201 301",
            "1:DAQM901A 2:DAQM903A 3:DAQM907A",
        ),
        ("keysight-34461a", "1", ""),
        ("watlow-f4t", "1", ""),
    ] {
        let slots: Vec<(u8, &str)> = cards
            .split_terminator(' ')
            .filter_map(|card| card.split_once(':'))
            .map(|(slot, card)| (slot.parse().expect("a slot"), card))
            .collect();
        let numbers: Vec<_> = channels
            .split(' ')
            .map(|number| ChannelId(number.parse().expect("a channel")))
            .collect();
        let session = |transcript| {
            let twin = Twin::new(driver, &slots);
            let options = twin.options(transcript);
            let link = Box::new(twin.link());
            let mut unit = drivers::open(driver, "unit", link, &options).expect("a driver");
            proving_session(unit.as_mut(), &numbers).expect("a session")
        };
        let mut lines = vec![
            format!("driver: {driver}"),
            format!("channels: {channels}"),
            format!("cards: {cards}"),
            "from: its software twin".to_owned(),
        ];
        let found = session(Arc::new(NoTranscript));
        lines.extend(found.into_iter().map(|line| format!("found: {line}")));
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let file = File::create(folder().join(format!("{driver}.txt"))).expect("a file");
        let capture = Arc::new(Capture::new(Box::new(file), &lines).expect("a head"));
        session(capture.clone());
        capture.finish().expect("written");
    }
}
