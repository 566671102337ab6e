//! Scenarios of a simulated run side by side. The record is the same as if they had run one after
//! the other: each keeps its entries until those before it are written.

use super::control::Control;
use super::prepare::Prepared;
use super::watchdog::Watchdog;
use super::{Console, ScenarioResult, Settings, panics, runner};
use crate::feature::Planned;
use anyhow::{Context as _, Result};
use record::Recorder;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

/// What came of one scenario.
struct Done {
    place: usize,
    recorder: Recorder,
    outcome: Result<(Vec<ScenarioResult>, Duration)>,
}

/// Runs everything that was planned, `jobs` scenarios at a time, and returns what
/// [`runner::run_all`] does.
///
/// # Errors
/// As there; also when a thread can't be started.
pub(super) fn run(
    mut prepared: Prepared,
    settings: &Settings,
    jobs: usize,
    control: &Control,
    recorder: &Recorder,
    directory: &Path,
) -> Result<(Vec<ScenarioResult>, Duration)> {
    let quiet = Settings {
        console: Console::quiet(),
        ..settings.clone()
    };
    let order = std::mem::take(&mut prepared.planned);
    let jobs = jobs.clamp(1, order.len().max(1));
    let parts: Vec<Control> = (0..jobs).map(|_| control.part()).collect();
    let _watchdogs: Vec<Watchdog> = parts
        .iter()
        .map(|part| {
            Watchdog::watch(
                part.clone(),
                control.clone(),
                recorder.clone(),
                directory.to_owned(),
                settings.patience,
            )
        })
        .collect::<std::io::Result<_>>()
        .context("can't start a watchdog")?;
    let next = AtomicUsize::new(0);
    let (tell, told) = channel();
    std::thread::scope(|scope| {
        for part in &parts {
            let (tell, next, prepared, quiet, order) =
                (tell.clone(), &next, &prepared, &quiet, &order);
            std::thread::Builder::new()
                .name("job".into())
                .spawn_scoped(scope, move || {
                    work(prepared, quiet, part, recorder, order, next, &tell);
                })
                .context("can't start a thread for a job")?;
        }
        drop(tell);
        write_in_order(&told, settings, control, recorder)
    })
}

/// One thread: takes the next scenario until there is none.
fn work(
    prepared: &Prepared,
    settings: &Settings,
    control: &Control,
    recorder: &Recorder,
    order: &[Arc<Planned>],
    next: &AtomicUsize,
    tell: &Sender<Done>,
) {
    loop {
        let place = next.fetch_add(1, Ordering::Relaxed);
        let Some(one) = order.get(place) else {
            return;
        };
        let mut alone = prepared.clone();
        alone.planned = vec![one.clone()];
        let part = recorder.part();
        let outcome = runner::run_all(alone, settings, control, &part);
        // cucumber puts back what it found, which may be another run's silence.
        panics::remember();
        let done = Done {
            place,
            recorder: part,
            outcome,
        };
        if tell.send(done).is_err() {
            return;
        }
    }
}

fn write_in_order(
    told: &Receiver<Done>,
    settings: &Settings,
    control: &Control,
    recorder: &Recorder,
) -> Result<(Vec<ScenarioResult>, Duration)> {
    let mut early: BTreeMap<usize, Done> = BTreeMap::new();
    let (mut results, mut now, mut place) = (Vec::new(), Duration::ZERO, 0);
    for done in told {
        early.insert(done.place, done);
        while let Some(done) = early.remove(&place) {
            place += 1;
            recorder.take_in(&done.recorder);
            let (found, ended) = done.outcome.inspect_err(|error| {
                control.interrupt(&format!("{error:#}"));
            })?;
            for result in &found {
                settings.console.scenario(result);
            }
            results.extend(found);
            now = ended;
            if let Err(error) = recorder.check() {
                control.interrupt(&format!("the run can't be recorded: {error}"));
            }
        }
    }
    Ok((results, now))
}
