//! Going on with a run that was interrupted: by a crash, a power cut, a signal.
//!
//! What its journal tells as ended stays as it ended. On a real bench the scenario that was under
//! way begins again once the battery is found as it was left. In a simulation the world is brought
//! back by living through the scenario again, message by message: the same seed gives the same
//! happenings, each of which is held against the journal, and from its last entry on new ones are
//! written.

use super::Settings;
use super::inputs::Inputs;
use crate::exit::Usage;
use crate::feature::Selector;
use anyhow::{Context as _, Result, bail};
use bench::LeftBehind;
use record::{Entry, Event, InputFile, RunDirectory, Verdict, read_journal};
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

/// What the journal of an interrupted run tells.
#[derive(Debug, Clone, Default)]
pub struct Past {
    seed: u64,
    pub(crate) simulated: bool,
    options: BTreeMap<String, String>,
    inputs: Vec<InputFile>,
    /// How scenarios ended that needn't be run again, and when, on the bench's clock.
    pub(crate) done: BTreeMap<u32, (Verdict, String, Duration)>,
    /// How often each was begun.
    pub(crate) attempts: BTreeMap<u32, u32>,
    /// The scenario that was under way, from its beginning; empty where none was.
    open: Vec<Entry>,
    /// Scenario and its last checkpoint.
    left: Option<(u32, LeftBehind)>,
    /// Who the instruments said that they were when a bench was opened last.
    instruments: BTreeMap<String, String>,
    /// Time of the last entry, on the bench's clock.
    pub(crate) at: Duration,
}

impl Past {
    /// Reads the journal of a run.
    ///
    /// # Errors
    /// When there is none, when it doesn't hold together, or when its run has nothing left to do.
    pub fn read(run: &Path) -> Result<Self> {
        let path = RunDirectory(run.to_owned()).journal();
        let bytes = std::fs::read(&path).with_context(|| {
            format!(
                "{} is no run: {} can't be read",
                run.display(),
                path.display()
            )
        })?;
        // An entry that was in flight is no entry.
        let whole = bytes
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |at| at + 1);
        let mut past = Self::default();
        read_journal(&path.display().to_string(), &bytes[..whole], |entry| {
            past.take_in(entry)
        })?;
        if past.attempts.is_empty() && past.inputs.is_empty() {
            bail!(
                "{} tells of no scenario: the run was interrupted before it began; start it anew",
                path.display()
            );
        }
        Ok(past)
    }

    fn take_in(&mut self, entry: Entry) {
        self.at = Duration::try_from_secs_f64(entry.at_s).unwrap_or_default();
        let scenario = entry.scope.scenario;
        match &entry.event {
            Event::RunStarted {
                simulated,
                seed,
                options,
                inputs,
                ..
            } => {
                self.seed = *seed;
                self.simulated = *simulated;
                self.options.clone_from(options);
                self.inputs.clone_from(inputs);
            }
            Event::ScenarioStarted { .. } => {
                self.open.clear();
                if let Some(number) = scenario {
                    *self.attempts.entry(number).or_default() += 1;
                    self.done.remove(&number);
                }
            }
            Event::BenchOpened { instruments, .. } => self.instruments.clone_from(instruments),
            Event::Checkpoint {
                cells_v,
                temperature_c,
                ..
            } => {
                let unknown = |cells: &Vec<Option<f64>>| {
                    cells.iter().map(|cell| cell.unwrap_or(f64::NAN)).collect()
                };
                let left = LeftBehind {
                    cells_v: cells_v.iter().map(unknown).collect(),
                    temperature_c: *temperature_c,
                    instruments: self.instruments.clone(),
                };
                self.left = scenario.map(|number| (number, left));
            }
            Event::ScenarioFinished { verdict, reason } => {
                self.open.clear();
                let started = !reason.starts_with("not started");
                if let (Some(number), true, true) =
                    (scenario, *verdict != Verdict::Interrupted, started)
                {
                    let how = (*verdict, reason.clone(), self.at);
                    self.done.insert(number, how);
                }
                return;
            }
            _ => {}
        }
        if scenario.is_some()
            && scenario.map(|number| self.done.contains_key(&number)) == Some(false)
        {
            self.open.push(entry);
        }
    }

    /// The settings of that run, to go on with it.
    ///
    /// # Errors
    /// When it was a fault sweep.
    pub fn settings(self, run: &Path, settings: Settings) -> Result<Settings> {
        let option = |name: &str| self.options.get(name).cloned();
        let list = |name: &str| -> Vec<String> {
            let all = option(name);
            all.iter()
                .flat_map(|all| all.split(", "))
                .map(str::to_owned)
                .collect()
        };
        for once in ["lose-message", "flash", "firmware"] {
            if self.options.contains_key(once) {
                return Err(Usage::new(format!(
                    "{}: a run with {once} can't be gone on with; start it anew",
                    run.display()
                ))
                .into());
            }
        }
        let features = list("features");
        let features = features.iter().map(|text| match text.parse::<Selector>() {
            Ok(selector) => selector,
            Err(never) => match never {},
        });
        Ok(Settings {
            features: features.collect(),
            bench: option("bench"),
            twin: self.options.contains_key("twin"),
            tags: option("tags"),
            name: option("name"),
            faults: list("fault"),
            retry_errors: option("retry-errors")
                .and_then(|count| count.parse().ok())
                .unwrap_or(0),
            fail_fast: self.options.contains_key("fail-fast"),
            waive_calibration: option("waive-calibration").or(settings.waive_calibration.clone()),
            seed: self.seed,
            out: Some(run.to_owned()),
            resume: Some(self),
            ..settings
        })
    }

    /// Files that aren't what they were make another run.
    ///
    /// # Errors
    /// With each that differs.
    pub(crate) fn check_inputs(&self, now: &Inputs) -> Result<()> {
        let now = now.hashes()?;
        let sum = |all: &[InputFile], path: &str| {
            let one = all.iter().find(|file| file.path == path)?;
            Some(one.sha256.clone())
        };
        let paths = self
            .inputs
            .iter()
            .chain(&now)
            .map(|file| file.path.as_str());
        let mut differing: Vec<&str> = paths
            .filter(|path| sum(&self.inputs, path) != sum(&now, path))
            .collect();
        differing.sort_unstable();
        differing.dedup();
        if differing.is_empty() {
            return Ok(());
        }
        bail!(
            "not what they were when the run began: {}; bring them back (copies are in the run's folder, inputs/), or start a new run",
            differing.join(", ")
        )
    }

    /// Entries that a simulation lives through again.
    pub(crate) fn replayed(&self) -> Vec<Entry> {
        match self.simulated {
            true => self.open.clone(),
            false => Vec::new(),
        }
    }

    /// How often scenarios were begun before they are begun now. One that is lived through again is
    /// the same one.
    pub(crate) fn attempts_before(&self) -> BTreeMap<u32, u32> {
        let mut attempts = self.attempts.clone();
        if let (true, Some(number)) = (self.simulated, self.open_scenario()) {
            attempts.entry(number).and_modify(|count| *count -= 1);
        }
        attempts
    }

    /// Where a real bench was left by this scenario.
    pub(crate) fn left_by(&self, number: u32) -> Option<LeftBehind> {
        let (scenario, left) = self.left.as_ref()?;
        (!self.simulated && *scenario == number).then(|| left.clone())
    }

    fn open_scenario(&self) -> Option<u32> {
        self.open.first().and_then(|entry| entry.scope.scenario)
    }

    /// For the record, in a sentence.
    pub(crate) fn in_words(&self) -> String {
        let hours = self.at.as_secs_f64() / 3600.0;
        let under_way = match self.open_scenario() {
            Some(number) => format!("in scenario {number}, {hours:.2} h on the bench's clock"),
            None => "between two scenarios".to_owned(),
        };
        format!("interrupted {under_way}; the run is gone on with")
    }
}
