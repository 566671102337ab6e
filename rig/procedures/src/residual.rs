//! What still flows out of a battery when everything is off (5.3).

use crate::ProcedureError;
use crate::judging::{Asked, Judge};
use bench::{Bench, Measured};
use record::Reading;
use std::time::Duration;

/// The statement about it.
const CLAUSES: &[&str] = &["5.3-02"];
/// A battery that only waits is sampled this often.
const IDLE: Duration = Duration::from_secs(10);
/// The capacity that the limit is written for, in ampere hours.
const PER_AH: f64 = 200.0;

/// The current past the open safety relay, and how long everything had been off.
#[derive(Debug, Clone, PartialEq)]
pub struct Residual {
    /// Out of the battery, in amperes.
    pub current: Measured,
    /// From off to the measurement.
    pub settled: Duration,
}

/// Takes charger and load off, opens the safety relay, waits until what falls asleep has done so,
/// and measures what still flows.
///
/// # Errors
/// On a bench that can't measure it; whatever the bench says.
pub fn measure(bench: &mut Bench) -> Result<Residual, ProcedureError> {
    let settle = bench.limit_time("5.3-02", "settle")?;
    let outputs = bench.last().outputs.clone();
    if outputs.load.is_some() {
        bench.stop_load()?;
    }
    if outputs.charger.is_some() {
        bench.stop_charging()?;
    }
    bench.disconnect_battery()?;
    let off = bench.now();
    bench.settle(settle + IDLE, IDLE)?;
    let current = bench.residual_current()?;
    let settled = current.at.saturating_sub(off);
    bench.connect_battery()?;
    Ok(Residual { current, settled })
}

/// Judges that next to nothing flows (5.3-02). The limit is for a battery of 200 Ah; another one
/// is emptied as soon by a current in the same ratio.
///
/// # Errors
/// [`ProcedureError::NotPassed`] when more does.
pub fn judge(bench: &mut Bench, asked: &Asked, residual: &Residual) -> Result<(), ProcedureError> {
    let parallel = u32::try_from(bench.config().device.topology.parallel);
    let capacity = bench.battery().capacity.0 * parallel.map_or(1.0, f64::from);
    let scale = PER_AH / capacity;
    let current = residual.current.reading("A");
    let scaled = Reading {
        value: current.value * scale,
        uncertainty: current.uncertainty * scale,
        ..current.clone()
    };
    let waited = Reading {
        value: residual.settled.as_secs_f64(),
        unit: "s".to_owned(),
        uncertainty: 0.0,
        ..current.clone()
    };
    let mut judge = Judge::new(bench, asked);
    let quantity = format!(
        "residual current of {:.2} mA, scaled from {capacity:.0} Ah to {PER_AH:.0} Ah",
        current.value * 1e3
    );
    judge.reading(CLAUSES, "residual_per_200ah", &quantity, &scaled)?;
    let quantity = "time that everything had been off";
    judge.reading(CLAUSES, "settle", quantity, &waited)?;
    judge.done()
}
