//! What a qualification says, on faults made for it.

use super::kill::{Kill, Shot};
use super::matrix::Matrix;
use super::stage::Ended;
use super::{Settings, qualify};
use record::Verdict;
use std::path::Path;

fn ended(scenario: &str, verdict: Verdict, reason: &str) -> Ended {
    Ended {
        scenario: scenario.to_owned(),
        bench: "sim-battery".to_owned(),
        verdict,
        reason: reason.to_owned(),
        left_on: Vec::new(),
    }
}

fn kill(fault: &str, shots: &[(Verdict, bool)]) -> Kill {
    let shot = |(verdict, hit): &(Verdict, bool)| Shot {
        scenario: "A scenario".to_owned(),
        wanted: "fail".to_owned(),
        words: "open".to_owned(),
        ended: Some(ended("A scenario", *verdict, "the contact is open")),
        hit: *hit,
    };
    Kill {
        fault: fault.to_owned(),
        about: "Something is off".to_owned(),
        violates: vec!["3.2-03".to_owned()],
        shots: shots.iter().map(shot).collect(),
        not_spared: Vec::new(),
        blamed: Vec::new(),
        left_on: Vec::new(),
    }
}

#[test]
fn survivors_come_first() {
    let mut unfair = kill("unfair", &[(Verdict::Fail, true)]);
    unfair.not_spared = vec![ended("Another", Verdict::Fail, "why?")];
    let matrix = Matrix {
        kills: vec![
            kill("good", &[(Verdict::Fail, true)]),
            unfair,
            kill("half", &[(Verdict::Fail, true), (Verdict::Pass, false)]),
            kill("survivor", &[(Verdict::Pass, false)]),
        ],
        controls: vec![ended("Another", Verdict::Pass, "")],
        seeds: 2,
        ..Matrix::default()
    };
    assert!(!matrix.is_qualified());
    insta::assert_snapshot!(matrix.lines().join("\n"));
    let page = super::html::page(&matrix);
    assert!(
        page.contains("SIMULATED") && page.contains("SURVIVED"),
        "{page}"
    );
    assert_eq!(matrix.to_json()["survivors"][0], "survivor");
}

#[test]
fn a_rig_that_blames_the_device_is_not_qualified() {
    let mut blaming = kill("loses-answers", &[(Verdict::Error, true)]);
    blaming.blamed = vec![ended("Another", Verdict::Fail, "0 V")];
    let matrix = Matrix {
        kills: vec![blaming],
        ..Matrix::default()
    };
    assert!(!matrix.is_qualified());
}

fn write_fault(folder: &Path, name: &str, value: &str, more: &str) {
    let text = format!(
        "name: {name}\nabout: A test\nviolates: [3.2-02]\ninject:\n  - {{ target: bms, parameter: load_contact, value: {value} }}\n{more}"
    );
    std::fs::write(folder.join(format!("{name}.yaml")), text).unwrap();
}

#[test]
fn a_fault_that_names_no_scenario_is_hunted_and_a_false_hope_survives() {
    let folder = tempfile::tempdir().unwrap();
    let faults = folder.path().join("faults");
    std::fs::create_dir(&faults).unwrap();
    write_fault(&faults, "hunted", "stuck closed", "");
    let hope = "expect:\n  - scenario: A cell that is too high takes the chargers off\n    verdict: fail\n";
    write_fault(&faults, "hopeless", "stuck closed", hope);
    let matrix = qualify(&Settings {
        only: Vec::new(),
        folder: Some(faults),
        corners: (1..=1).collect(),
        corners_only: false,
        jobs: 2,
        features: vec![crate::feature::Selector {
            path: crate::search::feature_folder()
                .unwrap()
                .join("3-system-design/3.2-alarm-signals.feature"),
            line: None,
        }],
        out: folder.path().join("out"),
    })
    .unwrap();
    let json = matrix.to_json();
    assert_eq!(json["survivors"].to_string(), r#"["hopeless"]"#, "{json:#}");
    assert_eq!(json["faults"][1]["killed"], true, "{json:#}");
    assert_eq!(json["counts"]["corners"], 7, "{json:#}");
    assert_eq!(json["corners_astray"].to_string(), "[]", "{json:#}");
    assert!(folder.path().join("out/qualify.html").exists());
    let left = std::fs::read_dir(folder.path().join("out"))
        .unwrap()
        .count();
    assert_eq!(left, 2, "runs stay behind");
}
