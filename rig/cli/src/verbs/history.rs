//! `rig history`.

use crate::args::{Format, History};
use crate::exit::Usage;
use crate::history::{
    Comparison, Difference, Place, Query, RunRow, Store, Trend, compare, default_place, figures,
    plot, trends,
};
use crate::run::Console;
use crate::search::shown;
use anyhow::{Context as _, Result};
use serde_json::json;

/// Name and version of the JSON.
const FORMAT: &str = "rig.history/1";

pub(crate) fn perform(arguments: &History) -> Result<u8> {
    let named = arguments.file.as_ref().map(Place::named);
    let place = named.unwrap_or_else(default_place);
    if let Place::File(file) = &place
        && !file.is_file()
    {
        return Err(Usage::new(format!(
            "there is no history {place}; `rig run` begins one beside its runs, name another with --file"
        ))
        .into());
    }
    let mut store = Store::open(&place)?;
    match (&arguments.runs[..], &arguments.quantity) {
        ([], None) => list(arguments, &store.runs()?),
        ([before, after], None) => {
            let wrong = |error: anyhow::Error| Usage::new(format!("{error:#}"));
            let before = store.named(before).map_err(wrong)?;
            let after = store.named(after).map_err(wrong)?;
            compared(arguments, &compare(&mut store, before, after)?);
        }
        ([], Some(quantity)) => {
            let query = Query {
                quantity: quantity.clone(),
                clause: arguments.clause.clone(),
                device: arguments.device.clone(),
            };
            followed(arguments, &trends(&mut store, &query)?)?;
        }
        ([_], _) => {
            return Err(Usage::new("name two runs to compare, or none for the list").into());
        }
        (_, Some(_)) => {
            return Err(
                Usage::new("--quantity follows a value over all runs; name no runs").into(),
            );
        }
        (_, None) => return Err(Usage::new("two runs at most").into()),
    }
    Ok(0)
}

fn list(arguments: &History, runs: &[RunRow]) {
    if arguments.format == Format::Json {
        return super::print_json(&json!({ "format": FORMAT, "runs": runs }));
    }
    let console = Console::new();
    for run in runs {
        let simulated = if run.simulated { " SIMULATED" } else { "" };
        // A simulated run starts at a time of its own.
        let when = match &run.registered[..] {
            "" => &run.started,
            registered => registered,
        };
        console.line(&format!(
            "{:>4}  {}  {:<12} {} of {} passed, {} failed  {}{simulated}  {}",
            run.id,
            when,
            run.verdict,
            run.passed,
            run.scenarios,
            run.failed,
            run.head.get(..10).unwrap_or_default(),
            shown(run.folder.as_ref()),
        ));
    }
    console.line(&format!("{} runs", runs.len()));
}

fn compared(arguments: &History, comparison: &Comparison) {
    if arguments.format == Format::Json {
        return super::print_json(&json!({ "format": FORMAT, "comparison": comparison }));
    }
    let console = Console::new();
    for difference in &comparison.differences {
        console.line(&match difference {
            Difference::Verdict { scenario, before, after, reason } => {
                let why = if reason.is_empty() { String::new() } else { format!(": {reason}") };
                format!("{before} -> {after}  {scenario}{why}")
            }
            Difference::New { scenario, after } => format!("new, {after}  {scenario}"),
            Difference::Gone { scenario, before } => format!("gone, was {before}  {scenario}"),
            Difference::Moved { scenario, clause, quantity, unit, before, after, uncertainty } => format!(
                "{quantity} ({clause}) {before:.4} -> {after:.4} {unit}, more than the uncertainties' {uncertainty:.4} {unit}  {scenario}"
            ),
        });
    }
    console.line(&format!(
        "run {} to run {}: {} differences; {} scenarios ended alike, {} values are alike within their uncertainties",
        comparison.before.id,
        comparison.after.id,
        comparison.differences.len(),
        comparison.alike,
        comparison.values_alike
    ));
}

fn followed(arguments: &History, trends: &[Trend]) -> Result<()> {
    if let Some(path) = &arguments.plot {
        std::fs::write(path, plot(trends))
            .with_context(|| format!("can't write {}", path.display()))?;
    }
    if arguments.format == Format::Json {
        super::print_json(&json!({ "format": FORMAT, "trends": trends }));
        return Ok(());
    }
    let console = Console::new();
    for trend in trends {
        let limits = match (trend.low, trend.high) {
            (Some(low), Some(high)) => format!("limits {low} to {high}"),
            (Some(low), None) => format!("at least {low}"),
            (None, Some(high)) => format!("at most {high}"),
            (None, None) => "no limit".into(),
        };
        console.line(&format!(
            "{} ({}), {limits} {}, {}: {}",
            trend.quantity,
            trend.clause,
            trend.unit,
            trend.device,
            figures(trend)
        ));
    }
    console.line(&format!("{} quantities", trends.len()));
    Ok(())
}
