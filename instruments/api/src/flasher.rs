//! Debug probes on boards: programming firmware and asking what is there.

use crate::Stopped;
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The boards of a bench that have firmware.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BoardKind {
    /// The balancing, temperature and voltage board in a battery.
    Btv,
    /// The battery management system.
    Bms,
}

impl BoardKind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Btv, Self::Bms];

    /// As it is written in files and on the command line: `btv`, `bms`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Btv => "btv",
            Self::Bms => "bms",
        }
    }
}

impl fmt::Display for BoardKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Btv => "battery board",
            Self::Bms => "BMS board",
        })
    }
}

/// What a debug probe is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FlashStep {
    /// Looking for the probe and opening it.
    Find,
    /// Making contact with the chip.
    Attach,
    /// Asking the chip which one it is.
    Identify,
    /// Erasing what is about to be written, or everything.
    Erase,
    /// Writing.
    Program,
    /// Comparing flash with the image.
    Verify,
    /// Reading flash into the rig.
    ReadBack,
    /// Resetting the board, so that its firmware starts.
    Reset,
    /// Waiting for the board to take over what was written, where its boot loader copies it.
    TakeOver,
    /// Reading registers or memory.
    Read,
    /// Writing registers or memory.
    Write,
    /// Listening to what the firmware prints.
    Listen,
}

impl FlashStep {
    /// One word for programs and progress lines.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Find => "find",
            Self::Attach => "attach",
            Self::Identify => "identify",
            Self::Erase => "erase",
            Self::Program => "program",
            Self::Verify => "verify",
            Self::ReadBack => "read back",
            Self::Reset => "reset",
            Self::TakeOver => "take over",
            Self::Read => "read",
            Self::Write => "write",
            Self::Listen => "listen",
        }
    }
}

impl fmt::Display for FlashStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Find => "opening the probe",
            Self::Attach => "making contact with the chip",
            Self::Identify => "asking the chip which one it is",
            Self::Erase => "erasing flash",
            Self::Program => "programming flash",
            Self::Verify => "verifying flash",
            Self::ReadBack => "reading flash back",
            Self::Reset => "resetting the board",
            Self::TakeOver => "waiting for the board to take it over",
            Self::Read => "reading memory",
            Self::Write => "writing memory",
            Self::Listen => "listening to the firmware",
        })
    }
}

/// How far a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FlashProgress {
    /// The step.
    pub step: FlashStep,
    /// Bytes done of this step so far.
    pub done: u64,
    /// Bytes in all, where known.
    pub total: Option<u64>,
}

/// What is in a board's flash after something that didn't succeed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FlashState {
    /// What was there before: nothing was erased or written.
    Untouched,
    /// Partly erased or partly written.
    Partial,
    /// All written, but not proven.
    Unproven,
    /// The image, read back.
    Proven,
}

impl fmt::Display for FlashState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Untouched => "its flash is as it was",
            Self::Partial => "its flash is partly erased or partly written",
            Self::Unproven => "its flash is written, but not proven to hold the image",
            Self::Proven => "its flash holds the image",
        })
    }
}

/// How much is erased before an image is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Erase {
    /// The sectors that the image covers; everything else stays, settings too.
    #[default]
    Sectors,
    /// All of flash; needs [`FlashPermissions::allow_chip_erase`].
    Chip,
}

/// What whoever asked has agreed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct FlashPermissions {
    chip_erase: bool,
}

impl FlashPermissions {
    /// Nothing beyond replacing the firmware.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// All of flash may be erased: settings, serial numbers and history are lost with it.
    #[must_use]
    pub fn allow_chip_erase(self) -> Self {
        Self { chip_erase: true }
    }

    /// Whether that was allowed.
    #[must_use]
    pub fn chip_erase(self) -> bool {
        self.chip_erase
    }
}

/// What a firmware says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FirmwareLabel {
    /// Which board it is for: `btv` or `bms`.
    pub board: String,
    /// Its version, `1.4.0`.
    pub version: String,
    /// Hash of what it was built from, hexadecimal.
    pub build: String,
}

impl fmt::Display for FirmwareLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            board,
            version,
            build,
        } = self;
        write!(f, "{board} {version} ({build})")
    }
}

/// What a board holds.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FirmwareIdentity {
    /// What the firmware that runs there says of itself; none where nothing complete says anything.
    pub label: Option<FirmwareLabel>,
    /// SHA-256 of all of flash, hexadecimal.
    pub flash_sha256: String,
}

/// What was programmed, and proof of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Programmed {
    /// The file.
    pub image: PathBuf,
    /// What the firmware in it says of itself.
    pub label: Option<FirmwareLabel>,
    /// SHA-256 of the file, hexadecimal.
    pub file_sha256: String,
    /// SHA-256 of the bytes that it puts into flash, in the order of their addresses.
    pub image_sha256: String,
    /// SHA-256 of the same addresses read back from flash. A success has the same as
    /// [`Programmed::image_sha256`].
    pub flash_sha256: String,
    /// How many bytes.
    pub bytes: u64,
    /// How many of them lay in sectors that held something else, and were erased and written; the
    /// others were there already.
    pub written: u64,
    /// Whether the chip's own identity was held against the bench file; not for every chip is it
    /// known how to ask.
    pub chip_compared: bool,
    /// What the board held before.
    pub before: FirmwareIdentity,
    /// What it holds now.
    pub after: FirmwareIdentity,
}

/// Told how far a step is; an error ends the work at the next opportunity.
pub type OnProgress<'a> = &'a mut dyn FnMut(FlashProgress) -> Result<(), Stopped>;

/// A debug probe on a board.
///
/// Every call makes contact, does its work and lets go again; the firmware runs in between.
pub trait Flasher: Send {
    /// The board.
    fn board(&self) -> BoardKind;

    /// The probe, for people: selector and serial number.
    fn probe(&self) -> &str;

    /// What the board holds.
    ///
    /// # Errors
    /// When the board can't be reached.
    fn identify(&mut self) -> Result<FirmwareIdentity, FlashError>;

    /// Programs an image (ELF, Intel HEX or binary), verifies it, reads it back and resets the board.
    ///
    /// # Errors
    /// When the image doesn't fit the chip: nothing is touched then. When a step fails: the error says
    /// which, and what is in flash now; programming again recovers the board.
    fn program(
        &mut self,
        image: &Path,
        erase: Erase,
        progress: OnProgress<'_>,
    ) -> Result<Programmed, FlashError>;

    /// Erases all of flash.
    ///
    /// # Errors
    /// [`FlashError::NoConsent`] without permission; when a step fails.
    fn erase_chip(&mut self, progress: OnProgress<'_>) -> Result<(), FlashError>;

    /// Resets the board.
    ///
    /// # Errors
    /// When the board can't be reached.
    fn reset(&mut self) -> Result<(), FlashError>;

    /// Reads words of memory or registers while the firmware runs.
    ///
    /// # Errors
    /// When the board can't be reached, or nothing is at the address.
    fn read_words(&mut self, address: u32, count: usize) -> Result<Vec<u32>, FlashError>;

    /// Writes words of memory or registers while the firmware runs.
    ///
    /// # Errors
    /// When the board can't be reached, or nothing is at the address.
    fn write_words(&mut self, address: u32, words: &[u32]) -> Result<(), FlashError>;

    /// What the firmware has printed over RTT since it was last listened to. `image` has the symbol
    /// that tells where its buffers are.
    ///
    /// # Errors
    /// When the board can't be reached, or the firmware prints nothing that can be found.
    fn listen(&mut self, image: &Path) -> Result<Vec<u8>, FlashError>;
}

/// Why an image can't be programmed into a chip. Nothing was touched.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImageProblem {
    /// The file can't be read.
    #[error("can't be read: {0}")]
    Unreadable(String),
    /// The file's ending names none of the formats.
    #[error("is no `.elf`, `.hex` or `.bin` file")]
    Format,
    /// What is in the file isn't what its ending says.
    #[error("is no {format} file: {reason}; build it again, or copy it again")]
    Broken {
        /// `ELF` or `Intel HEX`.
        format: &'static str,
        /// What the reader said.
        reason: String,
    },
    /// The file ends before what it announces.
    #[error(
        "is cut off: its segment at {address:#010x} ends {missing} bytes after the file does; copy it again"
    )]
    Truncated {
        /// Where the segment goes.
        address: u64,
        /// Bytes that aren't there.
        missing: u64,
    },
    /// Built for another processor.
    #[error("is built for {found}, and {chip} is an {wanted}; build it for thumbv6m-none-eabi")]
    Architecture {
        /// What it is built for.
        found: String,
        /// The chip.
        chip: String,
        /// What that needs.
        wanted: &'static str,
    },
    /// Nothing in it goes into memory.
    #[error("has nothing to program in it")]
    Empty,
    /// Two parts for the same place.
    #[error("has two different parts for {address:#010x}")]
    Overlap {
        /// Where the second begins.
        address: u64,
    },
    /// More than the chip has.
    #[error(
        "needs flash up to {end:#010x}, and {chip} has {size} bytes up to {flash_end:#010x}; build a smaller one, or correct `chip` in the bench file"
    )]
    TooLarge {
        /// First address after the image.
        end: u64,
        /// The chip.
        chip: String,
        /// Bytes of flash.
        size: u64,
        /// First address after flash.
        flash_end: u64,
    },
    /// For a place that isn't flash.
    #[error(
        "has {bytes} bytes for {address:#010x}, which is outside of the flash of {chip} ({flash_start:#010x} to {flash_end:#010x}); link it for this chip"
    )]
    Outside {
        /// Where they'd go.
        address: u64,
        /// How many.
        bytes: u64,
        /// The chip.
        chip: String,
        /// Where flash begins.
        flash_start: u64,
        /// First address after it.
        flash_end: u64,
    },
    /// Its own label names another board.
    #[error("is firmware for the {found} board, not for {wanted}")]
    OtherBoard {
        /// What the label says.
        found: String,
        /// What it should.
        wanted: String,
    },
}

/// Why a board could not be programmed or asked. None of these is a verdict on the board.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FlashError {
    /// The selector means nothing.
    #[error(
        "{board}: `{selector}` selects no debug probe: {reason}; write vendor and product number in hexadecimal, as in `0483:374b`, and the serial number under `serial`"
    )]
    Selector {
        /// The board.
        board: BoardKind,
        /// As written.
        selector: String,
        /// What is wrong with it.
        reason: String,
    },
    /// No such probe.
    #[error(
        "{board}: no debug probe {probe}; {}; plug it in, or correct `probe` in the bench file",
        there_are(found)
    )]
    NoProbe {
        /// The board.
        board: BoardKind,
        /// Selector and serial number.
        probe: String,
        /// What is plugged in.
        found: Vec<String>,
    },
    /// Which one?
    #[error(
        "{board}: {} debug probes fit {probe}: {}; name one by `serial` in the bench file",
        matching.len(),
        matching.join(", ")
    )]
    SeveralProbes {
        /// The board.
        board: BoardKind,
        /// Selector and serial number.
        probe: String,
        /// Those that fit.
        matching: Vec<String>,
    },
    /// The system doesn't let us.
    #[error(
        "{board}: debug probe {probe} is there, but may not be used: give yourself access to it (on Linux a udev rule), or run rig as someone who has it"
    )]
    NotPermitted {
        /// The board.
        board: BoardKind,
        /// Selector and serial number.
        probe: String,
    },
    /// A chip that nobody has described.
    #[error("{board}: `{chip}` is no chip that can be programmed{suggestion}")]
    UnknownChip {
        /// The board.
        board: BoardKind,
        /// As written.
        chip: String,
        /// `; did you mean …?`, or nothing.
        suggestion: String,
    },
    /// Another chip than the bench file names.
    #[error(
        "{board}: debug probe {probe} is on a chip that says it is {found}, and {chip} says {expected}; nothing was erased: plug the probe onto the right board, or correct `chip` in the bench file"
    )]
    WrongChip {
        /// The board.
        board: BoardKind,
        /// Selector and serial number.
        probe: String,
        /// The chip of the bench file.
        chip: String,
        /// Its identity.
        expected: String,
        /// What answered.
        found: String,
    },
    /// The image doesn't fit.
    #[error("{board}: {} {problem}", image.display())]
    Image {
        /// The board.
        board: BoardKind,
        /// The file.
        image: PathBuf,
        /// Why.
        problem: ImageProblem,
    },
    /// All of flash was to be erased, and nobody agreed.
    #[error(
        "{board}: erasing the whole chip loses settings and history; agree to it with --yes-erase-chip"
    )]
    NoConsent {
        /// The board.
        board: BoardKind,
    },
    /// A step failed.
    #[error("{board}: debug probe {probe}, {step}: {answered}; {state}; {advice}")]
    Step {
        /// The board.
        board: BoardKind,
        /// Selector and serial number.
        probe: String,
        /// Which.
        step: FlashStep,
        /// What was answered, with all its causes.
        answered: String,
        /// What is in flash now.
        state: FlashState,
        /// What to try.
        advice: String,
    },
    /// Flash doesn't hold what was programmed.
    #[error(
        "{board}: debug probe {probe}: flash differs from {} from {address:#010x} on (read {found:#04x}, programmed {programmed:#04x}); program it again, and replace the board if that fails too",
        image.display()
    )]
    Mismatch {
        /// The board.
        board: BoardKind,
        /// Selector and serial number.
        probe: String,
        /// The file.
        image: PathBuf,
        /// First address that differs.
        address: u64,
        /// What is there.
        found: u8,
        /// What should be.
        programmed: u8,
    },
    /// No sign of life from the probe.
    #[error(
        "{board}: debug probe {probe}, {step}: no sign of life for {waited:?}; {state}; unplug the probe, plug it in again, and repeat"
    )]
    Silent {
        /// The board.
        board: BoardKind,
        /// Selector and serial number.
        probe: String,
        /// What was under way.
        step: FlashStep,
        /// For how long.
        waited: Duration,
        /// What is in flash now.
        state: FlashState,
    },
    /// Somebody stopped it.
    #[error("{board}: debug probe {probe}, {step}: {reason}; {state}")]
    Stopped {
        /// The board.
        board: BoardKind,
        /// Selector and serial number.
        probe: String,
        /// What was under way.
        step: FlashStep,
        /// Why.
        reason: String,
        /// What is in flash now.
        state: FlashState,
    },
    /// The bench has no probe on this board.
    #[error(
        "{board}: this bench has no debug probe on it; describe one under `boards` in the bench file"
    )]
    Absent {
        /// The board.
        board: BoardKind,
    },
}

impl FlashError {
    /// What is in the board's flash now.
    #[must_use]
    pub fn state(&self) -> FlashState {
        match self {
            Self::Step { state, .. } | Self::Silent { state, .. } | Self::Stopped { state, .. } => {
                *state
            }
            Self::Mismatch { .. } => FlashState::Unproven,
            Self::Selector { .. }
            | Self::NoProbe { .. }
            | Self::SeveralProbes { .. }
            | Self::NotPermitted { .. }
            | Self::UnknownChip { .. }
            | Self::WrongChip { .. }
            | Self::Image { .. }
            | Self::NoConsent { .. }
            | Self::Absent { .. } => FlashState::Untouched,
        }
    }
}

fn there_are(found: &[String]) -> String {
    if found.is_empty() {
        return "none at all is plugged in".to_owned();
    }
    format!("there are {}", found.join(", "))
}
