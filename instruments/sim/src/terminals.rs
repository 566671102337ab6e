//! How an instrument meets the physical world.
//!
//! An instrument knows set-points; what they lead to is decided by whatever is wired to its
//! terminals. Current is positive out of the instrument: a source delivers a positive current, a
//! load and a sinking supply a negative one.

use std::time::Duration;

/// What is wired to the terminals of one instrument.
///
/// Channels of supplies and loads count from 1; channels of a switch unit are numbered as its
/// user writes them (`1001` is slot 1, channel 1).
pub trait Terminals: Send {
    /// The instant the instrument lives in; never runs backwards.
    fn now(&self) -> Duration;

    /// Puts a new law on a port, from now on.
    ///
    /// A port that has tripped stays open until [`Terminals::clear_trip`], whatever the law.
    fn set_port(&mut self, channel: u16, law: PortLaw);

    /// The port as it is now. Called on every measurement, so it should be cheap at one instant.
    fn port(&mut self, channel: u16) -> PortState;

    /// Forgets the trip of a port. The port stays open until a law is set again.
    fn clear_trip(&mut self, channel: u16);

    /// Closes or opens a relay.
    fn set_relay(&mut self, channel: u16, closed: bool);

    /// The true voltage in volts across a measuring channel.
    fn sense_voltage(&mut self, channel: u16) -> f64;

    /// The true current in amperes through a measuring channel that is made for current.
    fn sense_current(&mut self, channel: u16) -> f64 {
        let _ = channel;
        0.0
    }

    /// The true resistance in ohms across a measuring channel; infinite when open.
    fn sense_resistance(&mut self, channel: u16) -> f64 {
        let _ = channel;
        f64::INFINITY
    }

    /// The true temperature in degrees Celsius at the sensor of a measuring channel.
    fn sense_temperature(&mut self, channel: u16) -> f64;

    /// The eight lines of a digital input channel; bit 0 is line 0, a set bit a high line.
    fn digital_in(&mut self, channel: u16) -> u8;

    /// Drives the eight lines of a digital output channel.
    fn set_digital_out(&mut self, channel: u16, lines: u8);

    /// Commands the chamber: the air moves towards the set point in degrees Celsius while running
    /// and back to the room when not. How fast is up to the world.
    fn set_chamber(&mut self, set_point_c: f64, running: bool);

    /// Puts a resistance in ohms on the terminals of a programmable resistor; infinite when open.
    fn set_resistance(&mut self, channel: u16, ohms: f64) {
        let _ = (channel, ohms);
    }

    /// The true temperature of the chamber's air in degrees Celsius.
    fn chamber_temperature(&mut self) -> f64;
}

/// What a port tries to hold, as a function of what it meets.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum PortLaw {
    /// High-ohmic: no current.
    Off,
    /// A supply.
    Source(SourceLaw),
    /// An electronic load.
    Load(LoadLaw),
}

/// A supply's law: hold a voltage, within limits of current and power in both directions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SourceLaw {
    /// The voltage held, in volts, while no limit acts.
    pub voltage_v: f64,
    /// The largest current delivered, in amperes, zero or more.
    pub source_limit_a: f64,
    /// The largest current taken in, in amperes, zero or more; 0 for a one-quadrant supply.
    pub sink_limit_a: f64,
    /// The largest power delivered, in watts.
    pub source_limit_w: f64,
    /// The largest power taken in, in watts.
    pub sink_limit_w: f64,
    /// Trips when the terminal voltage exceeds this, in volts.
    pub ovp_v: Option<f64>,
    /// Trips when the delivered current exceeds this, in amperes.
    pub ocp_a: Option<f64>,
    /// Trips when the current taken in exceeds this, in amperes.
    pub sink_ocp_a: Option<f64>,
    /// Trips when the power in either direction exceeds this, in watts.
    pub opp_w: Option<f64>,
    /// An electronic fuse: trips when a current limit has acted for this long without a break.
    pub fuse: Option<Duration>,
}

/// A load's law: draw current according to a mode, within limits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LoadLaw {
    /// What is held.
    pub mode: LoadMode,
    /// Draws nothing below this terminal voltage, in volts.
    pub voltage_on_v: f64,
    /// Never draws more than this, in amperes.
    pub limit_a: f64,
    /// Never draws more than this, in watts.
    pub limit_w: f64,
    /// Trips when the terminal voltage exceeds this, in volts.
    pub ovp_v: Option<f64>,
    /// Trips when the drawn current exceeds this, in amperes.
    pub ocp_a: Option<f64>,
    /// Trips when the drawn power exceeds this, in watts.
    pub opp_w: Option<f64>,
}

/// What an electronic load holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum LoadMode {
    /// A drawn current in amperes.
    Current(f64),
    /// A terminal voltage in volts.
    Voltage(f64),
    /// A drawn power in watts.
    Power(f64),
    /// A resistance in ohms.
    Resistance(f64),
    /// A short circuit.
    Short,
}

/// A port at one instant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PortState {
    /// The voltage at the terminals in volts, also of a port that is off.
    pub voltage_v: f64,
    /// The current in amperes, positive out of the instrument.
    pub current_a: f64,
    /// What the port is holding.
    pub mode: PortMode,
    /// Why the port has opened by itself, until cleared.
    pub tripped: Option<Trip>,
}

impl PortState {
    /// An open port at a voltage in volts.
    #[must_use]
    pub fn open(voltage_v: f64) -> Self {
        Self {
            voltage_v,
            current_a: 0.0,
            mode: PortMode::Off,
            tripped: None,
        }
    }
}

/// What a port is holding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PortMode {
    /// Nothing: the port is open.
    Off,
    /// Its voltage.
    ConstantVoltage,
    /// Its current, in either direction.
    ConstantCurrent,
    /// Its power, in either direction.
    ConstantPower,
    /// Its resistance.
    ConstantResistance,
}

/// Why a port opened by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trip {
    /// The terminal voltage went over its protection level.
    OverVoltage,
    /// The current went over its protection level.
    OverCurrent,
    /// The power went over its protection level.
    OverPower,
    /// The electronic fuse blew: a current limit acted for longer than the fuse allows.
    Fuse,
    /// The instrument got too hot.
    OverTemperature,
    /// Nobody has spoken to the instrument for longer than its watchdog allows.
    Watchdog,
}
