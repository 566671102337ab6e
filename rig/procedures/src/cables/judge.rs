//! Judging what pulled cables and broken poles showed.

use super::{Currents, Pulled};
use crate::ProcedureError;
use crate::drive;
use crate::judging::{Asked, Judge};
use crate::sequence::least_delay;
use crate::signal::Signal;
use crate::words;
use bench::{Bench, Contact, Measured, Pole};
use record::Reading;

/// Judges that charger and load carry current (4.9-14) and that the BMS is alive (4.9-15).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when either doesn't; [`ProcedureError::NotMeasured`] where the
/// bench measures no current.
pub fn judge_flowing(
    bench: &mut Bench,
    asked: &Asked,
    found: &Currents,
) -> Result<(), ProcedureError> {
    let who = drive::seen_by(bench, Signal::LoadsOff);
    let alive = [Contact::Charge, Contact::Load]
        .iter()
        .any(|contact| bench.last().contact(*contact) == Some(true));
    let mut judge = Judge::new(bench, asked);
    flowing(&mut judge, &["4.9-14"], "", found)?;
    let state = |alive| if alive { "powered" } else { "without power" };
    judge.state(&["4.9-15"], "the BMS", state(true), state(alive), &who)?;
    judge.done()
}

fn flowing(
    judge: &mut Judge<'_>,
    clauses: &[&str],
    when: &str,
    found: &Currents,
) -> Result<(), ProcedureError> {
    for (name, current) in both(found)? {
        let quantity = format!("current of the {name}{when}");
        judge.reading(clauses, "current_flowing", &quantity, &current)?;
    }
    Ok(())
}

fn both(found: &Currents) -> Result<[(&'static str, Reading); 2], ProcedureError> {
    let reading = |name: &'static str, current: &Option<Measured>| {
        current
            .as_ref()
            .map(|measured| (name, measured.reading("A")))
            .ok_or_else(|| ProcedureError::NotMeasured {
                quantity: format!("the current of the {name}"),
            })
    };
    Ok([
        reading("charger", &found.charger)?,
        reading("load", &found.load)?,
    ])
}

/// Judges that without the cable nothing charged and nothing discharged (4.9-16): contacts within
/// the time that is allowed, and currents.
///
/// # Errors
/// [`ProcedureError::NotPassed`] when anything went on.
pub fn judge_all_off(
    bench: &mut Bench,
    asked: &Asked,
    pulled: &[Pulled],
) -> Result<(), ProcedureError> {
    let who = drive::seen_by(bench, Signal::LoadsOff);
    let mut judge = Judge::new(bench, asked);
    for one in pulled {
        off_in_time(&mut judge, &["4.9-16"], "response", one, &who)?;
        for current in both(&one.currents)? {
            no_current(&mut judge, one, current)?;
        }
    }
    judge.done()
}

/// That next to nothing flows, either way.
fn no_current(
    judge: &mut Judge<'_>,
    pulled: &Pulled,
    (name, current): (&str, Reading),
) -> Result<(), ProcedureError> {
    let magnitude = Reading {
        value: current.value.abs(),
        ..current
    };
    let quantity = format!("current of the {name} with {}", pulled.broken);
    judge.reading(&["4.9-16"], "current_off", &quantity, &magnitude)
}

/// Judges that the contacts told of it in time, under the given statements (3.2-07, 4.6-02,
/// 4.9-16 or 6.2.6-01, whichever is asked for).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when one didn't.
pub fn judge_contacts(
    bench: &mut Bench,
    asked: &Asked,
    pulled: &[Pulled],
) -> Result<(), ProcedureError> {
    let who = drive::seen_by(bench, Signal::LoadsOff);
    let mut judge = Judge::new(bench, asked);
    for one in pulled {
        off_in_time(
            &mut judge,
            &["3.2-07", "4.6-02", "4.9-16", "6.2.6-01"],
            "response",
            one,
            &who,
        )?;
    }
    judge.done()
}

/// Judges that the loads went off for a broken discharge pole (3.2-02), and not sooner than the
/// manual allows after a pre-alarm, if the BMS gave one.
///
/// # Errors
/// [`ProcedureError::NotPassed`] when they stayed on, or went too soon.
pub fn judge_loads_off(
    bench: &mut Bench,
    asked: &Asked,
    pulled: &[Pulled],
) -> Result<(), ProcedureError> {
    let who = drive::seen_by(bench, Signal::LoadsOff);
    let delay_asked = Asked::new(["3.2.1-02"]);
    for one in pulled {
        let mut judge = Judge::new(bench, asked);
        off_in_time(&mut judge, &["3.2-02"], "timeout", one, &who)?;
        judge.done()?;
        let Some((warning, cut)) = one.pre_alarm.zip(one.off.edge(Signal::LoadsOff)) else {
            continue;
        };
        let mut judge = Judge::new(bench, &delay_asked);
        let delay = least_delay(warning, cut, &who);
        let quantity = format!("delay from pre-alarm to loads off with {}", one.broken);
        judge.reading(&["3.2.1-02"], "delay", &quantity, &delay)?;
        judge.done()?;
    }
    Ok(())
}

/// Judges that the pre-alarm came on in time wherever an empty battery was played (3.2-07).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when it didn't.
pub fn judge_warned(
    bench: &mut Bench,
    asked: &Asked,
    pulled: &[Pulled],
) -> Result<(), ProcedureError> {
    let clauses = &["3.2-07"];
    let who = drive::seen_by(bench, Signal::PreAlarm);
    let mut judge = Judge::new(bench, asked);
    for one in pulled {
        let quantity = format!("from {} to {} on", one.broken, Contact::PreAlarm);
        match one.pre_alarm {
            Some(edge) => {
                let time = edge.since(one.cause, &who);
                judge.reading(clauses, "response", &quantity, &time)?;
            }
            None => judge.state(clauses, &quantity, "on", "off", &who)?,
        }
    }
    judge.done()
}

fn off_in_time(
    judge: &mut Judge<'_>,
    clauses: &[&str],
    limit: &str,
    one: &Pulled,
    who: &str,
) -> Result<(), ProcedureError> {
    for (goal, edge) in one.off.goals.iter().zip(&one.off.edges) {
        match edge {
            Some(edge) => {
                let quantity = format!("from {} to {goal}", one.broken);
                let time = edge.since(one.cause, who);
                judge.reading(clauses, limit, &quantity, &time)?;
            }
            None => {
                let waited = one.off.at.saturating_sub(one.cause);
                let quantity = format!(
                    "{} with {} for {}",
                    goal.signal.subject(),
                    one.broken,
                    words::time(waited)
                );
                let state = |present| goal.signal.state(present);
                judge.state(
                    clauses,
                    &quantity,
                    state(goal.present),
                    state(!goal.present),
                    who,
                )?;
            }
        }
    }
    Ok(())
}

/// Judges that what a broken pole stands for carried no current any more (4.9-16).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when it did.
pub fn judge_no_current(
    bench: &mut Bench,
    asked: &Asked,
    pole: Pole,
    pulled: &[Pulled],
) -> Result<(), ProcedureError> {
    let mut judge = Judge::new(bench, asked);
    for one in pulled {
        let [charger, load] = both(&one.currents)?;
        let current = match pole {
            Pole::Charge => charger,
            Pole::Discharge | Pole::PreAlarm => load,
        };
        no_current(&mut judge, one, current)?;
    }
    judge.done()
}

/// Judges that all contacts were back in time once it was plugged in again (4.9-17).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when one wasn't.
pub fn judge_back(
    bench: &mut Bench,
    asked: &Asked,
    pulled: &[Pulled],
) -> Result<(), ProcedureError> {
    let who = drive::seen_by(bench, Signal::LoadsOff);
    let mut judge = Judge::new(bench, asked);
    for one in pulled {
        for (goal, edge) in one.back.goals.iter().zip(&one.back.edges) {
            let quantity = format!("{goal} again after {}", one.broken);
            match edge {
                // It never went.
                Some(edge) if edge.after <= one.back_cause => {}
                Some(edge) => {
                    let time = edge.since(one.back_cause, &who);
                    judge.reading(&["4.9-17"], "reconnect", &quantity, &time)?;
                }
                None => {
                    let state = |present| goal.signal.state(present);
                    judge.state(
                        &["4.9-17"],
                        &quantity,
                        state(goal.present),
                        state(!goal.present),
                        &who,
                    )?;
                }
            }
        }
    }
    judge.done()
}

/// Judges that charger and load carried current again (4.9-17).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when one didn't.
pub fn judge_flowing_again(
    bench: &mut Bench,
    asked: &Asked,
    pulled: &[Pulled],
) -> Result<(), ProcedureError> {
    let mut judge = Judge::new(bench, asked);
    for one in pulled {
        let when = format!(" again after {}", one.broken);
        flowing(&mut judge, &["4.9-17"], &when, &one.currents_back)?;
    }
    judge.done()
}
