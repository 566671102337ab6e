//! Which part gives an alarm that nothing explains.

use super::asked;
use crate::{RigWorld, StepResult};
use cucumber::{given, then, when};
use procedures::leaving_out::{self, Diagnosed, InRange};

/// What the BMS reported with every battery left out.
#[derive(Debug, Clone)]
struct AllLeftOut(Option<String>);

/// Cells by the rig's own sense leads, temperatures by thermocouple and reports.
#[given(expr = "the cells and the temperatures are normal")]
async fn in_range(rig: &mut RigWorld) -> StepResult {
    let asked = asked(rig);
    let in_range = rig
        .with(move |bench| leaving_out::judge_in_range(bench, &asked))
        .await?;
    rig.keep(in_range);
    Ok(())
}

/// Bypasses one battery after the other until it is clear whose alarm it is; charger and load are
/// off meanwhile.
#[when(expr = "the batteries are left out of the chain one after the other")]
async fn diagnose(rig: &mut RigWorld) -> StepResult {
    let diagnosed = rig.with(leaving_out::diagnose).await?;
    rig.keep(diagnosed);
    Ok(())
}

/// Bypasses all batteries together.
#[when(expr = "every battery is left out of the chain")]
async fn leave_all_out(rig: &mut RigWorld) -> StepResult {
    let alarm = rig.with(leaving_out::leave_all_out).await?;
    rig.keep(AllLeftOut(alarm));
    Ok(())
}

/// The BMS gave no alarm, or the culprit is named.
#[then(expr = "nothing is found to be faulty")]
async fn nothing_faulty(rig: &mut RigWorld) -> StepResult {
    let (asked, diagnosed) = (asked(rig), rig.kept::<Diagnosed>()?.clone());
    let in_range = rig.kept_if_any::<InRange>().cloned();
    rig.with(move |bench| {
        leaving_out::judge_nothing_faulty(bench, &asked, in_range.as_ref(), &diagnosed)
    })
    .await
}

/// The alarm ended when this battery was left out.
#[then(expr = "battery {int} is found to be faulty")]
async fn battery_faulty(rig: &mut RigWorld, number: usize) -> StepResult {
    let (asked, diagnosed) = (asked(rig), rig.kept::<Diagnosed>()?.clone());
    rig.with(move |bench| leaving_out::judge_battery(bench, &asked, number, &diagnosed))
        .await
}

/// The alarm went on with every battery left out.
#[then(expr = "the BMS or its cables are found to be faulty")]
async fn bms_or_cables(rig: &mut RigWorld) -> StepResult {
    let (asked, diagnosed) = (asked(rig), rig.kept::<Diagnosed>()?.clone());
    rig.with(move |bench| leaving_out::judge_bms_or_cables(bench, &asked, &diagnosed))
        .await
}

/// No contact reports anything with every battery left out.
#[then(expr = "the BMS reports nothing")]
async fn bms_quiet(rig: &mut RigWorld) -> StepResult {
    let (asked, alarm) = (asked(rig), rig.kept::<AllLeftOut>()?.0.clone());
    rig.with(move |bench| leaving_out::judge_bms_quiet(bench, &asked, alarm.as_deref()))
        .await
}
