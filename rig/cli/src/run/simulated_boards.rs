//! Software probes on the boards of a simulated world.

use super::boards::{self, Flashers, role, setup};
use super::equip::Stock;
use anyhow::{Context as _, Result, bail};
use api::BoardKind;
use config::Firmware;
use firmware::{Image, SharedController, map};
use probe::{FLASH_START, PRODUCT_ID, PluggedIn, VENDOR_ID, plug_in};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::Duration;
use world::{BoardId, World};

/// Scenarios run side by side, each with boards and probes of its own: none may find another's.
static PLUGGED: AtomicU64 = AtomicU64::new(0);

/// How long a board may take to start.
const BOOT: Duration = Duration::from_secs(4);

/// Probes that are plugged in as long as this lives.
pub(crate) struct Boards {
    pub(crate) flashers: Flashers,
    controllers: BTreeMap<BoardKind, SharedController>,
    _plugged: Vec<PluggedIn>,
}

impl Boards {
    /// Everything in a board's flash.
    pub(crate) fn flash(&self, board: BoardKind) -> Option<Vec<u8>> {
        let controller = self.controllers.get(&board)?;
        let chip = controller.lock().unwrap_or_else(PoisonError::into_inner);
        Some(chip.flash().to_vec())
    }
}

/// The images that a bench file names.
///
/// # Errors
/// When one can't be read, or is no image for these boards.
pub(crate) fn images(bench: &config::Bench) -> Result<world::Firmware> {
    Ok(world::Firmware {
        btv: image(bench, BoardKind::Btv)?,
        bms: image(bench, BoardKind::Bms)?,
    })
}

fn image(bench: &config::Bench, board: BoardKind) -> Result<Option<Arc<Image>>> {
    match &role(bench, board).firmware {
        Firmware::Native => Ok(None),
        Firmware::Image(path) => Ok(Some(Arc::new(read(path)?))),
    }
}

fn read(path: &Path) -> Result<Image> {
    let shown = || format!("image {} can't be simulated", path.display());
    let bytes = std::fs::read(path).with_context(shown)?;
    Image::read(&bytes).with_context(shown)
}

/// Plugs a probe onto each board that the bench file describes one on, after giving the boards what
/// was programmed before the run.
///
/// # Errors
/// When a probe can't be plugged in.
pub(crate) fn plug(stock: &Stock, world: &World, bench: &config::Bench) -> Result<Boards> {
    let mut found = Boards {
        flashers: Flashers::new(),
        controllers: BTreeMap::new(),
        _plugged: Vec::new(),
    };
    for (id, controller) in world.controllers() {
        let board = match id {
            BoardId::Btv(_) => BoardKind::Btv,
            BoardId::Bms => BoardKind::Bms,
        };
        if let Some(flash) = stock.boards.flash(&bench.name, board) {
            restore(&controller, &flash);
        }
        found.controllers.entry(board).or_insert(controller);
    }
    for (board, controller) in &found.controllers {
        let Some(mut setup) = setup(bench, *board, stock.permissions) else {
            continue;
        };
        let number = PLUGGED.fetch_add(1, Ordering::Relaxed);
        let serial = format!("{}-{number}", board.word());
        match plug_in(&serial, controller.clone()) {
            Ok(plugged) => found._plugged.push(plugged),
            Err(error) => bail!("{board}: {error}"),
        }
        setup.plugged_as = Some(format!("{VENDOR_ID:04x}:{PRODUCT_ID:04x}:{serial}"));
        found.flashers.insert(*board, boards::shared(setup));
    }
    Ok(found)
}

/// Gives a board what another one like it was programmed with, all but the settings, and starts it.
fn restore(controller: &SharedController, flash: &[u8]) {
    let settings = (map::SETTINGS[0] - FLASH_START) as usize;
    let mut chip = controller.lock().unwrap_or_else(PoisonError::into_inner);
    if chip.flash()[..settings] == flash[..settings] {
        return;
    }
    chip.preload(FLASH_START, &flash[..settings]);
    chip.reset();
    let until = chip.time() + BOOT;
    chip.run_for(Duration::from_millis(1));
    while !chip.core().is_asleep() && !chip.core().is_locked_up() && chip.time() < until {
        chip.run_for(Duration::from_millis(1));
    }
}
