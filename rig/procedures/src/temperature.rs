//! Measuring where a signal comes or goes with the battery's temperature.
//!
//! The chamber moves so slowly that the thermocouple at the board and the battery's own sensor can
//! follow; the threshold is judged against the thermocouple, the way from the battery's flag to
//! the BMS's contact apart from it.

use crate::ProcedureError;
use crate::drive;
use crate::edge::Edge;
use crate::edge::EdgeFinder;
use crate::judging::{Asked, Judge};
use crate::signal::{Goal, Signal};
use api::AlarmCode;
use bench::{Bench, Contact, Measured, Snapshot};
use record::Reading;
use std::time::Duration;
use units::{Celsius, Kelvin, KelvinPerMinute};

/// The fastest ramp on which a temperature threshold means something.
const RAMP: KelvinPerMinute = KelvinPerMinute(0.2);
/// The chamber's set-point moves in steps of this size.
const STEP: Kelvin = Kelvin(0.1);
/// Ramps are sampled this often.
const PERIOD: Duration = Duration::from_secs(1);
/// The way to the start of a ramp is sampled this often.
const APPROACH_PERIOD: Duration = Duration::from_secs(10);
/// Within this of the start, the ramp may begin.
const CLOSE: Kelvin = Kelvin(0.3);
/// How long the way to the start of a ramp may take.
const APPROACH: Duration = Duration::from_secs(6 * 3600);
/// Ramps begin this far before the limits …
const BEFORE: Kelvin = Kelvin(1.5);
/// … and end this far past them, further than the board lags behind the air.
const PAST: Kelvin = Kelvin(4.0);
/// How long the board may lag behind the air at the end of a ramp.
const LAG: Duration = Duration::from_secs(3600);
/// How much longer than the allowed response the second of flag and contact is waited for.
const LINGER: u32 = 3;

/// Cold or heat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extreme {
    /// Under-temperature, A-SL22.
    Cold,
    /// Over-temperature, A-SL15.
    Heat,
}

impl Extreme {
    /// Its code.
    #[must_use]
    pub fn code(self) -> AlarmCode {
        match self {
            Self::Cold => AlarmCode::ASl22,
            Self::Heat => AlarmCode::ASl15,
        }
    }

    /// Statements with a threshold, the one about the code first.
    fn clauses(self) -> &'static [&'static str] {
        match self {
            Self::Cold => &["6.4.4-01", "3.2-04", "4.7.3-01"],
            Self::Heat => &["6.4.5-01", "3.2-05"],
        }
    }

    /// The statement with a hysteresis.
    fn hysteresis(self) -> &'static [&'static str] {
        match self {
            Self::Cold => &["6.4.4-01", "4.7.3-01"],
            Self::Heat => &["6.4.5-01"],
        }
    }
}

/// What a ramp showed.
#[derive(Debug, Clone, PartialEq)]
pub struct Ramped {
    /// Cold or heat.
    pub extreme: Extreme,
    /// Whether the alarm was to come (else to go).
    pub comes: bool,
    /// Temperature at the thermocouple when the charge contact moved.
    pub at_contact: Option<(Edge, Reading)>,
    /// Temperature at the thermocouple when the code came or went.
    pub at_code: Option<(Edge, Reading)>,
    /// Whether the load contact was closed in every sample.
    pub loads_stayed_on: bool,
    /// How far the ramp went.
    pub last: Reading,
}

/// Moves the chamber slowly until the alarm comes (or goes) in contact and report.
///
/// # Errors
/// When the rig can't tell: no thermocouple, a silent battery, a chamber that doesn't get there;
/// whatever the bench says.
pub fn ramp(bench: &mut Bench, extreme: Extreme, comes: bool) -> Result<Ramped, ProcedureError> {
    let plan = Plan::new(bench, extreme, comes)?;
    if let Some(start) = plan.start {
        approach(bench, start)?;
    }
    let mut watch = Watch::new(&plan, bench)?;
    let mut air = watch.first_air(bench)?;
    let start = bench.now();
    let mut next_step = start;
    loop {
        let now = bench.now();
        if now >= next_step && air != plan.end {
            air = toward(air, plan.end);
            bench.set_chamber(air)?;
            next_step = now + step_time();
        }
        if air != plan.end {
            watch.still_moving(now);
        }
        bench.sleep(PERIOD)?;
        let snapshot = bench.snapshot()?;
        watch.sample(snapshot)?;
        if watch.over(snapshot.at) {
            break;
        }
    }
    let ramped = watch.into_ramped(bench)?;
    bench.note(ramped.in_words());
    Ok(ramped)
}

struct Plan {
    extreme: Extreme,
    comes: bool,
    /// Where the ramp begins; from where the chamber is, if nowhere in particular.
    start: Option<Celsius>,
    end: Celsius,
    linger: Duration,
}

impl Plan {
    fn new(bench: &Bench, extreme: Extreme, comes: bool) -> Result<Self, ProcedureError> {
        let clause = extreme.clauses().first().copied().unwrap_or_default();
        let (low, high) = bench.bounds(clause, "threshold")?;
        let (_, hysteresis) = bench.bounds(clause, "hysteresis")?;
        let response = bench.limit_time(clause, "response")?;
        let (start, end) = match (extreme, comes) {
            (Extreme::Cold, true) => (Some(Celsius(high) + BEFORE), Celsius(low) - PAST),
            (Extreme::Heat, true) => (Some(Celsius(low) - BEFORE), Celsius(high) + PAST),
            (Extreme::Cold, false) => (None, Celsius(high + hysteresis) + PAST),
            (Extreme::Heat, false) => (None, Celsius(low - hysteresis) - PAST),
        };
        let range = bench.config().envelope.temperature;
        Ok(Self {
            extreme,
            comes,
            start,
            end: end.max(range.from + STEP).min(range.to - STEP),
            linger: response * LINGER,
        })
    }
}

fn approach(bench: &mut Bench, start: Celsius) -> Result<(), ProcedureError> {
    bench.set_chamber(start)?;
    let arrived = bench.watch(APPROACH_PERIOD, APPROACH, |snapshot| {
        match thermocouple(snapshot) {
            Ok(now) if (Celsius(now.value) - start).abs() > CLOSE => {
                std::ops::ControlFlow::Continue(())
            }
            other => std::ops::ControlFlow::Break(other.map(|_| ())),
        }
    })?;
    match arrived {
        Some(outcome) => outcome,
        None => Err(ProcedureError::NotReached {
            what: format!("{start:.1} at the board"),
            within: APPROACH,
            found: format!("it is at {:.1}", Celsius(thermocouple(bench.last())?.value)),
        }),
    }
}

/// One step of the air towards the end of the ramp.
fn toward(air: Celsius, end: Celsius) -> Celsius {
    let left = end - air;
    if left.abs() <= STEP {
        end
    } else {
        let step = if left > Kelvin(0.0) { STEP } else { -STEP };
        Celsius(((air + step).0 * 10.0).round() / 10.0)
    }
}

/// The time that a step may not be shorter than.
fn step_time() -> Duration {
    Duration::from_secs_f64(STEP.0 / RAMP.0 * 60.0)
}

fn thermocouple(snapshot: &Snapshot) -> Result<&Measured, ProcedureError> {
    snapshot
        .temperature
        .as_ref()
        .filter(|measured| measured.value.is_finite())
        .ok_or_else(|| ProcedureError::NotMeasured {
            quantity: "the temperature at the board".into(),
        })
}

struct Watch {
    extreme: Extreme,
    comes: bool,
    linger: Duration,
    start: Duration,
    moving_until: Duration,
    contact: EdgeFinder,
    code: EdgeFinder,
    at_contact: Option<Reading>,
    at_code: Option<Reading>,
    before: Measured,
    loads_stayed_on: bool,
}

impl Watch {
    fn new(plan: &Plan, bench: &mut Bench) -> Result<Self, ProcedureError> {
        let now = bench.now();
        let before = thermocouple(bench.snapshot()?)?.clone();
        Ok(Self {
            extreme: plan.extreme,
            comes: plan.comes,
            linger: plan.linger,
            start: now,
            moving_until: now,
            contact: EdgeFinder::new(plan.comes, now),
            code: EdgeFinder::new(plan.comes, now),
            at_contact: None,
            at_code: None,
            before,
            loads_stayed_on: true,
        })
    }

    /// Where the air is when the ramp begins.
    fn first_air(&self, bench: &Bench) -> Result<Celsius, ProcedureError> {
        match bench.last().outputs.chamber {
            Some(set) => Ok(set),
            None => Ok(Celsius((self.before.value * 10.0).round() / 10.0)),
        }
    }

    fn still_moving(&mut self, now: Duration) {
        self.moving_until = now;
    }

    fn sample(&mut self, snapshot: &Snapshot) -> Result<(), ProcedureError> {
        let now = thermocouple(snapshot)?.clone();
        let here = drive::between(&self.before, &now, "°C");
        let contact = Signal::ChargersOff;
        let state = contact.in_snapshot(snapshot, self.start);
        self.contact.sample(contact.instant(snapshot), state);
        if self.contact.edge().is_some() && self.at_contact.is_none() {
            self.at_contact = Some(here.clone());
        }
        let code = Signal::Code(self.extreme.code());
        let state = code.in_snapshot(snapshot, self.start);
        self.code.sample(code.instant(snapshot), state);
        if self.code.edge().is_some() && self.at_code.is_none() {
            self.at_code = Some(here);
        }
        self.loads_stayed_on &= snapshot.contact(Contact::Load) == Some(true);
        self.before = now;
        Ok(())
    }

    fn over(&self, now: Duration) -> bool {
        let first = match (self.contact.edge(), self.code.edge()) {
            (Some(_), Some(_)) => return true,
            (Some(edge), None) | (None, Some(edge)) => edge.after,
            (None, None) => return now >= self.moving_until + LAG,
        };
        now >= first + self.linger
    }

    fn into_ramped(self, bench: &Bench) -> Result<Ramped, ProcedureError> {
        let snapshot = bench.last();
        if self.at_contact.is_none() {
            drive::visible(Signal::ChargersOff, snapshot, self.start)?;
        }
        if self.at_code.is_none() {
            drive::visible(Signal::Code(self.extreme.code()), snapshot, self.start)?;
        }
        Ok(Ramped {
            extreme: self.extreme,
            comes: self.comes,
            at_contact: self.contact.edge().zip(self.at_contact),
            at_code: self.code.edge().zip(self.at_code),
            loads_stayed_on: self.loads_stayed_on,
            last: self.before.reading("°C"),
        })
    }
}

impl Ramped {
    fn goal(&self, signal: Signal) -> Goal {
        Goal {
            signal,
            present: self.comes,
        }
    }

    fn in_words(&self) -> String {
        let words = |signal: Signal, at: &Option<(Edge, Reading)>| {
            let goal = self.goal(signal);
            match at {
                Some((edge, reading)) => {
                    format!("{goal} at {reading} ({:.0} s)", edge.after.as_secs_f64())
                }
                None => format!("{goal} never, up to {}", self.last),
            }
        };
        format!(
            "{}; {}",
            words(Signal::ChargersOff, &self.at_contact),
            words(Signal::Code(self.extreme.code()), &self.at_code)
        )
    }
}

/// Judges the temperature at which the chargers went off.
///
/// # Errors
/// [`ProcedureError::NotPassed`] when it isn't within the limits, or they never did.
pub fn judge_contact(
    bench: &mut Bench,
    asked: &Asked,
    ramped: &Ramped,
) -> Result<(), ProcedureError> {
    judge_at(
        bench,
        asked,
        ramped,
        Signal::ChargersOff,
        ramped.at_contact.as_ref(),
    )
}

/// Judges the temperature at which the code came.
///
/// # Errors
/// As [`judge_contact`].
pub fn judge_code(bench: &mut Bench, asked: &Asked, ramped: &Ramped) -> Result<(), ProcedureError> {
    let signal = Signal::Code(ramped.extreme.code());
    judge_at(bench, asked, ramped, signal, ramped.at_code.as_ref())
}

fn judge_at(
    bench: &mut Bench,
    asked: &Asked,
    ramped: &Ramped,
    signal: Signal,
    at: Option<&(Edge, Reading)>,
) -> Result<(), ProcedureError> {
    let who = drive::seen_by(bench, signal);
    let goal = ramped.goal(signal);
    let clauses = ramped.extreme.clauses();
    let mut judge = Judge::new(bench, asked);
    match at {
        Some((_, reading)) => {
            let quantity = format!("temperature at the board with {goal}");
            judge.reading(clauses, "threshold", &quantity, reading)?;
        }
        None => {
            let quantity = format!("{} at {}", signal.subject(), ramped.last);
            let state = |present| signal.state(present);
            judge.state(
                clauses,
                &quantity,
                state(goal.present),
                state(!goal.present),
                &who,
            )?;
        }
    }
    judge.done()
}

/// Judges how soon the charge contact followed the battery's flag. A contact that moves without
/// its flag, or the other way round, is a finding of its own.
///
/// # Errors
/// [`ProcedureError::NotPassed`] when it was too late, or one of the two is missing.
pub fn judge_latency(
    bench: &mut Bench,
    asked: &Asked,
    ramped: &Ramped,
) -> Result<(), ProcedureError> {
    let clauses = ramped.extreme.clauses();
    let (contact, code) = (
        ramped.goal(Signal::ChargersOff),
        ramped.goal(Signal::Code(ramped.extreme.code())),
    );
    let who = drive::seen_by(bench, Signal::ChargersOff);
    let receiver = drive::seen_by(bench, code.signal);
    let mut judge = Judge::new(bench, asked);
    let state = |goal: Goal, present: bool| goal.signal.state(present);
    match (&ramped.at_contact, &ramped.at_code) {
        (Some((moved, _)), Some((flagged, _))) => {
            let latency = moved.after_edge(*flagged, &who);
            let quantity = format!("from {code} to {contact}");
            judge.reading(clauses, "response", &quantity, &latency)?;
        }
        (Some(_), None) => {
            let quantity = format!("{} with the {contact}", code.signal.subject());
            let (wanted, found) = (state(code, code.present), state(code, !code.present));
            judge.state(clauses, &quantity, wanted, found, &receiver)?;
        }
        (None, _) => {
            let quantity = format!("{} with {code}", contact.signal.subject());
            let (wanted, found) = (
                state(contact, contact.present),
                state(contact, !contact.present),
            );
            judge.state(clauses, &quantity, wanted, found, &who)?;
        }
    }
    judge.done()
}

/// Judges how far the temperature had to come back before the alarm went.
///
/// # Errors
/// [`ProcedureError::NotPassed`] when it's more or less than allowed, or the alarm never went.
pub fn judge_hysteresis(
    bench: &mut Bench,
    asked: &Asked,
    came: &Ramped,
    went: &Ramped,
) -> Result<(), ProcedureError> {
    let signal = Signal::Code(went.extreme.code());
    let who = drive::seen_by(bench, signal);
    let clauses = went.extreme.hysteresis();
    let mut judge = Judge::new(bench, asked);
    match (&came.at_code, &went.at_code) {
        (Some((_, came)), Some((_, back))) => {
            let apart = match went.extreme {
                Extreme::Cold => back.value - came.value,
                Extreme::Heat => came.value - back.value,
            };
            let reading = Reading {
                value: apart,
                unit: "K".into(),
                uncertainty: came.uncertainty + back.uncertainty,
                ..back.clone()
            };
            let quantity = format!("hysteresis of {signal}");
            judge.reading(clauses, "hysteresis", &quantity, &reading)?;
        }
        _ => {
            let quantity = format!("{} at {}", signal.subject(), went.last);
            judge.state(
                clauses,
                &quantity,
                signal.state(false),
                signal.state(true),
                &who,
            )?;
        }
    }
    judge.done()
}

/// Judges that the loads stayed on in the cold (3.2-04).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when they didn't.
pub fn judge_loads_stayed_on(
    bench: &mut Bench,
    asked: &Asked,
    ramped: &Ramped,
) -> Result<(), ProcedureError> {
    let who = drive::seen_by(bench, Signal::LoadsOff);
    let mut judge = Judge::new(bench, asked);
    let found = if ramped.loads_stayed_on {
        "closed"
    } else {
        "open"
    };
    judge.state(
        &["3.2-04"],
        "load contact while the battery got cold",
        "closed",
        found,
        &who,
    )?;
    judge.done()
}

/// Judges that the charge contact closed again when the alarm went.
///
/// # Errors
/// [`ProcedureError::NotPassed`] when it's still open.
pub fn judge_chargers_back(
    bench: &mut Bench,
    asked: &Asked,
    went: &Ramped,
) -> Result<(), ProcedureError> {
    let who = drive::seen_by(bench, Signal::ChargersOff);
    let mut judge = Judge::new(bench, asked);
    let quantity = format!("charge contact after {} was gone", went.extreme.code());
    let found = if went.at_contact.is_some() {
        "closed"
    } else {
        "open"
    };
    judge.state(went.extreme.clauses(), &quantity, "closed", found, &who)?;
    judge.done()
}

#[cfg(test)]
mod tests {
    use super::{RAMP, STEP, step_time, toward};
    use units::Celsius;

    #[test]
    fn the_air_moves_in_steps_that_end_at_the_end() {
        let mut air = Celsius(8.5);
        let mut steps = 0;
        while air != Celsius(-1.0) {
            let before = air;
            air = toward(air, Celsius(-1.0));
            assert!((before - air).0 <= STEP.0 + 1e-9);
            steps += 1;
        }
        assert_eq!(steps, 95);
        assert_eq!(toward(Celsius(8.5), Celsius(20.0)), Celsius(8.6));
    }

    #[test]
    fn the_ramp_is_never_faster_than_what_thermocouple_and_sensor_can_follow() {
        let rate = STEP.0 / (step_time().as_secs_f64() / 60.0);
        assert!(rate <= RAMP.0 + 1e-9, "{rate}");
    }
}
