//! Remarks: what a person wants to read in the report beside what was done.

use crate::{RigWorld, StepResult};
use cucumber::{given, then, when};

/// Puts a line into the record; nothing is done and nothing judged.
#[given(expr = "the remark {string}")]
#[when(expr = "the remark {string}")]
#[then(expr = "the remark {string}")]
async fn remark(rig: &mut RigWorld, text: String) -> StepResult {
    rig.note(&text);
    Ok(())
}
