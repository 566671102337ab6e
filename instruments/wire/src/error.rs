//! Exchanges that failed, in words that say who was asked what and answered what.

use crate::LinkError;

/// An exchange that didn't give what was asked for.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum WireError {
    /// Below the meaning of messages.
    #[error("{instrument} at {address}: {source} (asked `{asked}`)")]
    Link {
        /// Its id.
        instrument: String,
        /// Where it is.
        address: String,
        /// The message that was under way, printable.
        asked: String,
        /// What the link said.
        source: LinkError,
    },
    /// The instrument reported an error after a command.
    #[error("{instrument} refused `{asked}`: {message} ({code})")]
    Refused {
        /// Its id.
        instrument: String,
        /// The command, printable.
        asked: String,
        /// SCPI error number; 0 where the instrument gives none.
        code: i32,
        /// Its text.
        message: String,
    },
    /// A reply that means nothing.
    #[error("{instrument} answered `{answered}` to `{asked}`; expected {expected}")]
    Nonsense {
        /// Its id.
        instrument: String,
        /// The query, printable.
        asked: String,
        /// The reply, printable.
        answered: String,
        /// What would have made sense.
        expected: String,
    },
    /// It was switched off and on since it was last cleared: its settings are gone.
    #[error(
        "{instrument} was switched off and on meanwhile: its settings are gone (asked `{asked}`)"
    )]
    Restarted {
        /// Its id.
        instrument: String,
        /// The message that was to be sent.
        asked: String,
    },
    /// After the link was cleared, somebody else answers than before, and says so twice.
    #[error("{instrument} is a {found}, but before it was a {before} (asked `{asked}`)")]
    Stranger {
        /// Its id.
        instrument: String,
        /// The message that was to be sent.
        asked: String,
        /// Who answers now, printable.
        found: String,
        /// Who did, printable.
        before: String,
    },
    /// A set-point that reads back as something else.
    #[error("{instrument} was set with `{asked}` but reads back {read_back}, not {wanted}")]
    ReadBack {
        /// Its id.
        instrument: String,
        /// The command.
        asked: String,
        /// What it should be, with unit.
        wanted: String,
        /// What it is, with unit.
        read_back: String,
    },
}
