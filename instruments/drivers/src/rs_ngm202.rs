//! Rohde & Schwarz NGM202: two isolated outputs, each source and sink.
//!
//! Commands: public drivers of the NGL/NGM/NGP family (`INST:NSEL`, `OUTP:SEL` with the master
//! `OUTP:GEN`, `FUSE`, `VOLT:PROT`). Ratings: data sheet: 20 V, 6 A up to 6 V and 3 A above, 60 W
//! an output, 3 A sink, outputs floating up to 250 V.
//!
//! Each message selects its output itself (`INST:NSEL 2;:VOLT 3.3`): a selection that was a message
//! of its own could be lost, and the set-point would go to the other output.

use crate::Options;
use crate::core::{Core, First, Result, instrument_basics};
use api::{
    Capability, ChannelId, Driver, Identity, Instrument, PowerSupply, Protection, Regulation,
};
use std::time::Duration;
use units::{Amps, Volts, Watts};
use wire::{Dialect, Link};

const MODEL: &str = "NGM202";
const OUTPUTS: [ChannelId; 2] = [ChannelId(1), ChannelId(2)];
const HIGHEST_VOLTAGE: Volts = Volts(20.0);
/// Up to [`KNEE`].
const HIGHEST_CURRENT: Amps = Amps(6.0);
const KNEE: Volts = Volts(6.0);
/// Above [`KNEE`].
const HIGHEST_CURRENT_ABOVE: Amps = Amps(3.0);
const HIGHEST_SINK: Amps = Amps(3.0);
const HIGHEST_POWER: Watts = Watts(60.0);
const ISOLATION: Volts = Volts(250.0);
/// The smallest current limit that can be set; zero isn't one.
const LOWEST_CURRENT: Amps = Amps(0.001);
/// Half a step of the set-points' three decimals, and what rounding adds.
const VOLTAGE_STEP: Volts = Volts(0.0011);
const CURRENT_STEP: Amps = Amps(0.0011);

pub(crate) struct RsNgm202 {
    core: Core,
    /// Set-points in force, by output, to know which current they leave.
    voltages: [Volts; 2],
}

impl RsNgm202 {
    pub(crate) fn new(id: &str, link: Box<dyn Link>, options: &Options) -> Self {
        let dialect = Dialect {
            timeout: Duration::from_secs(1),
            ..Dialect::SCPI
        };
        Self {
            core: Core::new(id, link, dialect, options),
            voltages: [Volts(0.0); 2],
        }
    }

    fn check(&self, channel: ChannelId) -> Result<usize> {
        OUTPUTS
            .iter()
            .position(|output| *output == channel)
            .ok_or_else(|| {
                self.core
                    .no_channel(channel, "output of an NGM202: it has 1 and 2")
            })
    }

    fn at(channel: ChannelId, message: &str) -> String {
        format!("INST:NSEL {channel};:{message}")
    }

    fn set_volts(&mut self, channel: ChannelId, header: &str, value: Volts) -> Result<()> {
        let command = Self::at(channel, &format!("{header} {:.3}", value.0));
        let query = Self::at(channel, &format!("{header}?"));
        self.core.set(&command, &query, value, VOLTAGE_STEP)
    }

    fn set_amps(&mut self, channel: ChannelId, header: &str, value: Amps) -> Result<()> {
        let command = Self::at(channel, &format!("{header} {:.3}", value.0));
        let query = Self::at(channel, &format!("{header}?"));
        self.core.set(&command, &query, value, CURRENT_STEP)
    }

    fn switch(core: &mut Core, channel: ChannelId, header: &str, on: bool) -> Result<()> {
        let command = Self::at(channel, &format!("{header} {}", u8::from(on)));
        let query = Self::at(channel, &format!("{header}?"));
        core.switch(&command, &query, on)
    }

    fn tripped(&mut self, channel: ChannelId) -> Result<bool> {
        Ok(self.core.is_on(&Self::at(channel, "VOLT:PROT:TRIP?"))?
            || self.core.is_on(&Self::at(channel, "FUSE:TRIP?"))?)
    }

    /// Both outputs off, then each without a set-point to come back to.
    fn outputs_off(&mut self) -> Result<()> {
        let mut first = First::default();
        let own = OUTPUTS.map(|channel| Self::at(channel, "OUTP:SEL 0"));
        let all: Vec<String> = [vec!["OUTP:GEN 0".to_owned()], own.to_vec()].concat();
        self.core.say_before_clearing(&all);
        first.note(
            self.core
                .persist(|core| core.switch("OUTP:GEN 0", "OUTP:GEN?", false)),
        );
        for channel in OUTPUTS {
            first.note(
                self.core
                    .persist(|core| Self::switch(core, channel, "OUTP:SEL", false)),
            );
            first.note(self.core.persist(|core| {
                let volts = Self::at(channel, "VOLT 0");
                core.set(
                    &volts,
                    &Self::at(channel, "VOLT?"),
                    Volts(0.0),
                    VOLTAGE_STEP,
                )?;
                let amps = Self::at(channel, &format!("CURR {:.3}", LOWEST_CURRENT.0));
                core.set(
                    &amps,
                    &Self::at(channel, "CURR?"),
                    LOWEST_CURRENT,
                    CURRENT_STEP,
                )
            }));
        }
        self.voltages = [Volts(0.0); 2];
        first.outcome()
    }
}

impl Instrument for RsNgm202 {
    instrument_basics!();

    fn identity(&mut self) -> Result<Identity> {
        self.core.identity()
    }

    fn capability(&self, channel: ChannelId) -> Option<Capability> {
        self.check(channel).ok().map(|_| Capability::Supply {
            voltage: HIGHEST_VOLTAGE,
            source_current: HIGHEST_CURRENT,
            sink_current: HIGHEST_SINK,
            power: HIGHEST_POWER,
            isolation: ISOLATION,
        })
    }

    fn prepare(&mut self) -> Result<()> {
        self.core.identity()?;
        self.core.command("*CLS")?;
        self.core.command("SYST:REM")?;
        self.outputs_off()
    }

    fn all_off(&mut self) -> Result<()> {
        self.outputs_off()
    }
}

impl PowerSupply for RsNgm202 {
    fn set_voltage(&mut self, channel: ChannelId, voltage: Volts) -> Result<()> {
        let index = self.check(channel)?;
        self.core
            .within(voltage, HIGHEST_VOLTAGE, MODEL, self.core.limits.voltage)?;
        self.set_volts(channel, "VOLT", voltage)?;
        self.voltages[index] = voltage;
        Ok(())
    }

    fn set_source_current(&mut self, channel: ChannelId, current: Amps) -> Result<()> {
        let index = self.check(channel)?;
        let (rating, model) = if self.voltages[index] > KNEE {
            (HIGHEST_CURRENT_ABOVE, "NGM202 above 6 V")
        } else {
            (HIGHEST_CURRENT, MODEL)
        };
        self.core
            .within(current, rating, model, self.core.limits.current)?;
        self.set_amps(channel, "CURR", current.max(LOWEST_CURRENT))
    }

    fn set_sink_current(&mut self, channel: ChannelId, current: Amps) -> Result<()> {
        self.check(channel)?;
        self.core
            .within(current, HIGHEST_SINK, MODEL, self.core.limits.current)?;
        self.set_amps(channel, "CURR:NEG", current)
    }

    fn set_protection(&mut self, channel: ChannelId, protection: Protection) -> Result<()> {
        self.check(channel)?;
        if protection.over_power.is_some() {
            return Err(self
                .core
                .beyond("this driver sets no over-power level on an NGM202".into()));
        }
        if let Some(voltage) = protection.over_voltage {
            self.core.within(voltage, HIGHEST_VOLTAGE, MODEL, None)?;
            self.set_volts(channel, "VOLT:PROT:LEV", voltage)?;
            Self::switch(&mut self.core, channel, "VOLT:PROT:STAT", true)?;
        }
        if let Some(current) = protection.over_current {
            // The fuse has no level of its own: it blows when the current limit is reached.
            self.set_source_current(channel, current)?;
            Self::switch(&mut self.core, channel, "FUSE:STAT", true)?;
        }
        Ok(())
    }

    fn set_output(&mut self, channel: ChannelId, on: bool) -> Result<()> {
        self.check(channel)?;
        if !on {
            return self
                .core
                .persist(|core| Self::switch(core, channel, "OUTP:SEL", false));
        }
        Self::switch(&mut self.core, channel, "OUTP:SEL", true)?;
        self.core.switch("OUTP:GEN 1", "OUTP:GEN?", true)
    }

    fn output(&mut self, channel: ChannelId) -> Result<bool> {
        self.check(channel)?;
        // A protection that trips leaves the selection as it was.
        Ok(self.core.is_on(&Self::at(channel, "OUTP?"))? && self.core.is_on("OUTP:GEN?")?)
    }

    fn measure_voltage(&mut self, channel: ChannelId) -> Result<Volts> {
        self.check(channel)?;
        self.core.quantity(&Self::at(channel, "MEAS:VOLT?"))
    }

    fn measure_current(&mut self, channel: ChannelId) -> Result<Amps> {
        self.check(channel)?;
        self.core.quantity(&Self::at(channel, "MEAS:CURR?"))
    }

    fn regulation(&mut self, channel: ChannelId) -> Result<Regulation> {
        self.check(channel)?;
        if self.tripped(channel)? {
            return Ok(Regulation::Tripped);
        }
        if !self.output(channel)? {
            return Ok(Regulation::Off);
        }
        let condition = self
            .core
            .integer(&format!("STAT:QUES:INST:ISUM{channel}:COND?"))?;
        Ok(match condition & 0b11 {
            0b01 if self.measure_current(channel)? < Amps(0.0) => Regulation::SinkCurrent,
            0b01 => Regulation::ConstantCurrent,
            0b10 => Regulation::ConstantVoltage,
            _ => Regulation::Unknown,
        })
    }

    fn clear_protection(&mut self, channel: ChannelId) -> Result<()> {
        self.check(channel)?;
        // Off first: whether clearing switches on again is not to be left to the firmware.
        self.set_output(channel, false)?;
        self.core.command(&Self::at(channel, "VOLT:PROT:CLE"))?;
        self.core.command(&Self::at(channel, "FUSE:TRIP:CLE"))
    }
}

impl Driver for RsNgm202 {
    fn supply(&mut self) -> Option<&mut dyn PowerSupply> {
        Some(self)
    }
}
