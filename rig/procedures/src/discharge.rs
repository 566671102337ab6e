//! Discharging a battery on the bench until the BMS takes the loads off (5.3, 6.1.1, 6.1.4).

mod judge;
mod reserve;
mod rest;

pub use judge::{judge_capacity, judge_cold, judge_empty, judge_still_good};
pub use reserve::{judge_reserve, reserve};
pub use rest::{Rested, bring_to, day_of_rest, judge_damaged, judge_not_damaged, judge_rest, rest};

use crate::ProcedureError;
use crate::charge::hours;
use api::LoadMode;
use bench::{Bench, Contact, Measured, Snapshot};
use record::{Reading, Verdict};
use std::time::Duration;
use units::{Kelvin, Volts};

/// A discharge is sampled this often where little can happen …
const SLOW: Duration = Duration::from_secs(10);
/// … and this often with a cell below …
const BRISK: Duration = Duration::from_millis(500);
/// … this.
const STEEP: Volts = Volts(3.15);
/// Longer than any discharge at the recommended current can take.
const LONGEST: Duration = Duration::from_secs(3 * 3600);
/// At the recommended current a battery warms itself by tens of kelvin in an hour; at so much less
/// it keeps the temperature that it is tested at.
const GENTLY: f64 = 10.0;
/// A cell so far below where loads must be off ends the discharge: before it is harmed.
const FAR_BELOW: Volts = Volts(0.15);
/// So much warmer than the air are cells in the cold at that smaller current.
const SELF_HEATING: Kelvin = Kelvin(2.5);

/// How a discharge ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum DischargeEnd {
    /// The BMS took the loads off.
    LoadsOff,
    /// A cell was far too low with the loads still on, in volts.
    NotObeyed(f64),
    /// Nothing came of it in time.
    TooLong,
}

/// What one sample says of a discharge.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DischargeSample {
    /// When.
    pub at: Duration,
    /// Whether the load contact allows discharging.
    pub allowed: bool,
    /// Out of the bank, in amperes.
    pub current_a: f64,
    /// Of the bank, in volts.
    pub bank_v: f64,
    /// Lowest cell, in volts.
    pub lowest_v: f64,
}

/// Where a discharge stands: the charge that came out so far, in ampere hours.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Discharging {
    /// Going on.
    On {
        /// Since when.
        begun: Duration,
        /// The newest sample.
        last: DischargeSample,
        /// What came out, in ampere hours.
        charge_ah: f64,
        /// And in watt hours.
        energy_wh: f64,
    },
    /// It's over.
    Over {
        /// How.
        end: DischargeEnd,
        /// When.
        at: Duration,
        /// What came out, in ampere hours.
        charge_ah: f64,
        /// And in watt hours.
        energy_wh: f64,
    },
}

impl Discharging {
    /// From the first sample.
    #[must_use]
    pub fn start(first: DischargeSample) -> Self {
        Self::On {
            begun: first.at,
            last: first,
            charge_ah: 0.0,
            energy_wh: 0.0,
        }
    }

    /// After one more sample. The way of a current between two samples is a straight line; one
    /// that the BMS ended flowed for half of the time.
    #[must_use]
    pub fn next(self, sample: DischargeSample, abort_v: f64, longest: Duration) -> Self {
        let Self::On {
            begun,
            last,
            charge_ah,
            energy_wh,
        } = self
        else {
            return self;
        };
        let step_h = sample.at.saturating_sub(last.at).as_secs_f64() / 3600.0;
        let charge_ah = charge_ah + f64::midpoint(last.current_a, sample.current_a) * step_h;
        let power_w = |sample: &DischargeSample| sample.current_a * sample.bank_v;
        let energy_wh = energy_wh + f64::midpoint(power_w(&last), power_w(&sample)) * step_h;
        let over = |end| Self::Over {
            end,
            at: sample.at,
            charge_ah,
            energy_wh,
        };
        if !sample.allowed {
            over(DischargeEnd::LoadsOff)
        } else if sample.lowest_v <= abort_v {
            over(DischargeEnd::NotObeyed(sample.lowest_v))
        } else if sample.at >= begun + longest {
            over(DischargeEnd::TooLong)
        } else {
            Self::On {
                begun,
                last: sample,
                charge_ah,
                energy_wh,
            }
        }
    }
}

/// What a discharge showed.
#[derive(Debug, Clone, PartialEq)]
pub struct Discharged {
    /// How it ended.
    pub end: DischargeEnd,
    /// What came out, in ampere hours.
    pub charge: Reading,
    /// And in watt hours.
    pub energy: Reading,
    /// The last sample with the loads on.
    pub last: Snapshot,
}

/// Discharges the bank at its recommended current until the loads go off.
///
/// # Errors
/// When contacts, cells or currents can't be read; whatever the bench says.
pub fn until_loads_off(bench: &mut Bench) -> Result<Discharged, ProcedureError> {
    discharge(bench, 1.0)
}

/// The same at a tenth of that current. In a chamber the air is kept so much colder that the cells
/// have the temperature that they were brought to.
///
/// # Errors
/// As [`until_loads_off`].
pub fn gently(bench: &mut Bench) -> Result<Discharged, ProcedureError> {
    if let Some(air) = bench.last().outputs.chamber {
        bench.set_chamber(air - SELF_HEATING)?;
    }
    discharge(bench, GENTLY)
}

fn discharge(bench: &mut Bench, slower: f64) -> Result<Discharged, ProcedureError> {
    let parallel = bench.config().device.topology.parallel;
    #[expect(clippy::cast_precision_loss, reason = "a bank has few strings")]
    let current = bench.battery().recommended_discharge_current * (parallel as f64 / slower);
    let abort_v = bench.config().device.settings.discharge_cutoff.0 - FAR_BELOW.0;
    bench.start_load(LoadMode::Current(current))?;
    let begun = bench.now();
    let (first, _) = sample(bench.snapshot()?)?;
    let mut state = Discharging::start(first);
    let mut last = bench.last().clone();
    loop {
        let low = lowest(&last)?.value < STEEP.0;
        bench.sleep(if low { BRISK } else { SLOW })?;
        let snapshot = bench.snapshot()?;
        let (now, accuracy) = sample(snapshot)?;
        if now.allowed {
            last = snapshot.clone();
        }
        state = state.next(now, abort_v, LONGEST.mul_f64(slower));
        if let Discharging::Over {
            end,
            at,
            charge_ah,
            energy_wh,
        } = state
        {
            bench.stop_load()?;
            let time_h = at.saturating_sub(begun).as_secs_f64() / 3600.0;
            bench.note(format!(
                "{charge_ah:.2} Ah came out within {}: {end:?}",
                hours(at.saturating_sub(begun))
            ));
            let who = last
                .load
                .as_ref()
                .map(|port| port.current.instrument.to_string());
            let charge = Reading {
                value: charge_ah,
                unit: "Ah".to_owned(),
                uncertainty: accuracy * time_h + current.0 * BRISK.as_secs_f64() / 3600.0,
                instrument: who.unwrap_or_default(),
                at_s: at.as_secs_f64(),
            };
            return Ok(Discharged {
                end,
                energy: Reading {
                    value: energy_wh,
                    unit: "Wh".to_owned(),
                    // Voltages are known far better than the current.
                    uncertainty: charge.uncertainty / charge_ah.max(1e-9) * energy_wh,
                    ..charge.clone()
                },
                charge,
                last,
            });
        }
    }
}

fn lowest(snapshot: &Snapshot) -> Result<&Measured, ProcedureError> {
    let missing = || ProcedureError::NotMeasured {
        quantity: "the voltage of any cell".into(),
    };
    Ok(snapshot.lowest_cell().ok_or_else(missing)?.voltage)
}

/// The sample, and how far its current can be trusted in amperes.
fn sample(snapshot: &Snapshot) -> Result<(DischargeSample, f64), ProcedureError> {
    let allowed = snapshot.contact(Contact::Load);
    let allowed = allowed.ok_or_else(|| ProcedureError::Unreadable {
        contact: Contact::Load.to_string(),
        what: "when the loads go off".into(),
    })?;
    let port = snapshot
        .load
        .as_ref()
        .ok_or_else(|| ProcedureError::NotMeasured {
            quantity: "the current of the load".into(),
        })?;
    let sample = DischargeSample {
        at: snapshot.contacts.at,
        allowed,
        current_a: port.current.value,
        bank_v: snapshot.pack.as_ref().map_or(f64::NAN, |pack| pack.value),
        lowest_v: lowest(snapshot)?.value,
    };
    Ok((sample, port.current.uncertainty))
}

impl Discharged {
    fn ended(&self) -> Result<(), ProcedureError> {
        let reason = match self.end {
            DischargeEnd::LoadsOff => return Ok(()),
            DischargeEnd::NotObeyed(lowest_v) => {
                format!("the loads were still on with a cell at {lowest_v:.3} V")
            }
            DischargeEnd::TooLong => "the loads never went off".to_owned(),
        };
        Err(ProcedureError::NotPassed {
            verdict: Verdict::Fail,
            reason,
        })
    }

    /// In percent of another charge in ampere hours.
    fn share_of(&self, whole_ah: f64, uncertainty_ah: f64) -> Reading {
        let share = self.charge.value / whole_ah;
        let off = (self.charge.uncertainty / self.charge.value.max(1e-9))
            .hypot(uncertainty_ah / whole_ah);
        Reading {
            value: share * 100.0,
            unit: "%".to_owned(),
            uncertainty: share * off * 100.0,
            ..self.charge.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{DischargeEnd, DischargeSample, Discharging};
    use std::time::Duration;

    fn sample(at: u64, allowed: bool, current_a: f64, lowest_v: f64) -> DischargeSample {
        DischargeSample {
            at: Duration::from_secs(at),
            allowed,
            current_a,
            bank_v: 12.8,
            lowest_v,
        }
    }

    fn run(samples: &[DischargeSample]) -> Discharging {
        let mut state = Discharging::start(sample(0, true, 100.0, 3.3));
        for one in samples {
            state = state.next(*one, 2.65, Duration::from_secs(7200));
        }
        state
    }

    #[test]
    fn charge_is_counted_until_the_loads_go_off() {
        let end = run(&[
            sample(1800, true, 100.0, 3.2),
            sample(3600, true, 100.0, 2.9),
            sample(3636, false, 0.0, 2.9),
            sample(9999, true, 100.0, 2.0),
        ]);
        let wanted = Discharging::Over {
            end: DischargeEnd::LoadsOff,
            at: Duration::from_secs(3636),
            charge_ah: 100.5,
            energy_wh: 1286.4,
        };
        assert_eq!(end, wanted);
    }

    #[test]
    fn a_cell_that_gets_too_low_and_a_discharge_without_end_are_ends_too() {
        for (last, wanted) in [
            (sample(60, true, 100.0, 2.65), DischargeEnd::NotObeyed(2.65)),
            (sample(7200, true, 100.0, 3.2), DischargeEnd::TooLong),
        ] {
            match run(&[last]) {
                Discharging::Over { end, .. } => assert_eq!(end, wanted),
                on @ Discharging::On { .. } => panic!("{on:?}"),
            }
        }
    }
}
