//! Judging what a charge showed.

mod balance;

pub use balance::{
    judge_balancer, judge_cells, judge_complete, judge_cycling, judge_nearly_done, judge_time,
};

use super::{Charge, Passed};
use crate::ProcedureError;
use crate::drive;
use crate::edge::Edge;
use crate::judging::{Asked, Judge};
use crate::profile::{ProfileEnd, Stage};
use crate::signal::Signal;
use api::BalancerStatus;
use bench::{Bench, Snapshot};
use record::{Reading, Verdict};
use std::time::Duration;

/// The way of a sample: nothing is known closer than that.
const BETWEEN_SAMPLES: Duration = Duration::from_secs(10);

fn finished(charge: &Charge) -> Result<(), ProcedureError> {
    match charge.unfinished() {
        None => Ok(()),
        Some(reason) => Err(ProcedureError::NotPassed {
            verdict: Verdict::Fail,
            reason,
        }),
    }
}

fn lasted(passed: Passed, who: &str) -> Reading {
    Reading {
        value: passed.to.saturating_sub(passed.from).as_secs_f64(),
        unit: "s".to_owned(),
        uncertainty: BETWEEN_SAMPLES.as_secs_f64(),
        instrument: who.to_owned(),
        at_s: passed.to.as_secs_f64(),
    }
}

fn span(from: Duration, to: Duration, who: &str) -> Reading {
    lasted(
        Passed {
            stage: Stage::Bulk,
            from,
            to,
        },
        who,
    )
}

fn count(number: usize, unit: &str, at: Duration) -> Reading {
    #[expect(clippy::cast_precision_loss, reason = "a small count")]
    let value = number as f64;
    Reading {
        value,
        unit: unit.to_owned(),
        uncertainty: 0.0,
        instrument: "rig".to_owned(),
        at_s: at.as_secs_f64(),
    }
}

fn missing(quantity: &str) -> ProcedureError {
    ProcedureError::NotMeasured {
        quantity: quantity.to_owned(),
    }
}

fn meter(bench: &Bench) -> String {
    let pack = bench.last().pack.as_ref();
    pack.map(|pack| pack.instrument.to_string())
        .unwrap_or_default()
}

fn stage(charge: &Charge, stage: Stage) -> Result<Passed, ProcedureError> {
    let failed = || ProcedureError::NotPassed {
        verdict: Verdict::Fail,
        reason: charge
            .unfinished()
            .unwrap_or_else(|| format!("the charge had no {}", stage.name())),
    };
    charge.newest(stage).ok_or_else(failed)
}

/// Judges that the charger charges once it's on, and how soon (4.3.2-06).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when it doesn't.
pub fn judge_flowing(
    bench: &mut Bench,
    asked: &Asked,
    charge: &Charge,
) -> Result<(), ProcedureError> {
    const CLAUSES: [&str; 1] = ["4.3.2-06"];
    let who = meter(bench);
    let mut judge = Judge::new(bench, asked);
    match &charge.flowing {
        Some((at, snapshot)) => {
            let current = snapshot.charger.as_ref().map(|port| port.current.clone());
            let current = current.ok_or_else(|| missing("the current of the charger"))?;
            let quantity = "current of the charger";
            judge.reading(&CLAUSES, "current_flowing", quantity, &current.reading("A"))?;
            let edge = Edge {
                before: charge.begun,
                after: *at,
            };
            let time = edge.since(charge.begun, &who);
            judge.reading(&CLAUSES, "timeout", "time until current flows", &time)?;
        }
        None => judge.state(&CLAUSES, "the charger", "charging", "without current", &who)?,
    }
    judge.done()
}

/// Judges how long each stage took, and where float is (5.2-21).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when one is outside its limits or didn't come.
pub fn judge_profile(
    bench: &mut Bench,
    asked: &Asked,
    charge: &Charge,
) -> Result<(), ProcedureError> {
    const CLAUSES: [&str; 1] = ["5.2-21"];
    finished(charge)?;
    let who = meter(bench);
    let (bulk, absorption) = (
        stage(charge, Stage::Bulk)?,
        stage(charge, Stage::Absorption)?,
    );
    let series = bench.config().device.topology.series;
    let volts_24 = bench.battery().cells == 8 || series > 1;
    let float = bench.last().outputs.charger;
    let mut judge = Judge::new(bench, asked);
    let time = lasted(bulk, &who);
    judge.reading(&CLAUSES, "bulk_time", "time to absorption", &time)?;
    let time = lasted(absorption, &who);
    judge.reading(&CLAUSES, "absorption_time", "time in absorption", &time)?;
    let floated = charge.floated.as_ref();
    let set = floated
        .and_then(|snapshot| snapshot.outputs.charger)
        .or(float);
    let (voltage, _) = set.ok_or_else(|| missing("what the charger is set to in float"))?;
    let at_s = floated.map_or(0.0, |snapshot| snapshot.at.as_secs_f64());
    let reading = Reading {
        value: voltage.0,
        unit: "V".to_owned(),
        uncertainty: 0.0,
        instrument: "charger".to_owned(),
        at_s,
    };
    let limit = if volts_24 { "float_24v" } else { "float_12v" };
    judge.reading(&CLAUSES, limit, "float voltage that is set", &reading)?;
    judge.done()
}

/// Judges the absorption time that came together within a month (5.2-06, 5.2-07).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when it's too little or too much.
pub fn judge_absorption(
    bench: &mut Bench,
    asked: &Asked,
    charge: &Charge,
) -> Result<(), ProcedureError> {
    const CLAUSES: [&str; 2] = ["5.2-06", "5.2-07"];
    finished(charge)?;
    let who = meter(bench);
    let of_absorption = || {
        let passed = charge.passed.iter();
        passed.filter(|passed| passed.stage == Stage::Absorption)
    };
    let together: Duration = of_absorption()
        .map(|passed| passed.to.saturating_sub(passed.from))
        .sum();
    let mut reading = span(Duration::ZERO, together, &who);
    reading.at_s = charge.ended.as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "a few charges")]
    let times = of_absorption().count() as f64;
    reading.uncertainty *= times;
    let mut judge = Judge::new(bench, asked);
    let quantity = "time in absorption of all these charges";
    judge.reading(&CLAUSES, "absorption_time", quantity, &reading)?;
    let within = span(charge.begun, charge.ended, &who);
    judge.reading(
        &CLAUSES,
        "window",
        "from the first charge to the last",
        &within,
    )?;
    judge.done()
}

/// Judges the time between two floats (6.1.2-02).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when it's too long or there was only one.
pub fn judge_months(
    bench: &mut Bench,
    asked: &Asked,
    charge: &Charge,
) -> Result<(), ProcedureError> {
    const CLAUSES: [&str; 1] = ["6.1.2-02"];
    finished(charge)?;
    let who = meter(bench);
    let floats: Vec<&Passed> = charge
        .passed
        .iter()
        .filter(|passed| passed.stage == Stage::Float)
        .collect();
    let mut judge = Judge::new(bench, asked);
    for pair in floats.windows(2) {
        let [one, next] = pair else { continue };
        let apart = span(one.from, next.from, &who);
        judge.reading(&CLAUSES, "window", "from one float to the next", &apart)?;
    }
    judge.done()
}

/// Judges that the BMS didn't interrupt the charge (4.3.2-08, 6.1.1-01). One interruption at the
/// very end gets no verdict.
///
/// # Errors
/// [`ProcedureError::NotPassed`] when it did.
pub fn judge_uninterrupted(
    bench: &mut Bench,
    asked: &Asked,
    charge: &Charge,
) -> Result<(), ProcedureError> {
    const CLAUSES: [&str; 2] = ["4.3.2-08", "6.1.1-01"];
    let who = drive::seen_by(bench, Signal::ChargersOff);
    let mut judge = Judge::new(bench, asked);
    let quantity = "interruptions by the BMS";
    match charge.interruptions.as_slice() {
        [] if charge.end == ProfileEnd::Full => {
            judge.state(&CLAUSES, quantity, "none", "none", &who)?;
        }
        [] => {
            return finished(charge);
        }
        [one] if one.stage != Stage::Bulk && charge.end == ProfileEnd::Full => {
            let why = format!("there was one, in {}", one.stage.name());
            judge.inconclusive(&CLAUSES, quantity, "none", &why)?;
        }
        [first, ..] => {
            let found = format!(
                "{}, the first in {} {} after the start",
                charge.interruptions.len(),
                first.stage.name(),
                super::hours(first.off.after.saturating_sub(charge.begun))
            );
            judge.state(&CLAUSES, quantity, "none", &found, &who)?;
        }
    }
    judge.done()
}

/// Judges that the battery is full: float, a balancer that says so, and hardly any current
/// (4.3.2-09).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when it isn't.
pub fn judge_full(bench: &mut Bench, asked: &Asked, charge: &Charge) -> Result<(), ProcedureError> {
    const CLAUSES: [&str; 1] = ["4.3.2-09"];
    finished(charge)?;
    let who = meter(bench);
    let absorbed = charge
        .absorbed
        .as_ref()
        .ok_or_else(|| missing("the end of absorption"))?;
    let floated = charge
        .floated
        .as_ref()
        .ok_or_else(|| missing("anything in float"))?;
    let parallel = bench.config().device.topology.parallel;
    let mut judge = Judge::new(bench, asked);
    judge.state(&CLAUSES, "the charge", "in float", "in float", &who)?;
    let current = charger_current(absorbed, parallel)?;
    let quantity = "current of each string at the end of absorption";
    judge.reading(&CLAUSES, "current", quantity, &current)?;
    for (number, heard) in (1..).zip(&floated.batteries) {
        let quantity = format!("cells of battery {number}");
        let status = heard.as_ref().and_then(|heard| heard.report.balancer);
        match status {
            Some(status) => {
                let found = words(status);
                judge.state(
                    &CLAUSES,
                    &quantity,
                    words(BalancerStatus::Balanced),
                    found,
                    "radio",
                )?;
            }
            None => {
                let wanted = words(BalancerStatus::Balanced);
                judge.missing(&CLAUSES, &quantity, wanted, "no report says so")?;
            }
        }
    }
    judge.done()
}

/// A state of the balancer as people call it.
pub(crate) fn words(status: BalancerStatus) -> &'static str {
    match status {
        BalancerStatus::Unknown => "unknown",
        BalancerStatus::Balanced => "balanced",
        BalancerStatus::Balancing => "balancing",
        BalancerStatus::Imbalance => "imbalance",
        BalancerStatus::Other(_) => "a state that nobody knows",
    }
}

fn charger_current(snapshot: &Snapshot, parallel: usize) -> Result<Reading, ProcedureError> {
    #[expect(clippy::cast_precision_loss, reason = "a bank has few strings")]
    let strings = parallel as f64;
    let port = snapshot.charger.as_ref();
    let port = port.ok_or_else(|| missing("the current of the charger"))?;
    let mut reading = port.current.reading("A");
    reading.value /= strings;
    reading.uncertainty /= strings;
    Ok(reading)
}

/// Judges how often, and for how long, a charge was begun anew (4.3.2-10, 6.1.3-03).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when cells never came together.
pub fn judge_restarts(
    bench: &mut Bench,
    asked: &Asked,
    charge: &Charge,
) -> Result<(), ProcedureError> {
    finished(charge)?;
    let who = meter(bench);
    let restarts = count(charge.restarts(), "restarts", charge.ended);
    let mut judge = Judge::new(bench, asked);
    let both = ["4.3.2-10", "6.1.3-03"];
    judge.reading(&both, "restarts", "restarts of the charge", &restarts)?;
    if asked.asks("4.3.2-10") {
        let time = span(charge.begun, charge.ended, &who);
        judge.reading(&["4.3.2-10"], "timeout", "all charges together", &time)?;
    }
    judge.done()
}

/// Judges that the cells of every battery on the BMS were looked at just now (6.2.2-02).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when a report is too old or missing.
pub fn judge_every_battery(bench: &mut Bench, asked: &Asked) -> Result<(), ProcedureError> {
    const CLAUSES: [&str; 1] = ["6.2.2-02"];
    let snapshot = bench.snapshot()?.clone();
    let mut judge = Judge::new(bench, asked);
    for (number, heard) in (1..).zip(&snapshot.batteries) {
        let quantity = format!("age of the newest report of battery {number}");
        match heard {
            Some(heard) if !heard.report.cells.is_empty() => {
                let mut age = span(heard.received, snapshot.at, "radio");
                age.uncertainty = 0.1;
                judge.reading(&CLAUSES, "report_age", &quantity, &age)?;
            }
            Some(_) | None => judge.missing(&CLAUSES, &quantity, "known", "none came")?,
        }
    }
    judge.done()
}
