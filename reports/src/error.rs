//! What keeps a report from being made.

use record::JournalError;

/// Why a report can't be made.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The journal can't be read, or isn't what was written.
    #[error("no report: {0}")]
    Journal(#[from] JournalError),
    /// A journal of another make.
    #[error(
        "{path}: journal format `{found}` is not `rig.journal/1`; use the rig that wrote it (version {rig})"
    )]
    Format {
        /// The journal.
        path: String,
        /// Format it says it has.
        found: String,
        /// Version of the rig that wrote it.
        rig: String,
    },
    /// The file system refused.
    #[error("{path}: {source}")]
    Io {
        /// File or folder.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// A writer refused what we gave it.
    #[error("{file} can't be written: {reason}")]
    Write {
        /// Which report.
        file: &'static str,
        /// What the writer said.
        reason: String,
    },
}
