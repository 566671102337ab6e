//! The rest of a battery's column in chapter 7, and its row in chapter 8.1.

use crate::Scalar;
use std::time::Duration;
use units::{AmpHours, Amps, Volts, WattHours};

/// What else the manual says of a battery model; `None` where a file leaves it out.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DataSheet {
    /// Nominal energy at 25 °C.
    pub energy: Option<WattHours>,
    /// Nominal capacity at 0 °C.
    pub capacity_at_0: Option<AmpHours>,
    /// Nominal capacity at -20 °C.
    pub capacity_at_minus_20: Option<AmpHours>,
    /// Thread of its poles: `M8`.
    pub thread: Option<String>,
    /// Torque of its bolts, in Nm.
    pub torque: Option<Scalar>,
    /// Height, width and depth, in mm.
    pub dimensions: Option<[Scalar; 3]>,
    /// In kg.
    pub weight: Option<Scalar>,
    /// Whether it may lie on a side.
    pub on_side: Option<bool>,
    /// How it is charged first without a BMS, where the manual has such a charge for it.
    pub initial_charge: Option<InitialCharge>,
}

/// Settings of the charger for a first charge without BMS (8.1).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct InitialCharge {
    /// Highest current.
    pub current: Amps,
    /// Absorption voltage.
    pub absorption: Volts,
    /// How long it absorbs.
    pub absorption_time: Duration,
    /// Float voltage: above absorption, as printed.
    pub float: Volts,
    /// Storage voltage.
    pub storage: Volts,
}
