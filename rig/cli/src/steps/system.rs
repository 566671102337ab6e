//! What is around the batteries: a monitor, what draws current with everything off, and the order
//! of the chain.

use super::asked;
use crate::{RigWorld, StepResult};
use cucumber::{then, when};
use procedures::alone::{self, Alone};
use procedures::exchange;
use procedures::monitor::{self, Interrupted};
use procedures::residual::{self, Residual};

/// Pulls a cable, so that the loads go off, and plugs it in again; listens to the monitor.
#[when(expr = "the loads go off and on again while the battery monitor is listened to")]
async fn interrupt(rig: &mut RigWorld) -> StepResult {
    let interrupted = rig.with(monitor::through_disconnect).await?;
    rig.keep(interrupted);
    Ok(())
}

/// Its last report, its first one, and the same state of charge in both.
#[then(expr = "the monitor went off and on with the loads and has forgotten nothing")]
async fn interrupted(rig: &mut RigWorld) -> StepResult {
    let (asked, interrupted) = (asked(rig), rig.kept::<Interrupted>()?.clone());
    rig.with(move |bench| monitor::judge_interrupted(bench, &asked, &interrupted))
        .await
}

/// The state of charge in its newest report.
#[then(expr = "the monitor shows a full battery")]
async fn full(rig: &mut RigWorld) -> StepResult {
    let asked = asked(rig);
    rig.with(move |bench| monitor::judge_full(bench, &asked))
        .await
}

/// Charger and load off, safety relay open, and then the current past it.
#[when(expr = "everything is switched off and what still flows is measured")]
async fn switch_off(rig: &mut RigWorld) -> StepResult {
    let residual = rig.with(residual::measure).await?;
    rig.keep(residual);
    Ok(())
}

/// Milliamperes, scaled to the size of the battery.
#[then(expr = "next to nothing flows out of the battery")]
async fn nothing_flows(rig: &mut RigWorld) -> StepResult {
    let (asked, residual) = (asked(rig), rig.kept::<Residual>()?.clone());
    rig.with(move |bench| residual::judge(bench, &asked, &residual))
        .await
}

/// Discharges the bank with one battery after the other alone in the chain.
#[when(expr = "each battery is emptied with all others left out of the chain")]
async fn empty_each(rig: &mut RigWorld) -> StepResult {
    let all = rig.with(alone::discharge_each).await?;
    rig.keep(all);
    Ok(())
}

/// The load contact opened for each of them.
#[then(expr = "each of them took the loads off by itself")]
async fn each_took_off(rig: &mut RigWorld) -> StepResult {
    let (asked, all) = (asked(rig), rig.kept::<Vec<Alone>>()?.clone());
    rig.with(move |bench| alone::judge(bench, &asked, &all))
        .await
}

/// A person exchanges the first two batteries of the chain; each cable is pulled; then they are
/// put back.
#[when(expr = "two batteries change places in the chain and each cable is pulled")]
async fn exchange(rig: &mut RigWorld) -> StepResult {
    let pulled = rig.with(exchange::pull_exchanged).await?;
    rig.keep(pulled);
    Ok(())
}
