//! No statement of the manual is forgotten.

#[path = "rig/command.rs"]
#[expect(dead_code, reason = "shared with other tests")]
mod command;

use command::rig;
use serde_json::Value;
use std::collections::BTreeSet;

fn matrix() -> Value {
    let done = rig(&["trace", "--format", "json"]);
    assert_eq!(done.code, 0, "{}", done.stderr);
    serde_json::from_str(&done.stdout).unwrap()
}

fn rows(matrix: &Value) -> &[Value] {
    matrix["clauses"].as_array().unwrap()
}

fn ids<'a>(rows: impl Iterator<Item = &'a Value>) -> BTreeSet<&'a str> {
    rows.map(|row| row["clause"].as_str().unwrap()).collect()
}

fn without_scenario(matrix: &Value, automatic: bool) -> impl Iterator<Item = &Value> {
    rows(matrix).iter().filter(move |row| {
        (row["kind"] == "automatic") == automatic && row["scenarios"].as_array().unwrap().is_empty()
    })
}

#[test]
fn every_statement_that_the_rig_can_check_has_a_scenario() {
    let matrix = matrix();
    let forgotten = ids(without_scenario(&matrix, true));
    assert!(
        forgotten.is_empty(),
        "automatic, and no scenario is about them: {forgotten:?}"
    );
}

#[test]
fn every_other_statement_has_a_scenario_or_a_reason() {
    let matrix = matrix();
    let unaccounted = ids(without_scenario(&matrix, false).filter(|row| row["reason"].is_null()));
    assert!(
        unaccounted.is_empty(),
        "neither scenario nor reason: {unaccounted:?}"
    );
    let both: BTreeSet<&str> = ids(rows(&matrix).iter().filter(|row| {
        !row["reason"].is_null() && !row["scenarios"].as_array().unwrap().is_empty()
    }));
    assert!(
        both.is_empty(),
        "a reason why there's no scenario, and a scenario: {both:?}"
    );
}

#[test]
fn no_scenario_is_about_a_statement_that_there_is_not() {
    assert_eq!(matrix()["unknown"], serde_json::json!([]));
}

#[test]
fn the_matrix_counts_what_is_accounted_for() {
    let matrix = matrix();
    let all = rows(&matrix).len();
    assert_eq!(all, 431);
    assert_eq!(matrix["statements"], all);
    assert_eq!(matrix["accounted"], all);
    let table = rig(&["trace"]).stdout;
    let line = format!("{all} of {all} statements accounted for");
    assert!(
        table.contains(&line),
        "{line}: {}",
        table.lines().last().unwrap()
    );
}
