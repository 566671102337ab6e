//! What can be faulty, and how it's written. `fixtures/faults/README.md` says the same for people.

use crate::error::suggest;
use units::{Amps, Celsius, Kelvin, Ohms, Percent, Quantity, Volts, Watts};

/// What a fault sits in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    Battery,
    Bms,
    Charger,
    Monitor,
    System,
    Cable,
    Cell,
    Instrument,
    Operator,
    Site,
}

/// One thing that can be wrong with it.
pub(crate) struct Parameter {
    pub(crate) name: &'static str,
    pub(crate) takes: Takes,
}

/// How its value is written.
pub(crate) enum Takes {
    Voltage,
    Current,
    Temperature,
    TemperatureDifference,
    Resistance,
    Power,
    Share,
    Time,
    Yes,
    OneOf(&'static [&'static str]),
    /// Whatever a person would say.
    Words,
    /// `208`, or `every 50`.
    Message,
    /// `208 5 s`.
    MessageAndTime,
    /// `2 mV/min`.
    VoltageDrift,
}

const STUCK: Takes = Takes::OneOf(&["stuck closed", "stuck open"]);
const YES_OR_NO: Takes = Takes::OneOf(&["yes", "no"]);
const REPORTS: Takes = Takes::OneOf(&[
    "frozen",
    "one cell short",
    "no balancer state",
    "another balancer state",
    "all allowed",
    "nothing allowed",
]);
const OPEN: Takes = Takes::OneOf(&["open"]);

const fn parameter(name: &'static str, takes: Takes) -> Parameter {
    Parameter { name, takes }
}

static BATTERY: &[Parameter] = &[
    parameter("pre_alarm", Takes::Voltage),
    parameter("pre_alarm_release", Takes::Voltage),
    parameter("discharge_off", Takes::Voltage),
    parameter("discharge_release", Takes::Voltage),
    parameter("charge_off", Takes::Voltage),
    parameter("charge_release", Takes::Voltage),
    parameter("over_voltage_alarm", Takes::Voltage),
    parameter("charge_temperature", Takes::Temperature),
    parameter("high_temperature", Takes::Temperature),
    parameter("temperature_hysteresis", Takes::TemperatureDifference),
    parameter("pre_alarm_min", Takes::Voltage),
    parameter("pre_alarm_max", Takes::Voltage),
    parameter("discharge_min", Takes::Voltage),
    parameter("discharge_max", Takes::Voltage),
    parameter("charge_temperature_min", Takes::Temperature),
    parameter("charge_temperature_max", Takes::Temperature),
    parameter("temperature_offset", Takes::TemperatureDifference),
    parameter("temperature_offset_min", Takes::TemperatureDifference),
    parameter("temperature_offset_max", Takes::TemperatureDifference),
    parameter("set_pre_alarm", Takes::Voltage),
    parameter("set_discharge_cutoff", Takes::Voltage),
    parameter("set_charge_temperature", Takes::Temperature),
    parameter("set_temperature_offset", Takes::TemperatureDifference),
    parameter("deep_discharge", Takes::Voltage),
    parameter("deep_discharge_time", Takes::Time),
    parameter("deep_discharge_release", Takes::Voltage),
    parameter("deep_discharge_stops_charge", YES_OR_NO),
    parameter("sticks_after_deep_discharge", YES_OR_NO),
    parameter("radio_off_voltage", Takes::Voltage),
    parameter("radio_off_cell", Takes::Voltage),
    parameter("pre_alarm_supported", YES_OR_NO),
    parameter("resolution", Takes::Voltage),
    parameter("balancing_current", Takes::Current),
    parameter("active_start", Takes::Voltage),
    parameter("active_stop", Takes::Voltage),
    parameter("active_spread", Takes::Voltage),
    parameter("active_end", Takes::Voltage),
    parameter("active_time", Takes::Time),
    parameter("active_again", Takes::Voltage),
    parameter("passive_start", Takes::Voltage),
    parameter("passive_stop", Takes::Voltage),
    parameter("balance_start", Takes::Voltage),
    parameter("balance_stop", Takes::Voltage),
    parameter("together", Takes::Voltage),
    parameter("imbalance", Takes::Voltage),
    parameter("status_unknown", Takes::Time),
    parameter("charge_pole", STUCK),
    parameter("discharge_pole", STUCK),
    parameter("pre_alarm_pole", STUCK),
    parameter("temperature_sensor", Takes::TemperatureDifference),
    parameter("cell N sensor", Takes::Voltage),
    parameter("cell N bypass", Takes::OneOf(&["stuck closed"])),
    parameter("balancer", Takes::OneOf(&["dead"])),
    parameter("dead", Takes::Yes),
    parameter("hardware", Takes::Yes),
    parameter("balancer_failed", Takes::Yes),
    parameter("balancer_silent", Takes::Yes),
    parameter("balancer_update", Takes::Yes),
    parameter("overlap", Takes::Yes),
    parameter("settings", Takes::OneOf(&["corrupt"])),
    parameter("passes_on", Takes::OneOf(&["no"])),
    parameter("report", REPORTS),
    parameter("power_cycled", Takes::Yes),
];
static BMS: &[Parameter] = &[
    parameter("pre_alarm_delay", Takes::Time),
    parameter("charge_delay", Takes::Time),
    parameter("debounce", Takes::Time),
    parameter("reconnect", Takes::Time),
    parameter("brown_out", Takes::Voltage),
    parameter("charge_contact", STUCK),
    parameter("load_contact", STUCK),
    parameter("pre_alarm_contact", STUCK),
    parameter("own_warning", Takes::Time),
    parameter("intermittent", YES_OR_NO),
    parameter("alternator_limit", Takes::Current),
    parameter("alternator_error", Takes::Current),
    parameter("pre_charge", Takes::Time),
    parameter("contactor_delay", Takes::Time),
    parameter("alternator_port", STUCK),
    parameter("system_port", STUCK),
    parameter("contactor", STUCK),
    parameter("inverter_word", STUCK),
    parameter("charger_word", STUCK),
    parameter("remote_terminals", STUCK),
    parameter("output_drop", Takes::Voltage),
    parameter("leakage", Takes::Current),
    parameter("closed_resistance", Takes::Resistance),
    parameter("open_resistance", Takes::Resistance),
    parameter("shunt", Takes::Share),
    parameter("report", Takes::OneOf(&["all allowed", "nothing allowed"])),
    parameter("dead", Takes::Yes),
];
static CABLE: &[Parameter] = &[
    parameter("charge_pole", OPEN),
    parameter("discharge_pole", OPEN),
    parameter("pre_alarm_pole", OPEN),
    parameter("all", OPEN),
];
static CELL: &[Parameter] = &[
    parameter("soc_offset", Takes::Share),
    parameter("capacity", Takes::Share),
    parameter("resistance", Takes::Share),
    parameter("short", Takes::Resistance),
    parameter("rest_droop", Takes::Voltage),
    parameter("exotherm", Takes::Power),
];
static INSTRUMENT: &[Parameter] = &[
    parameter("drift", Takes::VoltageDrift),
    parameter("offset", Takes::Voltage),
    parameter("current_offset", Takes::Current),
    parameter("lose-reply", Takes::Message),
    parameter("lose-command", Takes::Message),
    parameter("garble", Takes::Message),
    parameter("delay", Takes::MessageAndTime),
    parameter("disconnect", Takes::Message),
];
static CHARGER: &[Parameter] = &[parameter("obeys", YES_OR_NO)];
static MONITOR: &[Parameter] = &[
    parameter("fed_by", Takes::OneOf(&["battery", "nothing"])),
    parameter("forgets", Takes::Yes),
    parameter("synchronises", Takes::OneOf(&["no"])),
    parameter("shunt", Takes::Share),
];
static SYSTEM: &[Parameter] = &[
    parameter("residual", Takes::Current),
    parameter("polarity", Takes::OneOf(&["reversed"])),
    parameter("room", Takes::Temperature),
];
static OPERATOR: &[Parameter] = &[parameter(
    "answer",
    Takes::OneOf(&["wrong", "silent", "late", "alone"]),
)];
static SITE: &[Parameter] = &[parameter("is", Takes::Words)];

/// `cell 3 sensor` → `cell N sensor`: the name as the tables have it.
pub(crate) fn general(name: &str) -> String {
    name.split(' ')
        .map(|word| match word.parse::<u8>() {
            Ok(1..=8) => "N",
            _ => word,
        })
        .collect::<Vec<_>>()
        .join(" ")
}

impl Target {
    /// Reads `battery 2`, `cell 1.3`, `bms` …; the error says how it's written.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let mut words = text.split_whitespace();
        let kind = words.next().unwrap_or_default();
        let which = words.next();
        if words.next().is_some() {
            return Err("write one target an injection".to_owned());
        }
        let counts = |text: &str| matches!(text.parse::<usize>(), Ok(1..=20));
        match (kind, which) {
            ("battery", None) => Ok(Self::Battery),
            ("battery", Some(n)) if counts(n) => Ok(Self::Battery),
            ("battery", Some(_)) => Err("batteries count from 1, as in `battery 2`".to_owned()),
            ("bms", None) => Ok(Self::Bms),
            ("charger", None) => Ok(Self::Charger),
            ("monitor", None) => Ok(Self::Monitor),
            ("system", None) => Ok(Self::System),
            ("cable", Some(n)) if counts(n) => Ok(Self::Cable),
            ("cable", _) => Err("cables count from 1, as in `cable 1`".to_owned()),
            ("cell", Some(place))
                if place.split('.').all(counts) && place.matches('.').count() == 1 =>
            {
                Ok(Self::Cell)
            }
            ("cell", _) => Err("write battery and cell, both from 1, as in `cell 1.3`".to_owned()),
            ("instrument", Some(_)) => Ok(Self::Instrument),
            ("instrument", None) => Err("write its id, as in `instrument daq`".to_owned()),
            ("operator", None) => Ok(Self::Operator),
            ("site", Some(place)) if place.contains('-') => Ok(Self::Site),
            ("site", _) => Err("write the statement, as in `site 4.4-05:clearance`".to_owned()),
            (other, _) => Err(suggest(
                other,
                [
                    "battery",
                    "bms",
                    "cable",
                    "cell",
                    "charger",
                    "instrument",
                    "monitor",
                    "operator",
                    "site",
                    "system",
                ],
            )
            .unwrap_or_default()),
        }
    }

    pub(crate) fn parameters(self) -> &'static [Parameter] {
        match self {
            Self::Battery => BATTERY,
            Self::Bms => BMS,
            Self::Charger => CHARGER,
            Self::Monitor => MONITOR,
            Self::System => SYSTEM,
            Self::Cable => CABLE,
            Self::Cell => CELL,
            Self::Instrument => INSTRUMENT,
            Self::Operator => OPERATOR,
            Self::Site => SITE,
        }
    }
}

impl Takes {
    /// The error says how the value is written.
    pub(crate) fn check(&self, text: &str) -> Result<(), String> {
        fn quantity<Q>(text: &str) -> Result<(), String>
        where
            Q: Quantity + std::str::FromStr<Err = units::ParseQuantityError>,
        {
            text.parse::<Q>()
                .map(|_| ())
                .map_err(|error| error.to_string())
        }
        match self {
            Self::Voltage => quantity::<Volts>(text),
            Self::Current => quantity::<Amps>(text),
            Self::Temperature => quantity::<Celsius>(text),
            Self::TemperatureDifference => quantity::<Kelvin>(text),
            Self::Resistance => quantity::<Ohms>(text),
            Self::Power => quantity::<Watts>(text),
            Self::Share => quantity::<Percent>(text),
            Self::Time => units::duration::parse(text)
                .map(|_| ())
                .map_err(|error| error.to_string()),
            Self::Yes if text == "yes" => Ok(()),
            Self::Yes => Err("write `yes`, or leave the injection out".to_owned()),
            Self::OneOf(known) if known.contains(&text) => Ok(()),
            Self::OneOf(known) => Err(suggest(text, known.iter().copied()).unwrap_or_default()),
            Self::Words if text.trim().is_empty() => {
                Err("write what a person finds, as in `no` or `12 mm`".to_owned())
            }
            Self::Words => Ok(()),
            Self::Message => message(text),
            Self::MessageAndTime => match text.split_once(' ') {
                Some((number, time))
                    if message(number).is_ok() && units::duration::parse(time).is_ok() =>
                {
                    Ok(())
                }
                _ => Err("write the message's number and a time, as in `208 5 s`".to_owned()),
            },
            Self::VoltageDrift => match text.strip_suffix("/min") {
                Some(step) => quantity::<Volts>(step),
                None => Err("write a voltage a minute, as in `2 mV/min`".to_owned()),
            },
        }
    }
}

fn message(text: &str) -> Result<(), String> {
    let number = text.strip_prefix("every ").unwrap_or(text);
    match number.parse::<u64>() {
        Ok(1..) => Ok(()),
        _ => Err("write the number of the message, as in `208`, or `every 50`".to_owned()),
    }
}
