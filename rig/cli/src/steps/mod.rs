//! The sentences that features are written with: one call each.
//!
//! A `When` finds something and keeps it, a `Then` judges it under the statements that the
//! scenario is tagged with. No step holds a limit, a message to an instrument, or a wait.

mod battery;
mod cells;
mod charging;
mod diagnosis;
mod parameters;
mod rest;
mod temperature;
mod thresholds;
mod warning;

use crate::RigWorld;
use procedures::Asked;

/// The statements that this scenario is about.
fn asked(rig: &RigWorld) -> Asked {
    Asked::new(rig.clauses())
}
