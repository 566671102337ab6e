//! What single BMS models do: how their contacts are made, and when ports take the contacts' part.

use crate::ProcedureError;
use crate::catalogue::{PATIENCE, TimeRule};
use crate::drive;
use crate::judging::{Asked, Judge};
use crate::response::{self, Response};
use crate::signal::{Goal, Signal};
use crate::temperature::{self, Extreme, Ramped};
use crate::threshold::{self, ONE_CELL, Threshold};
use bench::{Bench, ContactVoltages, Measured};
use record::Reading;
use std::time::Duration;
use units::Volts;

/// Statements about the charge contact and the temperature, one a model.
const TEMPERATURE: &[&str] = &[
    "3.3.1-04", "3.3.2-04", "3.3.3-04", "3.3.4-04", "3.3.5-04", "3.3.6-04",
];
/// The statement about the model whose ports are its contacts.
const PORTS: &str = "3.3-08";
/// Statements about contacts that are high or floating.
const SOURCING: &[&str] = &["3.3.1-05", "3.3.2-05", "3.3.3-05", "3.3.5-05", "3.3.6-05"];
/// The statement about contacts that are dry.
const DRY: &[&str] = &["3.3.4-05"];
/// How far past their limits two cells are taken to open both contacts.
const PAST: Volts = Volts(0.05);
const PERIOD: Duration = Duration::from_millis(500);

/// Voltages of the contacts, on and off.
#[derive(Debug, Clone, PartialEq)]
pub struct Made {
    /// With both contacts on.
    pub on: ContactVoltages,
    /// With both off.
    pub off: ContactVoltages,
}

/// Judges the temperature at which the charge contact opened, and how soon it followed the
/// battery's flag.
///
/// # Errors
/// [`ProcedureError::NotPassed`] when either isn't as it must be.
pub fn judge_temperature(
    bench: &mut Bench,
    asked: &Asked,
    ramped: &Ramped,
) -> Result<(), ProcedureError> {
    let limit = match ramped.extreme {
        Extreme::Cold => "threshold_low",
        Extreme::Heat => "threshold_high",
    };
    temperature::judge_under(
        bench,
        asked,
        ramped,
        Signal::ChargersOff,
        ramped.at_contact.as_ref(),
        (TEMPERATURE, limit),
    )?;
    temperature::judge_latency_under(bench, asked, ramped, TEMPERATURE)
}

/// Judges how soon a charge path followed the battery's flag (3.3-08).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when it was too late, or never went.
pub fn judge_port_temperature(
    bench: &mut Bench,
    asked: &Asked,
    ramped: &Ramped,
) -> Result<(), ProcedureError> {
    temperature::judge_latency_under(bench, asked, ramped, &[PORTS])
}

/// Judges the cell voltage at which a port went off (3.3-08).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when it isn't within the limits.
pub fn judge_port_threshold(
    bench: &mut Bench,
    asked: &Asked,
    threshold: &Threshold,
) -> Result<(), ProcedureError> {
    let limit = match threshold.goal.signal {
        Signal::ChargersOff => "threshold_high",
        Signal::LoadsOff | Signal::PreAlarm | Signal::Code(_) => "threshold_low",
    };
    threshold::judge_under(bench, asked, threshold, &[PORTS], limit)
}

/// Waits for a port to go off after a cell jumped, and judges how soon it did (3.3-08).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when it was too late, or stayed on.
pub fn judge_port_jump(
    bench: &mut Bench,
    asked: &Asked,
    jump: &response::Jump,
    goal: Goal,
) -> Result<(), ProcedureError> {
    let limit = match goal.signal {
        Signal::ChargersOff => "response_high",
        Signal::LoadsOff | Signal::PreAlarm | Signal::Code(_) => "response",
    };
    let followed: Response = response::follow(bench, jump, goal)?;
    let who = drive::seen_by(bench, goal.signal);
    let rule = TimeRule {
        clauses: &[PORTS],
        limit,
    };
    let mut judge = Judge::new(bench, asked);
    response::judge_under(&mut judge, &followed, &who, rule)?;
    judge.done()
}

/// Measures the contacts as they are at rest, and again with one cell so low and another so high
/// that both must be off.
///
/// # Errors
/// [`ProcedureError::NotReached`] when they don't go off; whatever the bench says.
pub fn measure_contacts(bench: &mut Bench) -> Result<Made, ProcedureError> {
    let on = bench.contact_voltages()?;
    let (low, _) = bench.bounds("3.2-02", "threshold")?;
    let (_, high) = bench.bounds("3.2-03", "threshold")?;
    let patience = bench.limit_time(PATIENCE.clause, PATIENCE.limit)?;
    let cause = bench.now();
    bench.set_cell(1, ONE_CELL, Volts(low) - PAST)?;
    bench.set_cell(1, ONE_CELL + 1, Volts(high) + PAST)?;
    let goals = [
        Goal::shown(Signal::LoadsOff),
        Goal::shown(Signal::ChargersOff),
    ];
    let waited = drive::await_goals(bench, &goals, cause, PERIOD, patience)?;
    if !waited.complete() {
        // Not off in the comparator's eyes; the meter tells whether that is the contact's doing.
        bench.note(format!("still missing: {}", waited.missing()));
    }
    let off = bench.contact_voltages()?;
    Ok(Made { on, off })
}

/// Judges contacts that only source: near the supply when on, floating when off.
///
/// # Errors
/// [`ProcedureError::NotPassed`] when a voltage is beyond its limit.
pub fn judge_sourcing(bench: &mut Bench, asked: &Asked, made: &Made) -> Result<(), ProcedureError> {
    let mut judge = Judge::new(bench, asked);
    for (name, on, off) in contacts(made) {
        let drop = made.on.supply.minus(on).reading("V");
        let quantity = format!("{name}, on, below the supply");
        judge.reading(SOURCING, "drop", &quantity, &drop)?;
        let quantity = format!("{name}, floating");
        judge.reading(SOURCING, "floating", &quantity, &off.reading("V"))?;
    }
    judge.done()
}

/// Judges contacts that are dry, from what they leave of the supply at their pull-downs.
///
/// # Errors
/// [`ProcedureError::NotPassed`] when one has too much resistance closed, or too little open.
pub fn judge_dry(bench: &mut Bench, asked: &Asked, made: &Made) -> Result<(), ProcedureError> {
    let pull_down = bench.config().wiring.contacts.pull_down.0;
    let mut judge = Judge::new(bench, asked);
    for (name, on, off) in contacts(made) {
        let closed = closed(&made.on.supply, on, pull_down);
        let quantity = format!("resistance of the {name}, closed");
        judge.reading(DRY, "closed", &quantity, &closed)?;
        let open = open(&made.off.supply, off, pull_down);
        let quantity = format!("resistance of the {name}, open, or more");
        judge.reading(DRY, "open", &quantity, &open)?;
    }
    judge.done()
}

fn contacts(made: &Made) -> [(&'static str, &Measured, &Measured); 2] {
    [
        ("charge contact", &made.on.charge, &made.off.charge),
        ("load contact", &made.on.load, &made.off.load),
    ]
}

/// Resistance of a closed contact between a supply and a pull-down.
fn closed(supply: &Measured, at: &Measured, pull_down: f64) -> Reading {
    let amps = at.value / pull_down;
    let across = supply.minus(at);
    Reading {
        value: across.value / amps,
        uncertainty: across.uncertainty / amps,
        ..across.reading("Ω")
    }
}

/// The least resistance that an open contact can have: the voltage that is left is hardly more
/// than what the meter may be off.
fn open(supply: &Measured, at: &Measured, pull_down: f64) -> Reading {
    let most = (at.value + at.uncertainty).max(f64::MIN_POSITIVE);
    Reading {
        value: (supply.value - most) / (most / pull_down),
        uncertainty: 0.0,
        ..at.reading("Ω")
    }
}

#[cfg(test)]
mod tests {
    use super::{closed, open};
    use bench::Measured;
    use std::time::Duration;

    fn volts(value: f64) -> Measured {
        Measured {
            value,
            uncertainty: 0.001,
            at: Duration::ZERO,
            instrument: "daq".into(),
        }
    }

    #[test]
    fn resistances_follow_from_what_is_left_at_the_pull_down() {
        let reading = closed(&volts(13.2), &volts(13.0), 1000.0);
        assert!((reading.value - 15.38).abs() < 0.01, "{reading}");
        assert!(reading.uncertainty > 0.1 && reading.uncertainty < 0.2);
        let reading = open(&volts(13.2), &volts(0.0), 1000.0);
        assert!(reading.value > 13e6, "{reading}");
        let reading = open(&volts(13.2), &volts(0.5), 1000.0);
        assert!(reading.value < 26e3, "a leak shows: {reading}");
    }
}
