//! The internal meter: what each channel measures, and how.

use super::{Kind, Switch, with_list};
use crate::action::{Function, SwitchAction};
use crate::fault::Fault;
use crate::params::Datum;
use crate::scpi::{Call, Scpi};
use crate::value::{NumberForm, write_quoted};

/// How one channel is measured.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Setup {
    pub(super) function: Function,
    /// `None` looks for the range itself.
    range: Option<f64>,
    resolution: Option<f64>,
    /// Integration in power-line cycles.
    cycles: f64,
    aperture_s: f64,
    zero_auto: bool,
    /// `None` leaves it to the instrument.
    delay_s: Option<f64>,
    transducer: &'static str,
    thermocouple: &'static str,
    thermistor: f64,
    junction: &'static str,
    junction_c: f64,
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

static TRANSDUCERS: [&str; 4] = ["TCouple", "RTD", "FRTD", "THERmistor"];
static THERMOCOUPLES: [&str; 8] = ["B", "E", "J", "K", "N", "R", "S", "T"];
static JUNCTIONS: [&str; 3] = ["INTernal", "EXTernal", "FIXed"];
static UNITS: [&str; 3] = ["C", "F", "K"];

/// Readings and set-up as this family writes them.
pub(super) fn form() -> NumberForm {
    NumberForm::scientific(8)
}

/// Ranges of a function, smallest first.
fn ranges(function: Function) -> &'static [f64] {
    match function {
        Function::Voltage | Function::VoltageAc => &[0.1, 1.0, 10.0, 100.0, 300.0],
        Function::Current | Function::CurrentAc => &[0.01, 0.1, 1.0],
        Function::Resistance | Function::FourWireResistance => &[1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8],
        Function::Temperature | Function::Frequency | Function::Period => &[],
    }
}

/// How `CONF?` and `SENS:FUNC?` call a function.
fn name(function: Function) -> &'static str {
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
    }
}

fn function_named(text: &[u8]) -> Option<Function> {
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
        _ => return None,
    })
}

/// Whether a channel of this kind can measure that.
fn measures(kind: Kind, function: Function) -> bool {
    match kind {
        Kind::Mux => !matches!(function, Function::Current | Function::CurrentAc),
        Kind::Current => matches!(function, Function::Current | Function::CurrentAc),
        Kind::Relay | Kind::Matrix | Kind::Digital => false,
    }
}

impl Switch {
    /// Channels that can measure something, for a function if there is one.
    fn measuring(&self, list: &Datum<'_>, function: Option<Function>) -> Result<Vec<u16>, Fault> {
        let channels = self.list_of(list, &[Kind::Mux, Kind::Current])?;
        if let Some(function) = function {
            for &channel in &channels {
                if !measures(self.cards.bank(channel)?.kind, function) {
                    return Err(Fault::SETTINGS_CONFLICT);
                }
            }
        }
        Ok(channels)
    }

    fn setup(&mut self, channel: u16) -> &mut Setup {
        let current = self
            .cards
            .bank(channel)
            .is_ok_and(|bank| bank.kind == Kind::Current);
        let function = if current {
            Function::Current
        } else {
            Function::Voltage
        };
        self.setups.entry(channel).or_insert_with(|| Setup {
            function,
            ..Setup::default()
        })
    }
}

impl Scpi {
    /// One reading of a channel, as the meter would give it.
    pub(super) fn measure_channel(&mut self, channel: u16) -> f64 {
        if self
            .switch
            .cards
            .bank(channel)
            .is_ok_and(|bank| bank.kind == Kind::Digital)
        {
            return f64::from(self.read_port(channel));
        }
        let setup = self.switch.setup(channel).clone();
        let truth = match setup.function {
            Function::Voltage => self.terminals.sense_voltage(channel),
            Function::Current => self.terminals.sense_current(channel),
            Function::Resistance | Function::FourWireResistance => {
                self.terminals.sense_resistance(channel)
            }
            Function::Temperature => {
                let celsius = self.terminals.sense_temperature(channel);
                return round_to(in_unit(celsius, setup.unit), 1e-3);
            }
            // Whatever a bench measures is direct current.
            Function::VoltageAc | Function::CurrentAc | Function::Frequency | Function::Period => {
                0.0
            }
        };
        let all = ranges(setup.function);
        let fits = |range: f64| truth.abs() <= range * 1.2;
        let range = match setup.range {
            Some(range) if fits(range) => range,
            Some(_) => return OVERLOAD.copysign(truth),
            None => match all.iter().find(|range| fits(**range)).or(all.last()) {
                Some(&range) if fits(range) => range,
                Some(_) => return OVERLOAD.copysign(truth),
                None => return truth,
            },
        };
        // Six and a half digits.
        round_to(truth, range * 1e-6)
    }

    pub(super) fn meter(
        &mut self,
        what: SwitchAction,
        call: &Call<'_>,
        out: &mut Vec<u8>,
    ) -> Result<(), Fault> {
        match what {
            SwitchAction::Configure(function) => {
                let channels = self.configure(function, call)?;
                self.note_configured(channels);
                Ok(())
            }
            SwitchAction::Measure(function) => {
                let channels = self.configure(function, call)?;
                self.measure_now(&channels, out);
                Ok(())
            }
            SwitchAction::Configuration => self.configuration(call, out),
            SwitchAction::SenseFunction => self.sense_function(call, out),
            SwitchAction::Transducer
            | SwitchAction::ThermocoupleType
            | SwitchAction::JunctionType
            | SwitchAction::TemperatureUnit => self.keyword(what, call, out),
            _ => self.amount(what, call, out),
        }
    }

    /// `CONF:…` and `MEAS:…`: range and resolution, or sensor and type; then the channels.
    fn configure(&mut self, function: Function, call: &Call<'_>) -> Result<Vec<u16>, Fault> {
        let (before, list) = with_list(call)?;
        let channels = self.switch.measuring(list, Some(function))?;
        let mut setup = Setup {
            function,
            ..Setup::default()
        };
        if function == Function::Temperature {
            temperature_setup(&mut setup, before)?;
        } else {
            if before.len() > 2 {
                return Err(Fault::PARAMETER_NOT_ALLOWED);
            }
            setup.range = match before.first() {
                None => None,
                Some(datum) => range(function, datum)?,
            };
            if let Some(resolution) = before.get(1)
                && !["MINimum", "MAXimum", "DEFault"]
                    .iter()
                    .any(|word| resolution.is(word))
            {
                setup.resolution = Some(resolution.number(unit(function))?);
            }
        }
        for &channel in &channels {
            let unit = self.switch.setup(channel).unit;
            self.switch.setups.insert(
                channel,
                Setup {
                    unit,
                    ..setup.clone()
                },
            );
        }
        Ok(channels)
    }

    fn configuration(&mut self, call: &Call<'_>, out: &mut Vec<u8>) -> Result<(), Fault> {
        let channels = match call.optional()? {
            Some(list) => self.switch.measuring(list, None)?,
            None => self.scanned(),
        };
        for (at, channel) in channels.into_iter().enumerate() {
            if at > 0 {
                out.push(b',');
            }
            let setup = self.switch.setup(channel).clone();
            let mut text = name(setup.function).as_bytes().to_vec();
            text.push(b' ');
            if setup.function == Function::Temperature {
                text.extend_from_slice(setup.transducer.as_bytes());
                text.push(b',');
                text.extend_from_slice(setup.thermocouple.as_bytes());
            } else {
                let all = ranges(setup.function);
                let range = setup.range.or(all.last().copied()).unwrap_or(1.0);
                let form = NumberForm::scientific(6);
                form.write(range, &mut text);
                text.push(b',');
                form.write(setup.resolution.unwrap_or(range * 1e-6), &mut text);
            }
            write_quoted(&text, out);
        }
        Ok(())
    }

    fn sense_function(&mut self, call: &Call<'_>, out: &mut Vec<u8>) -> Result<(), Fault> {
        if call.query {
            let [list] = call.exactly()?;
            let channels = self.switch.measuring(list, None)?;
            for (at, channel) in channels.into_iter().enumerate() {
                if at > 0 {
                    out.push(b',');
                }
                write_quoted(name(self.switch.setup(channel).function).as_bytes(), out);
            }
            return Ok(());
        }
        let [function, list] = call.exactly()?;
        let (Datum::Text(_) | Datum::Word(_)) = function else {
            return Err(Fault::DATA_TYPE);
        };
        let text: &[u8] = match function {
            Datum::Text(text) => text,
            Datum::Word(word) => word,
            _ => b"",
        };
        let function = function_named(text).ok_or(Fault::ILLEGAL_VALUE)?;
        for channel in self.switch.measuring(list, Some(function))? {
            self.switch.setup(channel).function = function;
        }
        Ok(())
    }

    fn keyword(
        &mut self,
        what: SwitchAction,
        call: &Call<'_>,
        out: &mut Vec<u8>,
    ) -> Result<(), Fault> {
        let choices: &'static [&'static str] = match what {
            SwitchAction::Transducer => &TRANSDUCERS,
            SwitchAction::ThermocoupleType => &THERMOCOUPLES,
            SwitchAction::JunctionType => &JUNCTIONS,
            _ => &UNITS,
        };
        let chosen = match (call.query, call.data.first()) {
            (false, Some(datum)) => Some(pick(choices, datum)?),
            (false, None) => return Err(Fault::MISSING_PARAMETER),
            (true, _) => None,
        };
        let list = call.data.get(usize::from(!call.query));
        call.at_most(if call.query { 1 } else { 2 })?;
        let channels = match list {
            Some(list) => self.switch.measuring(list, None)?,
            None => self.scanned(),
        };
        for (at, channel) in channels.into_iter().enumerate() {
            let setup = self.switch.setup(channel);
            let place = match what {
                SwitchAction::Transducer => &mut setup.transducer,
                SwitchAction::ThermocoupleType => &mut setup.thermocouple,
                SwitchAction::JunctionType => &mut setup.junction,
                _ => &mut setup.unit,
            };
            match chosen {
                Some(chosen) => *place = chosen,
                None => {
                    if at > 0 {
                        out.push(b',');
                    }
                    out.extend_from_slice(place.as_bytes());
                }
            }
        }
        Ok(())
    }

    /// Ranges, integration and other numbers of a set-up.
    fn amount(
        &mut self,
        what: SwitchAction,
        call: &Call<'_>,
        out: &mut Vec<u8>,
    ) -> Result<(), Fault> {
        let function = match what {
            SwitchAction::Range(function)
            | SwitchAction::RangeAuto(function)
            | SwitchAction::Resolution(function)
            | SwitchAction::Cycles(function)
            | SwitchAction::Aperture(function)
            | SwitchAction::ZeroAuto(function) => Some(function),
            _ => None,
        };
        let wanted = if call.query { 0 } else { 1 };
        call.at_most(wanted + 1)?;
        let value = match (call.query, call.data.first()) {
            (true, _) => None,
            (false, None | Some(Datum::Expression(_))) => return Err(Fault::MISSING_PARAMETER),
            (false, Some(datum)) => Some(datum),
        };
        let channels = match call.data.get(wanted) {
            Some(list) => self.switch.measuring(list, function)?,
            None => self.scanned(),
        };
        for (at, channel) in channels.into_iter().enumerate() {
            let setup = self.switch.setup(channel);
            match value {
                Some(datum) => set_amount(setup, what, datum)?,
                None => {
                    if at > 0 {
                        out.push(b',');
                    }
                    write_amount(setup, what, out);
                }
            }
        }
        Ok(())
    }
}

/// SCPI's number for what doesn't fit a range.
const OVERLOAD: f64 = 9.9e37;

fn round_to(value: f64, step: f64) -> f64 {
    if value.is_finite() {
        (value / step).round() * step
    } else {
        OVERLOAD.copysign(value)
    }
}

fn in_unit(celsius: f64, unit: &str) -> f64 {
    match unit {
        "F" => celsius * 1.8 + 32.0,
        "K" => celsius + 273.15,
        _ => celsius,
    }
}

fn unit(function: Function) -> &'static str {
    match function {
        Function::Voltage | Function::VoltageAc => "V",
        Function::Current | Function::CurrentAc => "A",
        Function::Resistance | Function::FourWireResistance => "OHM",
        Function::Temperature => "CEL",
        Function::Frequency => "HZ",
        Function::Period => "S",
    }
}

fn pick(choices: &'static [&'static str], datum: &Datum<'_>) -> Result<&'static str, Fault> {
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
fn range(function: Function, datum: &Datum<'_>) -> Result<Option<f64>, Fault> {
    let all = ranges(function);
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

fn temperature_setup(setup: &mut Setup, before: &[Datum<'_>]) -> Result<(), Fault> {
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

fn set_amount(setup: &mut Setup, what: SwitchAction, datum: &Datum<'_>) -> Result<(), Fault> {
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
        SwitchAction::Range(function) => setup.range = range(function, datum)?,
        SwitchAction::RangeAuto(function) => {
            let auto = datum.is("ONCE") || datum.boolean()?;
            setup.range = if auto {
                None
            } else {
                ranges(function).last().copied()
            };
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

fn write_amount(setup: &Setup, what: SwitchAction, out: &mut Vec<u8>) {
    let number = match what {
        SwitchAction::Range(function) => setup
            .range
            .or(ranges(function).last().copied())
            .unwrap_or(1.0),
        SwitchAction::RangeAuto(_) => return out.push(b'0' + u8::from(setup.range.is_none())),
        SwitchAction::ZeroAuto(_) => return out.push(b'0' + u8::from(setup.zero_auto)),
        SwitchAction::ChannelDelayAuto => {
            return out.push(b'0' + u8::from(setup.delay_s.is_none()));
        }
        SwitchAction::Resolution(function) => setup.resolution.unwrap_or_else(|| {
            setup
                .range
                .or(ranges(function).last().copied())
                .unwrap_or(1.0)
                * 1e-6
        }),
        SwitchAction::Cycles(_) => setup.cycles,
        SwitchAction::Aperture(_) => setup.aperture_s,
        SwitchAction::ThermistorType => setup.thermistor,
        SwitchAction::JunctionTemperature => setup.junction_c,
        _ => setup.delay_s.unwrap_or(0.0),
    };
    form().write(number, out);
}
