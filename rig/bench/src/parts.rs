//! What a bench is put together from.

use api::{Cancel, Clock, Driver, Operator, Telemetry};
use config::{BatteryProduct, BmsProduct, Clauses};
use record::Recorder;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a bench is put together from. Whoever builds it decides what is real.
pub struct Parts {
    /// The bench file.
    pub config: Arc<config::Bench>,
    /// What the manual says of the battery on it.
    pub battery: BatteryProduct,
    /// What the manual says of the BMS on it.
    pub bms: BmsProduct,
    /// The statements with their limits.
    pub clauses: Arc<Clauses>,
    /// Opened drivers by the bench file's ids; nothing was sent yet.
    pub instruments: BTreeMap<String, Box<dyn Driver>>,
    /// The only clock.
    pub clock: Arc<dyn Clock>,
    /// Ends procedures; the clock's `sleep` watches it too.
    pub cancel: Cancel,
    /// The radio, where the bench has one.
    pub telemetry: Option<Box<dyn Telemetry>>,
    /// Who answers requests.
    pub operator: Box<dyn Operator>,
    /// Where everything is written.
    pub recorder: Recorder,
    /// The newest lines of the transcript, oldest first; asked for when an instrument failed.
    pub exchanges: Box<dyn Fn() -> Vec<ExchangeNote> + Send>,
    /// Where things stood when a run was interrupted that is gone on with now.
    pub left: Option<LeftBehind>,
    /// Whether outputs are switched off side by side or one after the other.
    pub off_order: OffOrder,
}

/// The last checkpoint before an interruption.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LeftBehind {
    /// Cells by battery, in volts.
    pub cells_v: Vec<Vec<f64>>,
    /// Thermocouple, in °C, where there is one.
    pub temperature_c: Option<f64>,
    /// Who the instruments said that they were, by id.
    pub instruments: BTreeMap<String, String>,
}

/// How the instruments are switched off when the bench is made safe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OffOrder {
    /// One after the other, in the order of their ids: the same order every time.
    #[default]
    InTurn,
    /// A thread each, so that a dead instrument holds up no other one.
    AtOnce,
}

/// One line of the transcript.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ExchangeNote {
    /// Id of the instrument.
    pub instrument: String,
    /// What was sent, printable.
    pub sent: String,
    /// What came back, printable; empty for commands.
    pub received: String,
    /// What went wrong; empty for exchanges kept as context.
    pub problem: String,
}
