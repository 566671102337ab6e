//! Measuring where a signal comes or goes.

use super::asked;
use super::parameters::Code;
use crate::{RigWorld, StepResult};
use cucumber::{then, when};
use procedures::threshold::{self, Threshold};
use procedures::{Goal, Signal};
use std::collections::BTreeMap;

/// What was found so far, by signal and whether it came.
#[derive(Debug, Clone, Default)]
struct Thresholds(BTreeMap<(Signal, bool), Threshold>);

async fn find(rig: &mut RigWorld, goal: Goal) -> StepResult {
    let found = rig.with(move |bench| threshold::find(bench, goal)).await?;
    let mut all = rig.kept_if_any::<Thresholds>().cloned().unwrap_or_default();
    all.0.insert((goal.signal, goal.present), found);
    rig.keep(all);
    Ok(())
}

pub(super) fn found(rig: &RigWorld, goal: Goal) -> StepResult<Threshold> {
    let thresholds = rig.kept::<Thresholds>()?;
    let found = thresholds.0.get(&(goal.signal, goal.present)).cloned();
    found.ok_or_else(|| {
        crate::StepError::error(format_args!(
            "no earlier step of this scenario looked for the voltage of {goal}"
        ))
    })
}

async fn judge(rig: &mut RigWorld, goal: Goal) -> StepResult {
    let (asked, found) = (asked(rig), found(rig, goal)?);
    rig.with(move |bench| threshold::judge(bench, &asked, &found))
        .await
}

/// Measures the cell voltage at which the pre-alarm contact goes on.
#[when(expr = "one cell is lowered until the pre-alarm comes on")]
async fn find_pre_alarm(rig: &mut RigWorld) -> StepResult {
    find(rig, Goal::shown(Signal::PreAlarm)).await
}

/// Measures the cell voltage at which the pre-alarm contact goes off.
#[when(expr = "one cell is raised again until the pre-alarm goes off")]
async fn find_pre_alarm_release(rig: &mut RigWorld) -> StepResult {
    find(rig, Goal::gone(Signal::PreAlarm)).await
}

/// Measures the cell voltage at which the load contact opens.
#[when(expr = "one cell is lowered until the loads go off")]
async fn find_loads_off(rig: &mut RigWorld) -> StepResult {
    find(rig, Goal::shown(Signal::LoadsOff)).await
}

/// Measures the cell voltage at which the load contact closes again.
#[when(expr = "one cell is raised again until the loads come back")]
async fn find_loads_back(rig: &mut RigWorld) -> StepResult {
    find(rig, Goal::gone(Signal::LoadsOff)).await
}

/// Measures the cell voltage at which the charge contact opens.
#[when(expr = "one cell is raised until the chargers go off")]
async fn find_chargers_off(rig: &mut RigWorld) -> StepResult {
    find(rig, Goal::shown(Signal::ChargersOff)).await
}

/// Measures the cell voltage at which the charge contact closes again.
#[when(expr = "one cell is lowered again until the chargers come back")]
async fn find_chargers_back(rig: &mut RigWorld) -> StepResult {
    find(rig, Goal::gone(Signal::ChargersOff)).await
}

/// Measures the cell voltage at which the battery's report shows a code.
#[when(expr = "one cell is lowered until {code} shows")]
#[when(expr = "one cell is raised until {code} shows")]
async fn find_code(rig: &mut RigWorld, code: Code) -> StepResult {
    find(rig, Goal::shown(Signal::Code(code.0))).await
}

/// Measures the cell voltage at which the battery's report no longer shows a code.
#[when(expr = "one cell is raised again until {code} is gone")]
async fn find_code_gone(rig: &mut RigWorld, code: Code) -> StepResult {
    find(rig, Goal::gone(Signal::Code(code.0))).await
}

/// The measured pre-alarm threshold is within its limits.
#[then(expr = "the pre-alarm threshold is the one that was set")]
async fn judge_pre_alarm(rig: &mut RigWorld) -> StepResult {
    judge(rig, Goal::shown(Signal::PreAlarm)).await
}

/// The measured release of the pre-alarm is within its limits.
#[then(expr = "the pre-alarm is released where the manual says")]
async fn judge_pre_alarm_release(rig: &mut RigWorld) -> StepResult {
    judge(rig, Goal::gone(Signal::PreAlarm)).await
}

/// The measured discharge limit is within its limits.
#[then(expr = "the discharge limit is the one that was set")]
async fn judge_loads_off(rig: &mut RigWorld) -> StepResult {
    judge(rig, Goal::shown(Signal::LoadsOff)).await
}

/// The measured release of the loads is within its limits.
#[then(expr = "the loads are released where the manual says")]
async fn judge_loads_back(rig: &mut RigWorld) -> StepResult {
    judge(rig, Goal::gone(Signal::LoadsOff)).await
}

/// The measured charge limit is within its limits.
#[then(expr = "the charge limit is within what the manual allows")]
async fn judge_chargers_off(rig: &mut RigWorld) -> StepResult {
    judge(rig, Goal::shown(Signal::ChargersOff)).await
}

/// The measured release of the charger is within its limits.
#[then(expr = "the charger is released where the manual says")]
async fn judge_chargers_back(rig: &mut RigWorld) -> StepResult {
    judge(rig, Goal::gone(Signal::ChargersOff)).await
}

/// The cell voltage measured for a code is within its limits.
#[then(expr = "{code} comes at a cell voltage that the manual allows")]
async fn judge_code(rig: &mut RigWorld, code: Code) -> StepResult {
    judge(rig, Goal::shown(Signal::Code(code.0))).await
}

/// The cell voltage measured for the end of a code is within its limits.
#[then(expr = "{code} is released where the manual says")]
async fn judge_code_gone(rig: &mut RigWorld, code: Code) -> StepResult {
    judge(rig, Goal::gone(Signal::Code(code.0))).await
}

/// The charge limit and A-SL9, both measured, are far enough apart.
#[then(expr = "the chargers go off well before it")]
async fn judge_separation(rig: &mut RigWorld) -> StepResult {
    let asked = asked(rig);
    let stop = found(rig, Goal::shown(Signal::ChargersOff))?;
    let alarm = found(rig, Goal::shown(Signal::Code(api::AlarmCode::ASl9)))?;
    rig.with(move |bench| threshold::judge_separation(bench, &asked, &stop, &alarm))
        .await
}
