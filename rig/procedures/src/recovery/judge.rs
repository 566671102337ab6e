//! Judging what a recovery showed.

use super::RecoveryEnd;
use super::drive::{Recovered, WARMING_NOISE};
use crate::ProcedureError;
use crate::charge::{pull, widest};
use crate::judging::{Asked, Judge};
use bench::{Bench, Snapshot};
use record::{Reading, Verdict};
use std::time::Duration;

impl Recovered {
    /// What a step showed; a recovery that ended before it fails with the reason.
    fn shown<'a, T>(&self, what: Option<&'a T>) -> Result<&'a T, ProcedureError> {
        what.ok_or_else(|| ProcedureError::NotPassed {
            verdict: Verdict::Fail,
            reason: self.end.in_words(),
        })
    }
}

fn seconds(time: Duration, at: Duration) -> Reading {
    Reading {
        value: time.as_secs_f64(),
        unit: "s".to_owned(),
        uncertainty: 1.0,
        instrument: "rig".to_owned(),
        at_s: at.as_secs_f64(),
    }
}

fn set(value: f64, unit: &str, at: Duration) -> Reading {
    Reading {
        value,
        unit: unit.to_owned(),
        uncertainty: 0.0,
        instrument: "charger".to_owned(),
        at_s: at.as_secs_f64(),
    }
}

fn missing(quantity: &str) -> ProcedureError {
    ProcedureError::NotMeasured {
        quantity: quantity.to_owned(),
    }
}

fn lowest(snapshot: &Snapshot) -> Result<Reading, ProcedureError> {
    let cell = snapshot.lowest_cell().ok_or_else(|| missing("any cell"))?;
    Ok(cell.voltage.reading("V"))
}

fn battery(snapshot: &Snapshot) -> Result<Reading, ProcedureError> {
    let pack = snapshot
        .pack
        .as_ref()
        .ok_or_else(|| missing("the battery"))?;
    Ok(pack.reading("V"))
}

fn current(snapshot: &Snapshot) -> Result<Reading, ProcedureError> {
    let charger = snapshot.charger.as_ref();
    let charger = charger.ok_or_else(|| missing("the current of the charger"))?;
    Ok(charger.current.reading("A"))
}

fn share(current: &Reading, capacity: f64) -> Reading {
    Reading {
        value: current.value / capacity * 100.0,
        unit: "%".to_owned(),
        uncertainty: current.uncertainty / capacity * 100.0,
        ..current.clone()
    }
}

fn named(bench: &Bench, four: &'static str, eight: &'static str) -> &'static str {
    if bench.battery().cells == 8 {
        eight
    } else {
        four
    }
}

/// Judges steps 1 and 2: the voltage that is set, and the small current (6.1.5-04, -05).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when one isn't as it must be, or the lowest cell never came up.
pub fn small_current(
    bench: &mut Bench,
    asked: &Asked,
    recovered: &Recovered,
) -> Result<(), ProcedureError> {
    let trickle = recovered.shown(recovered.trickle.as_ref())?;
    let limit = named(bench, "charge_12v", "charge_24v");
    let mut judge = Judge::new(bench, asked);
    let voltage = set(recovered.set_first.0.0, "V", trickle.at);
    judge.reading(&["6.1.5-04"], limit, "voltage that is set", &voltage)?;
    judge.reading(
        &["6.1.5-05"],
        "current",
        "small current",
        &current(trickle)?,
    )?;
    let start = lowest(trickle)?;
    judge.reading(&["6.1.5-05"], "start", "lowest cell at the start", &start)?;
    let awake = match recovered.shown(recovered.awake.as_ref()) {
        Ok(awake) => lowest(awake)?,
        Err(error) => {
            judge.done()?;
            return Err(error);
        }
    };
    let quantity = "lowest cell at the end of the small current";
    judge.reading(&["6.1.5-05"], "until", quantity, &awake)?;
    judge.done()
}

/// Judges steps 4 and 5: the BMS has the charger in its hand, and the voltages are on record
/// (6.1.5-08, -09).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when it hasn't, or they aren't.
pub fn in_hand(
    bench: &mut Bench,
    asked: &Asked,
    recovered: &Recovered,
) -> Result<(), ProcedureError> {
    let age = *recovered.shown(recovered.record_age.as_ref())?;
    pull::judge_off(bench, asked, &recovered.unplugged)?;
    let at = bench.now();
    let mut judge = Judge::new(bench, asked);
    let quantity = "from the record of the voltages to the charger";
    judge.reading(&["6.1.5-09"], "record_age", quantity, &seconds(age, at))?;
    judge.done()
}

/// Judges steps 3 and 8 to 10: the larger current, what each cell gained, and how warm the battery
/// got (6.1.5-07, -11 to -13).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when one isn't as it must be.
pub fn slow_charge(
    bench: &mut Bench,
    asked: &Asked,
    recovered: &Recovered,
) -> Result<(), ProcedureError> {
    let slow = recovered.shown(recovered.slow.as_ref())?;
    let awake = recovered.shown(recovered.awake.as_ref())?;
    let capacity = bench.battery().capacity.0;
    let at = bench.now();
    let mut judge = Judge::new(bench, asked);
    let of_capacity = share(&current(slow)?, capacity);
    judge.reading(
        &["6.1.5-07"],
        "current_share",
        "larger current",
        &of_capacity,
    )?;
    let quantity = "lowest cell before the larger current";
    judge.reading(&["6.1.5-07"], "start", quantity, &lowest(awake)?)?;
    let rate = Reading {
        value: recovered.warming.0,
        unit: "K/min".to_owned(),
        uncertainty: WARMING_NOISE,
        instrument: slow
            .temperature
            .as_ref()
            .map_or("", |t| &t.instrument)
            .to_owned(),
        at_s: recovered.warming.1.as_secs_f64(),
    };
    judge.reading(&["6.1.5-13"], "temperature_rate", "fastest warming", &rate)?;
    let found = match recovered.shown(recovered.risen.as_ref()) {
        Ok(risen) => risen,
        Err(error) => {
            judge.done()?;
            return Err(error);
        }
    };
    for (first, now) in slow.all_cells().zip(found.all_cells()) {
        // One channel of one meter, within half an hour: its gain and offset go.
        let mut gained = now.voltage.reading("V");
        gained.value -= first.voltage.value;
        gained.uncertainty = RESOLUTION_V;
        let quantity = format!("rise of cell {} in the first half hour", now.cell);
        judge.reading(&["6.1.5-12"], "rise", &quantity, &gained)?;
    }
    let time = seconds(found.at.saturating_sub(slow.at), found.at);
    let short = Reading {
        // The sample at the end of the window is the first one after it.
        value: time.value - SAMPLE_S,
        uncertainty: 0.0,
        ..time
    };
    judge.reading(&["6.1.5-12"], "window", "time for that rise", &short)?;
    let gap = seconds(recovered.interval, at);
    let quantity = "longest time without a note of the voltages";
    judge.reading(&["6.1.5-11"], "interval", quantity, &gap)?;
    judge.done()
}

/// Change of a voltage that the meter tells within half an hour, in volts.
const RESOLUTION_V: f64 = 0.0003;
/// Samples of a charge are so far apart, in seconds.
const SAMPLE_S: f64 = 10.0;

/// Judges steps 7 and 11 to 14: that the charger stopped for the BMS each time and for nothing
/// else, the full charge, and cells that agree after it (6.1.5-10, -14 to -16).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when one isn't as it must be.
pub fn full_charge(
    bench: &mut Bench,
    asked: &Asked,
    recovered: &Recovered,
) -> Result<(), ProcedureError> {
    let up = recovered.shown(recovered.up.as_ref())?;
    let (voltage, _) = *recovered.shown(recovered.set_full.as_ref())?;
    let most = recovered.shown(recovered.most.as_ref())?;
    let (since, full) = recovered.shown(recovered.full.as_ref())?;
    let capacity = bench.battery().capacity.0;
    let reached = named(bench, "reached_12v", "reached_24v");
    let charge = named(bench, "charge_12v", "charge_24v");
    let mut judge = Judge::new(bench, asked);
    let step = ["6.1.5-14"];
    judge.reading(
        &step,
        reached,
        "battery at the end of the slow charge",
        &battery(up)?,
    )?;
    let quantity = format!(
        "charger in both charges, with {} interruptions by the BMS",
        recovered.interruptions
    );
    let wanted = "stopped by the BMS alone";
    let found = match (recovered.unexplained, recovered.ignored) {
        (0, 0) => wanted.to_owned(),
        (stops, 0) => format!("stopped {stops} times although it was allowed"),
        (_, samples) => format!("running in {samples} samples although it was not allowed"),
    };
    judge.state(&["6.1.5-10"], &quantity, wanted, &found, "charger")?;
    let set = set(voltage.0, "V", up.at);
    judge.reading(&step, charge, "voltage that is set then", &set)?;
    let of_capacity = share(&current(most)?, capacity);
    judge.reading(&step, "current_share", "highest current", &of_capacity)?;
    let held = seconds(full.at.saturating_sub(*since), full.at);
    judge.reading(&["6.1.5-15"], "hold", "time on the charger", &held)?;
    let spread = widest(full).ok_or_else(|| missing("any cell"))?;
    let quantity = "highest less lowest cell after it";
    judge.reading(&["6.1.5-16"], "spread", quantity, &spread.reading("V"))?;
    judge.done()
}

/// Judges steps 15 to 18: both rests (6.1.5-17 to -20).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when voltages fell or cells went apart.
pub fn rests(
    bench: &mut Bench,
    asked: &Asked,
    recovered: &Recovered,
) -> Result<(), ProcedureError> {
    let pack = named(bench, "pack_12v", "pack_24v");
    let typical = named(bench, "pack_12v_typical", "pack_24v_typical");
    let usual = bench.bounds("6.1.5-18", typical)?.0;
    let mut judge = Judge::new(bench, asked);
    for (hold, check, rest, name) in [
        ("6.1.5-17", "6.1.5-18", &recovered.few, "the first rest"),
        ("6.1.5-19", "6.1.5-20", &recovered.day, "the second rest"),
    ] {
        let Some((since, end)) = rest else { continue };
        let held = seconds(end.at.saturating_sub(*since), end.at);
        judge.reading(&[hold], "hold", name, &held)?;
        let volts = battery(end)?;
        if volts.value < usual {
            judge
                .bench()
                .note(format!("{volts} after {name} is less than usual"));
        }
        judge.reading(&[check], pack, &format!("battery after {name}"), &volts)?;
        let spread = widest(end).ok_or_else(|| missing("any cell"))?;
        let quantity = format!("highest less lowest cell after {name}");
        judge.reading(&[check], "spread", &quantity, &spread.reading("V"))?;
    }
    if recovered.day.is_some() || recovered.few.is_some() {
        judge.done()?;
    }
    match recovered.end {
        RecoveryEnd::Through => Ok(()),
        end => Err(ProcedureError::NotPassed {
            verdict: Verdict::Fail,
            reason: end.in_words(),
        }),
    }
}
