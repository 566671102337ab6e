//! Everything that is read and checked before a run begins.

use super::equip::{Stock, is_simulated};
use super::inputs::Inputs;
use super::resume::Past;
use super::shelf::Shelf;
use super::{BenchLock, ScenarioResult, Settings, WallClock, variants};
use crate::doctor::{overdue, today};
use crate::exit::Usage;
use crate::feature::{
    Filter, Loaded, Offer, Placement, Planned, Selector, lint, load, plan, vocabulary,
};
use crate::search::{feature_folder, fixture_folders};
use anyhow::{Result, bail};
use config::{Fault, FileKind, SearchPath};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// How many wrong steps a run tells before it gives up.
const MOST_PROBLEMS: usize = 10;

/// A run that could begin, as often as one likes.
#[derive(Clone)]
pub struct Prepared {
    pub(crate) files: Arc<Vec<Loaded>>,
    pub(crate) planned: Vec<Arc<Planned>>,
    pub(crate) stock: Stock,
    pub(crate) inputs: Inputs,
    pub(crate) simulated: bool,
    /// What the record must say before anything else.
    pub(crate) warnings: Vec<String>,
    benches: Vec<Arc<config::Bench>>,
}

/// Reads and checks everything that a run needs.
///
/// # Errors
/// With all that is wrong, as one text.
pub fn prepare(settings: &Settings) -> Result<Prepared> {
    let search = SearchPath::new(fixture_folders());
    let filter =
        Filter::new(settings.tags.as_deref(), settings.name.as_deref()).map_err(Usage::new)?;
    let offers = offers(settings, &search)?;
    let files = features(&settings.features)?;
    check_steps(&files)?;
    let faults = settings
        .faults
        .iter()
        .map(|name| search.fault(name))
        .collect::<Result<Vec<Fault>, _>>()?;
    check_targets(&faults, &offers)?;
    let planned: Vec<Arc<Planned>> = plan(&files, &filter, &offers)
        .into_iter()
        .map(|one| Arc::new(without_target(one, &faults)))
        .collect();
    if planned.is_empty() {
        return Err(nothing_to_run(settings, &files).into());
    }
    let clauses = Arc::new(search.clauses()?);
    check_clauses(&files, &clauses)?;
    let mut benches: BTreeMap<String, Arc<config::Bench>> = BTreeMap::new();
    for one in &planned {
        if let Placement::On(bench) = &one.placement {
            benches.insert(bench.name.clone(), bench.clone());
        }
    }
    let benches: Vec<_> = benches.into_values().collect();
    let simulated = all_simulated(&benches)?;
    super::boards::check(settings, &benches)?;
    if let (false, Some(jobs @ 2..)) = (simulated, settings.jobs) {
        return Err(Usage::new(format!(
            "--jobs {jobs}: a real bench does one thing at a time; leave --jobs out"
        ))
        .into());
    }
    let warnings = match simulated {
        true => Vec::new(),
        false => calibrations(&benches, settings.waive_calibration.as_deref(), &today())?,
    };
    let inputs = inputs(settings, &search, &files, &planned, &benches, simulated)?;
    let stock = Stock {
        shelf: Shelf::new(search),
        clauses,
        faults,
        seed: settings.seed,
        lose_message: settings.lose_message,
        wall: WallClock::start(),
        boards: super::boards::Prepared::default(),
        permissions: api::FlashPermissions::new(),
        fence: None,
        attempts: BTreeMap::new(),
        deaf: false,
        past: None,
        #[cfg(feature = "sim")]
        catalogue: super::simulated::catalogue()?,
    };
    check_models(&stock.shelf, &benches, simulated)?;
    Ok(Prepared {
        files: Arc::new(files),
        planned,
        stock,
        inputs,
        simulated,
        warnings,
        benches,
    })
}

impl Prepared {
    /// Takes every real bench of the run for this process.
    ///
    /// # Errors
    /// When another process has one.
    pub fn lock_benches(&self, wait: bool) -> Result<Vec<BenchLock>> {
        if self.simulated {
            return Ok(Vec::new());
        }
        self.benches
            .iter()
            .map(|bench| match wait {
                true => BenchLock::wait(&bench.path, Duration::MAX),
                false => BenchLock::take(&bench.path),
            })
            .collect()
    }

    /// The real bench of the run; none for a simulated one.
    pub(crate) fn real_bench(&self) -> Option<&Path> {
        let bench = self.benches.first().filter(|_| !self.simulated)?;
        Some(&bench.path)
    }

    /// The benches that scenarios of the run were put on.
    pub(crate) fn benches(&self) -> &[Arc<config::Bench>] {
        &self.benches
    }

    /// Leaves out what ended before the run was interrupted; how that ended, for the summary.
    pub(crate) fn go_on_with(&mut self, past: &Past) -> Vec<ScenarioResult> {
        let (done, left): (Vec<_>, Vec<_>) = std::mem::take(&mut self.planned)
            .into_iter()
            .partition(|one| past.done.contains_key(&one.number));
        self.planned = left;
        self.stock.attempts = past.attempts_before();
        self.stock.past = Some(Arc::new(past.clone()));
        self.stock.wall = match self.simulated {
            true => self.stock.wall.clone(),
            false => self.stock.wall.later_by(past.at),
        };
        done.into_iter()
            .filter_map(|planned| {
                let (verdict, reason, took) = past.done.get(&planned.number)?.clone();
                Some(ScenarioResult {
                    planned,
                    verdict,
                    reason,
                    unproven: Vec::new(),
                    left_on: Vec::new(),
                    messages: 0,
                    took,
                })
            })
            .collect()
    }

    /// How many scenarios run at a time.
    pub(crate) fn jobs(&self, settings: &Settings) -> usize {
        match settings.jobs {
            _ if !self.simulated => 1,
            Some(jobs) => jobs,
            None => std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
        }
    }

    /// Options that shape the run, for its record. Where the run is written doesn't.
    pub(crate) fn options(&self, settings: &Settings) -> BTreeMap<String, String> {
        let text = |value: &Option<String>| value.clone();
        let list = |values: &[String]| (!values.is_empty()).then(|| values.join(", "));
        let features: Vec<String> = settings.features.iter().map(ToString::to_string).collect();
        [
            ("features", list(&features)),
            ("bench", text(&settings.bench)),
            ("tags", text(&settings.tags)),
            ("name", text(&settings.name)),
            ("twin", settings.twin.then(|| "yes".to_owned())),
            ("fault", list(&settings.faults)),
            ("waive-calibration", text(&settings.waive_calibration)),
            (
                "retry-errors",
                (settings.retry_errors > 0).then(|| settings.retry_errors.to_string()),
            ),
            ("fail-fast", settings.fail_fast.then(|| "yes".to_owned())),
            ("flash", settings.flash.then(|| "yes".to_owned())),
            ("firmware", super::boards::named(settings)),
            (
                "lose-message",
                settings.lose_message.map(|number| number.to_string()),
            ),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect()
    }
}

/// The features that were named, or the nearest folder of features.
///
/// # Errors
/// With everything that is wrong with them.
pub(crate) fn features(named: &[Selector]) -> Result<Vec<Loaded>> {
    let nearest;
    let named = if named.is_empty() {
        nearest = [Selector {
            path: feature_folder().map_err(Usage::new)?,
            line: None,
        }];
        &nearest[..]
    } else {
        named
    };
    for selector in named {
        if !selector.path.exists() {
            return Err(Usage::new(format!(
                "there is no feature file or folder {}",
                selector.path.display()
            ))
            .into());
        }
    }
    let (files, errors) = load(named);
    if !errors.is_empty() {
        let all: Vec<String> = errors.iter().map(ToString::to_string).collect();
        bail!("{}", all.join("\n"));
    }
    Ok(files)
}

fn check_steps(files: &[Loaded]) -> Result<()> {
    let problems = lint(files, &vocabulary());
    if problems.is_empty() {
        return Ok(());
    }
    let mut told: Vec<String> = problems
        .iter()
        .take(MOST_PROBLEMS)
        .map(ToString::to_string)
        .collect();
    if problems.len() > MOST_PROBLEMS {
        let more = problems.len() - MOST_PROBLEMS;
        told.push(format!("and {more} more; `rig check` tells all"));
    }
    bail!("{}\nnothing was run", told.join("\n"));
}

fn check_clauses(files: &[Loaded], clauses: &config::Clauses) -> Result<()> {
    let problems = check_clauses_of(files, clauses);
    if problems.is_empty() {
        return Ok(());
    }
    bail!("{}\nnothing was run", problems.join("\n"));
}

/// Tags that name no clause, each once.
pub(crate) fn check_clauses_of(files: &[Loaded], clauses: &config::Clauses) -> Vec<String> {
    let mut problems = Vec::new();
    for file in files {
        for case in &file.cases {
            let tags = file.tags(case);
            let named = tags.iter().filter_map(|tag| tag.strip_prefix("clause:"));
            for clause in named.filter(|clause| !clauses.clauses.contains_key(*clause)) {
                let problem = format!(
                    "{}:{}: there is no clause `{clause}`{}",
                    file.shown,
                    case.outline_line,
                    nearest_clause(clause, clauses)
                );
                if !problems.contains(&problem) {
                    problems.push(problem);
                }
            }
        }
    }
    problems
}

fn nearest_clause(clause: &str, clauses: &config::Clauses) -> String {
    clauses
        .clauses
        .keys()
        .map(|known| (strsim::damerau_levenshtein(clause, known), known))
        .min()
        .filter(|(distance, _)| *distance <= 2)
        .map(|(_, known)| format!("; did you mean `@clause:{known}`?"))
        .unwrap_or_default()
}

/// The benches that scenarios may run on.
fn offers(settings: &Settings, search: &SearchPath) -> Result<Vec<Offer>> {
    if let Some(name) = &settings.bench {
        let mut offer = variants::one(search, name)?;
        if settings.twin {
            offer = variants::twin(offer);
        }
        #[cfg(not(feature = "sim"))]
        if is_simulated(&offer.bench)? {
            let name = &offer.bench.name;
            bail!("{}", super::no_simulator(&format!("bench {name}")));
        }
        return Ok(vec![offer]);
    }
    if cfg!(not(feature = "sim")) {
        return Err(Usage::new(
            "no bench was named; this build of rig contains no simulator, so name a bench file with real addresses: `rig run --bench lab.yaml`",
        )
        .into());
    }
    let mut offers = Vec::new();
    for (name, _) in search.list(FileKind::Bench) {
        if name.starts_with("sim-") {
            offers.extend(variants::all(search, &name)?);
        }
    }
    Ok(offers)
}

/// The instrument of a fault's target that a bench hasn't got.
fn missing_target<'a>(fault: &'a Fault, bench: &config::Bench) -> Option<&'a str> {
    fault
        .inject
        .iter()
        .filter_map(|injection| injection.target.strip_prefix("instrument "))
        .map(str::trim)
        .find(|id| !bench.instruments.contains_key(*id))
}

/// A fault that no bench can have is a slip in its file.
fn check_targets(faults: &[Fault], offers: &[Offer]) -> Result<()> {
    for fault in faults {
        let lacks = |offer: &Offer| missing_target(fault, &offer.bench);
        let nowhere = offers.iter().all(|offer| lacks(offer).is_some());
        if let (true, Some(id)) = (nowhere, offers.first().and_then(lacks)) {
            let benches: Vec<&str> = offers.iter().map(|o| o.bench.name.as_str()).collect();
            bail!(
                "fault `{}` targets `instrument {id}`, and none of the benches has one: {}",
                fault.name,
                benches.join(", ")
            );
        }
    }
    Ok(())
}

/// Reads what is asked of the models on the benches and, where they are simulated, how they behave:
/// once, instead of before each scenario.
fn check_models(shelf: &Shelf, benches: &[Arc<config::Bench>], simulated: bool) -> Result<()> {
    let mut wrong: BTreeSet<String> = BTreeSet::new();
    let mut read = |outcome: Result<(), config::ConfigError>| {
        if let Err(error) = outcome {
            wrong.insert(error.to_string());
        }
    };
    for device in benches.iter().map(|bench| &bench.device) {
        read(shelf.battery_product(&device.battery).map(drop));
        read(shelf.bms_product(&device.bms).map(drop));
        #[cfg(feature = "sim")]
        if simulated {
            read(shelf.battery_device(&device.battery).map(drop));
            read(shelf.bms_device(&device.bms).map(drop));
        }
    }
    let _without_simulation = simulated;
    if wrong.is_empty() {
        return Ok(());
    }
    Err(Usage::new(Vec::from_iter(wrong).join("\n")).into())
}

/// On a bench that lacks the instrument which a fault is about, the fault can't be had.
fn without_target(mut planned: Planned, faults: &[Fault]) -> Planned {
    if let Placement::On(bench) = &planned.placement {
        let missing = faults
            .iter()
            .find_map(|fault| Some((fault, missing_target(fault, bench)?)));
        if let Some((fault, id)) = missing {
            planned.placement = Placement::Skipped(format!(
                "fault `{}` targets `instrument {id}`, which bench {} doesn't have",
                fault.name, bench.name
            ));
        }
    }
    planned
}

fn all_simulated(benches: &[Arc<config::Bench>]) -> Result<bool> {
    let mut simulated = cfg!(feature = "sim");
    for bench in benches {
        simulated &= is_simulated(bench)?;
    }
    Ok(simulated)
}

/// Refuses readings that no calibration stands for, unless somebody says why they are good enough;
/// what the record must say then.
fn calibrations(
    benches: &[Arc<config::Bench>],
    waiver: Option<&str>,
    today: &str,
) -> Result<Vec<String>> {
    let over: Vec<String> = benches
        .iter()
        .flat_map(|bench| overdue(bench, today))
        .collect();
    match (over.is_empty(), waiver) {
        (true, _) => Ok(Vec::new()),
        (false, Some(reason)) => Ok(vec![format!(
            "the calibration of {} is over; used all the same: {reason}",
            over.join(", ")
        )]),
        (false, None) => bail!(
            "the calibration of {} is over: have it renewed, or say why it may be used all the same with --waive-calibration REASON, which the report prints",
            over.join(", ")
        ),
    }
}

fn nothing_to_run(settings: &Settings, files: &[Loaded]) -> Usage {
    let scenarios: usize = files.iter().map(|file| file.cases.len()).sum();
    let filters: Vec<String> = [("--tags", &settings.tags), ("--name", &settings.name)]
        .into_iter()
        .filter_map(|(option, value)| Some(format!("{option} `{}`", value.as_ref()?)))
        .collect();
    if filters.is_empty() {
        return Usage::new("there is no scenario in what was named");
    }
    Usage::new(format!(
        "none of {scenarios} scenarios fits {}",
        filters.join(" and ")
    ))
}

fn inputs(
    settings: &Settings,
    search: &SearchPath,
    files: &[Loaded],
    planned: &[Arc<Planned>],
    benches: &[Arc<config::Bench>],
    simulated: bool,
) -> Result<Inputs> {
    let mut inputs = Inputs::default();
    for (index, file) in files.iter().enumerate() {
        if planned.iter().any(|one| one.source.0 == index) {
            inputs.add(&file.path);
        }
    }
    let mut add = |kind: FileKind, name: &str| -> Result<()> {
        let path: PathBuf = search.find(kind, name)?;
        inputs.add(&path);
        Ok(())
    };
    add(FileKind::Clauses, "clauses")?;
    for bench in benches {
        add(FileKind::BatteryProduct, &bench.device.battery)?;
        add(FileKind::BmsProduct, &bench.device.bms)?;
        if simulated {
            add(FileKind::BatteryDevice, &bench.device.battery)?;
            add(FileKind::BmsDevice, &bench.device.bms)?;
        }
    }
    for fault in &settings.faults {
        add(FileKind::Fault, fault)?;
    }
    for bench in benches {
        let path: &Path = &bench.path;
        if !path.exists() {
            bail!("bench file {} is gone", path.display());
        }
        inputs.add(path);
        for image in super::boards::images(bench, settings) {
            inputs.add(&image);
        }
    }
    Ok(inputs)
}
