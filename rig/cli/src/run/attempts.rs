//! Scenarios that are tried again because the rig could not tell. A finding about the device is
//! never tried away, and every attempt stays in the record.

use super::control::Control;
use super::prepare::Prepared;
use super::watchdog::Watchdog;
use super::{ScenarioResult, Settings, runner, side_by_side};
use anyhow::{Context as _, Result};
use record::{Recorder, Verdict};
use std::path::Path;
use std::time::Duration;

/// Runs everything, and what ended with an error as often again as the settings allow.
///
/// # Errors
/// As [`runner::run_all`].
pub(super) fn run(
    mut prepared: Prepared,
    settings: &Settings,
    control: &Control,
    recorder: &Recorder,
    directory: &Path,
) -> Result<(Vec<ScenarioResult>, Duration)> {
    let (mut results, mut now) = once(prepared.clone(), settings, control, recorder, directory)?;
    for _ in 0..settings.retry_errors {
        let again: Vec<u32> = results
            .iter()
            .filter(|result| may_be_tried_again(result))
            .map(|result| result.planned.number)
            .collect();
        // After a bench that is not proven safe nothing is switched on again.
        let dark = results.iter().all(|result| result.unproven.is_empty());
        if again.is_empty() || !dark || control.stopped().is_some() {
            break;
        }
        for number in &again {
            *prepared.stock.attempts.entry(*number).or_default() += 1;
        }
        let mut part = prepared.clone();
        part.planned.retain(|one| again.contains(&one.number));
        let (newer, later) = once(part, settings, control, recorder, directory)?;
        now = later;
        for result in newer {
            let number = result.planned.number;
            if let Some(older) = results.iter_mut().find(|one| one.planned.number == number) {
                *older = result;
            }
        }
    }
    Ok((results, now))
}

/// Only what the rig could not tell; not what it found, nor what somebody stopped.
fn may_be_tried_again(result: &ScenarioResult) -> bool {
    result.verdict == Verdict::Error && result.unproven.is_empty() && result.left_on.is_empty()
}

fn once(
    prepared: Prepared,
    settings: &Settings,
    control: &Control,
    recorder: &Recorder,
    directory: &Path,
) -> Result<(Vec<ScenarioResult>, Duration)> {
    if prepared.planned.is_empty() {
        return Ok((Vec::new(), Duration::ZERO));
    }
    let jobs = prepared.jobs(settings);
    if jobs > 1 {
        return side_by_side::run(prepared, settings, jobs, control, recorder, directory);
    }
    let patience = match prepared.real_bench() {
        Some(_) => settings.patience.min(super::REAL_PATIENCE),
        None => settings.patience,
    };
    let _watchdog = Watchdog::watch(
        control.clone(),
        control.clone(),
        recorder.clone(),
        directory.to_owned(),
        patience,
    )
    .context("can't start the watchdog")?;
    runner::run_all(prepared, settings, control, recorder)
}
