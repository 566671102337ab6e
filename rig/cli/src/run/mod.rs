//! `rig run`: features on benches, with a record of everything.

mod attempts;
mod boards;
mod console;
mod control;
mod dead;
mod desk;
mod dispatch;
mod emergency;
mod equip;
mod escalate;
mod fence;
mod inputs;
mod lock;
#[cfg(feature = "sim")]
mod lost;
mod panics;
mod person;
mod prepare;
pub(crate) mod radio;
mod resume;
mod runner;
mod shelf;
mod side_by_side;
mod signals;
#[cfg(feature = "sim")]
mod simulated;
#[cfg(feature = "sim")]
mod simulated_boards;
pub(crate) mod stamp;
mod station;
#[cfg(all(test, feature = "sim"))]
mod test_steps;
#[cfg(all(test, feature = "sim"))]
mod tests;
mod variants;
mod verdict;
mod wall_clock;
mod watchdog;

pub use boards::parse_image;
pub(crate) use boards::{
    Flashers, SharedFlasher, problems as board_problems, role as board_role, unprogrammable,
};
pub(crate) use console::summary;
pub use console::{Console, colour_wanted};
pub use control::Control;
pub(crate) use dead::dead_driver;
pub(crate) use emergency::emergency_off;
pub(crate) use equip::Stock;
pub use equip::is_simulated;
pub(crate) use equip::open_driver;
pub(crate) use escalate::{end_interrupted, unknown_outputs};
pub use lock::BenchLock;
pub use prepare::{Prepared, prepare};
pub(crate) use prepare::{check_clauses_of, features as load_features};
pub use resume::Past;
pub(crate) use signals::eprintln_quietly as say;
#[cfg(feature = "sim")]
pub(crate) use simulated::{build as simulated_world, catalogue};
pub(crate) use stamp::day as day_of_today;
pub use wall_clock::WallClock;

pub(crate) use desk::Desk;
#[cfg(not(feature = "sim"))]
pub(crate) use equip::no_simulator;
pub(crate) use station::Station;

use crate::feature::{Planned, Selector};
use crate::guard::Watched;
use anyhow::{Context as _, Result};
use api::Clock as _;
use record::{Event, Flush, Recorder, RunDirectory, Verdict};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// How long a bench may show no sign of life.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// How long a real bench may: longer than the slowest instrument's time-out, during which nothing
/// else is said to anybody.
pub const REAL_PATIENCE: Duration = Duration::from_secs(15);

/// How long a step may take: longer than the longest procedure of the manual, 72 h.
pub const STEP_TIMEOUT: Duration = Duration::from_secs(100 * 3600);

/// What shapes a run.
#[derive(Debug, Clone)]
pub struct Settings {
    /// What to run.
    pub features: Vec<Selector>,
    /// Bench file by path or name; none for every built-in simulated bench.
    pub bench: Option<String>,
    /// Whether software twins stand in for the instruments of the bench.
    pub twin: bool,
    /// Tag expression.
    pub tags: Option<String>,
    /// Regular expression on names.
    pub name: Option<String>,
    /// Folder of the run; none for one named by the time.
    pub out: Option<PathBuf>,
    /// Seed of everything random.
    pub seed: u64,
    /// Fault files by path or name.
    pub faults: Vec<String>,
    /// Boards that are programmed before the run, each with an image other than its bench file's.
    pub firmware: Vec<(api::BoardKind, PathBuf)>,
    /// Whether every board with a probe is programmed with its bench file's image before the run.
    pub flash: bool,
    /// Stop after the first scenario that doesn't pass.
    pub fail_fast: bool,
    /// How often a scenario is tried again that the rig could not tell.
    pub retry_errors: u32,
    /// Loses this message of each scenario, from 0: for fault sweeps in simulation.
    pub lose_message: Option<u64>,
    /// How long a bench may show no sign of life.
    pub patience: Duration,
    /// How long a step may take on the wall clock. Procedures have limits of their own on the
    /// bench's clock; this one is for those that forget to.
    pub step_timeout: Duration,
    /// How many scenarios run at a time; none for as many as there are processors, which is for
    /// simulated benches: a real one does one thing at a time.
    pub jobs: Option<usize>,
    /// Why instruments whose calibration is over may be used all the same.
    pub waive_calibration: Option<String>,
    /// The run that is gone on with.
    pub resume: Option<Past>,
    /// Whether to wait for a bench that is in use.
    pub wait: bool,
    /// Whether signals end the run: in a process of its own, but not in a test.
    pub signals: bool,
    /// Whether reports are made at the end.
    pub reports: bool,
    /// Where lines go.
    pub console: Console,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            features: Vec::new(),
            bench: None,
            twin: false,
            tags: None,
            name: None,
            out: None,
            seed: 1,
            faults: Vec::new(),
            firmware: Vec::new(),
            flash: false,
            fail_fast: false,
            retry_errors: 0,
            lose_message: None,
            patience: PATIENCE,
            step_timeout: STEP_TIMEOUT,
            jobs: Some(1),
            waive_calibration: None,
            resume: None,
            wait: false,
            signals: false,
            reports: true,
            console: Console::quiet(),
        }
    }
}

/// How one scenario ended on one bench.
#[derive(Debug, Clone)]
pub struct ScenarioResult {
    /// Which.
    pub planned: Arc<Planned>,
    /// How.
    pub verdict: Verdict,
    /// Why, in one line; empty for a pass.
    pub reason: String,
    /// Outputs that could not be proven off.
    pub unproven: Vec<String>,
    /// Outputs that the simulated world says were still on after the bench was made safe.
    pub left_on: Vec<String>,
    /// Messages exchanged with simulated instruments.
    pub messages: u64,
    /// How long it took on the bench's clock.
    pub took: Duration,
}

/// How a run ended.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// Worst of its scenarios.
    pub verdict: Verdict,
    /// Every scenario.
    pub results: Vec<ScenarioResult>,
    /// Its folder.
    pub directory: PathBuf,
    /// The page for people; none when reports weren't asked for or couldn't be made.
    pub report: Option<PathBuf>,
    /// Why they couldn't be made.
    pub report_problem: Option<String>,
    /// Whether its benches were simulated.
    pub simulated: bool,
    /// Wall time of its scenarios, without preparations and reports.
    pub took: Duration,
}

impl Outcome {
    /// Outputs that may still be energised.
    #[must_use]
    pub fn unproven(&self) -> Vec<String> {
        self.results
            .iter()
            .flat_map(|result| result.unproven.iter().chain(&result.left_on))
            .cloned()
            .collect()
    }
}

/// Runs features on benches.
///
/// # Errors
/// When the run can't begin: files that are wrong, steps that don't exist, nothing to run, a bench
/// in use. Nothing was energised then. Once it began, whatever goes wrong is a verdict.
pub fn run(settings: &Settings, control: &Control) -> Result<Outcome> {
    run_prepared(prepare(settings)?, settings, control)
}

/// Runs what was prepared, from settings that differ in nothing but `out`, `lose_message` and
/// where lines go.
///
/// # Errors
/// As [`run`].
pub fn run_prepared(
    mut prepared: Prepared,
    settings: &Settings,
    control: &Control,
) -> Result<Outcome> {
    prepared.stock.lose_message = settings.lose_message;
    prepared.stock.boards = boards::Prepared::default();
    let locks = prepared.lock_benches(settings.wait)?;
    prepared.stock.fence = locks.first().map(BenchLock::fence);
    let directory = settings.out.clone().unwrap_or_else(default_directory);
    let flush = if prepared.simulated {
        Flush::EveryScenario
    } else {
        Flush::EveryEntry
    };
    let recorder = match &settings.resume {
        None => {
            let recorder = Recorder::create(&directory, flush).with_context(|| {
                format!(
                    "can't record the run in {}; a run wants a folder of its own, choose one with --out",
                    directory.display()
                )
            })?;
            begin_record(&prepared, settings, &recorder, &directory)?;
            recorder
        }
        Some(past) => {
            past.check_inputs(&prepared.inputs)?;
            let (recorder, left) = Recorder::reopen(&directory, flush)?;
            recorder.enter(record::Scope::default());
            recorder.event(
                left.at,
                &Event::Warning {
                    text: past.in_words(),
                },
            );
            recorder.flush();
            recorder.replay(past.replayed());
            recorder
        }
    };
    let done = match &settings.resume {
        Some(past) => prepared.go_on_with(past),
        None => Vec::new(),
    };
    for text in &prepared.warnings {
        let text = text.clone();
        recorder.event(Duration::ZERO, &Event::Warning { text });
    }
    let _signals = settings
        .signals
        .then(|| signals::SignalGuard::listen(control.clone(), recorder.clone(), directory.clone()))
        .transpose()
        .context("can't listen for signals")?;
    let (clock, simulated) = (WallClock::start(), prepared.simulated);
    let guarded = prepared
        .real_bench()
        .map(|bench| Watched::start(bench, Some(&directory), control.clone()))
        .transpose()?;
    let remembering = panics::Remembering::begin();
    boards::program(
        &prepared.stock,
        prepared.benches(),
        settings,
        control,
        &recorder,
    );
    let (results, now) = attempts::run(prepared, settings, control, &recorder, &directory)?;
    for text in panics::left_over() {
        recorder.event(now, &Event::Warning { text });
    }
    let mut results: Vec<ScenarioResult> = done.into_iter().chain(results).collect();
    results.sort_by_key(|result| result.planned.number);
    let took = clock.now();
    drop(remembering);
    let mut outcome = finish(settings, &recorder, directory, results, now);
    (outcome.simulated, outcome.took) = (simulated, took);
    drop(guarded);
    Ok(outcome)
}

/// The first entry, and copies of all that went in.
fn begin_record(
    prepared: &Prepared,
    settings: &Settings,
    recorder: &Recorder,
    directory: &Path,
) -> Result<()> {
    let inputs = prepared.inputs.keep(&RunDirectory(directory.to_owned()))?;
    let started = if prepared.simulated {
        stamp::SIMULATED_START.to_owned()
    } else {
        stamp::rfc3339(stamp::now())
    };
    recorder.event(
        Duration::ZERO,
        &Event::RunStarted {
            rig: env!("CARGO_PKG_VERSION").to_owned(),
            format: "rig.journal/1".to_owned(),
            simulated: prepared.simulated,
            seed: settings.seed,
            started,
            options: prepared.options(settings),
            inputs,
        },
    );
    recorder.flush();
    Ok(())
}

fn finish(
    settings: &Settings,
    recorder: &Recorder,
    directory: PathBuf,
    results: Vec<ScenarioResult>,
    now: Duration,
) -> Outcome {
    let verdict = Verdict::of_all(results.iter().map(|result| result.verdict));
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    for result in &results {
        *counts
            .entry(result.verdict.word().to_lowercase())
            .or_default() += 1;
    }
    recorder.event(now, &Event::RunFinished { verdict, counts });
    recorder.flush();
    let mut outcome = Outcome {
        verdict,
        results,
        directory,
        report: None,
        report_problem: None,
        simulated: false,
        took: Duration::ZERO,
    };
    if let Err(error) = recorder.check() {
        outcome.verdict = outcome.verdict.and(Verdict::Error);
        outcome.report_problem = Some(error.to_string());
    }
    if settings.reports {
        match crate::dossier::write_reports(&outcome.directory) {
            Ok(written) => outcome.report = Some(written.html),
            Err(error) => {
                outcome.verdict = outcome.verdict.and(Verdict::Error);
                outcome.report_problem.get_or_insert(error.to_string());
            }
        }
    }
    outcome
}

/// The time of the calendar, for what people do with a run afterwards.
pub(crate) fn now_rfc3339() -> String {
    stamp::rfc3339(stamp::now())
}

fn default_directory() -> PathBuf {
    let name = stamp::folder(stamp::now());
    let runs = PathBuf::from("runs");
    let plain = runs.join(&name);
    if !plain.exists() {
        return plain;
    }
    (2..)
        .map(|number| runs.join(format!("{name}_{number}")))
        .find(|path| !path.exists())
        .unwrap_or(plain)
}
