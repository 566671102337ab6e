//! Whether the bank is one that the manual allows.

use crate::Problem;
use config::{BatteryProduct, Bench, BmsProduct, Bound, Clauses};
use units::Volts;

/// Statements with the numbers.
const BANK: (&str, &str) = ("3.1-01", "batteries");
const STRING_12V: (&str, &str) = ("4.5.3-02", "batteries_12v");
const STRING_24V: (&str, &str) = ("4.5.3-02", "batteries_24v");

/// Compares the bank with what the manual allows: batteries in all and in a string, and a voltage
/// that the BMS is for. A limit that the clause file doesn't have refuses nothing.
#[must_use]
pub fn check_bank(
    bench: &Bench,
    battery: &BatteryProduct,
    bms: &BmsProduct,
    clauses: &Clauses,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut refuse = |reason: String| {
        problems.push(Problem {
            role: "bank".to_owned(),
            channel: String::new(),
            reason,
        });
    };
    let topology = bench.device.topology;
    if let Some(most) = at_most(clauses, BANK)
        && count(topology.batteries()) > most
    {
        refuse(format!(
            "it has {} batteries, and {most} are the most ({})",
            topology.batteries(),
            BANK.0
        ));
    }
    let string = if battery.cells == 4 {
        STRING_12V
    } else {
        STRING_24V
    };
    if let Some(most) = at_most(clauses, string)
        && count(topology.series) > most
    {
        refuse(format!(
            "its strings have {} batteries of {}, and {most} are the most ({})",
            topology.series, battery.nominal_voltage, string.0
        ));
    }
    let system = system_voltage(bench, battery);
    let fits = bms.system_voltages.is_empty()
        || bms
            .system_voltages
            .iter()
            .any(|voltage| (*voltage - system).abs() < Volts(1.0));
    if !fits {
        refuse(format!(
            "it is one of {system}, and a {} isn't made for that (3.3)",
            bms.name
        ));
    }
    problems
}

/// The system that a bank belongs to: 12, 24 or 48 V.
#[must_use]
pub(crate) fn system_voltage(bench: &Bench, battery: &BatteryProduct) -> Volts {
    let nominal = battery.nominal_voltage.0 * count(bench.device.topology.series);
    Volts((nominal / 12.8).round() * 12.0)
}

fn at_most(clauses: &Clauses, (clause, limit): (&str, &str)) -> Option<f64> {
    match clauses.clauses.get(clause)?.limits.get(limit)?.bound {
        Bound::AtMost(most) => Some(most.value),
        Bound::Around { .. } | Bound::AtLeast(_) | Bound::Between(..) => None,
    }
}

/// A cast that loses nothing for any number of batteries.
fn count(batteries: usize) -> f64 {
    u32::try_from(batteries).map_or(f64::INFINITY, f64::from)
}
