//! The flasher on a software chip behind a software probe, with everything that can go wrong.

mod faults;
mod files;
mod programming;
mod refusals;
mod updates;

use api::{BoardKind, Erase, FlashError, FlashPermissions, Flasher, Programmed};
use flash::{ProbeFlasher, ProbeSetup};
use probe::{Microcontroller, NothingThere, PluggedIn, SharedMicrocontroller, plug_in};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// A chip with its supply, a probe on it that is called after the test, and a folder.
pub(crate) struct Bench {
    pub(crate) serial: String,
    pub(crate) chip: SharedMicrocontroller,
    pub(crate) plugged: PluggedIn,
    folder: tempfile::TempDir,
}

impl Bench {
    pub(crate) fn new(serial: &str) -> Self {
        let mut chip = Microcontroller::new(NothingThere);
        chip.power_on();
        let chip = Arc::new(Mutex::new(chip));
        let plugged = plug_in(serial, chip.clone()).expect("the serial number is free");
        Self {
            serial: serial.to_owned(),
            chip,
            plugged,
            folder: tempfile::tempdir().expect("a folder"),
        }
    }

    /// Does something with the chip itself.
    pub(crate) fn chip<T>(&self, action: impl FnOnce(&mut Microcontroller) -> T) -> T {
        action(&mut self.chip.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes all faults back and switches the board off and on.
    pub(crate) fn heal(&self) {
        self.chip(|chip| {
            chip.heal();
            chip.power_off();
            chip.power_on();
        });
    }

    pub(crate) fn setup(&self) -> ProbeSetup {
        ProbeSetup {
            board: BoardKind::Btv,
            selector: "1209:0001".to_owned(),
            serial: Some(self.serial.clone()),
            plugged_as: None,
            chip: "STM32F030C8Tx".to_owned(),
            under_reset: false,
            permissions: FlashPermissions::new(),
            patience: Duration::from_secs(60),
        }
    }

    pub(crate) fn flasher(&self) -> ProbeFlasher {
        ProbeFlasher::new(self.setup())
    }

    pub(crate) fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, bytes).expect("a file");
        path
    }

    /// Programs bytes at the beginning of flash.
    pub(crate) fn program(&self, image: &[u8]) -> Result<Programmed, FlashError> {
        program(&mut self.flasher(), &self.file("image.bin", image))
    }

    /// Whether flash begins with the image.
    pub(crate) fn holds(&self, image: &[u8]) -> bool {
        self.chip(|chip| &chip.flash()[..image.len()] == image)
    }

    /// An error without what differs from run to run: the folder.
    pub(crate) fn text(&self, error: &FlashError) -> String {
        let folder = self.folder.path().display().to_string();
        error.to_string().replace(&folder, "FOLDER")
    }
}

pub(crate) fn program(flasher: &mut ProbeFlasher, path: &Path) -> Result<Programmed, FlashError> {
    flasher.program(path, Erase::Sectors, &mut |_| Ok(()))
}
