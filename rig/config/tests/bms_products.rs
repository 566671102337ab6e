//! The seven BMS models as files, and what a person reads for a mistake in one.

use config::{BmsProduct, FileKind, SearchPath, parse_bms_product};
use std::collections::BTreeSet;
use std::path::Path;

fn fixtures() -> SearchPath {
    SearchPath::new(vec![
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures"),
    ])
}

fn models() -> Vec<BmsProduct> {
    let path = fixtures();
    path.list(FileKind::BmsProduct)
        .iter()
        .map(|(name, _)| {
            path.bms_product(name)
                .unwrap_or_else(|error| panic!("{error}"))
        })
        .collect()
}

#[test]
fn seven_models() {
    let table: Vec<_> = models()
        .iter()
        .map(|model| {
            let refusing: Vec<_> = model
                .leds
                .iter()
                .filter_map(|led| {
                    let lit = if led.refusing? { "on" } else { "off" };
                    Some(format!("{} {lit}", led.label))
                })
                .collect();
            format!(
                "{}: {:?}, pre-alarm {}, remote {:?}, alternator {:?}, contactor {:?}, {:?}; {}",
                model.name,
                model.contacts,
                model.pre_alarm,
                model.remote.map(|remote| remote.stops),
                model.alternator.map(|port| port.current.0),
                model.contactor.map(|amps| amps.0),
                model.telemetry,
                refusing.join(", ")
            )
        })
        .collect();
    insta::assert_snapshot!(table.join("\n"));
}

/// The product files say which models have a pre-alarm, the clauses for which it is asked.
#[test]
fn statements_about_the_pre_alarm_are_for_the_models_that_have_one() {
    let clauses = fixtures()
        .clauses()
        .unwrap_or_else(|error| panic!("{error}"));
    let have: BTreeSet<_> = models()
        .into_iter()
        .filter(|model| model.pre_alarm)
        .map(|model| model.name)
        .collect();
    let asked: BTreeSet<_> = clauses.clauses["3.2.1-02"].bms.iter().cloned().collect();
    assert_eq!(asked, have);
}

#[test]
fn every_model_has_a_statement_of_chapter_3_3_at_its_voltages() {
    let clauses = fixtures()
        .clauses()
        .unwrap_or_else(|error| panic!("{error}"));
    for model in models() {
        let mut about = clauses
            .clauses
            .values()
            .filter(|clause| clause.section == "3.3" && clause.bms == [model.name.clone()]);
        let clause = about
            .next()
            .unwrap_or_else(|| panic!("no statement about {}", model.name));
        let only_12 = clause.limits.contains_key("system");
        assert_eq!(only_12, model.system_voltages.len() == 1, "{}", model.name);
        let small = !clause.batteries.is_empty();
        assert_eq!(only_12, small, "{}: batteries", model.name);
    }
}

#[test]
fn a_file_without_the_rest_is_still_a_model() {
    let text = "name: X\npre_alarm: false\ncontacts: dry\nrefusing_leds: none\n";
    let model = parse_bms_product(text, Path::new("x.yaml"));
    assert_eq!(model.map(|model| model.leds.len()), Ok(0));
}

#[test]
fn mistakes() {
    let base = "name: X\npre_alarm: true\ncontacts: power-port\nrefusing_leds: none\n";
    let lines = [
        "supply: [70 V, 8 V]",
        "system_voltages: [0 V]",
        "load_contact: { current: 0 A }",
        "load_contact: { curent: 1 A }",
        "ports: [{ name: LB, current: 200 A, peak: 100 A, carries: both }]",
        "ports: [{ name: LB, current: 200 A, carries: everything }]",
        "alternator: { current: 100 A }",
        "remote: { stops: allternator }",
        "telemetry: [bluetoth]",
        "leds: [{ label: red, refusing: on }]",
        "installed_in: [middle]",
    ];
    let mut said = String::new();
    for line in lines {
        let error = parse_bms_product(&format!("{base}{line}\n"), Path::new("x.yaml"))
            .err()
            .unwrap_or_else(|| panic!("{line} was accepted"));
        said += &format!("{error}\n");
    }
    let none = base.replace("true", "false");
    let extra = "pre_alarm_contact: { current: 1 A }\npre_alarm_modes: [continuous]\n";
    let error = parse_bms_product(&format!("{none}{extra}"), Path::new("x.yaml"))
        .err()
        .unwrap_or_else(|| panic!("a pre-alarm that isn't there was accepted"));
    said += &format!("{error}\n");
    insta::assert_snapshot!(said);
}
