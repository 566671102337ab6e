//! The formal report: its data in the shape of ISO/IEC 17025:2017 7.8, complete or not at all.
//!
//! How it is set is not decided here: the data go as JSON to whoever typesets them.

mod calendar;
mod checklist;
mod details;
mod document;
mod matrix;
mod remarks;
mod results;

pub(crate) use calendar::since_1970;
pub use checklist::Missing;
pub(crate) use checklist::complete;
pub use details::{Details, Person};
pub(crate) use matrix::{Row as MatrixRow, matrix};

use crate::error::ReportError;
use crate::gallery::Picture;
use crate::make::Formal;
use crate::model::Run;
use crate::replace;
use crate::revision::numbered;
use record::{Part, seal};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Most pictures in a formal report; all of them stand beside it, with their hashes in it.
const PICTURES: usize = 24;

/// Sets and writes `report.pdf`.
///
/// # Errors
/// When an input is missing, the typesetter refuses, or an issued report would change.
pub(crate) fn issue(
    run_dir: &Path,
    run: &Run,
    formal: &Formal<'_>,
    pictures: &BTreeMap<u32, Picture>,
) -> Result<PathBuf, ReportError> {
    let details = &formal.details;
    complete(run, details)?;
    // The document lists the evidence with its hashes, so the evidence is sealed first.
    let manifest = seal::<ReportError>(run_dir, &run.head, crate::make::part, |_| Ok(None))?;
    let raw = manifest.files.iter().filter(|file| file.part == Part::Raw);
    let shown = shown(run, pictures);
    let document = document::document(run, details, raw, &shown.keys().copied().collect());
    let text = serde_json::to_string(&document).map_err(|error| ReportError::Write {
        file: "report.pdf",
        reason: error.to_string(),
    })?;
    let files = shown
        .into_iter()
        .map(|(number, svg)| (picture_name(number), svg.into_bytes()))
        .collect();
    let bytes = (formal.typeset)(&text, &files).map_err(ReportError::Typeset)?;
    let path = run_dir.join("report.pdf");
    if std::fs::read(&path).is_ok_and(|issued| issued != bytes) {
        return Err(ReportError::Issued {
            number: numbered(&number(run, details), run.revision()),
        });
    }
    replace(&path, &bytes)?;
    Ok(path)
}

/// The laboratory's own number, or the record's.
pub(crate) fn number(run: &Run, details: &Details) -> String {
    details.number.clone().unwrap_or_else(|| run.number())
}

/// Name of a picture within the document.
pub(crate) fn picture_name(scenario: u32) -> String {
    format!("plot-{scenario:04}.svg")
}

/// What needs attention has its picture first.
fn shown<'a>(run: &Run, pictures: &'a BTreeMap<u32, Picture>) -> BTreeMap<u32, String> {
    let mut order: Vec<_> = run.counted().collect();
    order.sort_by_key(|scenario| scenario.verdict == record::Verdict::Pass);
    let drawn = |picture: &'a Picture| picture.inline.as_deref();
    order
        .into_iter()
        .filter_map(|scenario| {
            Some((
                scenario.number,
                drawn(pictures.get(&scenario.number)?)?.to_owned(),
            ))
        })
        .take(PICTURES)
        .collect()
}
