//! How a channel is measured: ranges, sensors, integration.

use crate::action::{Function, SwitchAction};
use crate::fault::Fault;
use crate::params::Datum;
use crate::value::NumberForm;

use super::Kind;

/// How one channel is measured.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Setup {
    pub(super) function: Function,
    /// `None` looks for the range itself.
    pub(super) range: Option<f64>,
    pub(super) resolution: Option<f64>,
    /// Integration in power-line cycles.
    pub(super) cycles: f64,
    pub(super) aperture_s: f64,
    pub(super) zero_auto: bool,
    /// `None` leaves it to the instrument.
    pub(super) delay_s: Option<f64>,
    pub(super) transducer: &'static str,
    pub(super) thermocouple: &'static str,
    pub(super) thermistor: f64,
    pub(super) junction: &'static str,
    pub(super) junction_c: f64,
    pub(super) unit: &'static str,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            function: Function::Voltage,
            range: None,
            resolution: None,
            cycles: 1.0,
            aperture_s: 0.02,
            zero_auto: true,
            delay_s: None,
            transducer: "TC",
            thermocouple: "J",
            thermistor: 5000.0,
            junction: "INT",
            junction_c: 0.0,
            unit: "C",
        }
    }
}

pub(super) static TRANSDUCERS: [&str; 4] = ["TCouple", "RTD", "FRTD", "THERmistor"];
pub(super) static THERMOCOUPLES: [&str; 8] = ["B", "E", "J", "K", "N", "R", "S", "T"];
pub(super) static JUNCTIONS: [&str; 3] = ["INTernal", "EXTernal", "FIXed"];
pub(super) static UNITS: [&str; 3] = ["C", "F", "K"];

/// Readings and set-up as this family writes them.
pub(super) fn form() -> NumberForm {
    NumberForm::scientific(8)
}

/// How `CONF?` and `SENS:FUNC?` call a function.
pub(super) fn name(function: Function) -> &'static str {
    match function {
        Function::Voltage => "VOLT",
        Function::VoltageAc => "VOLT:AC",
        Function::Current => "CURR",
        Function::CurrentAc => "CURR:AC",
        Function::Resistance => "RES",
        Function::FourWireResistance => "FRES",
        Function::Temperature => "TEMP",
        Function::Frequency => "FREQ",
        Function::Period => "PER",
        Function::Diode => "DIOD",
        Function::Continuity => "CONT",
        Function::Capacitance => "CAP",
    }
}

pub(super) fn function_named(text: &[u8]) -> Option<Function> {
    let text = String::from_utf8_lossy(text).to_ascii_uppercase();
    let text = text
        .trim_start_matches("SENS:")
        .trim_start_matches("SENSE:");
    Some(match text {
        "VOLT" | "VOLT:DC" | "VOLTAGE" | "VOLTAGE:DC" => Function::Voltage,
        "VOLT:AC" | "VOLTAGE:AC" => Function::VoltageAc,
        "CURR" | "CURR:DC" | "CURRENT" | "CURRENT:DC" => Function::Current,
        "CURR:AC" | "CURRENT:AC" => Function::CurrentAc,
        "RES" | "RESISTANCE" => Function::Resistance,
        "FRES" | "FRESISTANCE" => Function::FourWireResistance,
        "TEMP" | "TEMPERATURE" => Function::Temperature,
        "FREQ" | "FREQUENCY" => Function::Frequency,
        "PER" | "PERIOD" => Function::Period,
        "DIOD" | "DIODE" => Function::Diode,
        "CONT" | "CONTINUITY" => Function::Continuity,
        "CAP" | "CAPACITANCE" => Function::Capacitance,
        _ => return None,
    })
}

/// Whether a channel of this kind can measure that.
pub(super) fn measures(kind: Kind, function: Function) -> bool {
    match kind {
        Kind::Input => true,
        Kind::Mux => !matches!(function, Function::Current | Function::CurrentAc),
        Kind::Current => matches!(function, Function::Current | Function::CurrentAc),
        Kind::Relay | Kind::Matrix | Kind::Digital => false,
    }
}

/// SCPI's number for what doesn't fit a range.
pub(super) const OVERLOAD: f64 = 9.9e37;

pub(super) fn round_to(value: f64, step: f64) -> f64 {
    if value.is_finite() {
        (value / step).round() * step
    } else {
        OVERLOAD.copysign(value)
    }
}

pub(super) fn in_unit(celsius: f64, unit: &str) -> f64 {
    match unit {
        "F" => celsius * 1.8 + 32.0,
        "K" => celsius + 273.15,
        _ => celsius,
    }
}

pub(super) fn unit(function: Function) -> &'static str {
    match function {
        Function::Voltage | Function::VoltageAc | Function::Diode => "V",
        Function::Current | Function::CurrentAc => "A",
        Function::Resistance | Function::FourWireResistance | Function::Continuity => "OHM",
        Function::Capacitance => "",
        Function::Temperature => "CEL",
        Function::Frequency => "HZ",
        Function::Period => "S",
    }
}

pub(super) fn pick(
    choices: &'static [&'static str],
    datum: &Datum<'_>,
) -> Result<&'static str, Fault> {
    let at = choices
        .iter()
        .position(|keyword| datum.is(keyword))
        .ok_or(Fault::ILLEGAL_VALUE)?;
    Ok(match choices[at] {
        "TCouple" => "TC",
        "THERmistor" => "THER",
        "INTernal" => "INT",
        "EXTernal" => "EXT",
        "FIXed" => "FIX",
        keyword => keyword,
    })
}

/// The range that a number or keyword asks for; `None` for the meter's own choice.
pub(super) fn range(
    function: Function,
    datum: &Datum<'_>,
    all: &[f64],
) -> Result<Option<f64>, Fault> {
    if datum.is("AUTO") || datum.is("DEFault") {
        return Ok(None);
    }
    if datum.is("MINimum") {
        return Ok(all.first().copied());
    }
    if datum.is("MAXimum") {
        return Ok(all.last().copied());
    }
    let wanted = datum.number(unit(function))?.abs();
    all.iter()
        .find(|range| wanted <= **range * 1.000_001)
        .copied()
        .map(Some)
        .ok_or(Fault::OUT_OF_RANGE)
}

pub(super) fn temperature_setup(setup: &mut Setup, before: &[Datum<'_>]) -> Result<(), Fault> {
    if before.len() > 4 {
        return Err(Fault::PARAMETER_NOT_ALLOWED);
    }
    if let Some(transducer) = before.first()
        && !transducer.is("DEFault")
    {
        setup.transducer = pick(&TRANSDUCERS, transducer)?;
    }
    match (setup.transducer, before.get(1)) {
        (_, None) => {}
        (_, Some(kind)) if kind.is("DEFault") => {}
        ("TC", Some(kind)) => setup.thermocouple = pick(&THERMOCOUPLES, kind)?,
        (_, Some(kind)) => setup.thermistor = kind.number("OHM")?,
    }
    Ok(())
}

pub(super) fn set_amount(
    setup: &mut Setup,
    what: SwitchAction,
    datum: &Datum<'_>,
    ranges: &[f64],
) -> Result<(), Fault> {
    let number = |unit: &str, default: f64, min: f64, max: f64| {
        let value = if datum.is("MINimum") {
            min
        } else if datum.is("MAXimum") {
            max
        } else if datum.is("DEFault") {
            default
        } else {
            datum.number(unit)?
        };
        if (min..=max).contains(&value) {
            Ok(value)
        } else {
            Err(Fault::OUT_OF_RANGE)
        }
    };
    match what {
        SwitchAction::Range(function) => setup.range = range(function, datum, ranges)?,
        SwitchAction::RangeAuto(_) => {
            let auto = datum.is("ONCE") || datum.boolean()?;
            setup.range = if auto { None } else { ranges.last().copied() };
        }
        SwitchAction::Resolution(function) => {
            setup.resolution = Some(number(unit(function), 1e-5, 0.0, 1e9)?);
        }
        SwitchAction::Cycles(_) => setup.cycles = number("", 1.0, 0.02, 200.0)?,
        SwitchAction::Aperture(_) => setup.aperture_s = number("S", 0.02, 3e-4, 4.0)?,
        SwitchAction::ZeroAuto(_) => setup.zero_auto = datum.is("ONCE") || datum.boolean()?,
        SwitchAction::ChannelDelay => setup.delay_s = Some(number("S", 0.0, 0.0, 60.0)?),
        SwitchAction::ChannelDelayAuto => {
            setup.delay_s = if datum.boolean()? { None } else { Some(0.0) };
        }
        SwitchAction::ThermistorType => setup.thermistor = number("OHM", 5000.0, 2252.0, 10_000.0)?,
        SwitchAction::JunctionTemperature => {
            setup.junction_c = number("CEL", 0.0, -20.0, 80.0)?;
        }
        _ => return Err(Fault::UNDEFINED_HEADER),
    }
    Ok(())
}

pub(super) fn write_amount(setup: &Setup, what: SwitchAction, widest: f64, out: &mut Vec<u8>) {
    let range = setup.range.unwrap_or(widest);
    let number = match what {
        SwitchAction::Range(_) => range,
        SwitchAction::RangeAuto(_) => return out.push(b'0' + u8::from(setup.range.is_none())),
        SwitchAction::ZeroAuto(_) => return out.push(b'0' + u8::from(setup.zero_auto)),
        SwitchAction::ChannelDelayAuto => {
            return out.push(b'0' + u8::from(setup.delay_s.is_none()));
        }
        SwitchAction::Resolution(_) => setup.resolution.unwrap_or(range * 1e-6),
        SwitchAction::Cycles(_) => setup.cycles,
        SwitchAction::Aperture(_) => setup.aperture_s,
        SwitchAction::ThermistorType => setup.thermistor,
        SwitchAction::JunctionTemperature => setup.junction_c,
        _ => setup.delay_s.unwrap_or(0.0),
    };
    form().write(number, out);
}
