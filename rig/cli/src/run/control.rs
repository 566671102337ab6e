//! Stopping: who asked for it, and whether the bench still lives.

use api::{Cancel, Clock, Stopped};
use record::Verdict;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

/// Stops a run from any thread. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Control(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    state: Mutex<State>,
    beats: AtomicU64,
    emergency: Mutex<Armed>,
    /// Of a run whose scenarios are carried out side by side: one for each that does.
    parts: Mutex<Vec<Weak<Inner>>>,
    /// The whole of which this is a part.
    whole: Option<Control>,
}

/// Switches every output off over connections of its own and returns what may still be on.
pub(crate) type EmergencyOff = Arc<dyn Fn() -> Vec<String> + Send + Sync>;

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

    /// Control of scenarios that are carried out beside others of the same run: what stops one
    /// stops all.
    pub(crate) fn part(&self) -> Self {
        let part = Self(Arc::new(Inner {
            whole: Some(self.clone()),
            ..Inner::default()
        }));
        if let Some(stopped) = self.stopped() {
            part.lock().stopped = Some(stopped);
        }
        self.parts().push(Arc::downgrade(&part.0));
        part
    }

    /// Ends the run: the scenarios under way are cancelled, later ones don't begin. The first
    /// reason stays.
    pub fn interrupt(&self, reason: &str) {
        self.stop_all(Verdict::Interrupted, reason);
    }

    /// Lets no later scenario begin.
    pub(crate) fn no_more(&self, reason: &str) {
        self.stop_all(Verdict::Skipped, reason);
    }

    fn stop_all(&self, verdict: Verdict, reason: &str) {
        let whole = self.0.whole.as_ref().unwrap_or(self);
        whole.stop(verdict, reason);
        for part in whole.living_parts() {
            part.stop(verdict, reason);
        }
    }

    fn stop(&self, verdict: Verdict, reason: &str) {
        let mut state = self.lock();
        if let (Verdict::Interrupted, Some(current)) = (verdict, &state.current) {
            current.cancel(reason);
        }
        state
            .stopped
            .get_or_insert_with(|| (verdict, reason.to_owned()));
    }

    fn living_parts(&self) -> Vec<Self> {
        let parts = self.parts();
        parts.iter().filter_map(Weak::upgrade).map(Self).collect()
    }

    fn parts(&self) -> MutexGuard<'_, Vec<Weak<Inner>>> {
        self.0.parts.lock().unwrap_or_else(PoisonError::into_inner)
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

    /// That, to be called now and perhaps again.
    pub(crate) fn emergency(&self) -> Option<EmergencyOff> {
        self.armed().0.clone()
    }

    /// Takes that, once; that of all parts together.
    pub(crate) fn take_emergency(&self) -> Option<EmergencyOff> {
        let own = self.armed().0.take();
        let parts = self.living_parts();
        let theirs = parts.iter().filter_map(Self::take_emergency);
        let all: Vec<EmergencyOff> = own.into_iter().chain(theirs).collect();
        if all.is_empty() {
            return None;
        }
        Some(Arc::new(move || all.iter().flat_map(|off| off()).collect()))
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
        let own = (under_way, self.0.beats.load(Ordering::Relaxed));
        let parts = self.living_parts();
        parts.iter().fold(own, |(any, beats), part| {
            let (under_way, more) = part.pulse();
            (any || under_way, beats + more)
        })
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
    use std::sync::Arc;

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
    fn what_stops_one_part_stops_all() {
        let whole = Control::new();
        let (one, other) = (whole.part(), whole.part());
        let cancel = other.begin_scenario().unwrap();
        one.no_more("--fail-fast");
        assert!(!cancel.is_cancelled());
        assert_eq!(
            whole.stopped(),
            Some((Verdict::Skipped, "--fail-fast".into()))
        );
        one.interrupt("the disk is full");
        assert_eq!(cancel.check().unwrap_err().reason, "the disk is full");
        assert!(one.begin_scenario().is_err() && whole.part().begin_scenario().is_err());
    }

    #[test]
    fn the_whole_switches_off_what_its_parts_hold() {
        let whole = Control::new();
        let (one, other) = (whole.part(), whole.part());
        one.arm(Arc::new(|| vec!["psu of one".into()]));
        other.arm(Arc::new(|| vec!["psu of the other".into()]));
        let off = whole.take_emergency().unwrap();
        assert_eq!(off(), ["psu of one", "psu of the other"]);
        assert!(whole.take_emergency().is_none() && one.take_emergency().is_none());
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
