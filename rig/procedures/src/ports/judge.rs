//! Judging what ports, terminals, words and a contactor did.

use super::{Limited, Moved, Parted, Side, seen_by};
use crate::ProcedureError;
use crate::cables::Pulled;
use crate::edge::Edge;
use crate::judging::{Asked, Judge};
use crate::signal::Signal;
use crate::words;
use bench::{Bench, Contact};
use record::Reading;

/// Statements about the limit of an alternator port.
const LIMIT: &[&str] = &["3.3.5-06", "3.3.6-08"];
/// Statements about an inverter/charger that follows the contacts.
const INVERTER: &[&str] = &["3.3.2-06", "3.3.3-06"];

fn on_off(contact: Contact, on: bool) -> &'static str {
    match (contact, on) {
        (Contact::Charge | Contact::Load, true) => "closed",
        (Contact::Charge | Contact::Load, false) => "open",
        (Contact::PreAlarm | Contact::Inverting | Contact::Charging, true) => "on",
        (Contact::PreAlarm | Contact::Inverting | Contact::Charging, false) => "off",
    }
}

/// Each contact against the time that a statement allows from the cause.
fn in_time(
    judge: &mut Judge<'_>,
    clauses: &[&str],
    moved: &Moved,
    who: &str,
) -> Result<(), ProcedureError> {
    for (contact, on, edge) in &moved.edges {
        let state = on_off(*contact, *on);
        match edge {
            Some(edge) => {
                let quantity = format!("from {} to {contact} {state}", moved.cause);
                let time = edge.since(moved.at, who);
                judge.reading(clauses, "response", &quantity, &time)?;
            }
            None => {
                let quantity = format!("{contact} after {}", moved.cause);
                let found = on_off(*contact, !*on);
                judge.state(clauses, &quantity, state, found, who)?;
            }
        }
    }
    Ok(())
}

/// Judges that the remote terminals turned everything off and on again (3.3.2-09).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when a contact didn't follow in time.
pub fn judge_remote(
    bench: &mut Bench,
    asked: &Asked,
    moved: &[Moved],
) -> Result<(), ProcedureError> {
    let who = seen_by(bench);
    let mut judge = Judge::new(bench, asked);
    for moved in moved {
        in_time(&mut judge, &["3.3.2-09"], moved, &who)?;
    }
    judge.done()
}

/// Judges that the inverter/charger did what a GX told it (3.3.2-08).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when it didn't in time.
pub fn judge_switched(
    bench: &mut Bench,
    asked: &Asked,
    moved: &[Moved],
) -> Result<(), ProcedureError> {
    let who = seen_by(bench);
    let mut judge = Judge::new(bench, asked);
    for moved in moved {
        in_time(&mut judge, &["3.3.2-08"], moved, &who)?;
    }
    judge.done()
}

/// Judges that inverter and charger went off along with the contacts (3.3.2-06, 3.3.3-06).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when one didn't, or much later.
pub fn judge_inverter(
    bench: &mut Bench,
    asked: &Asked,
    moved: &[Moved],
) -> Result<(), ProcedureError> {
    let who = seen_by(bench);
    let mut judge = Judge::new(bench, asked);
    for moved in moved {
        let (first, rest) = match moved.edges.split_first() {
            Some((first, rest)) => (first, rest),
            None => continue,
        };
        let Some(contact) = first.2 else {
            let quantity = format!("{} with {}", first.0, moved.cause);
            let (wanted, found) = (on_off(first.0, first.1), on_off(first.0, !first.1));
            judge.state(INVERTER, &quantity, wanted, found, &who)?;
            continue;
        };
        for (part, on, edge) in rest {
            let quantity = format!("from {} open to {part} off", first.0);
            match edge {
                Some(edge) => {
                    let mut apart = edge.after_edge(contact, &who);
                    apart.value = apart.value.abs();
                    judge.reading(INVERTER, "response", &quantity, &apart)?;
                }
                None => {
                    let quantity = format!("{part} with {}", moved.cause);
                    let (wanted, found) = (on_off(*part, *on), on_off(*part, !*on));
                    judge.state(INVERTER, &quantity, wanted, found, &who)?;
                }
            }
        }
    }
    judge.done()
}

/// Judges that the alternator port let through what was set, and no more.
///
/// # Errors
/// [`ProcedureError::NotPassed`] when it was more, or nothing at all.
pub fn judge_limit(
    bench: &mut Bench,
    asked: &Asked,
    limited: &[Limited],
) -> Result<(), ProcedureError> {
    let least = bench.nominal("4.9-14", "current_flowing")?;
    let mut judge = Judge::new(bench, asked);
    for Limited { set, current } in limited {
        let who = current.instrument.to_string();
        if current.value < least {
            let quantity = format!("current of an alternator port set to {set}");
            judge.state(LIMIT, &quantity, "there", "none", &who)?;
            continue;
        }
        let share = Reading {
            value: current.value / set.0 * 100.0,
            uncertainty: current.uncertainty / set.0 * 100.0,
            ..current.reading("%")
        };
        let quantity = format!("current of the alternator port against {set} set");
        judge.reading(LIMIT, "current_share", &quantity, &share)?;
        let quantity = format!("current of the alternator port set to {set}");
        judge.reading(LIMIT, "current", &quantity, &current.reading("A"))?;
    }
    judge.done()
}

/// Judges that the contact opened; without that nothing else can be judged.
fn opened(
    judge: &mut Judge<'_>,
    clauses: &[&str],
    parted: &Parted,
    who: &str,
) -> Result<Option<Edge>, ProcedureError> {
    if parted.opened.is_none() {
        let waited = words::time(parted.until.saturating_sub(parted.at));
        let quantity = format!("{} {waited} after {}", parted.contact, parted.cause);
        judge.state(clauses, &quantity, "open", "closed", who)?;
    }
    Ok(parted.opened)
}

/// Whether a current flowed before the pole was broken.
fn flowed(
    bench: &mut Bench,
    asked: &Asked,
    clauses: &[&str],
    parted: &Parted,
    what: &str,
) -> Result<bool, ProcedureError> {
    let least = bench.nominal("4.9-14", "current_flowing")?;
    if parted.before.value >= least {
        return Ok(true);
    }
    let who = parted.before.instrument.to_string();
    let mut judge = Judge::new(bench, asked);
    let quantity = format!("current of {what} while nothing is forbidden");
    judge.state(clauses, &quantity, "there", "none", &who)?;
    judge.done()?;
    Ok(false)
}

/// Judges that the alternator port went dead along with the charge contact (3.3.5-07).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when current went on.
pub fn judge_alternator_dead(
    bench: &mut Bench,
    asked: &Asked,
    parted: &Parted,
) -> Result<(), ProcedureError> {
    let clauses = &["3.3.5-07"];
    flowed(bench, asked, clauses, parted, "alternator port")?;
    let who = seen_by(bench);
    let mut judge = Judge::new(bench, asked);
    if let Some(opened) = opened(&mut judge, clauses, parted, &who)? {
        let quantity = format!("current of the alternator port with {}", parted.cause);
        judge.reading(
            clauses,
            "current_off",
            &quantity,
            &parted.current.reading("A"),
        )?;
        if let Some(ended) = parted.ended {
            let time = apart(ended, opened, &parted.current.instrument);
            let quantity = "between charge contact open and alternator port dead";
            // A pole does not say whether a cell or the temperature opened it: the shorter holds.
            judge.reading(clauses, "response_high", quantity, &time)?;
        }
    }
    judge.done()
}

fn apart(one: Edge, other: Edge, who: &str) -> Reading {
    let mut apart = one.after_edge(other, who);
    apart.value = apart.value.abs();
    apart
}

/// Judges that the system port went off along with the load contact (3.3.6-06).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when it went much sooner or later, or not at all.
pub fn judge_system_port(
    bench: &mut Bench,
    asked: &Asked,
    parted: &Parted,
) -> Result<(), ProcedureError> {
    let clauses = &["3.3.6-06"];
    flowed(bench, asked, clauses, parted, "system port")?;
    let who = seen_by(bench);
    let mut judge = Judge::new(bench, asked);
    if let Some(opened) = opened(&mut judge, clauses, parted, &who)? {
        match parted.ended {
            Some(ended) => {
                let time = apart(ended, opened, &parted.current.instrument);
                let quantity = "between load contact open and system port dead";
                judge.reading(clauses, "response", quantity, &time)?;
            }
            None => {
                let quantity = format!("current of the system port with {}", parted.cause);
                let by = parted.current.instrument.to_string();
                judge.state(clauses, &quantity, "none", "there", &by)?;
            }
        }
    }
    judge.done()
}

/// Puts on record whether the system port stayed on while charging was refused; one that did not
/// is remarked on, for the manual leaves it open (3.3.6-07).
///
/// # Errors
/// [`ProcedureError::NotPassed`], inconclusive, when it went off; when charging was not refused.
pub fn judge_system_port_kept(
    bench: &mut Bench,
    asked: &Asked,
    parted: &Parted,
) -> Result<(), ProcedureError> {
    let clauses = &["3.3.6-07"];
    flowed(bench, asked, clauses, parted, "system port")?;
    let who = seen_by(bench);
    let mut judge = Judge::new(bench, asked);
    if opened(&mut judge, clauses, parted, &who)?.is_some() {
        let held = words::time(parted.until.saturating_sub(parted.at));
        let quantity = format!("system port for {held} with charging refused");
        let by = parted.current.instrument.to_string();
        if parted.ended.is_none() {
            judge.state(clauses, &quantity, "on", "on", &by)?;
        } else {
            judge.inconclusive(
                clauses,
                &quantity,
                "on",
                "it went off, which isn't forbidden",
            )?;
        }
    }
    judge.done()
}

/// Judges that the contactor ended what went on in spite of a contact, and not before it
/// (3.3.4-06).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when the contact never opened, the current went on, or ended
/// first.
pub fn judge_contactor(
    bench: &mut Bench,
    asked: &Asked,
    side: Side,
    parted: &Parted,
) -> Result<(), ProcedureError> {
    let clauses = &["3.3.4-06"];
    let what = match side {
        Side::Charger => "a charger that doesn't listen",
        Side::Load => "a load that doesn't listen",
    };
    flowed(bench, asked, clauses, parted, what)?;
    let who = seen_by(bench);
    let by = parted.current.instrument.to_string();
    let mut judge = Judge::new(bench, asked);
    if let Some(opened) = opened(&mut judge, clauses, parted, &who)? {
        match parted.ended {
            Some(ended) => {
                let first = if ended.after < opened.before {
                    "the contactor"
                } else {
                    "the contact"
                };
                let quantity = format!("what opened first against {what}");
                judge.state(clauses, &quantity, "the contact", first, &by)?;
                let time = ended.after_edge(opened, &by);
                let quantity = format!("from the contact to the end of {what}");
                judge.reading(clauses, "timeout", &quantity, &time)?;
                let quantity = format!("current of {what} in the end");
                let current = parted.current.reading("A");
                judge.reading(clauses, "current_off", &quantity, &current)?;
            }
            None => {
                let waited = words::time(parted.until.saturating_sub(opened.after));
                let quantity = format!("contactor {waited} after the contact against {what}");
                judge.state(clauses, &quantity, "open", "closed", &by)?;
            }
        }
    }
    judge.done()
}

/// Judges that the loads went off a fixed time after a warning that the BMS made itself
/// (3.2.1-06).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when it was another time, there was no warning, or the loads
/// stayed on.
pub fn judge_fixed_warning(
    bench: &mut Bench,
    asked: &Asked,
    pulled: &[Pulled],
) -> Result<(), ProcedureError> {
    let clauses = &["3.2.1-06"];
    let who = seen_by(bench);
    let mut judge = Judge::new(bench, asked);
    for one in pulled {
        match (one.pre_alarm, one.off.edge(Signal::LoadsOff)) {
            (Some(warning), Some(cut)) => {
                let delay = cut.after_edge(warning, &who);
                let quantity = format!("delay from pre-alarm to loads off with {}", one.broken);
                judge.reading(clauses, "delay", &quantity, &delay)?;
            }
            (None, _) => {
                let quantity = format!("pre-alarm contact with {}", one.broken);
                judge.state(clauses, &quantity, "on", "off", &who)?;
            }
            (Some(_), None) => {
                let quantity = format!("load contact with {}", one.broken);
                judge.state(clauses, &quantity, "open", "closed", &who)?;
            }
        }
    }
    judge.done()
}
