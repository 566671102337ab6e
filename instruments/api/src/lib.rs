//! The traits and shared types of a bench: what procedures may ask of instruments, clocks,
//! batteries' radios and people, whoever answers.
//!
//! This crate knows no instrument, no file format and no simulation. Currents are positive into
//! the battery; a driver whose instrument counts the other way translates.

mod clock;
mod error;
mod flasher;
mod instruments;
mod operator;
mod telemetry;

pub use clock::{Cancel, Clock, Stopped};
pub use error::InstrumentError;
pub use flasher::{
    BoardKind, Erase, FirmwareIdentity, FirmwareLabel, FlashError, FlashPermissions, FlashProgress,
    FlashState, FlashStep, Flasher, ImageProblem, OnProgress, Programmed,
};
pub use instruments::{
    Capability, Chamber, ChannelId, DigitalIo, Driver, ElectronicLoad, Identity, Instrument,
    LoadMode, Meter, PowerSupply, Protection, Regulation, Resistor, Switch, ThermocoupleType,
};
pub use operator::{Answer, Operator, OperatorError, Request};
pub use telemetry::{
    AlarmCode, BalancerStatus, BatteryReport, BmsReport, CellVoltage, MonitorReport, Telemetry,
    TelemetryError, TelemetrySample,
};
