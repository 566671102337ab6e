//! Parts of a battery's board that are made to fail through its debug probe.

use crate::ProcedureError;
use crate::drive;
use crate::judging::{Asked, Judge};
use crate::signal::Signal;
use crate::words;
use api::{AlarmCode, Flasher, Request};
use bench::Bench;
use record::{Event, Reading};
use std::fmt;
use std::ops::ControlFlow;
use std::str::FromStr;
use std::time::Duration;

/// How often contacts and reports are looked at.
const PERIOD: Duration = Duration::from_millis(500);
/// What a person answers when the app took a change.
const DONE: &str = "done";
/// How long a report may take to show what was broken.
const PATIENCE: Duration = Duration::from_secs(60);

/// A part of a battery's board that can be made to fail through its debug probe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The circuit board itself.
    CircuitBoard,
    /// A balancer, which lost its calibration.
    Balancer,
    /// The data of the balancers, which don't arrive.
    BalancerData,
    /// The update of the balancers, which isn't complete.
    BalancerUpdate,
    /// One of the chips that measure the cells: they contradict each other.
    MeasuringChip,
    /// The memory of the settings.
    SettingsMemory,
}

/// Where firmware looks whether a debugger wants a part to fail: a word of memory, a bit a part. A
/// reset clears it.
const FAILING_PARTS: u32 = 0x2000_00C0;

/// Part, name, bit, code, statement.
const PARTS: [(Part, &str, u32, AlarmCode, &str); 6] = [
    (
        Part::CircuitBoard,
        "circuit board",
        1,
        AlarmCode::ESl24,
        "6.4.7-02",
    ),
    (
        Part::Balancer,
        "balancer",
        1 << 1,
        AlarmCode::ESl1,
        "6.4.8-01",
    ),
    (
        Part::BalancerData,
        "data of the balancers",
        1 << 2,
        AlarmCode::ESl2,
        "6.4.9-01",
    ),
    (
        Part::BalancerUpdate,
        "update of the balancers",
        1 << 3,
        AlarmCode::ESl10,
        "6.4.11-01",
    ),
    (
        Part::MeasuringChip,
        "measuring chip",
        1 << 4,
        AlarmCode::ESl9,
        "6.4.10-01",
    ),
    (
        Part::SettingsMemory,
        "settings memory",
        1 << 8,
        AlarmCode::ESl119,
        "6.4.6-01",
    ),
];

impl Part {
    fn row(self) -> &'static (Part, &'static str, u32, AlarmCode, &'static str) {
        // Every part has a row; the first one stands in for what can't be.
        PARTS.iter().find(|row| row.0 == self).unwrap_or(&PARTS[0])
    }

    /// The code that it shows.
    #[must_use]
    pub fn code(self) -> AlarmCode {
        self.row().3
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.row().1)
    }
}

impl FromStr for Part {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = PARTS.iter().find(|row| row.1 == text);
        found.map(|row| row.0).ok_or_else(|| {
            let names: Vec<String> = PARTS.iter().map(|row| format!("`{}`", row.1)).collect();
            format!(
                "no part `{text}` can be made to fail; there are {}",
                names.join(", ")
            )
        })
    }
}

/// A part that was made to fail, and what the battery said of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FailedPart {
    /// The part.
    pub part: Part,
    /// When it was made to fail.
    pub since: Duration,
    /// When the first report showed its code; none within the time there was.
    pub shown: Option<Duration>,
}

/// Makes a part of the battery's board fail through its debug probe, and waits for the report to show
/// it.
///
/// # Errors
/// When the board can't be reached; whatever the bench says.
pub fn make_fail(
    bench: &mut Bench,
    flasher: &mut dyn Flasher,
    part: Part,
) -> Result<FailedPart, ProcedureError> {
    poke(bench, flasher, part.row().2, &format!("{part} fails"))?;
    let since = bench.now();
    let shown = wait_for(bench, part, true, since, PATIENCE)?;
    Ok(FailedPart { part, since, shown })
}

/// Mends everything that was made to fail through the debug probe.
///
/// # Errors
/// When the board can't be reached.
pub fn mend(bench: &mut Bench, flasher: &mut dyn Flasher) -> Result<(), ProcedureError> {
    poke(bench, flasher, 0, "all parts work")
}

/// Has a person put the settings of every battery back to those of the factory, in the app.
///
/// # Errors
/// [`ProcedureError::NotReached`] when the app doesn't do it; when nobody answers.
pub fn factory_settings(bench: &mut Bench) -> Result<(), ProcedureError> {
    let within = Duration::from_secs(600);
    let answer = bench.ask(&Request {
        kind: "change-setting".to_owned(),
        instruction: "In the app, change this in every battery, leave the app, and tell whether it took it: factory_reset=yes".to_owned(),
        expected: format!("`{DONE}`, or what the app says"),
        within,
    })?;
    if answer.text.trim().to_lowercase() == DONE {
        return Ok(());
    }
    Err(ProcedureError::NotReached {
        what: "a reset to the settings of the factory".to_owned(),
        within,
        found: format!("{} says: {}", answer.who, answer.text.trim()),
    })
}

fn poke(
    bench: &Bench,
    flasher: &mut dyn Flasher,
    word: u32,
    action: &str,
) -> Result<(), ProcedureError> {
    bench.recorder().event(
        bench.now(),
        &Event::Command {
            role: format!(
                "{} through debug probe {}",
                flasher.board(),
                flasher.probe()
            ),
            action: action.to_owned(),
        },
    );
    flasher.write_words(FAILING_PARTS, &[word])?;
    let there = flasher.read_words(FAILING_PARTS, 1)?;
    if there != [word] {
        return Err(ProcedureError::NotReached {
            what: action.to_owned(),
            within: Duration::ZERO,
            found: format!(
                "the board's memory at {FAILING_PARTS:#010x} holds {:#x} after {word:#x} was written",
                there.first().copied().unwrap_or_default()
            ),
        });
    }
    Ok(())
}

fn wait_for(
    bench: &mut Bench,
    part: Part,
    present: bool,
    since: Duration,
    patience: Duration,
) -> Result<Option<Duration>, ProcedureError> {
    let signal = Signal::Code(part.code());
    let seen = bench.watch_contacts(PERIOD, patience, |snapshot| {
        match signal.in_snapshot(snapshot, since) {
            Some(found) if found == present => ControlFlow::Break(signal.instant(snapshot)),
            _ => ControlFlow::Continue(()),
        }
    })?;
    Ok(seen)
}

/// Judges that the report showed the code of the part that failed, with every cell where the battery
/// itself would allow everything (6.4.6 to 6.4.11).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when it didn't.
pub fn judge_shown(
    bench: &mut Bench,
    asked: &Asked,
    failed: &FailedPart,
) -> Result<(), ProcedureError> {
    let &(part, _, _, code, clause) = failed.part.row();
    let who = drive::seen_by(bench, Signal::Code(code));
    let cells: Vec<_> = bench
        .last()
        .all_cells()
        .map(|cell| (cell.cell, cell.voltage.reading("V")))
        .collect();
    let found = match failed.shown {
        Some(_) => "shown",
        None => "not shown",
    };
    let quantity = match failed.shown {
        Some(at) => {
            let after = words::time(at.saturating_sub(failed.since));
            format!("{code} {after} after the {part} was made to fail")
        }
        None => format!("{code} with a {part} that fails"),
    };
    let mut judge = Judge::new(bench, asked);
    if part == Part::CircuitBoard {
        for (cell, reading) in &cells {
            let quantity = format!("cell {cell} with {code}");
            judge.reading(&[clause], "cell_range", &quantity, reading)?;
        }
    }
    judge.state(&[clause], &quantity, "shown", found, &who)?;
    judge.done()
}

/// Judges that the code is gone from the reports now that its cause is, and the settings are those
/// of the factory (6.4.6-01).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when it stays.
pub fn judge_gone(
    bench: &mut Bench,
    asked: &Asked,
    failed: &FailedPart,
) -> Result<(), ProcedureError> {
    let &(part, _, _, code, clause) = failed.part.row();
    let since = bench.now();
    let gone = wait_for(bench, part, false, since, PATIENCE)?;
    let who = drive::seen_by(bench, Signal::Code(code));
    let mut judge = Judge::new(bench, asked);
    let quantity = format!("{code} once the {part} works again");
    match gone {
        Some(at) if part == Part::SettingsMemory => {
            let reading = Reading {
                value: at.saturating_sub(since).as_secs_f64(),
                unit: "s".to_owned(),
                uncertainty: PERIOD.as_secs_f64(),
                instrument: who,
                at_s: at.as_secs_f64(),
            };
            judge.reading(&[clause], "response", &quantity, &reading)?;
        }
        Some(_) => judge.state(&[clause], &quantity, "gone", "gone", &who)?,
        None => judge.state(&[clause], &quantity, "gone", "still shown", &who)?,
    }
    judge.done()
}

#[cfg(test)]
mod tests {
    use super::{PARTS, Part};

    #[test]
    fn every_part_is_read_as_it_is_written() {
        for (part, name, bit, ..) in PARTS {
            assert_eq!(name.parse(), Ok(part));
            assert_eq!(part.to_string(), name);
            assert_eq!(bit.count_ones(), 1);
        }
        insta::assert_snapshot!("lid".parse::<Part>().unwrap_err(), @"no part `lid` can be made to fail; there are `circuit board`, `balancer`, `data of the balancers`, `update of the balancers`, `measuring chip`, `settings memory`");
    }
}
