//! Measuring where a signal comes or goes with the voltage of one cell.

use crate::ProcedureError;
use crate::catalogue::{PATIENCE, VoltageRule, voltage_rule};
use crate::drive;
use crate::judging::{Asked, Judge};
use crate::sanity;
use crate::search::{Ended, Search, Span};
use crate::signal::{Goal, Signal};
use crate::words;
use api::AlarmCode;
use bench::{Bench, Measured, Snapshot};
use record::Reading;
use std::ops::ControlFlow;
use std::time::Duration;
use units::Volts;

/// The cell that is moved; the others stay where they are.
pub const ONE_CELL: usize = 2;
/// How far the search reaches past the limits: a signal that comes out there is still measured.
const REACH: Volts = Volts(0.05);
/// How far past the opposite limit the cell is taken to make the signal ready again.
const READY: Volts = Volts(0.08);
/// Set-points of cells stay this far inside the envelope, above what a meter may be off.
const ENVELOPE_ROOM: Volts = Volts(0.01);
/// The gap at which the search ends.
const RESOLUTION: Volts = Volts(0.002);
/// Smallest step of a cell supply.
const STEP: Volts = Volts(0.001);

/// Where a signal came or went.
#[derive(Debug, Clone, PartialEq)]
pub struct Threshold {
    /// What was looked for.
    pub goal: Goal,
    /// How long each level was given.
    pub dwell: Duration,
    /// What was found.
    pub found: Found,
    /// What the battery's report says once the contact has moved.
    pub report: Report,
}

/// Whether the battery's own report agrees with the contact. Contacts decide actions, reports
/// decide codes; where the two disagree, that is a finding of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Report {
    /// There's nothing to compare: the report itself was looked at, or the contact never moved.
    NotCompared,
    /// It says the same.
    Agrees,
    /// It says otherwise.
    Disagrees,
}

/// What a search found.
#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    /// The threshold: half the remaining gap and the meter's uncertainty are its uncertainty.
    At(Reading),
    /// It came where it must not have come yet.
    TooEarly(Reading),
    /// It didn't come where it must long have come.
    Never(Reading),
    /// It didn't go (or come) to be looked for again.
    Stuck(Reading),
}

/// Looks for the cell voltage at which `goal` comes about.
///
/// # Errors
/// When the rig can't tell: a silent battery, an unread contact, meter and supply that contradict
/// each other; whatever the bench says.
pub fn find(bench: &mut Bench, goal: Goal) -> Result<Threshold, ProcedureError> {
    let rule = voltage_rule(goal).ok_or_else(|| ProcedureError::NothingFound {
        hint: format!("no statement says at which voltage the {goal} would be"),
    })?;
    let mut hunt = Hunt::plan(bench, goal, &rule)?;
    let found = hunt.run(bench)?;
    bench.note(format!("{goal}: {}", found_words(&found)));
    let report = match found {
        Found::At(_) => hunt.compare_report(bench)?,
        Found::TooEarly(_) | Found::Never(_) | Found::Stuck(_) => Report::NotCompared,
    };
    Ok(Threshold {
        goal,
        dwell: hunt.dwell,
        found,
        report,
    })
}

struct Hunt {
    goal: Goal,
    span: Span,
    ready: Volts,
    ready_timeout: Duration,
    dwell: Duration,
    quiet: Option<Measured>,
    changed: Option<Measured>,
}

impl Hunt {
    fn plan(bench: &Bench, goal: Goal, rule: &VoltageRule) -> Result<Self, ProcedureError> {
        let clause = rule.clauses.first().copied().unwrap_or_default();
        let (low, high) = bench.bounds(clause, rule.limit)?;
        let (opposite_low, opposite_high) =
            bench.bounds(rule.opposite.clause, rule.opposite.limit)?;
        let inside = |volts: f64| {
            let range = bench.config().envelope.cell_voltage;
            volts.clamp((range.from + ENVELOPE_ROOM).0, (range.to - ENVELOPE_ROOM).0)
        };
        // A low signal comes on the way down and goes on the way up; a high one the other way.
        let downwards = rule.low == goal.present;
        let (near, far) = if downwards {
            (high + REACH.0, low - REACH.0)
        } else {
            (low - REACH.0, high + REACH.0)
        };
        let ready = if downwards {
            opposite_high + READY.0
        } else {
            opposite_low - READY.0
        };
        // What goes downwards is made ready above, and the near end must lie between.
        let ready = if downwards {
            ready.max(near)
        } else {
            ready.min(near)
        };
        Ok(Self {
            goal,
            span: Span {
                near: inside(near),
                far: inside(far),
                resolution: RESOLUTION.0,
                step: STEP.0,
            },
            ready: Volts(inside(ready)),
            ready_timeout: bench.limit_time(PATIENCE.clause, PATIENCE.limit)?,
            dwell: bench.limit_time(rule.dwell.clause, rule.dwell.limit)? * rule.dwells,
            quiet: None,
            changed: None,
        })
    }

    fn run(&mut self, bench: &mut Bench) -> Result<Found, ProcedureError> {
        let mut search = Search::NearEnd;
        let mut ready = false;
        while let Some(level) = search.level(&self.span) {
            if !ready && !self.make_ready(bench)? {
                return Ok(Found::Stuck(self.measured(bench)?.reading("V")));
            }
            let changed = self.try_level(bench, Volts(level))?;
            // After a quiet level the signal is as it was: the next level is further on.
            ready = !changed;
            search = search.next(&self.span, changed);
        }
        let last = |side: &Option<Measured>| {
            side.clone().ok_or_else(|| ProcedureError::NotMeasured {
                quantity: format!("the voltage of cell {ONE_CELL}"),
            })
        };
        Ok(match search {
            Search::Over(Ended::TooEarly) => Found::TooEarly(last(&self.changed)?.reading("V")),
            Search::Over(Ended::Never) => Found::Never(last(&self.quiet)?.reading("V")),
            Search::Over(Ended::Between { .. })
            | Search::NearEnd
            | Search::FarEnd
            | Search::Halving { .. } => Found::At(drive::between(
                &last(&self.quiet)?,
                &last(&self.changed)?,
                "V",
            )),
        })
    }

    /// Takes the cell to where the signal is in its other state.
    fn make_ready(&self, bench: &mut Bench) -> Result<bool, ProcedureError> {
        let cause = bench.now();
        bench.set_cell(1, ONE_CELL, self.ready)?;
        let other = Goal {
            present: !self.goal.present,
            ..self.goal
        };
        let period = drive::sample_period(bench);
        let waited = drive::await_goals(bench, &[other], cause, period, self.ready_timeout)?;
        bench.snapshot()?;
        sanity::meter_and_supplies(bench)?;
        Ok(waited.complete())
    }

    fn try_level(&mut self, bench: &mut Bench, level: Volts) -> Result<bool, ProcedureError> {
        let cause = bench.now();
        bench.set_cell(1, ONE_CELL, level)?;
        let period = drive::outcome_period(bench, self.dwell);
        let waited = drive::await_goals(bench, &[self.goal], cause, period, self.dwell)?;
        bench.snapshot()?;
        sanity::meter_and_supplies(bench)?;
        let measured = self.measured(bench)?;
        if waited.complete() {
            self.changed = Some(measured);
        } else {
            self.quiet = Some(measured);
        }
        Ok(waited.complete())
    }

    /// Takes the cell well past the threshold and looks whether the battery's report says so too.
    fn compare_report(&self, bench: &mut Bench) -> Result<Report, ProcedureError> {
        let signal = self.goal.signal;
        if in_report(signal, bench.last(), Duration::ZERO).is_none() {
            return Ok(Report::NotCompared);
        }
        let cause = bench.now();
        bench.set_cell(1, ONE_CELL, Volts(self.span.far))?;
        let period = drive::outcome_period(bench, self.ready_timeout);
        drive::await_goals(bench, &[self.goal], cause, period, self.ready_timeout)?;
        let patience = bench.limit_time("6.4.2-01", "response")?;
        let seen = bench.watch_contacts(period, patience, |snapshot| {
            match in_report(signal, snapshot, cause) {
                Some(said) if said == self.goal.present => ControlFlow::Break(()),
                Some(_) | None => ControlFlow::Continue(()),
            }
        })?;
        match (seen, in_report(signal, bench.last(), cause)) {
            (Some(()), _) => Ok(Report::Agrees),
            (None, Some(_)) => Ok(Report::Disagrees),
            (None, None) => Err(ProcedureError::Silent {
                battery: 1,
                waited: patience,
                what: format!("whether its report agrees with the {}", signal.subject()),
            }),
        }
    }

    fn measured(&self, bench: &Bench) -> Result<Measured, ProcedureError> {
        drive::cell_voltage(bench.last(), ONE_CELL)
    }
}

/// What the first battery's report from after `since` says of what a contact shows; none for
/// signals that are reports themselves.
fn in_report(signal: Signal, snapshot: &Snapshot, since: Duration) -> Option<bool> {
    let sample = snapshot
        .battery(1)
        .filter(|sample| sample.received >= since)?;
    match signal {
        Signal::PreAlarm => Some(sample.report.codes.contains(&AlarmCode::WSl11)),
        Signal::LoadsOff => Some(!sample.report.discharge_allowed),
        Signal::ChargersOff => Some(!sample.report.charge_allowed),
        Signal::Code(_) => None,
    }
}

fn found_words(found: &Found) -> String {
    match found {
        Found::At(reading) => format!("at a cell of {reading}"),
        Found::TooEarly(reading) => format!("already at a cell of {reading}"),
        Found::Never(reading) => format!("not even at a cell of {reading}"),
        Found::Stuck(reading) => format!("could not be looked for, still so at {reading}"),
    }
}

/// Judges where a signal came or went.
///
/// # Errors
/// [`ProcedureError::NotPassed`] when it isn't within the limit of a clause that is asked for.
pub fn judge(
    bench: &mut Bench,
    asked: &Asked,
    threshold: &Threshold,
) -> Result<(), ProcedureError> {
    let goal = threshold.goal;
    let rule = voltage_rule(goal).ok_or_else(|| ProcedureError::NothingFound {
        hint: format!("no statement says at which voltage the {goal} would be"),
    })?;
    let clauses = in_force(bench, &rule)?;
    judge_under(bench, asked, threshold, &clauses, rule.limit)
}

/// The same under other statements, and against another of their limits.
pub(crate) fn judge_under(
    bench: &mut Bench,
    asked: &Asked,
    threshold: &Threshold,
    clauses: &[&str],
    limit: &str,
) -> Result<(), ProcedureError> {
    let goal = threshold.goal;
    let who = drive::seen_by(bench, goal.signal);
    let wait = words::time(threshold.dwell);
    let state = |present: bool| goal.signal.state(present);
    let mut judge = Judge::new(bench, asked);
    match &threshold.found {
        Found::At(reading) => {
            let quantity = format!("cell voltage with {goal}");
            judge.reading(clauses, limit, &quantity, reading)?;
        }
        Found::TooEarly(reading) => {
            let quantity = format!("{} with a cell at {reading}", goal.signal.subject());
            let (wanted, found) = (state(!goal.present), state(goal.present));
            judge.state(clauses, &quantity, wanted, found, &who)?;
        }
        Found::Never(reading) => {
            let quantity = format!(
                "{} with a cell at {reading} for {wait}",
                goal.signal.subject()
            );
            let (wanted, found) = (state(goal.present), state(!goal.present));
            judge.state(clauses, &quantity, wanted, found, &who)?;
        }
        Found::Stuck(reading) => {
            let quantity = format!("{} with a cell back at {reading}", goal.signal.subject());
            let (wanted, found) = (state(!goal.present), state(goal.present));
            judge.state(clauses, &quantity, wanted, found, &who)?;
        }
    }
    if threshold.report == Report::Disagrees {
        let quantity = format!("the battery's report with {goal}");
        judge.state(clauses, &quantity, "agrees", "disagrees", &who)?;
    }
    judge.done()
}

/// The clauses whose limits hold with the settings in force: some speak of settings untouched.
fn in_force(bench: &Bench, rule: &VoltageRule) -> Result<Vec<&'static str>, ProcedureError> {
    let mut bounds = Vec::new();
    for clause in rule.clauses {
        bounds.push((*clause, bench.bounds(clause, rule.limit)?));
    }
    let first = bounds.first().map(|(_, bounds)| *bounds);
    let (holds, other): (Vec<_>, Vec<_>) = bounds
        .into_iter()
        .partition(|(_, bounds)| Some(*bounds) == first);
    for (clause, _) in other {
        bench.note(format!(
            "{clause} isn't judged: it speaks of another setting than the one in force"
        ));
    }
    Ok(holds.into_iter().map(|(clause, _)| clause).collect())
}

/// Judges how far apart the charge limit and the over-voltage alarm are (6.4.3-02).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when they're too close, or either wasn't found.
pub fn judge_separation(
    bench: &mut Bench,
    asked: &Asked,
    stop: &Threshold,
    alarm: &Threshold,
) -> Result<(), ProcedureError> {
    let clauses = &["6.4.3-02"];
    let (Found::At(stop), Found::At(alarm)) = (&stop.found, &alarm.found) else {
        let who = drive::seen_by(bench, stop.goal.signal);
        let late = matches!(stop.found, Found::Never(_) | Found::Stuck(_));
        let mut judge = Judge::new(bench, asked);
        if late {
            let quantity = "charge contact below the voltage of A-SL9";
            judge.state(clauses, quantity, "open", "closed", &who)?;
        } else {
            let why = "one of the two voltages was not found";
            judge.inconclusive(clauses, "from the charge limit to A-SL9", "far enough", why)?;
        }
        return judge.done();
    };
    let apart = Reading {
        value: alarm.value - stop.value,
        uncertainty: alarm.uncertainty + stop.uncertainty,
        ..alarm.clone()
    };
    let mut judge = Judge::new(bench, asked);
    judge.reading(
        clauses,
        "separation",
        "from the charge limit to A-SL9",
        &apart,
    )?;
    judge.done()
}
