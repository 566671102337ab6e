//! Supplies that differ in their words and ratings only.
//!
//! A family is a table: what each thing is called on the wire, and what its models can do. The
//! driver behind it is one, so a correction holds for all of them. `{c}` in a word is the output,
//! `{v}` the value.

mod family;
mod itech_it6500c;
mod keysight_e36300;
mod outputs;
mod rigol_dp800;
mod rs_hmp;
mod siglent_spd1000x;
mod siglent_spd3303x;
mod tdk_genesys;

pub(crate) use family::{Family, Model};
pub(crate) use itech_it6500c::{IT6512C, IT6522C, ITECH_IT6500C};
pub(crate) use keysight_e36300::{E36103A, E36312A, E36313A, KEYSIGHT_E36300};
pub(crate) use rigol_dp800::{DP811, DP821, DP831, DP832, RIGOL_DP800};
pub(crate) use rs_hmp::{HMP2030, HMP4030, HMP4040, RS_HMP};
pub(crate) use siglent_spd1000x::{SIGLENT_SPD1000X, SPD1168X, SPD1305X};
pub(crate) use siglent_spd3303x::{SIGLENT_SPD3303X, SPD3303X};
pub(crate) use tdk_genesys::{GEN60_25, GENESYS, N5700};

use crate::Options;
use crate::core::{Core, Result, instrument_basics};
use api::{
    Capability, ChannelId, Driver, Identity, Instrument, InstrumentError, PowerSupply, Protection,
    Regulation,
};
use family::{OverCurrent, Point, RegulationWords};
use outputs::{bits, state, toggle};
use std::time::Duration;
use units::{Amps, Quantity, Volts};
use wire::Link;

/// A supply of one of the families.
pub(crate) struct Supply {
    core: Core,
    family: &'static Family,
    model: &'static Model,
    /// How soon the instrument turns itself off when nobody talks to it.
    watchdog: Option<Duration>,
}

impl Supply {
    pub(crate) fn new(
        id: &str,
        link: Box<dyn Link>,
        options: &Options,
        family: &'static Family,
        model: &'static Model,
    ) -> Self {
        Self {
            core: Core::new(id, link, family.dialect(), options),
            family,
            model,
            watchdog: options.watchdog.filter(|_| family.watchdog.is_some()),
        }
    }

    fn check(&self, channel: ChannelId) -> Result<&'static family::Output> {
        let place = usize::from(channel.0).checked_sub(1);
        place
            .and_then(|place| self.model.outputs.get(place))
            .ok_or_else(|| {
                let last = self.model.outputs.len();
                let name = self.model.name;
                let what = format!("output of a {name}: it has 1 to {last}");
                self.core.no_channel(channel, &what)
            })
    }

    fn set<Q: Quantity>(
        &mut self,
        channel: ChannelId,
        point: &Point,
        value: Q,
        tolerance: Q,
    ) -> Result<()> {
        let command = point.set_to(channel, value.value());
        let query = point.asked(channel);
        self.core.set(&command, &query, value, tolerance)
    }

    fn tripped(&mut self, channel: ChannelId) -> Result<bool> {
        for query in self.family.tripped {
            if self.core.is_on(&family::fill(query, channel))? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

impl Instrument for Supply {
    instrument_basics!();

    fn identity(&mut self) -> Result<Identity> {
        self.core.identity()
    }

    fn capability(&self, channel: ChannelId) -> Option<Capability> {
        let output = self.check(channel).ok()?;
        Some(Capability::Supply {
            voltage: output.voltage,
            source_current: output.current,
            sink_current: Amps(0.0),
            power: output.power,
            isolation: self.model.isolation,
        })
    }

    fn prepare(&mut self) -> Result<()> {
        let found = self.core.identity()?;
        if !self.model.is(&found.model) {
            return Err(InstrumentError::Identity {
                instrument: self.core.id().to_owned(),
                found: found.model,
                expected: self.model.name.to_owned(),
            });
        }
        self.core.command("*CLS")?;
        for command in self.family.remote {
            self.core.command(command)?;
        }
        self.outputs_off()?;
        match (self.watchdog, &self.family.watchdog) {
            (Some(delay), Some(words)) => self.core.arm(delay, words),
            _ => Ok(()),
        }
    }

    fn all_off(&mut self) -> Result<()> {
        match self.outputs_off() {
            // Some take nothing until they're told who's in control.
            Err(InstrumentError::Refused { .. }) => {
                for command in self.family.remote {
                    self.core.command(command)?;
                }
                self.outputs_off()
            }
            outcome => outcome,
        }
    }
}

impl PowerSupply for Supply {
    fn set_voltage(&mut self, channel: ChannelId, voltage: Volts) -> Result<()> {
        let output = self.check(channel)?;
        let limit = self.core.limits.voltage;
        self.core
            .within(voltage, output.voltage, self.model.name, limit)?;
        self.set(
            channel,
            &self.family.voltage,
            voltage,
            self.family.voltage_step,
        )
    }

    fn set_source_current(&mut self, channel: ChannelId, current: Amps) -> Result<()> {
        let output = self.check(channel)?;
        let limit = self.core.limits.current;
        self.core
            .within(current, output.current, self.model.name, limit)?;
        let current = current.max(self.family.lowest_current);
        self.set(
            channel,
            &self.family.current,
            current,
            self.family.current_step,
        )
    }

    fn set_sink_current(&mut self, channel: ChannelId, current: Amps) -> Result<()> {
        self.check(channel)?;
        if current == Amps(0.0) {
            return Ok(());
        }
        let name = self.model.name;
        Err(self.core.beyond(format!("a {name} takes in no current")))
    }

    fn set_protection(&mut self, channel: ChannelId, protection: Protection) -> Result<()> {
        let output = self.check(channel)?;
        let name = self.model.name;
        if protection.over_power.is_some() {
            return Err(self
                .core
                .beyond(format!("this driver sets no over-power level on a {name}")));
        }
        if let Some(level) = protection.over_voltage {
            let Some(words) = &self.family.over_voltage else {
                return Err(self
                    .core
                    .beyond(format!("a {name} has no over-voltage protection")));
            };
            let most = Volts(output.voltage.0 * 1.1);
            self.core.within(level, most, name, None)?;
            self.set(channel, &words.level, level, self.family.voltage_step)?;
            if let Some(switch) = &words.state {
                toggle(&mut self.core, channel, switch, true)?;
            }
        }
        if let Some(level) = protection.over_current {
            match &self.family.over_current {
                OverCurrent::None => {
                    return Err(self
                        .core
                        .beyond(format!("a {name} has no over-current protection")));
                }
                OverCurrent::Level(words) => {
                    let most = Amps(output.current.0 * 1.1);
                    self.core.within(level, most, name, None)?;
                    self.set(channel, &words.level, level, self.family.current_step)?;
                    if let Some(switch) = &words.state {
                        toggle(&mut self.core, channel, switch, true)?;
                    }
                }
                OverCurrent::AtLimit(switch) => {
                    // It has no level of its own: it trips when the current limit is reached.
                    self.set_source_current(channel, level)?;
                    toggle(&mut self.core, channel, switch, true)?;
                }
            }
        }
        Ok(())
    }

    fn set_output(&mut self, channel: ChannelId, on: bool) -> Result<()> {
        self.check(channel)?;
        self.switch_output(channel, on)
    }

    fn output(&mut self, channel: ChannelId) -> Result<bool> {
        self.check(channel)?;
        state(&mut self.core, self.family, channel)
    }

    fn measure_voltage(&mut self, channel: ChannelId) -> Result<Volts> {
        self.check(channel)?;
        self.core
            .quantity(&family::fill(self.family.measured_voltage, channel))
    }

    fn measure_current(&mut self, channel: ChannelId) -> Result<Amps> {
        self.check(channel)?;
        self.core
            .quantity(&family::fill(self.family.measured_current, channel))
    }

    fn regulation(&mut self, channel: ChannelId) -> Result<Regulation> {
        self.check(channel)?;
        if self.tripped(channel)? {
            return Ok(Regulation::Tripped);
        }
        if !self.output(channel)? {
            return Ok(Regulation::Off);
        }
        match self.family.regulation {
            RegulationWords::Name(query) => {
                let answer = self.core.query(&family::fill(query, channel))?;
                Ok(match answer.trim() {
                    "CV" => Regulation::ConstantVoltage,
                    "CC" => Regulation::ConstantCurrent,
                    "CP" => Regulation::ConstantPower,
                    _ => Regulation::Unknown,
                })
            }
            RegulationWords::Bits {
                ask,
                voltage,
                current,
            } => {
                let bits = bits(&mut self.core, &family::fill(ask, channel))?;
                let set = |bit: u8| bits >> bit & 1 == 1;
                Ok(match (set(voltage), set(current)) {
                    (true, false) => Regulation::ConstantVoltage,
                    (false, true) => Regulation::ConstantCurrent,
                    _ => Regulation::Unknown,
                })
            }
            RegulationWords::Word { ask, current } => {
                let bits = bits(&mut self.core, ask)?;
                let place = usize::from(channel.0) - 1;
                Ok(match current.get(place) {
                    Some(bit) if bits >> bit & 1 == 1 => Regulation::ConstantCurrent,
                    Some(_) => Regulation::ConstantVoltage,
                    None => Regulation::Unknown,
                })
            }
        }
    }

    fn clear_protection(&mut self, channel: ChannelId) -> Result<()> {
        self.check(channel)?;
        // Off first: whether clearing switches on again is not to be left to the firmware.
        self.set_output(channel, false)?;
        for command in self.family.clear {
            self.core.command(&family::fill(command, channel))?;
        }
        Ok(())
    }
}

impl Driver for Supply {
    fn supply(&mut self) -> Option<&mut dyn PowerSupply> {
        Some(self)
    }

    fn watchdog(&self) -> Option<Duration> {
        self.watchdog
    }

    fn kick(&mut self) -> Result<()> {
        // Any message does.
        self.core.query("*STB?").map(drop)
    }

    fn disarm(&mut self) -> Result<()> {
        match (self.watchdog, &self.family.watchdog) {
            (Some(_), Some(words)) => self.core.disarm(words),
            _ => Ok(()),
        }
    }
}
