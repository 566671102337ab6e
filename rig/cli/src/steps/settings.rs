//! Settings of the battery, changed in the app.

use super::asked;
use super::parameters::{InVolts, Lasting};
use crate::{RigWorld, StepResult};
use cucumber::{Parameter, then, when};
use procedures::settings::{self, SetWarning, Setting, Shift, Takes};
use procedures::warning::Descent;
use std::str::FromStr;
use units::Kelvin;

/// `pre-alarm`, `discharge limit`, `lowest charging temperature`, `temperature offset`.
#[derive(Debug, Clone, Copy, Parameter)]
#[param(
    name = "setting",
    regex = "pre-alarm|discharge limit|lowest charging temperature|temperature offset"
)]
struct OneSetting(Setting);

impl FromStr for OneSetting {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// Resets the settings, then tries both ends of the range of one of them and a digit beyond each;
/// puts the settings of the bench file back.
#[when(expr = "the {setting} is tried at the ends of its range and beyond them")]
async fn try_range(rig: &mut RigWorld, setting: OneSetting) -> StepResult {
    let takes = rig
        .with(move |bench| settings::try_range(bench, setting.0))
        .await?;
    rig.keep(takes);
    Ok(())
}

/// The default, and what the app took and what not.
#[then(expr = "it starts from its default and is taken only within its range")]
async fn takes(rig: &mut RigWorld) -> StepResult {
    let (asked, takes) = (asked(rig), rig.kept::<Takes>()?.clone());
    rig.with(move |bench| settings::judge_takes(bench, &asked, &takes))
        .await
}

/// Moves the temperature offset and waits for the report to follow; puts it back.
#[when(expr = "the temperature offset is moved by {int} K")]
async fn shift(rig: &mut RigWorld, kelvin: i32) -> StepResult {
    let shift = rig
        .with(move |bench| settings::shift_offset(bench, Kelvin(f64::from(kelvin))))
        .await?;
    rig.keep(shift);
    Ok(())
}

/// The report moved by as much as the offset.
#[then(expr = "the reported temperature has moved by as much")]
async fn shifted(rig: &mut RigWorld) -> StepResult {
    let (asked, shift) = (asked(rig), rig.kept::<Shift>()?.clone());
    rig.with(move |bench| settings::judge_shift(bench, &asked, &shift))
        .await
}

async fn warn(
    rig: &mut RigWorld,
    pre_alarm: InVolts,
    limit: InVolts,
    descent: Descent,
) -> StepResult {
    let warning = rig
        .with(move |bench| settings::warning_with(bench, pre_alarm.0, limit.0, descent))
        .await?;
    let mut all = rig
        .kept_if_any::<Vec<SetWarning>>()
        .cloned()
        .unwrap_or_default();
    all.push(warning);
    rig.keep(all);
    Ok(())
}

/// Sets both thresholds, lowers one cell steadily, watches the warning, and puts both back.
#[when(
    expr = "with a pre-alarm of {volts} and a discharge limit of {volts} one cell falls from {volts} to {volts} within {duration}"
)]
async fn warned_falling(
    rig: &mut RigWorld,
    pre_alarm: InVolts,
    limit: InVolts,
    from: InVolts,
    to: InVolts,
    within: Lasting,
) -> StepResult {
    let ramp = Descent::Ramp {
        from: from.0,
        to: to.0,
        within: within.0,
    };
    warn(rig, pre_alarm, limit, ramp).await
}

/// Sets both thresholds, drops one cell, watches the warning, and puts both back.
#[when(
    expr = "with a pre-alarm of {volts} and a discharge limit of {volts} one cell drops to {volts}"
)]
async fn warned_dropping(
    rig: &mut RigWorld,
    pre_alarm: InVolts,
    limit: InVolts,
    to: InVolts,
) -> StepResult {
    warn(rig, pre_alarm, limit, Descent::Step(to.0)).await
}

/// The delay of every warning that was watched.
#[then(expr = "half a minute or more lay between pre-alarm and loads each time")]
async fn delays(rig: &mut RigWorld) -> StepResult {
    let (asked, all) = (asked(rig), rig.kept::<Vec<SetWarning>>()?.clone());
    rig.with(move |bench| settings::judge_warnings(bench, &asked, &all))
        .await
}

/// The higher of two pre-alarms was the earlier one.
#[then(expr = "the higher pre-alarm gave more time")]
async fn lead(rig: &mut RigWorld) -> StepResult {
    let (asked, all) = (asked(rig), rig.kept::<Vec<SetWarning>>()?.clone());
    rig.with(move |bench| settings::judge_lead(bench, &asked, &all))
        .await
}

/// Reads every setting of every battery in the app.
#[then(expr = "the app shows the settings of the bench file in every battery")]
async fn alike(rig: &mut RigWorld) -> StepResult {
    let asked = asked(rig);
    rig.with(move |bench| settings::judge_alike(bench, &asked))
        .await
}
