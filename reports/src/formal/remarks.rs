//! What an auditor asks for beside results: deviations, interruptions, retries, faults, the safe
//! state, what people entered.

use super::details::Details;
use crate::html::time;
use crate::model::{Run, Scenario};
use record::{Event, Verdict};
use serde::Serialize;

/// One kind of remark.
#[derive(Debug, Serialize)]
pub(crate) struct Remarks {
    title: &'static str,
    /// Never empty: "none" is said.
    lines: Vec<String>,
}

/// Everything that departs from the plan, told by people or by the record.
pub(crate) fn remarks(run: &Run, details: &Details) -> Vec<Remarks> {
    let list = |title, mut lines: Vec<String>| {
        if lines.is_empty() {
            lines.push("none".into());
        }
        Remarks { title, lines }
    };
    let of = |verdict: Verdict| {
        run.counted()
            .filter(move |scenario| scenario.verdict == verdict)
            .map(named)
            .collect::<Vec<_>>()
    };
    let retried = run
        .scenarios
        .iter()
        .filter(|scenario| scenario.superseded)
        .map(|scenario| format!("{}, attempt {}", named(scenario), scenario.attempt))
        .collect();
    vec![
        list(
            "Additions, deviations and exclusions, as declared",
            details.deviations.clone().unwrap_or_default(),
        ),
        list("Not tested (skipped)", grouped(run)),
        list("Interrupted", of(Verdict::Interrupted)),
        list("Attempts that were repeated; each is kept", retried),
        list("Faults injected on purpose", faults(run)),
        list("Warnings", warnings(run)),
        list("Evidence that is missing", run.gaps.clone()),
        list(
            "Results from external providers",
            details.external_results.iter().cloned().collect(),
        ),
        list(
            "Supplied by the customer and not checked by the laboratory",
            details.customer_data.iter().cloned().collect(),
        ),
    ]
}

fn named(scenario: &Scenario) -> String {
    let reason = crate::summary::one_line(&scenario.reason);
    format!("scenario {}, {}: {reason}", scenario.number, scenario.name)
}

/// Skipped scenarios by reason: one reason often skips many.
fn grouped(run: &Run) -> Vec<String> {
    let mut reasons: Vec<(String, Vec<String>)> = Vec::new();
    for scenario in run.counted().filter(|one| one.verdict == Verdict::Skipped) {
        let reason = crate::summary::one_line(&scenario.reason);
        let number = scenario.number.to_string();
        match reasons.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, numbers)) => numbers.push(number),
            None => reasons.push((reason, vec![number])),
        }
    }
    reasons
        .into_iter()
        .map(|(reason, numbers)| format!("{reason}: scenario {}", numbers.join(", ")))
        .collect()
}

fn faults(run: &Run) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for scenario in &run.scenarios {
        for logged in &scenario.log {
            if let Event::FaultInjected { fault, effect } = &logged.event {
                let line = format!("{fault}: {effect}");
                if !lines.contains(&line) {
                    lines.push(line);
                }
            }
        }
    }
    lines
}

fn warnings(run: &Run) -> Vec<String> {
    let mut lines = Vec::new();
    for scenario in &run.scenarios {
        for logged in &scenario.log {
            if let Event::Warning { text } = &logged.event {
                lines.push(format!(
                    "scenario {} at {}: {text}",
                    scenario.number,
                    time(logged.at_s)
                ));
            }
        }
    }
    let outside = run.log.iter().filter_map(|logged| match &logged.event {
        Event::Warning { text } => Some(text.clone()),
        _ => None,
    });
    lines.extend(outside);
    lines
}

/// The outputs, as the record proves them.
pub(crate) fn safe_state(run: &Run) -> Vec<String> {
    let safe = &run.safe_state;
    let mut lines: Vec<String> = safe
        .unproven
        .iter()
        .map(|output| format!("MAY STILL BE ENERGISED: {output}"))
        .collect();
    lines.extend(
        safe.proven_later
            .iter()
            .map(|output| format!("not proven at some time, proven later: {output}")),
    );
    if safe.unproven.is_empty() {
        lines.push(match (run.finished, safe.proofs) {
            (_, 0) => "No bench was opened: there was nothing to make safe.".into(),
            (true, proofs) => format!(
                "Every output was proven off by read-back each time a bench was made safe ({proofs} proofs, the last at the end)."
            ),
            (false, proofs) => format!(
                "The record doesn't tell the end of the run; up to there every output read back off ({proofs} proofs)."
            ),
        });
    }
    lines
}

/// What people were asked and answered in a scenario.
pub(crate) fn operator(scenario: &Scenario) -> Vec<[String; 3]> {
    let entry = |event: &Event| match event {
        Event::Operator {
            instruction,
            answer,
            who,
            ..
        } => Some([
            instruction.clone(),
            answer.clone().unwrap_or_else(|| "no answer".into()),
            who.clone(),
        ]),
        _ => None,
    };
    scenario
        .log
        .iter()
        .filter_map(|logged| entry(&logged.event))
        .collect()
}
