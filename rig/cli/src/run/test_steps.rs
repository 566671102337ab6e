//! Steps for the tests of the runner: everything that can happen in one.

use crate::{RigWorld, StepError, StepResult};
use bench::{Bench, BenchError};
use cucumber::{given, then, when};
use std::time::Duration;
use units::Volts;

#[given("a board that is on")]
async fn board(rig: &mut RigWorld) -> StepResult {
    rig.with(|bench: &mut Bench| {
        bench.power_bms()?;
        bench.plug_all()?;
        bench.energise_cells(Volts(3.3))
    })
    .await
}

#[given("nothing in particular")]
#[then("nothing in particular")]
async fn nothing(_rig: &mut RigWorld) -> StepResult {
    Ok(())
}

#[when(expr = "{int} seconds pass")]
async fn pass(rig: &mut RigWorld, seconds: u64) -> StepResult {
    rig.with(move |bench: &mut Bench| bench.sleep(Duration::from_secs(seconds)))
        .await
}

#[when("time passes until somebody stops it")]
async fn forever(rig: &mut RigWorld) -> StepResult {
    rig.with(|bench: &mut Bench| -> Result<(), BenchError> {
        loop {
            bench.sleep(Duration::from_secs(1))?;
        }
    })
    .await
}

#[when(expr = "the bench blocks for {int} ms")]
async fn block(rig: &mut RigWorld, milliseconds: u64) -> StepResult {
    rig.with(move |bench: &mut Bench| {
        // No clock is read here, as in a driver that waits for ever on a socket.
        let (_keep, never) = std::sync::mpsc::channel::<()>();
        let _timed_out = never.recv_timeout(Duration::from_millis(milliseconds));
        bench.cancel().check()
    })
    .await
}

#[when("the step panics")]
async fn panics(_rig: &mut RigWorld) -> StepResult {
    panic!("boom")
}

#[when("the bench panics")]
async fn bench_panics(rig: &mut RigWorld) -> StepResult {
    rig.with(|_: &mut Bench| -> Result<(), BenchError> { panic!("boom on the bench") })
        .await
}

#[when(expr = "the step ends with {word}")]
async fn ends(_rig: &mut RigWorld, word: String) -> StepResult {
    Err(match word.as_str() {
        "fail" => StepError::fail("as asked"),
        "inconclusive" => StepError::inconclusive("as asked"),
        _ => StepError::error("as asked"),
    })
}

#[when("a later step needs what no earlier one left")]
async fn not_kept(rig: &mut RigWorld) -> StepResult {
    rig.kept::<String>().map(drop)
}

#[then(expr = "it is judged to be {word}")]
async fn judged(rig: &mut RigWorld, found: String) -> StepResult {
    rig.with(move |bench: &mut Bench| {
        bench
            .judge_state("3.2-01", "it", "good", &found, "nobody")
            .map(drop)
    })
    .await
}
