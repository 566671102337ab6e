//! Models that nobody here has heard of: products, devices and a bench in a folder of their owner.

use crate::command::{fixtures, rig_in, root};
use std::path::Path;

/// Files of this folder that a laboratory would start from.
const TEMPLATES: [(&str, &str); 5] = [
    (
        "products/batteries/lfp-smart-12.8-200",
        "products/batteries/house-150",
    ),
    (
        "devices/batteries/lfp-smart-12.8-200",
        "devices/batteries/house-150",
    ),
    ("products/bms/smallbms", "products/bms/house-bms"),
    ("devices/bms/smallbms", "devices/bms/house-bms"),
    ("benches/sim-board-4s", "benches/house"),
];

/// What is another in them.
const OTHER: [(&str, &str); 7] = [
    ("LFP-Smart 12.8/200", "House 150"),
    ("LFP-Smart 12.8/100", "House 150"),
    ("smallBMS", "House BMS"),
    ("capacity: 200 Ah", "capacity: 150 Ah"),
    ("energy: 2560 Wh", "energy: 1920 Wh"),
    ("name: sim-board-4s", "name: house"),
    ("charge_current: 100 A", "charge_current: 75 A"),
];

const FEATURES: [&str; 5] = [
    "3-system-design/3.2-alarm-signals.feature",
    "3-system-design/3.2.1-pre-alarm.feature",
    "4-installation/4.7-settings-in-the-app.feature",
    "6-troubleshooting/6.2.3-loads-off.feature",
    "6-troubleshooting/6.4-alarm-codes.feature",
];

/// A laboratory of its own, with one line of one file exchanged.
fn laboratory(folder: &Path, defect: Option<(&str, &str, &str)>) {
    for (from, to) in TEMPLATES {
        let mut text = std::fs::read_to_string(fixtures().join(format!("{from}.yaml"))).unwrap();
        for (here, there) in OTHER {
            text = text.replace(here, there);
        }
        // The bench has one BMS and no others.
        if let Some((before, after)) = text.split_once("  other_bms:") {
            let (_, after) = after.split_once("  topology:").unwrap();
            text = format!("{before}  topology:{after}");
        }
        if to == "devices/bms/house-bms" {
            text.push_str("model: smallBMS\n");
        }
        if let Some((file, good, bad)) = defect
            && file == to
        {
            assert!(text.contains(good), "{file} has no `{good}`");
            text = text.replace(good, bad);
        }
        let path = folder.join(format!("fixtures/{to}.yaml"));
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

/// Names of the scenarios that failed, and everything else that didn't pass.
fn failed(defect: Option<(&str, &str, &str)>) -> (Vec<String>, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    laboratory(folder.path(), defect);
    let features = FEATURES.map(|name| root().join("features").join(name));
    let mut arguments = vec!["run"];
    arguments.extend(features.iter().map(|path| path.to_str().unwrap()));
    arguments.extend(["--bench", "house", "--format", "json"]);
    let done = rig_in(folder.path(), &arguments);
    let result: serde_json::Value = serde_json::from_str(&done.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}{}", done.stdout, done.stderr));
    let scenarios = result["scenarios"].as_array().unwrap();
    let of = |verdicts: &[&str]| -> Vec<String> {
        scenarios
            .iter()
            .filter(|one| verdicts.contains(&one["verdict"].as_str().unwrap()))
            .map(|one| format!("{}: {}", one["name"].as_str().unwrap(), one["reason"]))
            .collect()
    };
    assert!(!of(&["pass"]).is_empty(), "{result:#}");
    (of(&["fail"]), of(&["error", "inconclusive"]))
}

#[test]
fn a_healthy_model_of_somebody_else_passes() {
    assert_eq!(failed(None), (Vec::new(), Vec::new()));
}

#[test]
fn a_wrong_number_in_the_row_of_somebody_else_is_noticed() {
    let board = "devices/batteries/house-150";
    let bms = "devices/bms/house-bms";
    for (file, good, bad, notices) in [
        (
            board,
            "charge_off: 3.75 V",
            "charge_off: 3.65 V",
            "A cell that is too high takes the chargers off",
        ),
        (
            board,
            "discharge_off: 2.80 V",
            "discharge_off: 2.70 V",
            "The discharge limit has its default and its range",
        ),
        (
            board,
            "pre_alarm: 3.10 V",
            "pre_alarm: 3.04 V",
            "The pre-alarm has its default and its range",
        ),
        (
            board,
            "high_temperature: 50 °C",
            "high_temperature: 57 °C",
            "A hot battery takes the chargers off",
        ),
        (
            board,
            "discharge_release: 3.20 V",
            "discharge_release: 2.90 V",
            "A-SL11 shows a cell under the discharge limit",
        ),
        (
            bms,
            "pre_alarm_delay: 32 s",
            "pre_alarm_delay: 12 s",
            "A discharge is announced half a minute before the loads go",
        ),
        (
            bms,
            "charge_delay: 0.2 s",
            "charge_delay: 3 s",
            "A cell that is too high takes the chargers off",
        ),
    ] {
        let (failed, _) = failed(Some((file, good, bad)));
        assert!(
            failed.iter().any(|one| one.starts_with(notices)),
            "`{bad}` in {file} should fail \"{notices}\"; failed: {failed:#?}"
        );
    }
}

#[test]
fn a_file_of_a_model_that_is_wrong_ends_the_run_before_it_begins() {
    let folder = tempfile::tempdir().unwrap();
    let defect = (
        "devices/batteries/house-150",
        "charge_off: 3.75 V",
        "charge_off: 3.55 V",
    );
    laboratory(folder.path(), Some(defect));
    let feature = root().join("features").join(FEATURES[0]);
    let done = rig_in(
        folder.path(),
        &["run", feature.to_str().unwrap(), "--bench", "house"],
    );
    assert_eq!(done.code, 64, "{}{}", done.stdout, done.stderr);
    let text = done.stderr.replace(folder.path().to_str().unwrap(), "HERE");
    insta::assert_snapshot!(text, @r"
    rig: HERE/fixtures/devices/batteries/house-150.yaml:12:15: `charge_off`, 3.55 V, must be above `charge_release`, 3.6 V; exchange them, or correct one
        |
     12 |   charge_off: 3.55 V
        |               ^
    ");
}
