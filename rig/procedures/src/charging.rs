//! Charging a battery whose cells are apart, on the bench (6.2.1).

use crate::ProcedureError;
use crate::cables::charge_voltage;
use crate::cycling::{ChargeSample, Cycles, Cycling, CyclingEnd, CyclingLimits, Return, Stop};
use crate::drive;
use crate::judging::{Asked, Judge};
use crate::sanity;
use crate::signal::Signal;
use crate::words;
use bench::{Bench, Contact, Measured, Snapshot};
use record::{Reading, Verdict};
use std::time::Duration;
use units::Volts;

/// From this cell voltage on a charge is sampled as fast as contacts can be: the last stretch
/// before the charger goes off is short.
const STEEP: Volts = Volts(3.45);
/// Until then a charge is sampled this often.
const FLAT_PERIOD: Duration = Duration::from_secs(5);
/// While the charger is off, cells move slowly.
const OFF_PERIOD: Duration = Duration::from_millis(500);
/// How long a charge may take to its first interruption.
const FIRST: Duration = Duration::from_secs(6 * 3600);
/// A cell so far above the charge limit, with the charger still on, ends the charge: more than it
/// gains in the time that the charger may take to go off, and long before it is harmed.
const OVERSHOOT: Volts = Volts(0.05);
/// After the charge, until hardly any current flows.
const AT_REST: Duration = Duration::from_secs(2);
/// How many times the longest cycle each part may take before it's given up.
const PATIENCE: u32 = 3;

/// Statements with a cell voltage at which the charger goes off.
const STOPS: [&str; 3] = ["6.2.1-01", "6.1.3-02", "6.2.2-01"];

/// What a charge with interruptions showed.
#[derive(Debug, Clone, PartialEq)]
pub struct Charged {
    /// Every stop and every return.
    pub cycles: Cycles,
    /// How it ended.
    pub end: CyclingEnd,
    /// Uncertainty of a cell voltage, in volts.
    pub cell_uncertainty_v: f64,
    /// Who measured the cells.
    pub instrument: String,
}

/// Charges at the recommended current until the BMS has stopped the charger and let it come back
/// `cycles` times, and stopped it once more.
///
/// # Errors
/// When a contact or the cells can't be read; whatever the bench says.
pub fn through_interruptions(bench: &mut Bench, cycles: usize) -> Result<Charged, ProcedureError> {
    let parallel = bench.config().device.topology.parallel;
    #[expect(clippy::cast_precision_loss, reason = "a bank has few strings")]
    let current = bench.battery().recommended_charge_current * parallel as f64;
    let limits = CyclingLimits {
        cycles,
        first: FIRST,
        each: bench.limit_time("6.2.1-03", "cycle_period")? * PATIENCE,
        highest_v: bench.bounds("6.2.1-01", "threshold")?.1 + OVERSHOOT.0,
    };
    let voltage = charge_voltage(bench);
    bench.start_charging(voltage, current)?;
    let (first, cell) = sample(bench.snapshot()?)?;
    let mut seen = Cycles::default();
    let mut cycling = Cycling::start(first);
    let mut cell = cell;
    loop {
        let period = match cycling {
            Cycling::Charging { last, .. } if last.highest_v < STEEP.0 => FLAT_PERIOD,
            Cycling::Charging { .. } => drive::sample_period(bench),
            Cycling::Stopped { .. } => OFF_PERIOD,
            Cycling::Over(end) => {
                bench.stop_charging()?;
                // While current flows, bars hide a meter that is off; nobody is judged by one.
                bench.sleep(AT_REST)?;
                bench.snapshot()?;
                sanity::cells_and_bank(bench)?;
                bench.note(format!(
                    "the BMS stopped the charger {} times",
                    seen.stops.len()
                ));
                return Ok(Charged {
                    cycles: seen,
                    end,
                    cell_uncertainty_v: cell.uncertainty,
                    instrument: cell.instrument.to_string(),
                });
            }
        };
        bench.sleep(period)?;
        let (now, highest) = sample(bench.snapshot()?)?;
        cell = highest;
        cycling = cycling.next(&limits, now, &mut seen);
        sanity::cells_and_bank(bench)?;
    }
}

fn sample(snapshot: &Snapshot) -> Result<(ChargeSample, Measured), ProcedureError> {
    let missing = |quantity: &str| ProcedureError::NotMeasured {
        quantity: quantity.to_owned(),
    };
    let highest = snapshot
        .highest_cell()
        .ok_or_else(|| missing("the voltage of any cell"))?;
    let spread = snapshot
        .spread(highest.battery)
        .ok_or_else(|| missing("the voltage of any cell"))?;
    let allowed = snapshot
        .contact(Contact::Charge)
        .ok_or_else(|| ProcedureError::Unreadable {
            contact: Contact::Charge.to_string(),
            what: "when the charger goes off".into(),
        })?;
    let sample = ChargeSample {
        at: snapshot.contacts.at,
        allowed,
        highest_v: highest.voltage.value,
        spread_v: spread.value,
    };
    Ok((sample, highest.voltage.clone()))
}

impl Charged {
    fn complete(&self) -> Result<(), ProcedureError> {
        let reason = match self.end {
            CyclingEnd::Complete => return Ok(()),
            CyclingEnd::NeverStopped if self.cycles.stops.is_empty() => {
                "the BMS never stopped the charger".to_owned()
            }
            CyclingEnd::NeverStopped => format!(
                "the BMS stopped the charger {} times and then no more",
                self.cycles.stops.len()
            ),
            CyclingEnd::NeverBack => "the charger did not come back".to_owned(),
            CyclingEnd::NotObeyed { highest_v, .. } => {
                format!("the charger was still on with a cell at {highest_v:.3} V")
            }
        };
        Err(ProcedureError::NotPassed {
            verdict: Verdict::Fail,
            reason,
        })
    }

    fn volts(&self, value: f64, uncertainty: f64, at: Duration) -> Reading {
        Reading {
            value,
            unit: "V".to_owned(),
            uncertainty,
            instrument: self.instrument.clone(),
            at_s: at.as_secs_f64(),
        }
    }

    /// Where the highest cell was when the battery took its signal back: up to the allowed
    /// response earlier than the contact opened.
    fn stop_voltage(&self, stop: &Stop, response: Duration) -> Reading {
        let step = stop.edge.after.saturating_sub(stop.edge.before);
        let highest = stop.highest_v + stop.rising_v_per_s * step.as_secs_f64();
        let lowest = stop.highest_v - stop.rising_v_per_s * response.as_secs_f64();
        self.volts(
            f64::midpoint(highest, lowest),
            (highest - lowest) / 2.0 + self.cell_uncertainty_v,
            stop.edge.after,
        )
    }

    /// Where the highest cell was when the battery gave its signal back.
    fn return_voltage(&self, back: &Return, response: Duration) -> Reading {
        let step = back.edge.after.saturating_sub(back.edge.before);
        let lowest = back.highest_v - back.falling_v_per_s * step.as_secs_f64();
        let highest = back.highest_v + back.falling_v_per_s * response.as_secs_f64();
        self.volts(
            f64::midpoint(highest, lowest),
            (highest - lowest) / 2.0 + self.cell_uncertainty_v,
            back.edge.after,
        )
    }
}

/// Judges the voltage of the leading cell each time the charger went off (6.2.1-01).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when it isn't within the limits, or the charger never went off.
pub fn judge_stops(
    bench: &mut Bench,
    asked: &Asked,
    charged: &Charged,
) -> Result<(), ProcedureError> {
    let response = bench.limit_time("6.2.1-01", "response")?;
    if let CyclingEnd::NotObeyed { highest_v, at } = charged.end {
        let reading = charged.volts(highest_v, charged.cell_uncertainty_v, at);
        let mut judge = Judge::new(bench, asked);
        let quantity = "leading cell with the charger still on";
        judge.reading(&STOPS, "threshold", quantity, &reading)?;
        judge.done()?;
    }
    charged.complete()?;
    let mut judge = Judge::new(bench, asked);
    for (number, stop) in (1..).zip(&charged.cycles.stops) {
        let quantity = format!("leading cell at interruption {number}");
        let reading = charged.stop_voltage(stop, response);
        judge.reading(&STOPS, "threshold", &quantity, &reading)?;
    }
    judge.done()
}

/// Judges the voltage of the leading cell each time the charger came back (6.2.1-02).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when it isn't within the limits.
pub fn judge_returns(
    bench: &mut Bench,
    asked: &Asked,
    charged: &Charged,
) -> Result<(), ProcedureError> {
    charged.complete()?;
    let response = bench.limit_time("6.2.1-02", "response")?;
    let mut judge = Judge::new(bench, asked);
    // In the first interruption, which ends a charge, the cell falls too fast to tell where it was
    // when the BMS decided.
    for (number, back) in (1..).zip(&charged.cycles.returns).skip(1) {
        let quantity =
            format!("leading cell when the charger came back from interruption {number}");
        let reading = charged.return_voltage(back, response);
        judge.reading(&["6.2.1-02"], "release", &quantity, &reading)?;
    }
    judge.done()
}

/// Judges the period of the interruptions (6.2.1-03) and how soon the charger had to stop again
/// (6.2.1-04). A period that isn't typical is remarked on.
///
/// # Errors
/// [`ProcedureError::NotPassed`] when one is outside its limits.
pub fn judge_times(
    bench: &mut Bench,
    asked: &Asked,
    charged: &Charged,
) -> Result<(), ProcedureError> {
    charged.complete()?;
    let who = drive::seen_by(bench, Signal::ChargersOff);
    let (shortest, longest) = bench.bounds("6.2.1-03", "cycle_typical")?;
    if let [one, next, ..] = charged.cycles.stops.as_slice() {
        let period = next.edge.after_edge(one.edge, &who);
        bench.note(format!(
            "from the first interruption to the next {period}: without verdict, the cycling only begins"
        ));
    }
    let mut judge = Judge::new(bench, asked);
    let stops = &charged.cycles.stops;
    // The first interruption ends a charge, not a cycle: what was charged last still spreads within
    // the cell, which then falls faster than in the cycles that follow.
    for (number, pair) in (1..).zip(stops.windows(2)).skip(1) {
        let [one, next] = pair else { continue };
        let period = next.edge.after_edge(one.edge, &who);
        let quantity = format!("from interruption {number} to the next");
        judge.reading(&["6.2.1-03"], "cycle_period", &quantity, &period)?;
        if !(shortest..=longest).contains(&period.value) {
            judge.bench().note(format!(
                "{quantity} {period}: not typical, which is {shortest} s to {longest} s"
            ));
        }
    }
    for (number, (back, next)) in (1..).zip(charged.cycles.returns.iter().zip(stops.iter().skip(1)))
    {
        let on = next.edge.after_edge(back.edge, &who);
        let quantity = format!("time with the charger on after interruption {number}");
        judge.reading(&["6.2.1-04"], "on_time", &quantity, &on)?;
    }
    judge.done()
}

/// Judges that the cells came closer while the charger was off (6.2.1-05).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when they didn't.
pub fn judge_spread(
    bench: &mut Bench,
    asked: &Asked,
    charged: &Charged,
) -> Result<(), ProcedureError> {
    charged.complete()?;
    let mut judge = Judge::new(bench, asked);
    let pairs = charged.cycles.stops.iter().zip(&charged.cycles.returns);
    for (number, (stop, back)) in (1..).zip(pairs) {
        let off = words::time(Duration::from_secs(
            back.edge.after.saturating_sub(stop.edge.after).as_secs(),
        ));
        let quantity = format!("drop of the spread in interruption {number} ({off})");
        let drop = charged.volts(
            stop.spread_v - back.spread_v,
            // Two spreads of two readings each, by one meter.
            2.0 * charged.cell_uncertainty_v,
            back.edge.after,
        );
        judge.reading(&["6.2.1-05"], "spread_drop", &quantity, &drop)?;
    }
    judge.done()
}

#[cfg(test)]
mod tests {
    use super::Charged;
    use crate::cycling::{Cycles, CyclingEnd, Return, Stop};
    use crate::edge::Edge;
    use std::time::Duration;

    fn charged(end: CyclingEnd, stops: usize) -> Charged {
        Charged {
            cycles: Cycles {
                stops: vec![stop(); stops],
                returns: Vec::new(),
            },
            end,
            cell_uncertainty_v: 0.001,
            instrument: "daq".into(),
        }
    }

    fn edge() -> Edge {
        Edge {
            before: Duration::from_millis(900),
            after: Duration::from_secs(1),
        }
    }

    fn stop() -> Stop {
        Stop {
            edge: edge(),
            highest_v: 3.753,
            rising_v_per_s: 0.010,
            spread_v: 0.3,
        }
    }

    #[test]
    fn the_way_from_signal_to_contact_is_in_the_uncertainty() {
        let charged = charged(CyclingEnd::Complete, 1);
        let reading = charged.stop_voltage(&stop(), Duration::from_millis(500));
        assert_eq!(reading.to_string(), "3.7510 V ± 0.0040 V");
        let back = Return {
            edge: edge(),
            highest_v: 3.599,
            falling_v_per_s: 0.001,
            spread_v: 0.1,
        };
        let reading = charged.return_voltage(&back, Duration::from_secs(5));
        assert_eq!(reading.to_string(), "3.6014 V ± 0.0036 V");
    }

    #[test]
    fn a_charge_without_interruptions_fails_with_the_reason() {
        for (end, stops, reason) in [
            (
                CyclingEnd::NeverStopped,
                0,
                "the BMS never stopped the charger",
            ),
            (
                CyclingEnd::NotObeyed {
                    highest_v: 3.8204,
                    at: Duration::from_secs(300),
                },
                0,
                "the charger was still on with a cell at 3.820 V",
            ),
            (
                CyclingEnd::NeverStopped,
                2,
                "the BMS stopped the charger 2 times and then no more",
            ),
            (CyclingEnd::NeverBack, 1, "the charger did not come back"),
        ] {
            let error = charged(end, stops)
                .complete()
                .expect_err("it isn't complete");
            assert_eq!(error.to_string(), reason);
            assert_eq!(error.verdict(), record::Verdict::Fail);
        }
    }
}
