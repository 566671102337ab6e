//! People: what the rig asks of them, and what they answer.

use std::time::Duration;

/// Something that only a person with hands, eyes or the phone app can do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// A short key that names the kind of request: `read-led`, `change-setting`, `confirm`.
    pub kind: String,
    /// What to do, as one instruction.
    pub instruction: String,
    /// What a good answer looks like: `yes`, `on`, `a number in V`.
    pub expected: String,
    /// How long an answer may take.
    pub within: Duration,
}

/// What a person answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Who answered.
    pub who: String,
    /// The answer as given.
    pub text: String,
    /// When, on the bench's clock.
    pub at: Duration,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OperatorError {
    /// Nobody answered in time.
    #[error("nobody answered `{instruction}` within {within:?}")]
    Silent {
        /// What was asked.
        instruction: String,
        /// How long we waited.
        within: Duration,
    },
    /// There's nobody to ask.
    #[error("`{instruction}` needs a person, and this run has none")]
    Absent {
        /// What was asked.
        instruction: String,
    },
}

/// The person at the bench, or the virtual one.
pub trait Operator: Send {
    /// Asks and waits for the answer.
    ///
    /// # Errors
    /// When nobody answers.
    fn ask(&mut self, request: &Request) -> Result<Answer, OperatorError>;
}
