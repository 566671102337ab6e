//! Whether more voltage balances faster (8.3).

use crate::ProcedureError;
use crate::judging::{Asked, Judge};
use bench::{Bench, Contact};
use record::Reading;
use std::ops::ControlFlow;
use std::time::Duration;
use units::Volts;

/// A voltage that is higher than absorption by this.
const HIGHER: Volts = Volts(0.2);
/// Until a current has settled at a voltage …
const UNTIL_STEADY: Duration = Duration::from_secs(2700);
/// … and for how long it is measured then, at least …
const MEASURED: Duration = Duration::from_secs(3600);
/// … and at most, where a charger that the BMS stops now and then hasn't been stopped twice by then.
const LONGEST: Duration = Duration::from_secs(4 * 3600);
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
    let (begun, mut mean) = (bench.now(), Mean::default());
    bench.watch(period, LONGEST, |snapshot| {
        if let Some(port) = &snapshot.charger {
            mean.take(snapshot.contact(Contact::Charge), port.current.value);
        }
        let enough = snapshot.contacts.at >= begun + MEASURED && !mean.is_within_a_cycle();
        if enough {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    })?;
    mean.value().ok_or_else(|| ProcedureError::NotMeasured {
        quantity: "the current of the charger".into(),
    })
}

/// Sum and number of samples that are equally far apart.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    amperes: f64,
    samples: f64,
}

/// Mean of a current that comes in bursts: over whole cycles, from one stop of the charger to another,
/// since an hour holds four bursts or five.
#[derive(Debug, Clone, Copy, Default)]
struct Mean {
    all: Sum,
    allowed: bool,
    /// Up to the first and to the newest stop of the charger.
    stops: Option<(Sum, Sum)>,
}

impl Mean {
    fn take(&mut self, allowed: Option<bool>, amperes: f64) {
        let allowed = allowed.unwrap_or(self.allowed);
        if self.allowed && !allowed {
            let first = self.stops.map_or(self.all, |(first, _)| first);
            self.stops = Some((first, self.all));
        }
        self.allowed = allowed;
        self.all.amperes += amperes;
        self.all.samples += 1.0;
    }

    /// Whether the charger was stopped once and not again.
    fn is_within_a_cycle(&self) -> bool {
        self.stops
            .is_some_and(|(first, last)| first.samples >= last.samples)
    }

    fn value(&self) -> Option<f64> {
        let (from, to) = match self.stops {
            Some(stops) if !self.is_within_a_cycle() => stops,
            _ => (Sum::default(), self.all),
        };
        let samples = to.samples - from.samples;
        (samples > 0.0).then(|| (to.amperes - from.amperes) / samples)
    }
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

#[cfg(test)]
mod tests {
    use super::Mean;

    fn mean(samples: &[(bool, f64)]) -> Mean {
        let mut mean = Mean::default();
        for (allowed, amperes) in samples {
            mean.take(Some(*allowed), *amperes);
        }
        mean
    }

    #[test]
    fn bursts_are_averaged_over_whole_cycles() {
        let off = [(false, 0.0); 3];
        let burst = [(true, 8.0)];
        let cycle = [off.as_slice(), burst.as_slice()].concat();
        // Two whole cycles, with more of a third before them or after them.
        for (before, after) in [(0, 0), (1, 0), (0, 2), (1, 3)] {
            let mut samples = vec![(true, 8.0); before + 1];
            samples.extend([cycle.as_slice(), &cycle].concat());
            samples.extend(vec![(false, 0.0); after + 1]);
            assert_eq!(mean(&samples).value(), Some(2.0), "{before} {after}");
        }
    }

    #[test]
    fn one_stop_makes_no_cycle() {
        let one = mean(&[(true, 8.0), (false, 0.0)]);
        assert!(one.is_within_a_cycle());
        assert_eq!(one.value(), Some(4.0));
    }

    #[test]
    fn what_is_never_stopped_is_averaged_as_it_is() {
        let steady = mean(&[(true, 1.0), (true, 2.0)]);
        assert!(!steady.is_within_a_cycle());
        assert_eq!(steady.value(), Some(1.5));
        assert_eq!(Mean::default().value(), None);
    }
}
