//! What a bench file says, checked.

use crate::{Boards, Installation, ThermistorRole};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;
use units::{Amps, Celsius, Kelvin, KelvinPerMinute, Ohms, Percent, Volts};

/// A bench: instruments, how they are wired to the device under test, and what must never happen.
#[derive(Debug, Clone, PartialEq)]
pub struct Bench {
    /// Its name, `sim-board-4s`.
    pub name: String,
    /// One sentence for people.
    pub about: String,
    /// What kind of bench.
    pub kind: BenchKind,
    /// Where it was read from.
    pub path: PathBuf,
    /// What scenarios may ask for with `@needs:…` and this bench gives: `chamber`, `imbalance` …
    pub provides: Vec<String>,
    /// Given too, and the bench serves only scenarios that ask for one of these words; empty where
    /// it serves every scenario whose wants it meets.
    pub only: Vec<String>,
    /// By id.
    pub instruments: BTreeMap<String, Instrument>,
    /// Which channel plays which role.
    pub wiring: Wiring,
    /// What stands on the bench.
    pub device: Device,
    /// What runs on its boards, and the debug probes on them.
    pub boards: Boards,
    /// What must never be exceeded while the bench is energised.
    pub envelope: Envelope,
    /// Whose laboratory this is.
    pub lab: Lab,
    /// What is installed around the batteries, where it's on record.
    pub installation: Option<Installation>,
}

impl Bench {
    /// Cells in series in each battery; 0 on a battery bench without sense leads on the cells.
    #[must_use]
    pub fn cells_per_battery(&self) -> usize {
        match self.kind {
            BenchKind::Board => self.wiring.cells.len(),
            BenchKind::Battery => self.wiring.sense.cells.first().map_or(0, Vec::len),
        }
    }

    /// What scenarios may ask of this bench with `@bench:…` and `@needs:…`: its kind, `cells:4`,
    /// `topology:2S1P`, `bms:smallbms`, `several-batteries`, `series`, `parallel`, `chamber`, `balanced`
    /// (a battery bench about which nothing else is said), what
    /// is wired of a BMS (`pre-alarm`, `remote`, `contact-voltages`, `inverter`,
    /// `alternator-port`, `system-port`, `bridge`), `residual`, a switched `monitor`, and every word of `provides`.
    #[must_use]
    pub fn gives(&self) -> BTreeSet<String> {
        let Topology { series, parallel } = self.device.topology;
        let kind = match self.kind {
            BenchKind::Board => "board",
            BenchKind::Battery => "battery",
        };
        let words = [
            (true, kind),
            (series * parallel > 1, "several-batteries"),
            (series > 1, "series"),
            (parallel > 1, "parallel"),
            (self.wiring.chamber.is_some(), "chamber"),
            (self.wiring.thermistor.is_some(), "thermistor"),
            (self.is_balanced(), "balanced"),
            (self.wiring.contacts.pre_alarm.is_some(), "pre-alarm"),
            (self.wiring.contacts.inverting.is_some(), "inverter"),
            (self.wiring.relays.remote_off.is_some(), "remote"),
            (self.wiring.relays.alternator.is_some(), "alternator-port"),
            (self.wiring.relays.system_port.is_some(), "system-port"),
            (self.wiring.relays.bridge.is_some(), "bridge"),
            (self.wiring.sense.contacts.is_some(), "contact-voltages"),
            (self.wiring.sense.residual.is_some(), "residual"),
            (self.has_monitor(), "monitor"),
        ];
        let mut gives: BTreeSet<String> = words
            .iter()
            .filter(|(given, _)| *given)
            .map(|(_, word)| (*word).to_owned())
            .collect();
        gives.insert(format!("topology:{series}S{parallel}P"));
        gives.insert(format!("bms:{}", crate::search::slug(&self.device.bms)));
        if self.cells_per_battery() > 0 {
            gives.insert(format!("cells:{}", self.cells_per_battery()));
        }
        self.boards.give(&mut gives);
        gives.extend(self.provides.iter().chain(&self.only).cloned());
        gives
    }

    /// Whether a battery monitor hangs on the load disconnect of the BMS, within the radio's reach.
    #[must_use]
    pub fn has_monitor(&self) -> bool {
        let monitor = self.installation.as_ref();
        let monitor = monitor.and_then(|installation| installation.monitor);
        self.wiring.radio.is_some() && monitor.is_some_and(|monitor| monitor.switched)
    }

    fn is_balanced(&self) -> bool {
        self.kind == BenchKind::Battery
            && self.device.cell_offsets.is_empty()
            && !self.provides.iter().any(|word| word == "imbalance")
    }

    /// Whether a scenario that asks for these words may run here, if the bench gives them all.
    #[must_use]
    pub fn serves(&self, asks: &[&str]) -> bool {
        self.only.is_empty() || self.only.iter().any(|word| asks.contains(&word.as_str()))
    }
}

/// The two kinds of bench.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BenchKind {
    /// A supply channel stands for each cell; there is no pack current.
    Board,
    /// A whole battery or bank with charger and load.
    Battery,
}

/// One instrument.
#[derive(Debug, Clone, PartialEq)]
pub struct Instrument {
    /// Name of its driver, `rs-ngm202`.
    pub driver: String,
    /// `tcp://host:port`, `serial:///dev/…`, `sim:`.
    pub address: String,
    /// Serial number it must answer with.
    pub serial: Option<String>,
    /// Calibration, where it has one.
    pub calibration: Option<Calibration>,
    /// Accuracy by quantity: `voltage`, `current`, `temperature`.
    pub accuracy: Accuracy,
    /// Limits tighter than the model's own.
    pub limits: InstrumentLimits,
    /// Cards by slot, for a switch unit.
    pub cards: BTreeMap<u8, String>,
}

/// A calibration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calibration {
    /// Number of the certificate.
    pub certificate: String,
    /// Last day it is good for, `2027-06-30`.
    pub due: String,
}

/// Accuracy of an instrument's readings, at k = 2.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Accuracy {
    /// Of voltage readings; the constant part in volts.
    pub voltage: AccuracyTerm,
    /// Of current readings; the constant part in amperes.
    pub current: AccuracyTerm,
    /// Of temperature readings; the constant part in kelvin.
    pub temperature: AccuracyTerm,
}

/// A share of the reading plus a constant.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct AccuracyTerm {
    /// Share of the reading.
    pub of_reading: Percent,
    /// Constant part (share of range already resolved), in the quantity's unit.
    pub constant: f64,
    /// Last digit that a reading shows, in the quantity's unit; 0 where it's part of the above.
    pub resolution: f64,
    /// Standard deviation of repeated readings, in the quantity's unit; 0 where it's part of the
    /// above.
    pub noise: f64,
}

/// Limits that the driver refuses to pass.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct InstrumentLimits {
    /// Highest voltage set-point.
    pub voltage: Option<Volts>,
    /// Highest current set-point.
    pub current: Option<Amps>,
}

/// A channel of an instrument: `daq/3001`, or a bit of a port: `daq/5101.2`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ChannelRef {
    /// Id of the instrument.
    pub instrument: String,
    /// Channel as the instrument numbers it.
    pub channel: u16,
    /// Bit of a digital port.
    pub bit: Option<u8>,
}

impl fmt::Display for ChannelRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.instrument, self.channel)?;
        self.bit.map_or(Ok(()), |bit| write!(f, ".{bit}"))
    }
}

/// Which channel plays which role.
#[derive(Debug, Clone, PartialEq)]
pub struct Wiring {
    /// Board bench: the supply that stands for each cell, from the most negative.
    pub cells: Vec<CellRole>,
    /// Supply of the BMS on a board bench, and its voltage.
    pub bms_supply: Option<(ChannelRef, Volts)>,
    /// Battery bench: the charger.
    pub charger: Option<ChannelRef>,
    /// Battery bench: the electronic load.
    pub load: Option<ChannelRef>,
    /// Relays.
    pub relays: Relays,
    /// The BMS's contacts.
    pub contacts: Contacts,
    /// What is measured besides.
    pub sense: SensePoints,
    /// Id of the chamber instrument.
    pub chamber: Option<String>,
    /// A programmable resistor in place of a board's thermistor: temperatures without a chamber.
    pub thermistor: Option<ThermistorRole>,
    /// Receiver of the batteries' radio.
    pub radio: Option<RadioRole>,
    /// A battery monitor with a line of its own; otherwise it's heard by radio.
    pub monitor: Option<MonitorRole>,
}

/// A supply channel that stands for a cell, and the meter that watches it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellRole {
    /// The supply.
    pub supply: ChannelRef,
    /// Sense leads at the board.
    pub sense: ChannelRef,
}

/// Relays by role. All are open at power-on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Relays {
    /// Connects the charger, together with the BMS's charge contact in hardware.
    pub charger_contactor: Option<ChannelRef>,
    /// Connects the load, together with the BMS's load contact in hardware.
    pub load_contactor: Option<ChannelRef>,
    /// Connects the bank to everything else.
    pub safety: Option<ChannelRef>,
    /// Closed it parts the remote terminals of the BMS, which are joined otherwise.
    pub remote_off: Option<ChannelRef>,
    /// Connects the charger to the alternator port of the BMS, instead of its own contactor.
    pub alternator: Option<ChannelRef>,
    /// Connects the load to the system port of the BMS, instead of its own contactor.
    pub system_port: Option<ChannelRef>,
    /// Bridges the BMS's contacts in the coils of both contactors: charger and load no longer
    /// listen, and only the contactor of the BMS can part them from the bank.
    pub bridge: Option<ChannelRef>,
    /// BMS cables in chain order: BMS to first battery, …, last battery to BMS.
    pub cables: Vec<BmsCable>,
    /// A battery: closed takes it out of the chain, its neighbours connected to each other (for a
    /// single battery: the loop of the manual's 6.2.5).
    pub bypass: Vec<ChannelRef>,
}

/// The three poles of one BMS cable; closed is connected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BmsCable {
    /// Allowed to charge.
    pub charge: ChannelRef,
    /// Allowed to discharge.
    pub discharge: ChannelRef,
    /// No pre-alarm.
    pub pre_alarm: ChannelRef,
}

/// The BMS's contacts, each a bit of a digital port behind an isolating comparator.
#[derive(Debug, Clone, PartialEq)]
pub struct Contacts {
    /// Charge disconnect.
    pub charge: ChannelRef,
    /// Load disconnect.
    pub load: ChannelRef,
    /// Pre-alarm.
    pub pre_alarm: Option<ChannelRef>,
    /// Status relay of an inverter/charger on the BMS's VE.Bus: closed while it inverts.
    pub inverting: Option<ChannelRef>,
    /// The same: closed while it charges.
    pub charging: Option<ChannelRef>,
    /// Resistor from each output to battery minus; without one a floating output misreads.
    pub pull_down: Ohms,
    /// Above it an output counts as high.
    pub threshold: Volts,
    /// Sampling period, 0.1 s at most.
    pub sample_period: Duration,
}

/// What is measured besides cells and contacts.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SensePoints {
    /// Sense leads on the cells of a battery bench, battery by battery.
    pub cells: Vec<Vec<ChannelRef>>,
    /// Voltage of the bank.
    pub pack: Option<ChannelRef>,
    /// Voltage on the charger's side of its contactor.
    pub charger_side: Option<ChannelRef>,
    /// Thermocouple at the board (board bench) or on the first battery's case.
    pub board_temperature: Option<ThermocoupleRole>,
    /// The BMS's contacts and its supply, each against battery minus.
    pub contacts: Option<ContactSense>,
    /// A resistor across the safety relay: what the system still draws flows through it once the
    /// relay is open.
    pub residual: Option<ResidualSense>,
}

/// A resistor that a small current is measured with.
#[derive(Debug, Clone, PartialEq)]
pub struct ResidualSense {
    /// Where the voltage across it is measured.
    pub channel: ChannelRef,
    /// The resistor.
    pub shunt: Ohms,
}

/// Where the voltages of a BMS's contacts are measured, each against battery minus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactSense {
    /// Its supply, which contacts that are on pass on.
    pub supply: ChannelRef,
    /// Charge disconnect, at its pull-down.
    pub charge: ChannelRef,
    /// Load disconnect, at its pull-down.
    pub load: ChannelRef,
}

/// A thermocouple.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThermocoupleRole {
    /// Where it's connected.
    pub channel: ChannelRef,
    /// Its type letter: `K`, `T` or `J`.
    pub kind: char,
}

/// The radio receiver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RadioRole {
    /// `sim:`, `bluez:ADAPTER`, `capture:FILE` or `follow:FILE`.
    pub receiver: String,
    /// Where the keys are: `env:NAME` (comma-separated) or `file:PATH`; simulated benches need none.
    pub keys: Option<String>,
    /// Radio addresses of the batteries in the bench's order.
    pub batteries: Vec<String>,
    /// Radio addresses of a BMS or a battery monitor that advertises too.
    pub bms: Vec<String>,
}

/// A battery monitor on a line of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonitorRole {
    /// The serial port on which it speaks VE.Direct text.
    pub ve_direct: String,
}

/// What stands on the bench.
#[derive(Debug, Clone, PartialEq)]
pub struct Device {
    /// Battery model, a product file's name: `LFP-Smart 12.8/100`.
    pub battery: String,
    /// BMS model, a product file's name: `smallBMS`.
    pub bms: String,
    /// Models that a simulated bench can have instead.
    pub other_bms: Vec<String>,
    /// How the batteries are connected.
    pub topology: Topology,
    /// Settings in force in every battery.
    pub settings: Settings,
    /// Charge at the start.
    pub state_of_charge: Percent,
    /// Charge of single cells at the start: (battery, cell) from 1, and the difference to the rest.
    pub cell_offsets: Vec<(usize, usize, Percent)>,
    /// Whether boards of simulated batteries hang at the start, as after a deep discharge (8.2).
    pub stuck_board: bool,
    /// Temperature of the room.
    pub ambient: Celsius,
    /// Serial numbers, one a battery, then the BMS.
    pub serials: Vec<String>,
}

/// Series and parallel counts; a string is a series of batteries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Topology {
    /// Batteries in series.
    pub series: usize,
    /// Strings in parallel.
    pub parallel: usize,
}

impl Topology {
    /// Batteries in all.
    #[must_use]
    pub fn batteries(self) -> usize {
        self.series * self.parallel
    }
}

/// Battery settings of the manual's 4.7.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// Cell under-voltage pre-alarm threshold.
    pub pre_alarm: Volts,
    /// Allowed-to-discharge cell voltage.
    pub discharge_cutoff: Volts,
    /// Allowed-to-charge minimum temperature.
    pub charge_temperature: Celsius,
    /// Battery temperature offset.
    pub temperature_offset: Kelvin,
}

/// From and to, both included.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range<T> {
    /// Lowest.
    pub from: T,
    /// Highest.
    pub to: T,
}

/// What must never be exceeded while the bench is energised.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Envelope {
    /// Of each cell.
    pub cell_voltage: Range<Volts>,
    /// Of the bank.
    pub pack_voltage: Range<Volts>,
    /// Into the bank: `from` is the highest discharge current, negative.
    pub current: Range<Amps>,
    /// At every sensor.
    pub temperature: Range<Celsius>,
    /// Between the highest and the lowest cell of a battery; board benches force cells apart and
    /// may leave it out.
    pub cell_spread: Option<Volts>,
    /// Of a sensor.
    pub temperature_rate: Option<KelvinPerMinute>,
}

/// Whose laboratory, and how it decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lab {
    /// Name.
    pub name: String,
    /// Postal address.
    pub address: String,
    /// For whom.
    pub customer: String,
    /// People who may answer.
    pub operators: Vec<String>,
    /// How uncertainty enters statements of conformity.
    pub rule: Rule,
}

/// How uncertainty enters statements of conformity (ILAC-G8:09/2019).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// `guard-band`: accepted and rejected only beyond the whole uncertainty.
    GuardBand,
    /// `simple-acceptance`: the value alone decides.
    SimpleAcceptance,
    /// `non-binary`: as the guard band, and what lies within it is passed or failed conditionally.
    NonBinary,
}
