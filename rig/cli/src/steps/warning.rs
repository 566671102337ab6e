//! The warning before the loads go off.

use super::asked;
use super::parameters::{InVolts, Lasting};
use crate::{RigWorld, StepResult};
use cucumber::{then, when};
use procedures::warning::{self, Descent, Warning};

async fn descend(rig: &mut RigWorld, descent: Descent) -> StepResult {
    let warning = rig
        .with(move |bench| warning::descend(bench, descent))
        .await?;
    rig.keep(warning);
    Ok(())
}

/// Lowers one cell steadily and watches pre-alarm and load contact until both have moved.
#[when(expr = "one cell falls steadily from {volts} to {volts} within {duration}")]
async fn one_falls(rig: &mut RigWorld, from: InVolts, to: InVolts, within: Lasting) -> StepResult {
    let ramp = Descent::Ramp {
        from: from.0,
        to: to.0,
        within: within.0,
    };
    descend(rig, ramp).await
}

/// Lowers one cell at once and watches pre-alarm and load contact until both have moved.
#[when(expr = "one cell drops straight to {volts}")]
async fn one_drops(rig: &mut RigWorld, to: InVolts) -> StepResult {
    descend(rig, Descent::Step(to.0)).await
}

/// Lowers all cells at once and watches pre-alarm and load contact until both have moved.
#[when(expr = "every cell drops straight to {volts}")]
async fn all_drop(rig: &mut RigWorld, to: InVolts) -> StepResult {
    descend(rig, Descent::All(to.0)).await
}

/// The time from the first sample with the pre-alarm on to the last with the loads on.
#[then(expr = "half a minute or more lies between the pre-alarm and the loads")]
async fn delay(rig: &mut RigWorld) -> StepResult {
    let (asked, warning) = (asked(rig), *rig.kept::<Warning>()?);
    rig.with(move |bench| warning::judge_delay(bench, &asked, &warning))
        .await
}

/// The pre-alarm contact goes off when the load contact does.
#[then(expr = "the pre-alarm ends together with the loads")]
async fn end(rig: &mut RigWorld) -> StepResult {
    let (asked, warning) = (asked(rig), *rig.kept::<Warning>()?);
    rig.with(move |bench| warning::judge_end(bench, &asked, &warning))
        .await
}
