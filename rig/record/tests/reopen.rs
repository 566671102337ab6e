//! A journal is gone on with after its writer died.

use record::{Event, Flush, Left, Recorder, RunDirectory, Scope, Verdict, read_journal};
use std::io::Write as _;
use std::path::Path;
use std::time::Duration;

fn scenario() -> Event {
    Event::ScenarioStarted {
        path: "a.feature".into(),
        line: 3,
        feature: "f".into(),
        description: String::new(),
        name: "s".into(),
        tags: Vec::new(),
        bench: "lab".into(),
        attempt: 1,
    }
}

fn note(text: &str) -> Event {
    Event::Note { text: text.into() }
}

/// A run that stopped in its second scenario, with these bytes in flight.
fn stopped(folder: &Path, in_flight: &[u8]) {
    let recorder = Recorder::create(folder, Flush::EveryEntry).unwrap();
    for number in 1..=2 {
        recorder.enter(Scope {
            scenario: Some(number),
            step: None,
        });
        recorder.event(Duration::from_secs(1), &scenario());
        if number == 1 {
            let ended = Event::ScenarioFinished {
                verdict: Verdict::Pass,
                reason: String::new(),
            };
            recorder.event(Duration::from_secs(2), &ended);
        }
    }
    recorder.event(Duration::from_millis(7_500), &note("under way"));
    drop(recorder);
    let mut file = std::fs::OpenOptions::new()
        .append(true)
        .open(RunDirectory(folder.to_owned()).journal())
        .unwrap();
    file.write_all(in_flight).unwrap();
}

#[test]
fn the_chain_goes_on_behind_the_last_whole_entry() {
    for in_flight in ["", "{\"seq\":7,\"at_s\":8.0,\"ev"] {
        let folder = tempfile::tempdir().unwrap();
        let run = folder.path().join("run");
        stopped(&run, in_flight.as_bytes());
        let (recorder, left) = Recorder::reopen(&run, Flush::EveryEntry).unwrap();
        let expected = Left {
            at: Duration::from_millis(7_500),
            open_scenario: Some(2),
            finished: false,
            torn_bytes: in_flight.len(),
            ended: 1,
        };
        assert_eq!(left, expected);
        recorder.event(Duration::from_secs(9), &note("somebody else"));
        drop(recorder);
        let journal = std::fs::read(RunDirectory(run).journal()).unwrap();
        let mut entries = Vec::new();
        read_journal("journal", &journal[..], |entry| entries.push(entry)).unwrap();
        let last = entries.last().unwrap();
        assert_eq!((entries.len(), last.seq, last.at_s), (5, 5, 9.0));
        assert_eq!(last.scope.scenario, Some(2));
        assert_eq!(last.event, note("somebody else"));
    }
}

#[test]
fn a_journal_that_was_altered_is_not_gone_on_with() {
    let folder = tempfile::tempdir().unwrap();
    let run = folder.path().join("run");
    stopped(&run, b"");
    let path = RunDirectory(run.clone()).journal();
    let altered = std::fs::read_to_string(&path)
        .unwrap()
        .replace("under way", "under sea");
    std::fs::write(&path, altered.replacen("\"pass\"", "\"fail\"", 1)).unwrap();
    let Err(refused) = Recorder::reopen(&run, Flush::EveryEntry) else {
        panic!("an altered journal was gone on with");
    };
    assert!(
        refused.to_string().contains("the chain is broken here"),
        "{refused}"
    );
}
