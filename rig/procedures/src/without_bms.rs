//! The first charge without a BMS (8.1): the rig watches every cell, and stops by itself.

use crate::ProcedureError;
use crate::charge::hours;
use crate::judging::{Asked, Judge};
use crate::words;
use bench::{Bench, Measured, Snapshot};
use record::{Reading, Verdict};
use std::time::Duration;
use units::Volts;

/// Cells are looked at this often …
const SLOW: Duration = Duration::from_secs(10);
/// … this often once the voltage has gone up …
const BRISK: Duration = Duration::from_secs(1);
/// … and this often with a cell above the number that follows.
const FAST: Duration = Duration::from_millis(200);
/// From here on it isn't far to the last voltage.
const CLOSE: Volts = Volts(3.88);
/// How long a cell may need to move after the voltage has gone up.
const AFTER_STEP: Duration = Duration::from_secs(1800);
/// How long it may take to the absorption voltage, and how long in float.
const LONGEST: Duration = Duration::from_secs(12 * 3600);
/// Absorption is reached so close to it.
const REACHED: Volts = Volts(0.05);

/// Numbers of the charge.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UnguardedPlan {
    /// Absorption is reached at this voltage of the battery, in volts.
    pub absorbs_at_v: f64,
    /// It lasts so long.
    pub absorption: Duration,
    /// How long each of the other phases may take.
    pub longest: Duration,
    /// All cells from here …
    pub full_from_v: f64,
    /// … to here: it's complete.
    pub full_to_v: f64,
    /// A cell at this ends it at once, in volts.
    pub abort_v: f64,
}

/// Where such a charge stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Guardless {
    /// On the way to absorption.
    Bulk {
        /// Since when.
        since: Duration,
    },
    /// In absorption.
    Absorption {
        /// Since when.
        since: Duration,
    },
    /// At the float voltage, which is higher.
    Float {
        /// Since when.
        since: Duration,
    },
    /// It's over.
    Over(GuardlessEnd),
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum GuardlessEnd {
    /// All cells are full.
    Full,
    /// A cell was at the last voltage that is allowed, in volts.
    Aborted(f64),
    /// It took too long.
    TooSlow,
}

impl Guardless {
    /// After one more sample: when, battery, lowest and highest cell in volts. The abort is first.
    #[must_use]
    pub fn next(
        self,
        plan: &UnguardedPlan,
        at: Duration,
        battery_v: f64,
        (lowest_v, highest_v): (f64, f64),
    ) -> Self {
        if let Self::Over(_) = self {
            return self;
        }
        if highest_v >= plan.abort_v || highest_v.is_nan() {
            return Self::Over(GuardlessEnd::Aborted(highest_v));
        }
        match self {
            Self::Bulk { .. } if battery_v >= plan.absorbs_at_v => Self::Absorption { since: at },
            Self::Absorption { since } if at >= since + plan.absorption => {
                Self::Float { since: at }
            }
            Self::Float { .. } if lowest_v >= plan.full_from_v && highest_v <= plan.full_to_v => {
                Self::Over(GuardlessEnd::Full)
            }
            Self::Bulk { since } | Self::Float { since } if at >= since + plan.longest => {
                Self::Over(GuardlessEnd::TooSlow)
            }
            Self::Bulk { .. } | Self::Absorption { .. } | Self::Float { .. } | Self::Over(_) => {
                self
            }
        }
    }
}

/// What such a charge showed.
#[derive(Debug, Clone, PartialEq)]
pub struct Unguarded {
    /// How it ended.
    pub end: GuardlessEnd,
    /// The sample that ended it.
    pub last: Snapshot,
    /// From that sample until no current flowed.
    pub stopped_within: Duration,
}

/// Charges with the settings of the manual's table.
///
/// # Errors
/// When the table hasn't got the model; when cells can't be measured; whatever the bench says.
pub fn run(bench: &mut Bench) -> Result<Unguarded, ProcedureError> {
    let table = bench.battery().sheet.initial_charge;
    let table = table.ok_or_else(|| ProcedureError::NothingFound {
        hint: format!(
            "the table of 8.1 hasn't got the {}, so there's no such charge",
            bench.battery().name
        ),
    })?;
    let (from, to) = bench.bounds("8.1-10", "cell_range")?;
    let (low, high) = bench.bounds("8.1-09", "abort")?;
    // Nobody but the rig stops this charger.
    bench.bridge_contacts()?;
    bench.connect_battery()?;
    let off = accuracy(bench.snapshot()?)?;
    let plan = UnguardedPlan {
        absorbs_at_v: table.absorption.0 - REACHED.0,
        absorption: table.absorption_time,
        longest: LONGEST,
        full_from_v: from + off,
        full_to_v: to - off,
        abort_v: low + (high - low) / 4.0,
    };
    bench.start_charging(table.absorption, table.current)?;
    let mut state = Guardless::Bulk { since: bench.now() };
    loop {
        let snapshot = bench.snapshot()?;
        let (lowest, highest) = (cell(snapshot, false)?, cell(snapshot, true)?);
        let battery = snapshot.pack.as_ref().map_or(f64::NAN, |pack| pack.value);
        let at = highest.at;
        let near = highest.value >= CLOSE.0;
        let next = state.next(&plan, at, battery, (lowest.value, highest.value));
        if std::mem::discriminant(&next) != std::mem::discriminant(&state) {
            if let Guardless::Over(end) = next {
                let last = bench.last().clone();
                bench.stop_charging()?;
                let stopped_within = bench.now().saturating_sub(at);
                bench.note(format!("the charge without BMS ended: {end:?}"));
                return Ok(Unguarded {
                    end,
                    last,
                    stopped_within,
                });
            }
            bench.note(format!("the charge without BMS is in {next:?}"));
            if let Guardless::Float { .. } = next {
                bench.start_charging(table.float, table.current)?;
            }
        }
        state = next;
        let stepped = matches!(state, Guardless::Float { since } if at < since + AFTER_STEP);
        let period = match (near, stepped) {
            (true, _) => FAST,
            (false, true) => BRISK,
            (false, false) => SLOW,
        };
        bench.sleep(period)?;
    }
}

fn cell(snapshot: &Snapshot, highest: bool) -> Result<Measured, ProcedureError> {
    let cell = if highest {
        snapshot.highest_cell()
    } else {
        snapshot.lowest_cell()
    };
    let cell = cell.ok_or_else(|| ProcedureError::NotMeasured {
        quantity: "the voltage of any cell".into(),
    })?;
    Ok(cell.voltage.clone())
}

fn accuracy(snapshot: &Snapshot) -> Result<f64, ProcedureError> {
    Ok(cell(snapshot, true)?.uncertainty * 1.5)
}

/// Judges that every cell is full (8.1-10).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when one isn't, or the charge was ended before.
pub fn judge_full(
    bench: &mut Bench,
    asked: &Asked,
    unguarded: &Unguarded,
) -> Result<(), ProcedureError> {
    let reason = match unguarded.end {
        GuardlessEnd::Full => None,
        GuardlessEnd::Aborted(volts) => {
            Some(format!("the charge was ended with a cell at {volts:.3} V"))
        }
        GuardlessEnd::TooSlow => Some(format!("cells were not full within {}", hours(LONGEST))),
    };
    let cells: Vec<(usize, usize, Reading)> = unguarded
        .last
        .all_cells()
        .map(|cell| (cell.battery, cell.cell, cell.voltage.reading("V")))
        .collect();
    let batteries = unguarded.last.cells.len();
    let mut judge = Judge::new(bench, asked);
    for (battery, cell, reading) in cells {
        let quantity = format!("{} at the end", words::cell(batteries, battery, cell));
        judge.reading(&["8.1-10"], "cell_range", &quantity, &reading)?;
    }
    judge.done()?;
    match reason {
        None => Ok(()),
        Some(reason) => Err(ProcedureError::NotPassed {
            verdict: Verdict::Fail,
            reason,
        }),
    }
}

/// Judges that the charge ended before a cell was beyond the last voltage (8.1-09).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when one was, or the charge never ended for it.
pub fn judge_abort(
    bench: &mut Bench,
    asked: &Asked,
    unguarded: &Unguarded,
) -> Result<(), ProcedureError> {
    const CLAUSES: [&str; 1] = ["8.1-09"];
    let highest = cell(&unguarded.last, true)?.reading("V");
    let time = Reading {
        value: unguarded.stopped_within.as_secs_f64(),
        unit: "s".to_owned(),
        uncertainty: 0.0,
        ..highest.clone()
    };
    let mut judge = Judge::new(bench, asked);
    let quantity = "highest cell when the charge ended";
    judge.reading(&CLAUSES, "abort", quantity, &highest)?;
    judge.reading(
        &CLAUSES,
        "response",
        "from then until no current flowed",
        &time,
    )?;
    judge.done()
}

#[cfg(test)]
mod tests {
    use super::{Guardless, GuardlessEnd, UnguardedPlan};
    use proptest::prelude::*;
    use std::time::Duration;

    const PLAN: UnguardedPlan = UnguardedPlan {
        absorbs_at_v: 13.75,
        absorption: Duration::from_secs(12 * 3600),
        longest: Duration::from_secs(12 * 3600),
        full_from_v: 3.501,
        full_to_v: 3.599,
        abort_v: 3.985,
    };

    #[test]
    fn phases_and_ends() {
        let mut state = Guardless::Bulk {
            since: Duration::ZERO,
        };
        for (hours, battery_v, cells, wanted) in [
            (1, 13.3, (3.3, 3.4), "Bulk { since: 0ns }"),
            (2, 13.8, (3.44, 3.46), "Absorption { since: 7200s }"),
            (13, 13.8, (3.5, 3.5), "Absorption { since: 7200s }"),
            (14, 13.8, (3.45, 3.45), "Float { since: 50400s }"),
            (15, 14.2, (3.49, 3.62), "Float { since: 50400s }"),
            (16, 14.2, (3.54, 3.56), "Over(Full)"),
            (17, 14.2, (3.54, 4.20), "Over(Full)"),
        ] {
            let at = Duration::from_secs(hours * 3600);
            state = state.next(&PLAN, at, battery_v, cells);
            assert_eq!(format!("{state:?}"), wanted);
        }
    }

    #[test]
    fn the_abort_comes_first_and_a_cell_that_is_not_measured_is_one() {
        for highest in [3.985, 4.2, f64::NAN] {
            let state = Guardless::Float {
                since: Duration::ZERO,
            };
            let next = state.next(&PLAN, Duration::from_secs(90_000), 14.2, (3.55, highest));
            assert!(
                matches!(next, Guardless::Over(GuardlessEnd::Aborted(_))),
                "{next:?}"
            );
        }
        let state = Guardless::Float {
            since: Duration::ZERO,
        };
        let next = state.next(&PLAN, Duration::from_secs(43_200), 14.2, (3.40, 3.7));
        assert_eq!(next, Guardless::Over(GuardlessEnd::TooSlow));
    }

    proptest! {
        /// Whatever cells do, a charge ends within its three phases.
        #[test]
        fn no_charge_outlasts_its_phases(
            cells in prop::collection::vec((3.0..3.6f64, 3.0..3.98f64, 12.0..14.2f64), 1..40),
        ) {
            let mut state = Guardless::Bulk { since: Duration::ZERO };
            for tick in 1..=400u64 {
                let (low, high, battery_v) = cells[(tick / 5) as usize % cells.len()];
                state = state.next(&PLAN, Duration::from_secs(tick * 360), battery_v, (low, high));
            }
            prop_assert!(matches!(state, Guardless::Over(_)), "{state:?}");
        }
    }
}
