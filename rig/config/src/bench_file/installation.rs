//! What is installed around the batteries, as it's written.

use crate::installation::day_of;
use crate::source::{At, Source, Time};
use crate::{Born, Cable, ChargerSettings, Installation, Monitor, Scalar};
use serde::Deserialize;
use units::{Amps, Percent, Volts};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawInstallation {
    #[serde(default)]
    chargers: Vec<RawCharger>,
    battery_cable: Option<RawCable>,
    main_cable: Option<RawCable>,
    battery_fuse: Option<At<Amps>>,
    main_fuse: Option<At<Amps>>,
    system_current: Option<At<Amps>>,
    monitor: Option<RawMonitor>,
    #[serde(default)]
    batteries: Vec<RawBorn>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCharger {
    name: String,
    profile: String,
    absorption: At<Volts>,
    absorption_time: Time,
    float: At<Volts>,
    storage: Option<At<Volts>>,
    bulk: Option<At<Volts>>,
    current: At<Amps>,
    temperature_compensation: bool,
    stopped_by: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCable {
    area: At<Scalar>,
    current: At<Amps>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawMonitor {
    charge_efficiency: At<Percent>,
    peukert: f64,
    /// What feeds it; left out, nobody listens to it.
    fed_by: Option<Feed>,
}

#[derive(Deserialize, Clone, Copy, PartialEq)]
enum Feed {
    #[serde(rename = "load disconnect")]
    LoadDisconnect,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawBorn {
    part: String,
    made: At<String>,
}

pub(super) fn check(raw: RawInstallation, source: &mut Source) -> Installation {
    let mut cable = |raw: Option<RawCable>| raw.map(|raw| raw.checked(source));
    let (battery_cable, main_cable) = (cable(raw.battery_cable), cable(raw.main_cable));
    let mut current = |at: Option<At<Amps>>| {
        at.map(|at| {
            source.positive(&at);
            at.value
        })
    };
    let battery_fuse = current(raw.battery_fuse);
    let main_fuse = current(raw.main_fuse);
    let system_current = current(raw.system_current);
    Installation {
        chargers: raw
            .chargers
            .into_iter()
            .map(|charger| charger.checked(source))
            .collect(),
        battery_cable,
        main_cable,
        battery_fuse,
        main_fuse,
        system_current,
        monitor: raw.monitor.map(|monitor| Monitor {
            charge_efficiency: monitor.charge_efficiency.value,
            peukert: monitor.peukert,
            switched: monitor.fed_by == Some(Feed::LoadDisconnect),
        }),
        batteries: raw
            .batteries
            .into_iter()
            .map(|born| born.checked(source))
            .collect(),
    }
}

impl RawCharger {
    fn checked(self, source: &mut Source) -> ChargerSettings {
        source.positive(&self.absorption);
        source.positive(&self.float);
        source.positive(&self.current);
        ChargerSettings {
            name: self.name,
            profile: self.profile,
            absorption: self.absorption.value,
            absorption_time: self.absorption_time.0,
            float: self.float.value,
            storage: self.storage.map(|at| at.value),
            bulk: self.bulk.map(|at| at.value),
            current: self.current.value,
            temperature_compensation: self.temperature_compensation,
            stopped_by: self.stopped_by,
        }
    }
}

impl RawCable {
    fn checked(self, source: &mut Source) -> Cable {
        source.positive(&self.current);
        if self.area.value.unit != "mm²" || self.area.value.value <= 0.0 {
            source.wrong(
                self.area.referenced,
                format!("`{}` is no cross section of a cable", self.area.value),
                "write it as in `70 mm²`",
            );
        }
        Cable {
            area: self.area.value,
            current: self.current.value,
        }
    }
}

impl RawBorn {
    fn checked(self, source: &mut Source) -> Born {
        let made_day = day_of(&self.made.value).unwrap_or_else(|| {
            source.wrong(
                self.made.referenced,
                format!("`{}` is no day", self.made.value),
                "write year, month and day, as in `2026-03-31`",
            );
            0
        });
        Born {
            part: self.part,
            made_day,
        }
    }
}
