//! `rig run`.

use crate::args::{Format, Run};
use crate::feature::Selector;
use crate::run::{Console, Control, Outcome, Past, Settings, run, summary};
use crate::search::shown;
use serde_json::json;
use std::collections::BTreeMap;
use std::time::Duration;

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
        twin: arguments.twin,
        tags: arguments.tags,
        name: arguments.name,
        out: arguments.out,
        seed: arguments.seed,
        faults: arguments.fault,
        firmware: arguments
            .firmware
            .iter()
            .map(|text| crate::run::parse_image(text))
            .collect::<anyhow::Result<_>>()?,
        flash: arguments.flash,
        fail_fast: arguments.fail_fast,
        retry_errors: arguments.retry_errors,
        waive_calibration: arguments.waive_calibration,
        wait: arguments.wait,
        jobs: arguments.jobs.map(usize::from),
        signals: true,
        console,
        ..Settings::default()
    };
    let settings = match arguments.resume {
        Some(past) => Past::read(&past)?.settings(&past, settings)?,
        None => settings,
    };
    let outcome = run(&settings, &Control::new())?;
    match arguments.format {
        Format::Text => print(&console, &outcome),
        Format::Json => Console::new().line(&to_json(&outcome).to_string()),
    }
    Ok(outcome.verdict.exit_code())
}

pub(super) fn selector(text: &str) -> Selector {
    match text.parse() {
        Ok(selector) => selector,
        Err(never) => match never {},
    }
}

fn print(console: &Console, outcome: &Outcome) {
    console.line(&summary(&outcome.results));
    if let Some(line) = pace(outcome) {
        console.line(&line);
    }
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

/// How much simulated time passed in how much real time; nothing on a real bench.
fn pace(outcome: &Outcome) -> Option<String> {
    let simulated: Duration = outcome.results.iter().map(|result| result.took).sum();
    if !outcome.simulated || simulated.is_zero() {
        return None;
    }
    let ratio = simulated.as_secs_f64() / outcome.took.as_secs_f64().max(1e-3);
    Some(format!(
        "{} simulated in {}, {ratio:.0} times as fast as on a bench",
        long(simulated),
        long(outcome.took)
    ))
}

/// `56.7 h`, `4.2 min`, `1.3 s`.
fn long(time: Duration) -> String {
    match time.as_secs_f64() {
        seconds if seconds < 100.0 => format!("{seconds:.1} s"),
        seconds if seconds < 6000.0 => format!("{:.1} min", seconds / 60.0),
        seconds => format!("{:.1} h", seconds / 3600.0),
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
                "took_s": result.took.as_secs_f64(),
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
        "simulated": outcome.simulated,
        "wall_s": outcome.took.as_secs_f64(),
        "scenarios": scenarios,
    })
}

#[cfg(test)]
mod tests {
    use super::long;
    use std::time::Duration;

    #[test]
    fn times_are_told_in_the_unit_that_people_think_in() {
        for (seconds, told) in [
            (0.04, "0.0 s"),
            (12.34, "12.3 s"),
            (150.0, "2.5 min"),
            (204_120.0, "56.7 h"),
        ] {
            assert_eq!(long(Duration::from_secs_f64(seconds)), told);
        }
    }
}
