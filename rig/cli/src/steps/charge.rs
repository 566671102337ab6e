//! Whole charges and discharges of a battery, and rests.

use super::asked;
use super::parameters::Lasting;
use crate::{RigWorld, StepResult};
use bench::Bench;
use cucumber::{Parameter, given, then, when};
use procedures::before::{self, Arrived};
use procedures::charge::pull::{self, Unplugged};
use procedures::charge::{self, Charge, Purpose};
use procedures::discharge::{self, Discharged, Rested};
use procedures::{Asked, ProcedureError};
use std::str::FromStr;
use std::time::Duration;
use units::{AmpHours, Celsius, ParseQuantityError};

/// `-20 °C`.
#[derive(Debug, Clone, Copy, Parameter)]
#[param(name = "celsius", regex = r"-?\d+(?:\.\d+)? °C")]
struct InCelsius(Celsius);

impl FromStr for InCelsius {
    type Err = ParseQuantityError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// `100 Ah`.
#[derive(Debug, Clone, Copy, Parameter)]
#[param(name = "amp_hours", regex = r"\d+(?:\.\d+)? Ah")]
struct InAmpHours(AmpHours);

impl FromStr for InAmpHours {
    type Err = ParseQuantityError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// The first discharge of a scenario, to compare later ones with.
#[derive(Debug, Clone)]
struct FirstDischarge(Discharged);

/// How long rebalancing ought to take.
#[derive(Debug, Clone, Copy)]
struct Estimate(Duration);

async fn charge_for(rig: &mut RigWorld, purpose: Purpose) -> StepResult {
    let charge = rig.with(move |bench| charge::run(bench, purpose)).await?;
    rig.keep(charge);
    Ok(())
}

/// Charges at the recommended current to absorption, through it and into float.
#[given(expr = "the battery was fully charged")]
#[when(expr = "the battery is fully charged")]
async fn full_charge(rig: &mut RigWorld) -> StepResult {
    charge_for(rig, Purpose::Charges(1)).await
}

/// So many full charges, one after the other.
#[when(expr = "the battery is fully charged {int} times")]
async fn full_charges(rig: &mut RigWorld, times: usize) -> StepResult {
    charge_for(rig, Purpose::Charges(times)).await
}

/// Charges again and again until the cells are together, or the time is over.
#[when(expr = "the battery is charged until its cells are together, for {duration} at most")]
async fn charge_until_together(rig: &mut RigWorld, longest: Lasting) -> StepResult {
    charge_for(rig, Purpose::Together(longest.0)).await
}

/// The same, with an estimate: what a cell lacks, divided by what the balancer moves.
#[when(expr = "the battery is rebalanced with {amp_hours} missing in one cell")]
async fn rebalance(rig: &mut RigWorld, missing: InAmpHours) -> StepResult {
    let (estimate, charge) = rig
        .with(move |bench| charge::rebalance(bench, missing.0))
        .await?;
    rig.keep(Estimate(estimate));
    rig.keep(charge);
    Ok(())
}

/// A judgement of a charge.
type Judge = fn(&mut Bench, &Asked, &Charge) -> Result<(), ProcedureError>;

async fn judge(rig: &mut RigWorld, judge: Judge) -> StepResult {
    let (asked, charge) = (asked(rig), rig.kept::<Charge>()?.clone());
    rig.with(move |bench| judge(bench, &asked, &charge)).await
}

/// Current flowed soon after the charger was switched on.
#[then(expr = "the charger charged soon after it was switched on")]
async fn flowing(rig: &mut RigWorld) -> StepResult {
    judge(rig, charge::judge_flowing).await
}

/// How long bulk and absorption took, and where float was.
#[then(expr = "bulk, absorption and float came as they must")]
async fn profile(rig: &mut RigWorld) -> StepResult {
    judge(rig, charge::judge_profile).await
}

/// The absorption time of all charges together.
#[then(expr = "absorption adds up to what a month needs")]
async fn absorption(rig: &mut RigWorld) -> StepResult {
    judge(rig, charge::judge_absorption).await
}

/// The time between two floats.
#[then(expr = "float came once a month")]
async fn months(rig: &mut RigWorld) -> StepResult {
    judge(rig, charge::judge_months).await
}

/// The BMS left the charger on from the beginning to the end.
#[then(expr = "the BMS did not interrupt the charge")]
async fn uninterrupted(rig: &mut RigWorld) -> StepResult {
    judge(rig, charge::judge_uninterrupted).await
}

/// In float, reported as balanced, and with hardly any current at the end of absorption.
#[then(expr = "the battery is full")]
async fn full(rig: &mut RigWorld) -> StepResult {
    judge(rig, charge::judge_full).await
}

/// How often the charge was begun anew.
#[then(expr = "no more restarts were needed than the manual lets expect")]
async fn restarts(rig: &mut RigWorld) -> StepResult {
    judge(rig, charge::judge_restarts).await
}

/// All cells late in absorption.
#[then(expr = "the cells agreed late in absorption")]
async fn cells(rig: &mut RigWorld) -> StepResult {
    judge(rig, charge::judge_cells).await
}

/// What was reported of the balancer whenever it had to be at work.
#[then(expr = "the balancer was at work whenever it had to be")]
async fn balancer(rig: &mut RigWorld) -> StepResult {
    judge(rig, charge::judge_balancer).await
}

/// Current and cells towards the end of balancing.
#[then(expr = "the cells were close to their end when little current was left")]
async fn nearly_done(rig: &mut RigWorld) -> StepResult {
    judge(rig, charge::judge_nearly_done).await
}

/// Current and cells at the end of balancing.
#[then(expr = "the cells are together with hardly any current left")]
async fn complete(rig: &mut RigWorld) -> StepResult {
    judge(rig, charge::judge_complete).await
}

/// The time that rebalancing took against what was estimated.
#[then(expr = "rebalancing took about as long as estimated and not less")]
async fn time(rig: &mut RigWorld) -> StepResult {
    let (asked, charge) = (asked(rig), rig.kept::<Charge>()?.clone());
    let estimate = rig.kept::<Estimate>()?.0;
    rig.with(move |bench| charge::judge_time(bench, &asked, &charge, estimate))
        .await
}

/// The period of the interruptions, and from the first to the last.
#[then(expr = "the interruptions came to an end in time")]
async fn cycling(rig: &mut RigWorld) -> StepResult {
    judge(rig, charge::judge_cycling).await
}

/// Discharges at the recommended current.
#[given(expr = "the battery was discharged until the loads went off")]
#[when(expr = "the battery is discharged until the loads go off")]
async fn discharge_it(rig: &mut RigWorld) -> StepResult {
    let discharged = rig.with(discharge::until_loads_off).await?;
    keep_discharged(rig, discharged)
}

/// Discharges at a tenth of the recommended current: the battery hardly warms itself.
#[when(expr = "the battery is discharged gently until the loads go off")]
async fn discharge_gently(rig: &mut RigWorld) -> StepResult {
    let discharged = rig.with(discharge::gently).await?;
    keep_discharged(rig, discharged)
}

fn keep_discharged(rig: &mut RigWorld, discharged: Discharged) -> StepResult {
    if rig.kept_if_any::<FirstDischarge>().is_none() {
        rig.keep(FirstDischarge(discharged.clone()));
    }
    rig.keep(discharged);
    Ok(())
}

/// What came out, against the rating.
#[then(expr = "the battery has its capacity")]
async fn capacity(rig: &mut RigWorld) -> StepResult {
    let (asked, discharged) = (asked(rig), rig.kept::<Discharged>()?.clone());
    rig.with(move |bench| discharge::judge_capacity(bench, &asked, &discharged))
        .await
}

/// The battery's voltage when the loads went off.
#[then(expr = "it had the voltage of an empty battery")]
async fn empty(rig: &mut RigWorld) -> StepResult {
    let (asked, discharged) = (asked(rig), rig.kept::<Discharged>()?.clone());
    rig.with(move |bench| discharge::judge_empty(bench, &asked, &discharged))
        .await
}

/// The mean of the cells when the loads went off.
#[then(expr = "the battery as a whole still had a good voltage")]
async fn still_good(rig: &mut RigWorld) -> StepResult {
    let (asked, discharged) = (asked(rig), rig.kept::<Discharged>()?.clone());
    rig.with(move |bench| discharge::judge_still_good(bench, &asked, &discharged))
        .await
}

/// Brings the battery to a temperature and waits until its cells have it.
#[given(expr = "the battery has {celsius} through and through")]
#[when(expr = "the battery is brought to {celsius} through and through")]
async fn bring_to(rig: &mut RigWorld, temperature: InCelsius) -> StepResult {
    rig.with(move |bench| discharge::bring_to(bench, temperature.0))
        .await
}

async fn judge_cold(rig: &mut RigWorld, limit: &'static str) -> StepResult {
    let (asked, cold) = (asked(rig), rig.kept::<Discharged>()?.clone());
    let warm = rig.kept::<FirstDischarge>()?.0.clone();
    rig.with(move |bench| discharge::judge_cold(bench, &asked, limit, &warm, &cold))
        .await
}

/// What came out, against the first discharge.
#[then(expr = "it gave about four fifths of what it gave at first")]
async fn four_fifths(rig: &mut RigWorld) -> StepResult {
    judge_cold(rig, "capacity_at_0").await
}

/// What came out, against the first discharge.
#[then(expr = "it gave about half of what it gave at first")]
async fn half(rig: &mut RigWorld) -> StepResult {
    judge_cold(rig, "capacity_at_minus_20").await
}

/// Leaves the battery alone for as long as the manual asks.
#[when(expr = "the battery is left alone for a day")]
async fn day_of_rest(rig: &mut RigWorld) -> StepResult {
    let rested = rig.with(discharge::day_of_rest).await?;
    rig.keep(rested);
    Ok(())
}

/// Highest less lowest cell after the rest.
#[then(expr = "no cell has sagged away from the others")]
async fn no_sag(rig: &mut RigWorld) -> StepResult {
    let (asked, rested) = (asked(rig), rig.kept::<Rested>()?.clone());
    rig.with(move |bench| discharge::judge_rest(bench, &asked, &rested))
        .await
}

/// Lowest cell and battery against what counts as damage.
#[then(expr = "neither a cell nor the battery is so low that it counts as damaged")]
async fn not_damaged(rig: &mut RigWorld) -> StepResult {
    let asked = asked(rig);
    rig.with(move |bench| discharge::judge_not_damaged(bench, &asked))
        .await
}

/// Unplugs each BMS cable in turn while the battery is charged.
#[when(expr = "each cable is unplugged and plugged in again during a charge")]
async fn unplug_each(rig: &mut RigWorld) -> StepResult {
    let unplugged = rig.with(pull::each_cable).await?;
    rig.keep(unplugged);
    Ok(())
}

/// The charge contact opened in time and no current flowed.
#[then(expr = "the charger went off without the cable each time")]
async fn off_without(rig: &mut RigWorld) -> StepResult {
    let (asked, unplugged) = (asked(rig), rig.kept::<Vec<Unplugged>>()?.clone());
    rig.with(move |bench| pull::judge_off(bench, &asked, &unplugged))
        .await
}

/// The charge contact closed in time and current flowed.
#[then(expr = "the charge went on with the cable back each time")]
async fn on_again(rig: &mut RigWorld) -> StepResult {
    let (asked, unplugged) = (asked(rig), rig.kept::<Vec<Unplugged>>()?.clone());
    rig.with(move |bench| pull::judge_on(bench, &asked, &unplugged))
        .await
}

/// Each battery's newest report, and how old it is.
#[then(expr = "the cells of every battery are on record")]
async fn every_battery(rig: &mut RigWorld) -> StepResult {
    let asked = asked(rig);
    rig.with(move |bench| charge::judge_every_battery(bench, &asked))
        .await
}

/// Lowest cell and battery against what counts as damage.
#[then(expr = "the battery is marked as damaged")]
async fn damaged(rig: &mut RigWorld) -> StepResult {
    let asked = asked(rig);
    rig.with(move |bench| discharge::judge_damaged(bench, &asked))
        .await
}

/// What came out after the BMS wanted the loads off; nothing where it never did.
#[derive(Debug, Clone)]
struct Reserve(Option<record::Reading>);

/// Discharges past the signal, with a load that doesn't listen, to just before damage.
#[when(expr = "the battery is discharged past the signal to just before damage")]
async fn past_the_signal(rig: &mut RigWorld) -> StepResult {
    let reserve = rig.with(discharge::reserve).await?;
    rig.keep(Reserve(reserve));
    Ok(())
}

/// The charge that was left when the loads had to go off.
#[then(expr = "a reserve was left when the loads had to go off")]
async fn reserve_left(rig: &mut RigWorld) -> StepResult {
    let (asked, reserve) = (asked(rig), rig.kept::<Reserve>()?.0.clone());
    rig.with(move |bench| discharge::judge_reserve(bench, &asked, reserve.as_ref()))
        .await
}

/// The same, against what belongs to the setting in force.
#[then(expr = "as much is left as belongs to the discharge limit that is set")]
async fn reserve_by_setting(rig: &mut RigWorld) -> StepResult {
    let (asked, reserve) = (asked(rig), rig.kept::<Reserve>()?.0.clone());
    rig.with(move |bench| before::judge_reserve(bench, &asked, reserve.as_ref()))
        .await
}

/// Whether the rig would charge this battery as if nothing were the matter.
#[then(expr = "an ordinary charge is refused")]
async fn refused(rig: &mut RigWorld) -> StepResult {
    let asked = asked(rig);
    rig.with(move |bench| before::judge_refused(bench, &asked))
        .await
}

/// A fresh report of each battery that says so.
#[then(expr = "every battery of the string says that it is balanced")]
async fn string_balanced(rig: &mut RigWorld) -> StepResult {
    let asked = asked(rig);
    rig.with(move |bench| before::judge_string(bench, &asked))
        .await
}

/// Absorption, then float with a light load.
#[when(expr = "the charger is set to absorption and then to float under a load")]
async fn both_voltages(rig: &mut RigWorld) -> StepResult {
    let arrived = rig.with(before::both_voltages).await?;
    rig.keep(arrived);
    Ok(())
}

/// Voltages of the bank at both.
#[then(expr = "both voltages arrived at the battery")]
async fn arrived(rig: &mut RigWorld) -> StepResult {
    let (asked, arrived) = (asked(rig), rig.kept::<Arrived>()?.clone());
    rig.with(move |bench| before::judge_arrived(bench, &asked, &arrived))
        .await
}
