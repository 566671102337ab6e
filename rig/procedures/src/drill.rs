//! Drills: a bench is energised for nothing but to see it go off.

use crate::ProcedureError;
use crate::{cables, firmware};
use bench::Bench;
use std::time::Duration;
use units::Amps;

/// A current that any charger reaches and any battery bears.
const CURRENT: Amps = Amps(1.0);
/// How often it looks for the first minute, and after that.
const PERIODS: [Duration; 2] = [Duration::from_millis(500), Duration::from_secs(10)];
const FIRST: Duration = Duration::from_secs(60);

/// Energises the bench without asking what its devices do: the cells of a board bench at their
/// nominal voltage, the charger of a battery bench at 1 A.
///
/// # Errors
/// Whatever the bench says.
pub fn energise(bench: &mut Bench) -> Result<(), ProcedureError> {
    if !bench.config().wiring.cells.is_empty() {
        return firmware::feed(bench);
    }
    let voltage = cables::charge_voltage(bench);
    Ok(bench.start_charging(voltage, CURRENT)?)
}

/// Watches over the bench for a while.
///
/// # Errors
/// Whatever the bench says.
pub fn watch(bench: &mut Bench, time: Duration) -> Result<(), ProcedureError> {
    bench.settle(time.min(FIRST), PERIODS[0])?;
    let rest = time.saturating_sub(FIRST);
    if !rest.is_zero() {
        bench.settle(rest, PERIODS[1])?;
    }
    Ok(())
}
