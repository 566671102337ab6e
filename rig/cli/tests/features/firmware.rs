//! Firmware on emulated boards: programmed through the debug probe, run, found faulty, updated.

use crate::command::{fixtures, rig, root};
use crate::healthy::{lines, run_json};
use firmware::{Entry, Manifest};
use libtest_mimic::{Failed, Trial};
use record::{Event, RunDirectory, read_journal};
use serde_json::Value;
use std::path::Path;

/// Benches whose boards run images, and what runs on them once they are flashed: alarms and pre-alarm,
/// cables and bypass.
const BOARD: (&str, &[&str], usize) = (
    "sim-board-4s-firmware",
    &[
        "features/3-system-design/3.2-alarm-signals.feature",
        "features/3-system-design/3.2.1-pre-alarm.feature",
        "features/6-troubleshooting/6.4-alarm-codes.feature",
    ],
    18,
);
const BATTERY: (&str, &[&str], usize) = (
    "sim-battery-firmware",
    &[
        "features/6-troubleshooting/6.2.5-unexplained-alarm.feature",
        "features/6-troubleshooting/6.2.6-bms-functional.feature",
    ],
    5,
);

pub(crate) fn trials() -> Vec<Trial> {
    let mut trials = vec![
        Trial::test("firmware::alarms_on_flashed_boards", || flashed(BOARD)),
        Trial::test("firmware::cables_and_bypass_on_flashed_boards", || {
            flashed(BATTERY)
        }),
        Trial::test("firmware::an_older_version_is_noticed", older),
        Trial::test("firmware::a_board_that_cannot_be_flashed", refused),
        Trial::test(
            "firmware::charger_and_load_are_off_meanwhile",
            off_meanwhile,
        ),
        Trial::test("firmware::a_broken_off_update_is_on_record", on_record),
        Trial::test("firmware::qualified_with_images", qualified),
        Trial::test("firmware::a_bench_without_a_probe_skips", skipped),
    ];
    let faulty: Vec<Entry> = manifest()
        .images
        .into_iter()
        .filter(|entry| !entry.defect.is_empty())
        .collect();
    assert!(faulty.len() >= 10, "{} faulty images", faulty.len());
    trials.extend(faulty.into_iter().map(|entry| {
        let name = format!("firmware::{}", entry.file.trim_end_matches(".elf"));
        Trial::test(name, move || noticed(&entry))
    }));
    trials
}

fn manifest() -> Manifest {
    Manifest::load(&fixtures().join("firmware")).unwrap()
}

/// The file of an image as the command line takes it, `btv=FILE`.
fn image(board: &str, file: &str) -> String {
    let path = fixtures().join("firmware").join(file);
    format!("{board}={}", path.display())
}

/// Both boards are programmed through the probe, and what was read back runs the features.
fn flashed((bench, features, least): (&str, &[&str], usize)) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let out = folder.path().join("run");
    let mut arguments = vec!["run", "--bench", bench, "--flash", "--format", "json"];
    arguments.extend(["--out", out.to_str().unwrap()]);
    let kind = if bench == BOARD.0 { "board" } else { "battery" };
    let tags = format!("@bench:{kind} and not @needs:several-batteries");
    arguments.extend(["--tags", &tags]);
    arguments.extend(features);
    let done = rig(&arguments);
    let run: Value = serde_json::from_str(&done.stdout)
        .map_err(|error| format!("{error}: {}{}", done.stdout, done.stderr))?;
    let lines = lines(&run);
    let others: Vec<&String> = lines.iter().filter(|l| !l.starts_with("pass ")).collect();
    if done.code != 0 || lines.len() < least || !others.is_empty() {
        return Err(format!(
            "exit code {}, {} scenarios, {others:#?}",
            done.code,
            lines.len()
        )
        .into());
    }
    let mut programmed = Vec::new();
    let journal = std::fs::read(RunDirectory(out).journal())?;
    read_journal("journal", &journal[..], |entry| {
        if let Event::Firmware {
            board,
            moment,
            version,
            image: Some(image),
            ..
        } = entry.event
        {
            assert_eq!(moment, "after");
            assert_eq!(image.image_sha256, image.flash_sha256);
            assert!(
                image.chip_compared && image.written == image.bytes,
                "{image:?}"
            );
            programmed.push(format!(
                "{board} {} {}",
                version.unwrap_or_default(),
                image.file
            ));
        }
    })?;
    if programmed
        != [
            "battery board 1.16 btv-1.16.elf",
            "BMS board 1.16 bms-1.16.elf",
        ]
    {
        return Err(format!("{programmed:?}").into());
    }
    Ok(())
}

/// Everything that happened in a run of a feature, which passed.
fn events(bench: &str, feature: &Path) -> Result<Vec<Event>, Failed> {
    let folder = tempfile::tempdir()?;
    let out = folder.path().join("run");
    let done = rig(&[
        "run",
        "--bench",
        bench,
        "--out",
        out.to_str().unwrap(),
        feature.to_str().unwrap(),
    ]);
    if done.code != 0 {
        return Err(format!("{}{}", done.stdout, done.stderr).into());
    }
    let journal = std::fs::read(RunDirectory(out).journal())?;
    let mut events = Vec::new();
    read_journal("journal", &journal[..], |entry| events.push(entry.event))?;
    Ok(events)
}

const WHILE_BOTH_RUN: &str = "@bench:battery @needs:probe:btv
Feature: Programmed while charger and load run

  @clause:4.2.1-01
  Scenario: Charger and load go off first
    Given a battery at rest with every cable plugged
    And the charger and the load are running
    When the battery board is programmed with \"btv-1.15.elf\"
    And the battery board is programmed with the newest firmware
    Then the battery board runs the newest firmware
";

/// Nothing charges or discharges a battery whose board is being programmed.
fn off_meanwhile() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let feature = folder.path().join("while.feature");
    std::fs::write(&feature, WHILE_BOTH_RUN)?;
    let events = events(BATTERY.0, &feature)?;
    let programmed = events
        .iter()
        .position(|event| matches!(event, Event::Firmware { .. }))
        .ok_or("no board was programmed")?;
    for output in ["charger", "load"] {
        let commands: Vec<&str> = events[..programmed]
            .iter()
            .filter_map(|event| match event {
                Event::Command { role, action } if role == output => Some(action.as_str()),
                _ => None,
            })
            .collect();
        if !commands.contains(&"on") || commands.last() != Some(&"off") {
            return Err(format!("{output}: {commands:?}").into());
        }
    }
    Ok(())
}

/// What the board held at each moment of an update that breaks off and is done again.
fn on_record() -> Result<(), Failed> {
    let feature = root().join("features/6-troubleshooting/6.3.3-update.feature");
    let mut course = Vec::new();
    for event in events(BOARD.0, &feature)? {
        if let Event::Firmware {
            moment,
            version,
            problem,
            ..
        } = event
        {
            course.push(format!("{moment} {}", version.unwrap_or_default()));
            let partly = "its flash is partly erased or partly written";
            assert_eq!(moment == "failed", problem.ends_with(partly), "{problem}");
        }
    }
    let wanted = [
        "before 1.16",
        "after 1.15",
        "failed 1.15",
        "found 1.15",
        "before 1.15",
        "after 1.16",
        "found 1.16",
    ];
    if course != wanted {
        return Err(format!("{course:?}").into());
    }
    Ok(())
}

/// `rig qualify` counts faulty images among its faults.
fn qualified() -> Result<(), Failed> {
    let out = tempfile::tempdir()?;
    let folder = out.path().join("matrix");
    let done = rig(&[
        "qualify",
        "bms-cable-unwatched",
        "btv-poles-swapped",
        "--seeds",
        "0",
        "--out",
        folder.to_str().unwrap(),
    ]);
    if done.code != 0 || !done.stdout.contains("2 faults: 2 killed, 0 survived") {
        return Err(format!("exit code {}: {}{}", done.code, done.stdout, done.stderr).into());
    }
    Ok(())
}

/// How scenarios end on boards with an image: on the first bench that can have them.
fn verdicts_with(image: &str, scenarios: &[&str]) -> Result<(i32, Vec<String>), Failed> {
    let names: Vec<String> = scenarios.iter().map(|name| regex::escape(name)).collect();
    let names = format!("^({})$", names.join("|"));
    let mut said = String::new();
    for (bench, ..) in [BOARD, BATTERY] {
        let ended = run_json(&[
            "--bench",
            bench,
            "--firmware",
            image,
            "--name",
            &names,
            "features",
        ]);
        match ended {
            Ok((code, run)) => return Ok((code, lines(&run))),
            Err(failed) => said += failed.message().unwrap_or_default(),
        }
    }
    Err(format!("no bench can have {scenarios:?}: {said}").into())
}

/// Programmed into its board, a faulty image is noticed by each scenario that must.
fn noticed(entry: &Entry) -> Result<(), Failed> {
    let image = image(&entry.board, &entry.file);
    let named = entry
        .expect
        .iter()
        .map(|expected| expected.scenario.as_str());
    let named: Vec<&str> = named.collect();
    if named.is_empty() {
        return Err("no scenario is named that must notice".into());
    }
    let (_, lines) = verdicts_with(&image, &named)?;
    for expected in &entry.expect {
        let wanted = format!("{} `{}` ", expected.verdict, expected.scenario);
        if !lines.iter().any(|line| line.starts_with(&wanted)) {
            return Err(format!("{wanted}was expected of {lines:#?}").into());
        }
    }
    if lines.len() != named.len() {
        return Err(format!("{} scenarios, and {lines:#?}", named.len()).into());
    }
    Ok(())
}

/// The version before fails the look at versions; the newest one passes it.
fn older() -> Result<(), Failed> {
    let scenario = "The battery board runs the newest firmware";
    let (code, old) = verdicts_with(&image("btv", "btv-1.15.elf"), &[scenario])?;
    let (good, new) = verdicts_with(&image("btv", "btv-1.16.elf"), &[scenario])?;
    let found = old
        .iter()
        .all(|line| line.starts_with("fail ") && line.contains("1.15"));
    if (code, good) != (1, 0) || old.len() != 1 || !found {
        return Err(format!("{code} {old:#?}, {good} {new:#?}").into());
    }
    Ok(())
}

/// An image for another board: an error of the rig with its reason, and never a verdict.
fn refused() -> Result<(), Failed> {
    let wrong = image("btv", "bms-1.16.elf");
    let (code, lines) = verdicts_with(&wrong, &["The battery board runs the newest firmware"])?;
    let told = lines.iter().all(|line| {
        line.starts_with("error ") && line.contains("is firmware for the bms board, not for btv")
    });
    if code != 2 || lines.len() != 1 || !told {
        return Err(format!("{code} {lines:#?}").into());
    }
    Ok(())
}

/// Errors that only a probe can provoke are skipped where there is none, and say why.
fn skipped() -> Result<(), Failed> {
    let feature = "features/6-troubleshooting/6.4-injected-errors.feature";
    let (code, run) = run_json(&["--bench", "sim-board-4s", feature])?;
    let lines = lines(&run);
    let reason = "bench sim-board-4s doesn't give `probe:btv`";
    let told = |line: &String| line.starts_with("skipped ") && line.ends_with(reason);
    if code != 2 || lines.len() != 6 || !lines.iter().all(told) {
        return Err(format!("{code} {lines:#?}").into());
    }
    Ok(())
}
