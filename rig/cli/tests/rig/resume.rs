//! A run that is gone on with after it was killed.

use crate::command::{command, rig, root};
use record::{Event, read_journal};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

/// Nearly 72 h on the bench's clock.
const RECOVERY: &str = "features/6-troubleshooting/6.1.5-recovery.feature";
const NAME: &str = "A deeply discharged battery is recovered in eighteen steps";

/// What happened, without the numbers of the chain.
fn story(run: &Path) -> Vec<String> {
    let text = std::fs::read(run.join("journal.ndjson")).unwrap();
    let mut story = Vec::new();
    read_journal("journal", &text[..], |entry| {
        let event = serde_json::to_string(&entry.event).unwrap();
        story.push(format!("{} {:?} {event}", entry.at_s, entry.scope));
    })
    .unwrap();
    story
}

/// The newest time in a journal that is being written.
fn newest(run: &Path) -> f64 {
    let text = std::fs::read(run.join("journal.ndjson")).unwrap_or_default();
    let whole = text
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |at| at + 1);
    let mut newest = 0.0;
    read_journal("journal", &text[..whole], |entry| newest = entry.at_s).unwrap();
    newest
}

/// Starts a recovery and kills it in this hour of the bench's clock.
fn kill_in_hour(hour: f64, run: &Path) {
    let out = run.to_str().unwrap();
    let mut child = command(
        &root(),
        &["run", RECOVERY, "--name", NAME, "--jobs", "1", "--out", out],
    )
    .stdout(Stdio::null())
    .spawn()
    .unwrap();
    let (_keep, never) = std::sync::mpsc::channel::<()>();
    while newest(run) < hour * 3600.0 {
        assert!(
            child.try_wait().unwrap().is_none(),
            "it ended before it was killed"
        );
        let _timed_out = never.recv_timeout(Duration::from_millis(2));
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn a_recovery_that_was_killed_in_hour_30_is_gone_on_with() {
    let folder = tempfile::tempdir().unwrap();
    let (whole, killed) = (folder.path().join("whole"), folder.path().join("killed"));
    let done = rig(&[
        "run",
        RECOVERY,
        "--name",
        NAME,
        "--jobs",
        "1",
        "--out",
        whole.to_str().unwrap(),
    ]);
    assert_eq!(done.code, 0, "{}{}", done.stdout, done.stderr);
    kill_in_hour(30.0, &killed);
    let out = killed.to_str().unwrap();
    let before = story(&killed).len();
    let done = rig(&["run", "--resume", out, "--jobs", "1"]);
    assert_eq!(done.code, 0, "{}{}", done.stdout, done.stderr);
    assert!(done.stdout.contains("passed"), "{}", done.stdout);
    // The same story as without the interruption, and one line more.
    let (whole, mut resumed) = (story(&whole), story(&killed));
    let line = resumed.remove(before);
    assert!(line.contains("interrupted in scenario"), "{line}");
    assert!(
        line.contains("h on the bench's clock; the run is gone on with"),
        "{line}"
    );
    for (one, other) in whole.iter().zip(&resumed) {
        assert_eq!(one, other);
    }
    assert_eq!(whole.len(), resumed.len());
    let report = std::fs::read_to_string(killed.join("report.html")).unwrap();
    assert_eq!(report.matches("the run is gone on with").count(), 1);
}

#[test]
fn what_ended_stays_as_it_ended_and_changed_files_are_another_run() {
    let folder = tempfile::tempdir().unwrap();
    let feature = folder.path().join("a.feature");
    let text = "Feature: f\n  Scenario: one\n    Given the remark \"a\"\n  Scenario: two\n    Given the remark \"b\"\n";
    std::fs::write(&feature, text).unwrap();
    let out = folder.path().join("run");
    let out = out.to_str().unwrap();
    let done = rig(&["run", feature.to_str().unwrap(), "--out", out]);
    assert_eq!(done.code, 2, "{}{}", done.stdout, done.stderr);
    // Nothing is left to do: the same verdicts again, no scenario anew.
    let scenarios = |run: &Path| {
        let story = story(run);
        story
            .iter()
            .filter(|line| line.contains("scenario-started"))
            .count()
    };
    assert_eq!(scenarios(Path::new(out)), 2);
    let again = rig(&["run", "--resume", out]);
    assert_eq!(again.code, 2, "{}{}", again.stdout, again.stderr);
    assert!(
        again.stdout.contains("2 scenarios: 2 inconclusive"),
        "{}",
        again.stdout
    );
    assert_eq!(scenarios(Path::new(out)), 2);
    std::fs::write(&feature, text.replace("\"b\"", "\"c\"")).unwrap();
    let refused = rig(&["run", "--resume", out]);
    assert_eq!(refused.code, 2);
    assert!(
        refused
            .stderr
            .contains("not what they were when the run began: ")
            && refused.stderr.contains("a.feature; bring them back"),
        "{}",
        refused.stderr
    );
    let both = rig(&["run", "--resume", out, "--bench", "sim-board-4s"]);
    assert_eq!(both.code, 64, "{}", both.stderr);
    let nowhere = rig(&["run", "--resume", folder.path().to_str().unwrap()]);
    assert!(nowhere.stderr.contains("is no run: "), "{}", nowhere.stderr);
}

#[test]
fn another_world_than_the_recorded_one_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let killed = folder.path().join("killed");
    kill_in_hour(5.0, &killed);
    let out = killed.to_str().unwrap();
    // Somebody lets the journal tell of another cell, and mends its chain.
    let path = killed.join("journal.ndjson");
    let text = std::fs::read(&path).unwrap();
    let whole = text
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |at| at + 1);
    let mut journal = record::Journal::new(Vec::new());
    let mut entries = Vec::new();
    read_journal("journal", &text[..whole], |entry| entries.push(entry)).unwrap();
    for mut entry in entries {
        if let Event::Checkpoint { cells_v, .. } = &mut entry.event {
            cells_v[0][1] = Some(3.0);
        }
        journal
            .append(entry.at_s, entry.scope, &entry.event)
            .unwrap();
    }
    std::fs::write(&path, journal.into_output()).unwrap();
    let done = rig(&["run", "--resume", out, "--jobs", "1"]);
    assert_eq!(done.code, 2, "{}{}", done.stdout, done.stderr);
    let told = format!("{}{}", done.stdout, done.stderr);
    assert!(told.contains("what happened again is"), "{told}");
}
