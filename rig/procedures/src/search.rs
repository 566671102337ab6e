//! Where a signal comes or goes: halving the gap between "not yet" and "already".

/// Between which levels a threshold is looked for, and how closely. Any unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Span {
    /// The signal must not have changed here.
    pub near: f64,
    /// The signal must have changed here.
    pub far: f64,
    /// The search ends when the gap is no wider.
    pub resolution: f64,
    /// Smallest step of what sets the level.
    pub step: f64,
}

/// The search: which level is tried next, or how it ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Search {
    /// The near end is tried: nothing may change there.
    NearEnd,
    /// The far end is tried: the change must come there.
    FarEnd,
    /// A level between the nearest and the farthest ones known is tried.
    Halving {
        /// Nothing had changed here.
        quiet: f64,
        /// It had changed here.
        changed: f64,
    },
    /// It's over.
    Over(Ended),
}

/// How a search ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Ended {
    /// The threshold lies between these two levels.
    Between {
        /// Nothing had changed here.
        quiet: f64,
        /// It had changed here.
        changed: f64,
    },
    /// The change came at the near end already.
    TooEarly,
    /// The change didn't come even at the far end.
    Never,
}

impl Search {
    /// The level to try; none when it's over.
    #[must_use]
    pub fn level(&self, span: &Span) -> Option<f64> {
        match *self {
            Self::NearEnd => Some(span.near),
            Self::FarEnd => Some(span.far),
            Self::Halving { quiet, changed } => Some(middle(quiet, changed, span.step)),
            Self::Over(_) => None,
        }
    }

    /// The search after [`Search::level`] was tried.
    #[must_use]
    pub fn next(self, span: &Span, changed_there: bool) -> Self {
        match self {
            Self::NearEnd if changed_there => Self::Over(Ended::TooEarly),
            Self::NearEnd => Self::FarEnd,
            Self::FarEnd if changed_there => Self::halve(span, span.near, span.far),
            Self::FarEnd => Self::Over(Ended::Never),
            Self::Halving { quiet, changed } => {
                let tried = middle(quiet, changed, span.step);
                if changed_there {
                    Self::halve(span, quiet, tried)
                } else {
                    Self::halve(span, tried, changed)
                }
            }
            Self::Over(_) => self,
        }
    }

    fn halve(span: &Span, quiet: f64, changed: f64) -> Self {
        let tried = middle(quiet, changed, span.step);
        let no_level_left = tried == quiet || tried == changed;
        if (changed - quiet).abs() <= span.resolution * (1.0 + 1e-9) || no_level_left {
            Self::Over(Ended::Between { quiet, changed })
        } else {
            Self::Halving { quiet, changed }
        }
    }
}

/// The middle, on the grid of what sets the level.
fn middle(one: f64, other: f64, step: f64) -> f64 {
    (f64::midpoint(one, other) / step).round() * step
}

#[cfg(test)]
mod tests {
    use super::{Ended, Search, Span};
    use proptest::prelude::*;
    use std::fmt::Write as _;

    const DOWN: Span = Span {
        near: 3.18,
        far: 3.02,
        resolution: 0.002,
        step: 0.001,
    };

    /// Runs a search against a device that changes at and below `threshold`.
    fn check(span: &Span, threshold: f64) -> String {
        let mut search = Search::NearEnd;
        let mut tried = String::new();
        while let Some(level) = search.level(span) {
            let changed = level < threshold;
            let mark = if changed { '!' } else { ' ' };
            write!(tried, "{level:.3}{mark} ").expect("a string takes everything");
            search = search.next(span, changed);
        }
        match search {
            Search::Over(Ended::Between { quiet, changed }) => {
                format!("{tried}-> between {quiet:.3} and {changed:.3}")
            }
            other => format!("{tried}-> {other:?}"),
        }
    }

    #[test]
    fn the_gap_is_halved_until_it_is_as_small_as_asked() {
        insta::assert_snapshot!(check(&DOWN, 3.1004), @"3.180  3.020! 3.100! 3.140  3.120  3.110  3.105  3.103  3.102  -> between 3.102 and 3.100");
    }

    #[test]
    fn a_signal_that_comes_too_early_or_never_is_told_apart() {
        insta::assert_snapshot!(check(&DOWN, 3.30), @"3.180! -> Over(TooEarly)");
        insta::assert_snapshot!(check(&DOWN, 2.80), @"3.180  3.020  -> Over(Never)");
    }

    #[test]
    fn a_search_that_is_over_stays_over() {
        let over = Search::Over(Ended::Never);
        assert_eq!(over.next(&DOWN, true), over);
        assert_eq!(over.level(&DOWN), None);
    }

    proptest! {
        /// Whatever the device answers, also an erratic one, the search ends soon.
        #[test]
        fn no_answers_outlast_the_search(answers in prop::collection::vec(any::<bool>(), 40)) {
            let mut search = Search::NearEnd;
            let mut tries = 0;
            for changed in answers {
                if search.level(&DOWN).is_none() {
                    break;
                }
                search = search.next(&DOWN, changed);
                tries += 1;
            }
            prop_assert!(matches!(search, Search::Over(_)), "{search:?} after {tries} tries");
            prop_assert!(tries <= 11);
        }

        /// A threshold inside the span is found within the resolution, in either direction.
        #[test]
        fn the_threshold_lies_between_the_two_levels(
            threshold in 3.03_f64..3.17, upwards in any::<bool>()
        ) {
            let span = if upwards { Span { near: DOWN.far, far: DOWN.near, ..DOWN } } else { DOWN };
            let mut search = Search::NearEnd;
            while let Some(level) = search.level(&span) {
                let changed = if upwards { level >= threshold } else { level < threshold };
                search = search.next(&span, changed);
            }
            let Search::Over(Ended::Between { quiet, changed }) = search else {
                return Err(TestCaseError::fail(format!("{search:?}")));
            };
            prop_assert!((changed - quiet).abs() <= 0.0021);
            prop_assert!(quiet.min(changed) <= threshold && threshold <= quiet.max(changed));
        }
    }
}
