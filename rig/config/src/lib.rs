//! Bench, product, device, clause and fault files: read strictly, checked, and handed on typed.
//!
//! Everything here happens before any output turns on. The crate knows the files' meaning and the
//! units in them; it opens no instrument and simulates nothing.

mod bench;
mod bench_bms;
mod bench_file;
mod bms_product;
mod bms_product_file;
mod boards;
mod clauses;
mod clauses_file;
mod data_sheet;
mod device;
mod device_file;
mod entries;
mod error;
mod fault;
mod fault_file;
mod fault_schema;
mod installation;
mod product;
mod product_file;
mod search;
mod source;
mod thermistor;

pub use bench::{
    Accuracy, AccuracyTerm, Bench, BenchKind, BmsCable, Calibration, CellRole, ChannelRef,
    ContactSense, Contacts, Device, Envelope, Instrument, InstrumentLimits, Lab, MonitorRole,
    RadioRole, Range, Relays, ResidualSense, Rule, SensePoints, Settings, ThermocoupleRole,
    Topology, Wiring,
};
pub use bench_file::{load_bench, parse_bench};
pub use bms_product::{
    AlternatorPort, BmsProduct, BmsTelemetry, Carries, Conductor, ContactNature, ContactRating,
    InverterControl, Led, PowerPort, PreAlarmMode, Remote, RemoteStops,
};
pub use bms_product_file::{load_bms_product, parse_bms_product};
pub use boards::{BoardRole, Boards, Firmware, ProbeRole};
pub use clauses::{Bound, Clause, ClauseKind, ClauseLimit, Clauses, Scalar};
pub use clauses_file::{load_clauses, parse_clauses};
pub use data_sheet::{DataSheet, InitialCharge};
pub use device::{BatteryDevice, BmsDevice, BoardParameters};
pub use device_file::{
    load_battery_device, load_bms_device, parse_battery_device, parse_bms_device,
};
pub use entries::Entry;
pub use error::{ConfigError, Problem};
pub use fault::{Expectation, Fault, Injection};
pub use fault_file::{load_fault, parse_fault};
pub use installation::{Born, Cable, ChargerSettings, Installation, Monitor};
pub use product::BatteryProduct;
pub use product_file::{load_battery_product, parse_battery_product};
pub use search::{FileKind, SearchPath};
pub use thermistor::ThermistorRole;
