//! What a board says of the balance of its cells, and when it says nothing at all (8.3, 6.1.5).

mod silence;
mod speed;
mod start;

pub use silence::{Lowered, find_silence, judge_silence};
pub use speed::{Speeds, at_two_voltages, judge_speeds};
pub use start::{Active, Turned, find_active_start, find_start, judge_active_start, judge_start};

use crate::ProcedureError;
use crate::charge::in_words;
use crate::judging::{Asked, Judge};
use api::BalancerStatus;
use bench::{Bench, Snapshot};
use record::Reading;
use std::ops::ControlFlow;
use std::time::Duration;
use units::Volts;

/// Cells that are full and together.
const FULL: Volts = Volts(3.55);
/// Cells that are neither full nor empty.
const HALF: Volts = Volts(3.30);
/// One cell so far ahead of full ones is being balanced, and more than far enough to call it apart
/// where the others aren't full.
const AHEAD: Volts = Volts(0.05);
/// A state that has to settle does so within this.
const SETTLE: Duration = Duration::from_secs(180);
/// From a change of the cells to a report of what they are now.
const REPORT: Duration = Duration::from_secs(5);
/// A month is watched this closely …
const MONTH_PERIOD: Duration = Duration::from_secs(3600);
/// … and for so much longer than it may take.
const MONTH_SPARE: Duration = Duration::from_secs(24 * 3600);
/// The cell that is moved alone; the others stay where they are.
const ONE_CELL: usize = 2;
/// Steps in which a threshold is looked for.
const STEP: Volts = Volts(0.005);

/// One state that was brought about.
#[derive(Debug, Clone, PartialEq)]
pub struct Brought {
    /// How.
    pub how: &'static str,
    /// What had to be reported then.
    pub wanted: BalancerStatus,
    /// What was.
    pub found: Option<BalancerStatus>,
}

/// Every state, and how long the last full charge was remembered.
#[derive(Debug, Clone, PartialEq)]
pub struct States {
    /// In order.
    pub brought: Vec<Brought>,
    /// Any state besides the four.
    pub other: Option<BalancerStatus>,
    /// From the last full charge until the state was unknown; nothing where it never was.
    pub forgotten: Option<Reading>,
    /// How long that was waited for.
    pub waited: Duration,
}

/// Forces the cells through everything that balancing can be, and then leaves them alone for a
/// month.
///
/// # Errors
/// When the battery isn't heard; whatever the bench says.
pub fn through_all_states(bench: &mut Bench) -> Result<States, ProcedureError> {
    let mut states = States {
        brought: Vec::new(),
        other: None,
        forgotten: None,
        waited: Duration::ZERO,
    };
    let mut step = |bench: &mut Bench, how, wanted| -> Result<(), ProcedureError> {
        let found = status_within(bench, wanted, SETTLE, &mut states.other)?;
        states.brought.push(Brought { how, wanted, found });
        Ok(())
    };
    bench.set_cells(FULL)?;
    step(
        bench,
        "all cells full and together",
        BalancerStatus::Balanced,
    )?;
    bench.set_cell(1, ONE_CELL, FULL + AHEAD)?;
    step(
        bench,
        "one cell ahead of full ones",
        BalancerStatus::Balancing,
    )?;
    // Long enough apart, with one cell full, to be remembered.
    for cell in (1..=bench.battery().cells).filter(|cell| *cell != ONE_CELL) {
        bench.set_cell(1, cell, HALF)?;
    }
    bench.settle(SETTLE, REPORT)?;
    bench.set_cells(HALF)?;
    step(
        bench,
        "after a charge that ended with cells apart",
        BalancerStatus::Imbalance,
    )?;
    bench.set_cells(FULL)?;
    step(
        bench,
        "all cells full and together again",
        BalancerStatus::Balanced,
    )?;
    bench.settle(REPORT, REPORT)?;
    bench.set_cells(HALF)?;
    let full_until = bench.now();
    bench.note("a full charge with the cells together ends here; a month without one follows");
    let longest = bench.limit_time("8.3-08", "unknown_after")? + MONTH_SPARE * 2;
    let mut last = full_until;
    let mut other = None;
    let unknown = bench.watch(MONTH_PERIOD, longest, |snapshot| {
        match status(snapshot, full_until) {
            Some((BalancerStatus::Unknown, at)) => return ControlFlow::Break(at),
            Some((state, at)) => {
                last = at;
                note_other(&mut other, state);
            }
            None => {}
        }
        ControlFlow::Continue(())
    })?;
    states.other = states.other.or(other);
    states.waited = bench.now().saturating_sub(full_until);
    states.forgotten = unknown.map(|at| between(full_until, last, at));
    if states.forgotten.is_none() && last == full_until {
        return Err(silent(states.waited));
    }
    Ok(states)
}

fn between(from: Duration, before: Duration, after: Duration) -> Reading {
    let (before, after_s) = (
        before.saturating_sub(from).as_secs_f64(),
        after.saturating_sub(from).as_secs_f64(),
    );
    Reading {
        value: f64::midpoint(before, after_s),
        unit: "s".to_owned(),
        uncertainty: (after_s - before) / 2.0,
        instrument: "radio".to_owned(),
        at_s: after.as_secs_f64(),
    }
}

fn silent(waited: Duration) -> ProcedureError {
    ProcedureError::Silent {
        battery: 1,
        waited,
        what: "the balance of its cells".into(),
    }
}

/// The state in a report from after `since`, and when that came.
fn status(snapshot: &Snapshot, since: Duration) -> Option<(BalancerStatus, Duration)> {
    let heard = snapshot.battery(1).filter(|heard| heard.received > since)?;
    Some((heard.report.balancer?, heard.received))
}

fn note_other(other: &mut Option<BalancerStatus>, state: BalancerStatus) {
    if let BalancerStatus::Other(_) = state {
        other.get_or_insert(state);
    }
}

/// Waits for a state; what was reported last if it doesn't come.
fn status_within(
    bench: &mut Bench,
    wanted: BalancerStatus,
    timeout: Duration,
    other: &mut Option<BalancerStatus>,
) -> Result<Option<BalancerStatus>, ProcedureError> {
    let since = bench.now() + Duration::from_secs(1);
    let mut last = None;
    bench.watch(Duration::from_secs(1), timeout, |snapshot| {
        if let Some((state, _)) = status(snapshot, since) {
            last = Some(state);
            note_other(other, state);
        }
        if last == Some(wanted) {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    })?;
    Ok(last)
}

/// Judges that each state was reported when it had to be, and no other ever (8.3-08).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when one wasn't.
pub fn judge_states(
    bench: &mut Bench,
    asked: &Asked,
    states: &States,
) -> Result<(), ProcedureError> {
    const CLAUSES: [&str; 1] = ["8.3-08"];
    let mut judge = Judge::new(bench, asked);
    for Brought { how, wanted, found } in &states.brought {
        let quantity = format!("state with {how}");
        match found {
            Some(found) => {
                judge.state(
                    &CLAUSES,
                    &quantity,
                    in_words(*wanted),
                    in_words(*found),
                    "radio",
                )?;
            }
            None => judge.missing(&CLAUSES, &quantity, in_words(*wanted), "no report has it")?,
        }
    }
    if let Some(other) = states.other {
        let quantity = "any other state";
        judge.state(
            &CLAUSES,
            quantity,
            "never reported",
            in_words(other),
            "radio",
        )?;
    }
    judge.done()
}

/// Judges how long a full charge is remembered (8.3-08).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when it's forgotten too early, too late or never.
pub fn judge_month(
    bench: &mut Bench,
    asked: &Asked,
    states: &States,
) -> Result<(), ProcedureError> {
    const CLAUSES: [&str; 1] = ["8.3-08"];
    let quantity = "from a full charge until the state is unknown";
    let mut judge = Judge::new(bench, asked);
    match &states.forgotten {
        Some(time) => judge.reading(&CLAUSES, "unknown_after", quantity, time)?,
        None => {
            let found = format!("not unknown after {}", crate::charge::hours(states.waited));
            judge.state(&CLAUSES, quantity, "unknown", &found, "radio")?;
        }
    }
    judge.done()
}
