//! Which outputs are proven off, and which may still be energised.

use crate::model::{SafeState, Scenario, Unproven};
use record::{Entry, Event, OutputProof};
use std::collections::BTreeMap;

/// Follows the outputs of all benches through a journal.
#[derive(Default)]
pub(crate) struct Outputs {
    bench: String,
    /// Bench and role of every output whose last proof failed, or that has none.
    open: BTreeMap<(String, String), Unproven>,
    later: Vec<Unproven>,
    /// A bench that was opened or commanded and not made safe since, and the scenario.
    touched: Option<(String, Option<u32>)>,
    proofs: u32,
}

impl Outputs {
    /// Takes note of one entry; `last` is the scenario that began last.
    pub(crate) fn see(&mut self, entry: &Entry, last: Option<&Scenario>) {
        let scenario = entry.scope.scenario;
        match &entry.event {
            Event::ScenarioStarted { bench, .. } => self.bench.clone_from(bench),
            Event::BenchOpened { bench, .. } => {
                self.bench.clone_from(bench);
                self.touched = Some((bench.clone(), scenario));
            }
            Event::Command { .. } => {
                if self.bench.is_empty() {
                    let bench = last.map(|scenario| scenario.bench.clone());
                    self.bench = bench.unwrap_or_default();
                }
                self.touched = Some((self.bench.clone(), scenario));
            }
            Event::MadeSafe {
                why,
                proven,
                outputs,
            } => {
                self.touched = None;
                self.proofs += 1;
                self.weigh(why, *proven, outputs, scenario);
            }
            _ => {}
        }
    }

    fn weigh(&mut self, why: &str, proven: bool, outputs: &[OutputProof], scenario: Option<u32>) {
        let bench = self.bench.clone();
        // A proof of the whole bench settles what was open as "every output".
        if proven {
            self.settle(&bench, EVERY);
        }
        for output in outputs {
            if output.safe {
                self.settle(&bench, &output.role);
                continue;
            }
            self.open(Unproven {
                bench: bench.clone(),
                role: output.role.clone(),
                instrument: output.instrument.clone(),
                found: output.found.clone(),
                scenario,
            });
        }
        if !proven && outputs.iter().all(|output| output.safe) {
            self.open(Unproven {
                bench,
                role: EVERY.into(),
                instrument: String::new(),
                found: format!("made safe ({why}), but not proven"),
                scenario,
            });
        }
    }

    fn settle(&mut self, bench: &str, role: &str) {
        self.later
            .extend(self.open.remove(&(bench.to_owned(), role.to_owned())));
    }

    fn open(&mut self, output: Unproven) {
        self.open
            .insert((output.bench.clone(), output.role.clone()), output);
    }

    /// What is known at the end of the journal.
    pub(crate) fn finish(mut self) -> SafeState {
        if let Some((bench, scenario)) = self.touched.take() {
            self.open(Unproven {
                bench,
                role: EVERY.into(),
                instrument: String::new(),
                found: "the journal ends before the bench was made safe".into(),
                scenario,
            });
        }
        SafeState {
            unproven: self.open.into_values().collect(),
            proven_later: self.later,
            proofs: self.proofs,
        }
    }
}

const EVERY: &str = "every output";

impl std::fmt::Display for Unproven {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.role)?;
        if !self.instrument.is_empty() {
            write!(f, " ({})", self.instrument)?;
        }
        if !self.bench.is_empty() {
            write!(f, " of bench {}", self.bench)?;
        }
        write!(f, ": {}", self.found)
    }
}
