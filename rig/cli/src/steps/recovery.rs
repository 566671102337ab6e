//! Charges that need somebody to watch them: recovery, and the first charge without a BMS.

use super::asked;
use crate::{RigWorld, StepResult};
use bench::Bench;
use cucumber::{then, when};
use procedures::recovery::drive::{self, Recovered};
use procedures::recovery::judge;
use procedures::without_bms::{self, Unguarded};
use procedures::{Asked, ProcedureError};

/// All steps of the recovery, or as far as they lead.
#[when(expr = "the deeply discharged battery is recovered")]
async fn recover(rig: &mut RigWorld) -> StepResult {
    let recovered = rig.with(drive::run).await?;
    rig.keep(recovered);
    Ok(())
}

/// A judgement of a recovery.
type Judge = fn(&mut Bench, &Asked, &Recovered) -> Result<(), ProcedureError>;

async fn judged(rig: &mut RigWorld, judge: Judge) -> StepResult {
    let (asked, recovered) = (asked(rig), rig.kept::<Recovered>()?.clone());
    rig.with(move |bench| judge(bench, &asked, &recovered))
        .await
}

/// Steps 1 and 2.
#[then(expr = "the small current brought its lowest cell up")]
async fn small_current(rig: &mut RigWorld) -> StepResult {
    judged(rig, judge::small_current).await
}

/// Steps 4 and 5.
#[then(expr = "the BMS had the charger in its hand")]
async fn in_hand(rig: &mut RigWorld) -> StepResult {
    judged(rig, judge::in_hand).await
}

/// Steps 3 and 7 to 10.
#[then(expr = "every cell rose and nothing got warm under the larger current")]
async fn slow_charge(rig: &mut RigWorld) -> StepResult {
    judged(rig, judge::slow_charge).await
}

/// Steps 11 to 14.
#[then(expr = "the full charge ended with the cells together")]
async fn full_charge(rig: &mut RigWorld) -> StepResult {
    judged(rig, judge::full_charge).await
}

/// Steps 15 to 18.
#[then(expr = "both rests left enough voltage")]
async fn rests(rig: &mut RigWorld) -> StepResult {
    judged(rig, judge::rests).await
}

/// Charges with the settings of the table until all cells are full, or one goes too far.
#[when(expr = "the battery is charged without a BMS")]
async fn without_bms(rig: &mut RigWorld) -> StepResult {
    let unguarded = rig.with(without_bms::run).await?;
    rig.keep(unguarded);
    Ok(())
}

/// Every cell at the end of it.
#[then(expr = "every cell is full")]
async fn every_cell_full(rig: &mut RigWorld) -> StepResult {
    let (asked, unguarded) = (asked(rig), rig.kept::<Unguarded>()?.clone());
    rig.with(move |bench| without_bms::judge_full(bench, &asked, &unguarded))
        .await
}

/// The cell at which the charge was ended, and how soon no current flowed.
#[then(expr = "the charge ended before a cell was beyond the last voltage")]
async fn ended_in_time(rig: &mut RigWorld) -> StepResult {
    let (asked, unguarded) = (asked(rig), rig.kept::<Unguarded>()?.clone());
    rig.with(move |bench| without_bms::judge_abort(bench, &asked, &unguarded))
        .await
}
