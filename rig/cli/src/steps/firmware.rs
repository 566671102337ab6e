//! Firmware of the boards, programmed and asked through their debug probes.

use super::asked;
use crate::{RigWorld, StepError, StepResult};
use api::{BoardKind, Erase, FirmwareLabel, Flasher};
use bench::Bench;
use config::Firmware;
use cucumber::{Parameter, given, then, when};
use procedures::ProcedureError;
use procedures::failing_parts::{self, FailedPart, Part};
use procedures::firmware;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::PoisonError;

/// `battery board`, `BMS board`.
#[derive(Debug, Clone, Copy, Parameter)]
#[param(name = "board", regex = "battery board|BMS board")]
struct OneBoard(BoardKind);

impl FromStr for OneBoard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        BoardKind::ALL
            .into_iter()
            .find(|board| board.to_string() == text)
            .map(Self)
            .ok_or_else(|| format!("`{text}` is no board with firmware"))
    }
}

/// A part of the battery's board that the rig can make fail.
#[derive(Debug, Clone, Copy, Parameter)]
#[param(
    name = "part",
    regex = "circuit board|balancer|data of the balancers|update of the balancers|measuring chip|settings memory"
)]
struct OnePart(Part);

impl FromStr for OnePart {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// Does something with the bench and the probe on one of its boards.
async fn with_probe<T: Send + 'static>(
    rig: &mut RigWorld,
    board: BoardKind,
    work: impl FnOnce(&mut Bench, &mut dyn Flasher) -> Result<T, ProcedureError> + Send + 'static,
) -> StepResult<T> {
    let flasher = rig.flasher(board)?;
    rig.with(move |bench| {
        let mut flasher = flasher.lock().unwrap_or_else(PoisonError::into_inner);
        work(bench, &mut **flasher)
    })
    .await
}

/// The image that the bench file names for a board.
fn image_of_bench(rig: &RigWorld, board: BoardKind) -> StepResult<PathBuf> {
    let bench = rig.bench_file()?;
    match &crate::run::board_role(bench, board).firmware {
        Firmware::Image(path) => Ok(path.clone()),
        Firmware::Native => Err(StepError::error(format_args!(
            "bench {} names no image for its {board}; write one under `boards: {}: firmware`",
            bench.name,
            board.word()
        ))),
    }
}

/// An image that stands beside the one of the bench file.
fn image_beside(rig: &RigWorld, board: BoardKind, name: &str) -> StepResult<PathBuf> {
    let known = image_of_bench(rig, board)?;
    Ok(known.parent().unwrap_or(Path::new("")).join(name))
}

/// What the newest firmware of a board says of itself: that of the bench file.
fn newest(rig: &RigWorld, board: BoardKind) -> StepResult<FirmwareLabel> {
    let image = image_of_bench(rig, board)?;
    let role = crate::run::board_role(rig.bench_file()?, board);
    let chip = role.probe.as_ref().map_or("", |probe| probe.chip.as_str());
    let label = flash::read_label(&image, board, chip).map_err(StepError::error)?;
    label.ok_or_else(|| {
        StepError::error(format_args!(
            "{} doesn't say which firmware it is, so nobody can tell what is newest",
            image.display()
        ))
    })
}

async fn program(rig: &mut RigWorld, board: BoardKind, image: PathBuf) -> StepResult {
    with_probe(rig, board, move |bench, flasher| {
        firmware::program(bench, flasher, &image, Erase::Sectors, &mut |_| {}).map(drop)
    })
    .await
}

/// Programs the image that the bench file names, verifies it, reads it back and lets it start; charger
/// and load are off meanwhile.
#[given(expr = "the {board} is programmed with the newest firmware")]
#[when(expr = "the {board} is programmed with the newest firmware")]
async fn program_newest(rig: &mut RigWorld, board: OneBoard) -> StepResult {
    let image = image_of_bench(rig, board.0)?;
    program(rig, board.0, image).await
}

/// The same with another image, from the folder of the one that the bench file names.
#[given(expr = "the {board} is programmed with {string}")]
#[when(expr = "the {board} is programmed with {string}")]
async fn program_image(rig: &mut RigWorld, board: OneBoard, name: String) -> StepResult {
    let image = image_beside(rig, board.0, &name)?;
    program(rig, board.0, image).await
}

/// Stops in the middle of writing, resets the board, and waits for what it makes of that.
#[when(expr = "programming the {board} with the newest firmware breaks off")]
async fn break_off(rig: &mut RigWorld, board: OneBoard) -> StepResult {
    let image = image_of_bench(rig, board.0)?;
    with_probe(rig, board.0, move |bench, flasher| {
        firmware::break_off(bench, flasher, &image)
    })
    .await
}

/// Asks the board through its debug probe, and compares with the image of the bench file.
#[then(expr = "the {board} runs the newest firmware")]
async fn runs_newest(rig: &mut RigWorld, board: OneBoard) -> StepResult {
    let (asked, newest) = (asked(rig), newest(rig, board.0)?);
    with_probe(rig, board.0, move |bench, flasher| {
        firmware::judge_newest(bench, &asked, flasher, &newest)
    })
    .await
}

/// Sets what the firmware looks at through the debug probe, while it runs, and waits for the report.
#[when(expr = "the {part} of the battery board is made to fail")]
async fn make_fail(rig: &mut RigWorld, part: OnePart) -> StepResult {
    let failed = with_probe(rig, BoardKind::Btv, move |bench, flasher| {
        failing_parts::make_fail(bench, flasher, part.0)
    })
    .await?;
    rig.keep(failed);
    Ok(())
}

/// Takes everything back that was made to fail through the debug probe.
#[when(expr = "the battery board is mended")]
async fn mend(rig: &mut RigWorld) -> StepResult {
    with_probe(rig, BoardKind::Btv, failing_parts::mend).await
}

/// A person does it in the app.
#[when(expr = "the settings are put back to those of the factory")]
async fn factory_settings(rig: &mut RigWorld) -> StepResult {
    rig.with(failing_parts::factory_settings).await
}

/// The code of the part that failed, in a report that came after it.
#[then(expr = "the battery reports it with {code}")]
async fn shown(rig: &mut RigWorld, code: super::parameters::Code) -> StepResult {
    let failed = *rig.kept::<FailedPart>()?;
    if failed.part.code() != code.0 {
        return Err(StepError::error(format_args!(
            "a {} that fails shows as {}, not as {}; correct the feature",
            failed.part,
            failed.part.code(),
            code.0
        )));
    }
    let asked = asked(rig);
    rig.with(move |bench| failing_parts::judge_shown(bench, &asked, &failed))
        .await
}

/// The code has left the reports.
#[then(expr = "the battery no longer reports it")]
async fn gone(rig: &mut RigWorld) -> StepResult {
    let (asked, failed) = (asked(rig), *rig.kept::<FailedPart>()?);
    rig.with(move |bench| failing_parts::judge_gone(bench, &asked, &failed))
        .await
}
