//! Unplugging a BMS cable during a charge: whether the BMS has the charger in its hand.

use super::sample;
use crate::ProcedureError;
use crate::cables::charge_voltage;
use crate::drive;
use crate::judging::{Asked, Judge};
use crate::signal::{Goal, Signal};
use crate::wait::Waited;
use bench::{Bench, Measured};
use record::Reading;
use std::time::Duration;

/// Long enough for a charger to settle, and for its current to be measured.
const SETTLE: Duration = Duration::from_secs(5);
/// How many times the allowed time is waited for, so that what is too late still gets a number.
const PATIENCE: u32 = 3;

/// What one cable showed.
#[derive(Debug, Clone, PartialEq)]
pub struct Unplugged {
    /// Which one, from 1.
    pub cable: usize,
    /// When it was unplugged.
    pub cause: Duration,
    /// The charge contact after that.
    pub off: Waited,
    /// Current of the charger without it.
    pub without: Option<Measured>,
    /// When it was plugged in again.
    pub back_cause: Duration,
    /// The charge contact after that.
    pub back: Waited,
    /// Current of the charger with it.
    pub with: Option<Measured>,
}

/// Charges, and unplugs each cable for a while.
///
/// # Errors
/// When the charge contact can't be read; whatever the bench says.
pub fn each_cable(bench: &mut Bench) -> Result<Vec<Unplugged>, ProcedureError> {
    let topology = bench.config().device.topology;
    #[expect(clippy::cast_precision_loss, reason = "a bank has few strings")]
    let current = bench.battery().recommended_charge_current * topology.parallel as f64;
    let voltage = charge_voltage(bench);
    bench.start_charging(voltage, current)?;
    bench.settle(SETTLE, SETTLE)?;
    let cables = 1..=bench.cables();
    let seen = cables
        .map(|cable| one(bench, cable))
        .collect::<Result<Vec<_>, _>>()?;
    bench.stop_charging()?;
    Ok(seen)
}

/// Unplugs one cable for a while; a charge is going on.
pub(crate) fn one(bench: &mut Bench, cable: usize) -> Result<Unplugged, ProcedureError> {
    sample(bench.snapshot()?)?;
    let period = drive::sample_period(bench);
    let off = [Goal::shown(Signal::ChargersOff)];
    let on = [Goal::gone(Signal::ChargersOff)];
    let response = bench.limit_time("4.3.2-04", "response")? * PATIENCE;
    let reconnect = bench.limit_time("4.3.2-05", "reconnect")? * PATIENCE;
    let current = |bench: &Bench| {
        let charger = bench.last().charger.as_ref();
        charger.map(|port| port.current.clone())
    };
    let cause = bench.now();
    bench.unplug_cable(cable)?;
    let off = drive::await_goals(bench, &off, cause, period, response)?;
    bench.settle(SETTLE, SETTLE)?;
    let without = current(bench);
    let back_cause = bench.now();
    bench.plug_cable(cable)?;
    let back = drive::await_goals(bench, &on, back_cause, period, reconnect)?;
    bench.settle(SETTLE, SETTLE)?;
    Ok(Unplugged {
        cable,
        cause,
        off,
        without,
        back_cause,
        back,
        with: current(bench),
    })
}

fn magnitude(current: Option<&Measured>) -> Result<Reading, ProcedureError> {
    let current = current.ok_or_else(|| ProcedureError::NotMeasured {
        quantity: "the current of the charger".into(),
    })?;
    let mut reading = current.reading("A");
    reading.value = reading.value.abs();
    Ok(reading)
}

fn judge_edge(
    judge: &mut Judge<'_>,
    clauses: &[&str],
    limit: &str,
    waited: &Waited,
    cause: Duration,
    quantity: &str,
    who: &str,
) -> Result<(), ProcedureError> {
    for (goal, edge) in waited.goals.iter().zip(&waited.edges) {
        match edge {
            Some(edge) => {
                let time = edge.since(cause, who);
                judge.reading(clauses, limit, &format!("{goal} {quantity}"), &time)?;
            }
            None => {
                let state = |present| goal.signal.state(present);
                let quantity = format!("{} {quantity}", goal.signal.subject());
                let (wanted, found) = (state(goal.present), state(!goal.present));
                judge.state(clauses, &quantity, wanted, found, who)?;
            }
        }
    }
    Ok(())
}

/// Judges that without the cable the charger went off (4.3.2-04, 6.1.5-08).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when it didn't, or too late.
pub fn judge_off(
    bench: &mut Bench,
    asked: &Asked,
    unplugged: &[Unplugged],
) -> Result<(), ProcedureError> {
    const CLAUSES: [&str; 2] = ["4.3.2-04", "6.1.5-08"];
    let who = drive::seen_by(bench, Signal::ChargersOff);
    let mut judge = Judge::new(bench, asked);
    for one in unplugged {
        let when = format!("with cable {} unplugged", one.cable);
        judge_edge(
            &mut judge, &CLAUSES, "response", &one.off, one.cause, &when, &who,
        )?;
        let current = magnitude(one.without.as_ref())?;
        let quantity = format!("current of the charger {when}");
        judge.reading(&CLAUSES, "current_off", &quantity, &current)?;
    }
    judge.done()
}

/// Judges that with the cable back the charge went on (4.3.2-05).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when it didn't, or too late.
pub fn judge_on(
    bench: &mut Bench,
    asked: &Asked,
    unplugged: &[Unplugged],
) -> Result<(), ProcedureError> {
    const CLAUSES: [&str; 1] = ["4.3.2-05"];
    let who = drive::seen_by(bench, Signal::ChargersOff);
    let mut judge = Judge::new(bench, asked);
    for one in unplugged {
        let when = format!("with cable {} back", one.cable);
        judge_edge(
            &mut judge,
            &CLAUSES,
            "reconnect",
            &one.back,
            one.back_cause,
            &when,
            &who,
        )?;
        let current = magnitude(one.with.as_ref())?;
        let quantity = format!("current of the charger {when}");
        judge.reading(&CLAUSES, "current_flowing", &quantity, &current)?;
    }
    judge.done()
}
