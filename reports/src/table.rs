//! `judgements.csv`: a line a judgement, for spreadsheets.

use crate::error::ReportError;
use crate::html::{number, rule};
use crate::model::Run;
use record::{Limit, Observed};

const HEAD: [&str; 21] = [
    "scenario",
    "attempt",
    "superseded",
    "path",
    "line",
    "name",
    "bench",
    "step",
    "clause",
    "quantity",
    "limit",
    "low",
    "high",
    "value",
    "expanded_uncertainty",
    "unit",
    "instrument",
    "at_s",
    "rule",
    "verdict",
    "reason",
];

/// The table. Numbers have a point; a cell that could be taken for a formula has a quote in front.
pub(crate) fn judgements(run: &Run) -> Result<Vec<u8>, ReportError> {
    let refused = |error: csv::Error| ReportError::Write {
        file: "judgements.csv",
        reason: error.to_string(),
    };
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(HEAD).map_err(refused)?;
    for scenario in &run.scenarios {
        for judged in &scenario.judgements {
            let judgement = &judged.judgement;
            let (low, high) = bounds(&judgement.limit);
            let (value, uncertainty, unit, instrument, at_s) = match &judgement.observed {
                Observed::Reading(reading) => (
                    plain(reading.value),
                    plain(reading.uncertainty),
                    reading.unit.clone(),
                    reading.instrument.clone(),
                    reading.at_s,
                ),
                Observed::State {
                    found,
                    instrument,
                    at_s,
                } => (
                    found.clone(),
                    String::new(),
                    String::new(),
                    instrument.clone(),
                    *at_s,
                ),
            };
            let unit_of_limit = unit.clone();
            let row = [
                scenario.number.to_string(),
                scenario.attempt.to_string(),
                scenario.superseded.to_string(),
                scenario.path.clone(),
                scenario.line.to_string(),
                scenario.name.clone(),
                scenario.bench.clone(),
                judged.step.map(|step| step.to_string()).unwrap_or_default(),
                judgement.clause.clone(),
                judgement.quantity.clone(),
                judgement.limit.words(&unit_of_limit),
                low,
                high,
                value,
                uncertainty,
                unit,
                instrument,
                plain(at_s),
                rule(judgement.rule, &judgement.limit).to_owned(),
                judgement.verdict.word().to_owned(),
                judgement.reason.clone(),
            ];
            table
                .write_record(row.map(|cell| harmless(&cell)))
                .map_err(refused)?;
        }
    }
    table.into_inner().map_err(|error| ReportError::Write {
        file: "judgements.csv",
        reason: error.to_string(),
    })
}

fn bounds(limit: &Limit) -> (String, String) {
    match limit {
        Limit::AtLeast(low) => (number(*low), String::new()),
        Limit::AtMost(high) => (String::new(), number(*high)),
        Limit::Between(low, high) | Limit::BetweenExcept(low, high, ..) => {
            (number(*low), number(*high))
        }
        Limit::Is(_) => (String::new(), String::new()),
    }
}

fn plain(value: f64) -> String {
    if value.is_finite() {
        value.to_string()
    } else {
        String::new()
    }
}

/// Spreadsheets run what begins like a formula. Numbers keep their sign.
fn harmless(cell: &str) -> String {
    let formula =
        cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<f64>().is_err();
    if formula {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}
