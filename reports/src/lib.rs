//! Reports made from a run: HTML, JUnit, cucumber JSON, tables, plots, and the data of a formal
//! report in the shape of ISO/IEC 17025 7.8.
//!
//! A report is a function of the run's folder: its journal and its samples. The crate knows no
//! bench, no procedure and no clock; the same run gives the same bytes. What the journal doesn't
//! tell is reported as missing, and nothing missing is reported as passed.
//!
//! [`write_all`] is all that most callers need.

#[cfg(feature = "columns")]
mod columns;
mod conclude;
mod cucumber;
mod dossier;
mod error;
mod facets;
mod formal;
mod gallery;
mod html;
mod json;
mod junit;
mod make;
#[cfg(feature = "mdf")]
mod mdf;
mod messages;
mod model;
mod plot;
mod read;
mod revision;
mod safety;
#[cfg(any(feature = "columns", feature = "mdf"))]
mod samples_of;
mod summary;
mod table;

pub use dossier::{ClauseText, Dossier, Equipment, Item, Laboratory};
pub use error::ReportError;
pub use formal::{Details, Missing, Person};
pub use json::report_schema;
pub use make::{Formal, Making, ReadInputs, Sign, Typeset, make};
pub use model::{
    BenchRecord, Judged, Logged, MadeSafe, Run, SafeState, SampleFile, Scenario, Start, Step,
    Unproven,
};
pub use read::read;
pub use revision::{Amendment, Reason};
pub use summary::{Finding, Summary};

use std::path::{Path, PathBuf};

/// What [`make`] left behind.
#[derive(Debug, Clone, PartialEq)]
pub struct Written {
    /// `report.html`, for people.
    pub html: PathBuf,
    /// `junit.xml`.
    pub junit: PathBuf,
    /// `cucumber.json`.
    pub cucumber: PathBuf,
    /// `report.json`, schema `rig.report/1`.
    pub json: PathBuf,
    /// `judgements.csv`, a line a judgement.
    pub judgements: PathBuf,
    /// `report.pdf`, where it was asked for.
    pub pdf: Option<PathBuf>,
    /// Number and revision of the report.
    pub number: String,
    /// The run in a few lines.
    pub summary: Summary,
    /// The run itself, as it was read.
    pub run: Run,
}

/// Makes every report of the run in this folder, from its journal and samples alone.
///
/// # Errors
/// As [`make`].
pub fn write_all(run_dir: &Path) -> Result<Written, ReportError> {
    make(run_dir, &Making::default())
}

/// Writes a file beside its place and moves it there.
fn replace(path: &Path, content: &[u8]) -> Result<(), ReportError> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".part");
    let beside = PathBuf::from(beside);
    let moved = std::fs::write(&beside, content).and_then(|()| std::fs::rename(&beside, path));
    moved.map_err(|source| ReportError::Io {
        path: path.display().to_string(),
        source,
    })
}
