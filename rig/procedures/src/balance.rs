//! What a board says of the balance of its cells, and when it says nothing at all (8.3, 6.1.5).

use crate::ProcedureError;
use crate::charge::in_words;
use crate::drive;
use crate::judging::{Asked, Judge};
use api::BalancerStatus;
use bench::{Bench, Measured, Snapshot};
use record::Reading;
use std::ops::ControlFlow;
use std::time::Duration;
use units::Volts;

/// Cells that are full and together.
const FULL: Volts = Volts(3.55);
/// Cells that are neither full nor empty.
const HALF: Volts = Volts(3.30);
/// One cell so far ahead of full ones is being balanced, and more than far enough to call it apart
/// where the others aren't full.
const AHEAD: Volts = Volts(0.05);
/// A state that has to settle does so within this.
const SETTLE: Duration = Duration::from_secs(180);
/// From a change of the cells to a report of what they are now.
const REPORT: Duration = Duration::from_secs(5);
/// A month is watched this closely …
const MONTH_PERIOD: Duration = Duration::from_secs(3600);
/// … and for so much longer than it may take.
const MONTH_SPARE: Duration = Duration::from_secs(24 * 3600);
/// The cell that is moved alone; the others stay where they are.
const ONE_CELL: usize = 2;
/// Steps in which a threshold is looked for.
const STEP: Volts = Volts(0.005);
/// Where the search for the start of balancing begins and ends.
const SEARCH: (Volts, Volts) = (Volts(3.42), Volts(3.60));
/// The other cells in that search: not together with the one that is raised.
const OTHERS: Volts = Volts(3.40);
/// The other cells while one alone is lowered.
const HEALTHY: Volts = Volts(3.20);

/// One state that was brought about.
#[derive(Debug, Clone, PartialEq)]
pub struct Brought {
    /// How.
    pub how: &'static str,
    /// What had to be reported then.
    pub wanted: BalancerStatus,
    /// What was.
    pub found: Option<BalancerStatus>,
}

/// Every state, and how long the last full charge was remembered.
#[derive(Debug, Clone, PartialEq)]
pub struct States {
    /// In order.
    pub brought: Vec<Brought>,
    /// Any state besides the four.
    pub other: Option<BalancerStatus>,
    /// From the last full charge until the state was unknown; nothing where it never was.
    pub forgotten: Option<Reading>,
    /// How long that was waited for.
    pub waited: Duration,
}

/// Forces the cells through everything that balancing can be, and then leaves them alone for a
/// month.
///
/// # Errors
/// When the battery isn't heard; whatever the bench says.
pub fn through_all_states(bench: &mut Bench) -> Result<States, ProcedureError> {
    let mut states = States {
        brought: Vec::new(),
        other: None,
        forgotten: None,
        waited: Duration::ZERO,
    };
    let mut step = |bench: &mut Bench, how, wanted| -> Result<(), ProcedureError> {
        let found = status_within(bench, wanted, SETTLE, &mut states.other)?;
        states.brought.push(Brought { how, wanted, found });
        Ok(())
    };
    bench.set_cells(FULL)?;
    step(
        bench,
        "all cells full and together",
        BalancerStatus::Balanced,
    )?;
    bench.set_cell(1, ONE_CELL, FULL + AHEAD)?;
    step(
        bench,
        "one cell ahead of full ones",
        BalancerStatus::Balancing,
    )?;
    // Long enough apart, with one cell full, to be remembered.
    for cell in (1..=bench.battery().cells).filter(|cell| *cell != ONE_CELL) {
        bench.set_cell(1, cell, HALF)?;
    }
    bench.settle(SETTLE, REPORT)?;
    bench.set_cells(HALF)?;
    step(
        bench,
        "after a charge that ended with cells apart",
        BalancerStatus::Imbalance,
    )?;
    bench.set_cells(FULL)?;
    step(
        bench,
        "all cells full and together again",
        BalancerStatus::Balanced,
    )?;
    bench.settle(REPORT, REPORT)?;
    bench.set_cells(HALF)?;
    let full_until = bench.now();
    bench.note("a full charge with the cells together ends here; a month without one follows");
    let longest = bench.limit_time("8.3-08", "unknown_after")? + MONTH_SPARE * 2;
    let mut last = full_until;
    let mut other = None;
    let unknown = bench.watch(MONTH_PERIOD, longest, |snapshot| {
        match status(snapshot, full_until) {
            Some((BalancerStatus::Unknown, at)) => return ControlFlow::Break(at),
            Some((state, at)) => {
                last = at;
                note_other(&mut other, state);
            }
            None => {}
        }
        ControlFlow::Continue(())
    })?;
    states.other = states.other.or(other);
    states.waited = bench.now().saturating_sub(full_until);
    states.forgotten = unknown.map(|at| between(full_until, last, at));
    if states.forgotten.is_none() && last == full_until {
        return Err(silent(states.waited));
    }
    Ok(states)
}

fn between(from: Duration, before: Duration, after: Duration) -> Reading {
    let (before, after_s) = (
        before.saturating_sub(from).as_secs_f64(),
        after.saturating_sub(from).as_secs_f64(),
    );
    Reading {
        value: f64::midpoint(before, after_s),
        unit: "s".to_owned(),
        uncertainty: (after_s - before) / 2.0,
        instrument: "radio".to_owned(),
        at_s: after.as_secs_f64(),
    }
}

fn silent(waited: Duration) -> ProcedureError {
    ProcedureError::Silent {
        battery: 1,
        waited,
        what: "the balance of its cells".into(),
    }
}

/// The state in a report from after `since`, and when that came.
fn status(snapshot: &Snapshot, since: Duration) -> Option<(BalancerStatus, Duration)> {
    let heard = snapshot.battery(1).filter(|heard| heard.received > since)?;
    Some((heard.report.balancer?, heard.received))
}

fn note_other(other: &mut Option<BalancerStatus>, state: BalancerStatus) {
    if let BalancerStatus::Other(_) = state {
        other.get_or_insert(state);
    }
}

/// Waits for a state; what was reported last if it doesn't come.
fn status_within(
    bench: &mut Bench,
    wanted: BalancerStatus,
    timeout: Duration,
    other: &mut Option<BalancerStatus>,
) -> Result<Option<BalancerStatus>, ProcedureError> {
    let since = bench.now() + Duration::from_secs(1);
    let mut last = None;
    bench.watch(Duration::from_secs(1), timeout, |snapshot| {
        if let Some((state, _)) = status(snapshot, since) {
            last = Some(state);
            note_other(other, state);
        }
        if last == Some(wanted) {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    })?;
    Ok(last)
}

/// Judges that each state was reported when it had to be, and no other ever (8.3-08).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when one wasn't.
pub fn judge_states(
    bench: &mut Bench,
    asked: &Asked,
    states: &States,
) -> Result<(), ProcedureError> {
    const CLAUSES: [&str; 1] = ["8.3-08"];
    let mut judge = Judge::new(bench, asked);
    for Brought { how, wanted, found } in &states.brought {
        let quantity = format!("state with {how}");
        match found {
            Some(found) => {
                judge.state(
                    &CLAUSES,
                    &quantity,
                    in_words(*wanted),
                    in_words(*found),
                    "radio",
                )?;
            }
            None => judge.missing(&CLAUSES, &quantity, in_words(*wanted), "no report has it")?,
        }
    }
    if let Some(other) = states.other {
        let quantity = "any other state";
        judge.state(
            &CLAUSES,
            quantity,
            "never reported",
            in_words(other),
            "radio",
        )?;
    }
    judge.done()
}

/// Judges how long a full charge is remembered (8.3-08).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when it's forgotten too early, too late or never.
pub fn judge_month(
    bench: &mut Bench,
    asked: &Asked,
    states: &States,
) -> Result<(), ProcedureError> {
    const CLAUSES: [&str; 1] = ["8.3-08"];
    let quantity = "from a full charge until the state is unknown";
    let mut judge = Judge::new(bench, asked);
    match &states.forgotten {
        Some(time) => judge.reading(&CLAUSES, "unknown_after", quantity, time)?,
        None => {
            let found = format!("not unknown after {}", crate::charge::hours(states.waited));
            judge.state(&CLAUSES, quantity, "unknown", &found, "radio")?;
        }
    }
    judge.done()
}

/// What a search over the voltage of cells found.
#[derive(Debug, Clone, PartialEq)]
pub struct Turned {
    /// Between the last step before and the first after; nothing where it never came.
    pub at: Option<Reading>,
    /// Where the search ended.
    pub end: Reading,
}

/// Raises one cell in small steps until the board says that it balances.
///
/// # Errors
/// When the battery isn't heard; whatever the bench says.
pub fn find_start(bench: &mut Bench) -> Result<Turned, ProcedureError> {
    bench.set_cells(OTHERS)?;
    bench.settle(REPORT, REPORT)?;
    let mut before: Option<Measured> = None;
    let mut level = SEARCH.0;
    loop {
        bench.set_cell(1, ONE_CELL, level)?;
        let since = bench.now() + Duration::from_secs(1);
        bench.settle(REPORT, REPORT)?;
        let now = drive::cell_voltage(bench.last(), ONE_CELL)?;
        let (state, _) = status(bench.last(), since).ok_or_else(|| silent(REPORT))?;
        if state == BalancerStatus::Balancing {
            let from = before.unwrap_or_else(|| now.clone());
            return Ok(Turned {
                at: Some(drive::between(&from, &now, "V")),
                end: now.reading("V"),
            });
        }
        if level >= SEARCH.1 {
            return Ok(Turned {
                at: None,
                end: now.reading("V"),
            });
        }
        before = Some(now);
        level = Volts(((level + STEP).0 * 1e3).round() / 1e3);
    }
}

/// Judges where bypassing begins (8.3-03).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when it begins too low or not at all.
pub fn judge_start(
    bench: &mut Bench,
    asked: &Asked,
    turned: &Turned,
) -> Result<(), ProcedureError> {
    const CLAUSES: [&str; 1] = ["8.3-03"];
    let mut judge = Judge::new(bench, asked);
    match &turned.at {
        Some(at) => judge.reading(&CLAUSES, "start", "cell when balancing is first seen", at)?,
        None => {
            let quantity = format!("balancer with a cell at {}", turned.end);
            let wanted = in_words(BalancerStatus::Balancing);
            judge.state(&CLAUSES, &quantity, wanted, "not balancing", "radio")?;
        }
    }
    judge.done()
}

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

/// A voltage that is higher than absorption by this.
const HIGHER: Volts = Volts(0.2);
/// Until a current has settled at a voltage …
const UNTIL_STEADY: Duration = Duration::from_secs(2700);
/// … and for how long it is measured then.
const MEASURED: Duration = Duration::from_secs(3600);
/// What two means of a current by one meter may differ by without reason, in amperes.
const REPEATS: f64 = 0.02;

/// Mean currents into a battery that is being balanced, in amperes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Speeds {
    /// At the absorption voltage.
    pub usual_a: f64,
    /// At a higher one.
    pub higher_a: f64,
    /// When the measurement ended.
    pub at: Duration,
}

/// Balances at the absorption voltage and then at a higher one: what flows is what is balanced.
///
/// # Errors
/// When the current isn't measured; whatever the bench says.
pub fn at_two_voltages(bench: &mut Bench) -> Result<Speeds, ProcedureError> {
    let usual = crate::cables::charge_voltage(bench);
    let usual_a = mean_current(bench, usual)?;
    let higher_a = mean_current(bench, usual + HIGHER)?;
    bench.stop_charging()?;
    bench.note(format!(
        "balancing at {usual:.1} with {usual_a:.3} A, {HIGHER:.1} higher with {higher_a:.3} A"
    ));
    Ok(Speeds {
        usual_a,
        higher_a,
        at: bench.now(),
    })
}

fn mean_current(bench: &mut Bench, voltage: Volts) -> Result<f64, ProcedureError> {
    let current = bench.battery().recommended_charge_current;
    let period = Duration::from_secs(10);
    bench.start_charging(voltage, current)?;
    bench.settle(UNTIL_STEADY, period)?;
    let (mut sum, mut count) = (0.0, 0.0);
    bench.watch(period, MEASURED, |snapshot| {
        if let Some(port) = &snapshot.charger {
            sum += port.current.value;
            count += 1.0;
        }
        ControlFlow::<()>::Continue(())
    })?;
    if count == 0.0 {
        return Err(ProcedureError::NotMeasured {
            quantity: "the current of the charger".into(),
        });
    }
    Ok(sum / count)
}

/// Judges that the higher voltage balanced no faster (8.3-06).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when it did, or slower; or when nothing was balanced at all.
pub fn judge_speeds(
    bench: &mut Bench,
    asked: &Asked,
    speeds: &Speeds,
) -> Result<(), ProcedureError> {
    let Speeds {
        usual_a,
        higher_a,
        at,
    } = *speeds;
    let share = usual_a / higher_a * 100.0;
    let doubt = REPEATS / usual_a.abs().max(REPEATS) + REPEATS / higher_a.abs().max(REPEATS);
    let reading = Reading {
        value: share,
        unit: "%".to_owned(),
        uncertainty: share.abs() * doubt / 2.0,
        instrument: "charger".to_owned(),
        at_s: at.as_secs_f64(),
    };
    let mut judge = Judge::new(bench, asked);
    let quantity = "time at the higher voltage to the usual time";
    judge.reading(&["8.3-06"], "time_share", quantity, &reading)?;
    judge.done()
}
