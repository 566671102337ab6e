//! A sealed run: whatever is altered in its folder is found, and where.

use record::{
    Alteration, AlterationKind, Event, Flush, MANIFEST, Part, Recorder, SUMS, Scope, SealError,
    Verdict, seal, verify,
};
use std::path::Path;
use std::time::Duration;

fn part(path: &str) -> Part {
    if path == "report.html" {
        Part::Report
    } else {
        Part::Raw
    }
}

fn sealed(run: &Path) {
    seal::<SealError>(run, "head", part, |_| Ok(None)).unwrap();
}

/// A folder as a run leaves it.
fn run(folder: &Path) {
    let recorder = Recorder::create(folder, Flush::EveryEntry).unwrap();
    for number in 0..40 {
        recorder.enter(Scope {
            scenario: Some(1),
            step: Some(number),
        });
        let text = format!("happening {number}");
        recorder.event(
            Duration::from_secs(u64::from(number)),
            &Event::Note { text },
        );
    }
    let mut samples = recorder.samples(&["cell_1_v".into()]).unwrap().unwrap();
    for row in 0..300 {
        let at_s = f64::from(row) / 10.0;
        samples.writer.row(at_s, &[Some(3.3 + at_s / 1e3)]).unwrap();
    }
    samples.writer.flush().unwrap();
    std::fs::create_dir_all(folder.join("inputs/features")).unwrap();
    std::fs::write(folder.join("inputs/features/a.feature"), "Feature: A\n").unwrap();
    std::fs::write(folder.join("inputs/empty.yaml"), "").unwrap();
    std::fs::write(folder.join("report.html"), "<p>Pass</p>").unwrap();
    let event = Event::RunFinished {
        verdict: Verdict::Pass,
        counts: std::collections::BTreeMap::new(),
    };
    recorder.event(Duration::from_secs(40), &event);
    recorder.flush();
    sealed(folder);
}

fn alterations(folder: &Path) -> Vec<Alteration> {
    verify(folder).unwrap().alterations
}

fn flip(path: &Path, at: usize, bits: u8) -> u8 {
    let mut bytes = std::fs::read(path).unwrap();
    let before = bytes[at];
    bytes[at] ^= bits;
    std::fs::write(path, bytes).unwrap();
    before
}

const FILES: [&str; 6] = [
    "journal.ndjson",
    "samples/0001.csv",
    "inputs/features/a.feature",
    "report.html",
    MANIFEST,
    SUMS,
];

/// Flips every nth byte of every file; each time a range of that file that holds the byte is told.
#[test]
fn a_flipped_byte_is_found_where_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("run");
    run(&folder);
    assert_eq!(alterations(&folder), []);
    for name in FILES {
        let path = folder.join(name);
        let whole = std::fs::read(&path).unwrap();
        let step = (whole.len() / 61).max(1);
        let ends = [whole.len() - 1, whole.len() - 2];
        for at in (0..whole.len()).step_by(step).chain(ends) {
            for bits in [1, 0x80] {
                flip(&path, at, bits);
                let found = alterations(&folder);
                let told = found.iter().any(|one| {
                    one.path == name && (one.from_byte..one.to_byte).contains(&(at as u64))
                });
                assert!(told, "{name}: byte {at} ^ {bits}: {found:#?}");
                std::fs::write(&path, &whole).unwrap();
            }
        }
    }
    assert_eq!(alterations(&folder), []);
}

/// A long file is told to a thirty-second of its length, a line of the journal to two lines.
#[test]
fn the_range_is_narrow() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("run");
    run(&folder);
    let samples = folder.join("samples/0001.csv");
    let length = samples.metadata().unwrap().len();
    flip(&samples, 2000, 4);
    let found = alterations(&folder);
    assert_eq!(found.len(), 1, "{found:#?}");
    let width = found[0].to_byte - found[0].from_byte;
    assert!(width <= (length / 16).max(64), "{found:#?} of {length}");
    flip(&samples, 2000, 4);

    let journal = folder.join("journal.ndjson");
    let text = std::fs::read_to_string(&journal).unwrap();
    let at = text.find("happening 17").unwrap();
    flip(&journal, at, 1);
    let found = alterations(&folder);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!(found[0].line, Some(19), "{found:#?}");
    assert!(found[0].to_byte - found[0].from_byte < 512, "{found:#?}");
}

#[test]
fn what_is_gone_or_new_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("run");
    run(&folder);
    std::fs::remove_file(folder.join("inputs/empty.yaml")).unwrap();
    std::fs::write(folder.join("inputs/other.yaml"), "x").unwrap();
    let found: Vec<_> = alterations(&folder)
        .into_iter()
        .map(|one| (one.path, one.kind))
        .collect();
    assert_eq!(
        found,
        [
            ("inputs/empty.yaml".to_owned(), AlterationKind::Missing),
            ("inputs/other.yaml".to_owned(), AlterationKind::Unlisted),
        ]
    );
}

/// Making reports again must not launder evidence.
#[test]
fn a_later_seal_keeps_the_first_hash_of_evidence() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("run");
    run(&folder);
    flip(&folder.join("samples/0001.csv"), 700, 1);
    std::fs::remove_file(folder.join("inputs/empty.yaml")).unwrap();
    std::fs::write(folder.join("report.html"), "<p>Pass, made again</p>").unwrap();
    sealed(&folder);
    let found: Vec<_> = alterations(&folder)
        .into_iter()
        .map(|one| (one.path, one.kind))
        .collect();
    assert_eq!(
        found,
        [
            ("inputs/empty.yaml".to_owned(), AlterationKind::Missing),
            ("samples/0001.csv".to_owned(), AlterationKind::Altered),
        ]
    );
}

#[test]
fn evidence_that_only_grew_is_sealed_anew() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("run");
    run(&folder);
    let samples = folder.join("samples/0001.csv");
    let mut bytes = std::fs::read(&samples).unwrap();
    bytes.extend(b"30.000,3.33\n");
    std::fs::write(&samples, bytes).unwrap();
    assert_eq!(alterations(&folder).len(), 1);
    sealed(&folder);
    assert_eq!(alterations(&folder), []);
}

#[test]
fn without_a_seal_the_chain_alone_speaks() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("run");
    run(&folder);
    std::fs::remove_file(folder.join(MANIFEST)).unwrap();
    assert_eq!(alterations(&folder)[0].path, MANIFEST);
    std::fs::remove_file(folder.join(SUMS)).unwrap();
    let found = verify(&folder).unwrap();
    assert!(!found.sealed && found.alterations.is_empty(), "{found:?}");
    assert_eq!(found.entries, 41);
    let journal = folder.join("journal.ndjson");
    let text = std::fs::read_to_string(&journal).unwrap();
    flip(&journal, text.find("happening 3").unwrap(), 1);
    assert_eq!(alterations(&folder)[0].line, Some(5));
}
