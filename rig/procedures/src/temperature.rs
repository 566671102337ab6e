//! Measuring where a signal comes or goes with the battery's temperature.
//!
//! The chamber moves so slowly that the thermocouple at the board and the battery's own sensor can
//! follow; the threshold is judged against the thermocouple, the way from the battery's flag to
//! the BMS's contact apart from it.

mod judge;

pub use judge::{
    judge_chargers_back, judge_code, judge_contact, judge_hysteresis, judge_latency,
    judge_loads_stayed_on,
};
pub(crate) use judge::{judge_latency_under, judge_under};

use crate::ProcedureError;
use crate::drive;
use crate::edge::Edge;
use crate::edge::EdgeFinder;
use crate::signal::{Goal, Signal};
use api::AlarmCode;
use bench::{Bench, Contact, Measured, Snapshot};
use record::Reading;
use std::time::Duration;
use units::{Celsius, Kelvin, KelvinPerMinute};

/// The fastest ramp on which a temperature threshold means something.
const RAMP: KelvinPerMinute = KelvinPerMinute(0.2);
/// A ramp that turns out so much faster has lost its meaning.
const TOO_FAST: KelvinPerMinute = KelvinPerMinute(0.3);
/// Over this time the speed of a ramp is measured.
const SPEED_WINDOW: Duration = Duration::from_secs(300);
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
    /// How fast the thermocouple moved at most.
    pub fastest: KelvinPerMinute,
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
    /// Where the window began in which the speed is measured.
    window: Measured,
    fastest: KelvinPerMinute,
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
            window: before.clone(),
            before,
            fastest: KelvinPerMinute(0.0),
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
        let passed = now.at.saturating_sub(self.window.at);
        if passed >= SPEED_WINDOW {
            let minutes = passed.as_secs_f64() / 60.0;
            let speed = KelvinPerMinute((now.value - self.window.value).abs() / minutes);
            self.fastest = self.fastest.max(speed);
            self.window = now.clone();
        }
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
            fastest: self.fastest,
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
            "{}; {}; at most {:.2}",
            words(Signal::ChargersOff, &self.at_contact),
            words(Signal::Code(self.extreme.code()), &self.at_code),
            self.fastest
        )
    }
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
