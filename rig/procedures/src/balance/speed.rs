//! Whether more voltage balances faster (8.3).

use crate::ProcedureError;
use crate::judging::{Asked, Judge};
use bench::Bench;
use record::Reading;
use std::ops::ControlFlow;
use std::time::Duration;
use units::Volts;

/// A voltage that is higher than absorption by this.
const HIGHER: Volts = Volts(0.2);
/// Until a current has settled at a voltage …
const UNTIL_STEADY: Duration = Duration::from_secs(2700);
/// … and for how long it is measured then.
const MEASURED: Duration = Duration::from_secs(3600);
/// A charger that the BMS stops comes back for seconds only, with all that it has: samples must not
/// miss that.
const PERIOD: Duration = Duration::from_millis(500);
/// What two means of a current by one meter may differ by without reason, in amperes.
const REPEATS: f64 = 0.02;

/// Mean currents into a battery that is being balanced, in amperes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Speeds {
    /// At the absorption voltage.
    pub usual_a: f64,
    /// At a higher one.
    pub higher_a: f64,
    /// When the measurement ended.
    pub at: Duration,
}

/// Balances at the absorption voltage and then at a higher one: what flows is what is balanced.
///
/// # Errors
/// When the current isn't measured; whatever the bench says.
pub fn at_two_voltages(bench: &mut Bench) -> Result<Speeds, ProcedureError> {
    let usual = crate::cables::charge_voltage(bench);
    let usual_a = mean_current(bench, usual)?;
    let higher_a = mean_current(bench, usual + HIGHER)?;
    bench.stop_charging()?;
    bench.note(format!(
        "balancing at {usual:.1} with {usual_a:.3} A, {HIGHER:.1} higher with {higher_a:.3} A"
    ));
    Ok(Speeds {
        usual_a,
        higher_a,
        at: bench.now(),
    })
}

fn mean_current(bench: &mut Bench, voltage: Volts) -> Result<f64, ProcedureError> {
    let current = bench.battery().recommended_charge_current;
    let period = PERIOD;
    bench.start_charging(voltage, current)?;
    bench.settle(UNTIL_STEADY, period)?;
    let (mut sum, mut count) = (0.0, 0.0);
    bench.watch(period, MEASURED, |snapshot| {
        if let Some(port) = &snapshot.charger {
            sum += port.current.value;
            count += 1.0;
        }
        ControlFlow::<()>::Continue(())
    })?;
    if count == 0.0 {
        return Err(ProcedureError::NotMeasured {
            quantity: "the current of the charger".into(),
        });
    }
    Ok(sum / count)
}

/// Judges that the higher voltage balanced no faster (8.3-06).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when it did, or slower; or when nothing was balanced at all.
pub fn judge_speeds(
    bench: &mut Bench,
    asked: &Asked,
    speeds: &Speeds,
) -> Result<(), ProcedureError> {
    let Speeds {
        usual_a,
        higher_a,
        at,
    } = *speeds;
    let share = usual_a / higher_a * 100.0;
    let doubt = REPEATS / usual_a.abs().max(REPEATS) + REPEATS / higher_a.abs().max(REPEATS);
    let reading = Reading {
        value: share,
        unit: "%".to_owned(),
        uncertainty: share.abs() * doubt / 2.0,
        instrument: "charger".to_owned(),
        at_s: at.as_secs_f64(),
    };
    let mut judge = Judge::new(bench, asked);
    let quantity = "time at the higher voltage to the usual time";
    judge.reading(&["8.3-06"], "time_share", quantity, &reading)?;
    judge.done()
}
