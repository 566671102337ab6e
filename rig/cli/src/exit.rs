//! How the process ends.

use std::fmt;

/// Exit code of wrong usage.
pub const USAGE: u8 = 64;

/// Exit code when rig could not tell: files that are wrong, instruments that are gone.
pub const COULD_NOT_TELL: u8 = 2;

/// Exit code when something failed.
pub const FAILED: u8 = 1;

/// An error of whoever typed the command.
#[derive(Debug)]
pub struct Usage(String);

impl Usage {
    /// With what is wrong and what to do.
    pub fn new(text: impl fmt::Display) -> Self {
        Self(text.to_string())
    }
}

impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Usage {}

/// The exit code of an error.
#[must_use]
pub fn code_of(error: &anyhow::Error) -> u8 {
    if error.chain().any(|cause| cause.is::<Usage>()) {
        USAGE
    } else {
        COULD_NOT_TELL
    }
}
