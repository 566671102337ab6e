//! Whether sense leads and relays are where the bench file says.

use super::Finding;
use bench::{Bench, BenchError};
use std::time::Duration;
use units::Volts;

/// The lowest cell of a board bench that is tried; each further one is a step higher.
const LOWEST: Volts = Volts(3.20);
/// Far more than two instruments differ by.
const STEP: Volts = Volts(0.02);
/// How far a sense may be from the supply besides their uncertainty: a lead's drop.
const DROP: Volts = Volts(0.005);
/// For supplies to get there.
const SETTLE: Duration = Duration::from_secs(2);
const PERIOD: Duration = Duration::from_millis(500);
/// What a cell of a living battery has.
const ALIVE: std::ops::RangeInclusive<f64> = 1.5..=4.3;

pub(super) fn findings(bench: &mut Bench, energise: bool) -> Vec<Finding> {
    if bench.config().wiring.cells.is_empty() {
        return of_a_battery(bench);
    }
    if !energise {
        return vec![Finding::notice(
            "bench",
            "leads and relays",
            "not tried; `--energise` raises each cell to a voltage of its own, current limited, and moves relays",
        )];
    }
    let mut findings = of_a_board(bench).unwrap_or_else(|error| vec![failed("leads", &error)]);
    findings.extend(relays(bench));
    findings
}

fn failed(check: &'static str, error: &BenchError) -> Finding {
    Finding::bad("bench", check, error.to_string())
}

/// A living battery shows by itself whether its leads are in order.
fn of_a_battery(bench: &mut Bench) -> Vec<Finding> {
    const CHECK: &str = "sense lead";
    let snapshot = match bench.snapshot() {
        Ok(snapshot) => snapshot.clone(),
        Err(error) => return vec![failed(CHECK, &error)],
    };
    let mut findings = Vec::new();
    for (battery, cells) in (1..).zip(&snapshot.cells) {
        for (cell, measured) in (1..).zip(cells) {
            let subject = format!("battery {battery} cell {cell}");
            let value = measured.value;
            findings.push(if ALIVE.contains(&value) {
                Finding::good(&subject, CHECK, format!("{value:.3} V"))
            } else if ALIVE.contains(&-value) {
                Finding::bad(
                    &subject,
                    CHECK,
                    format!("{value:.3} V: the leads are swapped, change them over"),
                )
            } else {
                Finding::bad(
                    &subject,
                    CHECK,
                    format!("{value:.3} V, which no cell has: a lead is off, or on another cell"),
                )
            });
        }
    }
    findings
}

/// Each cell gets a voltage of its own: what a sense reads says which cell it is on.
fn of_a_board(bench: &mut Bench) -> Result<Vec<Finding>, BenchError> {
    const CHECK: &str = "sense lead";
    bench.energise_cells(LOWEST)?;
    let per_battery = bench.battery().cells.max(1);
    let all = bench.config().wiring.cells.len();
    let voltage = |place: usize| Volts(LOWEST.0 + STEP.0 * place as f64);
    for place in 0..all {
        bench.set_cell(
            place / per_battery + 1,
            place % per_battery + 1,
            voltage(place),
        )?;
    }
    let snapshot = bench.settle(SETTLE, PERIOD)?.clone();
    let read: Vec<_> = snapshot.cells.iter().flatten().cloned().collect();
    let mut findings = Vec::new();
    for (place, measured) in read.iter().enumerate() {
        let sense = &bench.config().wiring.cells[place].sense;
        let subject = format!("cell {}", place + 1);
        let near = |volts: f64| {
            (measured.value - volts).abs() <= measured.uncertainty + DROP.0 + STEP.0 * 0.25
        };
        let read = format!("{sense} reads {:.4} V", measured.value);
        let other = (0..all).find(|other| *other != place && near(voltage(*other).0));
        findings.push(if near(voltage(place).0) {
            Finding::good(&subject, CHECK, format!("{read} of {:.2} V", voltage(place).0))
        } else if let Some(other) = other {
            Finding::bad(
                &subject,
                CHECK,
                format!("{read}, which is what cell {} was set to: leads are interchanged", other + 1),
            )
        } else if near(-voltage(place).0) {
            Finding::bad(&subject, CHECK, format!("{read}: its leads are swapped"))
        } else {
            Finding::bad(
                &subject,
                CHECK,
                format!("{read}, and {:.2} V was set: a lead is off, or one of both doesn't tell the truth", voltage(place).0),
            )
        });
    }
    bench.de_energise_cells()?;
    Ok(findings)
}

/// Cables and bypasses carry no power while the cells are off: each relay is moved and read back.
fn relays(bench: &mut Bench) -> Vec<Finding> {
    const CHECK: &str = "relays";
    let mut findings = Vec::new();
    let mut tried = |subject: String, outcome: Result<(), BenchError>| {
        findings.push(match outcome {
            Ok(()) => Finding::good(&subject, CHECK, "closed and opened, read back each time"),
            Err(error) => Finding::bad(&subject, CHECK, error.to_string()),
        });
    };
    for number in 1..=bench.cables() {
        let outcome = bench
            .plug_cable(number)
            .and_then(|()| bench.unplug_cable(number));
        tried(format!("cable {number}"), outcome);
    }
    for number in 1..=bench.config().wiring.relays.bypass.len() {
        let outcome = bench
            .bypass(number, true)
            .and_then(|()| bench.bypass(number, false));
        tried(format!("bypass {number}"), outcome);
    }
    findings
}
