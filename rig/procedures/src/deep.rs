//! A cell that was emptied far too deeply, and the error that tells of it (6.4.7).

use crate::ProcedureError;
use crate::drive;
use crate::judging::{Asked, Judge};
use crate::signal::Signal;
use crate::threshold::ONE_CELL;
use api::AlarmCode;
use bench::{Bench, Measured};
use record::Reading;
use std::ops::ControlFlow;
use std::time::Duration;
use units::Volts;

/// The statement about it.
const CLAUSES: &[&str] = &["6.4.7-01"];
/// The error stays once it came, so the cell only ever goes down, by this.
const STEP: Volts = Volts(0.01);
/// The search begins so much above the highest threshold that is allowed.
const ABOVE: Volts = Volts(0.03);
/// The other cells are healthy.
const HEALTHY: Volts = Volts(3.20);
/// Reports come about once a second.
const PERIOD: Duration = Duration::from_secs(1);

/// The error as it came.
#[derive(Debug, Clone, PartialEq)]
pub struct DeepError {
    /// The cell, between the last step without the error and the first with it.
    pub at: Reading,
    /// From that step to the report.
    pub delay: Reading,
    /// The lowest cell when it was reported.
    pub lowest: Measured,
}

/// How a search for the error ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Deep {
    /// It came.
    Came(DeepError),
    /// Nothing more was heard, with the cell here.
    Silent(Measured),
    /// It didn't, down to here.
    Never(Measured),
}

/// Lowers one cell in small steps until E-SL24 is reported; on each it may take as long as the
/// statement allows.
///
/// # Errors
/// When the cell can't be measured; whatever the bench says.
pub fn find(bench: &mut Bench) -> Result<Deep, ProcedureError> {
    let (low, high) = bench.bounds("6.4.7-01", "threshold")?;
    let patience = bench.limit_time("6.4.7-01", "delay")?;
    bench.set_cells(HEALTHY)?;
    bench.settle(PERIOD * 5, PERIOD)?;
    let mut level = Volts(high) + ABOVE;
    let mut before: Option<Measured> = None;
    loop {
        bench.set_cell(1, ONE_CELL, level)?;
        let cause = bench.now();
        let mut heard = false;
        let longest = patience + PERIOD * 5;
        let reported = bench.watch(PERIOD, longest, |snapshot| {
            let new = snapshot.battery(1).filter(|new| new.received > cause);
            heard |= new.is_some();
            match new {
                Some(new) if new.report.codes.contains(&AlarmCode::ESl24) => {
                    ControlFlow::Break(new.received)
                }
                Some(_) | None => ControlFlow::Continue(()),
            }
        })?;
        let now = drive::cell_voltage(bench.last(), ONE_CELL)?;
        if let Some(received) = reported {
            let delay = Reading {
                value: received.saturating_sub(cause).as_secs_f64(),
                unit: "s".to_owned(),
                uncertainty: PERIOD.as_secs_f64() / 2.0,
                instrument: radio(bench),
                at_s: received.as_secs_f64(),
            };
            let from = before.unwrap_or_else(|| now.clone());
            return Ok(Deep::Came(DeepError {
                at: drive::between(&from, &now, "V"),
                delay,
                lowest: now,
            }));
        }
        if !heard {
            return Ok(Deep::Silent(now));
        }
        if level.0 <= low {
            return Ok(Deep::Never(now));
        }
        before = Some(now);
        level = Volts(((level - STEP).0 * 1e3).round() / 1e3);
    }
}

fn radio(bench: &Bench) -> String {
    drive::seen_by(bench, Signal::Code(AlarmCode::ESl24))
}

/// Judges where and how soon the error came (6.4.7-01).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when it came elsewhere, late, or not at all.
pub fn judge(bench: &mut Bench, asked: &Asked, deep: &Deep) -> Result<(), ProcedureError> {
    let who = radio(bench);
    let mut judge = Judge::new(bench, asked);
    match deep {
        Deep::Came(error) => {
            let quantity = "cell when E-SL24 comes";
            judge.reading(CLAUSES, "threshold", quantity, &error.at)?;
            let quantity = "from that voltage to the report with E-SL24";
            judge.reading(CLAUSES, "delay", quantity, &error.delay)?;
            let quantity = "lowest cell with E-SL24, put down to deep discharge";
            judge.reading(
                CLAUSES,
                "deep_discharge",
                quantity,
                &error.lowest.reading("V"),
            )?;
        }
        Deep::Silent(cell) | Deep::Never(cell) => {
            let quantity = format!("error code with a cell at {}", cell.reading("V"));
            let found = match deep {
                Deep::Silent(_) => "nothing, the battery fell silent",
                Deep::Came(_) | Deep::Never(_) => "no E-SL24",
            };
            judge.state(CLAUSES, &quantity, "E-SL24", found, &who)?;
        }
    }
    judge.done()
}
