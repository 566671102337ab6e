//! What files say, by name: so that features can hold papers against statements.

use crate::{
    BatteryProduct, Bench, BmsProduct, BmsTelemetry, Cable, ChargerSettings, Conductor,
    ContactNature, Installation, InverterControl, Scalar,
};
use std::fmt;
use units::{Amps, Quantity};

/// One thing that a file says.
#[derive(Debug, Clone, PartialEq)]
pub enum Entry {
    /// A number with its unit.
    Number(Scalar),
    /// Words: `yes`, `M8`, `charge contact`.
    Words(String),
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Words(words) => f.write_str(words),
        }
    }
}

fn number<Q: Quantity>(quantity: Q) -> Entry {
    counted(quantity.value(), Q::UNIT)
}

fn counted(value: f64, unit: &'static str) -> Entry {
    Entry::Number(Scalar { value, unit })
}

fn seconds(time: std::time::Duration) -> Entry {
    counted(time.as_secs_f64(), "s")
}

fn yes(holds: bool) -> Entry {
    words(if holds { "yes" } else { "no" })
}

fn words(text: impl Into<String>) -> Entry {
    Entry::Words(text.into())
}

/// Whole batteries; a cast that loses nothing for any number of them.
fn count(batteries: usize) -> f64 {
    u32::try_from(batteries).map_or(f64::INFINITY, f64::from)
}

/// The imbalance of the manual's example: half of a cell's charge.
const HALF: f64 = 0.5;
/// How long a charger absorbs before it has to be started anew, in hours (4.8).
const ABSORPTION_H: f64 = 2.0;

impl BatteryProduct {
    /// What the file says under this name, or what follows from it: `energy of 2S10P`.
    #[must_use]
    pub fn entry(&self, name: &str) -> Option<Entry> {
        if let Some(layout) = name.strip_prefix("energy of ") {
            let (series, parallel) = layout.strip_suffix('P')?.split_once('S')?;
            let batteries = series.parse::<f64>().ok()? * parallel.parse::<f64>().ok()?;
            return self.sheet.energy.map(|energy| number(energy * batteries));
        }
        if let Some((what, batteries)) = name.split_once(" in a string of ") {
            let batteries: f64 = batteries.parse().ok()?;
            return match what {
                "absorption" => Some(number(self.absorption_voltage * batteries)),
                "float" => Some(number(self.float_voltage * batteries)),
                _ => None,
            };
        }
        let sheet = &self.sheet;
        let half_c = Amps(self.capacity.0 / 2.0);
        match name {
            "capacity" => Some(number(self.capacity)),
            "maximum charge current" => Some(number(self.maximum_charge_current)),
            "recommended charge current" => Some(number(self.recommended_charge_current)),
            "best charge current" => Some(number(self.recommended_charge_current.min(half_c))),
            "maximum discharge current" => Some(number(self.maximum_discharge_current)),
            "recommended discharge current" => Some(number(self.recommended_discharge_current)),
            "absorption" => Some(number(self.absorption_voltage)),
            "float" => Some(number(self.float_voltage)),
            "end of discharge" => Some(number(self.discharge_end_voltage)),
            "balancing current" => Some(number(self.balancing_current)),
            "restarts for half a cell" => {
                let hours = self.capacity.0 * HALF / self.balancing_current.0;
                Some(counted((hours / ABSORPTION_H).ceil(), "restarts"))
            }
            "energy" => sheet.energy.map(number),
            "capacity at 0 °C" => sheet.capacity_at_0.map(number),
            "capacity at -20 °C" => sheet.capacity_at_minus_20.map(number),
            "torque" => sheet.torque.map(Entry::Number),
            "weight" => sheet.weight.map(Entry::Number),
            "thread" => sheet.thread.clone().map(Entry::Words),
            "on a side" => sheet.on_side.map(yes),
            "charge without BMS" => Some(words(match sheet.initial_charge {
                Some(_) => "in the table",
                None => "none",
            })),
            name => self.initial_charge(name.strip_prefix("charge without BMS, ")?),
        }
    }

    fn initial_charge(&self, name: &str) -> Option<Entry> {
        let charge = self.sheet.initial_charge?;
        match name {
            "current" => Some(number(charge.current)),
            "absorption" => Some(number(charge.absorption)),
            "absorption time" => Some(seconds(charge.absorption_time)),
            "float" => Some(number(charge.float)),
            "storage" => Some(number(charge.storage)),
            _ => None,
        }
    }
}

impl BmsProduct {
    /// What the file says under this name.
    #[must_use]
    pub fn entry(&self, name: &str) -> Option<Entry> {
        let voltages = || self.system_voltages.iter().map(|voltage| voltage.0);
        let list = |all: Vec<&str>| {
            words(if all.is_empty() {
                "nothing".to_owned()
            } else {
                all.join(", ")
            })
        };
        match name {
            "lowest system" => voltages().reduce(f64::min).map(|v| counted(v, "V")),
            "highest system" => voltages().reduce(f64::max).map(|v| counted(v, "V")),
            "formerly" => self.formerly.clone().map(Entry::Words),
            "still made" => Some(yes(!self.end_of_life)),
            "pre-alarm" => Some(yes(self.pre_alarm)),
            "contacts" => Some(words(match self.contacts {
                ContactNature::Sourcing => "high or floating",
                ContactNature::Dry => "dry",
                ContactNature::PowerPort => "power port",
            })),
            "sits in" => Some(list(
                self.installed_in
                    .iter()
                    .map(|conductor| match conductor {
                        Conductor::Positive => "plus",
                        Conductor::Negative => "minus",
                    })
                    .collect(),
            )),
            "remote on/off" => Some(yes(self.remote.is_some())),
            "alternator port" => self.alternator.map(|port| number(port.current)),
            "alternator port in words" => {
                let port = self.alternator?;
                Some(words(port.current.to_string()))
            }
            "contactor" => self.contactor.map(|amps| words(amps.to_string())),
            "ports" => Some(words(
                self.ports
                    .iter()
                    .map(|port| port.current.to_string())
                    .collect::<Vec<_>>()
                    .join(", "),
            )),
            "speaks to inverter/chargers by" => Some(list(
                self.inverter_control
                    .iter()
                    .map(|way| match way {
                        InverterControl::VeBus => "VE.Bus",
                        InverterControl::Dvcc => "DVCC",
                    })
                    .collect(),
            )),
            "radio" => Some(yes(self.telemetry.contains(&BmsTelemetry::Bluetooth))),
            "VE.Can" => Some(yes(self.telemetry.contains(&BmsTelemetry::VeCan))),
            _ => None,
        }
    }
}

impl Bench {
    /// What the bench file says under this name, each with whom it is about; nothing where it
    /// isn't on record.
    #[must_use]
    pub fn entry(&self, name: &str, battery: &BatteryProduct) -> Vec<(String, Entry)> {
        let topology = self.device.topology;
        let batteries = count(topology.batteries());
        let bank = |entry: Entry| vec![("bank".to_owned(), entry)];
        let system_v = system(battery.nominal_voltage.0 * count(topology.series));
        match name {
            "batteries" => bank(counted(batteries, "batteries")),
            "batteries in series" => bank(counted(count(topology.series), "batteries")),
            "strings side by side" => bank(counted(count(topology.parallel), "batteries")),
            "system" => bank(counted(system_v, "V")),
            "capacity" => bank(number(battery.capacity * count(topology.parallel))),
            "energy" => {
                let energy = battery.entry(&format!(
                    "energy of {}S{}P",
                    topology.series, topology.parallel
                ));
                energy.map(bank).unwrap_or_default()
            }
            "cells" => bank(envelope(self.envelope.cell_voltage)),
            name => self
                .installation
                .as_ref()
                .map(|installed| installed.entry(name, self, battery))
                .unwrap_or_default(),
        }
    }
}

fn envelope(range: crate::Range<units::Volts>) -> Entry {
    words(format!("{} to {}", range.from, range.to))
}

/// 12, 24 or 48 V: the system that a nominal voltage belongs to.
fn system(nominal_v: f64) -> f64 {
    (nominal_v / 12.8).round() * 12.0
}

/// The system that a charger with this absorption voltage is made for.
fn charger_system(charger: &ChargerSettings) -> f64 {
    (charger.absorption.0 / 14.2).round() * 12.0
}

impl Installation {
    fn entry(&self, name: &str, bench: &Bench, battery: &BatteryProduct) -> Vec<(String, Entry)> {
        if let Some(name) = name.strip_prefix("charger ") {
            let system_v = system(battery.nominal_voltage.0 * count(bench.device.topology.series));
            return self
                .chargers
                .iter()
                .filter_map(|charger| {
                    let entry = charger.entry(name, system_v)?;
                    Some((charger.name.clone(), entry))
                })
                .collect();
        }
        let found = match name {
            "monitor charge efficiency" => self
                .monitor
                .map(|monitor| number(monitor.charge_efficiency)),
            "monitor Peukert exponent" => self
                .monitor
                .map(|monitor| words(monitor.peukert.to_string())),
            name => self
                .cabling(name, count(bench.device.topology.parallel), battery)
                .or_else(|| self.born(name, bench.device.topology.series)),
        };
        found
            .map(|entry| vec![("installation".to_owned(), entry)])
            .unwrap_or_default()
    }

    /// Cables and fuses.
    fn cabling(&self, name: &str, strings: f64, battery: &BatteryProduct) -> Option<Entry> {
        let percent = |share: f64| counted(share * 100.0, "%");
        match name {
            "cables bear the system current" => {
                let system = self.system_current?;
                let main = self.main_cable?.current >= system;
                Some(yes(main && self.battery_cable?.current >= system / strings))
            }
            "fuses protect their cables" => {
                let battery = self.battery_fuse? <= self.battery_cable?.current;
                Some(yes(battery && self.main_fuse? <= self.main_cable?.current))
            }
            "battery fuse to discharge current" => {
                let share = self.battery_fuse? / battery.maximum_discharge_current;
                Some(percent(share))
            }
            "system current to discharge current" => {
                let share = self.system_current? / battery.maximum_discharge_current;
                Some(percent(share / strings))
            }
            "main cable to battery cables" => {
                let area = |cable: Cable| cable.area.value;
                let all = area(self.battery_cable?) * strings;
                Some(percent(area(self.main_cable?) / all))
            }
            "battery fuse" => self.battery_fuse.map(number),
            "main fuse" => self.main_fuse.map(number),
            _ => None,
        }
    }

    /// Part numbers and ages within strings of so many batteries.
    fn born(&self, name: &str, series: usize) -> Option<Entry> {
        let complete = !self.batteries.is_empty() && self.batteries.len().is_multiple_of(series);
        if !complete {
            return None;
        }
        let mut strings = self.batteries.chunks(series.max(1));
        match name {
            "age within strings" => {
                let apart = strings
                    .map(|string| {
                        let days = || string.iter().map(|battery| battery.made_day);
                        days().max().unwrap_or(0) - days().min().unwrap_or(0)
                    })
                    .max()?;
                let days = i32::try_from(apart).map_or(f64::INFINITY, f64::from);
                Some(counted(days * 86_400.0, "s"))
            }
            "part numbers within strings" => {
                let alike = strings.all(|string| {
                    string
                        .windows(2)
                        .all(|pair| matches!(pair, [one, other] if one.part == other.part))
                });
                Some(words(if alike { "one" } else { "several" }))
            }
            _ => None,
        }
    }
}

impl ChargerSettings {
    fn entry(&self, name: &str, system_v: f64) -> Option<Entry> {
        match name {
            "absorption" => Some(number(self.absorption)),
            "absorption time" => Some(seconds(self.absorption_time)),
            "float" => Some(number(self.float)),
            "current" => Some(number(self.current)),
            "profile" => Some(words(&self.profile)),
            "stop" => Some(words(&self.stopped_by)),
            "corrects for temperature" => Some(yes(self.temperature_compensation)),
            "is of the bank's voltage" => {
                Some(yes((charger_system(self) - system_v).abs() < f64::EPSILON))
            }
            "storage less float" => self
                .storage
                .map(|storage| number((storage - self.float).abs())),
            "bulk less absorption" => self.bulk.map(|bulk| number((bulk - self.absorption).abs())),
            _ => None,
        }
    }
}
