//! Charger, load and cables of a battery bench.

use super::asked;
use super::parameters::OnePole;
use crate::{RigWorld, StepResult};
use bench::{Bench, Pole};
use cucumber::{given, then, when};
use procedures::cables::{self, Broken, Currents, Pulled};
use procedures::{Asked, ProcedureError};

/// Switches charger and load on and waits until both carry current.
#[given(expr = "the charger and the load are running")]
#[when(expr = "the charger and the load are switched on")]
async fn running(rig: &mut RigWorld) -> StepResult {
    let currents = rig.with(cables::run_charger_and_load).await?;
    rig.keep(currents);
    Ok(())
}

/// Charger and load carry current, and the BMS has power.
#[then(expr = "the charger charges and the load draws current")]
async fn both_flow(rig: &mut RigWorld) -> StepResult {
    let (asked, currents) = (asked(rig), rig.kept::<Currents>()?.clone());
    rig.with(move |bench| cables::judge_flowing(bench, &asked, &currents))
        .await
}

async fn pull(
    rig: &mut RigWorld,
    which: impl FnOnce(&Bench) -> Vec<Broken> + Send + 'static,
) -> StepResult {
    let pulled = rig
        .with(move |bench| {
            let which = which(bench);
            cables::pull_each(bench, &which)
        })
        .await?;
    rig.keep(pulled);
    Ok(())
}

/// Pulls each BMS cable, waits for what follows, plugs it in again and waits for everything back.
#[when(expr = "each cable is pulled and plugged in again")]
async fn pull_each_cable(rig: &mut RigWorld) -> StepResult {
    pull(rig, cables::each_cable).await
}

/// As for a single cable, with all of them at once.
#[when(expr = "all cables are pulled and plugged in again")]
async fn pull_all_cables(rig: &mut RigWorld) -> StepResult {
    pull(rig, |_| vec![Broken::AllCables]).await
}

/// Breaks one pole of each cable in turn, waits for what follows, and mends it.
#[when(expr = "the {pole} of each cable is broken in turn")]
async fn break_each_pole(rig: &mut RigWorld, pole: OnePole) -> StepResult {
    pull(rig, move |bench| cables::each_pole(bench, pole.0)).await
}

/// Breaks the two poles that an empty battery opens, cable by cable, and mends them.
#[when(expr = "the pre-alarm pole and the discharge pole of each cable are broken together")]
async fn play_empty(rig: &mut RigWorld) -> StepResult {
    pull(rig, cables::each_empty).await
}

/// Leaves one cable unplugged.
#[given(expr = "cable {int} is pulled")]
async fn cable_pulled(rig: &mut RigWorld, number: usize) -> StepResult {
    rig.with(move |bench| bench.unplug_cable(number).map_err(ProcedureError::from))
        .await
}

/// A judgement of what was pulled.
type Judge = fn(&mut Bench, &Asked, &[Pulled]) -> Result<(), ProcedureError>;

async fn judge(rig: &mut RigWorld, judge: Judge) -> StepResult {
    let (asked, pulled) = (asked(rig), rig.kept::<Vec<Pulled>>()?.clone());
    rig.with(move |bench| judge(bench, &asked, &pulled)).await
}

/// Without the cable both contacts open in time and no current flows.
#[then(expr = "nothing charged and nothing discharged without the cable")]
async fn all_off(rig: &mut RigWorld) -> StepResult {
    judge(rig, cables::judge_all_off).await
}

/// The contacts that had to move did so in time.
#[then(expr = "the contacts told of it in time each time")]
async fn contacts_in_time(rig: &mut RigWorld) -> StepResult {
    judge(rig, cables::judge_contacts).await
}

/// The load contact opens, and no sooner after a pre-alarm than the manual allows.
#[then(expr = "the loads went off each time, after a fair warning")]
async fn loads_off(rig: &mut RigWorld) -> StepResult {
    judge(rig, cables::judge_loads_off).await
}

/// The pre-alarm contact went on in time for every cable.
#[then(expr = "the pre-alarm came on in time each time")]
async fn warned_in_time(rig: &mut RigWorld) -> StepResult {
    judge(rig, cables::judge_warned).await
}

/// With everything mended, all contacts are as at rest again, in time.
#[then(expr = "everything came back each time")]
async fn all_back(rig: &mut RigWorld) -> StepResult {
    judge(rig, cables::judge_back).await
}

/// With everything mended, charger and load carry current again.
#[then(expr = "charging and discharging resumed each time")]
async fn flowing_again(rig: &mut RigWorld) -> StepResult {
    judge(rig, cables::judge_flowing_again).await
}

async fn judge_no_current(rig: &mut RigWorld, pole: Pole) -> StepResult {
    let (asked, pulled) = (asked(rig), rig.kept::<Vec<Pulled>>()?.clone());
    rig.with(move |bench| cables::judge_no_current(bench, &asked, pole, &pulled))
        .await
}

/// No current came out of the charger while the pole was broken.
#[then(expr = "the charger carried no current without the pole")]
async fn no_charge(rig: &mut RigWorld) -> StepResult {
    judge_no_current(rig, Pole::Charge).await
}

/// No current went into the load while the pole was broken.
#[then(expr = "the load carried no current without the pole")]
async fn no_discharge(rig: &mut RigWorld) -> StepResult {
    judge_no_current(rig, Pole::Discharge).await
}
