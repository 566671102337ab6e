//! The boards of a bench that have firmware: what runs on them, and the debug probes on them.

use std::collections::BTreeSet;
use std::path::PathBuf;

/// What a bench file says of its boards.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Boards {
    /// The board in each battery.
    pub btv: BoardRole,
    /// The BMS's.
    pub bms: BoardRole,
}

impl Boards {
    /// Both with their words, `btv` and `bms`.
    #[must_use]
    pub fn each(&self) -> [(&'static str, &BoardRole); 2] {
        [("btv", &self.btv), ("bms", &self.bms)]
    }

    /// Whether any board runs an image.
    #[must_use]
    pub fn have_images(&self) -> bool {
        self.each()
            .iter()
            .any(|(_, role)| role.firmware != Firmware::Native)
    }

    /// What scenarios may ask of these boards.
    #[must_use]
    pub fn words(&self) -> Vec<String> {
        let mut words = BTreeSet::new();
        self.give(&mut words);
        words.into_iter().collect()
    }

    /// What scenarios may ask for: `probe:btv`, `image:btv` and so on.
    pub(crate) fn give(&self, gives: &mut BTreeSet<String>) {
        for (word, role) in self.each() {
            if role.probe.is_some() {
                gives.insert(format!("probe:{word}"));
            }
            if role.firmware != Firmware::Native {
                gives.insert(format!("image:{word}"));
            }
        }
    }
}

/// One board.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BoardRole {
    /// What runs on it.
    pub firmware: Firmware,
    /// The debug probe on it.
    pub probe: Option<ProbeRole>,
}

/// What runs on a board.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Firmware {
    /// Whatever it came with; in simulation the boards' logic, without a processor around it.
    #[default]
    Native,
    /// This image; in simulation on an emulated processor.
    Image(PathBuf),
}

/// A debug probe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProbeRole {
    /// Vendor and product number in hexadecimal, `0483:374b`.
    pub selector: String,
    /// Serial number, where several such probes may be plugged in.
    pub serial: Option<String>,
    /// The chip on the board, as `probe-rs` calls it.
    pub chip: String,
    /// Whether the reset pin is held while making contact.
    pub under_reset: bool,
}
