//! A bench as procedures see it: roles instead of channels, snapshots instead of queries, and a
//! safe state that is proven by reading back.
//!
//! [`Bench::open`] takes over the instruments of a bench file. From then on every command is
//! journalled and held against the envelope before anything is sent, every [`Snapshot`] passes the
//! envelope guard, and every way out ends in [`Bench::make_safe`]. An [`Actor`] owns a bench on a
//! thread of its own.
//!
//! The crate knows neither SCPI nor the manual's procedures, and nothing in it asks whether the
//! world behind the drivers is real.

mod actor;
mod alive;
mod bank;
mod bench;
mod board;
mod checkpoint;
mod error;
mod guard;
mod instruments;
mod limits;
mod measured;
mod observe;
mod open;
mod parts;
mod ports;
mod power;
mod proof;
mod relays;
mod roles;
mod safe;
mod samples;
mod scan;
mod snapshot;
mod story;
mod thermistor;
mod watch;

pub use actor::{Actor, ActorError, Job};
pub use bank::check_bank;
pub use bench::Bench;
pub use error::BenchError;
pub use measured::Measured;
pub use parts::{ExchangeNote, LeftBehind, OffOrder, Parts};
pub use ports::ContactVoltages;
pub use roles::{Problem, check_roles};
pub use safe::SafeState;
pub use snapshot::{Cell, Contact, Contacts, Outputs, Pole, Port, RelayStates, Snapshot};
pub use story::{Contradiction, strings_and_bank};
