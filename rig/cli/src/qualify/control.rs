//! The control set: scenarios that faults name, on healthy devices. A suite that fails everything
//! would kill every fault.

use super::stage::{Ended, Run, Stage};
use config::Fault;
use std::collections::BTreeSet;

/// Scenarios in a share of the control set.
const SHARE: usize = 4;

/// The names of all scenarios that faults name, in shares.
pub(super) fn shares(stage: &Stage, faults: &[Fault]) -> Vec<BTreeSet<String>> {
    let named = |fault: &Fault| -> Vec<String> {
        let noticing = fault.expect.iter().map(|expected| &expected.scenario);
        noticing.chain(&fault.spares).cloned().collect()
    };
    let all: BTreeSet<String> = faults.iter().flat_map(named).collect();
    let known: Vec<String> = all
        .into_iter()
        .filter(|name| stage.planned().any(|one| one.name == *name))
        .collect();
    known
        .chunks(SHARE)
        .map(|share| share.iter().cloned().collect())
        .collect()
}

/// Runs a share on every bench that it can run on.
pub(super) fn run(stage: &Stage, names: &BTreeSet<String>) -> Vec<Ended> {
    let planned = stage.planned().filter(|one| names.contains(&one.name));
    stage.run(Run {
        planned: planned.cloned().collect(),
        faults: &[],
        seed: 1,
        until_noticed: false,
    })
}
