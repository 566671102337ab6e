//! What a bench may ask of its instruments.

use crate::InstrumentError;
use std::fmt;
use std::time::Duration;
use units::{Amps, Celsius, Kelvin, KelvinPerMinute, Ohms, Volts, Watts};

type Result<T> = std::result::Result<T, InstrumentError>;

/// A channel as the instrument numbers it: `1` for the first output of a supply, `1003` for slot 1
/// channel 3 of a switch unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChannelId(pub u16);

impl fmt::Display for ChannelId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Who an instrument says it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Identity {
    /// First field of `*IDN?`.
    pub manufacturer: String,
    /// Second field.
    pub model: String,
    /// Third field.
    pub serial: String,
    /// Fourth field.
    pub firmware: String,
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {} (serial {}, firmware {})",
            self.manufacturer, self.model, self.serial, self.firmware
        )
    }
}

/// What a channel of a model can do, from its data sheet as the driver knows it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Capability {
    /// A supply output.
    Supply {
        /// Highest set-point.
        voltage: Volts,
        /// Highest current out of the output.
        source_current: Amps,
        /// Highest current into the output; zero where it can't sink.
        sink_current: Amps,
        /// Highest power of this output.
        power: Watts,
        /// Highest voltage between the output and earth.
        isolation: Volts,
    },
    /// An electronic load.
    Load {
        /// Highest input voltage.
        voltage: Volts,
        /// Highest current.
        current: Amps,
        /// Highest power.
        power: Watts,
    },
    /// An input that measures voltage (and through it thermocouples and shunts).
    VoltageInput {
        /// Highest voltage between its terminals.
        voltage: Volts,
        /// Highest voltage to earth.
        isolation: Volts,
    },
    /// A relay.
    Relay {
        /// Highest switched current.
        current: Amps,
        /// Highest switched voltage.
        voltage: Volts,
    },
    /// A digital port.
    DigitalPort {
        /// Bits of the port.
        bits: u8,
    },
    /// A programmable resistor.
    Resistor {
        /// Lowest resistance.
        lowest: Ohms,
        /// Highest resistance.
        highest: Ohms,
    },
    /// A temperature chamber.
    Chamber {
        /// Lowest air temperature.
        lowest: Celsius,
        /// Highest air temperature.
        highest: Celsius,
    },
}

/// What every instrument does.
pub trait Instrument: Send {
    /// Its id in the bench file.
    fn id(&self) -> &str;
    /// Asks who it is.
    ///
    /// # Errors
    /// When it doesn't answer, or nothing an identity can be read from.
    fn identity(&mut self) -> Result<Identity>;
    /// Takes everything out of its error queue; empty when it had nothing to report.
    ///
    /// # Errors
    /// When the queue can't be read.
    fn drain_errors(&mut self) -> Result<Vec<String>>;
    /// Whether it turned out, since this was asked last, that it was switched off and on while it
    /// was in use. One that can't tell says no.
    fn take_restart(&mut self) -> bool {
        false
    }
    /// What a channel can do; `None` where there is no such channel.
    fn capability(&self, channel: ChannelId) -> Option<Capability>;
    /// Takes control and puts the instrument into a known state with every output off.
    ///
    /// # Errors
    /// When any command is refused or any output reads back on.
    fn prepare(&mut self) -> Result<()>;
    /// Everything that drives current off, set-points to zero; relays stay as they are.
    /// Tries everything even when some of it fails, and reconnects where a link was lost.
    ///
    /// # Errors
    /// The first failure, after everything was tried.
    fn all_off(&mut self) -> Result<()>;
}

/// Protection levels in the instrument itself; what is `None` stays as it is.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Protection {
    /// Over-voltage level.
    pub over_voltage: Option<Volts>,
    /// Over-current level, source side.
    pub over_current: Option<Amps>,
    /// Over-power level.
    pub over_power: Option<Watts>,
}

/// What limits an output at this instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Regulation {
    /// Output off.
    Off,
    /// Constant voltage.
    ConstantVoltage,
    /// Constant current, at the source limit.
    ConstantCurrent,
    /// Constant current, at the sink limit.
    SinkCurrent,
    /// Constant power.
    ConstantPower,
    /// A protection tripped and the output is off.
    Tripped,
    /// The instrument doesn't say.
    Unknown,
}

/// A supply with one or more outputs; bidirectional ones included.
pub trait PowerSupply: Instrument {
    /// Sets the output voltage and reads it back.
    ///
    /// # Errors
    /// Refused, out of range, or read back as something else.
    fn set_voltage(&mut self, channel: ChannelId, voltage: Volts) -> Result<()>;
    /// Limits the current out of the output and reads it back.
    ///
    /// # Errors
    /// As [`PowerSupply::set_voltage`].
    fn set_source_current(&mut self, channel: ChannelId, current: Amps) -> Result<()>;
    /// Limits the current into the output (a magnitude) and reads it back where it can be.
    ///
    /// # Errors
    /// As [`PowerSupply::set_voltage`]; also where the model can't sink and `current` isn't zero.
    fn set_sink_current(&mut self, channel: ChannelId, current: Amps) -> Result<()>;
    /// Sets protection levels and reads them back.
    ///
    /// # Errors
    /// As [`PowerSupply::set_voltage`]; also where the model has no such protection.
    fn set_protection(&mut self, channel: ChannelId, protection: Protection) -> Result<()>;
    /// Switches the output and reads its state back.
    ///
    /// # Errors
    /// Refused, or the state reads back as the other one.
    fn set_output(&mut self, channel: ChannelId, on: bool) -> Result<()>;
    /// Whether the output is on.
    ///
    /// # Errors
    /// No answer, or nonsense.
    fn output(&mut self, channel: ChannelId) -> Result<bool>;
    /// Voltage at the output's terminals.
    ///
    /// # Errors
    /// No answer, or nonsense.
    fn measure_voltage(&mut self, channel: ChannelId) -> Result<Volts>;
    /// Current out of the output: positive into whatever it feeds.
    ///
    /// # Errors
    /// No answer, or nonsense.
    fn measure_current(&mut self, channel: ChannelId) -> Result<Amps>;
    /// What limits the output now.
    ///
    /// # Errors
    /// No answer, or nonsense.
    fn regulation(&mut self, channel: ChannelId) -> Result<Regulation>;
    /// Clears a tripped protection without switching anything on.
    ///
    /// # Errors
    /// Refused.
    fn clear_protection(&mut self, channel: ChannelId) -> Result<()>;
}

/// How an electronic load regulates, with its level.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum LoadMode {
    /// Constant current drawn (a magnitude).
    Current(Amps),
    /// Constant voltage at its input.
    Voltage(Volts),
    /// Constant power drawn.
    Power(Watts),
    /// Constant resistance.
    Resistance(Ohms),
}

/// An electronic load.
pub trait ElectronicLoad: Instrument {
    /// Selects mode and level and reads the level back.
    ///
    /// # Errors
    /// Refused, out of range, or read back as something else.
    fn set_mode(&mut self, channel: ChannelId, mode: LoadMode) -> Result<()>;
    /// Switches the input and reads its state back.
    ///
    /// # Errors
    /// Refused, or the state reads back as the other one.
    fn set_input(&mut self, channel: ChannelId, on: bool) -> Result<()>;
    /// Whether the input is on.
    ///
    /// # Errors
    /// No answer, or nonsense.
    fn input(&mut self, channel: ChannelId) -> Result<bool>;
    /// Voltage at the input.
    ///
    /// # Errors
    /// No answer, or nonsense.
    fn measure_voltage(&mut self, channel: ChannelId) -> Result<Volts>;
    /// Current drawn from whatever feeds it (a magnitude, zero or positive).
    ///
    /// # Errors
    /// No answer, or nonsense.
    fn measure_current(&mut self, channel: ChannelId) -> Result<Amps>;
}

/// Thermocouple types by letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ThermocoupleType {
    /// Copper–constantan.
    T,
    /// Chromel–alumel.
    K,
    /// Iron–constantan.
    J,
}

/// A meter, usually behind a scanner.
pub trait Meter: Instrument {
    /// One direct voltage a channel, in the order asked for.
    ///
    /// # Errors
    /// No answer, nonsense, an overload, or another number of readings than channels.
    fn measure_voltages(&mut self, channels: &[ChannelId]) -> Result<Vec<Volts>>;
    /// One thermocouple temperature a channel, in the order asked for.
    ///
    /// # Errors
    /// As [`Meter::measure_voltages`]; also an open thermocouple.
    fn measure_temperatures(
        &mut self,
        kind: ThermocoupleType,
        channels: &[ChannelId],
    ) -> Result<Vec<Celsius>>;
}

/// A switch unit.
pub trait Switch: Instrument {
    /// Closes or opens relays together and reads them back.
    ///
    /// # Errors
    /// Refused, or a relay reads back in the other state.
    fn set_relays(&mut self, channels: &[ChannelId], closed: bool) -> Result<()>;
    /// Whether each relay is closed, in the order asked for.
    ///
    /// # Errors
    /// No answer, or nonsense.
    fn relays(&mut self, channels: &[ChannelId]) -> Result<Vec<bool>>;
}

/// Digital ports of eight bits.
pub trait DigitalIo: Instrument {
    /// Reads one port of eight bits.
    ///
    /// # Errors
    /// No answer, or nonsense.
    fn read_port(&mut self, channel: ChannelId) -> Result<u8>;
    /// Writes one port of eight bits.
    ///
    /// # Errors
    /// Refused.
    fn write_port(&mut self, channel: ChannelId, bits: u8) -> Result<()>;
}

/// A programmable resistor, which stands for a thermistor at a board.
pub trait Resistor: Instrument {
    /// Sets the resistance and reads it back; whether it's connected stays as it is.
    ///
    /// # Errors
    /// Refused, out of range, or read back as something else.
    fn set_resistance(&mut self, channel: ChannelId, resistance: Ohms) -> Result<()>;
    /// Connects the resistance to the terminals, or leaves them open.
    ///
    /// # Errors
    /// Refused, or the state reads back as the other one.
    fn set_connected(&mut self, channel: ChannelId, connected: bool) -> Result<()>;
    /// The resistance that is set, whether it's connected or not.
    ///
    /// # Errors
    /// No answer, or nonsense.
    fn resistance(&mut self, channel: ChannelId) -> Result<Ohms>;
}

/// A temperature chamber.
pub trait Chamber: Instrument {
    /// Sets the air temperature and reads the set point back.
    ///
    /// # Errors
    /// Refused, out of range, or read back as something else.
    fn set_temperature(&mut self, temperature: Celsius) -> Result<()>;
    /// Starts or stops conditioning.
    ///
    /// # Errors
    /// Refused.
    fn set_running(&mut self, running: bool) -> Result<()>;
    /// Air temperature.
    ///
    /// # Errors
    /// No answer, or nonsense.
    fn temperature(&mut self) -> Result<Celsius>;
    /// How far the air may be from its set point when settled.
    fn stability(&self) -> Kelvin;
    /// The fastest ramp that this chamber holds.
    fn fastest_ramp(&self) -> KelvinPerMinute;
}

/// One opened instrument with everything it can do. A view that's `None` isn't in the instrument.
///
/// One owner per instrument: the bench holds the driver and lends the views.
pub trait Driver: Instrument {
    /// How soon the instrument turns its outputs off by itself when nobody talks to it; `None`
    /// where it has no watchdog or none was asked for.
    fn watchdog(&self) -> Option<Duration> {
        None
    }
    /// Says a word to the instrument, so that its watchdog doesn't bite in a quiet stretch.
    ///
    /// # Errors
    /// When it doesn't answer.
    fn kick(&mut self) -> Result<()> {
        Ok(())
    }
    /// Disarms the watchdog, for whoever uses the instrument next. Only once everything is off: as
    /// long as anything may be on, it's better armed.
    ///
    /// # Errors
    /// When it doesn't answer, or the watchdog reads back armed.
    fn disarm(&mut self) -> Result<()> {
        Ok(())
    }
    /// As a supply.
    fn supply(&mut self) -> Option<&mut dyn PowerSupply> {
        None
    }
    /// As an electronic load.
    fn load(&mut self) -> Option<&mut dyn ElectronicLoad> {
        None
    }
    /// As a meter.
    fn meter(&mut self) -> Option<&mut dyn Meter> {
        None
    }
    /// As a switch unit.
    fn switch(&mut self) -> Option<&mut dyn Switch> {
        None
    }
    /// As digital ports.
    fn digital(&mut self) -> Option<&mut dyn DigitalIo> {
        None
    }
    /// As a programmable resistor.
    fn resistor(&mut self) -> Option<&mut dyn Resistor> {
        None
    }
    /// As a chamber.
    fn chamber(&mut self) -> Option<&mut dyn Chamber> {
        None
    }
}
