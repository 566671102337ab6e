//! Signals: the bench safe, the journal complete, whatever the instant.

use crate::command::{command, root};
use record::{Event, Verdict, read_journal};
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::Stdio;

/// Long enough for a signal to find something to do.
const FEATURE: &str = "features/3-system-design/3.2.1-pre-alarm.feature";

/// Starts a run, sends the signals after so many lines, and returns exit code and output.
fn interrupted(out: &Path, lines: usize, signals: &[&str]) -> (i32, String) {
    let mut child = command(&root(), &["run", "--out", out.to_str().unwrap(), FEATURE])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut text = String::new();
    for _ in 0..lines {
        stdout.read_line(&mut text).unwrap();
    }
    for signal in signals {
        crate::kill::signal(&child, signal);
    }
    stdout.read_to_string(&mut text).unwrap();
    (child.wait().unwrap().code().unwrap_or(-1), text)
}

/// Every scenario that began has ended, every bench that was opened was proven safe.
fn check_journal(run: &Path) -> Vec<Verdict> {
    let text = std::fs::read(run.join("journal.ndjson")).unwrap();
    let (mut open, mut on) = (0, 0);
    let mut verdicts = Vec::new();
    let mut last = None;
    read_journal("journal", &text[..], |entry| {
        match &entry.event {
            Event::ScenarioStarted { .. } => open += 1,
            Event::ScenarioFinished { verdict, .. } => {
                open -= 1;
                verdicts.push(*verdict);
            }
            Event::BenchOpened { .. } => on += 1,
            Event::MadeSafe { proven, why, .. } => {
                assert!(proven, "{why}");
                on = 0;
            }
            _ => {}
        }
        last = Some(entry.event);
    })
    .unwrap();
    assert_eq!(open, 0, "a scenario has no end");
    assert_eq!(on, 0, "a bench was left as it was");
    assert!(matches!(last, Some(Event::RunFinished { .. })), "{last:?}");
    verdicts
}

#[test]
fn a_signal_ends_the_run_with_a_safe_bench_and_a_whole_record() {
    for (signal, lines) in [("INT", 1), ("TERM", 3), ("HUP", 6)] {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("run");
        let (code, text) = interrupted(&out, lines, &[signal]);
        assert_eq!(code, 2, "{text}");
        assert!(!text.contains("MAY STILL BE ENERGISED"), "{text}");
        let verdicts = check_journal(&out);
        assert!(verdicts.contains(&Verdict::Interrupted), "{verdicts:?}");
        for report in ["report.html", "junit.xml"] {
            assert!(out.join(report).is_file(), "{report} is missing");
        }
        let name = format!("(SIG{signal})");
        assert!(text.contains(&name), "{name}: {text}");
    }
}

#[test]
fn a_second_signal_does_not_wait() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("run");
    let (code, text) = interrupted(&out, 2, &["INT", "INT"]);
    assert_eq!(code, 2, "{text}");
    check_journal(&out);
}
