//! The clock of a laboratory.

use api::{Cancel, Clock, Stopped};
use std::time::{Duration, Instant};

/// How soon a sleeper notices that the run was cancelled.
const SLICE: Duration = Duration::from_millis(20);

/// Wall time since the run began.
#[derive(Debug, Clone)]
pub struct WallClock {
    start: Instant,
    /// What it read at the start.
    from: Duration,
    cancel: Cancel,
}

impl WallClock {
    /// A clock that reads zero now.
    #[must_use]
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the clock that everyone else is told to use"
    )]
    pub fn start() -> Self {
        Self {
            start: Instant::now(),
            from: Duration::ZERO,
            cancel: Cancel::new(),
        }
    }

    /// The same clock, whose sleepers wake when `cancel` is set.
    #[must_use]
    pub fn stopped_by(&self, cancel: Cancel) -> Self {
        Self {
            cancel,
            ..self.clone()
        }
    }

    /// A clock that is ahead of this one: it goes on where another process's clock ended.
    #[must_use]
    pub fn later_by(&self, time: Duration) -> Self {
        Self {
            from: self.from + time,
            ..self.clone()
        }
    }
}

impl Clock for WallClock {
    fn now(&self) -> Duration {
        self.from + self.start.elapsed()
    }

    fn sleep(&self, time: Duration) -> Result<(), Stopped> {
        let end = self.now() + time;
        loop {
            self.cancel.check()?;
            let left = end.saturating_sub(self.now());
            if left.is_zero() {
                return Ok(());
            }
            self.sleep_through(left.min(SLICE));
        }
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "this is the clock that everyone else is told to use"
    )]
    fn sleep_through(&self, time: Duration) {
        std::thread::sleep(time);
    }
}

#[cfg(test)]
mod tests {
    use super::WallClock;
    use api::{Cancel, Clock as _};
    use std::time::Duration;

    #[test]
    fn a_cancelled_sleeper_wakes_at_once() {
        let cancel = Cancel::new();
        let clock = WallClock::start().stopped_by(cancel.clone());
        let sleeper = std::thread::spawn(move || clock.sleep(Duration::from_secs(600)));
        cancel.cancel("enough");
        assert_eq!(sleeper.join().unwrap().unwrap_err().reason, "enough");
    }

    #[test]
    fn time_passes() {
        let clock = WallClock::start();
        let before = clock.now();
        clock.sleep(Duration::from_millis(30)).unwrap();
        assert!(clock.now() - before >= Duration::from_millis(30));
    }
}
