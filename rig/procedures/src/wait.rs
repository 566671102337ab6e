//! Waiting for several signals at once.

use crate::edge::{Edge, EdgeFinder};
use crate::signal::{Goal, Signal};
use std::time::Duration;

/// A wait for several signals, each of which may come at its own time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wait {
    goals: Vec<Goal>,
    finders: Vec<EdgeFinder>,
    deadline: Duration,
}

/// How a wait ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waited {
    /// What was waited for.
    pub goals: Vec<Goal>,
    /// When each came; none where it didn't.
    pub edges: Vec<Option<Edge>>,
    /// The last sample.
    pub at: Duration,
}

impl Wait {
    /// A wait from `cause` on, for `timeout` at most.
    #[must_use]
    pub fn new(goals: &[Goal], cause: Duration, timeout: Duration) -> Self {
        Self {
            goals: goals.to_vec(),
            finders: goals
                .iter()
                .map(|goal| EdgeFinder::new(goal.present, cause))
                .collect(),
            deadline: cause + timeout,
        }
    }

    /// One more sample at `now`; `sight` gives the instant and the state of a signal. Ends when
    /// all came or the time is up.
    pub fn next(
        &mut self,
        now: Duration,
        mut sight: impl FnMut(Signal) -> (Duration, Option<bool>),
    ) -> Option<Waited> {
        for (goal, finder) in self.goals.iter().zip(&mut self.finders) {
            let (at, state) = sight(goal.signal);
            finder.sample(at, state);
        }
        let all = self.finders.iter().all(|finder| finder.edge().is_some());
        (all || now >= self.deadline).then(|| Waited {
            goals: self.goals.clone(),
            edges: self.finders.iter().map(EdgeFinder::edge).collect(),
            at: now,
        })
    }
}

impl Waited {
    /// Whether every signal came.
    #[must_use]
    pub fn complete(&self) -> bool {
        self.edges.iter().all(Option::is_some)
    }

    /// When this signal came, if it was waited for and did.
    #[must_use]
    pub fn edge(&self, signal: Signal) -> Option<Edge> {
        self.goals
            .iter()
            .zip(&self.edges)
            .find(|(goal, _)| goal.signal == signal)
            .and_then(|(_, edge)| *edge)
    }

    /// What is still missing, in words: `load contact open, charge contact open`.
    #[must_use]
    pub fn missing(&self) -> String {
        let missing: Vec<String> = self
            .goals
            .iter()
            .zip(&self.edges)
            .filter(|(_, edge)| edge.is_none())
            .map(|(goal, _)| goal.to_string())
            .collect();
        missing.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::{Wait, Waited};
    use crate::signal::{Goal, Signal};
    use proptest::prelude::*;
    use std::time::Duration;

    /// Samples every 0.1 s; the load contact opens at `load`, the charge contact at `charge`.
    fn run(load: f64, charge: f64, timeout: u64) -> Waited {
        let goals = [
            Goal::shown(Signal::LoadsOff),
            Goal::shown(Signal::ChargersOff),
        ];
        let mut wait = Wait::new(&goals, Duration::ZERO, Duration::from_secs(timeout));
        for tick in 1..1000_u32 {
            let now = Duration::from_millis(100) * tick;
            let at = now.as_secs_f64();
            let ended = wait.next(now, |signal| match signal {
                Signal::LoadsOff => (now, Some(at >= load)),
                Signal::ChargersOff => (now, Some(at >= charge)),
                Signal::PreAlarm | Signal::Code(_) => (now, None),
            });
            if let Some(waited) = ended {
                return waited;
            }
        }
        panic!("the wait did not end");
    }

    fn check(load: f64, charge: f64) -> String {
        let waited = run(load, charge, 5);
        let edge = |signal| match waited.edge(signal) {
            Some(edge) => edge.since(Duration::ZERO, "daq").to_string(),
            None => "never".to_owned(),
        };
        format!(
            "loads {}, chargers {}, missing: {}",
            edge(Signal::LoadsOff),
            edge(Signal::ChargersOff),
            waited.missing()
        )
    }

    #[test]
    fn each_signal_has_its_own_time() {
        insta::assert_snapshot!(check(0.3, 1.25), @"loads 0.250 s ± 0.050 s, chargers 1.250 s ± 0.050 s, missing: ");
        insta::assert_snapshot!(check(0.3, 9.0), @"loads 0.250 s ± 0.050 s, chargers never, missing: charge contact open");
        insta::assert_snapshot!(check(9.0, 9.0), @"loads never, chargers never, missing: load contact open, charge contact open");
    }

    proptest! {
        /// No readings outlast the limit.
        #[test]
        fn no_wait_outlasts_its_limit(load in 0.0_f64..200.0, charge in 0.0_f64..200.0, timeout in 1_u64..90) {
            let waited = run(load, charge, timeout);
            prop_assert!(waited.at <= Duration::from_secs(timeout));
            let in_time = timeout as f64;
            if load < in_time - 0.1 && charge < in_time - 0.1 {
                prop_assert!(waited.complete());
            }
        }
    }
}
