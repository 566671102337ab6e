//! What the loops of all procedures share.

use crate::ProcedureError;
use crate::signal::{Goal, Signal};
use crate::wait::{Wait, Waited};
use bench::{Bench, Measured, Snapshot};
use record::Reading;
use std::ops::ControlFlow;
use std::time::Duration;

/// Longer waits are sampled this often; nobody can tell half a second from none there.
const LONG_WAIT_PERIOD: Duration = Duration::from_millis(500);
/// Up to here a wait is sampled as fast as the contacts can be.
const SHORT_WAIT: Duration = Duration::from_secs(10);

/// How often contacts are sampled when times are measured.
pub(crate) fn sample_period(bench: &Bench) -> Duration {
    bench.config().wiring.contacts.sample_period
}

/// How often a wait of this length is sampled where only the outcome counts.
pub(crate) fn outcome_period(bench: &Bench, wait: Duration) -> Duration {
    if wait <= SHORT_WAIT {
        sample_period(bench)
    } else {
        LONG_WAIT_PERIOD.max(sample_period(bench))
    }
}

/// Waits until all goals are seen or `timeout` after `cause` is over.
///
/// # Errors
/// When one is missing because nobody can see it: an unread contact, a silent battery.
pub(crate) fn await_goals(
    bench: &mut Bench,
    goals: &[Goal],
    cause: Duration,
    period: Duration,
    timeout: Duration,
) -> Result<Waited, ProcedureError> {
    // A pre-alarm that nobody has wired is not on.
    let wired = bench.config().wiring.contacts.pre_alarm.is_some();
    let seen = |goal: &&Goal| goal.signal != Signal::PreAlarm || goal.present || wired;
    let goals: Vec<Goal> = goals.iter().filter(seen).copied().collect();
    let mut wait = Wait::new(&goals, cause, timeout);
    // The wait ends itself; the bench's own time-out only has to be later.
    let patience = timeout + period + Duration::from_secs(1);
    let ended = bench.watch_contacts(period, patience, |snapshot| {
        let sight = |signal: Signal| {
            (
                signal.instant(snapshot),
                signal.in_snapshot(snapshot, cause),
            )
        };
        match wait.next(snapshot.at, sight) {
            Some(waited) => ControlFlow::Break(waited),
            None => ControlFlow::Continue(()),
        }
    })?;
    let waited = ended.ok_or_else(|| ProcedureError::NotReached {
        what: "the end of a wait".into(),
        within: patience,
        found: "the bench's clock stands still".into(),
    })?;
    for (goal, edge) in waited.goals.iter().zip(&waited.edges) {
        if edge.is_none() {
            visible(goal.signal, bench.last(), cause)?;
        }
    }
    Ok(waited)
}

/// Whether this signal could have been seen since `cause`.
pub(crate) fn visible(
    signal: Signal,
    snapshot: &Snapshot,
    cause: Duration,
) -> Result<(), ProcedureError> {
    if signal.in_snapshot(snapshot, cause).is_some() {
        return Ok(());
    }
    Err(match signal {
        Signal::Code(code) => ProcedureError::Silent {
            battery: 1,
            waited: snapshot.at.saturating_sub(cause),
            what: format!("whether {code} shows"),
        },
        Signal::PreAlarm | Signal::LoadsOff | Signal::ChargersOff => ProcedureError::Unreadable {
            contact: signal.subject(),
            what: "what the BMS does".into(),
        },
    })
}

/// Who sees a signal: for the record.
pub(crate) fn seen_by(bench: &Bench, signal: Signal) -> String {
    let wiring = &bench.config().wiring;
    match signal {
        Signal::ChargersOff => wiring.contacts.charge.instrument.clone(),
        Signal::LoadsOff => wiring.contacts.load.instrument.clone(),
        Signal::PreAlarm => match &wiring.contacts.pre_alarm {
            Some(at) => at.instrument.clone(),
            None => "nobody".to_owned(),
        },
        Signal::Code(_) => match &wiring.radio {
            Some(radio) => format!("radio {}", radio.receiver),
            None => "nobody".to_owned(),
        },
    }
}

/// A cell of the first battery as last measured; cells count from 1.
pub(crate) fn cell_voltage(snapshot: &Snapshot, cell: usize) -> Result<Measured, ProcedureError> {
    snapshot
        .cells
        .first()
        .and_then(|cells| cells.get(cell.checked_sub(1)?))
        .filter(|measured| measured.value.is_finite())
        .cloned()
        .ok_or_else(|| ProcedureError::NotMeasured {
            quantity: format!("the voltage of cell {cell}"),
        })
}

/// The middle of two readings, with half their distance added to the larger uncertainty.
pub(crate) fn between(one: &Measured, other: &Measured, unit: &str) -> Reading {
    Reading {
        value: f64::midpoint(one.value, other.value),
        unit: unit.to_owned(),
        uncertainty: (one.value - other.value).abs() / 2.0 + one.uncertainty.max(other.uncertainty),
        instrument: other.instrument.to_string(),
        at_s: other.at.as_secs_f64(),
    }
}
