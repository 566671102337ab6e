//! The history of runs: an embedded database beside the runs' folders.
//!
//! It is an index, not evidence: it can be thrown away and made again with `rig report RUN`.

mod compare;
mod plot;
mod store;
mod trend;

pub(crate) use compare::{Comparison, Difference, compare};
pub(crate) use plot::{figures, plot};
pub(crate) use store::{RunRow, Store};
pub(crate) use trend::{Query, Trend, trends};

use anyhow::{Context as _, Result};
use reports::Run;
use std::path::{Path, PathBuf};

/// Variable that names the history; empty keeps none.
const VARIABLE: &str = "RIG_HISTORY";

/// Its file, beside the folders of runs.
const FILE: &str = "history.sqlite";

/// Where runs beside this one are registered; none where nobody wants a history.
fn place(beside: &Path) -> Option<PathBuf> {
    match std::env::var_os(VARIABLE) {
        Some(named) if named.is_empty() => None,
        Some(named) => Some(named.into()),
        None => Some(beside.join(FILE)),
    }
}

/// The history that `rig history` reads.
pub(crate) fn default_file() -> PathBuf {
    place(Path::new("runs")).unwrap_or_else(|| Path::new("runs").join(FILE))
}

/// Registers a run, again if it is there already.
///
/// # Errors
/// When the history can't be written.
pub(crate) fn register(folder: &Path, run: &Run) -> Result<()> {
    let whole = folder
        .canonicalize()
        .with_context(|| format!("there is no folder {}", folder.display()))?;
    let beside = whole.parent().unwrap_or(&whole);
    let Some(file) = place(beside) else {
        return Ok(());
    };
    Store::open(&file)?.register(&whole, run)
}
