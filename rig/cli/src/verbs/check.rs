//! `rig check`: files, without any hardware.

use crate::args::{Check, Format};
use crate::exit::{FAILED, Usage};
use crate::feature::{Selector, lint, load, vocabulary};
use crate::run::{Console, check_clauses_of, dead_driver, is_simulated};
use crate::search::{fixture_folders, shown};
use anyhow::Result;
use config::{Bench, Clauses, ConfigError, FileKind, SearchPath};
use serde_json::json;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Name and version of the JSON.
const FORMAT: &str = "rig.check/1";

/// What was found in one file.
struct Checked {
    path: PathBuf,
    kind: &'static str,
    problems: Vec<String>,
}

pub(crate) fn perform(arguments: &Check) -> Result<u8> {
    let search = SearchPath::new(fixture_folders());
    let clauses = search.clauses().ok();
    let mut checked = Vec::new();
    for path in &arguments.files {
        if !path.exists() {
            return Err(Usage::new(format!("there is no file {}", path.display())).into());
        }
        for file in files_below(path)? {
            checked.push(check(&file, &search, clauses.as_ref()));
        }
    }
    let good = checked.iter().all(|file| file.problems.is_empty());
    match arguments.format {
        Format::Text => print(&checked),
        Format::Json => super::print_json(&json!({
            "format": FORMAT,
            "ok": good,
            "files": checked
                .iter()
                .map(|file| json!({
                    "path": file.path,
                    "kind": file.kind,
                    "problems": file.problems,
                }))
                .collect::<Vec<_>>(),
        })),
    }
    Ok(if good { 0 } else { FAILED })
}

fn print(checked: &[Checked]) {
    let console = Console::new();
    let mut bad = 0;
    for file in checked {
        if file.problems.is_empty() {
            console.line(&format!("{}: {}, fine", shown(&file.path), file.kind));
            continue;
        }
        bad += 1;
        for problem in &file.problems {
            console.line(problem);
        }
    }
    let noun = if checked.len() == 1 { "file" } else { "files" };
    console.line(&format!(
        "{} {noun} checked, {bad} with problems",
        checked.len()
    ));
}

/// The file itself, or what a folder holds that can be checked.
fn files_below(path: &Path) -> Result<Vec<PathBuf>> {
    if path.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    let mut found = Vec::new();
    let mut folders = vec![path.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if is_feature(&path) || kind_of(&path).is_some() {
                found.push(path);
            }
        }
    }
    found.sort();
    if found.is_empty() {
        return Err(Usage::new(format!(
            "there is nothing to check in {}: no feature and no bench, product, device, fault or clause file",
            path.display()
        ))
        .into());
    }
    Ok(found)
}

fn is_feature(path: &Path) -> bool {
    path.extension().is_some_and(|end| end == "feature")
}

fn kind_of(path: &Path) -> Option<FileKind> {
    let yaml = path
        .extension()
        .is_some_and(|end| end == "yaml" || end == "yml");
    let text = std::fs::read_to_string(path).ok()?;
    yaml.then(|| FileKind::of(&text)).flatten()
}

fn check(path: &Path, search: &SearchPath, clauses: Option<&Clauses>) -> Checked {
    let (kind, problems) = if is_feature(path) {
        ("feature", feature(path, clauses))
    } else {
        match kind_of(path) {
            Some(kind) => (kind.what(), file(kind, path, search, clauses)),
            None => (
                "unknown",
                vec![format!(
                    "{}: this is neither a feature nor a bench, product, device, fault or clause file",
                    shown(path)
                )],
            ),
        }
    };
    Checked {
        path: path.to_owned(),
        kind,
        problems,
    }
}

fn feature(path: &Path, clauses: Option<&Clauses>) -> Vec<String> {
    let (files, errors) = load(&[Selector {
        path: path.to_owned(),
        line: None,
    }]);
    let mut problems: Vec<String> = errors.iter().map(ToString::to_string).collect();
    problems.extend(lint(&files, &vocabulary()).iter().map(ToString::to_string));
    if let Some(clauses) = clauses {
        problems.extend(check_clauses_of(&files, clauses));
    }
    problems
}

fn file(
    kind: FileKind,
    path: &Path,
    search: &SearchPath,
    clauses: Option<&Clauses>,
) -> Vec<String> {
    let read = match kind {
        FileKind::Bench => {
            return match config::load_bench(path) {
                Ok(file) => bench(&file, search, clauses),
                Err(error) => told(&error),
            };
        }
        FileKind::Fault => {
            return match config::load_fault(path) {
                Ok(file) => fault(path, &file, clauses),
                Err(error) => told(&error),
            };
        }
        FileKind::BatteryProduct => config::load_battery_product(path).map(drop),
        FileKind::BmsProduct => config::load_bms_product(path).map(drop),
        FileKind::BatteryDevice => config::load_battery_device(path).map(drop),
        FileKind::BmsDevice => config::load_bms_device(path).map(drop),
        FileKind::Clauses => config::load_clauses(path).map(drop),
    };
    read.err().map(|error| told(&error)).unwrap_or_default()
}

fn told(error: &ConfigError) -> Vec<String> {
    match error.problems() {
        [] => vec![error.to_string()],
        problems => problems.iter().map(ToString::to_string).collect(),
    }
}

/// What a bench file refers to, and whether its channels can play their roles.
fn bench(bench: &Bench, search: &SearchPath, clauses: Option<&Clauses>) -> Vec<String> {
    let path = shown(&bench.path);
    let mut problems = Vec::new();
    let mut say = |text: String| problems.push(format!("{path}: {text}"));
    let battery = search.battery_product(&bench.device.battery);
    let bms = search.bms_product(&bench.device.bms);
    if let Err(error) = &bms {
        say(error.to_string());
    }
    if let (Ok(battery), Ok(bms), Some(clauses)) = (&battery, &bms, clauses) {
        for problem in bench::check_bank(bench, battery, bms, clauses) {
            say(problem.to_string());
        }
    }
    match is_simulated(bench) {
        Ok(false) => {}
        Ok(true) => {
            if let Err(error) = search.battery_device(&bench.device.battery) {
                say(error.to_string());
            }
            if let Err(error) = search.bms_device(&bench.device.bms) {
                say(error.to_string());
            }
        }
        Err(error) => say(error.to_string()),
    }
    for problem in crate::run::board_problems(bench) {
        say(problem);
    }
    if let Some(problem) = crate::run::radio::problem(bench) {
        say(problem);
    }
    let mut drivers = BTreeMap::new();
    for (id, instrument) in &bench.instruments {
        match dead_driver(id, instrument) {
            Ok(driver) => {
                drivers.insert(id.as_str(), driver);
            }
            Err(error) => say(error.to_string()),
        }
    }
    match battery {
        Err(error) => say(error.to_string()),
        Ok(battery) if drivers.len() == bench.instruments.len() => {
            let capability = |at: &config::ChannelRef| {
                let driver = drivers.get(at.instrument.as_str())?;
                driver.capability(api::ChannelId(at.channel))
            };
            for problem in bench::check_roles(bench, &capability, &battery) {
                say(problem.to_string());
            }
        }
        // Roles can't be held against ratings that nobody knows.
        Ok(_) => {}
    }
    problems
}

fn fault(path: &Path, fault: &config::Fault, clauses: Option<&Clauses>) -> Vec<String> {
    let Some(clauses) = clauses else {
        return Vec::new();
    };
    fault
        .violates
        .iter()
        .filter(|clause| !clauses.clauses.contains_key(*clause))
        .map(|clause| format!("{}: there is no clause `{clause}`", shown(path)))
        .collect()
}
