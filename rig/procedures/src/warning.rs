//! Taking cells down and timing the warning, the disconnect and what lies between (3.2.1).

use crate::ProcedureError;
use crate::drive;
use crate::edge::Edge;
use crate::judging::{Asked, Judge};
use crate::sequence::{Sequence, SequenceEnd, SequenceLimits, least_delay};
use crate::signal::Signal;
use crate::threshold::ONE_CELL;
use crate::words;
use bench::{Bench, Contact};
use std::time::Duration;
use units::Volts;

/// How long the pre-alarm is watched after the loads went off: several times what is allowed, so
/// that the report has a number also when it's too late.
const LINGER: u32 = 10;
/// A ramp moves the cell this often.
const RAMP_PERIOD: Duration = Duration::from_millis(500);
/// Statements about the least delay.
const DELAY: &[&str] = &[
    "3.2.1-02", "4.7.5-01", "4.7.4-05", "3.3.1-01", "3.3.2-01", "3.3.3-01", "3.3.4-01", "3.3.5-01",
    "3.3.6-01", "3.3.1-02", "3.3.2-02", "3.3.3-02", "3.3.4-02", "3.3.5-02", "3.3.6-02",
];

/// How cells are taken down.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Descent {
    /// One cell, steadily.
    Ramp {
        /// From here.
        from: Volts,
        /// To here.
        to: Volts,
        /// In this time.
        within: Duration,
    },
    /// One cell, at once.
    Step(Volts),
    /// All cells, at once.
    All(Volts),
}

/// What followed the descent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Warning {
    /// How it ended.
    pub end: SequenceEnd,
    /// For how long the loads were waited for.
    pub timeout: Duration,
}

/// Takes cells down and watches pre-alarm and load contact until both have done what they do.
///
/// # Errors
/// When a contact can't be read; whatever the bench says.
pub fn descend(bench: &mut Bench, descent: Descent) -> Result<Warning, ProcedureError> {
    let period = drive::sample_period(bench);
    let timeout = bench.limit_time("3.2.1-02", "timeout")?;
    if let Descent::Ramp { from, .. } = descent {
        bench.set_cell(1, ONE_CELL, from)?;
    }
    let start = bench.sample_contacts()?.contacts.at;
    let mut ramp = Ramp::new(descent, bench.now());
    let limits = SequenceLimits {
        cause: start + ramp.duration(),
        timeout,
        linger: bench.limit_time("3.2.1-03", "response")? * LINGER,
    };
    let mut sequence = Sequence::Quiet(start);
    loop {
        if let Sequence::Over(SequenceEnd::Unreadable(contact)) = sequence {
            return Err(ProcedureError::Unreadable {
                contact: contact.to_string(),
                what: "how long the warning lasts".into(),
            });
        }
        if let Sequence::Over(end) = sequence {
            bench.note(format!("the warning: {}", end_words(&end)));
            return Ok(Warning { end, timeout });
        }
        match ramp.due(bench.now()) {
            Some(Move::One(level)) => bench.set_cell(1, ONE_CELL, level)?,
            Some(Move::All(level)) => bench.set_cells(level)?,
            None => {}
        }
        bench.sleep(period)?;
        let contacts = bench.sample_contacts()?.contacts;
        sequence = sequence.next(&limits, &contacts);
    }
}

enum Move {
    One(Volts),
    All(Volts),
}

/// When which level is due.
struct Ramp {
    descent: Descent,
    start: Duration,
    next: Option<Duration>,
}

impl Ramp {
    fn new(descent: Descent, start: Duration) -> Self {
        Self {
            descent,
            start,
            next: Some(start),
        }
    }

    fn duration(&self) -> Duration {
        match self.descent {
            Descent::Ramp { within, .. } => within,
            Descent::Step(_) | Descent::All(_) => Duration::ZERO,
        }
    }

    fn due(&mut self, now: Duration) -> Option<Move> {
        let due = self.next.filter(|due| now >= *due)?;
        match self.descent {
            Descent::Step(level) => {
                self.next = None;
                Some(Move::One(level))
            }
            Descent::All(level) => {
                self.next = None;
                Some(Move::All(level))
            }
            Descent::Ramp { from, to, within } => {
                let passed = now.saturating_sub(self.start).as_secs_f64();
                let share = (passed / within.as_secs_f64()).clamp(0.0, 1.0);
                self.next = (share < 1.0).then(|| due + RAMP_PERIOD);
                let level = from.0 + (to.0 - from.0) * share;
                Some(Move::One(Volts((level * 1e3).round() / 1e3)))
            }
        }
    }
}

fn end_words(end: &SequenceEnd) -> String {
    let at = |edge: &Edge| format!("{:.1} s", edge.after.as_secs_f64());
    match end {
        SequenceEnd::Complete(times) => format!(
            "pre-alarm on at {}, loads off at {}, pre-alarm off at {}",
            at(&times.warning),
            at(&times.cut),
            at(&times.end)
        ),
        SequenceEnd::Unannounced { cut } => format!("loads off at {}, no pre-alarm", at(cut)),
        SequenceEnd::Nothing => "neither pre-alarm nor disconnect".into(),
        SequenceEnd::NeverCut { warning } => {
            format!("pre-alarm on at {}, loads stay on", at(warning))
        }
        SequenceEnd::TakenBack { warning, at: off } => format!(
            "pre-alarm on at {}, off at {:.1} s with the loads on",
            at(warning),
            off.as_secs_f64()
        ),
        SequenceEnd::Lingers {
            warning,
            cut,
            until,
        } => format!(
            "pre-alarm on at {}, loads off at {}, pre-alarm still on at {:.1} s",
            at(warning),
            at(cut),
            until.as_secs_f64()
        ),
        SequenceEnd::Unreadable(contact) => format!("the {contact} can't be read"),
    }
}

/// Judges the time between the warning and the disconnect.
///
/// # Errors
/// [`ProcedureError::NotPassed`] when it's too short, or one of the two didn't come.
pub fn judge_delay(
    bench: &mut Bench,
    asked: &Asked,
    warning: &Warning,
) -> Result<(), ProcedureError> {
    let who = drive::seen_by(bench, Signal::PreAlarm);
    let wait = words::time(warning.timeout);
    let pre_alarm = Contact::PreAlarm;
    let mut judge = Judge::new(bench, asked);
    match warning.end {
        SequenceEnd::Complete(times) => {
            let delay = least_delay(times.warning, times.cut, &who);
            judge.reading(DELAY, "delay", "delay from pre-alarm to loads off", &delay)?;
        }
        SequenceEnd::Lingers { warning, cut, .. } => {
            let delay = least_delay(warning, cut, &who);
            judge.reading(DELAY, "delay", "delay from pre-alarm to loads off", &delay)?;
        }
        SequenceEnd::Unannounced { .. } => {
            let quantity = format!("{pre_alarm} before the loads went off");
            judge.state(DELAY, &quantity, "on", "off", &who)?;
        }
        SequenceEnd::TakenBack { .. } => {
            let quantity = format!("{pre_alarm} until the loads go off");
            judge.state(DELAY, &quantity, "on", "off", &who)?;
        }
        SequenceEnd::Nothing => {
            let quantity = format!("{pre_alarm} within {wait}");
            judge.state(DELAY, &quantity, "on", "off", &who)?;
        }
        SequenceEnd::NeverCut { .. } => {
            let why = format!("the loads are still on after {wait}");
            let quantity = "delay from pre-alarm to loads off";
            judge.inconclusive(DELAY, quantity, "long enough", &why)?;
        }
        SequenceEnd::Unreadable(_) => {
            judge.missing(DELAY, "delay", "long enough", "a contact can't be read")?;
        }
    }
    judge.done()
}

/// Judges that the pre-alarm ended with the disconnect (3.2.1-03).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when it didn't; [`ProcedureError::NothingFound`] when there was
/// no disconnect it could have ended with.
pub fn judge_end(
    bench: &mut Bench,
    asked: &Asked,
    warning: &Warning,
) -> Result<(), ProcedureError> {
    let clauses = &["3.2.1-03"];
    let who = drive::seen_by(bench, Signal::PreAlarm);
    let mut judge = Judge::new(bench, asked);
    match warning.end {
        SequenceEnd::Complete(times) => {
            let mut apart = times.end.after_edge(times.cut, &who);
            apart.value = apart.value.abs();
            let quantity = "time between loads off and pre-alarm off";
            judge.reading(clauses, "response", quantity, &apart)?;
        }
        SequenceEnd::Lingers { cut, until, .. } => {
            let after = words::time(until.saturating_sub(cut.after));
            let quantity = format!("{} {after} after the loads went off", Contact::PreAlarm);
            judge.state(clauses, &quantity, "off", "on", &who)?;
        }
        SequenceEnd::Unannounced { .. }
        | SequenceEnd::Nothing
        | SequenceEnd::NeverCut { .. }
        | SequenceEnd::TakenBack { .. }
        | SequenceEnd::Unreadable(_) => {
            let why = end_words(&warning.end);
            judge.inconclusive(clauses, "end of the pre-alarm", "with the loads", &why)?;
        }
    }
    judge.done()
}

#[cfg(test)]
mod tests {
    use super::{Descent, Move, Ramp};
    use std::fmt::Write as _;
    use std::time::Duration;
    use units::Volts;

    fn check(descent: Descent) -> String {
        let mut ramp = Ramp::new(descent, Duration::from_secs(10));
        let mut moves = String::new();
        for tick in 0..40_u32 {
            let now = Duration::from_secs(10) + Duration::from_millis(100) * tick;
            let (which, level) = match ramp.due(now) {
                Some(Move::One(level)) => ("one", level),
                Some(Move::All(level)) => ("all", level),
                None => continue,
            };
            write!(moves, "{:.1}:{which} {:.3} ", now.as_secs_f64(), level.0)
                .expect("a string takes everything");
        }
        moves
    }

    #[test]
    fn a_ramp_moves_in_even_steps_and_ends_at_its_end() {
        insta::assert_snapshot!(
            check(Descent::Ramp { from: Volts(3.2), to: Volts(2.7), within: Duration::from_secs(2) }),
            @"10.0:one 3.200 10.5:one 3.075 11.0:one 2.950 11.5:one 2.825 12.0:one 2.700"
        );
        insta::assert_snapshot!(check(Descent::Step(Volts(2.7))), @"10.0:one 2.700");
        insta::assert_snapshot!(check(Descent::All(Volts(2.7))), @"10.0:all 2.700");
    }
}
