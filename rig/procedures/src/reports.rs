//! What the battery's own reports say, held against the rig's measurements.

use crate::ProcedureError;
use crate::judging::{Asked, Judge};
use api::{BalancerStatus, BatteryReport, CellVoltage, TelemetrySample};
use bench::{Bench, Measured, Snapshot};
use record::Reading;
use std::ops::ControlFlow;
use std::time::Duration;

/// How often reports are looked at.
const PERIOD: Duration = Duration::from_millis(500);

/// Judges that every battery is heard (6.3.1-01, 6.3.1-04).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when one isn't.
pub fn judge_heard(bench: &mut Bench, asked: &Asked) -> Result<(), ProcedureError> {
    let clauses = ["6.3.1-01", "6.3.1-04"];
    let patience = bench.limit_time("6.2.5-02", "report_age")?;
    let since = bench.now();
    let batteries = bench.batteries();
    let new = |snapshot: &Snapshot, battery: usize| {
        snapshot
            .battery(battery)
            .is_some_and(|sample| sample.received >= since)
    };
    bench.watch_contacts(PERIOD, patience, |snapshot| {
        if (1..=batteries).all(|battery| new(snapshot, battery)) {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    })?;
    let who = radio(bench);
    let heard: Vec<bool> = (1..=batteries)
        .map(|battery| new(bench.last(), battery))
        .collect();
    let mut judge = Judge::new(bench, asked);
    for (battery, heard) in (1..).zip(heard) {
        let found = if heard { "heard" } else { "silent" };
        judge.state(
            &clauses,
            &format!("battery {battery}"),
            "heard",
            found,
            &who,
        )?;
    }
    judge.done()
}

/// Judges what the newest report of every battery holds: cells as many as its model has (2.1-01),
/// that together make its voltage (2.2-01), and one of the four states of the balancer (2.2-02).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when something is missing or otherwise;
/// [`ProcedureError::Silent`] when a battery isn't heard.
pub fn judge_contents(bench: &mut Bench, asked: &Asked) -> Result<(), ProcedureError> {
    let reports = fresh(bench)?;
    let cells = bench.battery().cells;
    let (count, sum) = if cells == 4 {
        ("cells_12v", "sum_12v")
    } else {
        ("cells_24v", "sum_24v")
    };
    let who = radio(bench);
    let mut judge = Judge::new(bench, asked);
    for sample in &reports {
        let name = format!("battery {}", sample.battery + 1);
        let report = &sample.report;
        let reading = |value: f64, unit: &str| Reading {
            value,
            unit: unit.to_owned(),
            uncertainty: 0.0,
            instrument: who.clone(),
            at_s: sample.received.as_secs_f64(),
        };
        let told = u32::try_from(report.cells.len()).map_or(f64::INFINITY, f64::from);
        let quantity = format!("cells in the report of {name}");
        judge.reading(&["2.1-01"], count, &quantity, &reading(told, "cells"))?;
        let quantity = format!("{name}: its voltage less the sum of its cells");
        match apart(report) {
            Some(apart) => judge.reading(&["2.2-01"], sum, &quantity, &reading(apart, "V"))?,
            None => judge.state(&["2.2-01"], &quantity, "told", "not told", &who)?,
        }
        let found = match report.balancer {
            Some(BalancerStatus::Other(_)) => "another one",
            Some(_) => "one of the four",
            None => "none",
        };
        let quantity = format!("state of the balancer of {name}");
        judge.state(&["2.2-02"], &quantity, "one of the four", found, &who)?;
    }
    judge.done()
}

/// Voltage less sum of the cells; none where the report leaves one of them out.
fn apart(report: &BatteryReport) -> Option<f64> {
    let cells: Option<Vec<f64>> = report
        .cells
        .iter()
        .map(|cell| match cell {
            CellVoltage::At(voltage) => Some(voltage.0),
            CellVoltage::Below(_) | CellVoltage::Above(_) => None,
        })
        .collect();
    Some((report.voltage?.0 - cells?.iter().sum::<f64>()).abs())
}

/// Judges that what the battery reports is what the rig measures: voltage, temperature, and how old
/// reports get (3.5-01).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when they are apart; [`ProcedureError::Silent`] when a battery
/// isn't heard; [`ProcedureError::NotMeasured`] when the bench can't compare.
pub fn judge_measurements(bench: &mut Bench, asked: &Asked) -> Result<(), ProcedureError> {
    let clauses = ["3.5-01"];
    let four = bench.battery().cells == 4;
    let voltage = if four { "voltage_12v" } else { "voltage_24v" };
    let reports = fresh(bench)?;
    let snapshot = bench.snapshot()?.clone();
    let who = radio(bench);
    let mut judge = Judge::new(bench, asked);
    for sample in &reports {
        let name = format!("battery {}", sample.battery + 1);
        let told = sample.report.voltage.map(|voltage| voltage.0);
        let seen = sum_of_cells(&snapshot, sample.battery);
        let quantity = format!("{name}: reported voltage less measured");
        compare(&mut judge, voltage, &quantity, told, seen.as_ref(), "V")?;
        let age = Reading {
            value: snapshot.at.saturating_sub(sample.received).as_secs_f64(),
            unit: "s".to_owned(),
            uncertainty: 0.0,
            instrument: who.clone(),
            at_s: snapshot.at.as_secs_f64(),
        };
        judge.reading(
            &clauses,
            "report_age",
            &format!("{name}: age of its report"),
            &age,
        )?;
    }
    // One thermocouple: at the board, or on the first battery's case.
    if let Some(first) = reports.first() {
        let told = first.report.temperature.map(|temperature| temperature.0);
        let seen = snapshot.temperature.as_ref();
        let quantity = "battery 1: reported temperature less measured";
        compare(&mut judge, "temperature", quantity, told, seen, "K")?;
    }
    judge.done()
}

fn compare(
    judge: &mut Judge<'_>,
    limit: &str,
    quantity: &str,
    told: Option<f64>,
    seen: Option<&Measured>,
    unit: &str,
) -> Result<(), ProcedureError> {
    let clauses = ["3.5-01"];
    let seen = seen.ok_or_else(|| ProcedureError::NotMeasured {
        quantity: quantity.to_owned(),
    })?;
    match told {
        Some(told) => {
            let apart = Reading {
                value: (told - seen.value).abs(),
                ..seen.reading(unit)
            };
            judge.reading(&clauses, limit, quantity, &apart)
        }
        None => judge.state(&clauses, quantity, "told", "not told", &seen.instrument),
    }
}

/// The voltage of a battery (from 0) by the rig's own leads.
fn sum_of_cells(snapshot: &Snapshot, battery: usize) -> Option<Measured> {
    let cells = snapshot.cells.get(battery)?;
    let first = cells.first()?;
    Some(Measured {
        value: cells.iter().map(|cell| cell.value).sum(),
        uncertainty: cells.iter().map(|cell| cell.uncertainty).sum(),
        ..first.clone()
    })
}

/// A report of every battery that came after now.
fn fresh(bench: &mut Bench) -> Result<Vec<TelemetrySample>, ProcedureError> {
    let patience = bench.limit_time("6.2.5-02", "report_age")?;
    let since = bench.now();
    let batteries = bench.batteries();
    bench.watch_contacts(PERIOD, patience, |snapshot| {
        let new = |battery| {
            snapshot
                .battery(battery)
                .is_some_and(|sample| sample.received >= since)
        };
        if (1..=batteries).all(new) {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    })?;
    let newest = |battery: usize| {
        let sample = bench.last().battery(battery);
        sample
            .filter(|sample| sample.received >= since)
            .cloned()
            .ok_or_else(|| ProcedureError::Silent {
                battery,
                waited: patience,
                what: "what it measures".into(),
            })
    };
    (1..=batteries).map(newest).collect()
}

/// Judges that the battery falls silent with every cell at `low`, and is heard again once they are
/// back at `high` (6.3.1-02).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when it stays silent; [`ProcedureError::NotReached`] when it
/// doesn't fall silent at all.
pub fn judge_heard_again(
    bench: &mut Bench,
    asked: &Asked,
    low: units::Volts,
    high: units::Volts,
) -> Result<(), ProcedureError> {
    let silence = bench.limit_time("6.1.5-03", "silence")?;
    let patience = bench.limit_time("6.3.1-02", "reconnect")?;
    bench.set_cells(low)?;
    let start = bench.now();
    bench.settle(silence + Duration::from_secs(5), PERIOD)?;
    let talks = bench
        .last()
        .battery(1)
        .is_some_and(|sample| sample.received > start + Duration::from_secs(5));
    if talks {
        return Err(ProcedureError::NotReached {
            what: "silence of the battery".into(),
            within: silence,
            found: format!("it still reports with every cell at {low:.2}"),
        });
    }
    bench.set_cells(high)?;
    let charged = bench.now();
    let heard = bench.watch_contacts(PERIOD, patience * 2, |snapshot| {
        match snapshot
            .battery(1)
            .filter(|sample| sample.received > charged)
        {
            Some(sample) => ControlFlow::Break(sample.received),
            None => ControlFlow::Continue(()),
        }
    })?;
    let who = radio(bench);
    let clauses = ["6.3.1-02"];
    let mut judge = Judge::new(bench, asked);
    match heard {
        Some(at) => {
            let reading = Reading {
                value: at.saturating_sub(charged).as_secs_f64(),
                unit: "s".to_owned(),
                uncertainty: PERIOD.as_secs_f64(),
                instrument: who,
                at_s: at.as_secs_f64(),
            };
            let quantity = "time from charged cells to the first report";
            judge.reading(&clauses, "reconnect", quantity, &reading)?;
        }
        None => judge.state(
            &clauses,
            "battery that was charged",
            "heard",
            "silent",
            &who,
        )?,
    }
    judge.done()
}

fn radio(bench: &Bench) -> String {
    match &bench.config().wiring.radio {
        Some(radio) => format!("radio {}", radio.receiver),
        None => "nobody".to_owned(),
    }
}
