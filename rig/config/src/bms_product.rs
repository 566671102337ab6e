//! What the manual, and the papers of a BMS, say of a BMS model: read by the judge only.

use units::{Amps, Volts};

/// A BMS model. What its papers don't say is empty or `None`.
#[derive(Debug, Clone, PartialEq)]
pub struct BmsProduct {
    /// `smallBMS`.
    pub name: String,
    /// The name it was sold under before.
    pub formerly: Option<String>,
    /// Whether it is no longer made.
    pub end_of_life: bool,
    /// Nominal voltages of the banks it is for.
    pub system_voltages: Vec<Volts>,
    /// Lowest and highest supply.
    pub supply: Option<(Volts, Volts)>,
    /// Where in the wiring of the bank it sits; empty: beside it.
    pub installed_in: Vec<Conductor>,
    /// Whether it has a pre-alarm contact.
    pub pre_alarm: bool,
    /// How the pre-alarm may show itself; empty: steadily.
    pub pre_alarm_modes: Vec<PreAlarmMode>,
    /// Nature of its contacts.
    pub contacts: ContactNature,
    /// Its load disconnect.
    pub load_contact: Option<ContactRating>,
    /// Its charge disconnect.
    pub charge_contact: Option<ContactRating>,
    /// Its pre-alarm.
    pub pre_alarm_contact: Option<ContactRating>,
    /// LEDs when it refuses loads and chargers, for the operator: `blue off, red on`.
    pub refusing_leds: String,
    /// Its LEDs, from left to right.
    pub leds: Vec<Led>,
    /// Its terminals for switching it from afar.
    pub remote: Option<Remote>,
    /// Its port for an alternator.
    pub alternator: Option<AlternatorPort>,
    /// Its switched ports besides.
    pub ports: Vec<PowerPort>,
    /// What its contactor carries, if it has one.
    pub contactor: Option<Amps>,
    /// How it has power over inverter/chargers.
    pub inverter_control: Vec<InverterControl>,
    /// How it can be read.
    pub telemetry: Vec<BmsTelemetry>,
    /// What a person does otherwise with this model than with the rest.
    pub instructions: Vec<String>,
}

/// The electrical nature of a BMS's contacts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContactNature {
    /// High or floating; needs a pull-down to be read.
    Sourcing,
    /// A dry contact.
    Dry,
    /// A switched power port.
    PowerPort,
}

/// What one contact can do.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct ContactRating {
    /// Highest current out of it.
    pub current: Option<Amps>,
    /// How far below the supply it is when high.
    pub drop: Option<Volts>,
    /// Whether it stands a short circuit.
    pub short_proof: Option<bool>,
}

/// How a pre-alarm shows itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PreAlarmMode {
    /// On from beginning to end.
    Continuous,
    /// On and off.
    Intermittent,
}

/// A pole of the system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conductor {
    /// Plus.
    Positive,
    /// Minus.
    Negative,
}

/// One LED.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Led {
    /// What is printed beside it, or its colour where nothing is.
    pub label: String,
    /// Its colour.
    pub colour: Option<String>,
    /// What it means when it is lit.
    pub means: Option<String>,
    /// Whether it is lit while loads and chargers are refused.
    pub refusing: Option<bool>,
}

/// Terminals for switching a BMS from afar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Remote {
    /// Below it the terminal L counts as low.
    pub low_below: Option<Volts>,
    /// Above it the terminal H counts as high.
    pub high_above: Option<Volts>,
    /// What goes off.
    pub stops: RemoteStops,
}

/// What the remote terminals stop, as the model comes from the factory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RemoteStops {
    /// Both contacts.
    Everything,
    /// Charging from the alternator.
    Alternator,
}

/// A port for an alternator.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AlternatorPort {
    /// Highest current.
    pub current: Amps,
    /// Whether the current can be limited to a setting.
    pub limited: bool,
    /// It begins to charge above it.
    pub starts_above: Option<Volts>,
}

/// A switched port.
#[derive(Debug, Clone, PartialEq)]
pub struct PowerPort {
    /// As printed beside it.
    pub name: String,
    /// For how long it likes.
    pub current: Amps,
    /// For a moment.
    pub peak: Option<Amps>,
    /// What goes through it.
    pub carries: Carries,
}

/// What goes through a port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carries {
    /// Loads.
    Loads,
    /// Chargers.
    Chargers,
    /// Both.
    Both,
}

/// How a BMS has power over inverter/chargers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InverterControl {
    /// By VE.Bus, itself.
    VeBus,
    /// By DVCC, through a GX.
    Dvcc,
}

/// How a BMS can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BmsTelemetry {
    /// By radio, with the app.
    Bluetooth,
    /// By radio, from its advertisements, in a layout that is public.
    InstantReadout,
    /// By radio, from its advertisements, in a layout that isn't public: kept, not judged by.
    RawAdverts,
    /// By VE.Can.
    VeCan,
    /// By VE.Bus, through what it is connected to.
    VeBus,
}
