//! The range of temperatures in which a battery is charged.

use crate::ProcedureError;
use crate::judging::Asked;
use crate::signal::Signal;
use crate::temperature::{self, Extreme, Ramped};
use bench::Bench;

/// Statements that have both ends of the range.
const RANGE: &[&str] = &["1.2-03", "5.4-02", "7-44"];
/// Those and the one that only wants a signal for it.
const SIGNAL: &[&str] = &["1.2-03", "5.4-02", "7-44", "2.2-03"];

/// Judges where charging ended with the temperature, and how soon the contact followed the
/// battery's flag.
///
/// # Errors
/// [`ProcedureError::NotPassed`] when either isn't as it must be.
pub fn judge_charging_range(
    bench: &mut Bench,
    asked: &Asked,
    ramped: &Ramped,
) -> Result<(), ProcedureError> {
    let limit = match ramped.extreme {
        Extreme::Cold => "threshold_low",
        Extreme::Heat => "threshold_high",
    };
    temperature::judge_under(
        bench,
        asked,
        ramped,
        Signal::ChargersOff,
        ramped.at_contact.as_ref(),
        (RANGE, limit),
    )?;
    temperature::judge_latency_under(bench, asked, ramped, SIGNAL)
}
