//! Bringing a bench to where scenarios begin.

use crate::ProcedureError;
use crate::drive;
use crate::judging::{Asked, Judge};
use crate::signal::{ALL_QUIET, Goal};
use crate::words;
use bench::Bench;
use std::ops::ControlFlow;
use std::time::Duration;
use units::{Quantity, Volts};

/// How often contacts are sampled while the bench comes up.
const PERIOD: Duration = Duration::from_millis(500);
/// The statement under which a bench that isn't quiet at rest is judged.
const QUIET: &str = "3.2-06";

/// A board bench at rest: BMS powered, cables plugged, all cells at `voltage`, no contact
/// reporting anything, the battery heard.
///
/// # Errors
/// [`ProcedureError::NotPassed`] when a contact reports something although all is normal;
/// [`ProcedureError::Silent`] when the battery isn't heard; whatever the bench says.
pub fn board(bench: &mut Bench, voltage: Volts) -> Result<(), ProcedureError> {
    bench.plug_all()?;
    bench.energise_cells(voltage)?;
    bench.power_bms()?;
    quiet(bench)?;
    heard(bench)
}

/// A battery bench at rest: battery connected, cables plugged, no contact reporting anything, all
/// batteries heard.
///
/// # Errors
/// As [`board`].
pub fn battery(bench: &mut Bench) -> Result<(), ProcedureError> {
    connected(bench)?;
    crate::sanity::cells_and_bank(bench)?;
    quiet(bench)?;
    heard(bench)
}

/// A battery bench with everything connected, whatever the BMS reports.
///
/// # Errors
/// Whatever the bench says.
pub fn connected(bench: &mut Bench) -> Result<(), ProcedureError> {
    bench.plug_all()?;
    bench.connect_battery()?;
    bench.snapshot()?;
    Ok(())
}

/// Waits until no contact reports anything; if one still does, the device isn't as it must be.
fn quiet(bench: &mut Bench) -> Result<(), ProcedureError> {
    let timeout = bench.limit_time("4.9-17", "reconnect")?;
    let start = bench.now();
    let waited = drive::await_goals(bench, &ALL_QUIET, start, PERIOD, timeout)?;
    if waited.complete() {
        return Ok(());
    }
    cells_are_normal(bench)?;
    let asked = Asked::new([QUIET]);
    let missing: Vec<Goal> = waited
        .goals
        .iter()
        .zip(&waited.edges)
        .filter(|(_, edge)| edge.is_none())
        .map(|(goal, _)| *goal)
        .collect();
    let who: Vec<String> = missing
        .iter()
        .map(|goal| drive::seen_by(bench, goal.signal))
        .collect();
    let mut judge = Judge::new(bench, &asked);
    for (goal, who) in missing.iter().zip(&who) {
        let quantity = format!(
            "{} {} after everything normal was connected",
            goal.signal.subject(),
            words::time(timeout)
        );
        let state = |present| goal.signal.state(present);
        judge.state(
            &[QUIET],
            &quantity,
            state(goal.present),
            state(!goal.present),
            who,
        )?;
    }
    judge.done()
}

/// A contact may well report something when a cell is outside the normal range; then the bench
/// isn't ready, and nothing is wrong with the device.
fn cells_are_normal(bench: &mut Bench) -> Result<(), ProcedureError> {
    let (low, high) = bench.bounds(QUIET, "cell_range")?;
    let snapshot = bench.snapshot()?;
    let outside = snapshot
        .all_cells()
        .find(|cell| !(low..=high).contains(&cell.voltage.value));
    match outside {
        None => Ok(()),
        Some(cell) => {
            let name = words::cell(snapshot.cells.len(), cell.battery, cell.cell);
            Err(ProcedureError::NotReached {
                what: format!(
                    "every cell between {:.2} and {:.2}",
                    Volts::new(low),
                    Volts::new(high)
                ),
                within: Duration::ZERO,
                found: format!("{name} is at {:.3}", Volts(cell.voltage.value)),
            })
        }
    }
}

/// Waits for a report of every battery.
fn heard(bench: &mut Bench) -> Result<(), ProcedureError> {
    let patience = bench.limit_time("6.2.5-02", "report_age")?;
    let batteries = bench.batteries();
    let silent = |snapshot: &bench::Snapshot| {
        (1..=batteries).find(|battery| snapshot.battery(*battery).is_none())
    };
    let all = bench.watch_contacts(PERIOD, patience, |snapshot| match silent(snapshot) {
        None => ControlFlow::Break(()),
        Some(_) => ControlFlow::Continue(()),
    })?;
    match (all, silent(bench.last())) {
        (Some(()), _) | (None, None) => Ok(()),
        (None, Some(battery)) => Err(ProcedureError::Silent {
            battery,
            waited: patience,
            what: "what it finds".into(),
        }),
    }
}
