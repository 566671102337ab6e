//! What follows a cell that jumps, and how soon.

use crate::ProcedureError;
use crate::catalogue::{PATIENCE, TimeRule, time_rule};
use crate::drive;
use crate::judging::{Asked, Judge};
use crate::signal::{ALL_QUIET, Goal, Signal};
use crate::threshold::ONE_CELL;
use crate::wait::Waited;
use crate::words;
use bench::{Bench, Contact, Snapshot};
use std::ops::ControlFlow;
use std::time::Duration;
use units::Volts;

/// How long a cell rests before it jumps.
const REST: Duration = Duration::from_secs(2);
/// How often contacts are looked at while nothing is expected.
const REST_PERIOD: Duration = Duration::from_millis(500);
/// How far below the discharge limit "just below" is, past its tolerance.
const JUST: Volts = Volts(0.01);

/// A cell that jumped.
#[derive(Debug, Clone, PartialEq)]
pub struct Jump {
    /// Which, from 1.
    pub cell: usize,
    /// To where.
    pub to: Volts,
    /// When it was told to.
    pub cause: Duration,
    /// How things stood before.
    pub before: Snapshot,
}

/// What came of a jump.
#[derive(Debug, Clone, PartialEq)]
pub struct Response {
    /// The jump.
    pub jump: Jump,
    /// What was waited for.
    pub goal: Goal,
    /// When it came.
    pub waited: Waited,
}

/// Rests a cell at `from` until nothing is reported that must not be there, then lets it jump.
///
/// # Errors
/// When the rig can't tell; whatever the bench says.
pub fn jump(
    bench: &mut Bench,
    cell: usize,
    from: Volts,
    to: Volts,
) -> Result<Jump, ProcedureError> {
    let (lowest, highest) = bench.bounds("3.2-06", "cell_range")?;
    let start = bench.now();
    bench.set_cell(1, cell, from)?;
    if (lowest..=highest).contains(&from.0) {
        let patience = bench.limit_time("6.2.3-03", "reconnect")?;
        drive::await_goals(bench, &ALL_QUIET, start, REST_PERIOD, patience)?;
    }
    bench.watch_contacts(REST_PERIOD, REST, |_| ControlFlow::<()>::Continue(()))?;
    jump_from_here(bench, cell, to)
}

/// Lets a cell jump from where it is.
///
/// # Errors
/// As [`jump`].
pub fn jump_from_here(bench: &mut Bench, cell: usize, to: Volts) -> Result<Jump, ProcedureError> {
    let before = bench.snapshot()?.clone();
    let cause = bench.now();
    bench.set_cell(1, cell, to)?;
    Ok(Jump {
        cell,
        to,
        cause,
        before,
    })
}

/// Waits for what must follow a jump.
///
/// # Errors
/// As [`jump`].
pub fn follow(bench: &mut Bench, jump: &Jump, goal: Goal) -> Result<Response, ProcedureError> {
    let patience = bench.limit_time(PATIENCE.clause, PATIENCE.limit)?;
    let period = drive::sample_period(bench);
    let waited = drive::await_goals(bench, &[goal], jump.cause, period, patience)?;
    Ok(Response {
        jump: jump.clone(),
        goal,
        waited,
    })
}

/// Lets each cell jump in turn, waits for what must follow, and takes it back.
///
/// # Errors
/// As [`jump`].
pub fn of_each_cell(
    bench: &mut Bench,
    goal: Goal,
    from: Volts,
    to: Volts,
) -> Result<Vec<Response>, ProcedureError> {
    let mut responses = Vec::new();
    for cell in 1..=bench.battery().cells {
        let jumped = jump(bench, cell, from, to)?;
        responses.push(follow(bench, &jumped, goal)?);
        bench.set_cell(1, cell, from)?;
    }
    Ok(responses)
}

/// Waits for what must follow a jump and judges how soon it did.
///
/// # Errors
/// As [`judge`].
pub fn judge_jump(
    bench: &mut Bench,
    asked: &Asked,
    jump: &Jump,
    goal: Goal,
) -> Result<(), ProcedureError> {
    let response = follow(bench, jump, goal)?;
    judge(bench, asked, &[response])
}

/// Judges how soon signals followed their jumps.
///
/// # Errors
/// [`ProcedureError::NotPassed`] when one came too late, never, or was there before its cause.
pub fn judge(
    bench: &mut Bench,
    asked: &Asked,
    responses: &[Response],
) -> Result<(), ProcedureError> {
    let who: Vec<String> = responses
        .iter()
        .map(|response| drive::seen_by(bench, response.goal.signal))
        .collect();
    let mut judge = Judge::new(bench, asked);
    for (response, who) in responses.iter().zip(&who) {
        judge_one(&mut judge, response, who)?;
    }
    judge.done()
}

fn judge_one(judge: &mut Judge<'_>, response: &Response, who: &str) -> Result<(), ProcedureError> {
    let goal = response.goal;
    let rule = time_rule(goal).ok_or_else(|| ProcedureError::NothingFound {
        hint: format!("no statement says how soon the {goal} must be"),
    })?;
    judge_under(judge, response, who, rule)
}

/// Judges a response under given statements.
pub(crate) fn judge_under(
    judge: &mut Judge<'_>,
    response: &Response,
    who: &str,
    rule: TimeRule,
) -> Result<(), ProcedureError> {
    let (jump, goal) = (&response.jump, response.goal);
    let cause = format!("cell {} at {:.2}", jump.cell, jump.to);
    let subject = goal.signal.subject();
    let state = |present| goal.signal.state(present);
    let (wanted, other) = (state(goal.present), state(!goal.present));
    let before = goal.signal.in_snapshot(&jump.before, Duration::ZERO);
    match response.waited.edge(goal.signal) {
        _ if before == Some(goal.present) => {
            let quantity = format!("{subject} before {cause}");
            judge.state(rule.clauses, &quantity, other, wanted, who)
        }
        Some(edge) => {
            let quantity = format!("from {cause} to {goal}");
            let time = edge.since(jump.cause, who);
            judge.reading(rule.clauses, rule.limit, &quantity, &time)
        }
        None => {
            let waited = response.waited.at.saturating_sub(jump.cause);
            let quantity = format!("{subject} {} after {cause}", words::time(waited));
            judge.state(rule.clauses, &quantity, wanted, other, who)
        }
    }
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
    bench.watch_contacts(REST_PERIOD, time, |_| ControlFlow::<()>::Continue(()))?;
    Ok(())
}

/// Takes two cells to a level at which the loads must go off, and waits until they have.
///
/// # Errors
/// [`ProcedureError::NotPassed`] when they don't (3.2-02).
pub fn loads_off_by_two(bench: &mut Bench, level: Volts) -> Result<(), ProcedureError> {
    let patience = bench.limit_time(PATIENCE.clause, PATIENCE.limit)?;
    let cause = bench.now();
    bench.set_cell(1, ONE_CELL, level)?;
    bench.set_cell(1, ONE_CELL + 1, level)?;
    let goal = Goal::shown(Signal::LoadsOff);
    let waited = drive::await_goals(bench, &[goal], cause, REST_PERIOD, patience)?;
    if waited.complete() {
        return Ok(());
    }
    let who = drive::seen_by(bench, goal.signal);
    let quantity = format!(
        "load contact {} after two cells at {level:.2}",
        words::time(patience)
    );
    let asked = Asked::new([PATIENCE.clause]);
    let mut judge = Judge::new(bench, &asked);
    judge.state(&[PATIENCE.clause], &quantity, "open", "closed", &who)?;
    judge.done()
}

/// Judges that the loads stay on from now on, for as long as the statement asks (3.2.1-05).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when they go off; [`ProcedureError::Unreadable`] when nobody can
/// tell.
pub fn judge_loads_stay_on(bench: &mut Bench, asked: &Asked) -> Result<(), ProcedureError> {
    let hold = bench.limit_time("3.2.1-05", "hold")?;
    judge_loads_through(bench, asked, "3.2.1-05", hold, true)
}

/// Judges that the loads stay off from now on, for as long as the statement asks (6.2.3-03).
///
/// # Errors
/// As [`judge_loads_stay_on`].
pub fn judge_loads_stay_off(bench: &mut Bench, asked: &Asked) -> Result<(), ProcedureError> {
    let hold = bench.limit_time("6.2.3-03", "hold")?;
    judge_loads_through(bench, asked, "6.2.3-03", hold, false)
}

/// Holds one cell where the loads must still be on, and judges that they are (4.7.5-02).
///
/// # Errors
/// As [`judge_loads_stay_on`].
pub fn judge_loads_on_just_above(bench: &mut Bench, asked: &Asked) -> Result<(), ProcedureError> {
    let level = Volts(bench.nominal("4.7.5-02", "still_on")?);
    let hold = bench.limit_time("4.7.5-02", "hold")?;
    bench.set_cell(1, ONE_CELL, level)?;
    judge_loads_through(bench, asked, "4.7.5-02", hold, true)
}

/// Holds one cell where the loads must go off, and judges that they do (4.7.5-02).
///
/// # Errors
/// As [`judge_loads_stay_on`].
pub fn judge_loads_off_just_below(bench: &mut Bench, asked: &Asked) -> Result<(), ProcedureError> {
    let (low, _) = bench.bounds("4.7.5-02", "threshold")?;
    let level = Volts(low) - JUST;
    let hold = bench.limit_time("4.7.5-02", "hold")?;
    if bench.bounds("4.7.5-01", "threshold")? != bench.bounds("4.7.5-02", "threshold")? {
        let mut judge = Judge::new(bench, asked);
        let why = "the setting of this bench isn't the default";
        judge.inconclusive(&["4.7.5-02"], "load contact", "open", why)?;
        return judge.done();
    }
    let cause = bench.now();
    bench.set_cell(1, ONE_CELL, level)?;
    let goal = Goal::shown(Signal::LoadsOff);
    let waited = drive::await_goals(bench, &[goal], cause, REST_PERIOD, hold)?;
    let who = drive::seen_by(bench, goal.signal);
    let found = if waited.complete() { "open" } else { "closed" };
    let quantity = format!(
        "load contact with a cell at {level:.2} for {}",
        words::time(hold)
    );
    let mut judge = Judge::new(bench, asked);
    judge.state(&["4.7.5-02"], &quantity, "open", found, &who)?;
    judge.done()
}

fn judge_loads_through(
    bench: &mut Bench,
    asked: &Asked,
    clause: &str,
    hold: Duration,
    on: bool,
) -> Result<(), ProcedureError> {
    let (state, other) = if on {
        ("closed", "open")
    } else {
        ("open", "closed")
    };
    let start = bench.now();
    let period = drive::sample_period(bench);
    let otherwise = bench.watch_contacts(period, hold, |snapshot| {
        match snapshot.contact(Contact::Load) {
            Some(closed) if closed == on => ControlFlow::Continue(()),
            seen => ControlFlow::Break((seen, snapshot.contacts.at)),
        }
    })?;
    let found = match otherwise {
        None => state.to_owned(),
        Some((Some(_), at)) => format!("{other} after {}", words::time(at.saturating_sub(start))),
        Some((None, _)) => {
            return Err(ProcedureError::Unreadable {
                contact: Contact::Load.to_string(),
                what: "whether the loads stay as they are".into(),
            });
        }
    };
    let who = drive::seen_by(bench, Signal::LoadsOff);
    let quantity = format!("load contact for {}", words::time(hold));
    let mut judge = Judge::new(bench, asked);
    judge.state(&[clause], &quantity, state, &found, &who)?;
    judge.done()
}

/// Takes a cell just below the discharge limit and judges that the report with A-SL11 forbids
/// discharging too (6.4.2-01).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when it doesn't, or shows no A-SL11; [`ProcedureError::Silent`]
/// when nobody can tell.
pub fn judge_discharge_forbidden(bench: &mut Bench, asked: &Asked) -> Result<(), ProcedureError> {
    let code = api::AlarmCode::ASl11;
    let goal = Goal::shown(Signal::Code(code));
    let (low, _) = bench.bounds("6.4.2-01", "threshold")?;
    let patience = bench.limit_time(PATIENCE.clause, PATIENCE.limit)?;
    let cause = bench.now();
    bench.set_cell(1, ONE_CELL, Volts(low) - JUST)?;
    let period = drive::sample_period(bench);
    let waited = drive::await_goals(bench, &[goal], cause, period, patience)?;
    let who = drive::seen_by(bench, goal.signal);
    let allowed = bench
        .last()
        .battery(1)
        .map(|sample| sample.report.discharge_allowed);
    let mut judge = Judge::new(bench, asked);
    let clauses = &["6.4.2-01"];
    if waited.complete() {
        let found = if allowed == Some(false) {
            "forbidden"
        } else {
            "allowed"
        };
        let quantity = format!("discharging in the report that shows {code}");
        judge.state(clauses, &quantity, "forbidden", found, &who)?;
    } else {
        let quantity = format!("{code} just below the discharge limit");
        judge.state(clauses, &quantity, "shown", "not shown", &who)?;
    }
    judge.done()
}
