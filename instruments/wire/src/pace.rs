//! Time as a session needs it, so that this crate needs no clock of its own.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Where stamps come from and how gaps between messages are waited out.
pub trait Pace: Send + Sync {
    /// Time since the run began.
    fn now(&self) -> Duration;

    /// Lets `time` pass, whatever happens: an instrument's minimum gap is no reason to give up.
    fn wait(&self, time: Duration);
}

impl<P: Pace + ?Sized> Pace for std::sync::Arc<P> {
    fn now(&self) -> Duration {
        (**self).now()
    }
    fn wait(&self, time: Duration) {
        (**self).wait(time);
    }
}

/// A pace that only moves when somebody waits on it. For tests and for instruments without a world.
#[derive(Debug, Default)]
pub struct Stopwatch {
    nanoseconds: AtomicU64,
}

impl Stopwatch {
    /// Starts at zero.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl Pace for Stopwatch {
    fn now(&self) -> Duration {
        Duration::from_nanos(self.nanoseconds.load(Ordering::Relaxed))
    }
    fn wait(&self, time: Duration) {
        let step = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        self.nanoseconds.fetch_add(step, Ordering::Relaxed);
    }
}
