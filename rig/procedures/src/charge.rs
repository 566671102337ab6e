//! Charging a bank on the bench as the manual has it: bulk, absorption, float, and anew while
//! cells are apart (4.3.2, 5.2, 6.1.3).

mod judge;
pub mod pull;
mod watch;

pub(crate) use judge::words as in_words;
pub use judge::{
    judge_absorption, judge_balancer, judge_cells, judge_complete, judge_cycling,
    judge_every_battery, judge_flowing, judge_full, judge_months, judge_nearly_done, judge_profile,
    judge_restarts, judge_time, judge_uninterrupted,
};

use self::watch::Watch;
use crate::ProcedureError;
use crate::cables::charge_voltage;
use crate::edge::Edge;
use crate::profile::{Profile, ProfileEnd, ProfilePlan, ProfileSample, Stage};
use api::BalancerStatus;
use bench::{Bench, Contact, Snapshot};
use record::Verdict;
use std::time::Duration;
use units::{Amps, Volts};

/// A charge is sampled this often where little can happen …
const SLOW: Duration = Duration::from_secs(10);
/// … this often on the way up the last stretch …
const BRISK: Duration = Duration::from_secs(1);
/// … and this often while the BMS is at work.
const FAST: Duration = Duration::from_millis(500);
/// From this cell voltage on, bulk is on its last stretch.
const STEEP: Volts = Volts(3.40);
/// From this cell voltage on, the BMS may stop the charger any moment.
const CLOSE: Volts = Volts(3.68);
/// For so long after an interruption the next one may come.
const BUSY: Duration = Duration::from_secs(30);
/// Bulk is over with each battery so close to the absorption voltage.
const REACHED: Volts = Volts(0.05);
/// Absorption lasts longer than it must by this: a sample more or less is no reason to doubt.
const SPARE: Duration = Duration::from_secs(60);
/// A current that is small for a moment, after an interruption or while the last cell catches up,
/// doesn't mean anything yet; one that has been for so long does.
const LASTING: Duration = Duration::from_secs(300);
/// Float between two charges.
const BETWEEN: Duration = Duration::from_secs(600);
/// A charge that takes longer than from empty, with all that may come between, isn't one.
const LONGEST_BULK: Duration = Duration::from_secs(4 * 3600);

/// What a charge is for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Purpose {
    /// So many full charges, whatever the cells do.
    Charges(usize),
    /// As many as it takes until the cells are together, and how long that may take at most.
    Together(Duration),
}

/// A stage that was gone through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Passed {
    /// Which one.
    pub stage: Stage,
    /// From when.
    pub from: Duration,
    /// To when.
    pub to: Duration,
}

/// The BMS stopped the charger for a while.
#[derive(Debug, Clone, PartialEq)]
pub struct Interruption {
    /// In which stage.
    pub stage: Stage,
    /// When it went off.
    pub off: Edge,
    /// When it came back, if it did.
    pub back: Option<Edge>,
}

/// What was reported of the balancer at times when it must be at work.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AtWork {
    /// Reports that said so.
    pub reported: usize,
    /// The first that didn't, and when.
    pub otherwise: Option<(BalancerStatus, Duration)>,
}

/// What a charge showed.
#[derive(Debug, Clone, PartialEq)]
pub struct Charge {
    /// When it began.
    pub begun: Duration,
    /// The bank was charged with up to this.
    pub current: Amps,
    /// From the start of the charger to a current.
    pub flowing: Option<(Duration, Snapshot)>,
    /// Every stage, in order.
    pub passed: Vec<Passed>,
    /// Every interruption by the BMS.
    pub interruptions: Vec<Interruption>,
    /// Late in the newest absorption: lowest and highest cell, and the widest spread.
    pub late: Option<Late>,
    /// When the current of the newest absorption was less than what means "nearly done".
    pub nearly_done: Option<Snapshot>,
    /// When the cells were together for the first time with next to nothing flowing.
    pub complete: Option<Duration>,
    /// The end of the newest absorption.
    pub absorbed: Option<Snapshot>,
    /// The newest sample in float.
    pub floated: Option<Snapshot>,
    /// At 1.8 A and more in absorption, with cells apart.
    pub balancing: AtWork,
    /// While the BMS held the charger off, with cells apart.
    pub held_off: AtWork,
    /// How it ended.
    pub end: ProfileEnd,
    /// When.
    pub ended: Duration,
}

/// Extremes of the last minutes of an absorption.
#[derive(Debug, Clone, PartialEq)]
pub struct Late {
    /// Since when.
    pub since: Duration,
    /// With the lowest cell.
    pub lowest: Snapshot,
    /// With the highest.
    pub highest: Snapshot,
    /// With the widest spread.
    pub widest: Snapshot,
}

/// Charges the bank.
///
/// # Errors
/// When contacts, cells or currents can't be read; whatever the bench says.
pub fn run(bench: &mut Bench, purpose: Purpose) -> Result<Charge, ProcedureError> {
    if let Some(reason) = crate::before::refusal(bench)? {
        return Err(ProcedureError::NotPassed {
            verdict: Verdict::Error,
            reason,
        });
    }
    let settings = Settings::of(bench, purpose)?;
    let begun = bench.now();
    bench.start_charging(settings.absorption, settings.current)?;
    let mut watch = Watch::new(begun, &settings);
    let mut profile = Profile::start(begun);
    loop {
        let snapshot = bench.snapshot()?;
        let sample = sample(snapshot)?;
        watch.take(&settings, &profile, &sample, snapshot);
        let next = profile.next(&settings.plan, &sample);
        if next.stage() != profile.stage() {
            watch.stage_over(&settings, &profile, &next, bench)?;
        }
        profile = next;
        if let Profile::Over(end) = profile {
            bench.stop_charging()?;
            bench.note(format!(
                "the charge ended after {}: {end:?}, {} interruptions",
                hours(bench.now().saturating_sub(begun)),
                watch.charge.interruptions.len()
            ));
            watch.charge.end = end;
            watch.charge.ended = bench.now();
            return Ok(watch.charge);
        }
        let period = watch.period(&profile, &sample);
        bench.sleep(period)?;
    }
}

/// `2.1 h`.
pub(crate) fn hours(time: Duration) -> String {
    format!("{:.2} h", time.as_secs_f64() / 3600.0)
}

struct Settings {
    absorption: Volts,
    float: Volts,
    current: Amps,
    plan: ProfilePlan,
    /// How much of the end of absorption counts as late.
    late: Duration,
    nearly_a: f64,
    works_at_a: f64,
}

impl Settings {
    fn of(bench: &Bench, purpose: Purpose) -> Result<Self, ProcedureError> {
        let topology = bench.config().device.topology;
        #[expect(clippy::cast_precision_loss, reason = "a bank has few batteries")]
        let (series, parallel) = (topology.series as f64, topology.parallel as f64);
        let absorption = charge_voltage(bench);
        let restarts = bench.bounds("4.3.2-10", "restarts")?.1;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a small count"
        )]
        let (charges, most_charges, longest, longest_bulk) = match purpose {
            Purpose::Charges(charges) => {
                let each = LONGEST_BULK * 2;
                let count = u32::try_from(charges).unwrap_or(u32::MAX);
                (charges, charges, each * count.max(1), LONGEST_BULK)
            }
            Purpose::Together(longest) => (1, 1 + restarts as usize, longest, longest),
        };
        let float = bench.limit_time("6.1.1-01", "hold")?;
        Ok(Self {
            absorption,
            float: bench.battery().float_voltage * series,
            current: bench.battery().recommended_charge_current * parallel,
            plan: ProfilePlan {
                absorbs_at_v: absorption.0 - REACHED.0 * series,
                absorption: bench.limit_time("8.3-05", "absorption_time")? + SPARE,
                float: BETWEEN,
                last_float: float + SPARE,
                longest_bulk,
                longest,
                charges,
                most_charges,
                together_v: bench.bounds("8.3-01", "spread")?.1,
                complete_a: bench.bounds("6.1.3-06", "current")?.1 * parallel,
                abort_v: bench.bounds("6.1.3-02", "abort")?.1,
            },
            late: bench.limit_time("6.1.1-03", "hold")? + SPARE,
            nearly_a: bench.bounds("6.1.3-05", "current")?.1,
            works_at_a: bench.bounds("6.1.3-04", "current")?.0,
        })
    }
}

fn sample(snapshot: &Snapshot) -> Result<ProfileSample, ProcedureError> {
    let missing = |quantity: &str| ProcedureError::NotMeasured {
        quantity: quantity.to_owned(),
    };
    let highest = snapshot.highest_cell().ok_or_else(|| missing("any cell"))?;
    let spread = widest(snapshot).ok_or_else(|| missing("any cell"))?;
    let bank = snapshot.pack.as_ref().ok_or_else(|| missing("the bank"))?;
    let current = snapshot
        .charger
        .as_ref()
        .ok_or_else(|| missing("the current of the charger"))?;
    let allowed = snapshot.contact(Contact::Charge);
    Ok(ProfileSample {
        at: snapshot.contacts.at,
        allowed: allowed.ok_or_else(|| ProcedureError::Unreadable {
            contact: Contact::Charge.to_string(),
            what: "when the charger goes off".into(),
        })?,
        bank_v: bank.value,
        current_a: current.current.value,
        uncertainty_a: current.current.uncertainty,
        highest_v: highest.voltage.value,
        spread_v: spread.value,
    })
}

/// The widest spread of any battery.
pub(crate) fn widest(snapshot: &Snapshot) -> Option<bench::Measured> {
    (1..=snapshot.cells.len())
        .filter_map(|battery| snapshot.spread(battery))
        .max_by(|a, b| a.value.total_cmp(&b.value))
}

impl Charge {
    /// The newest passage through a stage.
    fn newest(&self, stage: Stage) -> Option<Passed> {
        let mut of_stage = self.passed.iter().filter(|passed| passed.stage == stage);
        of_stage.next_back().copied()
    }

    /// How often it was begun anew.
    #[must_use]
    pub fn restarts(&self) -> usize {
        let floats = self
            .passed
            .iter()
            .filter(|passed| passed.stage == Stage::Float);
        floats.count().saturating_sub(1)
    }

    /// The sentence for a charge that didn't end in float.
    fn unfinished(&self) -> Option<String> {
        match self.end {
            ProfileEnd::Full => None,
            ProfileEnd::NeverTogether => Some(format!(
                "after {} charges the cells were still apart",
                self.restarts() + 1
            )),
            ProfileEnd::TooSlow(stage) => Some(format!(
                "the charge was given up in {}, {} after its start",
                stage.name(),
                hours(self.ended.saturating_sub(self.begun))
            )),
            ProfileEnd::NotObeyed { highest_v, .. } => Some(format!(
                "the charger was still on with a cell at {highest_v:.3} V"
            )),
        }
    }
}

/// Rebalances a bank one cell of which lacks so much: charges until the cells are together. Gives
/// the estimate too: what is missing, divided by what the balancer moves.
///
/// # Errors
/// As [`run`].
pub fn rebalance(
    bench: &mut Bench,
    missing: units::AmpHours,
) -> Result<(Duration, Charge), ProcedureError> {
    let moves = bench.battery().balancing_current;
    let estimate = Duration::from_secs_f64(missing.0 / moves.0 * 3600.0);
    let share = bench.bounds("6.1.3-08", "time_share")?.1 / 100.0;
    bench.note(format!(
        "{missing} at {moves} take {} at least; given up after {share} times that",
        hours(estimate)
    ));
    let charge = run(bench, Purpose::Together(estimate.mul_f64(share)))?;
    Ok((estimate, charge))
}
