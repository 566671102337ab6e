//! Judging what a temperature ramp showed.

use super::{Extreme, Ramped, TOO_FAST};
use crate::ProcedureError;
use crate::drive;
use crate::edge::Edge;
use crate::judging::{Asked, Judge};
use crate::signal::{Goal, Signal};
use bench::Bench;
use record::Reading;

/// Judges the temperature at which the chargers went off.
///
/// # Errors
/// [`ProcedureError::NotPassed`] when it isn't within the limits, or they never did.
pub fn judge_contact(
    bench: &mut Bench,
    asked: &Asked,
    ramped: &Ramped,
) -> Result<(), ProcedureError> {
    judge_at(
        bench,
        asked,
        ramped,
        Signal::ChargersOff,
        ramped.at_contact.as_ref(),
    )
}

/// Judges the temperature at which the code came.
///
/// # Errors
/// As [`judge_contact`].
pub fn judge_code(bench: &mut Bench, asked: &Asked, ramped: &Ramped) -> Result<(), ProcedureError> {
    let signal = Signal::Code(ramped.extreme.code());
    judge_at(bench, asked, ramped, signal, ramped.at_code.as_ref())
}

fn judge_at(
    bench: &mut Bench,
    asked: &Asked,
    ramped: &Ramped,
    signal: Signal,
    at: Option<&(Edge, Reading)>,
) -> Result<(), ProcedureError> {
    let clauses = ramped.extreme.clauses();
    judge_under(bench, asked, ramped, signal, at, (clauses, "threshold"))
}

/// The same under other statements, and against another of their limits.
pub(crate) fn judge_under(
    bench: &mut Bench,
    asked: &Asked,
    ramped: &Ramped,
    signal: Signal,
    at: Option<&(Edge, Reading)>,
    (clauses, limit): (&[&str], &str),
) -> Result<(), ProcedureError> {
    let who = drive::seen_by(bench, signal);
    let goal = ramped.goal(signal);
    let mut judge = Judge::new(bench, asked);
    match at {
        Some(_) if ramped.fastest > TOO_FAST => {
            let quantity = format!("temperature at the board with {goal}");
            let why = format!("the board's temperature moved by {:.2}", ramped.fastest);
            judge.inconclusive(clauses, &quantity, "measured on a slow ramp", &why)?;
        }
        Some((_, reading)) => {
            let quantity = format!("temperature at the board with {goal}");
            judge.reading(clauses, limit, &quantity, reading)?;
        }
        None => {
            let quantity = format!("{} at {}", signal.subject(), ramped.last);
            let state = |present| signal.state(present);
            judge.state(
                clauses,
                &quantity,
                state(goal.present),
                state(!goal.present),
                &who,
            )?;
        }
    }
    judge.done()
}

/// Judges how soon the charge contact followed the battery's flag. A contact that moves without
/// its flag, or the other way round, is a finding of its own.
///
/// # Errors
/// [`ProcedureError::NotPassed`] when it was too late, or one of the two is missing.
pub fn judge_latency(
    bench: &mut Bench,
    asked: &Asked,
    ramped: &Ramped,
) -> Result<(), ProcedureError> {
    judge_latency_under(bench, asked, ramped, ramped.extreme.clauses())
}

/// The same under other statements.
pub(crate) fn judge_latency_under(
    bench: &mut Bench,
    asked: &Asked,
    ramped: &Ramped,
    clauses: &[&str],
) -> Result<(), ProcedureError> {
    let (contact, code) = (
        ramped.goal(Signal::ChargersOff),
        ramped.goal(Signal::Code(ramped.extreme.code())),
    );
    let who = drive::seen_by(bench, Signal::ChargersOff);
    let receiver = drive::seen_by(bench, code.signal);
    let mut judge = Judge::new(bench, asked);
    let state = |goal: Goal, present: bool| goal.signal.state(present);
    match (&ramped.at_contact, &ramped.at_code) {
        (Some((moved, _)), Some((flagged, _))) => {
            let latency = moved.after_edge(*flagged, &who);
            let quantity = format!("from {code} to {contact}");
            judge.reading(clauses, "response", &quantity, &latency)?;
        }
        (Some(_), None) => {
            let quantity = format!("{} with the {contact}", code.signal.subject());
            let (wanted, found) = (state(code, code.present), state(code, !code.present));
            judge.state(clauses, &quantity, wanted, found, &receiver)?;
        }
        (None, _) => {
            let quantity = format!("{} with {code}", contact.signal.subject());
            let (wanted, found) = (
                state(contact, contact.present),
                state(contact, !contact.present),
            );
            judge.state(clauses, &quantity, wanted, found, &who)?;
        }
    }
    judge.done()
}

/// Judges how far the temperature had to come back before the alarm went.
///
/// # Errors
/// [`ProcedureError::NotPassed`] when it's more or less than allowed, or the alarm never went.
pub fn judge_hysteresis(
    bench: &mut Bench,
    asked: &Asked,
    came: &Ramped,
    went: &Ramped,
) -> Result<(), ProcedureError> {
    let signal = Signal::Code(went.extreme.code());
    let who = drive::seen_by(bench, signal);
    let clauses = went.extreme.hysteresis();
    let mut judge = Judge::new(bench, asked);
    match (&came.at_code, &went.at_code) {
        (Some((_, came)), Some((_, back))) => {
            let apart = match went.extreme {
                Extreme::Cold => back.value - came.value,
                Extreme::Heat => came.value - back.value,
            };
            let reading = Reading {
                value: apart,
                unit: "K".into(),
                uncertainty: came.uncertainty + back.uncertainty,
                ..back.clone()
            };
            let quantity = format!("hysteresis of {signal}");
            judge.reading(clauses, "hysteresis", &quantity, &reading)?;
        }
        _ => {
            let quantity = format!("{} at {}", signal.subject(), went.last);
            judge.state(
                clauses,
                &quantity,
                signal.state(false),
                signal.state(true),
                &who,
            )?;
        }
    }
    judge.done()
}

/// Judges that the loads stayed on in the cold (3.2-04).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when they didn't.
pub fn judge_loads_stayed_on(
    bench: &mut Bench,
    asked: &Asked,
    ramped: &Ramped,
) -> Result<(), ProcedureError> {
    let who = drive::seen_by(bench, Signal::LoadsOff);
    let mut judge = Judge::new(bench, asked);
    let found = if ramped.loads_stayed_on {
        "closed"
    } else {
        "open"
    };
    judge.state(
        &["3.2-04"],
        "load contact while the battery got cold",
        "closed",
        found,
        &who,
    )?;
    judge.done()
}

/// Judges that the charge contact closed again when the alarm went.
///
/// # Errors
/// [`ProcedureError::NotPassed`] when it's still open.
pub fn judge_chargers_back(
    bench: &mut Bench,
    asked: &Asked,
    went: &Ramped,
) -> Result<(), ProcedureError> {
    let who = drive::seen_by(bench, Signal::ChargersOff);
    let mut judge = Judge::new(bench, asked);
    let quantity = format!("charge contact after {} was gone", went.extreme.code());
    let found = if went.at_contact.is_some() {
        "closed"
    } else {
        "open"
    };
    judge.state(went.extreme.clauses(), &quantity, "closed", found, &who)?;
    judge.done()
}
