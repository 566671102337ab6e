//! A bench whose runner is gone: off, proven, recorded.

use crate::run::{BenchLock, Control, Stock, emergency_off, end_interrupted, unknown_outputs};
use crate::search::fixture_folders;
use anyhow::{Context as _, Result};
use api::{Cancel, Clock as _};
use bench::Bench;
use config::SearchPath;
use record::{Event, Flush, Left, Recorder, Verdict};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// How long the lock of a process that was killed may take to open.
const LOCK_PATIENCE: Duration = Duration::from_secs(2);

/// What came of it.
pub(super) struct TakeOver {
    pub(super) bench: String,
    /// Outputs that may still be energised.
    pub(super) unproven: Vec<String>,
    /// The page for people, where there is a record.
    pub(super) report: Result<Option<PathBuf>>,
}

/// Switches everything off at once, then opens the bench, proves that it's safe, and closes the
/// record of the run with what happened.
///
/// # Errors
/// When the bench file can't be read or another runner has the bench already.
pub(super) fn take_over(bench: &Path, run: Option<&Path>, what: &str) -> Result<TakeOver> {
    let search = SearchPath::new(fixture_folders());
    let config = Arc::new(search.bench(&bench.to_string_lossy())?);
    let lock = BenchLock::wait(&config.path, LOCK_PATIENCE)?;
    // Off first: everything else can wait, and may fail.
    let silent = emergency_off(&config, lock.fence());
    let mut stock = Stock::without_faults(search)?;
    stock.fence = Some(lock.fence());
    let reopened = run
        .map(|run| {
            Recorder::reopen(run, Flush::EveryEntry)
                .with_context(|| format!("the record of {} can't be gone on with", run.display()))
        })
        .transpose();
    let (recorder, left) = match &reopened {
        Ok(Some((recorder, left))) if !left.finished => (recorder.clone(), left.clone()),
        Ok(_) | Err(_) => {
            let nowhere = Recorder::into_writer(Box::new(std::io::sink()));
            (nowhere, Left::default())
        }
    };
    stock.wall = stock.wall.later_by(left.at);
    let warning = Event::Warning {
        text: format!("{what}; the guard took over"),
    };
    recorder.event(stock.wall.now(), &warning);
    let unproven = prove(&stock, &config, &recorder, silent);
    close_record(&stock, &recorder, &left, what);
    let report = reopened.and_then(|_| {
        let Some(run) = run else {
            return Ok(None);
        };
        Ok(Some(crate::dossier::write_reports(run)?.html))
    });
    Ok(TakeOver {
        bench: config.name.clone(),
        unproven,
        report,
    })
}

/// Opens the bench and closes it again, which reads every output back.
fn prove(
    stock: &Stock,
    config: &Arc<config::Bench>,
    recorder: &Recorder,
    silent: Vec<String>,
) -> Vec<String> {
    let opened = stock
        .equip(config, &Cancel::new(), recorder, &Control::new())
        .and_then(|(parts, _)| Ok(Bench::open(parts)?));
    match opened {
        Ok(bench) => bench.close("the guard took over").unproven,
        Err(error) => {
            let mut unproven = silent;
            if unproven.is_empty() {
                unproven.push(format!("every output of {}", config.name));
            }
            recorder.event(
                stock.wall.now(),
                &Event::MadeSafe {
                    why: format!("the guard took over, and could prove nothing: {error:#}"),
                    proven: false,
                    outputs: unknown_outputs(&unproven),
                },
            );
            unproven
        }
    }
}

fn close_record(stock: &Stock, recorder: &Recorder, left: &Left, what: &str) {
    let interrupted = Verdict::Interrupted.word().to_lowercase();
    let counts = left.open_scenario.map(|_| (interrupted, 1));
    end_interrupted(
        recorder,
        stock.wall.now(),
        left.open_scenario,
        &format!("{what}; the guard took over"),
        counts.into_iter().collect(),
    );
}
