//! Looks that need no long procedure: joining, reports, LEDs.

use super::asked;
use super::parameters::InVolts;
use crate::{RigWorld, StepResult};
use bench::Bench;
use cucumber::then;
use procedures::{Asked, ProcedureError, conditions, joining, leds, reports};

type Judge = fn(&mut Bench, &Asked) -> Result<(), ProcedureError>;

async fn judge(rig: &mut RigWorld, judge: Judge) -> StepResult {
    let asked = asked(rig);
    rig.with(move |bench| judge(bench, &asked)).await
}

/// Measures the bank before any relay closes.
#[then(expr = "the battery's plus is where the rig takes it to be")]
async fn polarity(rig: &mut RigWorld) -> StepResult {
    judge(rig, joining::judge_polarity).await
}

/// Connects the battery and measures the current with charger and load off.
#[then(expr = "joining the battery makes no current flow")]
async fn inrush(rig: &mut RigWorld) -> StepResult {
    judge(rig, joining::judge_inrush).await
}

/// Measures the battery's temperature while the load draws current.
#[then(expr = "the battery is at a temperature at which it may be discharged")]
async fn discharge_temperature(rig: &mut RigWorld) -> StepResult {
    judge(rig, joining::judge_discharge_temperature).await
}

/// Compares the envelope of the bench file with what the battery bears.
#[then(expr = "the rig may do nothing that harms the battery")]
async fn envelope(rig: &mut RigWorld) -> StepResult {
    judge(rig, joining::judge_envelope).await
}

/// Waits for a new report of every battery.
#[then(expr = "each battery is heard")]
async fn heard(rig: &mut RigWorld) -> StepResult {
    judge(rig, reports::judge_heard).await
}

/// Looks at cells, voltage and balancer in a new report of every battery.
#[then(expr = "each report has what the manual says it has")]
async fn contents(rig: &mut RigWorld) -> StepResult {
    judge(rig, reports::judge_contents).await
}

/// Compares voltage, temperature and age of reports with what the rig measures.
#[then(expr = "the reports agree with what the rig measures")]
async fn measurements(rig: &mut RigWorld) -> StepResult {
    judge(rig, reports::judge_measurements).await
}

/// Empties every cell until the battery is silent, charges them, and waits for a report.
#[then(expr = "a battery that fell silent at {volts} a cell is heard again at {volts}")]
async fn heard_again(rig: &mut RigWorld, low: InVolts, high: InVolts) -> StepResult {
    let asked = asked(rig);
    rig.with(move |bench| reports::judge_heard_again(bench, &asked, low.0, high.0))
        .await
}

/// Pulls a cable, has a person read the LEDs of the BMS, and plugs the cable in again.
#[then(expr = "a BMS that refuses shows it with its LEDs")]
async fn refusing_leds(rig: &mut RigWorld) -> StepResult {
    judge(rig, leds::judge_refusing).await
}

/// The temperature at which the chargers went off ends the range of chapter 5.4, and they followed
/// the battery's flag in time.
#[then(expr = "charging ended where its range of temperatures does")]
async fn charging_range(rig: &mut RigWorld) -> StepResult {
    let (asked, came) = (asked(rig), super::temperature::came(rig)?);
    rig.with(move |bench| conditions::judge_charging_range(bench, &asked, &came))
        .await
}
