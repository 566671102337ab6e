//! Parameters of simulated devices: read by the simulation only, never by the judge.

use std::time::Duration;
use units::{AmpHours, Amps, Celsius, Kelvin, Ohms, Volts};

/// A simulated battery with its board.
#[derive(Debug, Clone, PartialEq)]
pub struct BatteryDevice {
    /// Name of the product it stands for.
    pub name: String,
    /// 4 or 8.
    pub cells: usize,
    /// Nominal capacity of a cell.
    pub capacity: AmpHours,
    /// Product id in its advertisements.
    pub model_id: u16,
    /// Its board.
    pub board: BoardParameters,
}

/// What a simulated board does, and how well it measures.
#[derive(Debug, Clone, PartialEq)]
pub struct BoardParameters {
    /// Default of the pre-alarm setting.
    pub pre_alarm: Volts,
    /// Lowest cell above it: pre-alarm over.
    pub pre_alarm_release: Volts,
    /// Default of the allowed-to-discharge setting.
    pub discharge_off: Volts,
    /// All cells at it: discharge allowed again.
    pub discharge_release: Volts,
    /// A cell at it: charge not allowed.
    pub charge_off: Volts,
    /// Highest cell below it: charge allowed again.
    pub charge_release: Volts,
    /// A cell above it: over-voltage alarm.
    pub over_voltage_alarm: Volts,
    /// Default of the lowest charge temperature.
    pub charge_temperature: Celsius,
    /// Highest temperature.
    pub high_temperature: Celsius,
    /// Temperature hysteresis.
    pub temperature_hysteresis: Kelvin,
    /// A cell below it for `deep_discharge_time`: hardware failure.
    pub deep_discharge: Volts,
    /// See `deep_discharge`.
    pub deep_discharge_time: Duration,
    /// Battery voltage below which the radio is off.
    pub radio_off_voltage: Volts,
    /// Cell voltage below which the radio is off.
    pub radio_off_cell: Volts,
    /// Current of one balancer.
    pub balancing_current: Amps,
    /// Resolution of the cell measurement.
    pub resolution: Volts,
    /// Standard deviation of its noise.
    pub noise: Volts,
}

/// A simulated BMS.
#[derive(Debug, Clone, PartialEq)]
pub struct BmsDevice {
    /// Name of the product it stands for.
    pub name: String,
    /// The model whose logic and contacts it has; its own name, unless a file says otherwise.
    pub model: String,
    /// From pre-alarm contact to load disconnect.
    pub pre_alarm_delay: Duration,
    /// From lost charge signal to charge disconnect.
    pub charge_delay: Duration,
    /// Window within which edges count as one.
    pub debounce: Duration,
    /// Drop of a high output below the supply.
    pub output_drop: Volts,
    /// Leakage of a floating output.
    pub leakage: Amps,
    /// Resistance of a dry contact or a port that is closed.
    pub closed_resistance: Ohms,
    /// Resistance of one that is open.
    pub open_resistance: Ohms,
    /// From pre-alarm to load disconnect for a battery without pre-alarm of its own; `None`: as
    /// the model has it.
    pub own_warning: Option<Duration>,
    /// How long a current may go on in spite of an open contact; `None`: as the model has it.
    pub contactor_delay: Option<Duration>,
}
