//! The guard: a process that shares no fate with the runner. While a real bench is energised it
//! waits for a sign of life; when the runner dies or falls silent, the guard kills it, takes the
//! instruments over, switches everything off, proves it, and closes the record.
//!
//! The two are joined by a pipe. A byte a beat goes through it, one more says that the runner
//! ends in good order; an end without that byte is a death.

mod takeover;
mod watch;
mod watched;

pub(crate) use watch::{Watch, watch};
pub(crate) use watched::Watched;

use std::time::Duration;

/// How often the runner shows that it lives.
const BEAT: Duration = Duration::from_millis(200);

/// How long the runner may be silent: longer than a loaded machine makes a thread wait, shorter
/// than a battery takes to come to harm at the currents that protections let through.
pub(crate) const SILENCE: Duration = Duration::from_secs(5);

/// A sign of life.
const ALIVE: u8 = b'.';
/// The runner ends, and everything is off.
const FAREWELL: u8 = b'!';
