//! `rig trace`: which scenario checks which statement, how that ended, and what is left over.

mod checks;
mod matrix;

use crate::args::{TableFormat, Trace};
use crate::run::Console;
use crate::search::fixture_folders;
use anyhow::Result;
use checks::Checks;
use config::SearchPath;

pub(crate) fn perform(arguments: &Trace) -> Result<u8> {
    let clauses = SearchPath::new(fixture_folders()).clauses()?;
    let checks = match &arguments.run {
        Some(run) => Checks::of_run(run)?,
        None => Checks::of_features(&arguments.features)?,
    };
    match arguments.format {
        TableFormat::Md => Console::new().line(&matrix::markdown(&clauses, &checks)),
        TableFormat::Json => super::print_json(&matrix::to_json(&clauses, &checks)),
    }
    Ok(0)
}
