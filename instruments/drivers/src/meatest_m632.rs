//! Meatest M632: a programmable resistance decade, which stands for a thermistor at a board.
//!
//! Commands: from memory of the manual. Range: data sheet. Open is its safe state: a board without
//! its thermistor refuses to charge.

use crate::Options;
use crate::core::{Core, Result, instrument_basics};
use api::{Capability, ChannelId, Driver, Identity, Instrument, InstrumentError, Resistor};
use std::time::Duration;
use units::Ohms;
use wire::{Dialect, Link};

const OUTPUT: ChannelId = ChannelId(1);
const MODEL: &str = "M632";
const LOWEST: Ohms = Ohms(10.0);
const HIGHEST: Ohms = Ohms(1_200_000.0);

pub(crate) struct MeatestM632 {
    core: Core,
}

impl MeatestM632 {
    pub(crate) fn new(id: &str, link: Box<dyn Link>, options: &Options) -> Self {
        let dialect = Dialect {
            timeout: Duration::from_secs(1),
            ..Dialect::SCPI
        };
        Self {
            core: Core::new(id, link, dialect, options),
        }
    }

    fn check(&self, channel: ChannelId) -> Result<()> {
        if channel == OUTPUT {
            return Ok(());
        }
        Err(self
            .core
            .no_channel(channel, "resistance of an M632: it has only 1"))
    }

    fn connect(core: &mut Core, on: bool) -> Result<()> {
        core.switch(&format!("OUTP {}", u8::from(on)), "OUTP?", on)
    }
}

impl Instrument for MeatestM632 {
    instrument_basics!();

    fn identity(&mut self) -> Result<Identity> {
        self.core.identity()
    }

    fn capability(&self, channel: ChannelId) -> Option<Capability> {
        (channel == OUTPUT).then_some(Capability::Resistor {
            lowest: LOWEST,
            highest: HIGHEST,
        })
    }

    fn prepare(&mut self) -> Result<()> {
        let found = self.core.identity()?;
        if !found.model.starts_with(MODEL) {
            return Err(InstrumentError::Identity {
                instrument: self.core.id().to_owned(),
                found: found.model,
                expected: MODEL.to_owned(),
            });
        }
        self.core.command("*CLS")?;
        self.core.command("SYST:REM")?;
        self.core.command("FUNC RES")?;
        self.all_off()
    }

    fn all_off(&mut self) -> Result<()> {
        self.core.persist(|core| Self::connect(core, false))
    }
}

impl Resistor for MeatestM632 {
    fn set_resistance(&mut self, channel: ChannelId, resistance: Ohms) -> Result<()> {
        self.check(channel)?;
        self.core.within(resistance, HIGHEST, MODEL, None)?;
        if resistance < LOWEST {
            return Err(self.core.beyond(format!(
                "{resistance} is less than the {LOWEST} that the {MODEL} can"
            )));
        }
        let command = format!("RES {:.3}", resistance.0);
        // A part in ten thousand: the range goes over five decades.
        let tolerance = (resistance * 1e-4).max(Ohms(0.001));
        self.core.set(&command, "RES?", resistance, tolerance)
    }

    fn set_connected(&mut self, channel: ChannelId, connected: bool) -> Result<()> {
        self.check(channel)?;
        if connected {
            Self::connect(&mut self.core, true)
        } else {
            self.all_off()
        }
    }

    fn resistance(&mut self, channel: ChannelId) -> Result<Ohms> {
        self.check(channel)?;
        self.core.quantity("RES?")
    }
}

impl Driver for MeatestM632 {
    fn resistor(&mut self) -> Option<&mut dyn Resistor> {
        Some(self)
    }
}
