//! Reads the product files of BMSes.

use crate::source::{At, Source};
use crate::{
    AlternatorPort, BmsProduct, BmsTelemetry, Carries, Conductor, ConfigError, ContactNature,
    ContactRating, InverterControl, Led, PowerPort, PreAlarmMode, Remote, RemoteStops,
};
use serde::Deserialize;
use std::path::Path;
use units::{Amps, Volts};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawBms {
    name: String,
    formerly: Option<String>,
    #[serde(default)]
    end_of_life: bool,
    #[serde(default)]
    system_voltages: Vec<At<Volts>>,
    supply: Option<At<[Volts; 2]>>,
    #[serde(default)]
    installed_in: Vec<RawConductor>,
    pre_alarm: bool,
    pre_alarm_modes: Option<At<Vec<RawMode>>>,
    contacts: RawNature,
    load_contact: Option<RawContact>,
    charge_contact: Option<RawContact>,
    pre_alarm_contact: Option<At<RawContact>>,
    refusing_leds: String,
    #[serde(default)]
    leds: Vec<RawLed>,
    remote: Option<RawRemote>,
    alternator: Option<RawAlternator>,
    #[serde(default)]
    ports: Vec<RawPort>,
    contactor: Option<At<Amps>>,
    #[serde(default)]
    inverter_control: Vec<RawInverterControl>,
    #[serde(default)]
    telemetry: Vec<RawTelemetry>,
    #[serde(default)]
    instructions: Vec<String>,
}

/// An enum of words in files and the typed one that each stands for.
macro_rules! words {
    ($raw:ident => $typed:ident { $($word:ident),+ $(,)? }) => {
        #[derive(Deserialize, Clone, Copy)]
        #[serde(rename_all = "kebab-case")]
        enum $raw { $($word),+ }

        impl From<$raw> for $typed {
            fn from(raw: $raw) -> Self {
                match raw { $($raw::$word => Self::$word),+ }
            }
        }
    };
}

words!(RawNature => ContactNature { Sourcing, Dry, PowerPort });
words!(RawMode => PreAlarmMode { Continuous, Intermittent });
words!(RawConductor => Conductor { Positive, Negative });
words!(RawStops => RemoteStops { Everything, Alternator });
words!(RawCarries => Carries { Loads, Chargers, Both });
words!(RawInverterControl => InverterControl { VeBus, Dvcc });
words!(RawTelemetry => BmsTelemetry { Bluetooth, InstantReadout, RawAdverts, VeCan, VeBus });

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawContact {
    current: Option<At<Amps>>,
    drop: Option<At<Volts>>,
    short_proof: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLed {
    label: String,
    colour: Option<String>,
    means: Option<String>,
    refusing: Option<RawLit>,
}

#[derive(Deserialize, PartialEq)]
#[serde(rename_all = "kebab-case")]
enum RawLit {
    Lit,
    Dark,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRemote {
    low_below: Option<At<Volts>>,
    high_above: Option<At<Volts>>,
    stops: RawStops,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawAlternator {
    current: At<Amps>,
    limited: bool,
    starts_above: Option<At<Volts>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPort {
    name: String,
    current: At<Amps>,
    peak: Option<At<Amps>>,
    carries: RawCarries,
}

/// Reads what the manual says of a BMS.
///
/// # Errors
/// When the file can't be read, or something in it is wrong.
pub fn load_bms_product(path: &Path) -> Result<BmsProduct, ConfigError> {
    check(Source::read(path)?)
}

/// The same from text; `path` is for messages.
///
/// # Errors
/// When something in it is wrong.
pub fn parse_bms_product(text: &str, path: &Path) -> Result<BmsProduct, ConfigError> {
    check(Source::new(path, text.to_owned()))
}

fn check(mut source: Source) -> Result<BmsProduct, ConfigError> {
    let raw: RawBms = source.parse()?;
    raw.check_pre_alarm(&mut source);
    for voltage in &raw.system_voltages {
        source.positive(voltage);
    }
    let product = BmsProduct {
        name: raw.name,
        formerly: raw.formerly,
        end_of_life: raw.end_of_life,
        system_voltages: raw.system_voltages.into_iter().map(|v| v.value).collect(),
        supply: raw.supply.map(|supply| range(&supply, &mut source)),
        installed_in: typed(raw.installed_in),
        pre_alarm: raw.pre_alarm,
        pre_alarm_modes: raw
            .pre_alarm_modes
            .map_or_else(Vec::new, |modes| typed(modes.value)),
        contacts: raw.contacts.into(),
        load_contact: raw.load_contact.map(|c| c.checked(&mut source)),
        charge_contact: raw.charge_contact.map(|c| c.checked(&mut source)),
        pre_alarm_contact: raw.pre_alarm_contact.map(|c| c.value.checked(&mut source)),
        refusing_leds: raw.refusing_leds,
        leds: raw.leds.into_iter().map(RawLed::typed).collect(),
        remote: raw.remote.map(RawRemote::typed),
        alternator: raw.alternator.map(|port| port.checked(&mut source)),
        ports: raw
            .ports
            .into_iter()
            .map(|port| port.checked(&mut source))
            .collect(),
        contactor: raw
            .contactor
            .map(|current| above_zero(&current, &mut source)),
        inverter_control: typed(raw.inverter_control),
        telemetry: typed(raw.telemetry),
        instructions: raw.instructions,
    };
    source.finish(product)
}

fn typed<Raw, Typed: From<Raw>>(raw: Vec<Raw>) -> Vec<Typed> {
    raw.into_iter().map(Typed::from).collect()
}

fn above_zero<Q: units::Quantity + Copy>(quantity: &At<Q>, source: &mut Source) -> Q {
    source.positive(quantity);
    quantity.value
}

fn range(pair: &At<[Volts; 2]>, source: &mut Source) -> (Volts, Volts) {
    let [from, to] = pair.value;
    if from >= to {
        source.wrong(
            pair.referenced,
            format!("`{from}` to `{to}` is no range"),
            "the lower end comes first",
        );
    }
    (from, to)
}

impl RawBms {
    fn check_pre_alarm(&self, source: &mut Source) {
        if self.pre_alarm {
            return;
        }
        if let Some(contact) = &self.pre_alarm_contact {
            source.wrong(
                contact.referenced,
                "a contact for a pre-alarm that isn't there",
                "leave it out, or write `pre_alarm: true`",
            );
        }
        if let Some(modes) = &self.pre_alarm_modes {
            source.wrong(
                modes.referenced,
                "modes of a pre-alarm that isn't there",
                "leave them out, or write `pre_alarm: true`",
            );
        }
    }
}

impl RawContact {
    fn checked(self, source: &mut Source) -> ContactRating {
        ContactRating {
            current: self.current.map(|current| above_zero(&current, source)),
            drop: self.drop.map(|drop| above_zero(&drop, source)),
            short_proof: self.short_proof,
        }
    }
}

impl RawLed {
    fn typed(self) -> Led {
        Led {
            label: self.label,
            colour: self.colour,
            means: self.means,
            refusing: self.refusing.map(|led| led == RawLit::Lit),
        }
    }
}

impl RawRemote {
    fn typed(self) -> Remote {
        Remote {
            low_below: self.low_below.map(|voltage| voltage.value),
            high_above: self.high_above.map(|voltage| voltage.value),
            stops: self.stops.into(),
        }
    }
}

impl RawAlternator {
    fn checked(self, source: &mut Source) -> AlternatorPort {
        AlternatorPort {
            current: above_zero(&self.current, source),
            limited: self.limited,
            starts_above: self.starts_above.map(|v| above_zero(&v, source)),
        }
    }
}

impl RawPort {
    fn checked(self, source: &mut Source) -> PowerPort {
        let current = above_zero(&self.current, source);
        if let Some(peak) = self.peak.as_ref().filter(|peak| peak.value < current) {
            source.wrong(
                peak.referenced,
                format!(
                    "the peak of port `{}`, {}, is below its current, {current}",
                    self.name, peak.value
                ),
                "exchange them, or correct one",
            );
        }
        PowerPort {
            name: self.name,
            current,
            peak: self.peak.map(|peak| peak.value),
            carries: self.carries.into(),
        }
    }
}
