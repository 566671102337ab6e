//! The procedures of the manual: what is done to a battery and its BMS, and what is made of it.
//!
//! Decisions are pure functions of samples: [`Search`] halves the gap around a threshold,
//! [`Sequence`] times a warning, [`Wait`] several signals, [`Diagnosis`] finds a faulty part,
//! [`Cycling`] follows a charger that goes off and on. The loops around them own a [`bench::Bench`]
//! for as long as they run, sample it, and act; each of their waits has a deadline. Judging is
//! apart from both, so that a `When` finds and a `Then` judges.
//!
//! The crate has no numbers of the manual: limits come from the bench by statement and name. It
//! knows neither SCPI nor cucumber, and not whether the world is real.

mod catalogue;
mod cycling;
mod diagnosis;
pub mod drill;
mod drive;
mod edge;
mod error;
mod judging;
mod profile;
mod search;
mod sequence;
mod signal;
mod wait;
mod words;

pub mod alone;
pub mod attest;
pub mod balance;
pub mod before;
pub mod cables;
pub mod charge;
pub mod charging;
pub mod conditions;
pub mod deep;
pub mod discharge;
pub mod exchange;
pub mod failing_parts;
pub mod firmware;
pub mod joining;
pub mod leaving_out;
pub mod leds;
pub mod lynx;
pub mod models;
pub mod monitor;
pub mod papers;
pub mod ports;
pub mod quiet;
pub mod recovery;
pub mod reports;
pub mod residual;
pub mod response;
pub mod rest;
pub mod sanity;
pub mod settings;
pub mod stuck;
pub mod temperature;
pub mod threshold;
pub mod warning;
pub mod without_bms;

pub use cycling::{ChargeSample, Cycles, Cycling, CyclingEnd, CyclingLimits, Return, Stop};
pub use diagnosis::{Culprit, Diagnosis};
pub use edge::{Edge, EdgeFinder};
pub use error::ProcedureError;
pub use judging::Asked;
pub use profile::{Profile, ProfileEnd, ProfilePlan, ProfileSample, Stage};
pub use search::{Ended, Search, Span};
pub use sequence::{Sequence, SequenceEnd, SequenceLimits, Times, least_delay};
pub use signal::{ALL_QUIET, Goal, Signal};
pub use wait::{Wait, Waited};
