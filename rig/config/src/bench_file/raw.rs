//! A bench file as it's written.

use super::boards::RawBoards;
use super::installation::RawInstallation;
use crate::ChannelRef;
use crate::source::{At, Time};
use serde::{Deserialize, Deserializer, de};
use std::collections::BTreeMap;
use std::str::FromStr;
use units::{Amps, Celsius, Kelvin, KelvinPerMinute, Ohms, Percent, Volts};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawBench {
    pub(super) name: String,
    pub(super) about: String,
    pub(super) kind: RawKind,
    #[serde(default)]
    pub(super) provides: Vec<At<String>>,
    #[serde(default)]
    pub(super) only: Vec<String>,
    pub(super) instruments: BTreeMap<String, At<RawInstrument>>,
    pub(super) wiring: At<RawWiring>,
    pub(super) device: At<RawDevice>,
    #[serde(default)]
    pub(super) boards: RawBoards,
    pub(super) envelope: At<RawEnvelope>,
    pub(super) lab: RawLab,
    pub(super) installation: Option<RawInstallation>,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(super) enum RawKind {
    Board,
    Battery,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawInstrument {
    pub(super) driver: String,
    pub(super) address: At<String>,
    pub(super) serial: Option<String>,
    pub(super) calibration: Option<RawCalibration>,
    #[serde(default)]
    pub(super) accuracy: RawAccuracy,
    #[serde(default)]
    pub(super) limits: RawLimits,
    #[serde(default)]
    pub(super) cards: BTreeMap<u8, At<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCalibration {
    pub(super) certificate: String,
    pub(super) due: At<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct RawAccuracy {
    pub(super) voltage: Option<At<RawTerm<Volts>>>,
    pub(super) current: Option<At<RawTerm<Amps>>>,
    pub(super) temperature: Option<At<RawTerm<Kelvin>>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, bound = "Q: Deserialize<'de>")]
pub(super) struct RawTerm<Q> {
    pub(super) of_reading: Option<At<Percent>>,
    pub(super) of_range: Option<At<Percent>>,
    pub(super) range: Option<At<Q>>,
    pub(super) constant: Option<At<Q>>,
    pub(super) resolution: Option<At<Q>>,
    pub(super) noise: Option<At<Q>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct RawLimits {
    pub(super) voltage: Option<At<Volts>>,
    pub(super) current: Option<At<Amps>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawWiring {
    #[serde(default)]
    pub(super) cells: Vec<RawCell>,
    pub(super) bms_supply: Option<RawBmsSupply>,
    pub(super) charger: Option<At<ChannelRef>>,
    pub(super) load: Option<At<ChannelRef>>,
    pub(super) relays: At<RawRelays>,
    pub(super) contacts: At<RawContacts>,
    #[serde(default)]
    pub(super) sense: RawSense,
    pub(super) chamber: Option<At<String>>,
    pub(super) thermistor: Option<RawThermistor>,
    pub(super) radio: Option<RawRadio>,
    pub(super) monitor: Option<RawMonitor>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCell {
    pub(super) supply: At<ChannelRef>,
    pub(super) sense: At<ChannelRef>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawBmsSupply {
    pub(super) channel: At<ChannelRef>,
    pub(super) voltage: At<Volts>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRelays {
    pub(super) charger_contactor: Option<At<ChannelRef>>,
    pub(super) load_contactor: Option<At<ChannelRef>>,
    pub(super) safety: Option<At<ChannelRef>>,
    pub(super) remote_off: Option<At<ChannelRef>>,
    pub(super) alternator: Option<At<ChannelRef>>,
    pub(super) system_port: Option<At<ChannelRef>>,
    pub(super) bridge: Option<At<ChannelRef>>,
    pub(super) cables: At<Vec<RawCable>>,
    #[serde(default)]
    pub(super) bypass: Vec<At<ChannelRef>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCable {
    pub(super) charge: At<ChannelRef>,
    pub(super) discharge: At<ChannelRef>,
    pub(super) pre_alarm: At<ChannelRef>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawContacts {
    pub(super) charge: At<ChannelRef>,
    pub(super) load: At<ChannelRef>,
    pub(super) pre_alarm: Option<At<ChannelRef>>,
    pub(super) inverting: Option<At<ChannelRef>>,
    pub(super) charging: Option<At<ChannelRef>>,
    pub(super) pull_down: Option<At<Ohms>>,
    pub(super) threshold: At<Volts>,
    pub(super) sample_period: At<Time>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSense {
    #[serde(default)]
    pub(super) cells: Vec<At<Vec<At<ChannelRef>>>>,
    pub(super) pack: Option<At<ChannelRef>>,
    pub(super) charger_side: Option<At<ChannelRef>>,
    pub(super) board_temperature: Option<RawThermocouple>,
    pub(super) contacts: Option<RawContactSense>,
    pub(super) residual: Option<RawResidual>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawResidual {
    pub(super) channel: At<ChannelRef>,
    pub(super) shunt: At<Ohms>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawContactSense {
    pub(super) supply: At<ChannelRef>,
    pub(super) charge: At<ChannelRef>,
    pub(super) load: At<ChannelRef>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawThermocouple {
    pub(super) channel: At<ChannelRef>,
    #[serde(rename = "type")]
    pub(super) kind: At<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRadio {
    pub(super) receiver: String,
    pub(super) keys: Option<At<String>>,
    #[serde(default)]
    pub(super) batteries: Vec<String>,
    #[serde(default)]
    pub(super) bms: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawThermistor {
    pub(super) channel: At<ChannelRef>,
    pub(super) curve: At<Vec<RawPoint>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPoint {
    pub(super) at: Celsius,
    pub(super) has: At<Ohms>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawMonitor {
    pub(super) ve_direct: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawDevice {
    pub(super) battery: String,
    pub(super) bms: String,
    #[serde(default)]
    pub(super) other_bms: Vec<String>,
    #[serde(default)]
    pub(super) stuck_board: bool,
    pub(super) topology: At<String>,
    pub(super) settings: RawSettings,
    pub(super) state_of_charge: Option<At<Percent>>,
    #[serde(default)]
    pub(super) cell_offsets: Vec<At<RawOffset>>,
    pub(super) ambient: At<Celsius>,
    pub(super) serials: Option<At<Vec<String>>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSettings {
    pub(super) pre_alarm: At<Volts>,
    pub(super) discharge_cutoff: At<Volts>,
    pub(super) charge_temperature: At<Celsius>,
    pub(super) temperature_offset: At<Kelvin>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawOffset {
    pub(super) battery: usize,
    pub(super) cell: usize,
    pub(super) offset: At<Percent>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawEnvelope {
    pub(super) cell_voltage: At<[Volts; 2]>,
    pub(super) pack_voltage: At<[Volts; 2]>,
    pub(super) current: At<[Amps; 2]>,
    pub(super) temperature: At<[Celsius; 2]>,
    pub(super) cell_spread: Option<At<Volts>>,
    pub(super) temperature_rate: Option<At<KelvinPerMinute>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawLab {
    pub(super) name: String,
    pub(super) address: String,
    pub(super) customer: String,
    pub(super) operators: Vec<String>,
    pub(super) decision_rule: RawRule,
}

#[derive(Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub(super) enum RawRule {
    GuardBand,
    SimpleAcceptance,
    NonBinary,
}

impl FromStr for ChannelRef {
    type Err = String;

    /// Reads `daq/3001`, or `daq/5101.2` for a bit of a port.
    fn from_str(text: &str) -> Result<Self, String> {
        let read = || {
            let (instrument, place) = text.split_once('/')?;
            let (channel, bit) = match place.split_once('.') {
                Some((channel, bit)) => (channel, Some(bit.parse().ok().filter(|bit| *bit < 8)?)),
                None => (place, None),
            };
            Some(Self {
                instrument: Some(instrument)
                    .filter(|id| !id.trim().is_empty())?
                    .to_owned(),
                channel: channel.parse().ok().filter(|channel| *channel > 0)?,
                bit,
            })
        };
        read().ok_or_else(|| {
            format!(
                "`{text}` is no channel; write instrument and channel, as in `daq/3001`, or `daq/5101.2` for a bit of a port"
            )
        })
    }
}

impl<'de> Deserialize<'de> for ChannelRef {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(de::Error::custom)
    }
}
