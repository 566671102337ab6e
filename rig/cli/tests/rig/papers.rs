//! Bench files that break a rule of the manual: refused, or noticed by the scenario about it.

use crate::command::{fixtures, rig};

/// A bench file of the fixtures with one thing changed, run through one scenario.
struct Case {
    bench: &'static str,
    change: (&'static str, &'static str),
    feature: &'static str,
    scenario: &'static str,
    verdict: &'static str,
    reason: &'static str,
}

const CHARGERS: &str = "features/4-installation/4.8-charger-settings.feature";
const ATTESTED: &str = "features/4-installation/4-attested.feature";
const JOINING: &str = "features/4-installation/4.5-joining.feature";

const CASES: &[Case] = &[
    Case {
        bench: "sim-battery",
        change: ("      float: 13.5 V", "      float: 14.0 V"),
        feature: CHARGERS,
        scenario: "Chargers of a 12 V system",
        verdict: "fail",
        reason: "charger float 14.000 V",
    },
    Case {
        bench: "sim-battery",
        change: ("absorption_time: 2 h", "absorption_time: 30 min"),
        feature: CHARGERS,
        scenario: "Every charger fits the bank and the chemistry",
        verdict: "fail",
        reason: "set to absorption_time 1800",
    },
    Case {
        bench: "sim-bank-2s",
        change: ("absorption: 28.4 V", "absorption: 14.2 V"),
        feature: CHARGERS,
        scenario: "Chargers of a 24 V system",
        verdict: "fail",
        reason: "absorption 14.200 V",
    },
    Case {
        bench: "sim-battery",
        change: (
            "temperature_compensation: false",
            "temperature_compensation: true",
        ),
        feature: CHARGERS,
        scenario: "Every charger fits the bank and the chemistry",
        verdict: "fail",
        reason: "corrects for temperature is yes, must be no",
    },
    Case {
        bench: "sim-battery",
        change: ("profile: lithium", "profile: gel"),
        feature: CHARGERS,
        scenario: "Every charger fits the bank and the chemistry",
        verdict: "fail",
        reason: "profile is gel, must be lithium",
    },
    Case {
        bench: "sim-battery",
        change: ("stopped_by: charge contact", "stopped_by: nothing"),
        feature: ATTESTED,
        scenario: "The charger obeys the BMS and is set as it should be",
        verdict: "fail",
        reason: "stop is nothing, must be charge contact",
    },
    Case {
        bench: "sim-battery",
        change: ("battery_fuse: 150 A", "battery_fuse: 250 A"),
        feature: ATTESTED,
        scenario: "Cables and fuses fit each other and the battery",
        verdict: "fail",
        reason: "fuses protect their cables is no, must be yes",
    },
    Case {
        bench: "sim-battery",
        change: ("system_current: 115 A", "system_current: 220 A"),
        feature: ATTESTED,
        scenario: "Cables and fuses fit each other and the battery",
        verdict: "fail",
        reason: "cables bear the system current is no, must be yes",
    },
    Case {
        bench: "sim-bank-2p",
        change: ("main_cable: { area: 100 mm²", "main_cable: { area: 50 mm²"),
        feature: ATTESTED,
        scenario: "Batteries side by side share the current evenly",
        verdict: "fail",
        reason: "main cable to battery cables 50.000 %",
    },
    Case {
        bench: "sim-bank-2s",
        change: ("made: 2026-03-02", "made: 2022-03-02"),
        feature: ATTESTED,
        scenario: "A string is wired and chosen as it should be",
        verdict: "fail",
        reason: "age within strings",
    },
    Case {
        bench: "sim-bank-2s2p",
        change: ("part: BAT512110610", "part: BAT512120610"),
        feature: ATTESTED,
        scenario: "A bank of strings keeps its strings apart",
        verdict: "fail",
        reason: "part numbers within strings is several, must be one",
    },
    Case {
        bench: "sim-battery",
        change: ("charge_efficiency: 99 %", "charge_efficiency: 95 %"),
        feature: "features/3-system-design/3.2-wiring-on-record.feature",
        scenario: "Something counts the charge, and counts right",
        verdict: "fail",
        reason: "monitor charge efficiency 95.000 %",
    },
    Case {
        bench: "sim-battery",
        change: ("  main_fuse: 150 A\n", ""),
        feature: ATTESTED,
        scenario: "Cables and fuses fit each other and the battery",
        verdict: "error",
        reason: "doesn't say; write it there",
    },
    Case {
        bench: "sim-battery",
        change: (
            "cell_voltage: [2.5 V, 4.0 V]",
            "cell_voltage: [2.3 V, 4.0 V]",
        ),
        feature: JOINING,
        scenario: "The rig knows what the battery bears",
        verdict: "fail",
        reason: "lowest cell that the rig tolerates 2.300 V",
    },
];

#[test]
fn a_bench_file_that_breaks_a_rule_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    for (case, number) in CASES.iter().zip(1..) {
        let file = fixtures().join(format!("benches/{}.yaml", case.bench));
        let text = std::fs::read_to_string(file).unwrap();
        let (from, to) = case.change;
        assert!(text.contains(from), "{} no longer has `{from}`", case.bench);
        let bench = folder.path().join(format!("bench-{number}.yaml"));
        std::fs::write(&bench, text.replacen(from, to, 1)).unwrap();
        let out = folder.path().join(format!("run-{number}"));
        let done = rig(&[
            "run",
            case.feature,
            "--bench",
            bench.to_str().unwrap(),
            "--name",
            &format!("^{}$", case.scenario),
            "--out",
            out.to_str().unwrap(),
            "--format",
            "json",
        ]);
        let run: serde_json::Value = serde_json::from_str(&done.stdout)
            .unwrap_or_else(|error| panic!("`{to}`: {error}: {}", done.stderr));
        let scenario = &run["scenarios"][0];
        assert_eq!(scenario["verdict"], case.verdict, "`{to}`: {scenario}");
        let reason = scenario["reason"].as_str().unwrap_or_default();
        assert!(reason.contains(case.reason), "`{to}`: {reason}");
    }
}

#[test]
fn a_bank_that_its_bms_is_not_made_for_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let text = std::fs::read_to_string(fixtures().join("benches/sim-bank-2s.yaml")).unwrap();
    let bench = folder.path().join("bench.yaml");
    std::fs::write(
        &bench,
        text.replace("  bms: smallBMS", "  bms: Smart BMS 12/200"),
    )
    .unwrap();
    let checked = rig(&["check", bench.to_str().unwrap()]);
    assert_eq!(checked.code, 1, "{}", checked.stdout);
    let reason = "bank: it is one of 24 V, and a Smart BMS 12/200 isn't made for that (3.3)";
    assert!(checked.stdout.contains(reason), "{}", checked.stdout);
    let out = folder.path().join("run");
    let done = rig(&[
        "run",
        "features/1-safety",
        "--bench",
        bench.to_str().unwrap(),
        "--out",
        out.to_str().unwrap(),
    ]);
    assert_eq!(done.code, 2, "{}", done.stdout);
    assert!(done.stdout.contains(reason), "{}", done.stdout);
    let journal = std::fs::read_to_string(out.join("journal.ndjson")).unwrap();
    assert!(!journal.contains("\"command\""), "something was commanded");
}
