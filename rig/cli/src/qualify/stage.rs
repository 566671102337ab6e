//! Runs of chosen scenarios with chosen faults, as often as one likes, without a trace on the disk.

use crate::feature::{Placement, Planned};
use crate::run::{Control, Prepared, ScenarioResult, Settings, run_prepared};
use config::{Bench, Fault};
use record::Verdict;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Everything that was read, once, for all runs.
pub(super) struct Stage {
    prepared: Prepared,
    folder: PathBuf,
    /// Where runs stay, each in a folder that is named for its seed and its bench.
    kept: Option<PathBuf>,
    runs: AtomicU64,
}

/// How a scenario ended.
#[derive(Debug, Clone)]
pub(crate) struct Ended {
    /// Its name.
    pub(crate) scenario: String,
    /// Where it ran.
    pub(crate) bench: String,
    /// How it ended.
    pub(crate) verdict: Verdict,
    /// Why.
    pub(crate) reason: String,
    /// Outputs that stayed on, or may have.
    pub(crate) left_on: Vec<String>,
}

impl From<&ScenarioResult> for Ended {
    fn from(result: &ScenarioResult) -> Self {
        let left = result.left_on.iter().chain(&result.unproven);
        Self {
            scenario: result.planned.name.clone(),
            bench: result.planned.bench_name().to_owned(),
            verdict: result.verdict,
            reason: result.reason.clone(),
            left_on: left.cloned().collect(),
        }
    }
}

/// What runs together.
pub(super) struct Run<'a> {
    pub(super) planned: Vec<Arc<Planned>>,
    pub(super) faults: &'a [Fault],
    pub(super) seed: u64,
    /// Whether to stop after the first scenario that doesn't pass.
    pub(super) until_noticed: bool,
}

impl Stage {
    pub(super) fn new(prepared: Prepared, folder: PathBuf) -> Self {
        Self {
            prepared,
            folder,
            kept: None,
            runs: AtomicU64::new(0),
        }
    }

    /// Keeps what runs write.
    pub(super) fn keep_in(&mut self, folder: PathBuf) {
        self.kept = Some(folder);
    }

    /// Every scenario on every bench that gives what it needs; skipped ones left out.
    pub(super) fn planned(&self) -> impl Iterator<Item = &Arc<Planned>> {
        self.prepared
            .planned
            .iter()
            .filter(|one| !matches!(one.placement, Placement::Skipped(_)))
    }

    /// A scenario on the benches that have what a fault is about.
    pub(super) fn places(&self, scenario: &str, fault: &Fault) -> Vec<Arc<Planned>> {
        self.planned()
            .filter(|one| one.name == scenario)
            .filter(|one| bench_of(one).is_none_or(|bench| super::target::is_on(fault, bench)))
            .cloned()
            .collect()
    }

    pub(super) fn clauses(&self) -> &config::Clauses {
        &self.prepared.stock.clauses
    }

    /// Runs; what can't be run at all is an error of each of its scenarios.
    pub(super) fn run(&self, run: Run<'_>) -> Vec<Ended> {
        self.run_on(run, &[])
    }

    /// The same after boards were programmed with these images.
    pub(super) fn run_on(
        &self,
        run: Run<'_>,
        firmware: &[(api::BoardKind, PathBuf)],
    ) -> Vec<Ended> {
        if run.planned.is_empty() {
            return Vec::new();
        }
        let out = self.out(&run);
        // Of an earlier qualification, as the matrix that is written over.
        let _was_never_there = std::fs::remove_dir_all(&out);
        let mut prepared = self.prepared.clone();
        prepared.planned = run.planned.clone();
        prepared.stock.faults = run.faults.to_vec();
        prepared.stock.seed = run.seed;
        prepared.inputs = Default::default();
        let settings = Settings {
            out: Some(out.clone()),
            seed: run.seed,
            firmware: firmware.to_vec(),
            fail_fast: run.until_noticed,
            reports: false,
            ..Settings::default()
        };
        let outcome = run_prepared(prepared, &settings, &Control::new());
        if self.kept.is_none() {
            let _was_never_there = std::fs::remove_dir_all(&out);
        }
        match outcome {
            Ok(outcome) => outcome.results.iter().map(Ended::from).collect(),
            Err(error) => run
                .planned
                .iter()
                .map(|one| Ended {
                    scenario: one.name.clone(),
                    bench: one.bench_name().to_owned(),
                    verdict: Verdict::Error,
                    reason: format!("{error:#}"),
                    left_on: Vec::new(),
                })
                .collect(),
        }
    }
}

impl Stage {
    /// The folder of one run.
    fn out(&self, run: &Run<'_>) -> PathBuf {
        match (&self.kept, run.planned.first()) {
            (Some(kept), Some(first)) => {
                kept.join(format!("corner-{}-{}", run.seed, first.bench_name()))
            }
            _ => {
                let number = self.runs.fetch_add(1, Ordering::Relaxed);
                self.folder.join(number.to_string())
            }
        }
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        // Empty by now.
        let _not_empty = std::fs::remove_dir(&self.folder);
    }
}

/// The bench of a scenario.
pub(super) fn bench_of(planned: &Planned) -> Option<&Bench> {
    match &planned.placement {
        Placement::On(bench) => Some(bench),
        Placement::Anywhere | Placement::Skipped(_) => None,
    }
}
