//! Bench, product, device, clause and fault files: read strictly, checked, and handed on typed.
//!
//! Everything here happens before any output turns on. The crate knows the files' meaning and the
//! units in them; it opens no instrument and simulates nothing.

mod bench;
mod clauses;
mod device;
mod fault;
mod product;

pub use bench::{
    Accuracy, AccuracyTerm, Bench, BenchKind, BmsCable, Calibration, CellRole, ChannelRef,
    Contacts, Device, Envelope, Instrument, InstrumentLimits, Lab, RadioRole, Range, Relays,
    SensePoints, Settings, ThermocoupleRole, Topology, Wiring,
};
pub use clauses::{Bound, Clause, ClauseKind, ClauseLimit, Clauses, Scalar};
pub use device::{BatteryDevice, BmsDevice, BoardParameters};
pub use fault::{Expectation, Fault, Injection};
pub use product::{BatteryProduct, BmsProduct, ContactNature};
