//! Faulty firmware: each image of the manifest that has a defect is programmed into its board, and the
//! scenarios that it names must notice.

use super::kill::Kill;
use super::stage::{Run, Stage};
use crate::feature::{Planned, Selector};
use crate::run;
use anyhow::{Context as _, Result};
use api::BoardKind;
use config::{Expectation, Fault, FileKind, SearchPath};
use firmware::{Entry, Manifest};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A faulty image, as a fault.
#[derive(Debug, Clone)]
pub(super) struct FaultyImage {
    pub(super) fault: Fault,
    board: BoardKind,
    path: PathBuf,
}

/// The faulty images of the first folder that has a manifest.
///
/// # Errors
/// When the manifest can't be read, or names a board that there isn't.
pub(super) fn faulty() -> Result<Vec<FaultyImage>> {
    let folders = crate::search::fixture_folders();
    let mut folders = folders.iter().map(|folder| folder.join("firmware"));
    let Some(folder) = folders.find(|folder| folder.join("manifest.yaml").is_file()) else {
        return Ok(Vec::new());
    };
    let manifest = Manifest::load(&folder)?;
    manifest
        .images
        .into_iter()
        .filter(|entry| !entry.defect.is_empty())
        .map(|entry| image(&folder, entry))
        .collect()
}

fn image(folder: &Path, entry: Entry) -> Result<FaultyImage> {
    let board = BoardKind::ALL
        .into_iter()
        .find(|board| board.word() == entry.board)
        .with_context(|| format!("{}: there is no board `{}`", entry.file, entry.board))?;
    let expect = entry.expect.into_iter().map(|expected| Expectation {
        scenario: expected.scenario,
        verdict: expected.verdict,
        reason: String::new(),
    });
    Ok(FaultyImage {
        path: folder.join(&entry.file),
        board,
        fault: Fault {
            name: entry.file.trim_end_matches(".elf").to_owned(),
            about: entry.defect,
            violates: entry.violates,
            inject: Vec::new(),
            expect: expect.collect(),
            spares: Vec::new(),
        },
    })
}

/// A stage for every simulated bench whose boards run images and have probes.
///
/// # Errors
/// When one can't be prepared.
pub(super) fn stages(features: &[Selector], folder: &Path) -> Result<Vec<Stage>> {
    let search = SearchPath::new(crate::search::fixture_folders());
    let mut stages = Vec::new();
    for (name, _) in search.list(FileKind::Bench) {
        if !name.starts_with("sim-") {
            continue;
        }
        let bench = search.bench(&name)?;
        let probed = bench
            .boards
            .each()
            .iter()
            .any(|(_, role)| role.probe.is_some());
        if !bench.boards.have_images() || !probed {
            continue;
        }
        let prepared = run::prepare(&run::Settings {
            features: features.to_vec(),
            bench: Some(name.clone()),
            reports: false,
            ..run::Settings::default()
        })?;
        stages.push(Stage::new(prepared, folder.join(name)));
    }
    Ok(stages)
}

/// Lets the suite find a faulty image.
pub(super) fn attempt(stages: &[Stage], image: &FaultyImage) -> Kill {
    let mut kill = Kill::named(&image.fault);
    for stage in stages {
        let open: Vec<&str> = kill
            .shots
            .iter()
            .filter(|shot| !shot.hit)
            .map(|shot| shot.scenario.as_str())
            .collect();
        let planned: Vec<Arc<Planned>> = stage
            .planned()
            .filter(|one| open.contains(&one.name.as_str()))
            .cloned()
            .collect();
        let run = Run {
            planned,
            faults: &[],
            seed: 1,
            until_noticed: false,
        };
        let ended = stage.run_on(run, &[(image.board, image.path.clone())]);
        kill.take(&ended);
    }
    kill
}
