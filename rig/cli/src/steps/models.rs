//! What single BMS models do.

use super::asked;
use super::parameters::{InAmps, InVolts};
use crate::{RigWorld, StepResult};
use cucumber::{then, when};
use procedures::cables::Pulled;
use procedures::lynx::{self, Counted, Refusal, Shown};
use procedures::models::{self, Made};
use procedures::ports::{self, Limited, Moved, Parted, Side};
use procedures::response::Jump;
use procedures::{Goal, ProcedureError, Signal};

/// The temperature at which the chargers went off is right for this model, and they followed the
/// battery's flag in time.
#[then(expr = "this model's charge contact opened where and when it must")]
async fn charge_contact_at_temperature(rig: &mut RigWorld) -> StepResult {
    let (asked, came) = (asked(rig), came(rig)?);
    rig.with(move |bench| models::judge_temperature(bench, &asked, &came))
        .await
}

/// The charge path of a model whose ports are its contacts followed the battery's flag in time.
#[then(expr = "the charge path followed the battery's flag in time")]
async fn charge_path_at_temperature(rig: &mut RigWorld) -> StepResult {
    let (asked, came) = (asked(rig), came(rig)?);
    rig.with(move |bench| models::judge_port_temperature(bench, &asked, &came))
        .await
}

fn came(rig: &RigWorld) -> StepResult<procedures::temperature::Ramped> {
    super::temperature::came(rig)
}

/// The cell voltage at which the load port went off is right.
#[then(expr = "the load port went off where it must")]
async fn load_port_threshold(rig: &mut RigWorld) -> StepResult {
    port_threshold(rig, Goal::shown(Signal::LoadsOff)).await
}

/// The cell voltage at which the charge path went off is right.
#[then(expr = "the charge path went off where it must")]
async fn charge_path_threshold(rig: &mut RigWorld) -> StepResult {
    port_threshold(rig, Goal::shown(Signal::ChargersOff)).await
}

async fn port_threshold(rig: &mut RigWorld, goal: Goal) -> StepResult {
    let (asked, threshold) = (asked(rig), super::thresholds::found(rig, goal)?);
    rig.with(move |bench| models::judge_port_threshold(bench, &asked, &threshold))
        .await
}

/// The load port goes off within the allowed time.
#[then(expr = "the load port goes off in time")]
async fn load_port_in_time(rig: &mut RigWorld) -> StepResult {
    port_in_time(rig, Goal::shown(Signal::LoadsOff)).await
}

/// The charge path goes off within the allowed time.
#[then(expr = "the charge path goes off in time")]
async fn charge_path_in_time(rig: &mut RigWorld) -> StepResult {
    port_in_time(rig, Goal::shown(Signal::ChargersOff)).await
}

async fn port_in_time(rig: &mut RigWorld, goal: Goal) -> StepResult {
    let (asked, jump) = (asked(rig), rig.kept::<Jump>()?.clone());
    rig.with(move |bench| models::judge_port_jump(bench, &asked, &jump, goal))
        .await
}

/// Measures both contacts against minus, on and off.
#[when(expr = "the voltages of both contacts are measured, on and off")]
async fn measure_contacts(rig: &mut RigWorld) -> StepResult {
    let made = rig.with(models::measure_contacts).await?;
    rig.keep(made);
    Ok(())
}

/// A contact that is on is near the supply, one that is off floats.
#[then(expr = "they are near the supply or floating")]
async fn sourcing(rig: &mut RigWorld) -> StepResult {
    let (asked, made) = (asked(rig), rig.kept::<Made>()?.clone());
    rig.with(move |bench| models::judge_sourcing(bench, &asked, &made))
        .await
}

/// A contact that is closed has hardly any resistance, one that is open hardly any conductance.
#[then(expr = "they are dry contacts")]
async fn dry(rig: &mut RigWorld) -> StepResult {
    let (asked, made) = (asked(rig), rig.kept::<Made>()?.clone());
    rig.with(move |bench| models::judge_dry(bench, &asked, &made))
        .await
}

/// Parts the remote terminals of the BMS, and joins them again.
#[when(expr = "the remote terminals are parted and joined again")]
async fn switch_remote(rig: &mut RigWorld) -> StepResult {
    let moved = rig.with(ports::switch_remote).await?.to_vec();
    rig.keep(moved);
    Ok(())
}

/// A judgement of contacts that moved.
type JudgeMoved = fn(&mut bench::Bench, &procedures::Asked, &[Moved]) -> Result<(), ProcedureError>;

async fn judge_moved(rig: &mut RigWorld, judge: JudgeMoved) -> StepResult {
    let (asked, moved) = (asked(rig), rig.kept::<Vec<Moved>>()?.clone());
    rig.with(move |bench| judge(bench, &asked, &moved)).await
}

/// Both contacts followed the remote terminals in time.
#[then(expr = "both contacts went off and came back in time")]
async fn remote_in_time(rig: &mut RigWorld) -> StepResult {
    judge_moved(rig, ports::judge_remote).await
}

/// Lowers one cell until the loads go off, then raises it until the chargers do, and watches the
/// inverter/charger.
#[when(expr = "one cell goes down to {volts} and, after a rest at {volts}, up to {volts}")]
async fn low_and_high(
    rig: &mut RigWorld,
    low: InVolts,
    rest: InVolts,
    high: InVolts,
) -> StepResult {
    let moved = rig
        .with(move |bench| ports::inverter_follows(bench, low.0, high.0, rest.0))
        .await?
        .to_vec();
    rig.keep(moved);
    Ok(())
}

/// The inverter went off with the load contact, the charger with the charge contact.
#[then(expr = "the inverter went off with the loads and its charger with the chargers")]
async fn inverter_followed(rig: &mut RigWorld) -> StepResult {
    judge_moved(rig, ports::judge_inverter).await
}

/// What the inverter/charger does now that the temperature has opened the charge contact.
#[when(expr = "the inverter-charger is looked at in that temperature")]
async fn inverter_at_extreme(rig: &mut RigWorld) -> StepResult {
    let moved = rig.with(ports::inverter_at_extreme).await?;
    rig.keep(vec![moved]);
    Ok(())
}

/// Its charger has stopped as the charge contact has.
#[then(expr = "the charger of the inverter-charger has stopped with the chargers")]
async fn inverter_stopped(rig: &mut RigWorld) -> StepResult {
    judge_moved(rig, ports::judge_inverter).await
}

/// A person turns the inverter/charger to charging only, off, and on again with a GX.
#[when(expr = "a GX turns the inverter-charger to charging only, off, and on again")]
async fn switch_inverter(rig: &mut RigWorld) -> StepResult {
    let moved = rig.with(ports::switch_inverter).await?;
    rig.keep(moved);
    Ok(())
}

/// Inverter and charger did what the GX said.
#[then(expr = "inverter and charger did so in time")]
async fn switched_in_time(rig: &mut RigWorld) -> StepResult {
    judge_moved(rig, ports::judge_switched).await
}

/// Sets the alternator port in the app, offers it more, and measures what flows.
#[when(expr = "the alternator port is set to {amps} and offered {amps}")]
async fn limit(rig: &mut RigWorld, set: InAmps, offered: InAmps) -> StepResult {
    let limited = rig
        .with(move |bench| ports::limit_alternator(bench, set.0, offered.0))
        .await?;
    rig.keep(vec![limited]);
    Ok(())
}

/// The alternator port let through what was set.
#[then(expr = "what was set flows and no more")]
async fn limited(rig: &mut RigWorld) -> StepResult {
    let (asked, limited) = (asked(rig), rig.kept::<Vec<Limited>>()?.clone());
    rig.with(move |bench| ports::judge_limit(bench, &asked, &limited))
        .await
}

/// Charges through the alternator port and breaks the charge pole.
#[when(expr = "charging is refused while the alternator port carries current")]
async fn refuse_alternator(rig: &mut RigWorld) -> StepResult {
    let parted = rig.with(ports::refuse_alternator).await?;
    rig.keep(parted);
    Ok(())
}

/// Draws through the system port and breaks the discharge pole.
#[when(expr = "discharging is refused while the system port carries current")]
async fn refuse_system_port(rig: &mut RigWorld) -> StepResult {
    let parted = rig.with(ports::refuse_system_port).await?;
    rig.keep(parted);
    Ok(())
}

/// Draws through the system port and breaks the charge pole.
#[when(expr = "charging is refused while the system port carries current")]
async fn keep_system_port(rig: &mut RigWorld) -> StepResult {
    let parted = rig.with(ports::keep_system_port).await?;
    rig.keep(parted);
    Ok(())
}

/// A judgement of a current that had to end, or to go on.
type JudgeParted = fn(&mut bench::Bench, &procedures::Asked, &Parted) -> Result<(), ProcedureError>;

async fn judge_parted(rig: &mut RigWorld, judge: JudgeParted) -> StepResult {
    let (asked, parted) = (asked(rig), rig.kept::<Parted>()?.clone());
    rig.with(move |bench| judge(bench, &asked, &parted)).await
}

/// The alternator port went dead along with the charge contact.
#[then(expr = "the alternator port is dead along with the charge contact")]
async fn alternator_dead(rig: &mut RigWorld) -> StepResult {
    judge_parted(rig, ports::judge_alternator_dead).await
}

/// The system port went off along with the load contact.
#[then(expr = "the system port is dead along with the load contact")]
async fn system_port_dead(rig: &mut RigWorld) -> StepResult {
    judge_parted(rig, ports::judge_system_port).await
}

/// The system port went on carrying current; one that did not is remarked on.
#[then(expr = "it is on record whether the system port stayed on")]
async fn system_port_kept(rig: &mut RigWorld) -> StepResult {
    judge_parted(rig, ports::judge_system_port_kept).await
}

/// Draws current in spite of the load contact and breaks the discharge pole.
#[when(expr = "a load goes on although discharging is refused")]
async fn load_defies(rig: &mut RigWorld) -> StepResult {
    defy(rig, Side::Load).await
}

/// Charges in spite of the charge contact and breaks the charge pole.
#[when(expr = "a charger goes on although charging is refused")]
async fn charger_defies(rig: &mut RigWorld) -> StepResult {
    defy(rig, Side::Charger).await
}

async fn defy(rig: &mut RigWorld, side: Side) -> StepResult {
    let parted = rig.with(move |bench| ports::defy(bench, side)).await?;
    rig.keep((side, parted));
    Ok(())
}

/// The contactor opened after the contact and ended it.
#[then(expr = "first the contact opens and then the contactor ends it")]
async fn contactor(rig: &mut RigWorld) -> StepResult {
    let (side, parted) = rig.kept::<(Side, Parted)>()?.clone();
    let asked = asked(rig);
    rig.with(move |bench| ports::judge_contactor(bench, &asked, side, &parted))
        .await
}

/// The loads went off a fixed time after a warning that the BMS made itself.
#[then(expr = "the loads went off a fixed time after the BMS's own warning")]
async fn fixed_warning(rig: &mut RigWorld) -> StepResult {
    let (asked, pulled) = (asked(rig), rig.kept::<Vec<Pulled>>()?.clone());
    rig.with(move |bench| ports::judge_fixed_warning(bench, &asked, &pulled))
        .await
}

/// Takes loads and chargers off by one cell, and on again, and compares contacts and reports.
#[when(expr = "loads and chargers are taken off and on by one cell at rest at {volts}")]
async fn compare_reports(rig: &mut RigWorld, rest: InVolts) -> StepResult {
    let shown = rig.with(move |bench| lynx::compare(bench, rest.0)).await?;
    rig.keep(shown);
    Ok(())
}

/// The BMS's reports followed its contacts.
#[then(expr = "the BMS's reports show both contacts as they are")]
async fn reports_follow(rig: &mut RigWorld) -> StepResult {
    let (asked, shown) = (asked(rig), rig.kept::<Vec<Shown>>()?.clone());
    rig.with(move |bench| lynx::judge_shown(bench, &asked, &shown))
        .await
}

/// Pulls a cable and listens to what the BMS says once it refuses everything.
#[when(expr = "a pulled cable makes the BMS refuse everything")]
async fn refuse(rig: &mut RigWorld) -> StepResult {
    let refusal = rig.with(lynx::refuse).await?;
    rig.keep(refusal);
    Ok(())
}

/// The BMS's newest report refuses charging and discharging.
#[then(expr = "its report says that neither charging nor discharging is allowed")]
async fn refusal_reported(rig: &mut RigWorld) -> StepResult {
    let (asked, refusal) = (asked(rig), rig.kept::<Refusal>()?.clone());
    rig.with(move |bench| lynx::judge_refusal(bench, &asked, &refusal))
        .await
}

/// Charges for an hour and lets rig and BMS count.
#[when(expr = "the rig and the BMS count the charge of an hour")]
async fn count(rig: &mut RigWorld) -> StepResult {
    let counted = rig.with(lynx::count).await?;
    rig.keep(counted);
    Ok(())
}

/// Charge, voltage and current of both agree.
#[then(expr = "both agree about charge, voltage and current")]
async fn counts_agree(rig: &mut RigWorld) -> StepResult {
    let (asked, counted) = (asked(rig), rig.kept::<Counted>()?.clone());
    rig.with(move |bench| lynx::judge_counted(bench, &asked, &counted))
        .await
}
