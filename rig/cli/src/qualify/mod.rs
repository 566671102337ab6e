//! `rig qualify`: whether the suite notices faulty devices, and spares healthy ones.
//!
//! A suite that a faulty device can pass is itself faulty; one that a healthy device can fail is
//! useless. So every fault file is run against the scenarios that it names, the same scenarios are
//! run on a healthy device, and a healthy device is moved about in the corners of its tolerances.

mod control;
mod corner;
mod html;
mod images;
mod kill;
mod matrix;
mod progress;
mod shards;
mod stage;
mod target;
#[cfg(test)]
mod tests;

use crate::exit::Usage;
use crate::feature::Selector;
use crate::run::{self, WallClock};
use anyhow::{Context as _, Result};
use api::Clock as _;
use config::{Fault, FileKind, SearchPath};
use images::FaultyImage;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub(crate) use kill::Kill;
pub(crate) use matrix::Matrix;
pub(crate) use stage::Ended;

/// What shapes a qualification.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    /// Faults by path or name; none for all of the folder.
    pub(crate) only: Vec<String>,
    /// Folder of fault files; none for those of the fixtures.
    pub(crate) folder: Option<PathBuf>,
    /// The corners of its tolerances that the healthy device is tried in.
    pub(crate) corners: Vec<u64>,
    /// Whether that is all, and its runs are kept.
    pub(crate) corners_only: bool,
    /// How many simulated worlds run at once.
    pub(crate) jobs: usize,
    /// Feature files; none for the nearest folder of features.
    pub(crate) features: Vec<Selector>,
    /// Where the matrix and, while they last, the runs are written.
    pub(crate) out: PathBuf,
}

/// Tries the suite.
///
/// # Errors
/// When it can't begin: files that are wrong, no faults. Once it began, whatever goes wrong is in
/// the matrix.
pub(crate) fn qualify(settings: &Settings) -> Result<Matrix> {
    let clock = WallClock::start();
    let (images, faults) = if settings.corners_only {
        (Vec::new(), Vec::new())
    } else {
        let images = images(settings)?;
        let faults = faults(settings, &images)?;
        (images, faults)
    };
    let prepared = run::prepare(&run::Settings {
        features: settings.features.clone(),
        reports: false,
        ..run::Settings::default()
    })?;
    std::fs::create_dir_all(&settings.out)
        .with_context(|| format!("can't write to {}", settings.out.display()))?;
    // Of its own, so that one that was killed leaves nothing in the way of the next.
    let folder = format!("running-{}", std::process::id());
    let folder = settings.out.join(folder);
    let emulated = if images.is_empty() {
        Vec::new()
    } else {
        images::stages(&settings.features, &folder)?
    };
    let mut stage = stage::Stage::new(prepared, folder);
    if settings.corners_only {
        stage.keep_in(settings.out.clone());
    }
    let mut matrix = carry_out(&stage, &faults, &emulated, &images, settings);
    matrix.took = clock.now();
    write(&matrix, &settings.out)?;
    Ok(matrix)
}

/// Faults first: the longest of the work, and what people wait for.
fn carry_out(
    stage: &stage::Stage,
    faults: &[Fault],
    emulated: &[stage::Stage],
    images: &[FaultyImage],
    settings: &Settings,
) -> Matrix {
    let controls = control::shares(stage, faults);
    let corners = corner::tasks(stage, &settings.corners);
    let pieces: Vec<Piece<'_>> = faults
        .iter()
        .map(Piece::Fault)
        .chain(images.iter().map(Piece::Image))
        .chain(controls.into_iter().map(Piece::Control))
        .chain(corners.into_iter().map(Piece::Corner))
        .collect();
    let progress = progress::Progress::new(pieces.len());
    let done = shards::run(&pieces, settings.jobs, |piece| {
        let done = match piece {
            Piece::Fault(fault) => Done::Kill(kill::attempt(stage, fault)),
            Piece::Image(image) => Done::Kill(images::attempt(emulated, image)),
            Piece::Control(names) => Done::Control(control::run(stage, names)),
            Piece::Corner(corner) => Done::Corner(corner::run(stage, corner)),
        };
        progress.done(&done.told());
        done
    });
    progress.finish();
    let mut matrix = Matrix {
        seeds: settings.corners.len() as u64,
        ..Matrix::default()
    };
    for done in done {
        match done {
            Done::Kill(kill) => matrix.kills.push(kill),
            Done::Control(ended) => matrix.controls.extend(ended),
            Done::Corner(corner) => matrix.corners.extend(corner),
        }
    }
    matrix
}

/// Work for one shard.
enum Piece<'a> {
    Fault(&'a Fault),
    Image(&'a FaultyImage),
    Control(BTreeSet<String>),
    Corner(corner::Task),
}

enum Done {
    Kill(Kill),
    Control(Vec<Ended>),
    Corner(Vec<corner::Visit>),
}

impl Done {
    fn told(&self) -> String {
        match self {
            Self::Kill(kill) if kill.is_fine() => format!("{}: killed", kill.fault),
            Self::Kill(kill) => format!("{}: {}", kill.fault, kill.trouble()),
            Self::Control(ended) => format!("{} controls", ended.len()),
            Self::Corner(corner) => format!("{} scenarios in a corner", corner.len()),
        }
    }
}

/// Faulty images: those that are named, or all of them where nothing is.
fn images(settings: &Settings) -> Result<Vec<FaultyImage>> {
    if settings.folder.is_some() {
        return Ok(Vec::new());
    }
    let mut all = images::faulty()?;
    if !settings.only.is_empty() {
        all.retain(|image| settings.only.contains(&image.fault.name));
    }
    Ok(all)
}

fn faults(settings: &Settings, images: &[FaultyImage]) -> Result<Vec<Fault>> {
    let is_image = |name: &String| images.iter().any(|image| image.fault.name == *name);
    let search = SearchPath::new(crate::search::fixture_folders());
    if !settings.only.is_empty() {
        return settings
            .only
            .iter()
            .filter(|name| !is_image(name))
            .map(|name| match &settings.folder {
                Some(folder) if folder.join(format!("{name}.yaml")).is_file() => {
                    Ok(config::load_fault(&folder.join(format!("{name}.yaml")))?)
                }
                _ => Ok(search.fault(name)?),
            })
            .collect();
    }
    let paths: Vec<PathBuf> = match &settings.folder {
        Some(folder) => yaml_files(folder)?,
        None => {
            let found = search.list(FileKind::Fault);
            found.into_iter().map(|(_, path)| path).collect()
        }
    };
    if paths.is_empty() {
        return Err(Usage::new("there is no fault file; name a folder with --faults").into());
    }
    paths
        .iter()
        .map(|path| Ok(config::load_fault(path)?))
        .collect()
}

fn yaml_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder)
        .map_err(|error| Usage::new(format!("{} can't be read: {error}", folder.display())))?;
    let mut found: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|end| end == "yaml"))
        .collect();
    found.sort();
    Ok(found)
}

fn write(matrix: &Matrix, out: &Path) -> Result<()> {
    let json = serde_json::to_string_pretty(&matrix.to_json())?;
    for (name, text) in [("qualify.json", json), ("qualify.html", html::page(matrix))] {
        let path = out.join(name);
        std::fs::write(&path, text).with_context(|| format!("can't write {}", path.display()))?;
    }
    Ok(())
}

/// `3 min 20 s`, for people.
fn minutes(time: Duration) -> String {
    match time.as_secs() {
        seconds @ 0..60 => format!("{seconds} s"),
        seconds => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}
