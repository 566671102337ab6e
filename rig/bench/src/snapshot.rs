//! What the bench knows at one instant.

use crate::Measured;
use api::{LoadMode, TelemetrySample};
use std::fmt;
use std::time::Duration;
use units::{Amps, Celsius, Volts};

/// What the bench knows at one instant. Each value carries its own.
///
/// After a cheap sample ([`crate::Bench::sample_contacts`]) contacts and telemetry are new and the
/// rest is that of the last full one.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Snapshot {
    /// When the newest part of it was taken.
    pub at: Duration,
    /// When everything was measured the last time.
    pub full_at: Duration,
    /// Cell voltages by battery; batteries and cells count from 0 here.
    pub cells: Vec<Vec<Measured>>,
    /// Voltage of the bank.
    pub pack: Option<Measured>,
    /// At the charger's terminals; its current is positive into the bank.
    pub charger: Option<Port>,
    /// At the load's terminals; its current is a magnitude, drawn from the bank.
    pub load: Option<Port>,
    /// On the charger's side of its contactor.
    pub charger_side: Option<Measured>,
    /// Into the bank: charger less load. `None` on a board bench.
    pub current: Option<Measured>,
    /// Thermocouple at the board or on the first battery's case.
    pub temperature: Option<Measured>,
    /// Air of the chamber.
    pub chamber: Option<Measured>,
    /// The BMS's contacts.
    pub contacts: Contacts,
    /// The newest report of each battery; `None` where nothing fresh came, which says nothing
    /// about the battery.
    pub batteries: Vec<Option<TelemetrySample>>,
    /// Relays as commanded and read back at that time.
    pub relays: RelayStates,
    /// Outputs as commanded and read back at that time.
    pub outputs: Outputs,
}

/// Voltage, current and state of a charger or load.
#[derive(Debug, Clone, PartialEq)]
pub struct Port {
    /// At its terminals.
    pub voltage: Measured,
    /// Through it.
    pub current: Measured,
    /// Whether its output (or input) reads back on; off although commanded on means that a
    /// protection tripped.
    pub on: bool,
}

/// A cell of a snapshot: which, and its voltage.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cell<'a> {
    /// From 1.
    pub battery: usize,
    /// From 1, the most negative one.
    pub cell: usize,
    /// Its voltage.
    pub voltage: &'a Measured,
}

/// A contact of the BMS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Contact {
    /// Charge disconnect; on is "may charge".
    Charge,
    /// Load disconnect; on is "may discharge".
    Load,
    /// Pre-alarm; on is "the loads go off soon".
    PreAlarm,
    /// Status relay of an inverter/charger: on while it inverts.
    Inverting,
    /// Status relay of an inverter/charger: on while it charges.
    Charging,
}

impl Contact {
    /// The three that every bench samples; not every BMS has the last.
    pub const ALL: [Self; 3] = [Self::Charge, Self::Load, Self::PreAlarm];
}

impl fmt::Display for Contact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Charge => "charge contact",
            Self::Load => "load contact",
            Self::PreAlarm => "pre-alarm contact",
            Self::Inverting => "inverter",
            Self::Charging => "charger of the inverter/charger",
        })
    }
}

/// The BMS's contacts at one instant. `Some(true)` is on: the output is high or the contact closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Contacts {
    /// When the port was asked: a contact seen on was on at this instant or later.
    pub asked: Duration,
    /// When the answer was in: a contact seen on had gone on by then.
    pub at: Duration,
    /// May charge.
    pub charge: Option<bool>,
    /// May discharge.
    pub load: Option<bool>,
    /// The loads go off soon; `None` where the BMS or the bench has no such contact.
    pub pre_alarm: Option<bool>,
    /// An inverter/charger inverts; `None` where none is wired.
    pub inverting: Option<bool>,
    /// An inverter/charger charges; `None` where none is wired.
    pub charging: Option<bool>,
}

impl Contacts {
    /// One of them.
    #[must_use]
    pub fn get(&self, contact: Contact) -> Option<bool> {
        match contact {
            Contact::Charge => self.charge,
            Contact::Load => self.load,
            Contact::PreAlarm => self.pre_alarm,
            Contact::Inverting => self.inverting,
            Contact::Charging => self.charging,
        }
    }

    pub(crate) fn set(&mut self, contact: Contact, on: bool) {
        match contact {
            Contact::Charge => self.charge = Some(on),
            Contact::Load => self.load = Some(on),
            Contact::PreAlarm => self.pre_alarm = Some(on),
            Contact::Inverting => self.inverting = Some(on),
            Contact::Charging => self.charging = Some(on),
        }
    }
}

/// A pole of a BMS cable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pole {
    /// Allowed to charge.
    Charge,
    /// Allowed to discharge.
    Discharge,
    /// No pre-alarm.
    PreAlarm,
}

impl Pole {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Charge, Self::Discharge, Self::PreAlarm];

    pub(crate) fn index(self) -> usize {
        match self {
            Self::Charge => 0,
            Self::Discharge => 1,
            Self::PreAlarm => 2,
        }
    }
}

impl fmt::Display for Pole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Charge => "charge pole",
            Self::Discharge => "discharge pole",
            Self::PreAlarm => "pre-alarm pole",
        })
    }
}

/// Relays as commanded; the driver read each back when it switched. `true` is closed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RelayStates {
    /// `None` where not wired.
    pub charger_contactor: Option<bool>,
    /// `None` where not wired.
    pub load_contactor: Option<bool>,
    /// `None` where not wired.
    pub safety: Option<bool>,
    /// Remote terminals of the BMS parted; `None` where not wired.
    pub remote_off: Option<bool>,
    /// Charger on the alternator port; `None` where not wired.
    pub alternator: Option<bool>,
    /// Load on the system port; `None` where not wired.
    pub system_port: Option<bool>,
    /// Contacts bridged; `None` where not wired.
    pub bridge: Option<bool>,
    /// Poles of each cable, in the order of [`Pole::ALL`].
    pub cables: Vec<[bool; 3]>,
    /// Bypass of each battery.
    pub bypass: Vec<bool>,
}

/// Outputs as commanded; the driver read each back when it switched.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Outputs {
    /// Set-points of the cells by battery, while energised; empty while off.
    pub cells: Vec<Vec<Volts>>,
    /// Whether the BMS's supply is on.
    pub bms_supply: bool,
    /// Set-points of the charger while it's on.
    pub charger: Option<(Volts, Amps)>,
    /// What the load does while it's on.
    pub load: Option<LoadMode>,
    /// Set-point of the chamber while it runs.
    pub chamber: Option<Celsius>,
}

impl Snapshot {
    /// All cells of all batteries.
    pub fn all_cells(&self) -> impl Iterator<Item = Cell<'_>> {
        (1..).zip(&self.cells).flat_map(|(battery, cells)| {
            (1..).zip(cells).map(move |(cell, voltage)| Cell {
                battery,
                cell,
                voltage,
            })
        })
    }

    /// The lowest cell of all.
    #[must_use]
    pub fn lowest_cell(&self) -> Option<Cell<'_>> {
        self.all_cells()
            .min_by(|a, b| a.voltage.value.total_cmp(&b.voltage.value))
    }

    /// The highest cell of all.
    #[must_use]
    pub fn highest_cell(&self) -> Option<Cell<'_>> {
        self.all_cells()
            .max_by(|a, b| a.voltage.value.total_cmp(&b.voltage.value))
    }

    /// Highest less lowest cell of a battery (from 1).
    #[must_use]
    pub fn spread(&self, battery: usize) -> Option<Measured> {
        let cells = self.cells.get(battery.checked_sub(1)?)?;
        let order = |a: &&Measured, b: &&Measured| a.value.total_cmp(&b.value);
        Some(
            cells
                .iter()
                .max_by(order)?
                .minus(cells.iter().min_by(order)?),
        )
    }

    /// The report of a battery (from 1), where a fresh one came.
    #[must_use]
    pub fn battery(&self, battery: usize) -> Option<&TelemetrySample> {
        self.batteries.get(battery.checked_sub(1)?)?.as_ref()
    }

    /// One contact.
    #[must_use]
    pub fn contact(&self, contact: Contact) -> Option<bool> {
        self.contacts.get(contact)
    }
}
