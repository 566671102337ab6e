//! Stopping: who asked for it, and whether the bench still lives.

use api::{Cancel, Clock, Stopped};
use record::Verdict;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Stops a run from any thread. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Control(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    state: Mutex<State>,
    beats: AtomicU64,
    emergency: Mutex<Armed>,
}

/// Switches every output off over connections of its own and returns what may still be on.
pub(crate) type EmergencyOff = Box<dyn FnOnce() -> Vec<String> + Send>;

#[derive(Default)]
struct Armed(Option<EmergencyOff>);

impl std::fmt::Debug for Armed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Armed").field(&self.0.is_some()).finish()
    }
}

#[derive(Debug, Default)]
struct State {
    stopped: Option<(Verdict, String)>,
    current: Option<Cancel>,
}

impl Control {
    /// A run that nobody has stopped.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Ends the run: the scenario under way is cancelled, later ones don't begin. The first reason
    /// stays.
    pub fn interrupt(&self, reason: &str) {
        let mut state = self.lock();
        if let Some(current) = &state.current {
            current.cancel(reason);
        }
        state
            .stopped
            .get_or_insert_with(|| (Verdict::Interrupted, reason.to_owned()));
    }

    /// Lets no later scenario begin.
    pub(crate) fn no_more(&self, reason: &str) {
        self.lock()
            .stopped
            .get_or_insert_with(|| (Verdict::Skipped, reason.to_owned()));
    }

    /// Cancels the scenario under way, but not the run.
    pub(crate) fn cancel_scenario(&self, reason: &str) {
        if let Some(current) = &self.lock().current {
            current.cancel(reason);
        }
    }

    /// The token of a scenario that begins now; what becomes of it and why, where the run was
    /// stopped before.
    pub(crate) fn begin_scenario(&self) -> Result<Cancel, (Verdict, String)> {
        let mut state = self.lock();
        if let Some(stopped) = &state.stopped {
            return Err(stopped.clone());
        }
        let cancel = Cancel::new();
        state.current = Some(cancel.clone());
        self.beat();
        Ok(cancel)
    }

    pub(crate) fn end_scenario(&self) {
        self.lock().current = None;
        self.armed().0 = None;
        self.beat();
    }

    /// What to do when the bench's own thread can't make it safe any more.
    pub(crate) fn arm(&self, off: EmergencyOff) {
        self.armed().0 = Some(off);
    }

    /// Takes that, once.
    pub(crate) fn take_emergency(&self) -> Option<EmergencyOff> {
        self.armed().0.take()
    }

    fn armed(&self) -> MutexGuard<'_, Armed> {
        self.0
            .emergency
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Why the run was stopped, if it was.
    #[must_use]
    pub fn stopped(&self) -> Option<(Verdict, String)> {
        self.lock().stopped.clone()
    }

    /// Whether a scenario is under way, and a number that grows as long as it gets on.
    pub(crate) fn pulse(&self) -> (bool, u64) {
        let under_way = self.lock().current.is_some();
        (under_way, self.0.beats.load(Ordering::Relaxed))
    }

    /// Shows that something gets on.
    pub(crate) fn beat(&self) {
        self.0.beats.fetch_add(1, Ordering::Relaxed);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A clock whose every use shows that the bench gets on.
pub(crate) struct Beating {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) control: Control,
}

impl Clock for Beating {
    fn now(&self) -> Duration {
        self.control.beat();
        self.clock.now()
    }
    fn sleep(&self, time: Duration) -> Result<(), Stopped> {
        self.control.beat();
        self.clock.sleep(time)
    }
    fn sleep_through(&self, time: Duration) {
        self.control.beat();
        self.clock.sleep_through(time);
    }
}

#[cfg(test)]
mod tests {
    use super::Control;
    use record::Verdict;

    #[test]
    fn an_interrupt_cancels_what_runs_and_keeps_the_rest_from_beginning() {
        let control = Control::new();
        let cancel = control.begin_scenario().unwrap();
        control.interrupt("interrupt (SIGINT)");
        control.interrupt("termination (SIGTERM)");
        assert_eq!(cancel.check().unwrap_err().reason, "interrupt (SIGINT)");
        control.end_scenario();
        assert_eq!(
            control.begin_scenario().unwrap_err(),
            (Verdict::Interrupted, "interrupt (SIGINT)".to_owned())
        );
    }

    #[test]
    fn stopping_after_a_failure_leaves_what_runs_alone() {
        let control = Control::new();
        let cancel = control.begin_scenario().unwrap();
        control.no_more("--fail-fast");
        assert!(!cancel.is_cancelled());
        control.end_scenario();
        assert_eq!(control.begin_scenario().unwrap_err().0, Verdict::Skipped);
    }
}
