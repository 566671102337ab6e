//! Whether instruments tell the same story.
//!
//! On a board bench every cell voltage is known twice: from the supply that makes it, and from the
//! meter at the board. Where the two are further apart than their accuracies explain, one of them
//! is off, and no verdict about the battery may rest on either.
//!
//! On a battery bench a string of cells is known twice, as their sum and as the bank's voltage. By
//! the same meter, but an offset counts once for each cell and once for the bank.

use crate::ProcedureError;
use bench::{Bench, Measured, Snapshot};
use units::Amps;

/// Above it the bars between cells, and between batteries, may drop some of the voltage.
const HARDLY_ANY: Amps = Amps(0.5);

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
    ProcedureError::Disagree {
        one: format!("{meter} reads {:.4} V", twice.measured_v),
        other: format!("{supply} gives {:.4} V", twice.supplied_v),
        quantity: format!("cell {}", twice.cell),
        difference: format!(
            "{:.1} mV apart, {:.1} mV at most is explained by their accuracies",
            twice.apart_v() * 1e3,
            twice.explained_v() * 1e3
        ),
    }
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
    string_and_bank(bench.last(), series)
}

fn string_and_bank(snapshot: &Snapshot, series: usize) -> Result<(), ProcedureError> {
    let (Some(bank), false) = (&snapshot.pack, snapshot.cells.is_empty()) else {
        return Ok(());
    };
    let flowing = |current: &Measured| current.value.abs() > HARDLY_ANY.0;
    if snapshot.current.as_ref().is_some_and(flowing) {
        return Ok(());
    }
    for string in snapshot.cells.chunks(series.max(1)) {
        let cells = || string.iter().flatten();
        let sum: f64 = cells().map(|cell| cell.value).sum();
        let off: f64 = cells().map(|cell| cell.uncertainty).sum();
        let (apart, explained) = ((sum - bank.value).abs(), off + bank.uncertainty);
        if apart <= explained {
            continue;
        }
        return Err(ProcedureError::Disagree {
            one: format!(
                "the cells that {} reads, {sum:.4} V together,",
                bank.instrument
            ),
            other: format!("the {:.4} V of the bank", bank.value),
            quantity: "one voltage".into(),
            difference: format!(
                "{:.1} mV apart, {:.1} mV at most is explained by the accuracy of the meter",
                apart * 1e3,
                explained * 1e3
            ),
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{KnownTwice, disagreement, string_and_bank};
    use bench::{Measured, Snapshot};
    use std::time::Duration;

    fn measured(value: f64, uncertainty: f64) -> Measured {
        Measured {
            value,
            uncertainty,
            at: Duration::ZERO,
            instrument: "daq".into(),
        }
    }

    /// Two batteries of four cells in series, every reading off by so much.
    fn off_by(offset: f64, current: f64) -> Snapshot {
        Snapshot {
            cells: vec![vec![measured(3.3 + offset, 0.0008); 4]; 2],
            pack: Some(measured(26.4 + offset, 0.0018)),
            current: Some(measured(current, 0.1)),
            ..Snapshot::default()
        }
    }

    #[test]
    fn an_offset_of_the_meter_shows_in_the_sum_of_the_cells() {
        assert_eq!(string_and_bank(&off_by(0.0, 0.0), 2), Ok(()));
        assert_eq!(string_and_bank(&off_by(0.001, 0.0), 2), Ok(()));
        // With current the bars drop some of the voltage.
        assert_eq!(string_and_bank(&off_by(0.02, 20.0), 2), Ok(()));
        let error = string_and_bank(&off_by(0.02, 0.0), 2).expect_err("140 mV apart");
        assert_eq!(
            error.to_string(),
            "the cells that daq reads, 26.5600 V together, and the 26.4200 V of the bank disagree about one voltage: 140.0 mV apart, 8.2 mV at most is explained by the accuracy of the meter; one of them lies, so nothing measured with them counts"
        );
        // Not measured, not compared.
        let bare = Snapshot {
            pack: None,
            ..off_by(0.02, 0.0)
        };
        assert_eq!(string_and_bank(&bare, 2), Ok(()));
    }

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
