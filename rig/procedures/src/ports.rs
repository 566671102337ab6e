//! What single BMS models have besides contacts: remote terminals, words to an inverter/charger,
//! ports for alternator and system, a contactor.

use crate::ProcedureError;
use crate::cables;
use crate::drive;
use crate::edge::{Edge, EdgeFinder};
use crate::signal::Signal;
use crate::words;
use api::{LoadMode, Request};
use bench::{Bench, Contact, Pole, Snapshot};
use std::ops::ControlFlow;
use std::time::Duration;
use units::Amps;

mod judge;

pub use judge::{
    judge_alternator_dead, judge_contactor, judge_fixed_warning, judge_inverter, judge_limit,
    judge_remote, judge_switched, judge_system_port, judge_system_port_kept,
};

/// How often ports are measured while their end is waited for.
const PERIOD: Duration = Duration::from_millis(100);
/// How often anything is looked at while nothing is expected.
const REST_PERIOD: Duration = Duration::from_secs(1);
/// How long a person with the app or a GX may take.
const PERSON: Duration = Duration::from_secs(300);
/// Share of the recommended current that is drawn or offered.
const SHARE: f64 = 0.2;
/// How long a state is watched after it came, so that one that doesn't last shows.
const AFTER: Duration = Duration::from_secs(2);

/// Contacts, and when each was first seen in a state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// What was done, in words.
    pub cause: String,
    /// When.
    pub at: Duration,
    /// What had to follow, and when it did.
    pub edges: Vec<(Contact, bool, Option<Edge>)>,
}

/// Waits until each of these contacts is in its state, for `timeout` at most.
fn follow(
    bench: &mut Bench,
    cause: String,
    at: Duration,
    goals: &[(Contact, bool)],
    timeout: Duration,
) -> Result<Moved, ProcedureError> {
    let mut finders: Vec<EdgeFinder> = goals
        .iter()
        .map(|(_, on)| EdgeFinder::new(*on, at))
        .collect();
    let period = drive::sample_period(bench);
    let mut unread = None;
    bench.watch_contacts(period, timeout, |snapshot| {
        for ((contact, _), finder) in goals.iter().zip(&mut finders) {
            let state = snapshot.contact(*contact);
            if state.is_none() {
                unread = Some(*contact);
            }
            finder.sample(snapshot.contacts.at, state);
        }
        if unread.is_some() || finders.iter().all(|finder| finder.edge().is_some()) {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    })?;
    if let Some(contact) = unread {
        return Err(ProcedureError::Unreadable {
            contact: contact.to_string(),
            what: cause,
        });
    }
    let edges = goals
        .iter()
        .zip(finders)
        .map(|((contact, on), finder)| (*contact, *on, finder.edge()))
        .collect();
    Ok(Moved { cause, at, edges })
}

/// Parts the remote terminals, waits for both contacts, joins them and waits again.
///
/// # Errors
/// When a contact can't be read; whatever the bench says.
pub fn switch_remote(bench: &mut Bench) -> Result<[Moved; 2], ProcedureError> {
    let timeout = bench.limit_time("3.3.2-09", "response")? * 3;
    let both = |on| [(Contact::Charge, on), (Contact::Load, on)];
    let at = bench.now();
    bench.set_remote(false)?;
    let cause = "remote terminals parted".to_owned();
    let off = follow(bench, cause, at, &both(false), timeout)?;
    let at = bench.now();
    bench.set_remote(true)?;
    let cause = "remote terminals joined".to_owned();
    let on = follow(bench, cause, at, &both(true), timeout)?;
    Ok([off, on])
}

/// Takes one cell to where the loads, or the chargers, must go off, and waits for the contact and
/// for the inverter/charger.
///
/// # Errors
/// When a contact can't be read; whatever the bench says.
pub fn inverter_follows(
    bench: &mut Bench,
    low: units::Volts,
    high: units::Volts,
    rest: units::Volts,
) -> Result<[Moved; 2], ProcedureError> {
    let timeout = bench.limit_time("3.2-02", "timeout")?;
    let cell = crate::threshold::ONE_CELL;
    let at = bench.now();
    bench.set_cell(1, cell, low)?;
    let goals = [(Contact::Load, false), (Contact::Inverting, false)];
    let cause = format!("a cell at {low:.2}");
    let inverter = follow(bench, cause, at, &goals, timeout)?;
    bench.set_cell(1, cell, rest)?;
    let back = [(Contact::Load, true), (Contact::Inverting, true)];
    follow(bench, "recovery".to_owned(), bench.now(), &back, timeout)?;
    let at = bench.now();
    bench.set_cell(1, cell, high)?;
    let goals = [(Contact::Charge, false), (Contact::Charging, false)];
    let cause = format!("a cell at {high:.2}");
    let charger = follow(bench, cause, at, &goals, timeout)?;
    Ok([inverter, charger])
}

/// What an inverter/charger does once charging is refused for the battery's temperature.
///
/// # Errors
/// When a contact can't be read; whatever the bench says.
pub fn inverter_at_extreme(bench: &mut Bench) -> Result<Moved, ProcedureError> {
    let timeout = bench.limit_time("3.2-02", "timeout")?;
    let at = bench.now();
    let goals = [(Contact::Charge, false), (Contact::Charging, false)];
    follow(
        bench,
        "the battery's temperature".to_owned(),
        at,
        &goals,
        timeout,
    )
}

/// Has a person turn the inverter/charger to charging only, off, and on again with a GX, and waits
/// for each.
///
/// # Errors
/// When nobody does; when a state can't be read; whatever the bench says.
pub fn switch_inverter(bench: &mut Bench) -> Result<Vec<Moved>, ProcedureError> {
    let timeout = bench.limit_time("3.3.2-08", "response")? * 3;
    let mut all = Vec::new();
    for (mode, inverting, charging) in [
        ("charger-only", false, true),
        ("off", false, false),
        ("on", true, true),
    ] {
        change_bms(
            bench,
            &format!("On the GX, switch the inverter/charger: inverter={mode}"),
        )?;
        let at = bench.now();
        let goals = [
            (Contact::Inverting, inverting),
            (Contact::Charging, charging),
        ];
        let cause = format!("inverter/charger switched to {mode}");
        all.push(follow(bench, cause, at, &goals, timeout)?);
    }
    Ok(all)
}

/// Has a person change something of the BMS.
fn change_bms(bench: &mut Bench, instruction: &str) -> Result<(), ProcedureError> {
    let answer = bench.ask(&Request {
        kind: "change-bms".to_owned(),
        instruction: instruction.to_owned(),
        expected: "done".to_owned(),
        within: PERSON,
    })?;
    if answer.text == "done" {
        return Ok(());
    }
    Err(ProcedureError::NotReached {
        what: instruction.to_owned(),
        within: PERSON,
        found: answer.text,
    })
}

/// A current through the alternator port.
#[derive(Debug, Clone, PartialEq)]
pub struct Limited {
    /// What was set.
    pub set: Amps,
    /// What flowed once it had settled.
    pub current: bench::Measured,
}

/// Has the alternator port set to a current, offers it more, and measures what flows.
///
/// # Errors
/// Where the bench has no such port; whatever the bench says.
pub fn limit_alternator(
    bench: &mut Bench,
    set: Amps,
    offered: Amps,
) -> Result<Limited, ProcedureError> {
    let settle = bench
        .limit_time("3.3.5-06", "settle")?
        .max(bench.limit_time("3.3.6-08", "settle")?);
    change_bms(
        bench,
        &format!(
            "In the app, set the current of the alternator port: alternator_limit={} A",
            set.0
        ),
    )?;
    bench.use_alternator_port()?;
    bench.start_charging(cables::charge_voltage(bench), offered)?;
    bench.watch(REST_PERIOD, settle, |_| ControlFlow::<()>::Continue(()))?;
    let current = charger(bench.last()).ok_or_else(no_charger)?;
    Ok(Limited { set, current })
}

fn charger(snapshot: &Snapshot) -> Option<bench::Measured> {
    snapshot.charger.as_ref().map(|port| port.current.clone())
}

fn load(snapshot: &Snapshot) -> Option<bench::Measured> {
    snapshot.load.as_ref().map(|port| port.current.clone())
}

fn no_charger() -> ProcedureError {
    ProcedureError::NotMeasured {
        quantity: "the current of the charger".into(),
    }
}

/// A contact that opened, and the current that ended, or went on.
#[derive(Debug, Clone, PartialEq)]
pub struct Parted {
    /// What was broken, in words.
    pub cause: String,
    /// When.
    pub at: Duration,
    /// Which contact had to open.
    pub contact: Contact,
    /// When it did.
    pub opened: Option<Edge>,
    /// Current before.
    pub before: bench::Measured,
    /// When the current fell to the level that was waited for.
    pub ended: Option<Edge>,
    /// The last current.
    pub current: bench::Measured,
    /// When that was.
    pub until: Duration,
}

/// Charger or load.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The charger, and the charge pole.
    Charger,
    /// The load, and the discharge pole.
    Load,
}

impl Side {
    fn pole(self) -> Pole {
        match self {
            Self::Charger => Pole::Charge,
            Self::Load => Pole::Discharge,
        }
    }

    fn contact(self) -> Contact {
        match self {
            Self::Charger => Contact::Charge,
            Self::Load => Contact::Load,
        }
    }

    fn current(self, snapshot: &Snapshot) -> Option<bench::Measured> {
        match self {
            Self::Charger => charger(snapshot),
            Self::Load => load(snapshot),
        }
    }
}

/// Breaks a pole of the first cable and watches contact and current until both are gone, or
/// `timeout` is over.
fn part(
    bench: &mut Bench,
    side: Side,
    none: Amps,
    timeout: Duration,
) -> Result<Parted, ProcedureError> {
    let missing = || ProcedureError::NotMeasured {
        quantity: "the current at a port".into(),
    };
    bench.snapshot()?;
    let before = side.current(bench.last()).ok_or_else(missing)?;
    let at = bench.now();
    bench.set_pole(1, side.pole(), false)?;
    let mut contact = EdgeFinder::new(false, at);
    let mut current = EdgeFinder::new(true, at);
    bench.watch(PERIOD, timeout, |snapshot| {
        contact.sample(snapshot.contacts.at, snapshot.contact(side.contact()));
        if let Some(measured) = side.current(snapshot) {
            current.sample(measured.at, Some(measured.value.abs() <= none.0));
        }
        if contact.edge().is_some() && current.edge().is_some() {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    })?;
    bench.settle(AFTER, AFTER)?;
    let last = side.current(bench.last()).ok_or_else(missing)?;
    Ok(Parted {
        cause: format!("{} of cable 1 broken", side.pole()),
        at,
        contact: side.contact(),
        opened: contact.edge(),
        before,
        ended: current.edge(),
        current: last,
        until: bench.now(),
    })
}

/// Charges through the alternator port and breaks the charge pole.
///
/// # Errors
/// Where the bench has no such port; whatever the bench says.
pub fn refuse_alternator(bench: &mut Bench) -> Result<Parted, ProcedureError> {
    let none = Amps(bench.nominal("3.3.5-07", "current_off")?);
    let timeout = bench.limit_time("3.3.5-07", "response")? * 3;
    let offered = bench.battery().recommended_charge_current * SHARE;
    bench.use_alternator_port()?;
    bench.start_charging(cables::charge_voltage(bench), offered)?;
    flowing(bench, Side::Charger)?;
    part(bench, Side::Charger, none, timeout)
}

/// Draws through the system port and breaks the discharge pole.
///
/// # Errors
/// As [`refuse_alternator`].
pub fn refuse_system_port(bench: &mut Bench) -> Result<Parted, ProcedureError> {
    let none = Amps(bench.nominal("4.9-16", "current_off")?);
    let timeout = bench.limit_time("3.2-02", "timeout")?;
    draw_through_system_port(bench)?;
    part(bench, Side::Load, none, timeout)
}

/// Draws through the system port while charging is refused, for as long as a loads' delay would
/// take.
///
/// # Errors
/// As [`refuse_alternator`].
pub fn keep_system_port(bench: &mut Bench) -> Result<Parted, ProcedureError> {
    let none = Amps(bench.nominal("4.9-16", "current_off")?);
    let hold = bench.limit_time("3.2-06", "hold")?;
    draw_through_system_port(bench)?;
    let before = load(bench.last()).ok_or_else(no_charger)?;
    let at = bench.now();
    bench.set_pole(1, Pole::Charge, false)?;
    let mut contact = EdgeFinder::new(false, at);
    let mut current = EdgeFinder::new(true, at);
    bench.watch(REST_PERIOD, hold, |snapshot| {
        contact.sample(snapshot.contacts.at, snapshot.contact(Contact::Charge));
        if let Some(measured) = load(snapshot) {
            current.sample(measured.at, Some(measured.value.abs() <= none.0));
        }
        ControlFlow::<()>::Continue(())
    })?;
    Ok(Parted {
        cause: "charge pole of cable 1 broken".to_owned(),
        at,
        contact: Contact::Charge,
        opened: contact.edge(),
        before,
        ended: current.edge(),
        current: load(bench.last()).ok_or_else(no_charger)?,
        until: bench.now(),
    })
}

fn draw_through_system_port(bench: &mut Bench) -> Result<(), ProcedureError> {
    let drawn = bench.battery().recommended_discharge_current * SHARE;
    bench.use_system_port()?;
    bench.start_load(LoadMode::Current(drawn))?;
    flowing(bench, Side::Load)
}

/// Lets charger or load no longer listen to the contacts, draws what is allowed for as long as the
/// contactor may take, breaks the pole that forbids them to go on, and waits for the contactor to
/// end it.
///
/// # Errors
/// Where the bench can't bridge the contacts; whatever the bench says.
pub fn defy(bench: &mut Bench, side: Side) -> Result<Parted, ProcedureError> {
    let none = Amps(bench.nominal("3.3.4-06", "current_off")?);
    // The contact's own delay, and then the contactor's.
    let patience = bench.limit_time("3.3.4-06", "timeout")?;
    let timeout = bench.limit_time("3.2-02", "timeout")? + patience;
    bench.bridge_contacts()?;
    match side {
        Side::Charger => {
            let offered = bench.battery().recommended_charge_current * SHARE;
            bench.start_charging(cables::charge_voltage(bench), offered)?;
        }
        Side::Load => {
            let drawn = bench.battery().recommended_discharge_current * SHARE;
            bench.start_load(LoadMode::Current(drawn))?;
        }
    }
    flowing(bench, side)?;
    bench.settle(patience, REST_PERIOD)?;
    part(bench, side, none, timeout)
}

/// Waits until a current flows.
fn flowing(bench: &mut Bench, side: Side) -> Result<(), ProcedureError> {
    let least = bench.nominal("4.9-14", "current_flowing")?;
    let timeout = bench.limit_time("4.9-14", "timeout")?;
    let flows = bench.watch(REST_PERIOD, timeout, |snapshot| {
        match side.current(snapshot) {
            Some(measured) if measured.value.abs() >= least => ControlFlow::Break(()),
            Some(_) | None => ControlFlow::Continue(()),
        }
    })?;
    if flows.is_none() {
        // Whoever judges sees from the current before that none ever flowed.
        bench.note(format!(
            "no current of {} flowed within {}",
            Amps(least),
            words::time(timeout)
        ));
    }
    Ok(())
}

/// Who sees a contact.
fn seen_by(bench: &Bench) -> String {
    drive::seen_by(bench, Signal::LoadsOff)
}
