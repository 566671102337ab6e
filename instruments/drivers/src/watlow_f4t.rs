//! Chambers with a Watlow F4T controller.
//!
//! Commands: public programs. The chamber's builder decides which event output starts it; this
//! driver takes the first, as those programs do. Public code disagrees on whether a command is
//! answered, so each set-point is read back. Range, stability and ramp: those of a small chamber;
//! the controller itself refuses what its chamber can't.

use crate::Options;
use crate::core::{Core, Result, instrument_basics};
use api::{Capability, Chamber, ChannelId, Driver, Identity, Instrument, InstrumentError};
use std::time::Duration;
use units::{Celsius, Kelvin, KelvinPerMinute, Quantity};
use wire::{Dialect, Link};

const AIR: ChannelId = ChannelId(1);
const LOWEST: Celsius = Celsius(-40.0);
const HIGHEST: Celsius = Celsius(100.0);
const STABILITY: Kelvin = Kelvin(0.5);
const FASTEST_RAMP: KelvinPerMinute = KelvinPerMinute(1.0);
/// Set-points have two decimals at least.
const STEP: Kelvin = Kelvin(0.051);

pub(crate) struct WatlowF4t {
    core: Core,
}

impl WatlowF4t {
    pub(crate) fn new(id: &str, link: Box<dyn Link>, options: &Options) -> Self {
        let dialect = Dialect {
            gap: Duration::from_millis(100),
            timeout: Duration::from_secs(2),
            ..Dialect::SCPI
        };
        Self {
            core: Core::new(id, link, dialect, options),
        }
    }

    fn celsius(&mut self, query: &str) -> Result<Celsius> {
        let number = self.core.session.query_number(query, Celsius::UNIT);
        Ok(Celsius(number.map_err(crate::core::translate)?.value))
    }

    fn condition(core: &mut Core, on: bool) -> Result<()> {
        let command = format!(":OUTP1:STAT {}", if on { "ON" } else { "OFF" });
        core.switch(&command, ":OUTP1:STAT?", on)
    }
}

impl Instrument for WatlowF4t {
    instrument_basics!();

    fn identity(&mut self) -> Result<Identity> {
        self.core.identity()
    }

    fn capability(&self, channel: ChannelId) -> Option<Capability> {
        (channel == AIR).then_some(Capability::Chamber {
            lowest: LOWEST,
            highest: HIGHEST,
        })
    }

    fn prepare(&mut self) -> Result<()> {
        let found = self.core.identity()?;
        if !found.model.contains("F4T") {
            return Err(InstrumentError::Identity {
                instrument: self.core.id().to_owned(),
                found: found.model,
                expected: "F4T".to_owned(),
            });
        }
        self.core.command("*CLS")?;
        // Whoever ramps does it by set-points.
        self.core.command(":SOUR:CLOO1:RACT OFF")?;
        self.all_off()
    }

    fn all_off(&mut self) -> Result<()> {
        self.core.persist(|core| Self::condition(core, false))
    }
}

impl Chamber for WatlowF4t {
    fn set_temperature(&mut self, temperature: Celsius) -> Result<()> {
        if !(LOWEST.0..=HIGHEST.0).contains(&temperature.0) {
            return Err(self.core.beyond(format!(
                "{temperature} is not between {LOWEST} and {HIGHEST}, the range of the chamber"
            )));
        }
        let command = format!(":SOUR:CLOO1:SPO {:.2}", temperature.0);
        self.core.command(&command)?;
        let set = self.celsius(":SOUR:CLOO1:SPO?")?;
        if (set - temperature).abs() <= STEP {
            return Ok(());
        }
        Err(self
            .core
            .read_back(&command, &temperature.to_string(), &set.to_string()))
    }

    fn set_running(&mut self, running: bool) -> Result<()> {
        if running {
            Self::condition(&mut self.core, true)
        } else {
            self.all_off()
        }
    }

    fn temperature(&mut self) -> Result<Celsius> {
        self.celsius(":SOUR:CLOO1:PVAL?")
    }

    fn stability(&self) -> Kelvin {
        STABILITY
    }

    fn fastest_ramp(&self) -> KelvinPerMinute {
        FASTEST_RAMP
    }
}

impl Driver for WatlowF4t {
    fn chamber(&mut self) -> Option<&mut dyn Chamber> {
        Some(self)
    }
}
