//! Clause by clause: what was asked, which scenarios looked, how it ended.

use crate::model::Run;
use record::Verdict;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// One statement of the manual.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Row {
    pub(crate) clause: String,
    pub(crate) statement: String,
    /// `P`, `F`, `N/A`, `Inconclusive`, `Error`, `not run` …
    pub(crate) verdict: &'static str,
    /// Scenarios that count, by number.
    pub(crate) scenarios: Vec<u32>,
    /// Why, where there is no P or F.
    pub(crate) remark: String,
}

#[derive(Default)]
struct Seen {
    scenarios: BTreeSet<u32>,
    verdict: Option<Verdict>,
    reason: String,
}

/// The matrix: every statement that the dossier has, and every other that a scenario names.
pub(crate) fn matrix(run: &Run) -> Vec<Row> {
    let mut seen: BTreeMap<&str, Seen> = BTreeMap::new();
    for scenario in run.counted() {
        for clause in scenario.clauses() {
            let judged = scenario
                .judgements
                .iter()
                .filter(|judged| judged.judgement.clause == clause)
                .map(|judged| judged.judgement.verdict);
            let judged = judged.reduce(Verdict::and);
            // What broke off may have had more to say.
            let verdict = match (judged, scenario.verdict) {
                (Some(judged), Verdict::Error | Verdict::Interrupted) => {
                    judged.and(scenario.verdict)
                }
                (Some(judged), _) => judged,
                (None, Verdict::Fail) => Verdict::Inconclusive,
                (None, other) => other,
            };
            let known = seen.entry(clause).or_default();
            known.scenarios.insert(scenario.number);
            let worse = known
                .verdict
                .is_none_or(|before| before.and(verdict) != before);
            known.verdict = Some(known.verdict.map_or(verdict, |before| before.and(verdict)));
            if worse && verdict != Verdict::Pass {
                known.reason = crate::summary::one_line(&scenario.reason);
            }
        }
    }
    let statements = &run.dossier.statements;
    let named: BTreeSet<&str> = statements
        .keys()
        .map(String::as_str)
        .chain(seen.keys().copied())
        .collect();
    let mut rows: Vec<Row> = named
        .into_iter()
        .map(|clause| row(run, clause, seen.get(clause)))
        .collect();
    rows.sort_by_cached_key(|row| natural(&row.clause));
    rows
}

fn row(run: &Run, clause: &str, seen: Option<&Seen>) -> Row {
    let text = run.dossier.statements.get(clause);
    let verdict = seen.and_then(|seen| seen.verdict);
    let (word, remark) = match (verdict, text) {
        (Some(Verdict::Skipped), _) => (
            "not run",
            seen.map_or(String::new(), |seen| seen.reason.clone()),
        ),
        (Some(verdict), _) => (
            letter(verdict),
            seen.map_or(String::new(), |seen| seen.reason.clone()),
        ),
        (None, Some(text)) if text.kind == "informative" => (
            "N/A",
            text.reason
                .clone()
                .unwrap_or_else(|| "informative: nothing to check".into()),
        ),
        (None, Some(text)) => match &text.reason {
            Some(reason) => ("N/A", reason.clone()),
            None => ("not run", "outside the selection of this run".into()),
        },
        (None, None) => ("not run", String::new()),
    };
    Row {
        clause: clause.to_owned(),
        statement: text.map(|text| text.statement.clone()).unwrap_or_default(),
        verdict: word,
        scenarios: seen
            .map(|seen| seen.scenarios.iter().copied().collect())
            .unwrap_or_default(),
        remark,
    }
}

fn letter(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "P",
        Verdict::Fail => "F",
        other => other.word(),
    }
}

/// `3.2.1-02` before `3.10-01`.
fn natural(clause: &str) -> Vec<u32> {
    clause
        .split(['.', '-'])
        .map(|part| part.parse().unwrap_or(u32::MAX))
        .collect()
}
