//! What is left in a battery when the loads went off (4.7.5, 5.3).

use super::{BRISK, LONGEST, SLOW, STEEP, sample};
use crate::ProcedureError;
use crate::drive;
use crate::judging::{Asked, Judge};
use crate::signal::Signal;
use api::LoadMode;
use bench::Bench;
use record::{Reading, Verdict};
use std::time::Duration;

/// The reserve is what comes out at a twentieth of the capacity an hour.
const SLOWLY: f64 = 20.0;
/// How far a cell is from lasting damage where the search for the reserve ends, in volts.
const FROM_DAMAGE: f64 = 0.03;

/// Discharges gently until the BMS says that the loads must go off, and then on, with a load that
/// doesn't listen, to just before a cell would be harmed: what came out after the signal is the
/// reserve.
///
/// # Errors
/// When contacts, cells or currents can't be read; whatever the bench says.
pub fn reserve(bench: &mut Bench) -> Result<Option<Reading>, ProcedureError> {
    let current = bench.battery().recommended_discharge_current * (1.0 / SLOWLY);
    let capacity = bench.battery().capacity.0;
    let end_v = bench.bounds("6.1.5-01", "cell")?.0 + FROM_DAMAGE;
    bench.plug_all()?;
    bench.bridge_contacts()?;
    bench.start_load(LoadMode::Current(current))?;
    let longest = LONGEST.mul_f64(SLOWLY);
    let begun = bench.now();
    let (mut ready, mut signalled) = (false, None::<Duration>);
    loop {
        let (now, accuracy) = sample(bench.snapshot()?)?;
        ready |= now.allowed;
        if ready && !now.allowed && signalled.is_none() {
            bench.note(format!(
                "the loads must go off with the lowest cell at {:.3} V",
                now.lowest_v
            ));
            signalled = Some(now.at);
        }
        if now.lowest_v <= end_v || now.at >= begun + longest {
            bench.stop_load()?;
            bench.unbridge_contacts()?;
            return Ok(signalled.map(|since| {
                let time_h = now.at.saturating_sub(since).as_secs_f64() / 3600.0;
                Reading {
                    value: current.0 * time_h / capacity * 100.0,
                    unit: "%".to_owned(),
                    uncertainty: accuracy * time_h / capacity * 100.0,
                    instrument: drive::seen_by(bench, Signal::LoadsOff),
                    at_s: now.at.as_secs_f64(),
                }
            }));
        }
        bench.sleep(if now.lowest_v < STEEP.0 {
            BRISK * 4
        } else {
            SLOW
        })?;
    }
}

/// Judges the reserve (5.3-03).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when it's outside its limits, or the signal never came.
pub fn judge_reserve(
    bench: &mut Bench,
    asked: &Asked,
    reserve: Option<&Reading>,
) -> Result<(), ProcedureError> {
    let reserve = reserve.ok_or_else(|| ProcedureError::NotPassed {
        verdict: Verdict::Fail,
        reason: "the BMS never took the loads off".into(),
    })?;
    let mut judge = Judge::new(bench, asked);
    judge.reading(
        &["5.3-03"],
        "reserve",
        "charge left when the loads went off",
        reserve,
    )?;
    judge.done()
}
