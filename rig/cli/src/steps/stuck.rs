//! A microcontroller that hangs after a deep discharge.

use super::asked;
use crate::{RigWorld, StepResult};
use cucumber::{then, when};
use procedures::stuck::{self, Cycled, Signs};

/// Looks at temperature, voltage, cables, contacts and radio.
#[when(expr = "the signs of a board that hangs are looked for")]
async fn look(rig: &mut RigWorld) -> StepResult {
    let signs = rig.with(stuck::look).await?;
    rig.keep(signs);
    Ok(())
}

/// Every sign is there, so that a power cycle is what is left to try.
#[then(expr = "none of the signs is missing")]
async fn all_there(rig: &mut RigWorld) -> StepResult {
    let (asked, signs) = (asked(rig), rig.kept::<Signs>()?.clone());
    rig.with(move |bench| stuck::judge(bench, &asked, &signs))
        .await
}

/// A person takes the board's plus off for some seconds.
#[when(expr = "a person power-cycles the board")]
async fn power_cycle(rig: &mut RigWorld) -> StepResult {
    let cycled = rig.with(stuck::power_cycle).await?;
    rig.keep(cycled);
    Ok(())
}

/// Loads and chargers are allowed again, and the battery is heard.
#[then(expr = "loads and chargers may run again and the battery is heard")]
async fn helped(rig: &mut RigWorld) -> StepResult {
    let (asked, cycled) = (asked(rig), rig.kept::<Cycled>()?.clone());
    rig.with(move |bench| stuck::judge_cycled(bench, &asked, &cycled))
        .await
}
