//! Drills: the rig itself breaks on purpose, so that a laboratory sees its bench go off.
//!
//! Wanted on a bench that is new, with cells or a battery that can be spared; the scenario ends as
//! an error, which is what it's for.

use super::parameters::Lasting;
use crate::{RigWorld, StepResult};
use bench::{Bench, BenchError};
use cucumber::{given, when};
use procedures::drill;

/// Cells at their nominal voltage, or the charger at 1 A: nothing is asked of any device.
#[given(expr = "a bench that is on, as a drill")]
async fn on(rig: &mut RigWorld) -> StepResult {
    rig.with(drill::energise).await
}

/// Nothing but to see what happens.
#[when(expr = "it stays on for {duration}, as a drill")]
async fn stays(rig: &mut RigWorld, time: Lasting) -> StepResult {
    rig.with(move |bench| drill::watch(bench, time.0)).await
}

/// The thread that holds the instruments panics.
#[when(expr = "the rig panics, as a drill")]
async fn panic(rig: &mut RigWorld) -> StepResult {
    rig.with(|_: &mut Bench| -> Result<(), BenchError> { panic!("a drill") })
        .await
}

/// The thread that holds the instruments never comes back, as from a driver that hangs.
#[when(expr = "the rig hangs, as a drill")]
async fn hang(rig: &mut RigWorld) -> StepResult {
    rig.with(|_: &mut Bench| -> Result<(), BenchError> {
        loop {
            std::thread::park();
        }
    })
    .await
}
