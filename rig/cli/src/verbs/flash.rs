//! `rig flash`: one board programmed, verified and read back.

mod progress;

use crate::args::{Flash, Format};
use crate::exit::Usage;
use crate::run::{BenchLock, Console, Control, Stock, board_role, is_simulated, unprogrammable};
use crate::search::{fixture_folders, shown};
use anyhow::{Result, bail};
use api::{BoardKind, Cancel, Erase, FirmwareIdentity, FlashPermissions, Programmed};
use bench::Bench;
use config::SearchPath;
use progress::Progress;
use record::Recorder;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError};

/// Name and version of the JSON.
const FORMAT: &str = "rig.flash/1";

pub(crate) fn perform(arguments: &Flash) -> Result<u8> {
    let search = SearchPath::new(fixture_folders());
    let config = Arc::new(search.bench(&arguments.bench)?);
    let board = BoardKind::from(arguments.board);
    if board_role(&config, board).probe.is_none() {
        return Err(Usage::new(unprogrammable(&config, board)).into());
    }
    let _lock = if is_simulated(&config)? {
        None
    } else {
        Some(BenchLock::take(&config.path)?)
    };
    let cancel = Cancel::new();
    let interrupted = interrupts()?;
    let mut stock = Stock::without_faults(search)?;
    let erase = if arguments.yes_erase_chip {
        stock.permissions = FlashPermissions::new().allow_chip_erase();
        Erase::Chip
    } else {
        Erase::Sectors
    };
    let recorder = Recorder::into_writer(Box::new(std::io::sink()));
    let (parts, equipment) = stock.equip(&config, &cancel, &recorder, &Control::new())?;
    let Some(flasher) = equipment.flashers.get(&board) else {
        bail!("{}", unprogrammable(&config, board));
    };
    let mut flasher = flasher.lock().unwrap_or_else(PoisonError::into_inner);
    let mut bench = Bench::open(parts)?;
    let mut progress = Progress::new(board);
    let done = procedures::firmware::feed(&mut bench).and_then(|()| {
        procedures::firmware::program(
            &mut bench,
            &mut **flasher,
            &arguments.image,
            erase,
            &mut |news| {
                if interrupted.load(Ordering::Relaxed) {
                    cancel.cancel("interrupted");
                }
                progress.is(news);
            },
        )
    });
    progress.finish();
    let state = bench.close("rig flash");
    for output in &state.unproven {
        crate::run::say(&format!("MAY STILL BE ENERGISED: {output}"));
    }
    let done = done?;
    if !state.proven {
        bail!(
            "the {board} was programmed, but bench {} is not proven safe",
            config.name
        );
    }
    match arguments.format {
        Format::Text => print(board, &done),
        Format::Json => super::print_json(&to_json(&config.name, board, &done)),
    }
    Ok(0)
}

/// Set by the first interrupt or termination; a second one ends the process as usual.
fn interrupts() -> Result<Arc<AtomicBool>> {
    let flag = Arc::new(AtomicBool::new(false));
    for signal in [
        signal_hook::consts::SIGINT,
        signal_hook::consts::SIGTERM,
        signal_hook::consts::SIGHUP,
    ] {
        signal_hook::flag::register_conditional_default(signal, flag.clone())?;
        signal_hook::flag::register(signal, flag.clone())?;
    }
    Ok(flag)
}

fn label(identity: &FirmwareIdentity) -> String {
    match &identity.label {
        Some(label) => format!("version {}, build {}", label.version, label.build),
        None => "no firmware that says which it is".to_owned(),
    }
}

fn print(board: BoardKind, done: &Programmed) {
    let console = Console::new();
    console.line(&format!(
        "{board}: {} programmed, verified and read back: {} bytes, {} of them differed",
        shown(&done.image),
        done.bytes,
        done.written
    ));
    console.line(&format!("before: {}", label(&done.before)));
    console.line(&format!("now:    {}", label(&done.after)));
    console.line(&format!("SHA-256 of the file:       {}", done.file_sha256));
    console.line(&format!("SHA-256 of the image:      {}", done.image_sha256));
    console.line(&format!("SHA-256 of what flash has: {}", done.flash_sha256));
    if !done.chip_compared {
        console.line(
            "the chip could not be asked which one it is: for this one nobody has told rig how",
        );
    }
}

fn identity(identity: &FirmwareIdentity) -> Value {
    json!({
        "board": identity.label.as_ref().map(|label| &label.board),
        "version": identity.label.as_ref().map(|label| &label.version),
        "build": identity.label.as_ref().map(|label| &label.build),
        "flash_sha256": identity.flash_sha256,
    })
}

fn to_json(bench: &str, board: BoardKind, done: &Programmed) -> Value {
    json!({
        "format": FORMAT,
        "bench": bench,
        "board": board.word(),
        "image": done.image,
        "bytes": done.bytes,
        "written": done.written,
        "file_sha256": done.file_sha256,
        "image_sha256": done.image_sha256,
        "flash_sha256": done.flash_sha256,
        "chip_compared": done.chip_compared,
        "before": identity(&done.before),
        "after": identity(&done.after),
    })
}
