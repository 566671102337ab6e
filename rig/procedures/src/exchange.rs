//! The order of batteries in the chain of BMS cables (4.6).

use crate::ProcedureError;
use crate::cables::{self, Pulled};
use api::Request;
use bench::Bench;
use record::Verdict;
use std::time::Duration;

/// How long a person may take for re-plugging four cables.
const PERSON: Duration = Duration::from_secs(20 * 60);
/// How often contacts are looked at while everything comes back.
const PERIOD: Duration = Duration::from_millis(500);

/// Has two batteries change places in the chain, pulls each cable in turn, and has them put back.
///
/// # Errors
/// When a person doesn't do it, or a contact can't be read; whatever the bench says.
pub fn pull_exchanged(bench: &mut Bench) -> Result<Vec<Pulled>, ProcedureError> {
    change_places(bench, "the other way round than now")?;
    let which = cables::each_cable(bench);
    let pulled = cables::pull_each(bench, &which);
    // Whatever came of it, the bench is left as its file has it.
    change_places(bench, "back to where they were")?;
    pulled
}

fn change_places(bench: &mut Bench, how: &str) -> Result<(), ProcedureError> {
    let answer = bench.ask(&Request {
        kind: "exchange-batteries".to_owned(),
        instruction: format!(
            "Put the first two batteries of the chain of BMS cables {how}; both ends of the chain stay in the BMS"
        ),
        expected: "done".to_owned(),
        within: PERSON,
    })?;
    if answer.text != "done" {
        return Err(ProcedureError::NotPassed {
            verdict: Verdict::Error,
            reason: format!("the batteries were not exchanged: {}", answer.text),
        });
    }
    // Pulled cables took everything off.
    let reconnect = bench.limit_time("4.9-17", "reconnect")?;
    let cause = bench.now();
    crate::drive::await_goals(bench, &crate::signal::ALL_QUIET, cause, PERIOD, reconnect)?;
    Ok(())
}
