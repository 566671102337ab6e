//! The internal meter: what each channel measures, and how.

use super::{Kind, Switch, with_list};
use crate::action::{Function, SwitchAction};
use crate::fault::Fault;
use crate::params::Datum;
use crate::scpi::{Call, Scpi};
use crate::value::{NumberForm, write_quoted};

use super::setup::{
    JUNCTIONS, OVERLOAD, Setup, THERMOCOUPLES, TRANSDUCERS, UNITS, function_named, in_unit,
    measures, name, pick, range, round_to, set_amount, temperature_setup, unit, write_amount,
};

impl Switch {
    /// Channels that can measure something, for a function if there is one.
    fn measuring(&self, list: &Datum<'_>, function: Option<Function>) -> Result<Vec<u16>, Fault> {
        let channels = self.list_of(list, &[Kind::Mux, Kind::Current, Kind::Input])?;
        if let Some(function) = function {
            for &channel in &channels {
                if !measures(self.cards.bank(channel)?.kind, function) {
                    return Err(Fault::SETTINGS_CONFLICT);
                }
            }
        }
        Ok(channels)
    }

    /// What a channel measures now.
    pub(super) fn function(&self, channel: u16) -> Function {
        let current = || {
            self.cards
                .bank(channel)
                .is_ok_and(|bank| bank.kind == Kind::Current)
        };
        match self.functions.get(&channel) {
            Some(function) => *function,
            None if current() => Function::Current,
            None => Function::Voltage,
        }
    }

    /// How a channel measures a function, whether it does so now or not.
    fn setup_of(&mut self, channel: u16, function: Function) -> &mut Setup {
        self.setups
            .entry((channel, function))
            .or_insert_with(|| Setup {
                function,
                ..Setup::default()
            })
    }

    fn setup(&mut self, channel: u16) -> &mut Setup {
        let function = self.function(channel);
        self.setup_of(channel, function)
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
            Function::Voltage | Function::Diode => self.terminals.sense_voltage(channel),
            Function::Current => self.terminals.sense_current(channel),
            Function::Resistance | Function::FourWireResistance | Function::Continuity => {
                self.terminals.sense_resistance(channel)
            }
            Function::Temperature => {
                let celsius = self.terminals.sense_temperature(channel);
                return round_to(in_unit(celsius, setup.unit), 1e-3);
            }
            // Whatever a bench measures is direct current.
            Function::VoltageAc
            | Function::CurrentAc
            | Function::Frequency
            | Function::Period
            | Function::Capacitance => 0.0,
        };
        let frame = self.switch.cards.frame().clone();
        let all = frame.ranges(setup.function);
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
                Some(datum) => range(function, datum, self.switch.cards.frame().ranges(function))?,
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
            self.switch.functions.insert(channel, function);
            self.switch.setups.insert(
                (channel, function),
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
                let widest = self.switch.cards.frame().widest(setup.function);
                let range = setup.range.unwrap_or(widest);
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
            self.switch.functions.insert(channel, function);
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
            let function = function.unwrap_or_else(|| self.switch.function(channel));
            let frame = self.switch.cards.frame().clone();
            let setup = self.switch.setup_of(channel, function);
            match value {
                Some(datum) => set_amount(setup, what, datum, frame.ranges(function))?,
                None => {
                    if at > 0 {
                        out.push(b',');
                    }
                    write_amount(setup, what, frame.widest(function), out);
                }
            }
        }
        Ok(())
    }
}
