//! One instrument: who it is, what went wrong, what is on.

use super::Finding;
use anyhow::Result;
use api::{ChannelId, Driver};
use config::{Bench, Instrument};
use std::collections::BTreeSet;

/// Looks at an instrument without commanding anything.
pub(super) fn findings(
    id: &str,
    instrument: &Instrument,
    driver: Result<Box<dyn Driver>>,
    bench: &Bench,
) -> Vec<Finding> {
    let mut driver = match driver {
        Ok(driver) => driver,
        Err(error) => return vec![Finding::bad(id, "answers", format!("{error:#}"))],
    };
    let mut findings = vec![identity(id, instrument, &mut *driver)];
    if findings[0].state == super::State::Bad {
        // Somebody else's instrument isn't asked anything more.
        return findings;
    }
    findings.push(errors(id, &mut *driver));
    findings.extend(outputs(id, &mut *driver, bench));
    findings
}

fn identity(id: &str, instrument: &Instrument, driver: &mut dyn Driver) -> Finding {
    const CHECK: &str = "identity";
    let identity = match driver.identity() {
        Ok(identity) => identity,
        Err(error) => return Finding::bad(id, CHECK, error.to_string()),
    };
    match &instrument.serial {
        None => Finding::notice(
            id,
            CHECK,
            format!("{identity}; the bench file names no serial number, so any would do"),
        ),
        Some(expected) if *expected == identity.serial => {
            Finding::good(id, CHECK, identity.to_string())
        }
        Some(expected) => Finding::bad(
            id,
            CHECK,
            format!(
                "{identity} answers at {}, and serial number {expected} was expected: correct the address or the bench file",
                instrument.address
            ),
        ),
    }
}

fn errors(id: &str, driver: &mut dyn Driver) -> Finding {
    const CHECK: &str = "error queue";
    match driver.drain_errors() {
        Ok(errors) if errors.is_empty() => Finding::good(id, CHECK, "empty"),
        Ok(errors) => Finding::notice(
            id,
            CHECK,
            format!("had {}; they are cleared now", errors.join("; ")),
        ),
        Err(error) => Finding::bad(id, CHECK, error.to_string()),
    }
}

/// Channels of this instrument that the wiring drives current with.
fn driven(id: &str, bench: &Bench) -> BTreeSet<u16> {
    let wiring = &bench.wiring;
    let supplies = wiring.cells.iter().map(|cell| &cell.supply);
    let single = wiring.charger.iter().chain(&wiring.load);
    let bms = wiring.bms_supply.iter().map(|(at, _)| at);
    supplies
        .chain(single)
        .chain(bms)
        .filter(|at| at.instrument == id)
        .map(|at| at.channel)
        .collect()
}

fn outputs(id: &str, driver: &mut dyn Driver, bench: &Bench) -> Vec<Finding> {
    let mut findings = Vec::new();
    for channel in driven(id, bench) {
        let subject = format!("{id}/{channel}");
        let at = ChannelId(channel);
        let state = if let Some(supply) = driver.supply() {
            supply.output(at)
        } else if let Some(load) = driver.load() {
            load.input(at)
        } else {
            continue;
        };
        findings.push(match state {
            Ok(false) => Finding::good(&subject, "output", "off"),
            Ok(true) => Finding::bad(
                &subject,
                "output",
                "ON, and nobody runs this bench: look who uses it, then `rig safe`",
            ),
            Err(error) => Finding::bad(&subject, "output", error.to_string()),
        });
    }
    findings
}
