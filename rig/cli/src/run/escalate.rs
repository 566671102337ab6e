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
    let scope = recorder.scope();
    let outputs = unproven.iter().map(|text| OutputProof {
        role: "unknown".into(),
        instrument: text.split(':').next().unwrap_or_default().to_owned(),
        safe: false,
        found: text.clone(),
    });
    recorder.event(
        at,
        &Event::MadeSafe {
            why: format!("emergency off: {why}"),
            proven: unproven.is_empty(),
            outputs: outputs.collect(),
        },
    );
    let verdict = Verdict::Interrupted;
    if scope.scenario.is_some() {
        recorder.enter(Scope {
            step: None,
            ..scope
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
    recorder.event(
        at,
        &Event::RunFinished {
            verdict,
            counts: BTreeMap::from([(verdict.word().to_lowercase(), 1)]),
        },
    );
    recorder.flush();
}
