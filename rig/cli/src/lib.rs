//! The rig: features in Gherkin on benches of programmable instruments.
//!
//! The library is the binary: the command line, the runner around cucumber, the verbs, and the
//! steps. Only here is it decided whether a bench is real or simulated; everything below is handed
//! links, clocks, radios and operators and can't tell.

mod args;
mod doctor;
mod dossier;
pub mod exit;
pub mod feature;
mod guard;
mod history;
mod init;
mod notes;
#[cfg(feature = "sim")]
mod qualify;
pub mod run;
pub mod search;
mod step_error;
mod steps;
pub mod verbs;
mod world;

pub use args::Arguments;
pub use step_error::{StepError, StepResult};
pub use verbs::main;
pub use world::RigWorld;
