//! What the manual says of a battery model: read by the judge only.

use crate::DataSheet;
use units::{AmpHours, Amps, Volts};

/// A battery model.
#[derive(Debug, Clone, PartialEq)]
pub struct BatteryProduct {
    /// `LFP-Smart 12.8/100`.
    pub name: String,
    /// 4 or 8.
    pub cells: usize,
    /// Nominal voltage.
    pub nominal_voltage: Volts,
    /// Nominal capacity at 25 °C.
    pub capacity: AmpHours,
    /// Recommended charge current.
    pub recommended_charge_current: Amps,
    /// Highest continuous charge current.
    pub maximum_charge_current: Amps,
    /// Recommended continuous discharge current.
    pub recommended_discharge_current: Amps,
    /// Highest continuous discharge current.
    pub maximum_discharge_current: Amps,
    /// Absorption voltage.
    pub absorption_voltage: Volts,
    /// Float voltage.
    pub float_voltage: Volts,
    /// End-of-discharge voltage.
    pub discharge_end_voltage: Volts,
    /// Balancing current.
    pub balancing_current: Amps,
    /// The rest of its column.
    pub sheet: DataSheet,
}
