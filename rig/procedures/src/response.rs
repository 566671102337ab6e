//! How soon a signal follows a cell that jumps.

use crate::ProcedureError;
use crate::catalogue::{PATIENCE, time_rule};
use crate::drive;
use crate::judging::{Asked, Judge};
use crate::signal::{Goal, Signal};
use crate::wait::Waited;
use crate::words;
use bench::{Bench, Contact};
use std::time::Duration;
use units::Volts;

/// How long a cell rests before it jumps.
const REST: Duration = Duration::from_secs(2);
/// How often contacts are looked at while nothing is expected.
const REST_PERIOD: Duration = Duration::from_millis(500);

/// One jump and what followed.
#[derive(Debug, Clone, PartialEq)]
pub struct Response {
    /// The cell that jumped.
    pub cell: usize,
    /// From where.
    pub from: Volts,
    /// To where.
    pub to: Volts,
    /// What was waited for.
    pub goal: Goal,
    /// When the cell was told to jump.
    pub cause: Duration,
    /// What came of it.
    pub waited: Waited,
    /// Whether it was already so before the jump.
    pub too_early: bool,
}

/// Lets one cell jump and waits for `goal`.
///
/// # Errors
/// When the rig can't tell; whatever the bench says.
pub fn of_cell(
    bench: &mut Bench,
    cell: usize,
    goal: Goal,
    from: Volts,
    to: Volts,
) -> Result<Response, ProcedureError> {
    let patience = bench.limit_time(PATIENCE.clause, PATIENCE.limit)?;
    let ready = Goal {
        present: !goal.present,
        ..goal
    };
    let start = bench.now();
    bench.set_cell(1, cell, from)?;
    let before = drive::await_goals(bench, &[ready], start, REST_PERIOD, patience)?;
    bench.settle(REST, REST_PERIOD)?;
    at_level(bench, cell, goal, from, to, !before.complete())
}

/// Lets a cell that rests at a level jump from there, whatever the signal is now.
///
/// # Errors
/// As [`of_cell`].
pub fn from_here(
    bench: &mut Bench,
    cell: usize,
    goal: Goal,
    to: Volts,
) -> Result<Response, ProcedureError> {
    bench.snapshot()?;
    let from = Volts(drive::cell_voltage(bench.last(), cell)?.value);
    let already = goal.signal.in_snapshot(bench.last(), Duration::ZERO) == Some(goal.present);
    at_level(bench, cell, goal, from, to, already)
}

fn at_level(
    bench: &mut Bench,
    cell: usize,
    goal: Goal,
    from: Volts,
    to: Volts,
    too_early: bool,
) -> Result<Response, ProcedureError> {
    let patience = bench.limit_time(PATIENCE.clause, PATIENCE.limit)?;
    let period = drive::sample_period(bench);
    let cause = bench.now();
    bench.set_cell(1, cell, to)?;
    let waited = drive::await_goals(bench, &[goal], cause, period, patience)?;
    Ok(Response {
        cell,
        from,
        to,
        goal,
        cause,
        waited,
        too_early,
    })
}

/// Lets each cell jump in turn and takes it back before the next one does.
///
/// # Errors
/// As [`of_cell`].
pub fn of_each_cell(
    bench: &mut Bench,
    goal: Goal,
    from: Volts,
    to: Volts,
) -> Result<Vec<Response>, ProcedureError> {
    let mut responses = Vec::new();
    for cell in 1..=bench.battery().cells {
        responses.push(of_cell(bench, cell, goal, from, to)?);
        bench.set_cell(1, cell, from)?;
    }
    Ok(responses)
}

/// Judges how soon the signal followed.
///
/// # Errors
/// [`ProcedureError::NotPassed`] when it came too late, never, or before its cause.
pub fn judge(
    bench: &mut Bench,
    asked: &Asked,
    responses: &[Response],
) -> Result<(), ProcedureError> {
    let patience = bench.limit_time(PATIENCE.clause, PATIENCE.limit)?;
    let who: Vec<String> = responses
        .iter()
        .map(|response| drive::seen_by(bench, response.goal.signal))
        .collect();
    let mut judge = Judge::new(bench, asked);
    for (response, who) in responses.iter().zip(&who) {
        let goal = response.goal;
        let rule = time_rule(goal).ok_or_else(|| ProcedureError::NothingFound {
            hint: format!("no statement says how soon the {goal} must be"),
        })?;
        let jump = format!("cell {} at {:.2}", response.cell, response.to);
        match response.waited.edge(goal.signal) {
            _ if response.too_early => {
                let quantity = format!("{} before {jump}", goal.signal.subject());
                let state = |present| goal.signal.state(present);
                judge.state(
                    rule.clauses,
                    &quantity,
                    state(!goal.present),
                    state(goal.present),
                    who,
                )?;
            }
            Some(edge) => {
                let quantity = format!("from {jump} to {goal}");
                let time = edge.since(response.cause, who);
                judge.reading(rule.clauses, rule.limit, &quantity, &time)?;
            }
            None => {
                let quantity = format!(
                    "{} {} after {jump}",
                    goal.signal.subject(),
                    words::time(patience)
                );
                let state = |present| goal.signal.state(present);
                judge.state(
                    rule.clauses,
                    &quantity,
                    state(goal.present),
                    state(!goal.present),
                    who,
                )?;
            }
        }
    }
    judge.done()
}

/// Keeps one cell at a level for a while; what the BMS does meanwhile is left for later steps.
///
/// # Errors
/// Whatever the bench says.
pub fn keep_cell_at(
    bench: &mut Bench,
    cell: usize,
    level: Volts,
    time: Duration,
) -> Result<(), ProcedureError> {
    bench.set_cell(1, cell, level)?;
    bench.watch_contacts(REST_PERIOD, time, |_| {
        std::ops::ControlFlow::<()>::Continue(())
    })?;
    Ok(())
}

/// Judges that the loads stay on from now on, for as long as the statement asks (3.2.1-05).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when they go off; [`ProcedureError::Unreadable`] when nobody can
/// tell.
pub fn judge_loads_stay_on(bench: &mut Bench, asked: &Asked) -> Result<(), ProcedureError> {
    let hold = bench.limit_time("3.2.1-05", "hold")?;
    loads_during(bench, asked, &["3.2.1-05"], hold, true)
}

/// Judges that the loads stay off from now on, for as long as the statement asks (6.2.3-03).
///
/// # Errors
/// As [`judge_loads_stay_on`].
pub fn judge_loads_stay_off(bench: &mut Bench, asked: &Asked) -> Result<(), ProcedureError> {
    let hold = bench.limit_time("6.2.3-03", "hold")?;
    loads_during(bench, asked, &["6.2.3-03"], hold, false)
}

fn loads_during(
    bench: &mut Bench,
    asked: &Asked,
    clauses: &[&str],
    hold: Duration,
    on: bool,
) -> Result<(), ProcedureError> {
    let state = if on { "closed" } else { "open" };
    let found = loads_through(bench, hold, on)?;
    let who = drive::seen_by(bench, Signal::LoadsOff);
    let mut judge = Judge::new(bench, asked);
    let quantity = format!("{} for {}", Contact::Load, words::time(hold));
    let found = found.map_or_else(
        || state.to_owned(),
        |after| {
            let other = if on { "open" } else { "closed" };
            format!("{other} after {}", words::time(after))
        },
    );
    judge.state(clauses, &quantity, state, &found, &who)?;
    judge.done()
}

/// Watches the load contact; when it first was otherwise, if ever.
pub(crate) fn loads_through(
    bench: &mut Bench,
    hold: Duration,
    on: bool,
) -> Result<Option<Duration>, ProcedureError> {
    let start = bench.now();
    let period = drive::sample_period(bench);
    let otherwise = bench.watch_contacts(period, hold, |snapshot| {
        match snapshot.contact(Contact::Load) {
            Some(closed) if closed == on => std::ops::ControlFlow::Continue(()),
            seen => std::ops::ControlFlow::Break((seen, snapshot.contacts.at)),
        }
    })?;
    match otherwise {
        None => Ok(None),
        Some((Some(_), at)) => Ok(Some(at.saturating_sub(start))),
        Some((None, _)) => Err(ProcedureError::Unreadable {
            contact: Contact::Load.to_string(),
            what: "whether the loads stay as they are".into(),
        }),
    }
}
