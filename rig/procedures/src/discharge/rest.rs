//! A battery that only waits: at a temperature, for a day, or because it may be damaged (5.3, 6.1.1,
//! 6.1.5).

use super::lowest;
use crate::ProcedureError;
use crate::charge::hours;
use crate::drive;
use crate::judging::{Asked, Judge};
use crate::signal::Signal;
use bench::{Bench, Snapshot};
use record::Reading;
use std::time::Duration;

/// A temperature at the battery is reached within this …
const CLOSE_K: f64 = 1.0;
/// … but cells lag behind their case for so long.
const SOAK: Duration = Duration::from_secs(6 * 3600);
/// Longest way to a temperature.
const LONGEST_WAY: Duration = Duration::from_secs(48 * 3600);
/// A battery that only waits is sampled this often.
const IDLE: Duration = Duration::from_secs(60);

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
