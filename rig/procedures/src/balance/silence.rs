//! Where a battery falls silent (6.1.5).

use super::{ONE_CELL, REPORT, STEP, Turned};
use crate::ProcedureError;
use crate::drive;
use crate::judging::{Asked, Judge};
use bench::{Bench, Measured};
use std::ops::ControlFlow;
use std::time::Duration;
use units::Volts;

/// The other cells while one alone is lowered.
const HEALTHY: Volts = Volts(3.20);

/// Which cells are lowered until the battery falls silent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lowered {
    /// All of them together, so that the battery's voltage falls.
    All,
    /// One alone.
    One,
}

impl Lowered {
    fn clause(self) -> &'static str {
        match self {
            Self::All => "6.1.5-02",
            Self::One => "6.1.5-03",
        }
    }
}

/// Lowers cells in small steps until no report comes for as long as the statement asks.
///
/// # Errors
/// When nothing was heard at the start; whatever the bench says.
pub fn find_silence(bench: &mut Bench, lowered: Lowered) -> Result<Turned, ProcedureError> {
    let clause = lowered.clause();
    let cells = bench.battery().cells;
    #[expect(clippy::cast_precision_loss, reason = "a battery has few cells")]
    let count = cells as f64;
    let limit = match lowered {
        Lowered::All if cells == 8 => "threshold_24v",
        Lowered::All | Lowered::One => "threshold",
    };
    let (low, high) = bench.bounds(clause, limit)?;
    let silence = bench.limit_time(clause, "silence")?;
    let (from, to) = match lowered {
        Lowered::All => (high / count + 0.06, low / count - 0.04),
        Lowered::One => (high + 0.06, low - 0.06),
    };
    let floor = bench.config().envelope.cell_voltage.from.0 + 0.01;
    let (mut level, to) = (Volts((from * 1e3).round() / 1e3), Volts(to.max(floor)));
    let step = match lowered {
        Lowered::All => Volts(0.010),
        Lowered::One => STEP,
    };
    if let Lowered::One = lowered {
        bench.set_cells(HEALTHY)?;
    }
    let mut before: Option<Measured> = None;
    loop {
        match lowered {
            Lowered::All => bench.set_cells(level)?,
            Lowered::One => bench.set_cell(1, ONE_CELL, level)?,
        }
        let since = bench.now() + Duration::from_secs(1);
        let heard = bench.watch(
            Duration::from_secs(1),
            silence + REPORT,
            |snapshot| match snapshot.battery(1).filter(|heard| heard.received > since) {
                Some(_) => ControlFlow::Break(()),
                None => ControlFlow::Continue(()),
            },
        )?;
        let now = voltage(bench, lowered)?;
        if heard.is_none() {
            // It was heard at rest: silent at the first step already, it is so above all limits.
            let from = before.unwrap_or_else(|| now.clone());
            return Ok(Turned {
                at: Some(drive::between(&from, &now, "V")),
                end: now.reading("V"),
            });
        }
        if level <= to {
            return Ok(Turned {
                at: None,
                end: now.reading("V"),
            });
        }
        before = Some(now);
        level = Volts(((level - step).0 * 1e3).round() / 1e3);
    }
}

/// Of the battery, or of the one cell.
fn voltage(bench: &mut Bench, lowered: Lowered) -> Result<Measured, ProcedureError> {
    let snapshot = bench.snapshot()?;
    if let Lowered::One = lowered {
        return drive::cell_voltage(snapshot, ONE_CELL);
    }
    let cells = snapshot.cells.first().into_iter().flatten();
    let mut sum: Option<Measured> = None;
    for cell in cells {
        sum = Some(match sum {
            // One meter: what it is off, it is off everywhere.
            Some(sum) => Measured {
                value: sum.value + cell.value,
                uncertainty: sum.uncertainty + cell.uncertainty,
                ..sum
            },
            None => cell.clone(),
        });
    }
    sum.ok_or_else(|| ProcedureError::NotMeasured {
        quantity: "the voltage of any cell".into(),
    })
}

/// Judges the voltage at which the battery fell silent (6.1.5-02, 6.1.5-03).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when it's outside the limits, or it never did.
pub fn judge_silence(
    bench: &mut Bench,
    asked: &Asked,
    lowered: Lowered,
    turned: &Turned,
) -> Result<(), ProcedureError> {
    let clause = [lowered.clause()];
    let wide = bench.battery().cells == 8 && lowered == Lowered::All;
    let limit = if wide { "threshold_24v" } else { "threshold" };
    let (what, low) = match lowered {
        Lowered::All => ("battery", "the battery's voltage"),
        Lowered::One => ("cell", "one cell"),
    };
    let mut judge = Judge::new(bench, asked);
    match &turned.at {
        Some(at) => {
            let quantity = format!("{what} when it falls silent");
            judge.reading(&clause, limit, &quantity, at)?;
        }
        None => {
            let quantity = format!("radio with {low} at {}", turned.end);
            judge.state(&clause, &quantity, "silent", "heard", "radio")?;
        }
    }
    judge.done()
}
