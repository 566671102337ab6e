//! Reads device files.

use crate::source::{At, Source, Time};
use crate::{BatteryDevice, BmsDevice, BoardParameters, ConfigError};
use serde::Deserialize;
use std::path::Path;
use std::time::Duration;
use units::{AmpHours, Amps, Celsius, Kelvin, Ohms, Volts};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawBattery {
    name: String,
    cells: At<usize>,
    capacity: At<AmpHours>,
    model_id: u16,
    board: RawBoard,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawBoard {
    pre_alarm: At<Volts>,
    pre_alarm_release: At<Volts>,
    discharge_off: At<Volts>,
    discharge_release: At<Volts>,
    charge_off: At<Volts>,
    charge_release: At<Volts>,
    over_voltage_alarm: At<Volts>,
    charge_temperature: At<Celsius>,
    high_temperature: At<Celsius>,
    temperature_hysteresis: At<Kelvin>,
    deep_discharge: At<Volts>,
    deep_discharge_time: Time,
    radio_off_voltage: At<Volts>,
    radio_off_cell: At<Volts>,
    balancing_current: At<Amps>,
    resolution: At<Volts>,
    noise: At<Volts>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawBms {
    name: String,
    model: Option<String>,
    pre_alarm_delay: At<Time>,
    charge_delay: At<Time>,
    debounce: At<Time>,
    output_drop: Option<At<Volts>>,
    leakage: Option<At<Amps>>,
    closed_resistance: Option<At<Ohms>>,
    open_resistance: Option<At<Ohms>>,
    own_warning: Option<At<Time>>,
    contactor_delay: Option<At<Time>>,
}

/// Reads the parameters of a simulated battery.
///
/// # Errors
/// When the file can't be read, or something in it is wrong.
pub fn load_battery_device(path: &Path) -> Result<BatteryDevice, ConfigError> {
    check_battery(Source::read(path)?)
}

/// The same from text; `path` is for messages.
///
/// # Errors
/// When something in it is wrong.
pub fn parse_battery_device(text: &str, path: &Path) -> Result<BatteryDevice, ConfigError> {
    check_battery(Source::new(path, text.to_owned()))
}

/// Reads the parameters of a simulated BMS.
///
/// # Errors
/// When the file can't be read, or something in it is wrong.
pub fn load_bms_device(path: &Path) -> Result<BmsDevice, ConfigError> {
    check_bms(Source::read(path)?)
}

/// The same from text; `path` is for messages.
///
/// # Errors
/// When something in it is wrong.
pub fn parse_bms_device(text: &str, path: &Path) -> Result<BmsDevice, ConfigError> {
    check_bms(Source::new(path, text.to_owned()))
}

/// A contact that is closed, with its leads.
const CLOSED: Ohms = Ohms(0.05);
/// A contact that is open.
const OPEN: Ohms = Ohms(10e6);
/// Longest time that a board or BMS counts to.
const LONGEST: Duration = Duration::from_secs(3600);

fn check_bms(mut source: Source) -> Result<BmsDevice, ConfigError> {
    let raw: RawBms = source.parse()?;
    let always = [&raw.pre_alarm_delay, &raw.charge_delay, &raw.debounce];
    let some = [&raw.own_warning, &raw.contactor_delay];
    for time in always.into_iter().chain(some.into_iter().flatten()) {
        if time.value.0 > LONGEST {
            source.wrong(
                time.referenced,
                format!("{} s is out of range", time.value.0.as_secs_f64()),
                "a BMS counts to 1 h at most",
            );
        }
    }
    if let Some(leakage) = raw.leakage.as_ref().filter(|at| at.value < Amps(0.0)) {
        source.wrong(
            leakage.referenced,
            "the leakage is negative",
            "it flows out of the output into the pull-down: write it without a sign",
        );
    }
    for resistance in [&raw.closed_resistance, &raw.open_resistance]
        .into_iter()
        .flatten()
    {
        source.positive(resistance);
    }
    let device = BmsDevice {
        model: raw.model.unwrap_or_else(|| raw.name.clone()),
        name: raw.name,
        pre_alarm_delay: raw.pre_alarm_delay.value.0,
        charge_delay: raw.charge_delay.value.0,
        debounce: raw.debounce.value.0,
        output_drop: raw.output_drop.map_or(Volts(0.0), |at| at.value),
        leakage: raw.leakage.map_or(Amps(0.0), |at| at.value),
        closed_resistance: raw.closed_resistance.map_or(CLOSED, |at| at.value),
        open_resistance: raw.open_resistance.map_or(OPEN, |at| at.value),
        own_warning: raw.own_warning.map(|at| at.value.0),
        contactor_delay: raw.contactor_delay.map(|at| at.value.0),
    };
    source.finish(device)
}

fn check_battery(mut source: Source) -> Result<BatteryDevice, ConfigError> {
    let raw: RawBattery = source.parse()?;
    source.cells(&raw.cells);
    source.positive(&raw.capacity);
    let board = &raw.board;
    source.ascending(&[
        ("radio_off_cell", &board.radio_off_cell),
        ("deep_discharge", &board.deep_discharge),
        ("discharge_off", &board.discharge_off),
        ("discharge_release", &board.discharge_release),
        ("charge_release", &board.charge_release),
        ("charge_off", &board.charge_off),
        ("over_voltage_alarm", &board.over_voltage_alarm),
    ]);
    source.ascending(&[
        ("pre_alarm", &board.pre_alarm),
        ("pre_alarm_release", &board.pre_alarm_release),
    ]);
    source.ascending(&[
        ("charge_temperature", &board.charge_temperature),
        ("high_temperature", &board.high_temperature),
    ]);
    source.positive(&board.resolution);
    source.positive(&board.temperature_hysteresis);
    source.positive(&board.balancing_current);
    if board.noise.value < Volts(0.0) {
        source.wrong(
            board.noise.referenced,
            "the noise is negative",
            "it is a standard deviation: write it without a sign",
        );
    }
    let device = BatteryDevice {
        name: raw.name,
        cells: raw.cells.value,
        capacity: raw.capacity.value,
        model_id: raw.model_id,
        board: raw.board.checked(),
    };
    source.finish(device)
}

impl RawBoard {
    fn checked(self) -> BoardParameters {
        BoardParameters {
            pre_alarm: self.pre_alarm.value,
            pre_alarm_release: self.pre_alarm_release.value,
            discharge_off: self.discharge_off.value,
            discharge_release: self.discharge_release.value,
            charge_off: self.charge_off.value,
            charge_release: self.charge_release.value,
            over_voltage_alarm: self.over_voltage_alarm.value,
            charge_temperature: self.charge_temperature.value,
            high_temperature: self.high_temperature.value,
            temperature_hysteresis: self.temperature_hysteresis.value,
            deep_discharge: self.deep_discharge.value,
            deep_discharge_time: self.deep_discharge_time.0,
            radio_off_voltage: self.radio_off_voltage.value,
            radio_off_cell: self.radio_off_cell.value,
            balancing_current: self.balancing_current.value,
            resolution: self.resolution.value,
            noise: self.noise.value,
        }
    }
}
