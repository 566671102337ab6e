//! Scenarios by statement, from features or from a run.

use crate::exit::Usage;
use crate::feature::Selector;
use crate::run::load_features;
use anyhow::{Context as _, Result};
use record::{Event, RunDirectory, Verdict, read_journal};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

/// One scenario that is about a statement.
#[derive(Debug, Clone, Default)]
pub(super) struct Check {
    pub(super) name: String,
    pub(super) path: String,
    pub(super) line: usize,
    /// Bench, and how the statement stood there.
    pub(super) runs: Vec<(String, Verdict)>,
}

/// Scenarios by statement.
#[derive(Debug, Clone, Default)]
pub(super) struct Checks(BTreeMap<String, Vec<Check>>);

/// A scenario of a run while it's read.
struct Open {
    check: Check,
    tags: Vec<String>,
    bench: String,
    judged: BTreeMap<String, Verdict>,
}

impl Checks {
    /// From the tags of features.
    ///
    /// # Errors
    /// When they can't be read.
    pub(super) fn of_features(named: &[PathBuf]) -> Result<Self> {
        let selectors: Vec<Selector> = named
            .iter()
            .map(|path| Selector {
                path: path.clone(),
                line: None,
            })
            .collect();
        let mut checks = Self::default();
        for file in load_features(&selectors)? {
            for case in &file.cases {
                let check = Check {
                    name: case.scenario.name.clone(),
                    path: file.shown.clone(),
                    line: case.scenario.position.line,
                    runs: Vec::new(),
                };
                checks.add(&file.tags(case), &check, |_| None);
            }
        }
        Ok(checks)
    }

    /// From the journal of a run.
    ///
    /// # Errors
    /// When there's none, or it can't be read.
    pub(super) fn of_run(run: &Path) -> Result<Self> {
        let journal = RunDirectory(run.to_owned()).journal();
        let shown = journal.display().to_string();
        let file = File::open(&journal).map_err(|error| {
            Usage::new(format!("{} is no run: {shown}: {error}", run.display()))
        })?;
        let mut open: Option<Open> = None;
        let mut checks = Self::default();
        let read = read_journal(&shown, BufReader::new(file), |entry| match entry.event {
            Event::ScenarioStarted {
                path,
                line,
                name,
                tags,
                bench,
                ..
            } => {
                let runs = Vec::new();
                open = Some(Open {
                    check: Check {
                        name,
                        path,
                        line,
                        runs,
                    },
                    tags,
                    bench,
                    judged: BTreeMap::new(),
                });
            }
            Event::Judgement(judgement) => {
                if let Some(open) = &mut open {
                    let verdict = judgement.verdict;
                    open.judged
                        .entry(judgement.clause)
                        .and_modify(|worst| *worst = worst.and(verdict))
                        .or_insert(verdict);
                }
            }
            Event::ScenarioFinished { verdict, .. } => {
                if let Some(open) = open.take() {
                    checks.close(&open, verdict);
                }
            }
            _ => {}
        });
        read.context("the run can't be traced")?;
        // A scenario that began and never ended is not a scenario that passed.
        if let Some(open) = open {
            checks.close(&open, Verdict::Interrupted);
        }
        Ok(checks)
    }

    fn close(&mut self, open: &Open, ended: Verdict) {
        self.add(&open.tags, &open.check, |clause| {
            let verdict = stands(open.judged.get(clause).copied(), ended);
            Some((open.bench.clone(), verdict))
        });
    }

    fn add(
        &mut self,
        tags: &[String],
        check: &Check,
        run: impl Fn(&str) -> Option<(String, Verdict)>,
    ) {
        for clause in tags.iter().filter_map(|tag| tag.strip_prefix("clause:")) {
            let list = self.0.entry(clause.to_owned()).or_default();
            let same = |known: &&mut Check| known.path == check.path && known.line == check.line;
            match list.iter_mut().find(same) {
                Some(known) => known.runs.extend(run(clause)),
                None => list.push(Check {
                    runs: run(clause).into_iter().collect(),
                    ..check.clone()
                }),
            }
        }
    }

    /// Scenarios about this statement.
    pub(super) fn of(&self, clause: &str) -> &[Check] {
        self.0.get(clause).map_or(&[], Vec::as_slice)
    }

    /// Every statement that some scenario is about.
    pub(super) fn clauses(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

/// How one statement stands after a scenario that is about several: what was judged under it
/// counts. A scenario that failed for another statement doesn't speak against this one, but one
/// that was broken off can't speak for it. What was never judged was skipped.
fn stands(judged: Option<Verdict>, scenario: Verdict) -> Verdict {
    match (judged, scenario) {
        (Some(judged), Verdict::Error | Verdict::Interrupted) => judged.and(scenario),
        (Some(judged), _) => judged,
        (None, Verdict::Pass) => Verdict::Skipped,
        (None, scenario) => scenario,
    }
}

#[cfg(test)]
mod tests {
    use super::stands;
    use record::Verdict::{self, Error, Fail, Inconclusive, Interrupted, Pass, Skipped};

    #[test]
    fn what_was_judged_counts_and_nothing_missing_passes() {
        let table: [(Option<Verdict>, Verdict, Verdict); 9] = [
            (Some(Pass), Pass, Pass),
            (Some(Pass), Fail, Pass),
            (Some(Fail), Fail, Fail),
            (Some(Pass), Error, Error),
            (Some(Fail), Error, Fail),
            (Some(Inconclusive), Interrupted, Interrupted),
            (None, Pass, Skipped),
            (None, Fail, Fail),
            (None, Skipped, Skipped),
        ];
        for (judged, scenario, expected) in table {
            assert_eq!(stands(judged, scenario), expected, "{judged:?} {scenario}");
        }
    }
}
