//! B&K Precision 8514B (ITECH IT8500+ family): an electronic load.
//!
//! Commands: a public driver that was tested on an 8514B. Ratings: data sheet: 120 V, 240 A,
//! 1500 W. Its input short (`INP:SHOR`) is never sent: it would put a battery on a few milliohms.

use crate::Options;
use crate::core::{Core, First, Result, instrument_basics};
use api::{Capability, ChannelId, Driver, ElectronicLoad, Identity, Instrument, LoadMode};
use std::time::Duration;
use units::{Amps, Ohms, Volts, Watts};
use wire::{Dialect, Link};

const MODEL: &str = "8514B";
const INPUT: ChannelId = ChannelId(1);
const HIGHEST_VOLTAGE: Volts = Volts(120.0);
const HIGHEST_CURRENT: Amps = Amps(240.0);
const HIGHEST_POWER: Watts = Watts(1500.0);
const LOWEST_RESISTANCE: Ohms = Ohms(0.05);
const HIGHEST_RESISTANCE: Ohms = Ohms(7500.0);
const VOLTAGE_STEP: Volts = Volts(0.011);
const CURRENT_STEP: Amps = Amps(0.011);
const POWER_STEP: Watts = Watts(0.11);

pub(crate) struct Bk8514b {
    core: Core,
}

impl Bk8514b {
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
        if channel == INPUT {
            return Ok(());
        }
        Err(self
            .core
            .no_channel(channel, "input of an 8514B: it has only 1"))
    }

    /// Selects a mode and reads it back, whichever of its names the firmware prefers.
    fn function(&mut self, name: &str, other: &str) -> Result<()> {
        let command = format!("FUNC {name}");
        self.core.command(&command)?;
        let answer = self.core.query("FUNC?")?;
        let found = answer.trim_matches('"').to_ascii_uppercase();
        if found.starts_with(name) || found == other {
            return Ok(());
        }
        Err(self.core.read_back(&command, name, &found))
    }

    fn off(&mut self) -> Result<()> {
        let mut first = First::default();
        first.note(
            self.core
                .persist(|core| core.switch("INP 0", "INP?", false)),
        );
        first.note(
            self.core
                .persist(|core| core.set("CURR 0", "CURR?", Amps(0.0), CURRENT_STEP)),
        );
        first.outcome()
    }
}

impl Instrument for Bk8514b {
    instrument_basics!();

    fn identity(&mut self) -> Result<Identity> {
        self.core.identity()
    }

    fn capability(&self, channel: ChannelId) -> Option<Capability> {
        self.check(channel).ok().map(|()| Capability::Load {
            voltage: HIGHEST_VOLTAGE,
            current: HIGHEST_CURRENT,
            power: HIGHEST_POWER,
        })
    }

    fn prepare(&mut self) -> Result<()> {
        self.core.identity()?;
        // Everything else is refused before this.
        self.core.command("SYST:REM")?;
        self.core.command("*CLS")?;
        self.off()?;
        self.function("CURR", "CC")
    }

    fn all_off(&mut self) -> Result<()> {
        self.off()
    }
}

impl ElectronicLoad for Bk8514b {
    fn set_mode(&mut self, channel: ChannelId, mode: LoadMode) -> Result<()> {
        self.check(channel)?;
        let limits = self.core.limits;
        match mode {
            LoadMode::Current(current) => {
                self.core
                    .within(current, HIGHEST_CURRENT, MODEL, limits.current)?;
                self.function("CURR", "CC")?;
                let command = format!("CURR {:.3}", current.0);
                self.core.set(&command, "CURR?", current, CURRENT_STEP)
            }
            LoadMode::Voltage(voltage) => {
                self.core
                    .within(voltage, HIGHEST_VOLTAGE, MODEL, limits.voltage)?;
                self.function("VOLT", "CV")?;
                let command = format!("VOLT {:.3}", voltage.0);
                self.core.set(&command, "VOLT?", voltage, VOLTAGE_STEP)
            }
            LoadMode::Power(power) => {
                self.core.within(power, HIGHEST_POWER, MODEL, None)?;
                self.function("POW", "CP")?;
                let command = format!("POW {:.2}", power.0);
                self.core.set(&command, "POW?", power, POWER_STEP)
            }
            LoadMode::Resistance(resistance) => {
                self.core
                    .within(resistance, HIGHEST_RESISTANCE, MODEL, None)?;
                if resistance < LOWEST_RESISTANCE {
                    return Err(self.core.beyond(format!(
                        "{resistance} is less than the {LOWEST_RESISTANCE} that the {MODEL} can"
                    )));
                }
                self.function("RES", "CR")?;
                let command = format!("RES {:.4}", resistance.0);
                // One part in a thousand: the range goes over five decades.
                let tolerance = (resistance * 0.001).max(Ohms(0.001));
                self.core.set(&command, "RES?", resistance, tolerance)
            }
        }
    }

    fn set_input(&mut self, channel: ChannelId, on: bool) -> Result<()> {
        self.check(channel)?;
        if on {
            self.core.switch("INP 1", "INP?", true)
        } else {
            self.core
                .persist(|core| core.switch("INP 0", "INP?", false))
        }
    }

    fn input(&mut self, channel: ChannelId) -> Result<bool> {
        self.check(channel)?;
        self.core.is_on("INP?")
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

impl Driver for Bk8514b {
    fn load(&mut self) -> Option<&mut dyn ElectronicLoad> {
        Some(self)
    }
}
