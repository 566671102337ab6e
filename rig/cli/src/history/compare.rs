//! Two runs: what became of each scenario, and which values moved beyond their uncertainty.

use super::store::{RunRow, Store};
use anyhow::Result;
use serde::Serialize;
use std::collections::BTreeMap;

/// What differs between two runs.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Comparison {
    pub(crate) before: RunRow,
    pub(crate) after: RunRow,
    /// Scenarios that ended alike.
    pub(crate) alike: usize,
    /// Values that were judged in both and are alike within their uncertainties.
    pub(crate) values_alike: usize,
    pub(crate) differences: Vec<Difference>,
}

/// One difference.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "what", rename_all = "kebab-case")]
pub(crate) enum Difference {
    /// A scenario ended differently.
    Verdict {
        scenario: String,
        before: String,
        after: String,
        reason: String,
    },
    /// A scenario that only the later run has.
    New { scenario: String, after: String },
    /// A scenario that only the earlier run has.
    Gone { scenario: String, before: String },
    /// A value moved by more than both uncertainties together.
    Moved {
        scenario: String,
        clause: String,
        quantity: String,
        unit: String,
        before: f64,
        after: f64,
        /// Both expanded uncertainties, added as squares.
        uncertainty: f64,
    },
}

type Scenarios = BTreeMap<String, (String, String)>;
type Values = BTreeMap<(String, String, String, usize), (f64, f64, String)>;

/// Compares two runs, the earlier first.
///
/// # Errors
/// When the history can't be read.
pub(crate) fn compare(store: &mut Store, before: RunRow, after: RunRow) -> Result<Comparison> {
    let (old, new) = (scenarios(store, before.id)?, scenarios(store, after.id)?);
    let mut comparison = Comparison {
        before,
        after,
        alike: 0,
        values_alike: 0,
        differences: Vec::new(),
    };
    for (scenario, (verdict, reason)) in &new {
        let scenario = scenario.clone();
        let after = verdict.clone();
        match old.get(&scenario) {
            None => comparison
                .differences
                .push(Difference::New { scenario, after }),
            Some((before, _)) if before == verdict => comparison.alike += 1,
            Some((before, _)) => comparison.differences.push(Difference::Verdict {
                scenario,
                before: before.clone(),
                after,
                reason: reason.clone(),
            }),
        }
    }
    for (scenario, (verdict, _)) in &old {
        if !new.contains_key(scenario) {
            comparison.differences.push(Difference::Gone {
                scenario: scenario.clone(),
                before: verdict.clone(),
            });
        }
    }
    let (old, new) = (
        values(store, comparison.before.id)?,
        values(store, comparison.after.id)?,
    );
    for ((scenario, clause, quantity, place), (after, doubt, unit)) in new {
        let key = (scenario, clause, quantity, place);
        let Some((before, doubt_before, _)) = old.get(&key) else {
            continue;
        };
        let uncertainty = doubt.hypot(*doubt_before);
        if (after - before).abs() <= uncertainty {
            comparison.values_alike += 1;
            continue;
        }
        let (scenario, clause, quantity, _) = key;
        comparison.differences.push(Difference::Moved {
            scenario,
            clause,
            quantity,
            unit,
            before: *before,
            after,
            uncertainty,
        });
    }
    Ok(comparison)
}

/// A scenario's name that holds over runs: lines of a file move, examples of an outline repeat.
fn key(path: &str, name: &str, bench: &str, seen: &mut BTreeMap<String, u32>) -> String {
    let on = if bench.is_empty() {
        String::new()
    } else {
        format!(" on {bench}")
    };
    let plain = format!("{path}: {name}{on}");
    let count = seen.entry(plain.clone()).or_default();
    *count += 1;
    if *count == 1 {
        plain
    } else {
        format!("{plain} ({count})")
    }
}

fn numbered(store: &mut Store, run: i64) -> Result<BTreeMap<i64, (String, String, String)>> {
    let mut seen = BTreeMap::new();
    let rows = store.0.rows(
        "SELECT number, path, name, bench, verdict, reason FROM scenarios WHERE run = ?1 ORDER BY number",
        &[run.into()],
    )?;
    let mut found = BTreeMap::new();
    for row in rows {
        let key = key(&row.text(1)?, &row.text(2)?, &row.text(3)?, &mut seen);
        found.insert(row.int(0)?, (key, row.text(4)?, row.text(5)?));
    }
    Ok(found)
}

fn scenarios(store: &mut Store, run: i64) -> Result<Scenarios> {
    let numbered = numbered(store, run)?;
    Ok(numbered
        .into_values()
        .map(|(key, verdict, reason)| (key, (verdict, reason)))
        .collect())
}

fn values(store: &mut Store, run: i64) -> Result<Values> {
    let names = numbered(store, run)?;
    let rows = store.0.rows(
        "SELECT scenario, clause, quantity, value, uncertainty, unit FROM judgements WHERE run = ?1 ORDER BY scenario, place",
        &[run.into()],
    )?;
    let mut found = Values::new();
    for row in rows {
        let (number, clause, quantity) = (row.int(0)?, row.text(1)?, row.text(2)?);
        let (value, uncertainty, unit) = (row.real(3)?, row.real(4)?, row.text(5)?);
        let Some((scenario, ..)) = names.get(&number) else {
            continue;
        };
        let place = (0..)
            .find(|place| {
                !found.contains_key(&(scenario.clone(), clause.clone(), quantity.clone(), *place))
            })
            .unwrap_or(0);
        found.insert(
            (scenario.clone(), clause, quantity, place),
            (value, uncertainty, unit),
        );
    }
    Ok(found)
}
