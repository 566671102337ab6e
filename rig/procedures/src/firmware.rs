//! Firmware of the boards: what runs on them, programming it, and an update that breaks off.
//!
//! Boards are programmed with charger and load off. Whatever fails leaves the bench as it is, which
//! is safe, and the journal knows what the board holds.

use crate::ProcedureError;
use crate::judging::{Asked, Judge};
use api::{
    Erase, FirmwareIdentity, FirmwareLabel, FlashError, FlashProgress, FlashState, FlashStep,
    Flasher, Programmed, Stopped,
};
use bench::Bench;
use record::{Event, ImageRecord};
use std::fmt;
use std::path::Path;
use std::time::Duration;

/// A board that has just started has all its signals back after this long.
const STARTED: Duration = Duration::from_secs(5);
/// How often contacts and reports are looked at.
const PERIOD: Duration = Duration::from_millis(500);

/// Gives the boards what they need to be programmed: on a board bench the BMS's supply and cells at
/// their nominal voltage, unless they are on. A battery feeds its board itself.
///
/// # Errors
/// Whatever the bench says.
pub fn feed(bench: &mut Bench) -> Result<(), ProcedureError> {
    let wiring = &bench.config().wiring;
    let (cells, supply) = (!wiring.cells.is_empty(), wiring.bms_supply.is_some());
    let outputs = &bench.last().outputs;
    let (cells_on, supply_on) = (!outputs.cells.is_empty(), outputs.bms_supply);
    if supply && !supply_on {
        bench.power_bms()?;
    }
    if cells && !cells_on {
        let product = bench.battery();
        let nominal = product.nominal_voltage / product.cells.max(1) as f64;
        bench.energise_cells(nominal)?;
    }
    Ok(())
}

/// Asks a board what it holds, and puts it on record.
///
/// # Errors
/// When the board can't be reached.
pub fn identify(
    bench: &Bench,
    flasher: &mut dyn Flasher,
) -> Result<FirmwareIdentity, ProcedureError> {
    let identity = flasher.identify()?;
    record(bench, flasher, "found", Some(&identity), None, "");
    Ok(identity)
}

/// Programs a board with charger and load off, verifies it, reads it back, and waits until the board
/// has started. What it held before and holds after is on record.
///
/// # Errors
/// When the image doesn't fit or a step fails; then what the board holds is on record as far as it
/// can be read, and programming it again recovers it.
pub fn program(
    bench: &mut Bench,
    flasher: &mut dyn Flasher,
    image: &Path,
    erase: Erase,
    progress: &mut dyn FnMut(FlashProgress),
) -> Result<Programmed, ProcedureError> {
    let done = write(bench, flasher, image, erase, |news| {
        progress(news);
        Ok(())
    });
    match done {
        Ok(done) => {
            proven(bench, flasher, &done);
            bench.settle(STARTED, PERIOD)?;
            Ok(done)
        }
        Err(error) => {
            failed(bench, flasher, &error);
            Err(error.into())
        }
    }
}

/// Begins to program a board and breaks off in the middle of writing, as when somebody closes the
/// app; then resets the board and waits for what it makes of that.
///
/// # Errors
/// When it fails in another way, or when there was nothing to write.
pub fn break_off(
    bench: &mut Bench,
    flasher: &mut dyn Flasher,
    image: &Path,
) -> Result<(), ProcedureError> {
    let halfway = |news: FlashProgress| {
        news.step == FlashStep::Program && news.total.is_some_and(|total| 2 * news.done >= total)
    };
    let done = write(bench, flasher, image, Erase::Sectors, |news| {
        if halfway(news) {
            return Err(Stopped {
                reason: "broken off on purpose".to_owned(),
            });
        }
        Ok(())
    });
    let error = match done {
        Ok(done) => {
            proven(bench, flasher, &done);
            return Err(ProcedureError::NothingFound {
                hint: "the board held the image already, so nothing was written that could be broken off; program another one before".to_owned(),
            });
        }
        Err(error) => error,
    };
    failed(bench, flasher, &error);
    match &error {
        FlashError::Stopped { .. } if error.state() == FlashState::Partial => {}
        _ => return Err(error.into()),
    }
    bench.cancel().check()?;
    flasher.reset()?;
    bench.settle(STARTED, PERIOD)?;
    identify(bench, flasher)?;
    Ok(())
}

/// With charger and load off; looks at the bench between the steps.
fn write(
    bench: &mut Bench,
    flasher: &mut dyn Flasher,
    image: &Path,
    erase: Erase,
    mut progress: impl FnMut(FlashProgress) -> Result<(), Stopped>,
) -> Result<Programmed, FlashError> {
    let unreachable = |error: &dyn fmt::Display, flasher: &dyn Flasher| FlashError::Stopped {
        board: flasher.board(),
        probe: flasher.probe().to_owned(),
        step: FlashStep::Find,
        reason: error.to_string(),
        state: FlashState::Untouched,
    };
    quiet(bench).map_err(|error| unreachable(&error, flasher))?;
    let mut step = None;
    flasher.program(image, erase, &mut |news| {
        bench.cancel().check()?;
        // whoever watches over the bench sees by its clock that it gets on
        let _seen = bench.now();
        if step.replace(news.step) != Some(news.step) {
            bench.snapshot().map_err(|error| Stopped {
                reason: error.to_string(),
            })?;
        }
        progress(news)
    })
}

/// Nothing charges or discharges a battery whose board is away.
fn quiet(bench: &mut Bench) -> Result<(), ProcedureError> {
    let outputs = &bench.last().outputs;
    let (charger, load) = (outputs.charger.is_some(), outputs.load.is_some());
    if charger {
        bench.stop_charging()?;
    }
    if load {
        bench.stop_load()?;
    }
    Ok(())
}

fn record(
    bench: &Bench,
    flasher: &dyn Flasher,
    moment: &str,
    identity: Option<&FirmwareIdentity>,
    image: Option<ImageRecord>,
    problem: &str,
) {
    let label = identity.and_then(|identity| identity.label.as_ref());
    bench.recorder().event(
        bench.now(),
        &Event::Firmware {
            board: flasher.board().to_string(),
            probe: flasher.probe().to_owned(),
            moment: moment.to_owned(),
            version: label.map(|label| label.version.clone()),
            build: label.map(|label| label.build.clone()),
            flash_sha256: identity.map(|identity| identity.flash_sha256.clone()),
            image,
            problem: problem.to_owned(),
        },
    );
}

fn proven(bench: &Bench, flasher: &dyn Flasher, done: &Programmed) {
    let file = done.image.file_name().unwrap_or_default();
    let image = ImageRecord {
        file: file.to_string_lossy().into_owned(),
        file_sha256: done.file_sha256.clone(),
        image_sha256: done.image_sha256.clone(),
        flash_sha256: done.flash_sha256.clone(),
        bytes: done.bytes,
        written: done.written,
        chip_compared: done.chip_compared,
    };
    record(bench, flasher, "before", Some(&done.before), None, "");
    record(bench, flasher, "after", Some(&done.after), Some(image), "");
    bench.recorder().event(
        bench.now(),
        &Event::Change {
            what: format!("firmware of the {}", flasher.board()),
            to: version(&done.after),
            instrument: format!("debug probe {}", flasher.probe()),
            not_before_s: None,
        },
    );
}

/// What the board holds now, where it still answers.
fn failed(bench: &Bench, flasher: &mut dyn Flasher, error: &FlashError) {
    let identity = match error.state() {
        FlashState::Untouched => None,
        FlashState::Partial | FlashState::Unproven | FlashState::Proven => flasher.identify().ok(),
    };
    record(
        bench,
        flasher,
        "failed",
        identity.as_ref(),
        None,
        &error.to_string(),
    );
}

fn version(identity: &FirmwareIdentity) -> String {
    match &identity.label {
        Some(FirmwareLabel { version, build, .. }) => format!("version {version}, build {build}"),
        None => "none that says which it is".to_owned(),
    }
}

/// Judges that a board runs the newest firmware (4.2.1-01, 6.3.3-01).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when it runs another one or none; when it can't be reached.
pub fn judge_newest(
    bench: &mut Bench,
    asked: &Asked,
    flasher: &mut dyn Flasher,
    newest: &FirmwareLabel,
) -> Result<(), ProcedureError> {
    let found = version(&identify(bench, flasher)?);
    let wanted = format!("version {}, build {}", newest.version, newest.build);
    let quantity = format!("firmware of the {}", flasher.board());
    let who = format!("debug probe {}", flasher.probe());
    let mut judge = Judge::new(bench, asked);
    judge.state(&["4.2.1-01", "6.3.3-01"], &quantity, &wanted, &found, &who)?;
    judge.done()
}
