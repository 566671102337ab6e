//! ESPEC chambers with the P-300 controller.
//!
//! Commands: the public ChamberConnectLibrary. Each command is answered with `OK:` or `NA:` and a
//! reason; there is no error queue and no `*IDN?`. Range, stability and ramp: those of a small
//! temperature chamber; the controller itself refuses what its chamber can't.

use crate::Options;
use crate::core::{Core, Result, instrument_basics};
use api::{Capability, Chamber, ChannelId, Driver, Identity, Instrument};
use std::time::Duration;
use units::{Celsius, Kelvin, KelvinPerMinute, Quantity};
use wire::{Dialect, ErrorReport, Link};

const AIR: ChannelId = ChannelId(1);
const LOWEST: Celsius = Celsius(-40.0);
const HIGHEST: Celsius = Celsius(100.0);
const STABILITY: Kelvin = Kelvin(0.5);
const FASTEST_RAMP: KelvinPerMinute = KelvinPerMinute(1.0);
/// Set-points have one decimal.
const STEP: f64 = 0.051;

pub(crate) struct EspecP300 {
    core: Core,
}

impl EspecP300 {
    pub(crate) fn new(id: &str, link: Box<dyn Link>, options: &Options) -> Self {
        let dialect = Dialect {
            errors: ErrorReport::Reply {
                accepted: "OK:",
                refused: "NA:",
            },
            // It answers some 300 ms after a command and loses what comes meanwhile.
            gap: Duration::from_millis(100),
            timeout: Duration::from_secs(2),
            resync: Some("ROM?"),
            power_on: None,
        };
        Self {
            core: Core::new(id, link, dialect, options),
        }
    }

    /// Air temperature and its set point.
    fn temperatures(&mut self) -> Result<(Celsius, Celsius)> {
        let numbers = self
            .core
            .session
            .query_numbers("TEMP?", Celsius::UNIT, 4)
            .map_err(crate::core::translate)?;
        Ok((Celsius(numbers[0]), Celsius(numbers[1])))
    }

    fn mode(core: &mut Core, mode: &str) -> Result<()> {
        let command = format!("MODE,{mode}");
        core.command(&command)?;
        let found = core.query("MODE?")?;
        if found == mode {
            return Ok(());
        }
        Err(core.read_back(&command, mode, &found))
    }
}

impl Instrument for EspecP300 {
    instrument_basics!();

    fn identity(&mut self) -> Result<Identity> {
        let firmware = self.core.query("ROM?")?;
        // Sensors, then the controller, then the highest temperature: `T,T,P300,150.0`.
        let kind = self.core.query("TYPE?")?;
        let Some(model) = kind.split(',').find(|field| field.contains("P3")) else {
            return Err(self.core.nonsense("TYPE?", "a list with P300 in it"));
        };
        Ok(Identity {
            manufacturer: "ESPEC".into(),
            model: model.trim().to_owned(),
            // It doesn't tell.
            serial: String::new(),
            firmware,
        })
    }

    fn capability(&self, channel: ChannelId) -> Option<Capability> {
        (channel == AIR).then_some(Capability::Chamber {
            lowest: LOWEST,
            highest: HIGHEST,
        })
    }

    fn prepare(&mut self) -> Result<()> {
        self.identity()?;
        self.all_off()
    }

    fn all_off(&mut self) -> Result<()> {
        self.core.persist(|core| Self::mode(core, "STANDBY"))
    }
}

impl Chamber for EspecP300 {
    fn set_temperature(&mut self, temperature: Celsius) -> Result<()> {
        if !(LOWEST.0..=HIGHEST.0).contains(&temperature.0) {
            return Err(self.core.beyond(format!(
                "{temperature} is not between {LOWEST} and {HIGHEST}, the range of the chamber"
            )));
        }
        let command = format!("TEMP,S{:.1}", temperature.0);
        self.core.command(&command)?;
        let (_, set) = self.temperatures()?;
        if (set - temperature).abs() <= Kelvin(STEP) {
            return Ok(());
        }
        Err(self
            .core
            .read_back(&command, &temperature.to_string(), &set.to_string()))
    }

    fn set_running(&mut self, running: bool) -> Result<()> {
        if running {
            Self::mode(&mut self.core, "CONSTANT")
        } else {
            self.core.persist(|core| Self::mode(core, "STANDBY"))
        }
    }

    fn temperature(&mut self) -> Result<Celsius> {
        self.temperatures().map(|(air, _)| air)
    }

    fn stability(&self) -> Kelvin {
        STABILITY
    }

    fn fastest_ramp(&self) -> KelvinPerMinute {
        FASTEST_RAMP
    }
}

impl Driver for EspecP300 {
    fn chamber(&mut self) -> Option<&mut dyn Chamber> {
        Some(self)
    }
}
