//! How a check, a scenario or a run can end.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// How something ended. "Could not tell" never looks like "failed", and nothing missing looks
/// like "passed".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Tested and within the limits.
    Pass,
    /// Not tested, with a reason.
    Skipped,
    /// Tested, but inside the guard band or a zone without a verdict.
    Inconclusive,
    /// Stopped before the end.
    Interrupted,
    /// The rig could not tell.
    Error,
    /// Tested and outside the limits.
    Fail,
}

impl Verdict {
    /// The verdict of a whole from those of its parts: the one that needs attention most.
    ///
    /// A whole in which nothing was tested is [`Verdict::Skipped`], never a pass.
    #[must_use]
    pub fn of_all(parts: impl IntoIterator<Item = Self>) -> Self {
        parts
            .into_iter()
            .fold(None, |worst: Option<Self>, part| {
                Some(worst.map_or(part, |worst| worst.and(part)))
            })
            .unwrap_or(Self::Skipped)
    }

    /// The verdict of two parts together. A skipped part beside a tested one doesn't hide it.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        if self.weight() >= other.weight() {
            self
        } else {
            other
        }
    }

    fn weight(self) -> u8 {
        match self {
            Self::Skipped => 0,
            Self::Pass => 1,
            Self::Inconclusive => 2,
            Self::Interrupted => 3,
            Self::Error => 4,
            Self::Fail => 5,
        }
    }

    /// Exit code of the process: 0 all passed, 1 something failed, 2 could not tell.
    #[must_use]
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Pass => 0,
            Self::Fail => 1,
            Self::Skipped | Self::Inconclusive | Self::Interrupted | Self::Error => 2,
        }
    }

    /// The word for reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Pass => "Pass",
            Self::Fail => "Fail",
            Self::Inconclusive => "Inconclusive",
            Self::Error => "Error",
            Self::Interrupted => "Interrupted",
            Self::Skipped => "Skipped",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

#[cfg(test)]
mod tests {
    use super::Verdict::{self, Error, Fail, Inconclusive, Interrupted, Pass, Skipped};

    #[test]
    fn the_whole_is_as_bad_as_its_worst_part() {
        for (parts, whole) in [
            (&[Pass, Pass][..], Pass),
            (&[Pass, Skipped], Pass),
            (&[Skipped], Skipped),
            (&[], Skipped),
            (&[Pass, Inconclusive], Inconclusive),
            (&[Error, Fail, Pass], Fail),
            (&[Error, Interrupted, Pass], Error),
        ] {
            assert_eq!(Verdict::of_all(parts.iter().copied()), whole, "{parts:?}");
        }
    }

    #[test]
    fn only_a_pass_exits_with_zero() {
        assert_eq!(
            [Pass, Fail, Skipped, Inconclusive, Error, Interrupted].map(Verdict::exit_code),
            [0, 1, 2, 2, 2, 2]
        );
    }
}
