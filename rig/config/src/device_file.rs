//! Reads device files.

use crate::source::{At, Source, Time};
use crate::{BatteryDevice, BmsDevice, BoardParameters, ConfigError};
use serde::Deserialize;
use std::path::Path;
use std::time::Duration;
use units::{AmpHours, Amps, Celsius, Kelvin, Volts};

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
    pre_alarm_delay: At<Time>,
    charge_delay: At<Time>,
    debounce: At<Time>,
    output_drop: At<Volts>,
    leakage: At<Amps>,
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

/// Longest time that a board or BMS counts to.
const LONGEST: Duration = Duration::from_secs(3600);

fn check_bms(mut source: Source) -> Result<BmsDevice, ConfigError> {
    let raw: RawBms = source.parse()?;
    for time in [&raw.pre_alarm_delay, &raw.charge_delay, &raw.debounce] {
        if time.value.0 > LONGEST {
            source.wrong(
                time.referenced,
                format!("{} s is out of range", time.value.0.as_secs_f64()),
                "a BMS counts to 1 h at most",
            );
        }
    }
    if raw.leakage.value < Amps(0.0) {
        source.wrong(
            raw.leakage.referenced,
            "the leakage is negative",
            "it flows out of the output into the pull-down: write it without a sign",
        );
    }
    let device = BmsDevice {
        name: raw.name,
        pre_alarm_delay: raw.pre_alarm_delay.value.0,
        charge_delay: raw.charge_delay.value.0,
        debounce: raw.debounce.value.0,
        output_drop: raw.output_drop.value,
        leakage: raw.leakage.value,
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
