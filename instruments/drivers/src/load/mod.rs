//! Electronic loads that differ in their words and ratings only.
//!
//! A family is a table: how each mode is selected, set and answered, and what its models can do.
//! No driver here sends an input short: it would put a battery on a few milliohms.

mod itech_it8500;
mod rigol_dl3000;
mod siglent_sdl1000x;

pub(crate) use itech_it8500::{BK_8514B, IT8512, ITECH_IT8500};
pub(crate) use rigol_dl3000::{DL3021, DL3031, RIGOL_DL3000};
pub(crate) use siglent_sdl1000x::{SDL1020X, SDL1030X, SIGLENT_SDL1000X};

use crate::Options;
use crate::core::{Core, First, Result, instrument_basics};
use api::{
    Capability, ChannelId, Driver, ElectronicLoad, Identity, Instrument, InstrumentError, LoadMode,
};
use std::time::Duration;
use units::{Amps, Ohms, Quantity, Volts, Watts};
use wire::{Dialect, Link};

const INPUT: ChannelId = ChannelId(1);

/// One model, from its data sheet.
pub(crate) struct Model {
    /// For people, and as `*IDN?` begins its model.
    pub(crate) name: &'static str,
    pub(crate) voltage: Volts,
    pub(crate) current: Amps,
    pub(crate) power: Watts,
    pub(crate) lowest_resistance: Ohms,
    pub(crate) highest_resistance: Ohms,
}

/// One mode in a family's words.
pub(crate) struct Mode {
    /// What `FUNC` is told.
    pub(crate) name: &'static str,
    /// What `FUNC?` answers, whichever the firmware prefers.
    pub(crate) answers: &'static [&'static str],
    /// The header of its level.
    pub(crate) level: &'static str,
}

/// The words of a family.
pub(crate) struct Family {
    /// Taken control of with these; where it must come first, everything else is refused before.
    pub(crate) remote: &'static [&'static str],
    pub(crate) current: Mode,
    pub(crate) voltage: Mode,
    pub(crate) power: Mode,
    pub(crate) resistance: Mode,
    pub(crate) input: &'static str,
    pub(crate) voltage_step: Volts,
    pub(crate) current_step: Amps,
    pub(crate) power_step: Watts,
}

/// A load of one of the families.
pub(crate) struct Load {
    core: Core,
    family: &'static Family,
    model: &'static Model,
}

impl Load {
    pub(crate) fn new(
        id: &str,
        link: Box<dyn Link>,
        options: &Options,
        family: &'static Family,
        model: &'static Model,
    ) -> Self {
        let dialect = Dialect {
            timeout: Duration::from_secs(1),
            ..Dialect::SCPI
        };
        Self {
            core: Core::new(id, link, dialect, options),
            family,
            model,
        }
    }

    fn check(&self, channel: ChannelId) -> Result<()> {
        if channel == INPUT {
            return Ok(());
        }
        let what = format!("input of a {}: it has only 1", self.model.name);
        Err(self.core.no_channel(channel, &what))
    }

    /// Selects a mode and reads it back.
    fn select(&mut self, mode: &Mode) -> Result<()> {
        let command = format!("FUNC {}", mode.name);
        self.core.command(&command)?;
        let answer = self.core.query("FUNC?")?;
        let found = answer.trim_matches('"').to_ascii_uppercase();
        if mode.answers.contains(&found.as_str()) {
            return Ok(());
        }
        Err(self.core.read_back(&command, mode.name, &found))
    }

    fn hold<Q: Quantity>(&mut self, mode: &Mode, level: Q, decimals: usize, step: Q) -> Result<()> {
        self.select(mode)?;
        let command = format!("{} {:.decimals$}", mode.level, level.value());
        self.core
            .set(&command, &format!("{}?", mode.level), level, step)
    }

    fn switch(core: &mut Core, family: &Family, on: bool) -> Result<()> {
        let command = format!("{} {}", family.input, u8::from(on));
        core.switch(&command, &format!("{}?", family.input), on)
    }

    fn off(&mut self) -> Result<()> {
        let family = self.family;
        let mut first = First::default();
        let off = format!("{} 0", family.input);
        self.core.say_before_clearing(&[off]);
        first.note(self.core.persist(|core| Self::switch(core, family, false)));
        first.note(self.core.persist(|core| {
            let command = format!("{} 0", family.current.level);
            let query = format!("{}?", family.current.level);
            core.set(&command, &query, Amps(0.0), family.current_step)
        }));
        first.outcome()
    }
}

impl Instrument for Load {
    instrument_basics!();

    fn identity(&mut self) -> Result<Identity> {
        self.core.identity()
    }

    fn capability(&self, channel: ChannelId) -> Option<Capability> {
        self.check(channel).ok().map(|()| Capability::Load {
            voltage: self.model.voltage,
            current: self.model.current,
            power: self.model.power,
        })
    }

    fn prepare(&mut self) -> Result<()> {
        let found = self.core.identity()?;
        if !found.model.starts_with(self.model.name) {
            return Err(InstrumentError::Identity {
                instrument: self.core.id().to_owned(),
                found: found.model,
                expected: self.model.name.to_owned(),
            });
        }
        for command in self.family.remote {
            self.core.command(command)?;
        }
        self.core.command("*CLS")?;
        self.off()?;
        self.select(&self.family.current)
    }

    fn all_off(&mut self) -> Result<()> {
        match self.off() {
            // Some take nothing until they're told who's in control.
            Err(InstrumentError::Refused { .. }) => {
                for command in self.family.remote {
                    self.core.command(command)?;
                }
                self.off()
            }
            outcome => outcome,
        }
    }
}

impl ElectronicLoad for Load {
    fn set_mode(&mut self, channel: ChannelId, mode: LoadMode) -> Result<()> {
        self.check(channel)?;
        let (limits, model, family) = (self.core.limits, self.model, self.family);
        let name = model.name;
        match mode {
            LoadMode::Current(current) => {
                self.core
                    .within(current, model.current, name, limits.current)?;
                self.hold(&family.current, current, 3, family.current_step)
            }
            LoadMode::Voltage(voltage) => {
                self.core
                    .within(voltage, model.voltage, name, limits.voltage)?;
                self.hold(&family.voltage, voltage, 3, family.voltage_step)
            }
            LoadMode::Power(power) => {
                self.core.within(power, model.power, name, None)?;
                self.hold(&family.power, power, 2, family.power_step)
            }
            LoadMode::Resistance(resistance) => {
                self.core
                    .within(resistance, model.highest_resistance, name, None)?;
                if resistance < model.lowest_resistance {
                    let lowest = model.lowest_resistance;
                    return Err(self.core.beyond(format!(
                        "{resistance} is less than the {lowest} that the {name} can"
                    )));
                }
                // One part in a thousand: the range goes over five decades.
                let step = (resistance * 0.001).max(Ohms(0.001));
                self.hold(&family.resistance, resistance, 4, step)
            }
        }
    }

    fn set_input(&mut self, channel: ChannelId, on: bool) -> Result<()> {
        self.check(channel)?;
        let family = self.family;
        if on {
            Self::switch(&mut self.core, family, true)
        } else {
            self.core.persist(|core| Self::switch(core, family, false))
        }
    }

    fn input(&mut self, channel: ChannelId) -> Result<bool> {
        self.check(channel)?;
        self.core.is_on(&format!("{}?", self.family.input))
    }

    fn measure_voltage(&mut self, channel: ChannelId) -> Result<Volts> {
        self.check(channel)?;
        self.core.quantity("MEAS:VOLT?")
    }

    fn measure_current(&mut self, channel: ChannelId) -> Result<Amps> {
        self.check(channel)?;
        // An offset of the shunt may read a little below zero.
        self.core
            .quantity("MEAS:CURR?")
            .map(|current: Amps| current.max(Amps(0.0)))
    }
}

impl Driver for Load {
    fn load(&mut self) -> Option<&mut dyn ElectronicLoad> {
        Some(self)
    }
}
