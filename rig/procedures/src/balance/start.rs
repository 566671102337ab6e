//! Where charge begins to be moved between cells, and where it begins to be burnt off (8.3). Both
//! show in the currents of the supplies that stand for the cells: charge that is burnt off comes
//! back nowhere, charge that is moved flows into another one.

use super::{ONE_CELL, REPORT, STEP, silent, status};
use crate::ProcedureError;
use crate::charge::in_words;
use crate::drive;
use crate::judging::{Asked, Judge};
use api::BalancerStatus;
use bench::{Bench, Measured};
use record::Reading;
use std::time::Duration;
use units::Volts;

/// Where the search for burnt charge begins and ends.
const BURNING: (Volts, Volts) = (Volts(3.42), Volts(3.60));
/// The other cells in it: not together with the one that is raised.
const NEAR_FULL: Volts = Volts(3.40);
/// Where the search for moved charge begins and ends.
const MOVING: (Volts, Volts) = (Volts(3.25), Volts(3.40));
/// The other cells in it: far enough behind to be helped.
const BEHIND: Volts = Volts(3.20);
/// Share of the balancing current that must be missing to speak of burning, or arrive elsewhere to
/// speak of moving.
const SHARE: f64 = 0.25;

/// What a search over the voltage of cells found.
#[derive(Debug, Clone, PartialEq)]
pub struct Turned {
    /// Between the last step before and the first after; nothing where it never came.
    pub at: Option<Reading>,
    /// Where the search ended.
    pub end: Reading,
}

/// Where balancing was first reported on the way up, and what flowed then.
#[derive(Debug, Clone, PartialEq)]
pub struct Active {
    /// The highest cell.
    pub turned: Turned,
    /// The largest current into another cell's supply, in amperes.
    pub arrived: Measured,
}

/// Raises one cell from `from` in small steps to `to`, until what is looked for is seen.
fn raise<T>(
    bench: &mut Bench,
    (from, to): (Volts, Volts),
    others: Volts,
    mut seen: impl FnMut(&mut Bench, Duration) -> Result<Option<T>, ProcedureError>,
) -> Result<(Turned, Option<T>), ProcedureError> {
    bench.set_cells(others)?;
    bench.settle(REPORT, REPORT)?;
    let mut before: Option<Measured> = None;
    let mut level = from;
    loop {
        bench.set_cell(1, ONE_CELL, level)?;
        let since = bench.now() + Duration::from_secs(1);
        bench.settle(REPORT, REPORT)?;
        let now = drive::cell_voltage(bench.last(), ONE_CELL)?;
        let end = now.reading("V");
        if let Some(found) = seen(bench, since)? {
            let from = before.unwrap_or_else(|| now.clone());
            let at = Some(drive::between(&from, &now, "V"));
            return Ok((Turned { at, end }, Some(found)));
        }
        if level >= to {
            return Ok((Turned { at: None, end }, None));
        }
        before = Some(now);
        level = Volts(((level + STEP).0 * 1e3).round() / 1e3);
    }
}

/// Raises one cell in small steps until more charge leaves the cells than arrives in others.
///
/// # Errors
/// On a bench whose cells are no supplies; whatever the bench says.
pub fn find_start(bench: &mut Bench) -> Result<Turned, ProcedureError> {
    let least = bench.battery().balancing_current.0 * SHARE;
    let (turned, _) = raise(bench, BURNING, NEAR_FULL, |bench, _| {
        let lost: f64 = bench.cell_currents()?.iter().map(|cell| cell.value).sum();
        Ok((lost > least).then_some(()))
    })?;
    Ok(turned)
}

/// Judges where bypassing begins (8.3-03).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when it begins too low or not at all.
pub fn judge_start(
    bench: &mut Bench,
    asked: &Asked,
    turned: &Turned,
) -> Result<(), ProcedureError> {
    const CLAUSES: [&str; 1] = ["8.3-03"];
    let mut judge = Judge::new(bench, asked);
    match &turned.at {
        Some(at) => judge.reading(&CLAUSES, "start", "cell when charge is first burnt off", at)?,
        None => {
            let quantity = format!("charge with a cell at {}", turned.end);
            let who = &turned.end.instrument;
            judge.state(&CLAUSES, &quantity, "burnt off", "not burnt off", who)?;
        }
    }
    judge.done()
}

/// Raises one cell in small steps until the board reports that it balances, and looks where the
/// charge goes.
///
/// # Errors
/// When the battery isn't heard; on a bench whose cells are no supplies; whatever the bench says.
pub fn find_active_start(bench: &mut Bench) -> Result<Active, ProcedureError> {
    let (turned, _) = raise(bench, MOVING, BEHIND, |bench, since| {
        let (state, _) = status(bench.last(), since).ok_or_else(|| silent(REPORT))?;
        Ok((state == BalancerStatus::Balancing).then_some(()))
    })?;
    let currents = bench.cell_currents()?;
    let least = |a: &&Measured, b: &&Measured| a.value.total_cmp(&b.value);
    let arrived = currents.iter().min_by(least);
    let arrived = arrived.ok_or_else(|| ProcedureError::NotMeasured {
        quantity: "the current of any cell".into(),
    })?;
    Ok(Active {
        turned,
        arrived: Measured {
            value: -arrived.value,
            ..arrived.clone()
        },
    })
}

/// Judges where balancing begins, and that charge arrives in another cell (8.3-02).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when it begins too late or not at all, or moves nothing.
pub fn judge_active_start(
    bench: &mut Bench,
    asked: &Asked,
    active: &Active,
) -> Result<(), ProcedureError> {
    const CLAUSES: [&str; 1] = ["8.3-02"];
    let least = bench.battery().balancing_current.0 * SHARE;
    let mut judge = Judge::new(bench, asked);
    match &active.turned.at {
        Some(at) => {
            let quantity = "highest cell when balancing is first reported";
            judge.reading(&CLAUSES, "start", quantity, at)?;
        }
        None => {
            let quantity = format!("balancer with a cell at {}", active.turned.end);
            let wanted = in_words(BalancerStatus::Balancing);
            judge.state(&CLAUSES, &quantity, wanted, "not balancing", "radio")?;
        }
    }
    let arrived = active.arrived.reading("A");
    let found = if arrived.value >= least {
        "arrives in another cell"
    } else {
        "arrives nowhere"
    };
    let quantity = format!("charge out of the highest cell, at most {arrived} into another");
    let wanted = "arrives in another cell";
    judge.state(&CLAUSES, &quantity, wanted, found, &arrived.instrument)?;
    judge.done()
}
