//! Cells of a board bench: jumps, holds, and what follows them.

use super::asked;
use super::parameters::{Code, InVolts, Lasting};
use crate::{RigWorld, StepResult};
use cucumber::{given, then, when};
use procedures::quiet::{self, Seen};
use procedures::response::{self, Jump, Response};
use procedures::threshold::ONE_CELL;
use procedures::{Goal, Signal};

/// Keeps one cell at a voltage for a while.
#[given(expr = "one cell has been at {volts} for {duration}")]
async fn one_cell_kept(rig: &mut RigWorld, voltage: InVolts, time: Lasting) -> StepResult {
    rig.with(move |bench| response::keep_cell_at(bench, ONE_CELL, voltage.0, time.0))
        .await
}

/// Lowers two cells and waits until the loads have gone off.
#[given(expr = "two cells at {volts} have taken the loads off")]
async fn two_cells_low(rig: &mut RigWorld, voltage: InVolts) -> StepResult {
    rig.with(move |bench| response::loads_off_by_two(bench, voltage.0))
        .await
}

/// Lets the cell jump from one voltage to another, after a rest at the first.
#[when(expr = "that cell drops from {volts} to {volts}")]
#[when(expr = "that cell rises from {volts} to {volts}")]
async fn that_cell_jumps(rig: &mut RigWorld, from: InVolts, to: InVolts) -> StepResult {
    let jump = rig
        .with(move |bench| response::jump(bench, ONE_CELL, from.0, to.0))
        .await?;
    rig.keep(jump);
    Ok(())
}

/// Lets the cell jump from where it is.
#[when(expr = "that cell recovers to {volts}")]
#[when(expr = "only the first of them recovers to {volts}")]
async fn that_cell_recovers(rig: &mut RigWorld, to: InVolts) -> StepResult {
    let jump = rig
        .with(move |bench| response::jump_from_here(bench, ONE_CELL, to.0))
        .await?;
    rig.keep(jump);
    Ok(())
}

/// Lets the second of two cells jump from where it is.
#[when(expr = "the second one recovers to {volts}")]
async fn second_cell_recovers(rig: &mut RigWorld, to: InVolts) -> StepResult {
    let jump = rig
        .with(move |bench| response::jump_from_here(bench, ONE_CELL + 1, to.0))
        .await?;
    rig.keep(jump);
    Ok(())
}

/// The pre-alarm contact goes on within the allowed time.
#[then(expr = "the pre-alarm comes on in time")]
async fn pre_alarm_in_time(rig: &mut RigWorld) -> StepResult {
    in_time(rig, Goal::shown(Signal::PreAlarm)).await
}

/// The pre-alarm contact goes off within the allowed time.
#[then(expr = "the pre-alarm goes off in time")]
async fn pre_alarm_over_in_time(rig: &mut RigWorld) -> StepResult {
    in_time(rig, Goal::gone(Signal::PreAlarm)).await
}

/// The load contact opens within the allowed time.
#[then(expr = "the loads go off in time")]
async fn loads_off_in_time(rig: &mut RigWorld) -> StepResult {
    in_time(rig, Goal::shown(Signal::LoadsOff)).await
}

/// The load contact closes within the allowed time.
#[then(expr = "the loads come back")]
async fn loads_back_in_time(rig: &mut RigWorld) -> StepResult {
    in_time(rig, Goal::gone(Signal::LoadsOff)).await
}

/// The charge contact opens within the allowed time.
#[then(expr = "the chargers go off in time")]
async fn chargers_off_in_time(rig: &mut RigWorld) -> StepResult {
    in_time(rig, Goal::shown(Signal::ChargersOff)).await
}

/// The battery's report shows the code within the allowed time.
#[then(expr = "{code} shows in time")]
async fn code_in_time(rig: &mut RigWorld, code: Code) -> StepResult {
    in_time(rig, Goal::shown(Signal::Code(code.0))).await
}

async fn in_time(rig: &mut RigWorld, goal: Goal) -> StepResult {
    let (asked, jump) = (asked(rig), rig.kept::<Jump>()?.clone());
    rig.with(move |bench| response::judge_jump(bench, &asked, &jump, goal))
        .await
}

/// Lets each cell in turn jump and waits for the pre-alarm.
#[when(expr = "each cell in turn drops from {volts} to {volts} until the pre-alarm comes on")]
async fn each_cell_drops(rig: &mut RigWorld, from: InVolts, to: InVolts) -> StepResult {
    each_cell(rig, Goal::shown(Signal::PreAlarm), from, to).await
}

/// Lets each cell in turn jump and waits for the charge disconnect.
#[when(expr = "each cell in turn rises from {volts} to {volts} until the chargers go off")]
async fn each_cell_rises(rig: &mut RigWorld, from: InVolts, to: InVolts) -> StepResult {
    each_cell(rig, Goal::shown(Signal::ChargersOff), from, to).await
}

async fn each_cell(rig: &mut RigWorld, goal: Goal, from: InVolts, to: InVolts) -> StepResult {
    let responses = rig
        .with(move |bench| response::of_each_cell(bench, goal, from.0, to.0))
        .await?;
    rig.keep(responses);
    Ok(())
}

/// What had to follow each cell's jump did within the allowed time.
#[then(expr = "it followed in time for every cell")]
async fn each_cell_in_time(rig: &mut RigWorld) -> StepResult {
    let (asked, responses) = (asked(rig), rig.kept::<Vec<Response>>()?.clone());
    rig.with(move |bench| response::judge(bench, &asked, &responses))
        .await
}

/// The load contact stays closed for as long as the statement asks.
#[then(expr = "the loads stay on")]
async fn loads_stay_on(rig: &mut RigWorld) -> StepResult {
    let asked = asked(rig);
    rig.with(move |bench| response::judge_loads_stay_on(bench, &asked))
        .await
}

/// The load contact stays open for as long as the statement asks.
#[then(expr = "the loads stay off")]
async fn loads_stay_off(rig: &mut RigWorld) -> StepResult {
    let asked = asked(rig);
    rig.with(move |bench| response::judge_loads_stay_off(bench, &asked))
        .await
}

/// Holds one cell a little above the discharge limit and watches the load contact.
#[then(expr = "the loads stay on with one cell just above the discharge limit")]
async fn loads_on_just_above(rig: &mut RigWorld) -> StepResult {
    let asked = asked(rig);
    rig.with(move |bench| response::judge_loads_on_just_above(bench, &asked))
        .await
}

/// Holds one cell a little below the discharge limit and watches the load contact.
#[then(expr = "they go off with that cell just below it")]
async fn loads_off_just_below(rig: &mut RigWorld) -> StepResult {
    let asked = asked(rig);
    rig.with(move |bench| response::judge_loads_off_just_below(bench, &asked))
        .await
}

/// Holds all cells at the lower, then at the upper end of what is normal, and watches everything.
#[when(expr = "the cells are held at both ends of the normal range")]
async fn normal_ends(rig: &mut RigWorld) -> StepResult {
    let seen = rig.with(quiet::at_both_ends).await?;
    rig.keep(seen);
    Ok(())
}

/// No contact was otherwise than at rest.
#[then(expr = "no contact of the BMS has reported anything")]
async fn contacts_quiet(rig: &mut RigWorld) -> StepResult {
    let (asked, seen) = (asked(rig), rig.kept::<Seen>()?.clone());
    rig.with(move |bench| quiet::judge_contacts(bench, &asked, &seen))
        .await
}

/// No report showed any warning, alarm or error.
#[then(expr = "no code was shown")]
async fn no_code(rig: &mut RigWorld) -> StepResult {
    let (asked, seen) = (asked(rig), rig.kept::<Seen>()?.clone());
    rig.with(move |bench| quiet::judge_no_code(bench, &asked, &seen))
        .await
}

/// No report showed an error, each judged under its own statement.
#[then(expr = "no report carries an error code")]
async fn no_error(rig: &mut RigWorld) -> StepResult {
    let (asked, seen) = (asked(rig), rig.kept::<Seen>()?.clone());
    rig.with(move |bench| quiet::judge_no_error(bench, &asked, &seen))
        .await
}

/// Takes one cell below the discharge limit; the report that shows the code forbids discharging.
#[then(expr = "the report with A-SL11 forbids discharging")]
async fn discharge_forbidden(rig: &mut RigWorld) -> StepResult {
    let asked = asked(rig);
    rig.with(move |bench| response::judge_discharge_forbidden(bench, &asked))
        .await
}
