//! EA Elektro-Automatik PSB 10000, 60 V models: one bidirectional output.
//!
//! Commands: public drivers of the series and the programming guide they cite. It obeys only after
//! `SYST:LOCK ON`, its replies carry units, and current into it is negative. Reading the error
//! queue acknowledges alarms whose cause is gone, so alarms are looked for in the status register
//! before. Ratings: from the model's name (`PSB 10060-120`: 60 V, 120 A), power from the series'
//! table. Until the instrument has named itself those of the largest 60 V model count, so that a bench
//! file isn't refused for what the instrument may well be able to do; opening the bench asks and
//! checks again. One with a name that says nothing counts as the smallest. Isolation: 400 V between
//! output and earth, the lowest of the series' data sheets.

use crate::Options;
use crate::core::{Core, First, Result, Watchdog, instrument_basics};
use api::{
    Capability, ChannelId, Driver, Identity, Instrument, InstrumentError, PowerSupply, Protection,
    Regulation,
};
use std::time::Duration;
use units::{Amps, Volts, Watts};
use wire::{Dialect, Link};

const OUTPUT: ChannelId = ChannelId(1);
const ISOLATION: Volts = Volts(400.0);
/// Protection levels go up to this share of the rating.
const PROTECTION_SPAN: f64 = 1.1;
/// Set-points are stored in steps of the rating and answered with few decimals.
const VOLTAGE_STEP: Volts = Volts(0.011);
const CURRENT_STEP: Amps = Amps(0.11);
const POWER_STEP: Watts = Watts(11.0);

/// Questionable status: a protection switched the output off.
const ALARMS: i64 = 0b1111;
/// Operation status.
const CONSTANT_VOLTAGE: i64 = 1 << 8;
const CONSTANT_CURRENT: i64 = 1 << 9;
const CONSTANT_POWER: i64 = 1 << 10;

#[derive(Debug, Clone, PartialEq)]
struct Rating {
    model: String,
    voltage: Volts,
    current: Amps,
    power: Watts,
}

impl Rating {
    fn smallest() -> Self {
        Self {
            model: "PSB 10060-120".into(),
            voltage: Volts(60.0),
            current: Amps(120.0),
            power: Watts(3000.0),
        }
    }

    fn largest() -> Self {
        Self {
            model: "PSB 10060-1000".into(),
            voltage: Volts(60.0),
            current: Amps(1000.0),
            power: Watts(30_000.0),
        }
    }

    /// `PSB 10060-120 2U` says it all but the power.
    fn from_model(model: &str) -> Option<Self> {
        let name = model
            .split_whitespace()
            .find(|word| word.starts_with("10"))?;
        let (voltage, current) = name.strip_prefix("10")?.split_once('-')?;
        let voltage: u32 = voltage.parse().ok()?;
        let current: u32 = current.parse().ok()?;
        // The smallest power by current in the series; unlisted models get the lowest ratio.
        let power = match (voltage, current) {
            (60, 170) => 5_000.0,
            (60, 340) => 10_000.0,
            (60, 1000) => 30_000.0,
            _ => 25.0 * f64::from(current),
        };
        Some(Self {
            model: format!("PSB {name}"),
            voltage: Volts(f64::from(voltage)),
            current: Amps(f64::from(current)),
            power: Watts(power),
        })
    }
}

pub(crate) struct EaPsb10000 {
    core: Core,
    rating: Rating,
    /// How soon the instrument turns itself off when nobody talks to it.
    watchdog: Option<Duration>,
}

/// From memory of the guide.
const WATCHDOG: Watchdog = Watchdog {
    delay: "SYST:COMM:MON:TIM",
    state: "SYST:COMM:MON:ACT",
};

impl EaPsb10000 {
    pub(crate) fn new(id: &str, link: Box<dyn Link>, options: &Options) -> Self {
        let dialect = Dialect {
            timeout: Duration::from_secs(1),
            ..Dialect::SCPI
        };
        Self {
            core: Core::new(id, link, dialect, options),
            rating: Rating::largest(),
            watchdog: options.watchdog,
        }
    }

    fn check(&self, channel: ChannelId) -> Result<()> {
        if channel == OUTPUT {
            return Ok(());
        }
        Err(self
            .core
            .no_channel(channel, "output of a PSB 10000: it has only 1"))
    }

    /// Remote control is ours and nobody else's.
    fn lock(&mut self) -> Result<()> {
        self.core.command("SYST:LOCK ON")?;
        let owner = self.core.query("SYST:LOCK:OWN?")?;
        if owner.eq_ignore_ascii_case("REMOTE") {
            return Ok(());
        }
        Err(self.core.read_back(
            "SYST:LOCK ON",
            "control by REMOTE",
            &format!("control by {owner}"),
        ))
    }

    fn off(&mut self) -> Result<()> {
        let mut first = First::default();
        self.core.say_before_clearing(&["OUTP OFF".to_owned()]);
        first.note(
            self.core
                .persist(|core| core.switch("OUTP OFF", "OUTP?", false)),
        );
        first.note(self.core.persist(|core| {
            core.set("VOLT 0", "VOLT?", Volts(0.0), VOLTAGE_STEP)?;
            core.set("CURR 0", "CURR?", Amps(0.0), CURRENT_STEP)?;
            core.set("SINK:CURR 0", "SINK:CURR?", Amps(0.0), CURRENT_STEP)
        }));
        first.outcome()
    }

    /// Limits the current in one direction: `CURR` out of the output, `SINK:CURR` into it.
    fn limit_current(&mut self, channel: ChannelId, header: &str, current: Amps) -> Result<()> {
        self.check(channel)?;
        let Rating {
            current: highest,
            model,
            ..
        } = &self.rating;
        self.core
            .within(current, *highest, model, self.core.limits.current)?;
        let command = format!("{header} {:.3}", current.0);
        self.core
            .set(&command, &format!("{header}?"), current, CURRENT_STEP)
    }

    fn alarmed(&mut self) -> Result<bool> {
        Ok(self.core.integer("STAT:QUES:COND?")? & ALARMS != 0)
    }
}

impl Instrument for EaPsb10000 {
    instrument_basics!();

    fn identity(&mut self) -> Result<Identity> {
        let identity = self.core.identity()?;
        self.rating = Rating::from_model(&identity.model).unwrap_or_else(Rating::smallest);
        Ok(identity)
    }

    fn capability(&self, channel: ChannelId) -> Option<Capability> {
        self.check(channel).ok().map(|()| Capability::Supply {
            voltage: self.rating.voltage,
            source_current: self.rating.current,
            sink_current: self.rating.current,
            power: self.rating.power,
            isolation: ISOLATION,
        })
    }

    fn prepare(&mut self) -> Result<()> {
        self.identity()?;
        self.core.command("*CLS")?;
        self.lock()?;
        self.off()?;
        // A power limit left by somebody else would look like a weak charger.
        let power = self.rating.power;
        for header in ["POW", "SINK:POW"] {
            let command = format!("{header} {:.0}", power.0);
            self.core
                .set(&command, &format!("{header}?"), power, POWER_STEP)?;
        }
        match self.watchdog {
            Some(delay) => self.core.arm(delay, &WATCHDOG),
            None => Ok(()),
        }
    }

    fn all_off(&mut self) -> Result<()> {
        match self.off() {
            // Somebody took control at the panel: take it back, then switch off.
            Err(InstrumentError::Refused { .. }) => {
                self.lock()?;
                self.off()
            }
            outcome => outcome,
        }
    }
}

impl PowerSupply for EaPsb10000 {
    fn set_voltage(&mut self, channel: ChannelId, voltage: Volts) -> Result<()> {
        self.check(channel)?;
        let Rating {
            voltage: highest,
            model,
            ..
        } = &self.rating;
        self.core
            .within(voltage, *highest, model, self.core.limits.voltage)?;
        let command = format!("VOLT {:.3}", voltage.0);
        self.core.set(&command, "VOLT?", voltage, VOLTAGE_STEP)
    }

    fn set_source_current(&mut self, channel: ChannelId, current: Amps) -> Result<()> {
        self.limit_current(channel, "CURR", current)
    }

    fn set_sink_current(&mut self, channel: ChannelId, current: Amps) -> Result<()> {
        self.limit_current(channel, "SINK:CURR", current)
    }

    fn set_protection(&mut self, channel: ChannelId, protection: Protection) -> Result<()> {
        self.check(channel)?;
        let Rating {
            model,
            voltage: highest_voltage,
            current: highest_current,
            power: highest_power,
        } = self.rating.clone();
        if let Some(voltage) = protection.over_voltage {
            self.core
                .within(voltage, highest_voltage * PROTECTION_SPAN, &model, None)?;
            let command = format!("VOLT:PROT {:.3}", voltage.0);
            self.core
                .set(&command, "VOLT:PROT?", voltage, VOLTAGE_STEP)?;
        }
        if let Some(current) = protection.over_current {
            self.core
                .within(current, highest_current * PROTECTION_SPAN, &model, None)?;
            let command = format!("CURR:PROT {:.3}", current.0);
            self.core
                .set(&command, "CURR:PROT?", current, CURRENT_STEP)?;
        }
        if let Some(power) = protection.over_power {
            self.core
                .within(power, highest_power * PROTECTION_SPAN, &model, None)?;
            let command = format!("POW:PROT {:.1}", power.0);
            self.core.set(&command, "POW:PROT?", power, POWER_STEP)?;
        }
        Ok(())
    }

    fn set_output(&mut self, channel: ChannelId, on: bool) -> Result<()> {
        self.check(channel)?;
        if on {
            self.core.switch("OUTP ON", "OUTP?", true)
        } else {
            self.core
                .persist(|core| core.switch("OUTP OFF", "OUTP?", false))
        }
    }

    fn output(&mut self, channel: ChannelId) -> Result<bool> {
        self.check(channel)?;
        self.core.is_on("OUTP?")
    }

    fn measure_voltage(&mut self, channel: ChannelId) -> Result<Volts> {
        self.check(channel)?;
        self.core.quantity("MEAS:VOLT?")
    }

    fn measure_current(&mut self, channel: ChannelId) -> Result<Amps> {
        self.check(channel)?;
        self.core.quantity("MEAS:CURR?")
    }

    fn regulation(&mut self, channel: ChannelId) -> Result<Regulation> {
        self.check(channel)?;
        if self.alarmed()? {
            return Ok(Regulation::Tripped);
        }
        if !self.core.is_on("OUTP?")? {
            return Ok(Regulation::Off);
        }
        let condition = self.core.integer("STAT:OPER:COND?")?;
        let is = |bit| condition & bit != 0;
        Ok(if is(CONSTANT_VOLTAGE) {
            Regulation::ConstantVoltage
        } else if is(CONSTANT_CURRENT) {
            // The sign of the measured current is the one discriminator that all firmware has.
            if self.measure_current(channel)? < Amps(0.0) {
                Regulation::SinkCurrent
            } else {
                Regulation::ConstantCurrent
            }
        } else if is(CONSTANT_POWER) {
            Regulation::ConstantPower
        } else {
            Regulation::Unknown
        })
    }

    fn clear_protection(&mut self, channel: ChannelId) -> Result<()> {
        self.set_output(channel, false)?;
        // Reading the queue acknowledges, says the guide; others have a command for it. What stays
        // on afterwards still has its cause.
        self.core.drain_errors()?;
        match self.core.command("SYST:ALAR:ACKN") {
            // No such command here.
            Err(InstrumentError::Refused { code: -113, .. }) => {}
            outcome => outcome?,
        }
        if self.alarmed()? {
            return Err(InstrumentError::NotReached {
                instrument: self.core.id().to_owned(),
                what: "the end of its alarm (the cause persists)".into(),
                timeout: Duration::ZERO,
            });
        }
        Ok(())
    }
}

impl Driver for EaPsb10000 {
    fn watchdog(&self) -> Option<Duration> {
        self.watchdog
    }
    fn kick(&mut self) -> Result<()> {
        // Any message does.
        self.core.query("*STB?").map(drop)
    }

    fn disarm(&mut self) -> Result<()> {
        match self.watchdog {
            Some(_) => self.core.disarm(&WATCHDOG),
            None => Ok(()),
        }
    }
    fn supply(&mut self) -> Option<&mut dyn PowerSupply> {
        Some(self)
    }
}

#[cfg(test)]
mod tests {
    use super::Rating;

    #[test]
    fn ratings_come_from_the_name() {
        let rating = |model| {
            Rating::from_model(model)
                .map(|r| format!("{}: {}, {}, {}", r.model, r.voltage, r.current, r.power))
        };
        assert_eq!(
            rating("EA-PSB 10060-170 3U").as_deref(),
            Some("PSB 10060-170: 60 V, 170 A, 5000 W")
        );
        assert_eq!(
            rating("PSB 10080-120 2U").as_deref(),
            Some("PSB 10080-120: 80 V, 120 A, 3000 W")
        );
        assert_eq!(rating("PSI 9080-60"), None);
    }
}
