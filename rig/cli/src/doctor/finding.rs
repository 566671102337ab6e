//! What the doctor found.

use serde::Serialize;

/// How good it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum State {
    /// As it should be.
    Good,
    /// Nothing that keeps the bench from working; somebody should know.
    Notice,
    /// The bench can't be trusted like this.
    Bad,
}

impl State {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Notice => "notice",
            Self::Bad => "BAD",
        }
    }
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Finding {
    /// Instrument, role or `bench`.
    pub(crate) subject: String,
    /// What was looked at.
    pub(crate) check: &'static str,
    /// How good it is.
    pub(crate) state: State,
    /// What was found, and what to do where it's bad.
    pub(crate) found: String,
}

impl Finding {
    pub(crate) fn good(subject: &str, check: &'static str, found: impl Into<String>) -> Self {
        Self::new(State::Good, subject, check, found)
    }

    pub(crate) fn notice(subject: &str, check: &'static str, found: impl Into<String>) -> Self {
        Self::new(State::Notice, subject, check, found)
    }

    pub(crate) fn bad(subject: &str, check: &'static str, found: impl Into<String>) -> Self {
        Self::new(State::Bad, subject, check, found)
    }

    fn new(state: State, subject: &str, check: &'static str, found: impl Into<String>) -> Self {
        Self {
            subject: subject.to_owned(),
            check,
            state,
            found: found.into(),
        }
    }
}
