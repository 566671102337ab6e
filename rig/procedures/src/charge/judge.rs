//! Judging what a charge showed.

use super::{AtWork, Charge, Interruption, Passed};
use crate::ProcedureError;
use crate::drive;
use crate::edge::Edge;
use crate::judging::{Asked, Judge};
use crate::profile::{ProfileEnd, Stage};
use crate::signal::Signal;
use api::BalancerStatus;
use bench::{Bench, Measured, Snapshot};
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

/// Judges the cells late in absorption (6.1.1-03).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when one is outside, or they are apart.
pub fn judge_cells(
    bench: &mut Bench,
    asked: &Asked,
    charge: &Charge,
) -> Result<(), ProcedureError> {
    const CLAUSES: [&str; 1] = ["6.1.1-03"];
    let reason = || {
        charge
            .unfinished()
            .unwrap_or_else(|| "there was no absorption".into())
    };
    let late = charge
        .late
        .as_ref()
        .ok_or_else(|| ProcedureError::NotPassed {
            verdict: Verdict::Fail,
            reason: reason(),
        })?;
    let end = charge
        .newest(Stage::Absorption)
        .map_or(charge.ended, |passed| passed.to);
    let who = meter(bench);
    let mut judge = Judge::new(bench, asked);
    let low = late
        .lowest
        .lowest_cell()
        .ok_or_else(|| missing("any cell"))?;
    let high = late
        .highest
        .highest_cell()
        .ok_or_else(|| missing("any cell"))?;
    for (name, cell) in [("lowest", low), ("highest", high)] {
        let quantity = format!("{name} cell late in absorption (cell {})", cell.cell);
        judge.reading(
            &CLAUSES,
            "cell_range",
            &quantity,
            &cell.voltage.reading("V"),
        )?;
    }
    let spread = super::widest(&late.widest).ok_or_else(|| missing("any cell"))?;
    judge.reading(
        &CLAUSES,
        "spread",
        "highest less lowest cell",
        &spread.reading("V"),
    )?;
    let watched = span(late.since, end, &who);
    judge.reading(&CLAUSES, "hold", "time that they were watched", &watched)?;
    judge.done()
}

/// Judges that the balancer is at work whenever it must be (6.1.3-04).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when a report says otherwise.
pub fn judge_balancer(
    bench: &mut Bench,
    asked: &Asked,
    charge: &Charge,
) -> Result<(), ProcedureError> {
    const CLAUSES: [&str; 1] = ["6.1.3-04"];
    let mut judge = Judge::new(bench, asked);
    let wanted = words(BalancerStatus::Balancing);
    let mut any = false;
    for (quantity, tally) in [
        (
            "balancer at the balancing current and more",
            &charge.balancing,
        ),
        (
            "balancer while the BMS holds the charger off",
            &charge.held_off,
        ),
    ] {
        let AtWork {
            reported,
            otherwise,
        } = tally;
        match otherwise {
            Some((status, _)) => {
                judge.state(&CLAUSES, quantity, wanted, words(*status), "radio")?;
            }
            None if *reported > 0 => {
                let quantity = format!("{quantity}, in {reported} reports");
                judge.state(&CLAUSES, &quantity, wanted, wanted, "radio")?;
            }
            None => continue,
        }
        any = true;
    }
    if !any {
        finished(charge)?;
        return Err(ProcedureError::NothingFound {
            hint: "the cells were never apart".into(),
        });
    }
    judge.done()
}

/// Judges the cells when the current has fallen below what means "nearly done" (6.1.3-05, 8.3-04).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when they aren't close to where they must be.
pub fn judge_nearly_done(
    bench: &mut Bench,
    asked: &Asked,
    charge: &Charge,
) -> Result<(), ProcedureError> {
    const CLAUSES: [&str; 2] = ["6.1.3-05", "8.3-04"];
    finished(charge)?;
    let nearly = charge.nearly_done.as_ref();
    let nearly = nearly.ok_or_else(|| missing("the end of balancing"))?;
    let mut judge = Judge::new(bench, asked);
    let current = charger_current(nearly, 1)?;
    judge.reading(&CLAUSES, "current", "current towards the end", &current)?;
    each_cell(&mut judge, &CLAUSES, nearly, "towards the end")?;
    judge.done()
}

fn each_cell(
    judge: &mut Judge<'_>,
    clauses: &[&str],
    snapshot: &Snapshot,
    when: &str,
) -> Result<(), ProcedureError> {
    let cells: Vec<(usize, usize, Measured)> = snapshot
        .all_cells()
        .map(|cell| (cell.battery, cell.cell, cell.voltage.clone()))
        .collect();
    for (battery, cell, voltage) in cells {
        let name = crate::words::cell(snapshot.cells.len(), battery, cell);
        judge.reading(
            clauses,
            "cell",
            &format!("{name} {when}"),
            &voltage.reading("V"),
        )?;
    }
    Ok(())
}

/// Judges the end of balancing (6.1.3-06, 8.3-01, 8.3-04).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when cells are apart or current still flows.
pub fn judge_complete(
    bench: &mut Bench,
    asked: &Asked,
    charge: &Charge,
) -> Result<(), ProcedureError> {
    finished(charge)?;
    let absorbed = charge
        .absorbed
        .as_ref()
        .ok_or_else(|| missing("the end of absorption"))?;
    let parallel = bench.config().device.topology.parallel;
    let mut judge = Judge::new(bench, asked);
    let current = charger_current(absorbed, parallel)?;
    if asked.asks("6.1.3-06") {
        judge.reading(&["6.1.3-06"], "current", "current at the end", &current)?;
        each_cell(&mut judge, &["6.1.3-06"], absorbed, "at the end")?;
    }
    if asked.asks("8.3-04") {
        judge.reading(&["8.3-04"], "complete", "current at the end", &current)?;
    }
    if asked.asks("8.3-01") {
        let spread = super::widest(absorbed).ok_or_else(|| missing("any cell"))?;
        judge.reading(
            &["8.3-01"],
            "spread",
            "highest less lowest cell",
            &spread.reading("V"),
        )?;
    }
    judge.done()
}

/// Judges the time that rebalancing took against the estimate (6.1.3-08).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when it's far off either way.
pub fn judge_time(
    bench: &mut Bench,
    asked: &Asked,
    charge: &Charge,
    estimate: Duration,
) -> Result<(), ProcedureError> {
    finished(charge)?;
    let complete = charge
        .complete
        .ok_or_else(|| missing("the end of balancing"))?;
    let who = meter(bench);
    let took = complete.saturating_sub(charge.begun);
    bench.note(format!(
        "rebalancing took {}, estimated were {}",
        super::hours(took),
        super::hours(estimate)
    ));
    let share = |time: Duration| time.as_secs_f64() / estimate.as_secs_f64() * 100.0;
    let reading = Reading {
        value: share(took),
        unit: "%".to_owned(),
        uncertainty: share(BETWEEN_SAMPLES),
        instrument: who,
        at_s: complete.as_secs_f64(),
    };
    let mut judge = Judge::new(bench, asked);
    let quantity = "time of rebalancing to its estimate";
    judge.reading(&["6.1.3-08"], "time_share", quantity, &reading)?;
    judge.done()
}

/// Judges the period of the interruptions, and that they came to an end (4.3.2-07, 6.2.1-06). The
/// first period and the last belong to the beginning and the end, not to the cycling.
///
/// # Errors
/// [`ProcedureError::NotPassed`] when one is outside its limits.
pub fn judge_cycling(
    bench: &mut Bench,
    asked: &Asked,
    charge: &Charge,
) -> Result<(), ProcedureError> {
    let who = drive::seen_by(bench, Signal::ChargersOff);
    let first = charge
        .interruptions
        .first()
        .ok_or_else(|| ProcedureError::NotPassed {
            verdict: Verdict::Fail,
            reason: "the BMS never stopped the charger".into(),
        })?;
    finished(charge)?;
    let mut judge = Judge::new(bench, asked);
    if asked.asks("4.3.2-07") {
        for (quantity, period) in typical_periods(&charge.interruptions, &who) {
            judge.reading(&["4.3.2-07"], "cycle_period", &quantity, &period)?;
        }
    }
    let last = charge.interruptions.last().and_then(|last| last.back);
    let last = last.ok_or_else(|| missing("the end of the interruptions"))?;
    let mut time = span(first.off.after, last.after, &who);
    time.uncertainty = 1.0;
    let quantity = "from the first interruption to the end of the last";
    judge.reading(&["4.3.2-07", "6.2.1-06"], "timeout", quantity, &time)?;
    judge.done()
}

/// The shortest, the middle and the longest period between interruptions.
fn typical_periods(interruptions: &[Interruption], who: &str) -> Vec<(String, Reading)> {
    let mut periods: Vec<Reading> = interruptions
        .windows(2)
        .skip(1)
        .filter_map(|pair| match pair {
            [one, next] => Some(next.off.after_edge(one.off, who)),
            _ => None,
        })
        .collect();
    periods.pop();
    periods.sort_by(|a, b| a.value.total_cmp(&b.value));
    let count = periods.len();
    let middle = periods.get(count / 2);
    [("median", middle)]
        .into_iter()
        .filter_map(|(name, period)| {
            let quantity = format!("{name} of {count} periods between interruptions");
            Some((quantity, period?.clone()))
        })
        .collect()
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
