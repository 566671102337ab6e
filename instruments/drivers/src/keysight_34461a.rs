//! Keysight 34461A and the other Truevolt bench meters.
//!
//! Commands: public drivers. It has one input, so its only channel is 1. Ratings: data sheet.

use crate::Options;
use crate::core::{Core, Result, instrument_basics, translate};
use api::{
    Capability, ChannelId, Driver, Identity, Instrument, InstrumentError, Meter, ThermocoupleType,
};
use std::time::Duration;
use units::{Celsius, Quantity, Volts};
use wire::{Dialect, Link};

const INPUT: ChannelId = ChannelId(1);
const HIGHEST_VOLTAGE: Volts = Volts(1000.0);
/// Between the low terminal and earth.
const ISOLATION: Volts = Volts(500.0);
/// Any of the series: they differ in digits only.
const MODELS: [&str; 4] = ["34460A", "34461A", "34465A", "34470A"];

pub(crate) struct Keysight34461a {
    core: Core,
}

impl Keysight34461a {
    pub(crate) fn new(id: &str, link: Box<dyn Link>, options: &Options) -> Self {
        let dialect = Dialect {
            // A reading of a hundred line cycles takes two seconds.
            timeout: Duration::from_secs(5),
            ..Dialect::SCPI
        };
        Self {
            core: Core::new(id, link, dialect, options),
        }
    }

    fn check(&self, channels: &[ChannelId]) -> Result<()> {
        match channels.iter().find(|channel| **channel != INPUT) {
            None => Ok(()),
            Some(channel) => Err(self
                .core
                .no_channel(*channel, "input of a bench meter: it has only 1")),
        }
    }
}

impl Instrument for Keysight34461a {
    instrument_basics!();

    fn identity(&mut self) -> Result<Identity> {
        self.core.identity()
    }

    fn capability(&self, channel: ChannelId) -> Option<Capability> {
        (channel == INPUT).then_some(Capability::VoltageInput {
            voltage: HIGHEST_VOLTAGE,
            isolation: ISOLATION,
        })
    }

    fn prepare(&mut self) -> Result<()> {
        let found = self.core.identity()?;
        if !MODELS.contains(&found.model.as_str()) {
            return Err(InstrumentError::Identity {
                instrument: self.core.id().to_owned(),
                found: found.model,
                expected: MODELS.join(" or "),
            });
        }
        self.core.command("*CLS")?;
        self.core.command("CONF:VOLT:DC AUTO")
    }

    /// It drives nothing.
    fn all_off(&mut self) -> Result<()> {
        Ok(())
    }
}

impl Meter for Keysight34461a {
    fn measure_voltages(&mut self, channels: &[ChannelId]) -> Result<Vec<Volts>> {
        self.check(channels)?;
        let mut readings = Vec::with_capacity(channels.len());
        for _ in channels {
            let reading = self.core.session.query_number("READ?", Volts::UNIT);
            readings.push(Volts(reading.map_err(translate)?.value));
        }
        Ok(readings)
    }

    fn measure_temperatures(
        &mut self,
        _kind: ThermocoupleType,
        _channels: &[ChannelId],
    ) -> Result<Vec<Celsius>> {
        Err(self
            .core
            .beyond("a bench meter has no reference for thermocouples".to_owned()))
    }
}

impl Driver for Keysight34461a {
    fn meter(&mut self) -> Option<&mut dyn Meter> {
        Some(self)
    }
}
