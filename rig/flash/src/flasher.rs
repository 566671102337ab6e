//! The flasher itself: what it is set up with, and what its calls do.

use crate::image::Image;
use crate::label::{self, Found};
use crate::link::{self, Contact};
use crate::target::Chip;
use crate::work::{Work, perform};
use api::{
    BoardKind, Erase, FirmwareIdentity, FlashError, FlashPermissions, FlashProgress, FlashState,
    FlashStep, Flasher, OnProgress, Programmed, Stopped,
};
use probe_rs::flashing::{
    DownloadOptions, FlashError as TheirError, FlashProgress as TheirProgress, ProgressEvent,
    ProgressOperation,
};
use probe_rs::rtt::{ScanRegion, find_rtt_control_block_in_raw_file, try_attach_to_rtt};
use probe_rs::{Core, MemoryInterface};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// How long a probe may show no sign of life. Erasing a large sector is the longest silence there is.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// How much of flash is read at once, so that progress is seen.
const CHUNK: usize = 4096;
/// How long the firmware may take to set its buffers up after a reset.
const RTT_TIMEOUT: Duration = Duration::from_millis(500);
/// How often a board that has just started is looked at: with the fastest probes this is several
/// seconds, in which all of flash could be erased and written.
const LOOKS: u32 = 20_000;
/// How often all of flash is read meanwhile.
const LOOKS_A_CHECK: u32 = 4_000;
/// How long a core may take to halt.
const HALT_TIMEOUT: Duration = Duration::from_secs(2);

/// Which probe is on which board, and what may be done with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProbeSetup {
    /// The board.
    pub board: BoardKind,
    /// Vendor and product number in hexadecimal, `0483:374b`.
    pub selector: String,
    /// Serial number, where several such probes may be plugged in.
    pub serial: Option<String>,
    /// The whole selector under which the probe is really found, where that isn't the one that people
    /// know it by.
    pub plugged_as: Option<String>,
    /// The chip as `probe-rs` calls it, `STM32F030C8Tx`.
    pub chip: String,
    /// Holds the reset pin while making contact: for firmware that sleeps deeply or uses the debug
    /// pins for something else.
    pub under_reset: bool,
    /// What whoever asked has agreed to.
    pub permissions: FlashPermissions,
    /// How long the probe may show no sign of life, on the wall clock.
    pub patience: Duration,
}

impl ProbeSetup {
    /// The probe for people.
    #[must_use]
    pub fn name(&self) -> String {
        match &self.serial {
            Some(serial) => format!("{} with serial number {serial}", self.selector),
            None => self.selector.clone(),
        }
    }
}

/// Programs a board through `probe-rs`.
#[derive(Debug, Clone)]
pub struct ProbeFlasher {
    setup: Arc<ProbeSetup>,
    name: String,
}

impl ProbeFlasher {
    /// A flasher; nothing is opened yet.
    #[must_use]
    pub fn new(setup: ProbeSetup) -> Self {
        Self {
            name: setup.name(),
            setup: Arc::new(setup),
        }
    }

    /// Makes contact and does `work`.
    fn with<T: Send + 'static>(
        &self,
        progress: OnProgress<'_>,
        work: impl FnOnce(&Work, Contact) -> Result<T, FlashError> + Send + 'static,
    ) -> Result<T, FlashError> {
        let chip = Chip::new(self.setup.board, &self.setup.chip)?;
        perform(&self.setup, progress, move |context| {
            let contact = link::make(context, chip)?;
            work(context, contact)
        })
    }
}

/// For calls that report no progress.
fn unheard(_: FlashProgress) -> Result<(), Stopped> {
    Ok(())
}

impl Flasher for ProbeFlasher {
    fn board(&self) -> BoardKind {
        self.setup.board
    }

    fn probe(&self) -> &str {
        &self.name
    }

    fn identify(&mut self) -> Result<FirmwareIdentity, FlashError> {
        self.with(&mut unheard, |work, mut contact| {
            Ok(identity(&contact.read_flash(work)?))
        })
    }

    fn program(
        &mut self,
        image: &Path,
        erase: Erase,
        progress: OnProgress<'_>,
    ) -> Result<Programmed, FlashError> {
        let setup = &self.setup;
        if erase == Erase::Chip && !setup.permissions.chip_erase() {
            return Err(FlashError::NoConsent { board: setup.board });
        }
        let chip = Chip::new(setup.board, &setup.chip)?;
        let file = image.to_owned();
        let unfit = |problem| FlashError::Image {
            board: setup.board,
            image: file.clone(),
            problem,
        };
        let contents = Image::read(&file, &chip).map_err(unfit)?;
        let found = contents.labelled(setup.board).map_err(unfit)?;
        self.with(progress, move |work, mut contact| {
            let before = contact.read_flash(work)?;
            let (written, differs) = contact.write(work, &contents, erase, &before)?;
            let written_flash = contact.read_flash(work)?;
            let flash_sha256 = contact.proven(work, &file, &contents, &written_flash)?;
            if let Some(differs) = differs {
                return Err(differs);
            }
            work.is_now(FlashState::Proven);
            contact.reset(work)?;
            let after = contact.taken_over(work, found.as_ref(), written_flash)?;
            Ok(Programmed {
                image: file,
                label: found.map(|found| found.label),
                image_sha256: contents.sha256(),
                flash_sha256,
                bytes: contents.bytes(),
                written,
                file_sha256: contents.file_sha256,
                chip_compared: contact.compared,
                before: identity(&before),
                after: identity(&after),
            })
        })
    }

    fn erase_chip(&mut self, progress: OnProgress<'_>) -> Result<(), FlashError> {
        if !self.setup.permissions.chip_erase() {
            return Err(FlashError::NoConsent {
                board: self.setup.board,
            });
        }
        self.with(progress, |work, mut contact| {
            work.begin(FlashStep::Erase)?;
            work.is_now(FlashState::Partial);
            let mut progress = translated(work);
            probe_rs::flashing::erase_all(&mut contact.session, &mut progress, false)
                .map_err(|error| work.failed(&error))?;
            drop(progress);
            contact.reset(work)
        })
    }

    fn reset(&mut self) -> Result<(), FlashError> {
        self.with(&mut unheard, |work, mut contact| contact.reset(work))
    }

    fn read_words(&mut self, address: u32, count: usize) -> Result<Vec<u32>, FlashError> {
        self.with(&mut unheard, move |work, mut contact| {
            work.begin(FlashStep::Read)?;
            let mut words = vec![0; count];
            contact
                .session
                .core(0)
                .and_then(|mut core| core.read_32(u64::from(address), &mut words))
                .map_err(|error| work.failed(&error))?;
            Ok(words)
        })
    }

    fn write_words(&mut self, address: u32, words: &[u32]) -> Result<(), FlashError> {
        let words = words.to_vec();
        self.with(&mut unheard, move |work, mut contact| {
            work.begin(FlashStep::Write)?;
            contact
                .session
                .core(0)
                .and_then(|mut core| core.write_32(u64::from(address), &words))
                .map_err(|error| work.failed(&error))
        })
    }

    fn listen(&mut self, image: &Path) -> Result<Vec<u8>, FlashError> {
        let image: PathBuf = image.to_owned();
        self.with(&mut unheard, move |work, mut contact| {
            work.begin(FlashStep::Listen)?;
            let file = std::fs::read(&image).map_err(|error| work.failed(&error))?;
            let address = find_rtt_control_block_in_raw_file(&file)
                .map_err(|error| work.failed(&error))?
                .ok_or_else(|| {
                    work.failed_with(format!("{} has no buffers for RTT", image.display()))
                })?;
            let mut core = contact
                .session
                .core(0)
                .map_err(|error| work.failed(&error))?;
            heard(&mut core, address).map_err(|error| work.failed(&error))
        })
    }
}

/// All that the first channel holds.
fn heard(core: &mut Core<'_>, address: u64) -> Result<Vec<u8>, probe_rs::rtt::Error> {
    let mut rtt = try_attach_to_rtt(core, RTT_TIMEOUT, &ScanRegion::Exact(address))?;
    let mut text = Vec::new();
    let mut buffer = [0; 1024];
    let Some(channel) = rtt.up_channel(0) else {
        return Ok(text);
    };
    loop {
        let read = channel.read(core, &mut buffer)?;
        if read == 0 {
            return Ok(text);
        }
        text.extend_from_slice(&buffer[..read]);
    }
}

impl Contact {
    /// All of flash, while the firmware runs.
    fn read_flash(&mut self, work: &Work) -> Result<Vec<u8>, FlashError> {
        work.begin(FlashStep::ReadBack)?;
        let range = self.chip.flash.clone();
        let size = range.end - range.start;
        let mut core = self.session.core(0).map_err(|error| work.failed(&error))?;
        let mut flash = vec![0xFF; size as usize];
        for (number, chunk) in flash.chunks_mut(CHUNK).enumerate() {
            let offset = (number * CHUNK) as u64;
            core.read(range.start + offset, chunk)
                .map_err(|error| work.failed(&error))?;
            let done = offset + chunk.len() as u64;
            work.tell(FlashStep::ReadBack, done, Some(size))?;
        }
        Ok(flash)
    }

    /// Writes what differs, sector by sector, and verifies it. How many bytes that were, and what
    /// verifying says where it found a difference: reading back tells where.
    fn write(
        &mut self,
        work: &Work,
        image: &Image,
        erase: Erase,
        before: &[u8],
    ) -> Result<(u64, Option<FlashError>), FlashError> {
        let mut loader = self.session.target().flash_loader();
        let mut bytes = 0;
        for segment in &image.segments {
            let mut address = segment.address;
            while address < segment.range().end {
                let end = self.chip.sector(address).end.min(segment.range().end);
                let from = (address - segment.address) as usize;
                let piece = &segment.bytes[from..][..(end - address) as usize];
                let there = &before[(address - self.chip.flash.start) as usize..][..piece.len()];
                if erase == Erase::Chip || piece != there {
                    bytes += piece.len() as u64;
                    loader
                        .add_data(address, piece)
                        .map_err(|error| work.failed(&error))?;
                }
                address = end;
            }
        }
        if bytes == 0 && erase == Erase::Sectors {
            return Ok((0, None));
        }
        work.begin(FlashStep::Erase)?;
        work.is_now(FlashState::Partial);
        let mut options = DownloadOptions::default();
        options.verify = true;
        // what lies beside the image in its sectors is somebody else's
        options.keep_unwritten_bytes = erase == Erase::Sectors;
        options.do_chip_erase = erase == Erase::Chip;
        options.progress = translated(work);
        match loader.commit(&mut self.session, options) {
            Ok(()) => {
                work.is_now(FlashState::Unproven);
                Ok((bytes, None))
            }
            Err(error @ TheirError::Verify) => Ok((bytes, Some(work.failed(&error)))),
            Err(error) => Err(work.failed(&error)),
        }
    }

    /// Holds flash against the image, and gives the hash of what was read.
    fn proven(
        &self,
        work: &Work,
        file: &Path,
        image: &Image,
        flash: &[u8],
    ) -> Result<String, FlashError> {
        let mut hash = Sha256::new();
        for segment in &image.segments {
            let from = (segment.address - self.chip.flash.start) as usize;
            let there = &flash[from..][..segment.bytes.len()];
            let mut pairs = (segment.address..).zip(there.iter().zip(&segment.bytes));
            if let Some((address, (found, programmed))) = pairs.find(|(_, (a, b))| a != b) {
                return Err(FlashError::Mismatch {
                    board: work.setup.board,
                    probe: work.setup.name(),
                    image: file.to_owned(),
                    address,
                    found: *found,
                    programmed: *programmed,
                });
            }
            hash.update(there);
        }
        Ok(hex::encode(hash.finalize()))
    }

    /// Flash once the board has taken over what arrived, as it does when it starts.
    fn taken_over(
        &mut self,
        work: &Work,
        arrived: Option<&Found>,
        flash: Vec<u8>,
    ) -> Result<Vec<u8>, FlashError> {
        let Some(arrived) = arrived else {
            return Ok(flash);
        };
        if label::running(&flash).as_ref() == Some(arrived) {
            return Ok(flash);
        }
        work.begin(FlashStep::TakeOver)?;
        let address = self.chip.flash.start + label::last_word(arrived);
        let mut core = self.session.core(0).map_err(|error| work.failed(&error))?;
        let mut blank = true;
        for look in 0..LOOKS {
            // the last word is written last
            let word = core
                .read_word_32(address)
                .map_err(|error| work.failed(&error))?;
            let was_blank = std::mem::replace(&mut blank, word == u32::MAX);
            if was_blank && !blank || look % LOOKS_A_CHECK == 0 {
                drop(core);
                let flash = self.read_flash(work)?;
                if label::running(&flash).as_ref() == Some(arrived) {
                    return Ok(flash);
                }
                work.begin(FlashStep::TakeOver)?;
                core = self.session.core(0).map_err(|error| work.failed(&error))?;
            }
            work.tell(FlashStep::TakeOver, 0, None)?;
        }
        Err(work.failed_with(format!(
            "the board doesn't start {}, which is in its flash and whole",
            arrived.label
        )))
    }

    /// Resets the board and lets its firmware run.
    fn reset(&mut self, work: &Work) -> Result<(), FlashError> {
        work.begin(FlashStep::Reset)?;
        let mut core = self.session.core(0).map_err(|error| work.failed(&error))?;
        core.reset_and_halt(HALT_TIMEOUT)
            .and_then(|_| core.run())
            .map_err(|error| work.failed(&error))
    }
}

fn identity(flash: &[u8]) -> FirmwareIdentity {
    FirmwareIdentity {
        label: label::running(flash).map(|found| found.label),
        flash_sha256: hex::encode(Sha256::digest(flash)),
    }
}

/// Their progress in our words.
fn translated(work: &Work) -> TheirProgress<'_> {
    let step_of = |operation| match operation {
        ProgressOperation::Erase => FlashStep::Erase,
        ProgressOperation::Fill | ProgressOperation::Program => FlashStep::Program,
        ProgressOperation::Verify => FlashStep::Verify,
    };
    let mut totals: Vec<(FlashStep, u64, Option<u64>)> = Vec::new();
    TheirProgress::new(move |event| match event {
        // reading what lies beside the image is over in no time, and is no step of its own
        ProgressEvent::AddProgressBar {
            operation: ProgressOperation::Fill,
            ..
        }
        | ProgressEvent::Progress {
            operation: ProgressOperation::Fill,
            ..
        } => {}
        ProgressEvent::AddProgressBar { operation, total } => {
            let step = step_of(operation);
            match totals.iter_mut().find(|(known, ..)| *known == step) {
                Some((_, _, all)) => *all = all.zip(total).map(|(one, more)| one + more),
                None => totals.push((step, 0, total)),
            }
        }
        ProgressEvent::Progress {
            operation, size, ..
        } => {
            let step = step_of(operation);
            if let Some((_, done, total)) = totals.iter_mut().find(|(known, ..)| *known == step) {
                *done += size;
                work.tell_or_unwind(step, *done, *total);
            }
        }
        ProgressEvent::Started(operation) if !matches!(operation, ProgressOperation::Fill) => {
            work.tell_or_unwind(step_of(operation), 0, None);
        }
        ProgressEvent::Started(_)
        | ProgressEvent::Failed(_)
        | ProgressEvent::Finished(_)
        | ProgressEvent::FlashLayoutReady { .. }
        | ProgressEvent::DiagnosticMessage { .. } => {}
    })
}
