//! Amendments: a report that was issued is never changed, a new one says what it replaces and why.

use crate::error::ReportError;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// Every amendment of a run, one JSON object a line.
pub(crate) const AMENDMENTS: &str = "amendments.ndjson";

/// Where replaced reports are kept.
pub(crate) const REVISIONS: &str = "revisions";

/// Reports of a run, relative to it.
pub(crate) const REPORTS: [&str; 10] = [
    "report.html",
    "report.pdf",
    "report.json",
    "junit.xml",
    "cucumber.json",
    "judgements.csv",
    "details.yaml",
    "plots",
    "columns",
    "messages.ndjson",
];

/// Why a report is amended, and by whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// In a sentence.
    pub reason: String,
    /// Who asks for it; empty where nobody said.
    pub by: String,
    /// When, RFC 3339.
    pub at: String,
}

/// One amendment as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Amendment {
    /// The revision it makes, from 2.
    pub revision: u32,
    /// Number of the report that is replaced, with its revision.
    pub replaces: String,
    /// SHA-256 of the replaced `report.html`.
    pub html_sha256: String,
    /// SHA-256 of the replaced `report.pdf`, where there was one.
    pub pdf_sha256: Option<String>,
    /// Where the replaced reports are kept, relative to the run.
    pub kept: String,
    /// Why.
    pub reason: String,
    /// Who.
    pub by: String,
    /// When, RFC 3339.
    pub at: String,
}

/// The amendments of a run so far.
///
/// # Errors
/// When the list can't be read.
pub(crate) fn read(run: &Path) -> Result<Vec<Amendment>, ReportError> {
    let path = run.join(AMENDMENTS);
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(io(&path)(error)),
    };
    let line = |(line, number): (&str, usize)| {
        serde_json::from_str(line).map_err(|error| ReportError::Amendments {
            line: number,
            reason: error.to_string(),
        })
    };
    text.lines().zip(1..).map(line).collect()
}

/// Puts the reports that are there away and notes the amendment.
///
/// # Errors
/// When there is no report to amend, no reason, or a file can't be moved.
pub(crate) fn amend(run: &Path, number: &str, why: &Reason) -> Result<Amendment, ReportError> {
    if why.reason.trim().is_empty() {
        return Err(ReportError::NoReason);
    }
    let before = read(run)?;
    let html = std::fs::read(run.join("report.html")).map_err(|_| ReportError::NothingToAmend)?;
    let revision = before.last().map_or(1, |last| last.revision);
    let kept = format!("{REVISIONS}/{revision}");
    let folder = run.join(&kept);
    std::fs::create_dir_all(&folder).map_err(io(&folder))?;
    let amendment = Amendment {
        revision: revision + 1,
        replaces: numbered(number, revision),
        html_sha256: sha256(&html),
        pdf_sha256: std::fs::read(run.join("report.pdf"))
            .ok()
            .map(|bytes| sha256(&bytes)),
        kept,
        reason: why.reason.clone(),
        by: why.by.clone(),
        at: why.at.clone(),
    };
    for name in REPORTS {
        let (from, to) = (run.join(name), folder.join(name));
        // The details stay in force until others are given.
        let moved = match name {
            "details.yaml" if from.exists() => std::fs::copy(&from, &to).map(|_| ()),
            _ if from.exists() => std::fs::rename(&from, &to),
            _ => Ok(()),
        };
        moved.map_err(io(&from))?;
    }
    for list in [record::MANIFEST, record::SUMS, record::SIGNATURE] {
        let from = run.join(list);
        if from.exists() {
            std::fs::copy(&from, folder.join(list)).map_err(io(&from))?;
        }
    }
    note(run, &amendment)?;
    Ok(amendment)
}

fn note(run: &Path, amendment: &Amendment) -> Result<(), ReportError> {
    let path = run.join(AMENDMENTS);
    let line = serde_json::to_string(amendment).map_err(|error| ReportError::Write {
        file: AMENDMENTS,
        reason: error.to_string(),
    })?;
    let mut options = std::fs::OpenOptions::new();
    let mut file = options
        .create(true)
        .append(true)
        .open(&path)
        .map_err(io(&path))?;
    std::io::Write::write_all(&mut file, format!("{line}\n").as_bytes()).map_err(io(&path))
}

/// Number and revision as a report names itself.
pub(crate) fn numbered(number: &str, revision: u32) -> String {
    format!("{number} revision {revision}")
}

pub(crate) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn io(path: &Path) -> impl Fn(std::io::Error) -> ReportError {
    let path: PathBuf = path.to_owned();
    move |source| ReportError::Io {
        path: path.display().to_string(),
        source,
    }
}
