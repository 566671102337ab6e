//! Discharging a battery on the bench until the BMS takes the loads off (5.3, 6.1.1, 6.1.4).

use crate::ProcedureError;
use crate::charge::hours;
use crate::drive;
use crate::judging::{Asked, Judge};
use crate::signal::Signal;
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
/// How well the ratio of two charges by one load repeats, in percent of the larger.
const REPEATS: f64 = 0.3;
/// A temperature at the battery is reached within this …
const CLOSE_K: f64 = 1.0;
/// … but cells lag behind their case for so long.
const SOAK: Duration = Duration::from_secs(6 * 3600);
/// Longest way to a temperature.
const LONGEST_WAY: Duration = Duration::from_secs(48 * 3600);
/// A battery that only waits is sampled this often.
const IDLE: Duration = Duration::from_secs(60);

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

/// The table's capacity and energy, a column a model.
const RATINGS: [&str; 10] = [
    "7-01", "7-05", "7-09", "7-13", "7-17", "7-21", "7-25", "7-29", "7-33", "7-37",
];
/// The table's voltage of an empty battery, a column a model.
const EMPTY: [&str; 10] = [
    "7-02", "7-06", "7-10", "7-14", "7-18", "7-22", "7-26", "7-30", "7-34", "7-38",
];

/// Judges the capacity against its rating (6.1.4-01), and against the table of chapter 7.
///
/// # Errors
/// [`ProcedureError::NotPassed`] when it's less; the journal says what that can mean.
pub fn judge_capacity(
    bench: &mut Bench,
    asked: &Asked,
    discharged: &Discharged,
) -> Result<(), ProcedureError> {
    const CLAUSES: [&str; 1] = ["6.1.4-01"];
    discharged.ended()?;
    let parallel = bench.config().device.topology.parallel;
    #[expect(clippy::cast_precision_loss, reason = "a bank has few strings")]
    let rated = bench.battery().capacity.0 * parallel as f64;
    let share = discharged.share_of(rated, 0.0);
    if share.value < bench.bounds("6.1.4-01", "capacity_share")?.0 {
        let good = mean_cell(discharged)?.value >= bench.bounds("6.1.1-02", "mean_cell")?.0;
        bench.note(if good {
            "less capacity than rated, and the battery's voltage still good: one cell is far behind the others, by imbalance or because it is damaged"
        } else {
            "less capacity than rated, and all cells low: the battery is old or wasn't full"
        });
    }
    let mut judge = Judge::new(bench, asked);
    if asked.asks("6.1.4-01") {
        for limit in ["capacity_share", "aged"] {
            judge.reading(&CLAUSES, limit, "capacity to its rating", &share)?;
        }
    }
    if RATINGS.iter().any(|clause| asked.asks(clause)) {
        for limit in ["capacity", "capacity_aged"] {
            judge.reading(&RATINGS, limit, "capacity", &discharged.charge)?;
        }
        judge.reading(&RATINGS, "energy", "energy", &discharged.energy)?;
    }
    judge.done()
}

/// Judges the battery's voltage when the loads went off (7-02 and its like).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when it isn't that of an empty battery.
pub fn judge_empty(
    bench: &mut Bench,
    asked: &Asked,
    discharged: &Discharged,
) -> Result<(), ProcedureError> {
    discharged.ended()?;
    let pack = discharged.last.pack.as_ref();
    let pack = pack.ok_or_else(|| ProcedureError::NotMeasured {
        quantity: "the voltage of the bank".into(),
    })?;
    let mut judge = Judge::new(bench, asked);
    judge.reading(
        &EMPTY,
        "pack",
        "battery when the loads went off",
        &pack.reading("V"),
    )?;
    judge.done()
}

fn mean_cell(discharged: &Discharged) -> Result<Reading, ProcedureError> {
    let battery = discharged.last.lowest_cell().map(|cell| cell.battery);
    let cells = battery
        .and_then(|battery| discharged.last.cells.get(battery.checked_sub(1)?))
        .filter(|cells| !cells.is_empty())
        .ok_or_else(|| ProcedureError::NotMeasured {
            quantity: "the voltage of any cell".into(),
        })?;
    #[expect(clippy::cast_precision_loss, reason = "a battery has few cells")]
    let count = cells.len() as f64;
    let mut mean = lowest(&discharged.last)?.reading("V");
    mean.value = cells.iter().map(|cell| cell.value).sum::<f64>() / count;
    Ok(mean)
}

/// Judges that the battery's voltage was still good when the loads went off (6.1.1-02).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when it wasn't, so that nothing points to cells that are apart.
pub fn judge_still_good(
    bench: &mut Bench,
    asked: &Asked,
    discharged: &Discharged,
) -> Result<(), ProcedureError> {
    discharged.ended()?;
    let mean = mean_cell(discharged)?;
    let mut judge = Judge::new(bench, asked);
    let quantity = "mean of the cells when the loads went off";
    judge.reading(&["6.1.1-02"], "mean_cell", quantity, &mean)?;
    judge.done()
}

/// Judges the capacity in the cold against that at 25 °C (5.3-15).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when it's outside its limits.
pub fn judge_cold(
    bench: &mut Bench,
    asked: &Asked,
    limit: &str,
    warm: &Discharged,
    cold: &Discharged,
) -> Result<(), ProcedureError> {
    warm.ended()?;
    cold.ended()?;
    let mut share = cold.share_of(warm.charge.value, 0.0);
    // The same current by the same load, twice: what its reading is off goes.
    share.uncertainty = REPEATS;
    let mut judge = Judge::new(bench, asked);
    judge.reading(&["5.3-15"], limit, "capacity to that at 25 °C", &share)?;
    if RATINGS.iter().any(|clause| asked.asks(clause)) {
        judge.reading(&RATINGS, limit, "capacity in the cold", &cold.charge)?;
    }
    judge.done()
}

/// Brings the battery to a temperature in the chamber and leaves it there until its cells have it.
///
/// # Errors
/// When it isn't reached; whatever the bench says.
pub fn bring_to(bench: &mut Bench, wanted: units::Celsius) -> Result<(), ProcedureError> {
    bench.set_chamber(wanted)?;
    let arrived = bench.watch(IDLE, LONGEST_WAY, |snapshot| {
        let there = snapshot.temperature.as_ref();
        match there.map(|now| (now.value - wanted.0).abs() <= CLOSE_K) {
            Some(true) => std::ops::ControlFlow::Break(()),
            Some(false) | None => std::ops::ControlFlow::Continue(()),
        }
    })?;
    if arrived.is_none() {
        let now = bench
            .last()
            .temperature
            .as_ref()
            .map_or(f64::NAN, |now| now.value);
        return Err(ProcedureError::NotReached {
            what: format!("{wanted:.1} at the battery"),
            within: LONGEST_WAY,
            found: format!("it is at {:.1}", units::Celsius(now)),
        });
    }
    bench.settle(SOAK, IDLE)?;
    Ok(())
}

/// What a rest showed.
#[derive(Debug, Clone, PartialEq)]
pub struct Rested {
    /// When it began.
    pub begun: Duration,
    /// The end of it.
    pub last: Snapshot,
}

/// Leaves the battery alone, connected to nothing but the meter.
///
/// # Errors
/// Whatever the bench says.
pub fn rest(bench: &mut Bench, time: Duration) -> Result<Rested, ProcedureError> {
    let begun = bench.now();
    bench.settle(time, IDLE)?;
    bench.note(format!("the battery rested for {}", hours(time)));
    Ok(Rested {
        begun,
        last: bench.last().clone(),
    })
}

/// The rest that the manual asks for before a cell is called defective.
///
/// # Errors
/// Whatever the bench says.
pub fn day_of_rest(bench: &mut Bench) -> Result<Rested, ProcedureError> {
    let time = bench.limit_time("6.1.1-04", "hold")?;
    rest(bench, time + IDLE)
}

/// Judges that no cell sagged (6.1.1-04).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when one did: it's defective, and no balancing helps.
pub fn judge_rest(bench: &mut Bench, asked: &Asked, rested: &Rested) -> Result<(), ProcedureError> {
    const CLAUSES: [&str; 1] = ["6.1.1-04"];
    let who = drive::seen_by(bench, Signal::ChargersOff);
    let spread =
        crate::charge::widest(&rested.last).ok_or_else(|| ProcedureError::NotMeasured {
            quantity: "the voltage of any cell".into(),
        })?;
    let mut judge = Judge::new(bench, asked);
    let quantity = "highest less lowest cell after the rest";
    judge.reading(&CLAUSES, "spread", quantity, &spread.reading("V"))?;
    let time = Reading {
        value: rested.last.at.saturating_sub(rested.begun).as_secs_f64(),
        unit: "s".to_owned(),
        uncertainty: 1.0,
        instrument: who,
        at_s: rested.last.at.as_secs_f64(),
    };
    judge.reading(&CLAUSES, "hold", "time of rest", &time)?;
    judge.done()
}

/// Judges that neither a cell nor the battery is so low that it counts as damaged (6.1.5-01).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when one is: the battery is damaged and out of warranty.
pub fn judge_not_damaged(bench: &mut Bench, asked: &Asked) -> Result<(), ProcedureError> {
    const CLAUSES: [&str; 1] = ["6.1.5-01"];
    let cells = bench.battery().cells;
    let series = bench.config().device.topology.series;
    let snapshot = bench.snapshot()?.clone();
    let low = lowest(&snapshot)?.reading("V");
    let mut judge = Judge::new(bench, asked);
    judge.reading(&CLAUSES, "cell", "lowest cell", &low)?;
    let pack = snapshot
        .pack
        .as_ref()
        .ok_or_else(|| ProcedureError::NotMeasured {
            quantity: "the voltage of the bank".into(),
        })?;
    let mut each = pack.reading("V");
    #[expect(clippy::cast_precision_loss, reason = "a bank has few batteries")]
    let strings = series as f64;
    each.value /= strings;
    let limit = if cells == 8 { "pack_24v" } else { "pack_12v" };
    judge.reading(&CLAUSES, limit, "battery", &each)?;
    judge.done()
}

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

/// Judges that a battery so low is marked as damaged and out of warranty (6.1.5-01).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when nothing about it is that low.
pub fn judge_damaged(bench: &mut Bench, asked: &Asked) -> Result<(), ProcedureError> {
    let wide = bench.battery().cells == 8;
    let limit = if wide { "pack_24v" } else { "pack_12v" };
    let (cell_v, _) = bench.bounds("6.1.5-01", "cell")?;
    let (pack_v, _) = bench.bounds("6.1.5-01", limit)?;
    let snapshot = bench.snapshot()?.clone();
    let low = lowest(&snapshot)?.clone();
    let pack = snapshot.pack.as_ref().map_or(f64::NAN, |pack| pack.value);
    let damaged = low.value < cell_v || pack < pack_v;
    let volts = format!("battery {pack:.2} V, lowest cell {:.3} V", low.value);
    if damaged {
        bench.warn(format!("{volts}: lasting damage, out of warranty"));
    }
    let mut judge = Judge::new(bench, asked);
    let found = if damaged { "damaged" } else { "sound" };
    judge.state(&["6.1.5-01"], &volts, "damaged", found, &low.instrument)?;
    judge.done()
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
