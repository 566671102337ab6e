//! Whether instruments tell the same story.
//!
//! On a board bench every cell voltage is known twice: from the supply that makes it, and from the
//! meter at the board. Where the two are further apart than their accuracies explain, one of them
//! is off, and no verdict about the battery may rest on either.
//!
//! On a battery bench a string of cells is known twice, as their sum and as the bank's voltage. By
//! the same meter, but an offset counts once for each cell and once for the bank.

use crate::ProcedureError;
use bench::{Bench, Contradiction};

/// A voltage known from two instruments, and how far each may be off.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KnownTwice {
    /// Where, from 1.
    pub cell: usize,
    /// Measured, in volts.
    pub measured_v: f64,
    /// Of the meter, in volts.
    pub meter_may_be_off_v: f64,
    /// Set and read back, in volts.
    pub supplied_v: f64,
    /// Of the supply, in volts.
    pub supply_may_be_off_v: f64,
}

impl KnownTwice {
    /// How far apart the two are.
    #[must_use]
    pub fn apart_v(&self) -> f64 {
        (self.measured_v - self.supplied_v).abs()
    }

    /// How far apart they may be.
    #[must_use]
    pub fn explained_v(&self) -> f64 {
        self.meter_may_be_off_v + self.supply_may_be_off_v
    }

    /// Whether both can be right. What isn't a number can't.
    #[must_use]
    pub fn agrees(&self) -> bool {
        self.apart_v() <= self.explained_v()
    }
}

/// Compares meter and supplies as last measured, for every cell.
///
/// # Errors
/// [`ProcedureError::Disagree`] for the first cell where they contradict each other;
/// [`ProcedureError::NotMeasured`] on a bench without cell supplies, or with its cells off.
pub(crate) fn meter_and_supplies(bench: &Bench) -> Result<(), ProcedureError> {
    let wiring = &bench.config().wiring;
    let snapshot = bench.last();
    let set = snapshot.outputs.cells.iter().flatten();
    let measured = snapshot.cells.iter().flatten();
    let mut compared = 0;
    for ((role, (measured, set)), cell) in wiring.cells.iter().zip(measured.zip(set)).zip(1..) {
        let accuracy = bench
            .config()
            .instruments
            .get(&role.supply.instrument)
            .map(|instrument| instrument.accuracy.voltage)
            .unwrap_or_default();
        let twice = KnownTwice {
            cell,
            measured_v: measured.value,
            meter_may_be_off_v: measured.uncertainty,
            supplied_v: set.0,
            supply_may_be_off_v: set.0 * accuracy.of_reading.fraction() + accuracy.constant,
        };
        if !twice.agrees() {
            return Err(disagreement(
                &twice,
                &measured.instrument,
                &role.supply.instrument,
            ));
        }
        compared += 1;
    }
    if compared == 0 || compared < wiring.cells.len() {
        return Err(ProcedureError::NotMeasured {
            quantity: "every cell that a supply stands for".into(),
        });
    }
    Ok(())
}

fn disagreement(twice: &KnownTwice, meter: &str, supply: &str) -> ProcedureError {
    ProcedureError::Disagree(Contradiction {
        one: format!("{meter} reads {:.4} V", twice.measured_v),
        other: format!("{supply} gives {:.4} V", twice.supplied_v),
        quantity: format!("cell {}", twice.cell),
        difference: format!(
            "{:.1} mV apart, {:.1} mV at most is explained by their accuracies",
            twice.apart_v() * 1e3,
            twice.explained_v() * 1e3
        ),
    })
}

/// Measures everything and compares meter and supplies.
///
/// # Errors
/// [`ProcedureError::Disagree`] where they contradict each other; whatever the bench says.
pub fn check(bench: &mut Bench) -> Result<(), ProcedureError> {
    bench.snapshot()?;
    meter_and_supplies(bench)
}

/// Compares the sum of the cells of each string with the voltage of the bank, as last measured,
/// unless current flows or one of them isn't measured.
///
/// # Errors
/// [`ProcedureError::Disagree`] where they contradict each other.
pub(crate) fn cells_and_bank(bench: &Bench) -> Result<(), ProcedureError> {
    let series = bench.config().device.topology.series;
    match bench::strings_and_bank(bench.last(), series) {
        None => Ok(()),
        Some(contradiction) => Err(contradiction.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::{KnownTwice, disagreement};

    fn twice(measured_v: f64) -> KnownTwice {
        KnownTwice {
            cell: 3,
            measured_v,
            meter_may_be_off_v: 0.0008,
            supplied_v: 3.3,
            supply_may_be_off_v: 0.0026,
        }
    }

    #[test]
    fn what_both_accuracies_explain_is_no_contradiction() {
        for (measured, agrees) in [
            (3.3000, true),
            (3.3033, true),
            (3.2967, true),
            (3.3035, false),
            (3.2960, false),
            (f64::NAN, false),
        ] {
            assert_eq!(twice(measured).agrees(), agrees, "{measured}");
        }
    }

    #[test]
    fn the_contradiction_names_both_and_the_numbers() {
        assert_eq!(
            disagreement(&twice(3.318), "daq", "cells_b").to_string(),
            "daq reads 3.3180 V and cells_b gives 3.3000 V disagree about cell 3: 18.0 mV apart, 3.4 mV at most is explained by their accuracies; one of them lies, so nothing measured with them counts"
        );
    }
}
