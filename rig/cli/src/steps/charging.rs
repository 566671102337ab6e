//! Charging a battery whose cells are apart.

use super::asked;
use crate::{RigWorld, StepResult};
use cucumber::{then, when};
use procedures::charging::{self, Charged};
use procedures::{Asked, ProcedureError};

/// Charges at the recommended current until the BMS has stopped the charger so many times and let
/// it come back, and stopped it once more.
#[when(expr = "the battery is charged through {int} interruptions by the BMS")]
async fn charge(rig: &mut RigWorld, interruptions: usize) -> StepResult {
    let charged = rig
        .with(move |bench| charging::through_interruptions(bench, interruptions))
        .await?;
    rig.keep(charged);
    Ok(())
}

/// A judgement of the charge.
type Judge = fn(&mut bench::Bench, &Asked, &Charged) -> Result<(), ProcedureError>;

async fn judge(rig: &mut RigWorld, judge: Judge) -> StepResult {
    let (asked, charged) = (asked(rig), rig.kept::<Charged>()?.clone());
    rig.with(move |bench| judge(bench, &asked, &charged)).await
}

/// The leading cell was at the charge limit each time the charger went off.
#[then(expr = "the charger went off at the charge limit of a cell each time")]
async fn stops(rig: &mut RigWorld) -> StepResult {
    judge(rig, charging::judge_stops).await
}

/// The leading cell had fallen far enough each time the charger came back.
#[then(expr = "it came back when no cell was high any more")]
async fn returns(rig: &mut RigWorld) -> StepResult {
    judge(rig, charging::judge_returns).await
}

/// The period of the interruptions, and how soon the charger had to stop again.
#[then(expr = "the interruptions followed one another within minutes")]
async fn times(rig: &mut RigWorld) -> StepResult {
    judge(rig, charging::judge_times).await
}

/// Highest less lowest cell fell in each interruption.
#[then(expr = "the cells came closer while the charger was off")]
async fn spread(rig: &mut RigWorld) -> StepResult {
    judge(rig, charging::judge_spread).await
}
