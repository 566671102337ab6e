//! The narrowest waist of the project: messages out, replies in.

use std::time::Duration;

/// A connection to one instrument that carries whole messages.
///
/// The caller keeps one query outstanding at a time; `session` sees to it. A link neither retries
/// nor reorders, and after [`LinkError::TimedOut`] the caller must [`Link::clear`] it before the
/// next query, or a late answer would belong to the wrong question.
pub trait Link: Send {
    /// Sends one program message, without its terminator.
    ///
    /// # Errors
    /// When the connection is gone or refuses the bytes.
    fn write(&mut self, message: &[u8]) -> Result<(), LinkError>;

    /// Appends one response message, without its terminator, to `reply`.
    ///
    /// `#n…` blocks are taken whole, terminators inside them included.
    ///
    /// # Errors
    /// When nothing complete came within `timeout`, the reply passed the link's size cap, or the
    /// connection is gone.
    fn read(&mut self, reply: &mut Vec<u8>, timeout: Duration) -> Result<(), LinkError>;

    /// Throws away whatever may still arrive, reconnecting if that's the only way to be sure.
    ///
    /// # Errors
    /// When no clean connection could be had.
    fn clear(&mut self) -> Result<(), LinkError>;

    /// Where this link goes, as the bench file would write it.
    fn address(&self) -> &str;
}

impl<L: Link + ?Sized> Link for Box<L> {
    fn write(&mut self, message: &[u8]) -> Result<(), LinkError> {
        (**self).write(message)
    }
    fn read(&mut self, reply: &mut Vec<u8>, timeout: Duration) -> Result<(), LinkError> {
        (**self).read(reply, timeout)
    }
    fn clear(&mut self) -> Result<(), LinkError> {
        (**self).clear()
    }
    fn address(&self) -> &str {
        (**self).address()
    }
}

/// What can go wrong between us and an instrument, below the meaning of the messages.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// Nobody answered at the address.
    #[error("cannot connect to {address}: {reason}")]
    Connect {
        /// As the bench file writes it.
        address: String,
        /// What the operating system said.
        reason: String,
    },
    /// No complete reply in time.
    #[error("no reply within {timeout:?}")]
    TimedOut {
        /// How long we waited.
        timeout: Duration,
    },
    /// The other side closed the connection.
    #[error("the connection was closed")]
    Closed,
    /// The reply is longer than this link accepts.
    #[error("the reply is longer than {cap} bytes")]
    TooLong {
        /// The cap in bytes.
        cap: usize,
    },
    /// Anything else the operating system reports.
    #[error("{0}")]
    Io(String),
}
