//! Between cucumber and the steps: every step goes through here, so that it is recorded when it
//! happens, ends when the run is cancelled, and keeps the class of its outcome.

use super::desk::Desk;
use super::panics;
use crate::world::{RigWorld, panic_text};
use crate::{StepError, StepResult};
use cucumber::codegen::{LocalBoxFuture, StepConstructor, WorldInventory, inventory};
use cucumber::step::{Collection, Context};
use cucumber::{Step, World as _};
use futures::FutureExt as _;
use std::panic::AssertUnwindSafe;
use std::rc::Rc;
use std::sync::LazyLock;

/// The steps as they were written.
static STEPS: LazyLock<Collection<RigWorld>> = LazyLock::new(RigWorld::collection);

/// The same sentences at the same places, each going through [`dispatch`].
pub(crate) fn collection() -> Collection<RigWorld> {
    type Given = <RigWorld as WorldInventory>::Given;
    type When = <RigWorld as WorldInventory>::When;
    type Then = <RigWorld as WorldInventory>::Then;
    let step: Step<RigWorld> = dispatch;
    let mut all = Collection::new();
    for (at, pattern, _) in inventory::iter::<Given>
        .into_iter()
        .map(|step| step.inner())
    {
        all = all.given(Some(at), pattern(), step);
    }
    for (at, pattern, _) in inventory::iter::<When>.into_iter().map(|step| step.inner()) {
        all = all.when(Some(at), pattern(), step);
    }
    for (at, pattern, _) in inventory::iter::<Then>.into_iter().map(|step| step.inner()) {
        all = all.then(Some(at), pattern(), step);
    }
    all
}

fn dispatch(world: &mut RigWorld, context: Context) -> LocalBoxFuture<'_, ()> {
    Box::pin(async move {
        let desk = world.desk.clone();
        let outcome = match desk {
            Some(desk) => recorded(&desk, world, context).await,
            None => Err(StepError::error(
                "the scenario was not set up; this is a mistake in rig",
            )),
        };
        if let Err(error) = outcome {
            // Past the panic hook: this is how cucumber learns that a step didn't pass.
            std::panic::resume_unwind(Box::new(error.to_string()));
        }
    })
}

async fn recorded(desk: &Rc<Desk>, world: &mut RigWorld, context: Context) -> StepResult {
    // A scenario that must not run ends at its first step, without a trace of its own.
    if !desk.runs() {
        return Err(StepError::new(
            record::Verdict::Skipped,
            anyhow::anyhow!("not run"),
        ));
    }
    desk.step_started(&context.step);
    let outcome = match tokio::time::timeout(desk.step_timeout(), perform(world, context)).await {
        Ok(outcome) => outcome,
        Err(_) => Err(desk.step_timed_out()),
    };
    desk.step_finished(outcome).await
}

async fn perform(world: &mut RigWorld, context: Context) -> StepResult {
    let found = STEPS.find(&context.step).map_err(|error| {
        StepError::error(format_args!(
            "the step can be read in several ways: {error}"
        ))
    })?;
    let Some((step, _, _, context)) = found else {
        return Err(StepError::error("the step is not defined"));
    };
    let run = AssertUnwindSafe(step(world, context)).catch_unwind().await;
    run.map_err(|payload| {
        let text = panic_text(&*payload);
        let error = StepError::from_panic_text(&text);
        match panics::place_here() {
            Some(place) if !text.starts_with('[') => {
                StepError::error(format_args!("{} (at {place})", error.reason()))
            }
            _ => error,
        }
    })
}
