//! When something changed, as closely as samples tell.

use record::Reading;
use std::time::Duration;

/// A change between two samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edge {
    /// Last sample in the old state (the cause, where no such sample was taken after it).
    pub before: Duration,
    /// First sample in the new state.
    pub after: Duration,
}

impl Edge {
    /// Time from a cause to this change, in seconds. The change lies somewhere between the two
    /// samples; half of that is the uncertainty.
    #[must_use]
    pub fn since(self, cause: Duration, instrument: &str) -> Reading {
        let caused = Self {
            before: cause.min(self.before),
            after: cause.min(self.before),
        };
        self.after_edge(caused, instrument)
    }

    /// Time from another change to this one, in seconds; negative where this one came first.
    #[must_use]
    pub fn after_edge(self, other: Self, instrument: &str) -> Reading {
        let earliest = apart(other.after, self.before);
        let latest = apart(other.before, self.after);
        Reading {
            value: seconds(earliest + latest) / 2.0,
            unit: "s".to_owned(),
            uncertainty: seconds(latest - earliest) / 2.0,
            instrument: instrument.to_owned(),
            at_s: self.after.as_secs_f64(),
        }
    }
}

/// From one instant to another, in nanoseconds: whole numbers keep differences exact.
pub(crate) fn apart(from: Duration, to: Duration) -> i64 {
    let nanos = |time: Duration| i64::try_from(time.as_nanos()).unwrap_or(i64::MAX);
    nanos(to).saturating_sub(nanos(from))
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a run of months is still exact to a microsecond"
)]
pub(crate) fn seconds(nanos: i64) -> f64 {
    nanos as f64 / 1e9
}

/// Looks for one change in a row of samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EdgeFinder {
    wanted: bool,
    before: Duration,
    found: Option<Edge>,
}

impl EdgeFinder {
    /// Looks for the first sample in the `wanted` state at or after `cause`.
    #[must_use]
    pub fn new(wanted: bool, cause: Duration) -> Self {
        Self {
            wanted,
            before: cause,
            found: None,
        }
    }

    /// The next sample; a state that can't be told leaves everything open.
    pub fn sample(&mut self, at: Duration, state: Option<bool>) {
        if self.found.is_some() {
            return;
        }
        match state {
            Some(state) if state == self.wanted => {
                self.found = Some(Edge {
                    before: self.before,
                    after: at,
                });
            }
            Some(_) => self.before = self.before.max(at),
            None => {}
        }
    }

    /// The change, once it was seen.
    #[must_use]
    pub fn edge(&self) -> Option<Edge> {
        self.found
    }
}

#[cfg(test)]
mod tests {
    use super::{Edge, EdgeFinder};
    use proptest::prelude::*;
    use std::time::Duration;

    fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    fn find(wanted: bool, cause: u64, samples: &[(u64, Option<bool>)]) -> Option<Edge> {
        let mut finder = EdgeFinder::new(wanted, ms(cause));
        for (at, state) in samples {
            finder.sample(ms(*at), *state);
        }
        finder.edge()
    }

    #[test]
    fn a_change_lies_between_the_last_old_and_the_first_new_sample() {
        let edge = |before, after| {
            Some(Edge {
                before: ms(before),
                after: ms(after),
            })
        };
        for (samples, found) in [
            (
                &[(100, Some(false)), (200, Some(true)), (300, Some(false))][..],
                edge(100, 200),
            ),
            // Unreadable in between: the change may have come at any time since the last sight.
            (
                &[(100, Some(false)), (200, None), (300, Some(true))],
                edge(100, 300),
            ),
            // Already there in the first sample: some time since the cause.
            (&[(100, Some(true))], edge(0, 100)),
            (&[(100, Some(false))], None),
            (&[(100, None)], None),
        ] {
            assert_eq!(find(true, 0, samples), found, "{samples:?}");
        }
    }

    #[test]
    fn half_the_gap_between_the_samples_is_the_uncertainty() {
        let edge = Edge {
            before: ms(5300),
            after: ms(5400),
        };
        assert_eq!(edge.since(ms(5000), "daq").to_string(), "0.350 s ± 0.050 s");
        let earlier = Edge {
            before: ms(4900),
            after: ms(5000),
        };
        assert_eq!(
            edge.after_edge(earlier, "daq").to_string(),
            "0.40 s ± 0.10 s"
        );
        assert_eq!(
            earlier.after_edge(edge, "daq").to_string(),
            "-0.40 s ± 0.10 s"
        );
    }

    proptest! {
        /// Wherever the true change lies, it lies within what is reported.
        #[test]
        fn the_true_change_is_never_outside_what_is_reported(
            change in 1_u64..5_000, steps in prop::collection::vec(1_u64..400, 1..60)
        ) {
            let mut finder = EdgeFinder::new(true, ms(0));
            let mut at = 0;
            for step in steps {
                at += step;
                finder.sample(ms(at), Some(at >= change));
            }
            match finder.edge() {
                Some(edge) => {
                    let reading = edge.since(ms(0), "daq");
                    let truth = ms(change).as_secs_f64();
                    prop_assert!((reading.value - truth).abs() <= reading.uncertainty + 1e-9);
                }
                None => prop_assert!(at < change),
            }
        }
    }
}
