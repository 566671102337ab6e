//! Cold and heat.

use super::asked;
use super::parameters::Code;
use crate::{RigWorld, StepError, StepResult};
use api::AlarmCode;
use cucumber::{then, when};
use procedures::ProcedureError;
use procedures::temperature::{self, Extreme, Ramped};

/// The ramp on which an alarm came, and the one on which it went.
#[derive(Debug, Clone, Default)]
struct Ramps {
    came: Option<Ramped>,
    went: Option<Ramped>,
}

async fn ramp(rig: &mut RigWorld, extreme: Extreme, comes: bool) -> StepResult {
    let ramped = rig
        .with(move |bench| temperature::ramp(bench, extreme, comes))
        .await?;
    let mut ramps = rig.kept_if_any::<Ramps>().cloned().unwrap_or_default();
    if comes {
        ramps.came = Some(ramped);
    } else {
        ramps.went = Some(ramped);
    }
    rig.keep(ramps);
    Ok(())
}

pub(super) fn came(rig: &RigWorld) -> StepResult<Ramped> {
    let came = rig.kept::<Ramps>()?.came.clone();
    came.ok_or_else(|| StepError::error("no earlier step of this scenario waited for the alarm"))
}

fn went(rig: &RigWorld) -> StepResult<Ramped> {
    let went = rig.kept::<Ramps>()?.went.clone();
    went.ok_or_else(|| {
        StepError::error("no earlier step of this scenario waited for the alarm to go")
    })
}

/// The extreme that a code is about, if it's about temperature.
fn extreme(code: AlarmCode) -> StepResult<Extreme> {
    match code {
        AlarmCode::ASl22 => Ok(Extreme::Cold),
        AlarmCode::ASl15 => Ok(Extreme::Heat),
        AlarmCode::WSl11
        | AlarmCode::ASl11
        | AlarmCode::ASl9
        | AlarmCode::ESl119
        | AlarmCode::ESl24
        | AlarmCode::ESl1
        | AlarmCode::ESl2
        | AlarmCode::ESl9
        | AlarmCode::ESl10 => Err(StepError::error(format_args!(
            "{code} has nothing to do with temperature; A-SL22 and A-SL15 have"
        ))),
    }
}

/// Cools the battery in the chamber, slowly, and measures where the charge contact opens.
#[when(expr = "the battery is cooled slowly until the chargers go off")]
async fn cool_to_contact(rig: &mut RigWorld) -> StepResult {
    ramp(rig, Extreme::Cold, true).await
}

/// Warms the battery in the chamber, slowly, and measures where the charge contact opens.
#[when(expr = "the battery is warmed slowly until the chargers go off")]
async fn warm_to_contact(rig: &mut RigWorld) -> StepResult {
    ramp(rig, Extreme::Heat, true).await
}

/// Moves the temperature slowly and measures where the battery's report shows a code.
#[when(expr = "the battery is cooled slowly until {code} shows")]
#[when(expr = "the battery is warmed slowly until {code} shows")]
async fn ramp_to_code(rig: &mut RigWorld, code: Code) -> StepResult {
    ramp(rig, extreme(code.0)?, true).await
}

/// Moves the temperature slowly back and measures where the battery's report shows a code no more.
#[when(expr = "the battery is warmed slowly until {code} is gone")]
#[when(expr = "the battery is cooled slowly until {code} is gone")]
async fn ramp_from_code(rig: &mut RigWorld, code: Code) -> StepResult {
    ramp(rig, extreme(code.0)?, false).await
}

/// A judgement of one ramp.
type Judge = fn(&mut bench::Bench, &procedures::Asked, &Ramped) -> Result<(), ProcedureError>;

async fn judge(rig: &mut RigWorld, ramped: Ramped, judge: Judge) -> StepResult {
    let asked = asked(rig);
    rig.with(move |bench| judge(bench, &asked, &ramped)).await
}

/// The temperature measured for the charge contact is within its limits.
#[then(expr = "the lowest charge temperature is the one that was set")]
#[then(expr = "the highest charge temperature is within what the manual allows")]
async fn contact_temperature(rig: &mut RigWorld) -> StepResult {
    let came = came(rig)?;
    judge(rig, came, temperature::judge_contact).await
}

/// The temperature measured for a code is within its limits.
#[then(expr = "{code} comes at a temperature that the manual allows")]
async fn code_temperature(rig: &mut RigWorld, code: Code) -> StepResult {
    extreme(code.0)?;
    let came = came(rig)?;
    judge(rig, came, temperature::judge_code).await
}

/// The time from the battery's flag to the charge contact.
#[then(expr = "the chargers follow the battery's flag in time")]
async fn latency(rig: &mut RigWorld) -> StepResult {
    let came = came(rig)?;
    judge(rig, came, temperature::judge_latency).await
}

/// The load contact was closed all through the ramp.
#[then(expr = "the loads have stayed on")]
async fn loads_stayed_on(rig: &mut RigWorld) -> StepResult {
    let came = came(rig)?;
    judge(rig, came, temperature::judge_loads_stayed_on).await
}

/// The charge contact closed again when the alarm went.
#[then(expr = "the chargers have come back")]
async fn chargers_back(rig: &mut RigWorld) -> StepResult {
    let went = went(rig)?;
    judge(rig, went, temperature::judge_chargers_back).await
}

/// How far apart the temperatures are at which the code came and went.
#[then(expr = "the temperature had to come back no further than the manual allows")]
async fn hysteresis(rig: &mut RigWorld) -> StepResult {
    let (asked, came, went) = (asked(rig), came(rig)?, went(rig)?);
    rig.with(move |bench| temperature::judge_hysteresis(bench, &asked, &came, &went))
        .await
}
