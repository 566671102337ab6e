//! Reports made from a run: HTML, JUnit, cucumber JSON, plots.
//!
//! A report is a function of the run's folder: its journal and its samples. The crate knows no
//! bench, no procedure and no clock; the same run gives the same bytes. What the journal doesn't
//! tell is reported as missing, and nothing missing is reported as passed.
//!
//! [`write_all`] is all that most callers need.

mod conclude;
mod cucumber;
mod error;
mod gallery;
mod html;
mod json;
mod junit;
mod model;
mod plot;
mod read;
mod safety;
mod summary;

pub use error::ReportError;
pub use model::{
    BenchRecord, Judged, Logged, MadeSafe, Run, SafeState, SampleFile, Scenario, Start, Step,
    Unproven,
};
pub use read::read;
pub use summary::{Finding, Summary};

use std::path::{Path, PathBuf};

/// What [`write_all`] left behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// `report.html`, for people.
    pub html: PathBuf,
    /// `junit.xml`.
    pub junit: PathBuf,
    /// `cucumber.json`.
    pub cucumber: PathBuf,
    /// `report.json`, schema `rig.report/1`.
    pub json: PathBuf,
    /// The run in a few lines.
    pub summary: Summary,
}

/// Makes every report of the run in this folder, from its journal and samples alone.
///
/// Files of an earlier call are replaced, each in one go: a report is never half there.
///
/// # Errors
/// When there is no journal or its chain is broken, and when the folder can't be written.
pub fn write_all(run_dir: &Path) -> Result<Written, ReportError> {
    let mut run = read(run_dir)?;
    let pictures = gallery::draw(run_dir, &mut run)?;
    let run = run;
    let written = Written {
        html: run_dir.join("report.html"),
        junit: run_dir.join("junit.xml"),
        cucumber: run_dir.join("cucumber.json"),
        json: run_dir.join("report.json"),
        summary: Summary::of(&run),
    };
    let refused = |file| {
        move |error: serde_json::Error| ReportError::Write {
            file,
            reason: error.to_string(),
        }
    };
    replace(&written.junit, junit::junit(&run)?.as_bytes())?;
    let cucumber = cucumber::cucumber(&run).map_err(refused("cucumber.json"))?;
    replace(&written.cucumber, cucumber.as_bytes())?;
    let json = json::json(&run).map_err(refused("report.json"))?;
    replace(&written.json, json.as_bytes())?;
    let page = html::page(&run, &written.summary, &pictures);
    replace(&written.html, page.as_bytes())?;
    Ok(written)
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
