//! When waiting is over: emergency off, the record closed, the process ended.

use super::control::Control;
use super::signals::eprintln_quietly;
use record::{Event, OutputProof, Recorder, Scope, Verdict};
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

/// Switches everything off over fresh connections, closes the record and ends the process.
pub(crate) fn escalate(control: &Control, recorder: &Recorder, run: &Path, why: &str) {
    let unproven = match control.take_emergency() {
        Some(off) => off(),
        // Between two benches nothing is on.
        None => Vec::new(),
    };
    close_record(recorder, why, &unproven);
    // The reports are worth a try; the journal alone is enough to make them later.
    let reports = crate::dossier::write_reports(run);
    match reports {
        Ok(written) => eprintln_quietly(&format!("report: {}", written.html.display())),
        Err(error) => eprintln_quietly(&format!("rig: no reports yet: {error}")),
    }
    for output in &unproven {
        eprintln_quietly(&format!("may still be energised: {output}"));
    }
    std::process::exit(i32::from(Verdict::Interrupted.exit_code()));
}

fn close_record(recorder: &Recorder, why: &str, unproven: &[String]) {
    let at = Duration::ZERO;
    recorder.event(
        at,
        &Event::MadeSafe {
            why: format!("emergency off: {why}"),
            proven: unproven.is_empty(),
            outputs: unknown_outputs(unproven),
        },
    );
    let counts = BTreeMap::from([(Verdict::Interrupted.word().to_lowercase(), 1)]);
    end_interrupted(recorder, at, recorder.scope().scenario, why, counts);
}

/// Outputs that nobody could read back, each with why.
pub(crate) fn unknown_outputs(unproven: &[String]) -> Vec<OutputProof> {
    let proof = |found: &String| OutputProof {
        role: "unknown".into(),
        instrument: found.split(':').next().unwrap_or_default().to_owned(),
        safe: false,
        found: found.clone(),
    };
    unproven.iter().map(proof).collect()
}

/// Ends the record of a run that was cut short: the scenario under way, if there was one, and the
/// run.
pub(crate) fn end_interrupted(
    recorder: &Recorder,
    at: Duration,
    scenario: Option<u32>,
    why: &str,
    counts: BTreeMap<String, u32>,
) {
    let verdict = Verdict::Interrupted;
    if scenario.is_some() {
        recorder.enter(Scope {
            scenario,
            step: None,
        });
        recorder.event(
            at,
            &Event::ScenarioFinished {
                verdict,
                reason: why.to_owned(),
            },
        );
    }
    recorder.enter(Scope::default());
    recorder.event(at, &Event::RunFinished { verdict, counts });
    recorder.flush();
}
