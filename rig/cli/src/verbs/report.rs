//! `rig report`.

mod details;
mod signing;

use crate::args::{Format, Report};
use crate::dossier;
use crate::exit::Usage;
use crate::run::{Console, now_rfc3339};
use crate::search::shown;
use anyhow::{Context as _, Result};
use reports::{Details, Formal, Making, Reason, Sign, Typeset, Written};
use serde_json::json;
use std::collections::BTreeMap;

/// Name and version of the JSON.
const FORMAT: &str = "rig.reports/1";

pub(crate) fn perform(arguments: &Report) -> Result<u8> {
    let journal = record::RunDirectory(arguments.run.clone()).journal();
    if !journal.is_file() {
        return Err(Usage::new(format!(
            "{} is no run: it has no journal.ndjson; name a folder that `rig run` made",
            arguments.run.display()
        ))
        .into());
    }
    let amendment = amendment(arguments)?;
    let typeset: &Typeset<'_> = &typeset;
    let formal = formal(arguments)?.map(|(details, file)| Formal {
        details,
        file,
        typeset,
    });
    let key = arguments
        .sign
        .as_deref()
        .map(signing::read_key)
        .transpose()?;
    let sign = |text: &str| signing::sign(key.as_ref(), text);
    let sign: &Sign<'_> = &sign;
    let making = Making {
        dossier: Some(&|run| dossier::of_run(&arguments.run, run)),
        amendment,
        formal,
        sign: key.is_some().then_some(sign),
    };
    let written = reports::make(&arguments.run, &making)?;
    let told = crate::history::register(&arguments.run, &written.run);
    print(arguments, &written);
    if let Err(problem) = told {
        crate::run::say(&format!("rig: not in the history: {problem:#}"));
    }
    Ok(0)
}

fn print(arguments: &Report, written: &Written) {
    match arguments.format {
        Format::Text => {
            let console = Console::new();
            let files = [
                &written.junit,
                &written.cucumber,
                &written.json,
                &written.judgements,
            ];
            for path in files.into_iter().chain(&written.pdf).chain([&written.html]) {
                console.line(&shown(path));
            }
        }
        Format::Json => super::print_json(&json!({
            "format": FORMAT,
            "number": written.number,
            "html": written.html,
            "pdf": written.pdf,
            "junit": written.junit,
            "cucumber": written.cucumber,
            "json": written.json,
            "judgements": written.judgements,
        })),
    }
}

fn amendment(arguments: &Report) -> Result<Option<Reason>> {
    let reason = arguments.reason.clone().unwrap_or_default();
    match (arguments.amend, reason.trim().is_empty()) {
        (false, true) => Ok(None),
        (false, false) => Err(Usage::new("--reason belongs to --amend").into()),
        (true, true) => Err(Usage::new(
            "an amendment needs a reason: --reason TEXT says in a sentence what changed and why",
        )
        .into()),
        (true, false) => Ok(Some(Reason {
            reason,
            by: arguments.by.clone().unwrap_or_default(),
            at: now_rfc3339(),
        })),
    }
}

/// The details of a formal report, and the file if it is a new one; none where none was asked for.
fn formal(arguments: &Report) -> Result<Option<(Details, Option<String>)>> {
    if !arguments.pdf && arguments.details.is_none() {
        return Ok(None);
    }
    if cfg!(not(feature = "pdf")) {
        return Err(Usage::new(
            "this build of rig sets no PDF; build it with `--features pdf` (the typesetter is three hundred crates, so it isn't there unasked)",
        )
        .into());
    }
    let run = reports::read(&arguments.run).context("no formal report")?;
    let (mut details, file) = details::of_run(&arguments.run, arguments.details.as_deref())?;
    if run.simulated() {
        details = details.for_simulation(&run);
    }
    Ok(Some((details, file)))
}

#[cfg(feature = "pdf")]
fn typeset(document: &str, pictures: &BTreeMap<String, Vec<u8>>) -> Result<Vec<u8>, String> {
    pdf::typeset(document, pictures).map_err(|error| error.to_string())
}

#[cfg(not(feature = "pdf"))]
fn typeset(_document: &str, _pictures: &BTreeMap<String, Vec<u8>>) -> Result<Vec<u8>, String> {
    Err("this build has no typesetter".into())
}
