//! What can go wrong at an instrument, in words that say who was asked what and answered what.

use std::time::Duration;

/// An exchange with an instrument that didn't give what was asked for.
///
/// None of these is a verdict on the battery: they mean that the rig could not tell.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum InstrumentError {
    /// Below the meaning of messages: no connection, no reply, a reply cut off.
    #[error("{instrument}: {reason} (asked `{asked}`)")]
    Link {
        /// Id from the bench file, with its address.
        instrument: String,
        /// The message that was under way.
        asked: String,
        /// What the link said.
        reason: String,
    },
    /// The instrument's error queue holds an entry after a command.
    #[error("{instrument} refused `{asked}`: {message} ({code})")]
    Refused {
        /// Id from the bench file.
        instrument: String,
        /// The command.
        asked: String,
        /// SCPI error number.
        code: i32,
        /// The instrument's text.
        message: String,
    },
    /// A reply that means nothing.
    #[error("{instrument} answered `{answered}` to `{asked}`; expected {expected}")]
    Nonsense {
        /// Id from the bench file.
        instrument: String,
        /// The query.
        asked: String,
        /// The reply, printable.
        answered: String,
        /// What would have made sense.
        expected: String,
    },
    /// A set-point that reads back as something else.
    #[error("{instrument} was set with `{asked}` but reads back {read_back}, not {wanted}")]
    ReadBack {
        /// Id from the bench file.
        instrument: String,
        /// The command.
        asked: String,
        /// What it should be, with unit.
        wanted: String,
        /// What it is, with unit.
        read_back: String,
    },
    /// It was switched off and on while it was in use: outputs are off, settings gone.
    #[error(
        "{instrument} was switched off and on meanwhile: its settings are gone (asked `{asked}`)"
    )]
    Restarted {
        /// Id from the bench file.
        instrument: String,
        /// The message that was to be sent.
        asked: String,
    },
    /// Another instrument than the bench file names, or than it was before.
    #[error("{instrument} is a {found}, but the bench file expects {expected}")]
    Identity {
        /// Id from the bench file.
        instrument: String,
        /// What answered.
        found: String,
        /// What should have.
        expected: String,
    },
    /// More than this model can do; refused before anything was sent.
    #[error("{instrument} can't do this: {reason}")]
    Capability {
        /// Id from the bench file.
        instrument: String,
        /// What is too much, with the rating.
        reason: String,
    },
    /// Waiting for a state that didn't come.
    #[error("{instrument}: {what} did not happen within {timeout:?}")]
    NotReached {
        /// Id from the bench file.
        instrument: String,
        /// What was waited for.
        what: String,
        /// For how long.
        timeout: Duration,
    },
}

impl InstrumentError {
    /// Whether trying again soon makes no sense: nobody answers, or somebody else does.
    #[must_use]
    pub fn is_deaf(&self) -> bool {
        matches!(self, Self::Link { .. } | Self::Identity { .. })
    }
}
