//! Judging what a charge showed of the balance of cells.

use super::{BETWEEN_SAMPLES, charger_current, finished, meter, missing, span, words};
use crate::ProcedureError;
use crate::charge::{AtWork, Charge, Interruption, hours, widest};
use crate::drive;
use crate::judging::{Asked, Judge};
use crate::profile::Stage;
use crate::signal::Signal;
use api::BalancerStatus;
use bench::{Bench, Measured, Snapshot};
use record::{Reading, Verdict};
use std::time::Duration;

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
    let spread = widest(&late.widest).ok_or_else(|| missing("any cell"))?;
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
        let spread = widest(absorbed).ok_or_else(|| missing("any cell"))?;
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
        hours(took),
        hours(estimate)
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
