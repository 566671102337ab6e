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
    /// The folder can't be sealed.
    #[error("the run can't be sealed: {0}")]
    Seal(#[from] record::SealError),
    /// The list of amendments isn't what was written.
    #[error("amendments.ndjson:{line}: no amendment: {reason}")]
    Amendments {
        /// From 1.
        line: usize,
        /// What the parser said.
        reason: String,
    },
    /// An amendment without a reason.
    #[error("an amendment needs a reason: say in a sentence what changed and why")]
    NoReason,
    /// There is no report yet.
    #[error("there is no report.html to amend; make the report first")]
    NothingToAmend,
    /// An issued document would change silently.
    #[error(
        "report.pdf was issued as {number} and would change; issue an amendment that says why: --amend --reason TEXT"
    )]
    Issued {
        /// Number and revision.
        number: String,
    },
    /// The formal report lacks what only people know.
    #[error("{0}")]
    Missing(#[from] crate::formal::Missing),
    /// The formal report can't be set.
    #[error("report.pdf can't be set: {0}")]
    Typeset(String),
    /// The seal can't be signed.
    #[error("the manifest can't be signed: {0}")]
    Sign(String),
    /// A writer refused what we gave it.
    #[error("{file} can't be written: {reason}")]
    Write {
        /// Which report.
        file: &'static str,
        /// What the writer said.
        reason: String,
    },
}
