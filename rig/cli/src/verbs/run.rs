//! `rig run`.

use crate::args::{Format, Run};
use crate::feature::Selector;
use crate::run::{Console, Control, Outcome, Settings, run, summary};
use crate::search::shown;
use serde_json::json;
use std::collections::BTreeMap;

/// Name and version of the JSON.
const FORMAT: &str = "rig.run/1";

pub(crate) fn perform(arguments: Run) -> anyhow::Result<u8> {
    let console = match arguments.format {
        Format::Text => Console::new(),
        Format::Json => Console::quiet(),
    };
    let settings = Settings {
        features: arguments
            .features
            .iter()
            .map(|path| selector(&path.to_string_lossy()))
            .collect(),
        bench: arguments.bench,
        tags: arguments.tags,
        name: arguments.name,
        out: arguments.out,
        seed: arguments.seed,
        faults: arguments.fault,
        fail_fast: arguments.fail_fast,
        signals: true,
        console,
        ..Settings::default()
    };
    let outcome = run(&settings, &Control::new())?;
    match arguments.format {
        Format::Text => print(&console, &outcome),
        Format::Json => Console::new().line(&to_json(&outcome).to_string()),
    }
    Ok(outcome.verdict.exit_code())
}

fn selector(text: &str) -> Selector {
    match text.parse() {
        Ok(selector) => selector,
        Err(never) => match never {},
    }
}

fn print(console: &Console, outcome: &Outcome) {
    console.line(&summary(&outcome.results));
    if let Some(problem) = &outcome.report_problem {
        console.line(&format!("reports could not be made: {problem}"));
    }
    match &outcome.report {
        Some(report) => console.line(&format!("report: {}", shown(report))),
        None => console.line(&format!("run: {}", shown(&outcome.directory))),
    }
    // Last, so that it stays on the screen: what somebody must look at now.
    for output in outcome.unproven() {
        console.line(&format!("MAY STILL BE ENERGISED: {output}"));
    }
}

fn to_json(outcome: &Outcome) -> serde_json::Value {
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    for result in &outcome.results {
        let word = result.verdict.word().to_lowercase();
        *counts.entry(word).or_default() += 1;
    }
    let scenarios: Vec<_> = outcome
        .results
        .iter()
        .map(|result| {
            json!({
                "name": result.planned.name,
                "path": result.planned.path,
                "line": result.planned.line,
                "bench": result.planned.bench_name(),
                "verdict": result.verdict,
                "reason": result.reason,
                "unproven": result.unproven,
                "messages": result.messages,
            })
        })
        .collect();
    json!({
        "format": FORMAT,
        "verdict": outcome.verdict,
        "counts": counts,
        "run": outcome.directory,
        "report": outcome.report,
        "report_problem": outcome.report_problem,
        "unproven": outcome.unproven(),
        "scenarios": scenarios,
    })
}
