//! Every report of a run, and the seal over them.

use crate::dossier::Dossier;
use crate::error::ReportError;
use crate::formal::{self, Details};
use crate::gallery::Picture;
use crate::model::Run;
use crate::revision::{self, REPORTS, Reason, numbered};
use crate::summary::Summary;
use crate::{Written, cucumber, gallery, html, json, junit, messages, read, replace, table};
use record::{AlterationKind, Part, altered_evidence, seal};
use std::collections::BTreeMap;
use std::path::Path;

/// Sets a document: its data as JSON, and the pictures that it names.
pub type Typeset<'a> = dyn Fn(&str, &BTreeMap<String, Vec<u8>>) -> Result<Vec<u8>, String> + 'a;

/// Signs a text: a detached signature.
pub type Sign<'a> = dyn Fn(&str) -> Result<String, String> + 'a;

/// Reads what a run's inputs say.
pub type ReadInputs<'a> = dyn Fn(&Run) -> Dossier + 'a;

/// What a formal report is made with.
pub struct Formal<'a> {
    /// What only people know.
    pub details: Details,
    /// The file that says so, kept with the run as `details.yaml` once the report is issued; none
    /// where the kept one was read.
    pub file: Option<String>,
    /// Who sets it.
    pub typeset: &'a Typeset<'a>,
}

/// What reports are made with, besides the run itself.
#[derive(Default)]
pub struct Making<'a> {
    /// Reads what the run's inputs say; none where nobody can.
    pub dossier: Option<&'a ReadInputs<'a>>,
    /// Makes a new revision, the reports that are there put away.
    pub amendment: Option<Reason>,
    /// The formal report; none leaves it unmade.
    pub formal: Option<Formal<'a>>,
    /// Signs the manifest.
    pub sign: Option<&'a Sign<'a>>,
}

/// Makes every report of the run in this folder and seals the folder.
///
/// Evidence that isn't what an earlier seal holds is told in the reports, and the seal keeps its
/// first hash. Files of an earlier call are replaced, each in one go.
///
/// # Errors
/// When there is no journal or its chain is broken, when the folder can't be written, when the
/// formal report lacks an input, and when an issued one would change without an amendment.
pub fn make(run_dir: &Path, making: &Making<'_>) -> Result<Written, ReportError> {
    let mut run = read(run_dir)?;
    if let Some(dossier) = making.dossier {
        run.dossier = dossier(&run);
    }
    for one in altered_evidence(run_dir)? {
        run.gaps.push(match one.kind {
            AlterationKind::Missing => format!("{} was sealed with the run and is gone", one.path),
            AlterationKind::Altered | AlterationKind::Unlisted => format!(
                "{} was altered after the run was sealed, between byte {} and byte {}",
                one.path, one.from_byte, one.to_byte
            ),
        });
    }
    run.amendments = revision::read(run_dir)?;
    // What is missing is said before anything is put away.
    if let Some(formal) = &making.formal {
        formal::complete(&run, &formal.details)?;
    }
    if let Some(why) = &making.amendment {
        run.amendments
            .push(revision::amend(run_dir, &run.number(), why)?);
    }
    let pictures = gallery::draw(run_dir, &mut run)?;
    let run = run;
    // First: an issued document that would change stops everything else.
    let mut pdf = None;
    if let Some(formal) = &making.formal {
        pdf = Some(formal::issue(run_dir, &run, formal, &pictures)?);
        if let Some(file) = &formal.file {
            replace(&run_dir.join("details.yaml"), file.as_bytes())?;
        }
    }
    #[cfg(feature = "columns")]
    crate::columns::write(run_dir, &run)?;
    #[cfg(feature = "mdf")]
    crate::mdf::write(run_dir, &run)?;
    let summary = Summary::of(&run);
    write(run_dir, &run, &summary, &pictures)?;
    let sign = |text: &str| match making.sign {
        None => Ok(None),
        Some(sign) => sign(text).map(Some).map_err(ReportError::Sign),
    };
    seal(run_dir, &run.head, part, sign)?;
    Ok(Written {
        html: run_dir.join("report.html"),
        junit: run_dir.join("junit.xml"),
        cucumber: run_dir.join("cucumber.json"),
        json: run_dir.join("report.json"),
        judgements: run_dir.join("judgements.csv"),
        pdf,
        number: numbered(&run.number(), run.revision()),
        summary,
        run,
    })
}

/// Writes every report that is asked for each time, side by side: none needs another.
fn write(
    run_dir: &Path,
    run: &Run,
    summary: &Summary,
    pictures: &BTreeMap<u32, Picture>,
) -> Result<(), ReportError> {
    type Make<'a> = &'a (dyn Fn() -> Result<Vec<u8>, ReportError> + Sync);
    let files: [(&str, Make<'_>); 6] = [
        ("report.html", &|| {
            Ok(html::page(run, summary, pictures).into_bytes())
        }),
        ("messages.ndjson", &|| {
            Ok(messages::messages(run).into_bytes())
        }),
        ("report.json", &|| text("report.json", json::json(run))),
        ("cucumber.json", &|| {
            text("cucumber.json", cucumber::cucumber(run))
        }),
        ("junit.xml", &|| junit::junit(run).map(String::into_bytes)),
        ("judgements.csv", &|| table::judgements(run)),
    ];
    std::thread::scope(|scope| {
        let threads = files
            .map(|(file, content)| scope.spawn(move || replace(&run_dir.join(file), &content()?)));
        threads
            .into_iter()
            .try_for_each(|thread| match thread.join() {
                Ok(written) => written,
                Err(panic) => std::panic::resume_unwind(panic),
            })
    })
}

fn text(file: &'static str, made: serde_json::Result<String>) -> Result<Vec<u8>, ReportError> {
    made.map(String::into_bytes)
        .map_err(|error| ReportError::Write {
            file,
            reason: error.to_string(),
        })
}

/// Whether a file of a run was made from its evidence.
pub(crate) fn part(path: &str) -> Part {
    let first = path.split('/').next().unwrap_or_default();
    if REPORTS.contains(&first) {
        Part::Report
    } else {
        Part::Raw
    }
}
