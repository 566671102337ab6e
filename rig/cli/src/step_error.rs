//! How a step ends when it doesn't pass.

use record::Verdict;
use std::fmt;

/// What a step returns.
pub type StepResult<T = ()> = Result<T, StepError>;

/// Why a step didn't pass, and what that means for the scenario.
///
/// cucumber turns it into a panic with the text of its `Display`, so the text carries the whole
/// chain of causes and, in front, the verdict in brackets: that is how the class of the outcome
/// survives on the way to the dispatcher.
#[derive(Debug)]
pub struct StepError {
    verdict: Verdict,
    error: anyhow::Error,
}

impl StepError {
    /// An error of this class.
    #[must_use]
    pub fn new(verdict: Verdict, error: impl Into<anyhow::Error>) -> Self {
        Self {
            verdict,
            error: error.into(),
        }
    }

    /// The device under test isn't as it must be.
    #[must_use]
    pub fn fail(reason: impl fmt::Display) -> Self {
        Self::new(Verdict::Fail, anyhow::anyhow!("{reason}"))
    }

    /// Neither good nor bad can be told from what was found.
    #[must_use]
    pub fn inconclusive(reason: impl fmt::Display) -> Self {
        Self::new(Verdict::Inconclusive, anyhow::anyhow!("{reason}"))
    }

    /// The rig could not tell.
    #[must_use]
    pub fn error(reason: impl fmt::Display) -> Self {
        Self::new(Verdict::Error, anyhow::anyhow!("{reason}"))
    }

    /// Stopped before the end.
    #[must_use]
    pub fn interrupted(reason: impl fmt::Display) -> Self {
        Self::new(Verdict::Interrupted, anyhow::anyhow!("{reason}"))
    }

    /// What it means for the scenario.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        self.verdict
    }

    /// The reason with all its causes, in one line.
    #[must_use]
    pub fn reason(&self) -> String {
        one_line(&format!("{:#}", self.error))
    }

    /// Reads back what `Display` wrote; any other text is a panic, which is an error of the rig.
    #[must_use]
    pub(crate) fn from_panic_text(text: &str) -> Self {
        const CLASSES: [Verdict; 6] = [
            Verdict::Pass,
            Verdict::Fail,
            Verdict::Inconclusive,
            Verdict::Error,
            Verdict::Interrupted,
            Verdict::Skipped,
        ];
        for verdict in CLASSES {
            let rest = text
                .strip_prefix('[')
                .and_then(|text| text.strip_prefix(verdict.word()))
                .and_then(|text| text.strip_prefix("] "));
            if let Some(reason) = rest {
                return Self::new(verdict, anyhow::anyhow!("{reason}"));
            }
        }
        Self::error(format_args!("the step panicked: {text}"))
    }
}

impl fmt::Display for StepError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}] {:#}", self.verdict, self.error)
    }
}

impl From<anyhow::Error> for StepError {
    fn from(error: anyhow::Error) -> Self {
        Self::new(Verdict::Error, error)
    }
}

impl From<procedures::ProcedureError> for StepError {
    fn from(error: procedures::ProcedureError) -> Self {
        Self::new(error.verdict(), error)
    }
}

impl From<bench::BenchError> for StepError {
    fn from(error: bench::BenchError) -> Self {
        Self::new(error.verdict(), error)
    }
}

impl From<api::Stopped> for StepError {
    fn from(stopped: api::Stopped) -> Self {
        Self::new(Verdict::Interrupted, stopped)
    }
}

/// Puts a text of several lines into one.
pub(crate) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::StepError;
    use record::Verdict;

    #[test]
    fn the_class_survives_the_panic_that_cucumber_makes_of_it() {
        for (error, verdict) in [
            (StepError::fail("load on"), Verdict::Fail),
            (StepError::error("psu is silent"), Verdict::Error),
            (
                StepError::inconclusive("in the zone"),
                Verdict::Inconclusive,
            ),
            (StepError::interrupted("SIGINT"), Verdict::Interrupted),
        ] {
            let read = StepError::from_panic_text(&error.to_string());
            assert_eq!(read.verdict(), verdict);
            assert_eq!(read.reason(), error.reason());
        }
    }

    #[test]
    fn a_panic_of_any_other_kind_is_an_error_of_the_rig() {
        let read = StepError::from_panic_text("index out of bounds:\n the length is 0");
        assert_eq!(read.verdict(), Verdict::Error);
        assert_eq!(
            read.reason(),
            "the step panicked: index out of bounds: the length is 0"
        );
    }

    #[test]
    fn causes_are_told_in_one_line() {
        let cause = anyhow::anyhow!("daq: no answer").context("can't read the contacts");
        assert_eq!(
            StepError::from(cause).to_string(),
            "[Error] can't read the contacts: daq: no answer"
        );
    }
}
