//! Telling a microcontroller that hangs after a deep discharge from everything else that looks
//! like it, and whether a power cycle helped (8.2).

use crate::ProcedureError;
use crate::drive;
use crate::judging::{Asked, Judge};
use crate::signal::{ALL_QUIET, Goal, Signal};
use crate::words;
use api::Request;
use bench::{Bench, Contact, Measured};
use std::ops::ControlFlow;
use std::time::Duration;

const PERIOD: Duration = Duration::from_millis(500);
/// How long a person may take for nine steps.
const PERSON: Duration = Duration::from_secs(4 * 3600);

/// What is to be seen of a battery that may hang.
#[derive(Debug, Clone, PartialEq)]
pub struct Signs {
    /// Temperature at its case.
    pub temperature: Option<Measured>,
    /// Voltage of the bank.
    pub pack: Option<Measured>,
    /// Whether the BMS allows both without the batteries, through the same cables.
    pub cables_whole: bool,
    /// Contacts that were closed while it was watched, in words; nothing where it refused all.
    pub allowed: Vec<String>,
    /// For how long that was watched.
    pub held: Duration,
    /// Reports heard meanwhile.
    pub reports: usize,
    /// For how long they were listened for.
    pub listened: Duration,
}

/// Looks for every sign. The battery is connected; charger and load are off.
///
/// # Errors
/// When a contact can't be read; whatever the bench says.
pub fn look(bench: &mut Bench) -> Result<Signs, ProcedureError> {
    let snapshot = bench.snapshot()?;
    let (temperature, pack) = (snapshot.temperature.clone(), snapshot.pack.clone());
    let cables_whole = cables_whole(bench)?;
    let held = bench.limit_time("8.2-04", "hold")?;
    let listened = bench.limit_time("8.2-12", "silence")?;
    // What is under way when the batteries come back into the chain ends first.
    let settle = bench.limit_time("4.9-16", "response")?;
    bench.watch_contacts(PERIOD, settle, |_| ControlFlow::<()>::Continue(()))?;
    let start = bench.now();
    let mut allowed = Vec::new();
    let mut reports = 0;
    let mut newest = None;
    let mut unread = None;
    bench.watch_contacts(PERIOD, held.max(listened), |snapshot| {
        for contact in [Contact::Charge, Contact::Load] {
            match snapshot.contact(contact) {
                Some(true) => {
                    let name = contact.to_string();
                    if !allowed.contains(&name) {
                        allowed.push(name);
                    }
                }
                Some(false) => {}
                None => unread = Some(contact),
            }
        }
        let heard = snapshot.batteries.iter().flatten();
        for sample in heard.filter(|sample| sample.received > start) {
            if newest.is_none_or(|newest| sample.received > newest) {
                newest = Some(sample.received);
                reports += 1;
            }
        }
        ControlFlow::<()>::Continue(())
    })?;
    if let Some(contact) = unread {
        return Err(ProcedureError::Unreadable {
            contact: contact.to_string(),
            what: "whether the BMS refuses".into(),
        });
    }
    Ok(Signs {
        temperature,
        pack,
        cables_whole,
        allowed,
        held,
        reports,
        listened,
    })
}

/// Leaves every battery out of the chain: through whole cables a BMS then allows everything.
fn cables_whole(bench: &mut Bench) -> Result<bool, ProcedureError> {
    let patience = bench.limit_time("8.2-15", "reconnect")?;
    let batteries = bench.batteries();
    for battery in 1..=batteries {
        bench.bypass(battery, true)?;
    }
    let cause = bench.now();
    let waited = drive::await_goals(bench, &ALL_QUIET, cause, PERIOD, patience)?;
    for battery in 1..=batteries {
        bench.bypass(battery, false)?;
    }
    Ok(waited.complete())
}

/// Judges each sign: none of them missing is what a power cycle asks for.
///
/// # Errors
/// [`ProcedureError::NotPassed`] when one is missing, so that the board must not be touched;
/// [`ProcedureError::NotMeasured`] where the bench can't tell.
pub fn judge(bench: &mut Bench, asked: &Asked, signs: &Signs) -> Result<(), ProcedureError> {
    let missing = |quantity: &str| ProcedureError::NotMeasured {
        quantity: quantity.to_owned(),
    };
    let temperature = signs.temperature.as_ref();
    let temperature = temperature.ok_or_else(|| missing("the temperature of the battery"))?;
    let pack = signs.pack.as_ref();
    let pack = pack.ok_or_else(|| missing("the voltage of the bank"))?;
    let level = if bench.battery().cells == 8 {
        "pack_24v"
    } else {
        "pack_12v"
    };
    let contacts = drive::seen_by(bench, Signal::LoadsOff);
    let radio = drive::seen_by(bench, Signal::Code(api::AlarmCode::ESl24));
    let mut judge = Judge::new(bench, asked);
    let reading = temperature.reading("°C");
    judge.reading(
        &["8.2-01"],
        "temperature",
        "temperature of the battery",
        &reading,
    )?;
    let reading = pack.reading("V");
    judge.reading(&["8.2-02"], level, "voltage of the bank", &reading)?;
    judge.reading(&["8.2-13"], level, "voltage of the bank", &reading)?;
    let whole = if signs.cables_whole {
        "whole"
    } else {
        "broken"
    };
    let quantity = "BMS and cables with every battery left out";
    judge.state(&["8.2-03"], quantity, "whole", whole, &contacts)?;
    let refused = match signs.allowed.as_slice() {
        [] => "refused".to_owned(),
        allowed => format!("{} closed", allowed.join(", ")),
    };
    let quantity = format!("loads and chargers for {}", words::time(signs.held));
    judge.state(&["8.2-04"], &quantity, "refused", &refused, &contacts)?;
    let heard = match signs.reports {
        0 => "silent".to_owned(),
        reports => format!("heard {reports} times"),
    };
    let quantity = format!("the battery's radio for {}", words::time(signs.listened));
    judge.state(&["8.2-12"], &quantity, "silent", &heard, &radio)?;
    judge.done()
}

/// What came of a power cycle.
#[derive(Debug, Clone, PartialEq)]
pub struct Cycled {
    /// What still refused, in words; empty when nothing did.
    pub missing: String,
    /// How long was waited for it.
    pub waited: Duration,
    /// Batteries that were not heard, from 1.
    pub silent: Vec<usize>,
}

/// Has a person power-cycle the board, and waits for loads, chargers and radio.
///
/// # Errors
/// When nobody does it; whatever the bench says.
pub fn power_cycle(bench: &mut Bench) -> Result<Cycled, ProcedureError> {
    let answer = bench.ask(&Request {
        kind: "power-cycle".to_owned(),
        instruction: "With the papers of 8.2 at hand, and a second person beside you: take the \
            board's plus off for some seconds and put it back"
            .to_owned(),
        expected: "done".to_owned(),
        within: PERSON,
    })?;
    if answer.text != "done" {
        return Err(ProcedureError::NotReached {
            what: "a board that lost its supply for some seconds".into(),
            within: PERSON,
            found: answer.text,
        });
    }
    let reconnect = bench.limit_time("8.2-15", "reconnect")?;
    let cause = bench.now();
    let goals = [
        Goal::gone(Signal::LoadsOff),
        Goal::gone(Signal::ChargersOff),
    ];
    let waited = drive::await_goals(bench, &goals, cause, PERIOD, reconnect)?;
    let batteries = bench.batteries();
    let silent = |snapshot: &bench::Snapshot| -> Vec<usize> {
        (1..=batteries)
            .filter(|battery| snapshot.battery(*battery).is_none())
            .collect()
    };
    let left = reconnect.saturating_sub(bench.now().saturating_sub(cause));
    bench.watch_contacts(PERIOD, left, |snapshot| {
        if silent(snapshot).is_empty() {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    })?;
    Ok(Cycled {
        missing: waited.missing(),
        waited: reconnect,
        silent: silent(bench.last()),
    })
}

/// Judges that the power cycle helped (8.2-15).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when something is still refused, or a battery not heard.
pub fn judge_cycled(
    bench: &mut Bench,
    asked: &Asked,
    cycled: &Cycled,
) -> Result<(), ProcedureError> {
    let clauses = &["8.2-15"];
    let contacts = drive::seen_by(bench, Signal::LoadsOff);
    let radio = drive::seen_by(bench, Signal::Code(api::AlarmCode::ESl24));
    let mut judge = Judge::new(bench, asked);
    let after = words::time(cycled.waited);
    let found = match cycled.missing.as_str() {
        "" => "allowed".to_owned(),
        missing => format!("{missing} is missing"),
    };
    let quantity = format!("loads and chargers within {after} of the power cycle");
    judge.state(clauses, &quantity, "allowed", &found, &contacts)?;
    let heard = match cycled.silent.as_slice() {
        [] => "heard".to_owned(),
        silent => format!("{} silent", words::batteries(silent)),
    };
    let quantity = format!("radio within {after} of the power cycle");
    judge.state(clauses, &quantity, "heard", &heard, &radio)?;
    judge.done()
}
