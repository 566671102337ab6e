//! `rig doctor`: whether a bench is what its file says, before anybody trusts it.
//!
//! Without `--energise` nothing is switched on: instruments are asked who they are, what went wrong
//! and what is on. With it, a board bench's cells are raised to voltages that differ, so that each
//! sense lead shows which cell it is on, and relays are moved one by one.

mod calibration;
mod finding;
mod instruments;
mod leads;
mod radio;
mod ratio;

pub(crate) use calibration::{overdue, today};
pub(crate) use finding::{Finding, State};

use crate::guard::Watched;
use crate::run::{BenchLock, Control, Stock, is_simulated};
use crate::search::fixture_folders;
use anyhow::Result;
use api::{Cancel, Clock};
use bench::Bench;
use config::SearchPath;
use record::Recorder;
use std::sync::Arc;
use wire::Transcript;

/// Examines a bench.
///
/// # Errors
/// When the bench file is wrong, somebody else uses the bench, or it's simulated and this build
/// can't. Whatever is wrong with the bench itself is a finding.
pub(crate) fn examine(bench: &str, energise: bool) -> Result<Vec<Finding>> {
    let search = SearchPath::new(fixture_folders());
    let config = Arc::new(search.bench(bench)?);
    let simulated = is_simulated(&config)?;
    let lock = match simulated {
        true => None,
        false => Some(BenchLock::take(&config.path)?),
    };
    let control = Control::new();
    let _guarded = match (energise, &lock) {
        (true, Some(_)) => Some(Watched::start(&config.path, None, control.clone())?),
        _ => None,
    };
    let mut stock = Stock::without_faults(search)?;
    stock.fence = lock.as_ref().map(BenchLock::fence);
    // The radio is looked at apart: what is wrong with it is a finding, too.
    stock.deaf = true;
    let mut findings = one_by_one(&stock, &config, &control, simulated)?;
    if !simulated {
        let clock: Arc<dyn Clock> = Arc::new(stock.wall.clone());
        findings.extend(radio::findings(&config, &clock));
    }
    findings.extend(ratio::findings(&config, &stock.clauses));
    if findings.iter().any(|finding| finding.state == State::Bad) {
        findings.push(Finding::notice(
            "bench",
            "wiring",
            "not looked at: first mend what is wrong above",
        ));
        return Ok(findings);
    }
    findings.extend(together(&stock, &config, &control, energise)?);
    Ok(findings)
}

/// Every instrument on its own, over a link of its own. Nothing is commanded.
fn one_by_one(
    stock: &Stock,
    config: &Arc<config::Bench>,
    control: &Control,
    simulated: bool,
) -> Result<Vec<Finding>> {
    let recorder = Recorder::into_writer(Box::new(std::io::sink()));
    let sources = stock.sources(config, &Cancel::new(), &recorder, control)?;
    let clock: Arc<dyn Clock> = sources.clock.clone();
    let transcript = Transcript::new(16, 4096);
    let mut findings = Vec::new();
    for (id, instrument) in &config.instruments {
        let driver = (sources.links)(id).and_then(|link| {
            crate::run::open_driver(id, instrument, link, &clock, &transcript, None)
        });
        findings.extend(instruments::findings(id, instrument, driver, config));
        if !simulated {
            findings.push(calibration::finding(id, instrument, &today()));
        }
    }
    Ok(findings)
}

/// The bench as a whole, made safe at the end.
fn together(
    stock: &Stock,
    config: &Arc<config::Bench>,
    control: &Control,
    energise: bool,
) -> Result<Vec<Finding>> {
    let recorder = Recorder::into_writer(Box::new(std::io::sink()));
    let (parts, _equipment) = stock.equip(config, &Cancel::new(), &recorder, control)?;
    let mut bench = match Bench::open(parts) {
        Ok(bench) => bench,
        Err(error) => return Ok(vec![Finding::bad("bench", "roles", error.to_string())]),
    };
    let mut findings = vec![Finding::good(
        "bench",
        "roles",
        "every channel can do what its role asks of it",
    )];
    findings.extend(leads::findings(&mut bench, energise));
    let safe = bench.close("rig doctor ends");
    findings.push(match safe.proven {
        true => Finding::good("bench", "safe", safe.in_words()),
        false => Finding::bad("bench", "safe", safe.in_words()),
    });
    Ok(findings)
}
