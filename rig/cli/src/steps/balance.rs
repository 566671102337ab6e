//! What the board of a battery says of its balance, and when it says nothing.

use super::asked;
use crate::{RigWorld, StepResult};
use cucumber::{then, when};
use procedures::balance::{self, Active, Lowered, Speeds, States, Turned};
use procedures::deep::{self, Deep};

/// Forces the cells through all that balancing can be, then leaves them alone for a month.
#[when(expr = "the cells are taken through every state of balance and then left alone")]
async fn all_states(rig: &mut RigWorld) -> StepResult {
    let states = rig.with(balance::through_all_states).await?;
    rig.keep(states);
    Ok(())
}

/// Each state when it had to be, and never any other.
#[then(expr = "the state of balance was the right one each time")]
async fn states(rig: &mut RigWorld) -> StepResult {
    let (asked, states) = (asked(rig), rig.kept::<States>()?.clone());
    rig.with(move |bench| balance::judge_states(bench, &asked, &states))
        .await
}

/// From the last full charge to the unknown state.
#[then(expr = "a month after the last full charge the state was unknown")]
async fn month(rig: &mut RigWorld) -> StepResult {
    let (asked, states) = (asked(rig), rig.kept::<States>()?.clone());
    rig.with(move |bench| balance::judge_month(bench, &asked, &states))
        .await
}

/// Raises one cell in small steps until more charge leaves the cells than arrives in others.
#[when(expr = "one cell is raised until charge is burnt off")]
async fn find_start(rig: &mut RigWorld) -> StepResult {
    let turned = rig.with(balance::find_start).await?;
    rig.keep(turned);
    Ok(())
}

/// Where charge was first burnt off.
#[then(expr = "charge is burnt off no lower than the manual has it")]
async fn start(rig: &mut RigWorld) -> StepResult {
    let (asked, turned) = (asked(rig), rig.kept::<Turned>()?.clone());
    rig.with(move |bench| balance::judge_start(bench, &asked, &turned))
        .await
}

/// Raises one cell, ahead of the others, until the report says that the battery balances.
#[when(expr = "one cell is raised until charge is moved between cells")]
async fn find_active(rig: &mut RigWorld) -> StepResult {
    let active = rig.with(balance::find_active_start).await?;
    rig.keep(active);
    Ok(())
}

/// Where that was, and whether another cell got the charge.
#[then(expr = "charge is moved from where the manual has it")]
async fn active(rig: &mut RigWorld) -> StepResult {
    let (asked, active) = (asked(rig), rig.kept::<Active>()?.clone());
    rig.with(move |bench| balance::judge_active_start(bench, &asked, &active))
        .await
}

/// Lowers one cell in small steps until the report has the error; it may take its time on each.
#[when(expr = "one cell is emptied step by step until E-SL24 shows")]
async fn find_deep(rig: &mut RigWorld) -> StepResult {
    let deep = rig.with(deep::find).await?;
    rig.keep(deep);
    Ok(())
}

/// The voltage at which it came, how soon, and that deep discharge explains it.
#[then(expr = "E-SL24 came where and when it may")]
async fn deep(rig: &mut RigWorld) -> StepResult {
    let (asked, deep) = (asked(rig), rig.kept::<Deep>()?.clone());
    rig.with(move |bench| deep::judge(bench, &asked, &deep))
        .await
}

async fn lower(rig: &mut RigWorld, lowered: Lowered) -> StepResult {
    let turned = rig
        .with(move |bench| balance::find_silence(bench, lowered))
        .await?;
    rig.keep(turned);
    rig.keep(lowered);
    Ok(())
}

/// Lowers all cells together in small steps until no report comes any more.
#[when(expr = "all cells are lowered until the battery falls silent")]
async fn lower_all(rig: &mut RigWorld) -> StepResult {
    lower(rig, Lowered::All).await
}

/// Lowers one cell in small steps until no report comes any more.
#[when(expr = "one cell is lowered until the battery falls silent")]
async fn lower_one(rig: &mut RigWorld) -> StepResult {
    lower(rig, Lowered::One).await
}

/// The voltage at which the last report came.
#[then(expr = "it fell silent at a voltage that the manual allows")]
async fn silence(rig: &mut RigWorld) -> StepResult {
    let (asked, turned) = (asked(rig), rig.kept::<Turned>()?.clone());
    let lowered = *rig.kept::<Lowered>()?;
    rig.with(move |bench| balance::judge_silence(bench, &asked, lowered, &turned))
        .await
}

/// Balances at the absorption voltage, then at a higher one.
#[when(expr = "it is balanced at the absorption voltage and then at a higher one")]
async fn two_voltages(rig: &mut RigWorld) -> StepResult {
    let speeds = rig.with(balance::at_two_voltages).await?;
    rig.keep(speeds);
    Ok(())
}

/// The times that the same charge would take.
#[then(expr = "the higher voltage balanced no faster")]
async fn no_faster(rig: &mut RigWorld) -> StepResult {
    let (asked, speeds) = (asked(rig), *rig.kept::<Speeds>()?);
    rig.with(move |bench| balance::judge_speeds(bench, &asked, &speeds))
        .await
}
