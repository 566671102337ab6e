//! Why a procedure didn't end with a pass.

use crate::words;
use bench::BenchError;
use record::Verdict;
use std::time::Duration;

/// Why a procedure didn't end with a pass.
///
/// Only [`ProcedureError::NotPassed`] can say something about the battery or the BMS; everything
/// else means that the rig could not tell.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ProcedureError {
    /// The bench couldn't do what the procedure asked of it, or was stopped.
    #[error(transparent)]
    Bench(#[from] BenchError),
    /// A board couldn't be programmed or asked, or somebody stopped it.
    #[error(transparent)]
    Flash(#[from] api::FlashError),
    /// Something was judged, and not with a pass. The judgement stands in the journal.
    #[error("{reason}")]
    NotPassed {
        /// The worst verdict of what was judged.
        verdict: Verdict,
        /// The first reason with that verdict.
        reason: String,
    },
    /// A battery that ought to report by radio doesn't.
    #[error("battery {battery} sent no report for {}, so nobody can tell {what}", words::time(*waited))]
    Silent {
        /// From 1.
        battery: usize,
        /// For how long reports were waited for.
        waited: Duration,
        /// What the report was needed for: `whether A-SL11 shows`.
        what: String,
    },
    /// A contact that isn't wired, or that the BMS hasn't got.
    #[error("the {contact} can't be read on this bench, so nobody can tell {what}")]
    Unreadable {
        /// Which one.
        contact: String,
        /// What it was needed for.
        what: String,
    },
    /// A cell, a pack or a thermocouple that the bench doesn't measure.
    #[error("this bench doesn't measure {quantity}; wire a sense channel for it in the bench file")]
    NotMeasured {
        /// `the voltage of cell 3 of battery 1`.
        quantity: String,
    },
    /// The rig couldn't bring about what the procedure needs.
    #[error("{what} was not reached within {}: {found}", words::time(*within))]
    NotReached {
        /// `8 °C at the board`.
        what: String,
        /// For how long it was waited for.
        within: Duration,
        /// How far it came.
        found: String,
    },
    /// Two instruments contradict each other beyond what both may be off.
    #[error(transparent)]
    Disagree(#[from] bench::Contradiction),
    /// A step that needs what another one finds came first.
    #[error("nothing was found yet that could be judged here: {hint}")]
    NothingFound {
        /// Which step must stand before.
        hint: String,
    },
}

impl ProcedureError {
    /// What it means for the scenario.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        match self {
            Self::Bench(error) => error.verdict(),
            Self::Flash(api::FlashError::Stopped { .. }) => Verdict::Interrupted,
            Self::NotPassed { verdict, .. } => *verdict,
            Self::Flash(_)
            | Self::Silent { .. }
            | Self::Unreadable { .. }
            | Self::NotMeasured { .. }
            | Self::NotReached { .. }
            | Self::Disagree(_)
            | Self::NothingFound { .. } => Verdict::Error,
        }
    }
}

impl From<api::Stopped> for ProcedureError {
    fn from(stopped: api::Stopped) -> Self {
        Self::Bench(BenchError::Stopped(stopped))
    }
}

#[cfg(test)]
mod tests {
    use super::ProcedureError;
    use record::Verdict;
    use std::time::Duration;

    #[test]
    fn every_error_says_what_is_missing_and_none_looks_like_a_failure() {
        for (error, text) in [
            (
                ProcedureError::Silent {
                    battery: 2,
                    waited: Duration::from_secs(10),
                    what: "whether A-SL11 shows".into(),
                },
                "battery 2 sent no report for 10 s, so nobody can tell whether A-SL11 shows",
            ),
            (
                ProcedureError::Unreadable {
                    contact: "pre-alarm contact".into(),
                    what: "when it came on".into(),
                },
                "the pre-alarm contact can't be read on this bench, so nobody can tell when it came on",
            ),
            (
                ProcedureError::NotMeasured {
                    quantity: "the voltage of cell 3 of battery 1".into(),
                },
                "this bench doesn't measure the voltage of cell 3 of battery 1; wire a sense channel for it in the bench file",
            ),
            (
                ProcedureError::NotReached {
                    what: "8 °C at the board".into(),
                    within: Duration::from_secs(7200),
                    found: "it is at 12.0 °C".into(),
                },
                "8 °C at the board was not reached within 2 h: it is at 12.0 °C",
            ),
            (
                ProcedureError::Disagree(bench::Contradiction {
                    one: "daq reads 3.318 V".into(),
                    other: "psu1 3.300 V".into(),
                    quantity: "cell 3".into(),
                    difference: "18.0 mV apart, 9.0 mV at most is explained by their accuracies"
                        .into(),
                }),
                "daq reads 3.318 V and psu1 3.300 V disagree about cell 3: 18.0 mV apart, 9.0 mV at most is explained by their accuracies; one of them lies, so nothing measured with them counts",
            ),
            (
                ProcedureError::NothingFound {
                    hint: "a step that lowers a cell comes first".into(),
                },
                "nothing was found yet that could be judged here: a step that lowers a cell comes first",
            ),
        ] {
            assert_eq!(error.to_string(), text);
            assert_eq!(error.verdict(), Verdict::Error, "{text}");
        }
    }

    #[test]
    fn stopping_is_neither_a_failure_nor_an_error() {
        let stopped = ProcedureError::from(api::Stopped {
            reason: "interrupt (SIGINT)".into(),
        });
        assert_eq!(stopped.verdict(), Verdict::Interrupted);
        assert_eq!(stopped.to_string(), "stopped: interrupt (SIGINT)");
    }
}
