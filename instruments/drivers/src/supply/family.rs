//! What a family's table says.

use crate::core::Watchdog;
use api::ChannelId;
use std::time::Duration;
use units::{Amps, Volts, Watts};
use wire::Dialect;

/// What one output of a model can do, from its data sheet.
pub(crate) struct Output {
    pub(crate) voltage: Volts,
    pub(crate) current: Amps,
    pub(crate) power: Watts,
}

/// One model of a family.
pub(crate) struct Model {
    /// As `*IDN?` says it.
    pub(crate) name: &'static str,
    /// Whether `*IDN?` only begins with the name: `E36312A`, but any `N57…`.
    pub(crate) begins: &'static str,
    pub(crate) outputs: &'static [Output],
    /// Highest voltage between an output and earth.
    pub(crate) isolation: Volts,
}

impl Model {
    pub(crate) fn is(&self, found: &str) -> bool {
        found.starts_with(self.begins)
    }
}

/// A set-point: how it's set, how it's asked for.
pub(crate) struct Point {
    pub(crate) set: &'static str,
    pub(crate) ask: &'static str,
}

impl Point {
    pub(crate) fn set_to(&self, channel: ChannelId, value: f64) -> String {
        fill(self.set, channel).replace("{v}", &format!("{value:.3}"))
    }

    pub(crate) fn asked(&self, channel: ChannelId) -> String {
        fill(self.ask, channel)
    }
}

/// A switch: how it's turned on and off, how it's asked for.
pub(crate) struct Toggle {
    pub(crate) on: &'static str,
    pub(crate) off: &'static str,
    pub(crate) ask: &'static str,
}

impl Toggle {
    pub(crate) fn command(&self, channel: ChannelId, on: bool) -> String {
        fill(if on { self.on } else { self.off }, channel)
    }
}

/// How outputs are switched.
pub(crate) enum OutputWords {
    /// Each by itself.
    Own(Toggle),
    /// Each is selected, and a master switch turns the selected ones on; `state` says what became
    /// of that.
    Selected {
        own: Toggle,
        all: Toggle,
        state: &'static str,
    },
    /// Each by itself, but asked for as a bit of a status word, by output.
    Word { words: Toggle, bits: &'static [u8] },
}

/// A protection with a level, and with a switch where it isn't always on.
pub(crate) struct Protect {
    pub(crate) level: Point,
    pub(crate) state: Option<Toggle>,
}

/// How an output is protected against too much current.
pub(crate) enum OverCurrent {
    None,
    Level(Protect),
    /// It trips when the current limit acts.
    AtLimit(Toggle),
}

/// How the instrument says what limits an output.
#[derive(Clone, Copy)]
pub(crate) enum RegulationWords {
    /// By name: `CV`, `CC`.
    Name(&'static str),
    /// By two bits of a register.
    Bits {
        ask: &'static str,
        voltage: u8,
        current: u8,
    },
    /// By a bit of a status word that is set at the current limit, by output.
    Word {
        ask: &'static str,
        current: &'static [u8],
    },
}

/// The words of a family.
pub(crate) struct Family {
    /// Taken control of with these.
    pub(crate) remote: &'static [&'static str],
    /// Shortest time between two messages.
    pub(crate) gap: Duration,
    pub(crate) voltage: Point,
    pub(crate) current: Point,
    /// Half a digit of what is read back, and what rounding adds.
    pub(crate) voltage_step: Volts,
    pub(crate) current_step: Amps,
    /// The smallest current limit that is set; zero isn't one everywhere.
    pub(crate) lowest_current: Amps,
    pub(crate) output: OutputWords,
    pub(crate) measured_voltage: &'static str,
    pub(crate) measured_current: &'static str,
    pub(crate) over_voltage: Option<Protect>,
    pub(crate) over_current: OverCurrent,
    /// Questions of which any yes means that a protection has tripped.
    pub(crate) tripped: &'static [&'static str],
    pub(crate) clear: &'static [&'static str],
    pub(crate) regulation: RegulationWords,
    pub(crate) watchdog: Option<Watchdog>,
}

impl Family {
    pub(crate) fn dialect(&self) -> Dialect {
        Dialect {
            gap: self.gap,
            timeout: Duration::from_secs(1),
            ..Dialect::SCPI
        }
    }
}

/// Puts the output's number into a word.
pub(crate) fn fill(word: &str, channel: ChannelId) -> String {
    word.replace("{c}", &channel.to_string())
}
