//! Pulling cables and breaking poles on a battery bench (4.9, 6.2.6, 3.2).

mod judge;

pub use judge::{
    judge_all_off, judge_back, judge_contacts, judge_flowing, judge_flowing_again, judge_loads_off,
    judge_no_current, judge_warned,
};

use crate::ProcedureError;
use crate::drive;
use crate::edge::Edge;
use crate::signal::{ALL_QUIET, Goal, Signal};
use crate::wait::Waited;
use api::LoadMode;
use bench::{Bench, Contact, Measured, Pole};
use std::fmt;
use std::time::Duration;
use units::{Amps, Volts};

/// Share of the recommended current that charger and load run at while cables are pulled.
const SHARE: f64 = 0.2;
/// How long everything rests between two cables.
const REST: Duration = Duration::from_secs(2);
/// How long currents are given to settle after a contact moved.
const SETTLE: Duration = Duration::from_secs(1);

/// What is taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Broken {
    /// One cable, all its poles.
    Cable(usize),
    /// One pole of a cable.
    Pole(usize, Pole),
    /// The poles of a cable that an empty battery opens: pre-alarm and discharge.
    Empty(usize),
    /// Every cable at once.
    AllCables,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cable(number) => write!(f, "cable {number} unplugged"),
            Self::Pole(number, pole) => write!(f, "{pole} of cable {number} broken"),
            Self::Empty(number) => {
                write!(f, "pre-alarm and discharge pole of cable {number} broken")
            }
            Self::AllCables => f.write_str("all cables unplugged"),
        }
    }
}

/// Currents at one instant, where the bench measures them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Currents {
    /// Out of the charger.
    pub charger: Option<Measured>,
    /// Into the load.
    pub load: Option<Measured>,
}

/// What happened when something was taken away and put back.
#[derive(Debug, Clone, PartialEq)]
pub struct Pulled {
    /// What.
    pub broken: Broken,
    /// When it was taken away.
    pub cause: Duration,
    /// What was waited for then.
    pub off: Waited,
    /// The pre-alarm's coming on, where one came before the loads went.
    pub pre_alarm: Option<Edge>,
    /// Currents without it.
    pub currents: Currents,
    /// When it was put back.
    pub back_cause: Duration,
    /// The wait for everything to come back.
    pub back: Waited,
    /// Currents with it.
    pub currents_back: Currents,
}

/// Runs charger and load together, both well within what the battery is made for.
///
/// # Errors
/// Whatever the bench says.
pub fn run_charger_and_load(bench: &mut Bench) -> Result<Currents, ProcedureError> {
    let topology = bench.config().device.topology;
    let (series, parallel) = (count(topology.series), count(topology.parallel));
    let battery = bench.battery();
    let voltage = battery.absorption_voltage * series;
    let charge = battery.recommended_charge_current * (SHARE * parallel);
    let drawn = battery.recommended_discharge_current * (SHARE * parallel / 2.0);
    bench.start_charging(voltage, charge)?;
    bench.start_load(LoadMode::Current(drawn))?;
    let timeout = bench.limit_time("4.9-14", "timeout")?;
    let least = Amps(bench.nominal("4.9-14", "current_flowing")?);
    let flowing = |measured: Option<&Measured>| measured.is_some_and(|m| m.value >= least.0);
    bench.watch(SETTLE, timeout, |snapshot| {
        let charger = snapshot.charger.as_ref().map(|port| &port.current);
        let load = snapshot.load.as_ref().map(|port| &port.current);
        if flowing(charger) && flowing(load) {
            std::ops::ControlFlow::Break(())
        } else {
            std::ops::ControlFlow::Continue(())
        }
    })?;
    Ok(currents(bench))
}

#[expect(clippy::cast_precision_loss, reason = "a bank has few batteries")]
fn count(number: usize) -> f64 {
    number as f64
}

fn currents(bench: &Bench) -> Currents {
    let snapshot = bench.last();
    Currents {
        charger: snapshot.charger.as_ref().map(|port| port.current.clone()),
        load: snapshot.load.as_ref().map(|port| port.current.clone()),
    }
}

/// Takes each of these away in turn and puts it back.
///
/// # Errors
/// When a contact can't be read; whatever the bench says.
pub fn pull_each(bench: &mut Bench, which: &[Broken]) -> Result<Vec<Pulled>, ProcedureError> {
    if which.is_empty() {
        return Err(ProcedureError::NothingFound {
            hint: "the bench file wires no relays into the BMS cables".into(),
        });
    }
    which.iter().map(|broken| pull(bench, *broken)).collect()
}

/// Every cable of the bench.
#[must_use]
pub fn each_cable(bench: &Bench) -> Vec<Broken> {
    (1..=bench.cables()).map(Broken::Cable).collect()
}

/// What an empty battery does to each cable of the bench.
#[must_use]
pub fn each_empty(bench: &Bench) -> Vec<Broken> {
    (1..=bench.cables()).map(Broken::Empty).collect()
}

/// The same pole of every cable of the bench.
#[must_use]
pub fn each_pole(bench: &Bench, pole: Pole) -> Vec<Broken> {
    (1..=bench.cables())
        .map(|number| Broken::Pole(number, pole))
        .collect()
}

fn pull(bench: &mut Bench, broken: Broken) -> Result<Pulled, ProcedureError> {
    bench.watch_contacts(REST, REST, |_| std::ops::ControlFlow::<()>::Continue(()))?;
    let period = drive::sample_period(bench);
    let cause = bench.now();
    set(bench, broken, false)?;
    let (off, pre_alarm) = wait_for_effect(bench, broken, cause, period)?;
    bench.settle(SETTLE, SETTLE)?;
    let without = currents(bench);
    let back_cause = bench.now();
    set(bench, broken, true)?;
    let reconnect = bench.limit_time("4.9-17", "reconnect")?;
    let back = drive::await_goals(bench, &ALL_QUIET, back_cause, period, reconnect)?;
    bench.settle(SETTLE, SETTLE)?;
    Ok(Pulled {
        broken,
        cause,
        off,
        pre_alarm,
        currents: without,
        back_cause,
        back,
        currents_back: currents(bench),
    })
}

fn set(bench: &mut Bench, broken: Broken, connected: bool) -> Result<(), ProcedureError> {
    match (broken, connected) {
        (Broken::Cable(number), true) => bench.plug_cable(number)?,
        (Broken::Cable(number), false) => bench.unplug_cable(number)?,
        (Broken::Pole(number, pole), connected) => bench.set_pole(number, pole, connected)?,
        (Broken::Empty(number), connected) => {
            bench.set_pole(number, Pole::PreAlarm, connected)?;
            bench.set_pole(number, Pole::Discharge, connected)?;
        }
        (Broken::AllCables, true) => bench.plug_all()?,
        (Broken::AllCables, false) => {
            for number in 1..=bench.cables() {
                bench.unplug_cable(number)?;
            }
        }
    }
    Ok(())
}

/// What must come of it. A broken discharge pole is an empty battery's signal: the BMS may warn
/// first, and then keeps its delay.
fn goals(broken: Broken) -> &'static [Goal] {
    const OFF: [Goal; 2] = [
        Goal {
            signal: Signal::ChargersOff,
            present: true,
        },
        Goal {
            signal: Signal::LoadsOff,
            present: true,
        },
    ];
    const WARN: [Goal; 1] = [Goal {
        signal: Signal::PreAlarm,
        present: true,
    }];
    match broken {
        Broken::Cable(_) | Broken::AllCables => &OFF,
        Broken::Pole(_, Pole::Charge) => &OFF[..1],
        Broken::Pole(_, Pole::Discharge) | Broken::Empty(_) => &OFF[1..],
        Broken::Pole(_, Pole::PreAlarm) => &WARN,
    }
}

fn wait_for_effect(
    bench: &mut Bench,
    broken: Broken,
    cause: Duration,
    period: Duration,
) -> Result<(Waited, Option<Edge>), ProcedureError> {
    let patience = match broken {
        Broken::Pole(_, Pole::Discharge) | Broken::Empty(_) => {
            bench.limit_time("3.2-02", "timeout")?
        }
        // Long past the limit, so that what is too late still gets a number.
        Broken::Cable(_) | Broken::AllCables | Broken::Pole(..) => {
            bench.limit_time("4.9-16", "response")? * 3
        }
    };
    let mut wait = crate::wait::Wait::new(goals(broken), cause, patience);
    let mut pre_alarm = crate::edge::EdgeFinder::new(true, cause);
    let longest = patience + period * 2;
    let ended = bench.watch_contacts(period, longest, |snapshot| {
        pre_alarm.sample(snapshot.contacts.at, snapshot.contact(Contact::PreAlarm));
        let sight = |signal: Signal| {
            (
                signal.instant(snapshot),
                signal.in_snapshot(snapshot, cause),
            )
        };
        match wait.next(snapshot.at, sight) {
            Some(waited) => std::ops::ControlFlow::Break(waited),
            None => std::ops::ControlFlow::Continue(()),
        }
    })?;
    let waited = ended.ok_or_else(|| ProcedureError::NotReached {
        what: "the end of a wait".into(),
        within: longest,
        found: "the bench's clock stands still".into(),
    })?;
    for goal in goals(broken) {
        drive::visible(goal.signal, bench.last(), cause)?;
    }
    Ok((waited, pre_alarm.edge()))
}

/// The voltage that a charger of this bank is set to.
#[must_use]
pub fn charge_voltage(bench: &Bench) -> Volts {
    bench.battery().absorption_voltage * count(bench.config().device.topology.series)
}

#[cfg(test)]
mod tests {
    use super::{Broken, goals};
    use bench::Pole;

    #[test]
    fn what_is_broken_says_what_must_follow() {
        let words = |broken: Broken| {
            let goals: Vec<String> = goals(broken).iter().map(ToString::to_string).collect();
            format!("{broken}: {}", goals.join(", "))
        };
        insta::assert_snapshot!(words(Broken::Cable(2)), @"cable 2 unplugged: charge contact open, load contact open");
        insta::assert_snapshot!(words(Broken::AllCables), @"all cables unplugged: charge contact open, load contact open");
        insta::assert_snapshot!(words(Broken::Pole(1, Pole::Charge)), @"charge pole of cable 1 broken: charge contact open");
        insta::assert_snapshot!(words(Broken::Pole(1, Pole::Discharge)), @"discharge pole of cable 1 broken: load contact open");
        insta::assert_snapshot!(words(Broken::Empty(2)), @"pre-alarm and discharge pole of cable 2 broken: load contact open");
        insta::assert_snapshot!(words(Broken::Pole(3, Pole::PreAlarm)), @"pre-alarm pole of cable 3 broken: pre-alarm contact on");
    }
}
