//! Looks at batteries before something is done with them, and at what reaches them (1.2, 4.5.3,
//! 4.7.5, 4.8).

use crate::ProcedureError;
use crate::cables::charge_voltage;
use crate::charge::in_words;
use crate::judging::{Asked, Judge};
use api::{BalancerStatus, LoadMode};
use bench::Bench;
use record::{Reading, Verdict};
use std::time::Duration;

/// Until the charger holds the battery at float with a load on it.
const UNTIL_STEADY: Duration = Duration::from_secs(1800);
/// It's sampled this often meanwhile.
const PERIOD: Duration = Duration::from_secs(10);
/// A discharge limit so far below the default is nearer to the lowest that can be set, in volts.
const MIDDLE: f64 = 0.1;
/// The load that takes a full battery down to float, as a share of its recommended current.
const LIGHT: f64 = 0.1;

/// Why a battery gets no ordinary charge, if it doesn't (1.2-05).
///
/// # Errors
/// When cells or battery aren't measured; whatever the bench says.
pub fn refusal(bench: &mut Bench) -> Result<Option<String>, ProcedureError> {
    let wide = bench.battery().cells == 8;
    let limit = if wide { "pack_24v" } else { "pack_12v" };
    let (cell_v, _) = bench.bounds("1.2-05", "cell")?;
    let (battery_v, _) = bench.bounds("1.2-05", limit)?;
    let series = bench.config().device.topology.series;
    #[expect(clippy::cast_precision_loss, reason = "a bank has few batteries")]
    let strings = series as f64;
    let snapshot = bench.snapshot()?;
    let missing = |quantity: &str| ProcedureError::NotMeasured {
        quantity: quantity.to_owned(),
    };
    let low = snapshot.lowest_cell().ok_or_else(|| missing("any cell"))?;
    let pack = snapshot.pack.as_ref().ok_or_else(|| missing("the bank"))?;
    let each_v = pack.value / strings;
    // What isn't a number is no reason to charge.
    let fit = low.voltage.value >= cell_v && each_v >= battery_v;
    Ok((!fit).then(|| {
        format!(
            "battery {each_v:.2} V, lowest cell {:.3} V: only a recovery is on offer",
            low.voltage.value
        )
    }))
}

/// Judges that an ordinary charge of this battery is refused (1.2-05).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when it isn't.
pub fn judge_refused(bench: &mut Bench, asked: &Asked) -> Result<(), ProcedureError> {
    let refusal = refusal(bench)?;
    let found = if refusal.is_some() {
        "refused"
    } else {
        "begun"
    };
    let why = refusal.unwrap_or_else(|| "nothing speaks against it".into());
    bench.note(why.clone());
    let mut judge = Judge::new(bench, asked);
    let quantity = format!("ordinary charge ({why})");
    judge.state(&["1.2-05"], &quantity, "refused", found, "rig")?;
    judge.done()
}

/// Judges that every battery of a string says just now that it is balanced (4.5.3-01).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when one isn't, or nobody has heard of it lately.
pub fn judge_string(bench: &mut Bench, asked: &Asked) -> Result<(), ProcedureError> {
    const CLAUSES: [&str; 1] = ["4.5.3-01"];
    let snapshot = bench.snapshot()?.clone();
    let wanted = in_words(BalancerStatus::Balanced);
    let mut judge = Judge::new(bench, asked);
    for (number, heard) in (1..).zip(&snapshot.batteries) {
        let quantity = format!("battery {number} of the string");
        let status = heard
            .as_ref()
            .and_then(|heard| Some((heard.received, heard.report.balancer?)));
        let Some((received, status)) = status else {
            judge.missing(&CLAUSES, &quantity, wanted, "no report says so")?;
            continue;
        };
        judge.state(&CLAUSES, &quantity, wanted, in_words(status), "radio")?;
        let age = Reading {
            value: snapshot.at.saturating_sub(received).as_secs_f64(),
            unit: "s".to_owned(),
            uncertainty: 0.1,
            instrument: "radio".to_owned(),
            at_s: snapshot.at.as_secs_f64(),
        };
        let quantity = format!("age of the report of battery {number}");
        judge.reading(&CLAUSES, "report_age", &quantity, &age)?;
    }
    judge.done()
}

/// What reached the bank at each of a charger's voltages.
#[derive(Debug, Clone, PartialEq)]
pub struct Arrived {
    /// At the end of absorption.
    pub absorption: Reading,
    /// In float, with a load that has taken the bank down to it.
    pub float: Reading,
}

/// Charges for a while at the absorption voltage, then at float with a light load.
///
/// # Errors
/// When the bank isn't measured; whatever the bench says.
pub fn both_voltages(bench: &mut Bench) -> Result<Arrived, ProcedureError> {
    let topology = bench.config().device.topology;
    #[expect(clippy::cast_precision_loss, reason = "a bank has few batteries")]
    let (series, parallel) = (topology.series as f64, topology.parallel as f64);
    let current = bench.battery().recommended_charge_current * parallel;
    let absorption = charge_voltage(bench);
    let float = bench.battery().float_voltage * series;
    let light = bench.battery().recommended_discharge_current * LIGHT;
    bench.start_charging(absorption, current)?;
    bench.settle(UNTIL_STEADY, PERIOD)?;
    let absorption = bank(bench)?;
    bench.start_charging(float, current)?;
    bench.start_load(LoadMode::Current(light))?;
    bench.settle(UNTIL_STEADY, PERIOD)?;
    let float = bank(bench)?;
    bench.stop_load()?;
    bench.stop_charging()?;
    Ok(Arrived { absorption, float })
}

fn bank(bench: &Bench) -> Result<Reading, ProcedureError> {
    let pack = bench.last().pack.as_ref();
    let pack = pack.ok_or_else(|| ProcedureError::NotMeasured {
        quantity: "the voltage of the bank".into(),
    })?;
    Ok(pack.reading("V"))
}

/// Judges that what a charger is set to arrives (4.8-03).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when it doesn't.
pub fn judge_arrived(
    bench: &mut Bench,
    asked: &Asked,
    arrived: &Arrived,
) -> Result<(), ProcedureError> {
    const CLAUSES: [&str; 1] = ["4.8-03"];
    let series = bench.config().device.topology.series;
    let wide = bench.battery().cells == 8 || series > 1;
    let name = |four: &'static str, eight: &'static str| if wide { eight } else { four };
    let mut judge = Judge::new(bench, asked);
    let limit = name("absorption_12v", "absorption_24v");
    judge.reading(&CLAUSES, limit, "bank in absorption", &arrived.absorption)?;
    let limit = name("float_12v", "float_24v");
    judge.reading(
        &CLAUSES,
        limit,
        "bank in float, under a load",
        &arrived.float,
    )?;
    judge.done()
}

/// Judges the reserve against what 4.7.5 says of the setting in force.
///
/// # Errors
/// [`ProcedureError::NotPassed`] when it's outside, or the loads never had to go off.
pub fn judge_reserve(
    bench: &mut Bench,
    asked: &Asked,
    reserve: Option<&Reading>,
) -> Result<(), ProcedureError> {
    let default = bench.nominal("4.7.5-02", "threshold")?;
    let set = bench.config().device.settings.discharge_cutoff.0;
    let limit = if set >= default - MIDDLE {
        "reserve_at_default"
    } else {
        "reserve_at_lowest"
    };
    let reserve = reserve.ok_or_else(|| ProcedureError::NotPassed {
        verdict: Verdict::Fail,
        reason: "the BMS never took the loads off".into(),
    })?;
    let mut judge = Judge::new(bench, asked);
    judge.reading(
        &["4.7.5-04"],
        limit,
        "charge left when the loads went off",
        reserve,
    )?;
    judge.done()
}
