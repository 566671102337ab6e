//! Every report of a run, and the seal over them.

use crate::dossier::Dossier;
use crate::error::ReportError;
use crate::formal::{self, Details};
use crate::revision::{self, REPORTS, Reason, numbered};
use crate::summary::Summary;
use crate::{Written, cucumber, gallery, html, json, junit, read, replace, table};
use record::{AlterationKind, Part, altered_evidence, seal};
use std::collections::BTreeMap;
use std::path::Path;

/// Sets a document: its data as JSON, and the pictures that it names.
pub type Typeset<'a> = dyn Fn(&str, &BTreeMap<String, Vec<u8>>) -> Result<Vec<u8>, String> + 'a;

/// Signs a text: a detached signature.
pub type Sign<'a> = dyn Fn(&str) -> Result<String, String> + 'a;

/// What reports are made with, besides the run itself.
#[derive(Default)]
pub struct Making<'a> {
    /// What the run's inputs say.
    pub dossier: Dossier,
    /// Makes a new revision, the reports that are there put away.
    pub amendment: Option<Reason>,
    /// The formal report: what only people know, and who sets it. None leaves it unmade.
    pub formal: Option<(Details, &'a Typeset<'a>)>,
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
    run.dossier = making.dossier.clone();
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
    if let Some((details, _)) = &making.formal {
        formal::complete(&run, details)?;
    }
    if let Some(why) = &making.amendment {
        run.amendments
            .push(revision::amend(run_dir, &run.number(), why)?);
    }
    let pictures = gallery::draw(run_dir, &mut run)?;
    let run = run;
    let mut written = Written {
        html: run_dir.join("report.html"),
        junit: run_dir.join("junit.xml"),
        cucumber: run_dir.join("cucumber.json"),
        json: run_dir.join("report.json"),
        judgements: run_dir.join("judgements.csv"),
        pdf: None,
        number: numbered(&run.number(), run.revision()),
        summary: Summary::of(&run),
    };
    let refused = |file| {
        move |error: serde_json::Error| ReportError::Write {
            file,
            reason: error.to_string(),
        }
    };
    // First: an issued document that would change stops everything else.
    if let Some((details, typeset)) = &making.formal {
        written.pdf = Some(formal::issue(run_dir, &run, details, &pictures, *typeset)?);
    }
    replace(&written.junit, junit::junit(&run)?.as_bytes())?;
    let cucumber = cucumber::cucumber(&run).map_err(refused("cucumber.json"))?;
    replace(&written.cucumber, cucumber.as_bytes())?;
    let json = json::json(&run).map_err(refused("report.json"))?;
    replace(&written.json, json.as_bytes())?;
    replace(&written.judgements, &table::judgements(&run)?)?;
    let page = html::page(&run, &written.summary, &pictures);
    replace(&written.html, page.as_bytes())?;
    let sign = |text: &str| match making.sign {
        None => Ok(None),
        Some(sign) => sign(text).map(Some).map_err(ReportError::Sign),
    };
    seal(run_dir, &run.head, part, sign)?;
    Ok(written)
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
