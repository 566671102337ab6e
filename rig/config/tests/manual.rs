//! The clause file as a whole: every statement is there, in our terms, and leads somewhere.

use config::{Bound, ClauseKind, Clauses, FileKind, SearchPath};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

fn fixtures() -> SearchPath {
    SearchPath::new(vec![
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures"),
    ])
}

fn clauses() -> Clauses {
    fixtures()
        .clauses()
        .unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn every_statement_of_the_manual_is_there() {
    let clauses = clauses().clauses;
    let mut kinds = BTreeMap::new();
    let mut sections = BTreeMap::new();
    for (id, clause) in &clauses {
        *kinds.entry(format!("{:?}", clause.kind)).or_insert(0) += 1;
        let numbers = sections
            .entry(clause.section.clone())
            .or_insert_with(BTreeSet::new);
        let number: u32 = id
            .rsplit_once('-')
            .and_then(|(_, number)| number.parse().ok())
            .unwrap_or_else(|| panic!("{id} doesn't end in a number"));
        numbers.insert(number);
    }
    for (section, numbers) in &sections {
        let last = numbers.last().copied().unwrap_or(0);
        let gap = (1..=last).find(|number| !numbers.contains(number));
        assert_eq!(gap, None, "section {section} has a gap");
    }
    assert_eq!(clauses.len(), 431);
    insta::assert_snapshot!(
        format!("{kinds:?}"),
        @r#"{"Automatic": 198, "Documentary": 114, "Informative": 16, "Operator": 103}"#
    );
}

#[test]
fn statements_name_models_that_have_a_product_file() {
    let path = fixtures();
    let names =
        |kind| -> BTreeSet<String> { path.list(kind).into_iter().map(|(n, _)| n).collect() };
    let batteries = names(FileKind::BatteryProduct);
    let bms = names(FileKind::BmsProduct);
    for (id, clause) in clauses().clauses {
        for battery in &clause.batteries {
            assert!(batteries.contains(battery), "{id}: battery `{battery}`");
        }
        for name in &clause.bms {
            let known = name == "none" || bms.contains(name);
            assert!(known, "{id}: BMS `{name}`");
            assert!(
                name != "none" || clause.bms.len() == 1,
                "{id}: `none` and more"
            );
        }
    }
}

#[test]
fn codes_are_those_of_chapter_6_4() {
    let codes = [
        "W-SL11", "A-SL11", "A-SL9", "A-SL22", "A-SL15", "E-SL119", "E-SL24", "E-SL1", "E-SL2",
        "E-SL9", "E-SL10",
    ];
    for (id, clause) in clauses().clauses {
        for code in &clause.codes {
            assert!(codes.contains(&code.as_str()), "{id}: code `{code}`");
        }
    }
}

#[test]
fn every_ambiguity_is_resolved_and_matters_to_a_statement() {
    let Clauses {
        clauses,
        ambiguities,
    } = clauses();
    let mut wanted: BTreeSet<String> = (1..=49).map(|n| format!("A{n:02}")).collect();
    wanted.remove("A47");
    for id in &wanted {
        assert!(ambiguities.contains_key(id), "{id} isn't resolved");
    }
    for (id, (says, we_hold)) in &ambiguities {
        assert!(id.starts_with('B') || wanted.contains(id), "{id}: whose?");
        assert!(!says.is_empty() && !we_hold.is_empty(), "{id} is blank");
        let used = clauses.values().any(|c| c.ambiguities.contains(id));
        assert!(used, "no statement mentions {id}");
    }
}

#[test]
fn what_needs_no_scenario_says_why() {
    for (id, clause) in clauses().clauses {
        let informative = clause.kind == ClauseKind::Informative;
        assert!(
            !informative || clause.reason.is_some(),
            "{id} has no reason"
        );
        assert!(!informative || clause.limits.is_empty(), "{id} has limits");
        let excused = clause.reason.is_some();
        assert!(!excused || clause.kind != ClauseKind::Automatic, "{id}");
    }
}

#[test]
fn every_number_of_ours_says_what_it_rests_on() {
    let mut ours = 0;
    for (id, clause) in clauses().clauses {
        for (name, limit) in clause.limits {
            let exact =
                matches!(limit.bound, Bound::Around { tolerance, .. } if tolerance.value == 0.0);
            let toleranced = matches!(limit.bound, Bound::Around { .. }) && !exact;
            let asks = limit.origin != "manual" || limit.no_verdict.is_some() || toleranced;
            assert!(!asks || !limit.why.is_empty(), "{id}, {name}: why?");
            ours += usize::from(limit.origin == "rig choice");
        }
    }
    assert!(ours > 100, "only {ours}");
}

/// Two statements about the same threshold never hold a device to different numbers.
#[test]
fn statements_agree_on_a_threshold() {
    let clauses = clauses().clauses;
    let bound = |id: &str, name: &str| {
        let limit = clauses.get(id).and_then(|clause| clause.limits.get(name));
        let limit = limit.unwrap_or_else(|| panic!("{id} has no limit `{name}`"));
        (limit.bound, limit.no_verdict)
    };
    let same = [
        (
            "6.2.1-01",
            "threshold",
            vec![
                ("3.2-03", "threshold"),
                ("3.3-08", "threshold_high"),
                ("3.3.1-03", "threshold"),
                ("3.3.2-03", "threshold"),
                ("3.3.3-03", "threshold"),
                ("3.3.4-03", "threshold"),
                ("3.3.5-03", "threshold"),
                ("3.3.6-03", "threshold"),
                ("6.1.3-02", "threshold"),
            ],
        ),
        (
            "6.2.1-01",
            "response",
            vec![
                ("3.2-03", "response"),
                ("3.3-08", "response_high"),
                ("3.3.1-03", "response"),
                ("3.3.6-03", "response"),
                ("3.3.5-07", "response_high"),
                ("3.2-07", "response_high"),
                ("6.1.3-02", "response"),
            ],
        ),
        (
            "3.2-02",
            "threshold",
            vec![
                ("2.2-03", "threshold"),
                ("3.3-08", "threshold_low"),
                ("3.3.1-01", "threshold"),
                ("3.3.4-01", "threshold"),
                ("4.7.5-01", "threshold"),
                ("6.2.3-01", "threshold"),
                ("6.4.2-01", "threshold"),
            ],
        ),
        (
            "3.2-04",
            "threshold",
            vec![
                ("1.2-03", "threshold_low"),
                ("3.3.1-04", "threshold_low"),
                ("5.4-02", "threshold_low"),
                ("7-44", "threshold_low"),
            ],
        ),
        (
            "3.2-05",
            "threshold",
            vec![
                ("1.2-03", "threshold_high"),
                ("3.3.1-04", "threshold_high"),
                ("5.4-02", "threshold_high"),
                ("7-44", "threshold_high"),
            ],
        ),
        (
            "3.2.1-02",
            "delay",
            vec![
                ("3.3.1-01", "delay"),
                ("3.3.1-02", "delay"),
                ("4.7.4-05", "delay"),
                ("4.7.5-01", "delay"),
            ],
        ),
    ];
    for (id, name, others) in same {
        for (other, other_name) in others {
            assert_eq!(
                bound(other, other_name),
                bound(id, name),
                "{other} {other_name}"
            );
        }
    }
}
