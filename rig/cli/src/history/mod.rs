//! The history of runs: an embedded database beside the runs' folders, or a laboratory's server.
//!
//! It is an index, not evidence: it can be thrown away and made again with `rig report RUN`.

mod compare;
mod database;
mod plot;
#[cfg(feature = "postgres")]
mod server;
mod store;
mod trend;

pub(crate) use compare::{Comparison, Difference, compare};
pub(crate) use database::Place;
pub(crate) use plot::{figures, plot};
pub(crate) use store::{RunRow, Store};
pub(crate) use trend::{Query, Trend, trends};

use crate::run::stamp;
use anyhow::{Context as _, Result, bail};
use reports::Run;
use std::path::Path;

/// Variable that names the history, a file or an address; empty keeps none.
const VARIABLE: &str = "RIG_HISTORY";

/// Its file, beside the folders of runs.
const FILE: &str = "history.sqlite";

/// Where runs beside this one are registered; none where nobody wants a history.
fn place(beside: &Path) -> Option<Place> {
    match std::env::var_os(VARIABLE) {
        Some(named) if named.is_empty() => None,
        Some(named) => Some(Place::named(Path::new(&named))),
        None => Some(Place::File(beside.join(FILE))),
    }
}

/// The history that `rig history` reads.
pub(crate) fn default_place() -> Place {
    let runs = Path::new("runs");
    place(runs).unwrap_or_else(|| Place::File(runs.join(FILE)))
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
    let Some(place) = place(beside) else {
        return Ok(());
    };
    let now = stamp::rfc3339(stamp::now());
    // On a thread of its own: the client of a server waits in a way that an executor's thread,
    // where a run ends, must not.
    let registering = || Store::open(&place)?.register(&whole, run, &now);
    let ended = std::thread::scope(|scope| scope.spawn(registering).join());
    ended.unwrap_or_else(|_| bail!("registering in {place} panicked"))
}
