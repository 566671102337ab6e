//! Verdicts of scenarios and of the run, from what the journal holds.
//!
//! The journal's own word is taken where it is at least as bad as the parts. It is never taken for
//! better: what is missing is not a pass.

use crate::model::{Run, Scenario};
use record::Verdict;

/// Fills in verdicts, reasons and which attempts count.
pub(crate) fn conclude(run: &mut Run) {
    for scenario in &mut run.scenarios {
        conclude_scenario(scenario);
    }
    supersede(&mut run.scenarios);
    let tested = Verdict::of_all(run.counted().map(|scenario| scenario.verdict));
    let outside = run.judgements.iter().map(|judged| judged.judgement.verdict);
    let parts = outside.fold(tested, Verdict::and);
    run.verdict = if run.counted().next().is_none() && run.verdict == Verdict::Pass {
        run.gaps
            .push("the run says Pass, but no scenario is on record".into());
        Verdict::Skipped
    } else if run.finished && run.verdict == Verdict::Pass && tested == Verdict::Skipped {
        Verdict::Skipped
    } else {
        parts.and(run.verdict)
    };
    if !run.finished {
        run.gaps
            .push("the journal doesn't tell the end of the run".into());
    }
    if run.verdict == Verdict::Pass && !run.safe_state.unproven.is_empty() {
        run.verdict = Verdict::Error;
    }
}

fn conclude_scenario(scenario: &mut Scenario) {
    let unfinished_step = scenario.steps.iter().find(|step| !step.finished);
    let steps = scenario.steps.iter().map(|step| step.verdict);
    let judgements = scenario
        .judgements
        .iter()
        .map(|judged| judged.judgement.verdict);
    let parts = Verdict::of_all(steps.chain(judgements));
    if !scenario.finished {
        scenario.verdict = parts.and(Verdict::Interrupted);
        let last = unfinished_step.or(scenario.steps.last());
        let place = last.map_or_else(String::new, |step| format!(" in step {}", step.number));
        let why = worst_part(scenario).map_or_else(String::new, |why| format!("; before: {why}"));
        scenario.reason = format!(
            "the record stops here{place}, at {:.1} s{why}",
            scenario.ended_s
        );
        return;
    }
    if scenario.verdict == Verdict::Pass && parts != Verdict::Pass {
        let why = worst_part(scenario).unwrap_or_else(|| "no step was tested".into());
        scenario.reason = format!("recorded as Pass, but {why}");
        scenario.verdict = parts;
    }
    if scenario.verdict != Verdict::Pass && scenario.reason.is_empty() {
        scenario.reason =
            worst_part(scenario).unwrap_or_else(|| "the journal gives no reason".into());
    }
}

/// The step or judgement that needs attention most, in one line.
fn worst_part(scenario: &Scenario) -> Option<String> {
    let judged = scenario
        .judgements
        .iter()
        .map(|judged| (judged.judgement.verdict, judged.judgement.reason.clone()));
    let steps = scenario
        .steps
        .iter()
        .filter(|step| step.finished)
        .map(|step| {
            let why = match step.reason.as_str() {
                "" => format!("step {} is {}", step.number, step.verdict),
                reason => reason.to_owned(),
            };
            (step.verdict, why)
        });
    let mut worst: Option<(Verdict, String)> = None;
    for (verdict, why) in judged.chain(steps) {
        let bad = !matches!(verdict, Verdict::Pass | Verdict::Skipped);
        let worse = worst
            .as_ref()
            .is_none_or(|(so_far, _)| so_far.and(verdict) != *so_far);
        if bad && worse {
            worst = Some((verdict, why));
        }
    }
    worst.map(|(_, why)| why)
}

/// An attempt that the rig could not tell from is replaced by a later one; a failed one never is.
fn supersede(scenarios: &mut [Scenario]) {
    for at in 0..scenarios.len() {
        let (before, after) = scenarios.split_at_mut(at + 1);
        let this = &mut before[at];
        if !matches!(this.verdict, Verdict::Error | Verdict::Interrupted) {
            continue;
        }
        this.superseded = after.iter().any(|later| {
            later.attempt > this.attempt
                && later.line == this.line
                && later.path == this.path
                && later.bench == this.bench
                && later.name == this.name
        });
    }
}
