//! Where scenarios begin.

use super::parameters::InVolts;
use crate::{RigWorld, StepResult};
use cucumber::{given, then};
use procedures::{rest, sanity};

/// Powers the BMS, plugs every cable, forces all cells to one voltage and waits until no contact
/// reports anything and the battery is heard.
#[given(expr = "a board at rest with every cell at {volts}")]
async fn board_at_rest(rig: &mut RigWorld, voltage: InVolts) -> StepResult {
    rig.with(move |bench| rest::board(bench, voltage.0)).await
}

/// Connects the battery, plugs every cable and waits until no contact reports anything and every
/// battery is heard.
#[given(expr = "a battery at rest with every cable plugged")]
async fn battery_at_rest(rig: &mut RigWorld) -> StepResult {
    rig.with(rest::battery).await
}

/// Connects the battery and plugs every cable, whatever comes of it.
#[given(expr = "the battery is connected whatever the BMS reports")]
async fn battery_connected(rig: &mut RigWorld) -> StepResult {
    rig.with(rest::connected).await
}

/// Compares the meter with the supplies that stand for cells: further apart than their accuracies
/// explain, and nothing measured counts.
#[given(expr = "the meter and the supplies agree")]
#[then(expr = "the meter and the supplies still agree")]
async fn meter_and_supplies(rig: &mut RigWorld) -> StepResult {
    rig.with(sanity::check).await
}
