//! The sentences that features are written with: one call each.
//!
//! A `When` finds something and keeps it, a `Then` judges it under the statements that the
//! scenario is tagged with. No step holds a limit, a message to an instrument, or a wait.

mod attest;
mod balance;
mod battery;
mod cells;
mod charge;
mod charging;
mod diagnosis;
mod drill;
mod firmware;
mod looks;
mod models;
mod papers;
mod parameters;
mod recovery;
mod remark;
mod rest;
mod settings;
mod stuck;
mod system;
mod table;
mod temperature;
mod thresholds;
mod warning;

use crate::RigWorld;
use procedures::Asked;

/// The statements that this scenario is about.
fn asked(rig: &RigWorld) -> Asked {
    Asked::new(rig.clauses())
}
