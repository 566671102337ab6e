//! The matrix: a row a statement, and what it comes to.

use super::checks::{Check, Checks};
use config::{Clause, ClauseKind, Clauses};
use record::Verdict;
use serde_json::json;

/// Name and version of the JSON.
const FORMAT: &str = "rig.trace/1";
/// Every kind of statement.
const KINDS: [ClauseKind; 4] = [
    ClauseKind::Automatic,
    ClauseKind::Operator,
    ClauseKind::Documentary,
    ClauseKind::Informative,
];

fn word(kind: ClauseKind) -> &'static str {
    match kind {
        ClauseKind::Automatic => "automatic",
        ClauseKind::Operator => "operator",
        ClauseKind::Documentary => "documentary",
        ClauseKind::Informative => "informative",
    }
}

/// How a statement stands after a run; none where nothing ran. A bench that has nothing to do with
/// it doesn't count beside one that has.
fn verdict(checks: &[Check]) -> Option<Verdict> {
    let runs = checks.iter().flat_map(|check| &check.runs);
    runs.map(|(_, verdict)| *verdict).reduce(Verdict::and)
}

/// Whether a statement is dealt with: by a scenario, or, where the rig can't check it, by the
/// reason why there is none.
fn accounted(clause: &Clause, checks: &[Check]) -> bool {
    !checks.is_empty() || (clause.kind != ClauseKind::Automatic && clause.reason.is_some())
}

/// `N of 431 statements accounted for`, and how many of each kind have a scenario.
fn summary(clauses: &Clauses, checks: &Checks) -> Vec<String> {
    let of_kind = |kind: ClauseKind| {
        let all = clauses.clauses.iter().filter(move |(_, c)| c.kind == kind);
        let count = all.clone().count();
        let covered = all.filter(|(id, _)| !checks.of(id).is_empty()).count();
        format!("{covered} of {count} {}", word(kind))
    };
    let done = clauses
        .clauses
        .iter()
        .filter(|(id, clause)| accounted(clause, checks.of(id)))
        .count();
    let mut lines = vec![
        format!(
            "{done} of {} statements accounted for",
            clauses.clauses.len()
        ),
        format!("with a scenario: {}", KINDS.map(of_kind).join(", ")),
    ];
    let unknown = unknown(clauses, checks);
    if !unknown.is_empty() {
        lines.push(format!("no such statement: {}", unknown.join(", ")));
    }
    lines
}

/// What scenarios are tagged with and the manual doesn't have.
fn unknown(clauses: &Clauses, checks: &Checks) -> Vec<String> {
    checks
        .clauses()
        .filter(|id| !clauses.clauses.contains_key(*id))
        .map(str::to_owned)
        .collect()
}

pub(super) fn markdown(clauses: &Clauses, checks: &Checks) -> String {
    let mut lines = vec![
        "| clause | statement | kind | scenarios | verdict |".to_owned(),
        "|---|---|---|---|---|".to_owned(),
    ];
    let cell = |text: &str| text.replace('|', "\\|");
    for (id, clause) in &clauses.clauses {
        let checks = checks.of(id);
        let scenarios: Vec<String> = checks
            .iter()
            .map(|check| format!("{} ({}:{})", cell(&check.name), check.path, check.line))
            .collect();
        let verdict = verdict(checks).map_or("–", Verdict::word);
        let scenarios = match (&scenarios[..], &clause.reason) {
            ([], Some(reason)) => format!("none: {}", cell(reason)),
            ([], None) => "–".to_owned(),
            (scenarios, _) => scenarios.join("<br>"),
        };
        lines.push(format!(
            "| {id} | {} | {} | {scenarios} | {verdict} |",
            cell(&clause.statement),
            word(clause.kind),
        ));
    }
    lines.push(String::new());
    lines.extend(summary(clauses, checks));
    lines.join("\n")
}

pub(super) fn to_json(clauses: &Clauses, checks: &Checks) -> serde_json::Value {
    let rows: Vec<_> = clauses
        .clauses
        .iter()
        .map(|(id, clause)| row(id, clause, checks.of(id)))
        .collect();
    let accounted = rows.iter().filter(|row| row["accounted"] == true).count();
    json!({
        "format": FORMAT,
        "statements": rows.len(),
        "accounted": accounted,
        "unknown": unknown(clauses, checks),
        "clauses": rows,
    })
}

fn row(id: &str, clause: &Clause, checks: &[Check]) -> serde_json::Value {
    let scenarios: Vec<_> = checks
        .iter()
        .map(|check| {
            let runs: Vec<_> = check
                .runs
                .iter()
                .map(|(bench, verdict)| json!({ "bench": bench, "verdict": verdict }))
                .collect();
            json!({
                "name": check.name,
                "path": check.path,
                "line": check.line,
                "runs": runs,
            })
        })
        .collect();
    json!({
        "clause": id,
        "section": clause.section,
        "statement": clause.statement,
        "kind": word(clause.kind),
        "accounted": accounted(clause, checks),
        "reason": clause.reason,
        "verdict": verdict(checks),
        "scenarios": scenarios,
    })
}
