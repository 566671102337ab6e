//! The only clock, and the token that stops whoever waits on it.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// Time as the bench sees it: wall time in a laboratory, simulated time elsewhere.
///
/// In simulation `sleep` *is* the simulation step: plant, boards and instruments advance together
/// to the new instant before it returns.
pub trait Clock: Send + Sync {
    /// Time since the run began.
    fn now(&self) -> Duration;

    /// Lets `time` pass.
    ///
    /// # Errors
    /// [`Stopped`] as soon as the run is cancelled, before or during the wait.
    fn sleep(&self, time: Duration) -> Result<(), Stopped>;

    /// Lets `time` pass whatever happens. For making safe, which a cancelled run still must do.
    fn sleep_through(&self, time: Duration);
}

/// The run was cancelled; the text says by what.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("stopped: {reason}")]
pub struct Stopped {
    /// `interrupt (SIGINT)`, `step time-out after 60 s`, `the bench lock was lost` …
    pub reason: String,
}

/// A token that ends procedures: set once, by a signal, a time-out or a lost lock, and never unset.
#[derive(Debug, Clone, Default)]
pub struct Cancel(Arc<OnceLock<Stopped>>);

impl Cancel {
    /// A token that nobody has set.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Cancels. The first reason stays.
    pub fn cancel(&self, reason: impl Into<String>) {
        let _first_reason_stays = self.0.set(Stopped {
            reason: reason.into(),
        });
    }

    /// Whether it's time to stop.
    ///
    /// # Errors
    /// [`Stopped`] with the reason, once cancelled.
    pub fn check(&self) -> Result<(), Stopped> {
        self.0.get().map_or(Ok(()), |stopped| Err(stopped.clone()))
    }

    /// Whether [`Cancel::cancel`] was called.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.get().is_some()
    }
}
