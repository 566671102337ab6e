//! Boards with their real firmware, updated through the probe: what runs afterwards, whatever happened.

use api::{BoardKind, Erase, FirmwareLabel, FlashError, FlashPermissions, Flasher, Programmed};
use dut::{BtvConfig, CellCount};
use firmware::{EmulatedBtv, Image};
use flash::{ProbeFlasher, ProbeSetup};
use probe::{Fault, FlashFault, Microcontroller, PluggedIn, plug_in};
use std::path::{Path, PathBuf};
use std::sync::PoisonError;
use std::time::Duration;

/// Power cuts, each in an update of its own. `fixtures/firmware` has more of them, through `probe-rs`
/// alone.
const CUTS: u64 = 12;
/// Where images arrive, and how much of it an image fills.
const ARRIVALS: u32 = 0x0800_8000;
const FILLED: usize = 19 * 1024;

fn file(name: &str) -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.join("../../fixtures/firmware").join(name)
}

/// A battery board with the version before, and a probe on it.
struct Board {
    board: EmulatedBtv,
    flasher: ProbeFlasher,
    _plugged: PluggedIn,
}

impl Board {
    fn new(serial: &str) -> Self {
        let elf = std::fs::read(file("btv-1.15.elf")).expect("it is committed");
        let image = Image::read(&elf).expect("it is an image");
        let board = EmulatedBtv::new(BtvConfig::new(CellCount::Four), &image);
        let plugged = plug_in(serial, board.controller().clone()).expect("the number is free");
        let flasher = ProbeFlasher::new(ProbeSetup {
            board: BoardKind::Btv,
            selector: "1209:0001".to_owned(),
            serial: Some(serial.to_owned()),
            plugged_as: None,
            chip: "STM32F030C8Tx".to_owned(),
            under_reset: false,
            permissions: FlashPermissions::new(),
            patience: Duration::from_secs(60),
        });
        Self {
            board,
            flasher,
            _plugged: plugged,
        }
    }

    fn chip<T>(&self, action: impl FnOnce(&mut Microcontroller) -> T) -> T {
        let chip = self.board.controller();
        action(&mut chip.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn program(&mut self, name: &str) -> Result<Programmed, FlashError> {
        self.flasher
            .program(&file(name), Erase::Sectors, &mut |_| Ok(()))
    }

    /// The supply goes and comes back, and the board has the time to start.
    fn restart(&self) {
        self.chip(|chip| {
            chip.heal();
            chip.power_off();
            chip.power_on();
            chip.run_for(Duration::from_secs(4));
        });
    }

    fn version(&mut self) -> Option<String> {
        let identity = self.flasher.identify().expect("it answers");
        identity.label.map(|FirmwareLabel { version, .. }| version)
    }
}

#[test]
fn an_update_is_taken_over_and_runs() {
    let mut board = Board::new("update");
    assert_eq!(board.version().as_deref(), Some("1.15"));
    let done = board.program("btv-1.16.elf").expect("it succeeds");
    let label = done.label.expect("the image says which it is");
    assert_eq!(label.board, "btv");
    assert_eq!(label.version, "1.16");
    assert_eq!(done.after.label.as_ref(), Some(&label));
    let before = done.before.label.expect("the board said which it was");
    assert_eq!(before.version, "1.15");
    assert_eq!(done.image_sha256, done.flash_sha256);
    assert_eq!(board.version().as_deref(), Some("1.16"));
    assert_eq!(board.board.release().as_deref(), Some("1.16"));
    let back = board.program("btv-1.15.elf").expect("older ones run too");
    assert_eq!(
        back.after.label.map(|label| label.version).as_deref(),
        Some("1.15")
    );
}

#[test]
fn firmware_of_the_bms_is_refused_by_a_battery_board() {
    let mut board = Board::new("other board");
    let error = board.program("bms-1.16.elf").expect_err("it is refused");
    let text = error.to_string();
    assert!(
        text.ends_with("bms-1.16.elf is firmware for the bms board, not for btv"),
        "{text}"
    );
    assert_eq!(board.version().as_deref(), Some("1.15"));
}

/// Wherever the supply goes: the old version runs or the new one, and a second try succeeds.
#[test]
fn a_board_survives_power_cuts_anywhere_in_an_update() {
    let mut board = Board::new("cuts");
    let (mut cut, mut stayed, mut changed) = (0, 0, 0);
    let mut random = 0x2545_F491_4F6C_DD1D_u64;
    for number in 0..CUTS {
        random = random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(number);
        let (old, new) = if board.version().as_deref() == Some("1.15") {
            ("1.15", "1.16")
        } else {
            ("1.16", "1.15")
        };
        // in what the probe writes, or in what the boot loader copies afterwards
        let place = (random >> 33) as u32;
        let fault = match number % 3 {
            0 => FlashFault::PowerCutAfterErases(place % 36),
            _ => FlashFault::PowerCutAfterHalfWords(place % 18_000),
        };
        // something else arrived before, so that all of the image is written
        board.chip(|chip| chip.preload(ARRIVALS, &[0x5A; FILLED]));
        board.chip(|chip| chip.inject(Fault::Flash(fault)));
        let image = format!("btv-{new}.elf");
        cut += u32::from(board.program(&image).is_err());
        board.restart();
        let runs = board.version();
        match runs.as_deref() {
            Some(version) if version == old => stayed += 1,
            Some(version) if version == new => changed += 1,
            other => panic!("after {fault:?} the board runs {other:?}"),
        }
        let done = board.program(&image).expect("a second try succeeds");
        assert_eq!(done.image_sha256, done.flash_sha256, "{fault:?}");
        assert_eq!(board.version().as_deref(), Some(new), "{fault:?}");
    }
    assert!(cut > CUTS as u32 / 2, "{cut} cuts hit");
    assert!(stayed > 2 && changed > 2, "{stayed} old, {changed} new");
}
