//! The debug probes on a bench's boards, and boards that are programmed before a run.

use super::Settings;
use super::control::Control;
use super::equip::{Equipment, Stock};
use crate::exit::Usage;
use anyhow::{Context as _, Result, bail};
use api::{BoardKind, Erase, FlashPermissions, Flasher};
use bench::Bench;
use config::{BoardRole, Firmware};
use flash::{PATIENCE, ProbeFlasher, ProbeSetup};
use record::{Event, Recorder};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// A probe that the bench's thread uses and the scenario holds.
pub(crate) type SharedFlasher = Arc<Mutex<Box<dyn Flasher>>>;

/// Probes by board.
pub(crate) type Flashers = BTreeMap<BoardKind, SharedFlasher>;

/// What came of programming boards before the run. Clones share it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Prepared(Arc<Mutex<Outcomes>>);

#[derive(Debug, Default)]
struct Outcomes {
    /// Flash of simulated boards: what a scenario's fresh board holds.
    flash: BTreeMap<(String, BoardKind), Vec<u8>>,
    /// Why nothing may run on a bench.
    refused: BTreeMap<String, String>,
}

impl Prepared {
    fn lock(&self) -> MutexGuard<'_, Outcomes> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Why nothing may run on a bench, if so.
    pub(crate) fn refusal(&self, bench: &str) -> Option<String> {
        self.lock().refused.get(bench).cloned()
    }

    /// What was programmed into a simulated board.
    #[cfg(feature = "sim")]
    pub(crate) fn flash(&self, bench: &str, board: BoardKind) -> Option<Vec<u8>> {
        self.lock().flash.get(&(bench.to_owned(), board)).cloned()
    }
}

/// What a bench file says of a board.
pub(crate) fn role(bench: &config::Bench, board: BoardKind) -> &BoardRole {
    match board {
        BoardKind::Btv => &bench.boards.btv,
        BoardKind::Bms => &bench.boards.bms,
    }
}

/// The probe on a board as the bench file describes it.
pub(crate) fn setup(
    bench: &config::Bench,
    board: BoardKind,
    permissions: FlashPermissions,
) -> Option<ProbeSetup> {
    let probe = role(bench, board).probe.as_ref()?;
    Some(ProbeSetup {
        board,
        selector: probe.selector.clone(),
        serial: probe.serial.clone(),
        plugged_as: None,
        chip: probe.chip.clone(),
        under_reset: probe.under_reset,
        permissions,
        patience: PATIENCE,
    })
}

/// For several hands.
pub(crate) fn shared(setup: ProbeSetup) -> SharedFlasher {
    Arc::new(Mutex::new(Box::new(ProbeFlasher::new(setup))))
}

/// The probes of a real bench.
pub(crate) fn real(bench: &config::Bench, permissions: FlashPermissions) -> Flashers {
    BoardKind::ALL
        .into_iter()
        .filter_map(|board| Some((board, shared(setup(bench, board, permissions)?))))
        .collect()
}

/// `btv=FILE` or `bms=FILE`.
///
/// # Errors
/// When it is written otherwise, or there is no such file.
pub fn parse_image(text: &str) -> Result<(BoardKind, PathBuf)> {
    let named = text.split_once('=').and_then(|(board, path)| {
        let board = BoardKind::ALL.into_iter().find(|one| one.word() == board)?;
        Some((board, PathBuf::from(path)))
    });
    let Some((board, path)) = named else {
        return Err(Usage::new(format!(
            "--firmware `{text}` names no board and image; write `btv=FILE` or `bms=FILE`"
        ))
        .into());
    };
    if !path.is_file() {
        return Err(Usage::new(format!("there is no image {}", path.display())).into());
    }
    Ok((board, path))
}

/// The images that the command line names, for the record.
pub(crate) fn named(settings: &Settings) -> Option<String> {
    let each: Vec<String> = settings
        .firmware
        .iter()
        .map(|(board, image)| {
            let file = image.file_name().unwrap_or_default();
            format!("{}={}", board.word(), file.to_string_lossy())
        })
        .collect();
    (!each.is_empty()).then(|| each.join(", "))
}

/// Every image that goes into a run on a bench.
pub(crate) fn images(bench: &config::Bench, settings: &Settings) -> Vec<PathBuf> {
    let of_bench = bench.boards.each().map(|(_, role)| match &role.firmware {
        Firmware::Image(path) => Some(path.clone()),
        Firmware::Native => None,
    });
    let named = settings.firmware.iter().map(|(_, image)| image.clone());
    of_bench.into_iter().flatten().chain(named).collect()
}

/// What is wrong with the probes and images of a bench file, as far as files can tell.
pub(crate) fn problems(bench: &config::Bench) -> Vec<String> {
    BoardKind::ALL
        .into_iter()
        .filter_map(|board| {
            let role = role(bench, board);
            let chip = &role.probe.as_ref()?.chip;
            match &role.firmware {
                Firmware::Native => flash::check_chip(board, chip)
                    .err()
                    .map(|error| error.to_string()),
                Firmware::Image(path) => flash::read_label(path, board, chip).err(),
            }
        })
        .collect()
}

/// What is to be programmed into the boards of a bench: what the command line names, or else, when
/// boards are to be programmed at all, what the bench file does.
fn wanted(bench: &config::Bench, settings: &Settings) -> Vec<(BoardKind, PathBuf)> {
    BoardKind::ALL
        .into_iter()
        .filter_map(|board| {
            let role = role(bench, board);
            role.probe.as_ref()?;
            let named = settings.firmware.iter().find(|(one, _)| *one == board);
            let image = match (named, &role.firmware) {
                (Some((_, image)), _) => image.clone(),
                (None, Firmware::Image(image)) if settings.flash => image.clone(),
                (None, Firmware::Image(_) | Firmware::Native) => return None,
            };
            Some((board, image))
        })
        .collect()
}

/// Whether what the command line wants programmed has a board to go to.
///
/// # Errors
/// When no bench of the run has a probe on a board that was named.
pub(crate) fn check(settings: &Settings, benches: &[Arc<config::Bench>]) -> Result<()> {
    let has_probe = |board: BoardKind| {
        let mut roles = benches.iter().map(|bench| role(bench, board));
        roles.any(|role| role.probe.is_some())
    };
    for (board, image) in &settings.firmware {
        if !has_probe(*board) {
            return Err(Usage::new(format!(
                "{} can't be programmed: no bench of this run has a debug probe on its {board}; name one with --bench",
                image.display()
            ))
            .into());
        }
    }
    if settings.flash && !BoardKind::ALL.into_iter().any(has_probe) {
        return Err(Usage::new(
            "--flash: no bench of this run has a debug probe on a board; name one with --bench",
        )
        .into());
    }
    Ok(())
}

/// Programs the boards of every bench of a run, where that was asked for. A bench whose boards can't
/// be programmed takes no scenario.
pub(crate) fn program(
    stock: &Stock,
    benches: &[Arc<config::Bench>],
    settings: &Settings,
    control: &Control,
    recorder: &Recorder,
) {
    for bench in benches {
        let wanted = wanted(bench, settings);
        if wanted.is_empty() {
            continue;
        }
        if let Err(error) = on_bench(stock, bench, &wanted, control, recorder) {
            let text = format!("{error:#}");
            let warning = Event::Warning { text: text.clone() };
            recorder.event(Duration::ZERO, &warning);
            let mut outcomes = stock.boards.lock();
            outcomes.refused.insert(bench.name.clone(), text);
        }
    }
}

fn on_bench(
    stock: &Stock,
    config: &Arc<config::Bench>,
    wanted: &[(BoardKind, PathBuf)],
    control: &Control,
    recorder: &Recorder,
) -> Result<()> {
    let cancel = match control.begin_scenario() {
        Ok(cancel) => cancel,
        Err((_, why)) => bail!("no board was programmed: {why}"),
    };
    let done = stock
        .equip(config, &cancel, recorder, control)
        .and_then(|(parts, equipment)| {
            let mut bench = Bench::open(parts)?;
            let done = each(&mut bench, &equipment, wanted, control);
            let state = bench.close("the boards were programmed");
            done?;
            if !state.proven {
                bail!(
                    "after programming, bench {} is not proven safe: {}",
                    config.name,
                    state.unproven.join(", ")
                );
            }
            for (board, _) in wanted {
                if let Some(flash) = equipment.flash_of(*board) {
                    let mut outcomes = stock.boards.lock();
                    outcomes.flash.insert((config.name.clone(), *board), flash);
                }
            }
            Ok(())
        });
    control.end_scenario();
    done
}

fn each(
    bench: &mut Bench,
    equipment: &Equipment,
    wanted: &[(BoardKind, PathBuf)],
    control: &Control,
) -> Result<()> {
    procedures::firmware::feed(bench)?;
    for (board, image) in wanted {
        let flasher = equipment
            .flashers
            .get(board)
            .with_context(|| unprogrammable(bench.config(), *board))?;
        let mut flasher = flasher.lock().unwrap_or_else(PoisonError::into_inner);
        procedures::firmware::program(bench, &mut **flasher, image, Erase::Sectors, &mut |_| {
            control.beat();
        })
        .with_context(|| format!("the {board} was to hold {}", image.display()))?;
    }
    Ok(())
}

/// Why there is nothing to program a board with.
pub(crate) fn unprogrammable(bench: &config::Bench, board: BoardKind) -> String {
    match role(bench, board).probe {
        None => api::FlashError::Absent { board }.to_string(),
        Some(_) => format!(
            "{board}: bench {} simulates it without a processor; name an image under `boards: {}: firmware` in the bench file",
            bench.name,
            board.word()
        ),
    }
}
