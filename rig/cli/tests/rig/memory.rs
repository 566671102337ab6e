//! What a day costs in memory: no more than an hour.

use crate::command::{command, root};
use api::Clock as _;
use std::process::Stdio;
use std::time::Duration;

/// More than this, in kibibytes, would be a leak of more than an entry of the journal a snapshot.
const ROOM: u64 = 2048;

/// The most memory that a simulated bench took which was on for so long, in kibibytes.
fn peak(time: &str) -> u64 {
    let folder = tempfile::tempdir().unwrap();
    let (feature, out) = (folder.path().join("a.feature"), folder.path().join("run"));
    let text = format!(
        "Feature: f\n  @bench:battery\n  Scenario: s\n    Given a bench that is on, as a drill\n    When it stays on for {time}, as a drill\n"
    );
    std::fs::write(&feature, text).unwrap();
    let mut child = command(
        &root(),
        &[
            "run",
            "--bench",
            "sim-battery",
            "--out",
            out.to_str().unwrap(),
            feature.to_str().unwrap(),
        ],
    )
    .stdout(Stdio::null())
    .spawn()
    .unwrap();
    let status = format!("/proc/{}/status", child.id());
    let clock = rig::run::WallClock::start();
    let mut peak = 0;
    while child.try_wait().unwrap().is_none() {
        let status = std::fs::read_to_string(&status).unwrap_or_default();
        let most = status.lines().find_map(|line| {
            let rest = line.strip_prefix("VmHWM:")?;
            rest.split_whitespace().next()?.parse().ok()
        });
        peak = most.unwrap_or(0).max(peak);
        clock.sleep_through(Duration::from_millis(2));
    }
    // The reports are made at the end, of all that was measured: samples by the thousands.
    let samples = std::fs::read_to_string(out.join("samples/0001.csv")).unwrap();
    let rows = samples.lines().count();
    println!("{time}: {peak} KiB, {rows} samples");
    assert!(rows > 300, "{rows} samples in {time}");
    peak
}

#[test]
fn a_day_takes_no_more_memory_than_an_hour() {
    let (hour, day) = (peak("1 h"), peak("24 h"));
    assert!(hour > 0, "nothing was measured");
    assert!(
        day <= hour + ROOM,
        "an hour took {hour} KiB, a day {day} KiB"
    );
}
