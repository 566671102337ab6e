//! The last way out: every output off over connections of its own, because the bench's thread
//! doesn't come back.

use super::control::EmergencyOff;
use super::equip::{Links, connect, open_driver};
use super::lock::Fence;
use super::wall_clock::WallClock;
use anyhow::Result;
use api::Clock;
use std::sync::{Arc, mpsc};
use std::time::Duration;
use wire::Transcript;

/// How long all instruments together may take.
const BUDGET: Duration = Duration::from_secs(8);

/// Prepares the emergency off of a bench; nothing is sent before it's called.
pub(crate) fn switch(config: &Arc<config::Bench>, links: Box<Links>) -> EmergencyOff {
    let (config, links) = (config.clone(), Arc::from(links));
    Arc::new(move || off(&config, &links))
}

/// Switches every output of a bench off, now; returns who may still have one on, and why.
pub(crate) fn emergency_off(config: &Arc<config::Bench>, fence: Fence) -> Vec<String> {
    let bench = config.clone();
    let links: Box<Links> = Box::new(move |id| connect(&bench, id, Some(&fence)));
    off(config, &Arc::from(links))
}

/// Asks every instrument at the same time; returns who may still have an output on, and why.
fn off(config: &config::Bench, links: &Arc<Links>) -> Vec<String> {
    let (answer, answers) = mpsc::channel();
    let mut waiting: Vec<String> = Vec::new();
    for (id, instrument) in &config.instruments {
        let (answer, links) = (answer.clone(), links.clone());
        let (id, instrument) = (id.clone(), instrument.clone());
        waiting.push(id.clone());
        let name = format!("emergency off {id}");
        let job = move || {
            let outcome = off_one(&id, &instrument, &*links);
            // The budget may be over and nobody listening.
            let _not_awaited = answer.send((id, outcome));
        };
        let started = std::thread::Builder::new().name(name).spawn(job);
        drop(started);
    }
    drop(answer);
    let clock = WallClock::start();
    let mut unproven = Vec::new();
    while !waiting.is_empty() {
        let left = BUDGET.saturating_sub(clock.now());
        let Ok((id, outcome)) = answers.recv_timeout(left) else {
            break;
        };
        waiting.retain(|other| *other != id);
        if let Err(error) = outcome {
            unproven.push(format!("{id}: {error:#}"));
        }
    }
    let silent = waiting
        .into_iter()
        .map(|id| format!("{id}: no answer within {BUDGET:?}"));
    unproven.extend(silent);
    unproven
}

fn off_one(id: &str, instrument: &config::Instrument, links: &Links) -> Result<()> {
    let clock: Arc<dyn Clock> = Arc::new(WallClock::start());
    let mut driver = open_driver(
        id,
        instrument,
        links(id)?,
        &clock,
        &Transcript::new(16, 4096),
        None,
    )?;
    Ok(driver.all_off()?)
}
