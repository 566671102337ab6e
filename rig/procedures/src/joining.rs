//! Joining a battery to the rig.

use crate::ProcedureError;
use crate::judging::{Asked, Judge};
use bench::Bench;
use units::Celsius;

/// Judges, with every relay open, that the battery's plus is where the rig takes it to be (4.1-03).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when it isn't; [`ProcedureError::NotMeasured`] on a bench that
/// can't tell.
pub fn judge_polarity(bench: &mut Bench, asked: &Asked) -> Result<(), ProcedureError> {
    let pack = bench.snapshot()?.pack.clone();
    let pack = pack.ok_or_else(|| ProcedureError::NotMeasured {
        quantity: "the voltage of the bank".into(),
    })?;
    let closed = bench.last().relays.safety == Some(true);
    let mut judge = Judge::new(bench, asked);
    let clauses = ["4.1-03", "4.5-01"];
    if closed {
        let why = "the safety relay was closed already";
        judge.missing(&clauses, "voltage before any relay closes", "positive", why)?;
    } else {
        let reading = pack.reading("V");
        judge.reading(
            &clauses,
            "pack",
            "voltage before any relay closes",
            &reading,
        )?;
    }
    judge.done()
}

/// Connects the battery with charger and load off, and judges the current that flows then (4.5-01).
///
/// # Errors
/// As [`judge_polarity`].
pub fn judge_inrush(bench: &mut Bench, asked: &Asked) -> Result<(), ProcedureError> {
    bench.connect_battery()?;
    let current = bench.snapshot()?.current.clone();
    let current = current.ok_or_else(|| ProcedureError::NotMeasured {
        quantity: "the current of the bank".into(),
    })?;
    let mut reading = current.reading("A");
    reading.value = reading.value.abs();
    let mut judge = Judge::new(bench, asked);
    let quantity = "current with charger and load off";
    judge.reading(&["4.5-01"], "inrush", quantity, &reading)?;
    judge.done()
}

/// Judges that the battery is at a temperature at which it may be discharged, while the load draws
/// current (1.2-04, 5.4-01, 7-44).
///
/// # Errors
/// As [`judge_polarity`].
pub fn judge_discharge_temperature(bench: &mut Bench, asked: &Asked) -> Result<(), ProcedureError> {
    let clauses = ["1.2-04", "5.4-01"];
    let snapshot = bench.snapshot()?.clone();
    let temperature = snapshot
        .temperature
        .ok_or_else(|| ProcedureError::NotMeasured {
            quantity: "the temperature of the battery".into(),
        })?;
    let on = snapshot.load.is_some_and(|load| load.on);
    let mut judge = Judge::new(bench, asked);
    if on {
        let reading = temperature.reading(<Celsius as units::Quantity>::UNIT);
        let quantity = "temperature of the battery under load";
        judge.reading(&clauses, "temperature_range", quantity, &reading)?;
    } else {
        let why = "the load is off";
        judge.missing(&clauses, "temperature under load", "within its range", why)?;
    }
    judge.done()
}

/// Judges that what this rig may do by its envelope is nothing that harms a cell or overloads the
/// battery (1.1-07).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when it might.
pub fn judge_envelope(bench: &mut Bench, asked: &Asked) -> Result<(), ProcedureError> {
    let clauses = ["1.1-07"];
    let config = bench.config();
    let envelope = config.envelope;
    let source = format!("envelope of {}", config.name);
    let strings = u32::try_from(config.device.topology.parallel).map_or(f64::INFINITY, f64::from);
    let battery = bench.battery();
    let most = battery.maximum_charge_current;
    let charge = envelope.current.to.0 / (most.0 * strings) * 100.0;
    let most = battery.maximum_discharge_current;
    let discharge = -envelope.current.from.0 / (most.0 * strings) * 100.0;
    let at_s = bench.now().as_secs_f64();
    let reading = |value: f64, unit: &str| record::Reading {
        value,
        unit: unit.to_owned(),
        uncertainty: 0.0,
        instrument: source.clone(),
        at_s,
    };
    let mut judge = Judge::new(bench, asked);
    for (quantity, value) in [
        (
            "lowest cell that the rig tolerates",
            envelope.cell_voltage.from.0,
        ),
        (
            "highest cell that the rig tolerates",
            envelope.cell_voltage.to.0,
        ),
    ] {
        judge.reading(&clauses, "cell_range", quantity, &reading(value, "V"))?;
    }
    for (quantity, share) in [
        (
            "highest charge current of the rig, of the battery's",
            charge,
        ),
        (
            "highest discharge current of the rig, of the battery's",
            discharge,
        ),
    ] {
        judge.reading(&clauses, "current_share", quantity, &reading(share, "%"))?;
    }
    judge.done()
}
