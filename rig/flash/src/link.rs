//! Making contact: the one probe that was meant, and the chip that was meant behind it.

use crate::flasher::ProbeSetup;
use crate::target::{Chip, DEVICE, IDENTITY_ADDRESS};
use crate::work::Work;
use api::{FlashError, FlashStep};
use probe_rs::probe::list::{Accessibility, Lister};
use probe_rs::probe::{DebugProbeInfo, DebugProbeSelector, Probe};
use probe_rs::{MemoryInterface, Permissions, Session};

/// Contact with a chip.
pub(crate) struct Contact {
    pub(crate) session: Session,
    pub(crate) chip: Chip,
    /// Whether the chip's identity was held against the bench file.
    pub(crate) compared: bool,
}

/// Opens the probe and attaches to the chip, which is the one of the bench file.
pub(crate) fn make(work: &Work, chip: Chip) -> Result<Contact, FlashError> {
    work.begin(FlashStep::Find)?;
    let probe = open(work)?;
    work.begin(FlashStep::Attach)?;
    let setup = &work.setup;
    let permissions = if setup.permissions.chip_erase() {
        Permissions::new().allow_erase_all()
    } else {
        Permissions::new()
    };
    let attached = if setup.under_reset {
        probe.attach_under_reset(chip.target.clone(), permissions)
    } else {
        probe.attach(chip.target.clone(), permissions)
    };
    let session = attached.map_err(|error| work.failed(&error))?;
    let mut contact = Contact {
        session,
        chip,
        compared: false,
    };
    work.begin(FlashStep::Identify)?;
    contact.compare(work)?;
    Ok(contact)
}

impl Contact {
    fn compare(&mut self, work: &Work) -> Result<(), FlashError> {
        let Some(expected) = self.chip.identity else {
            return Ok(());
        };
        let answered = self
            .session
            .core(0)
            .and_then(|mut core| core.read_word_32(IDENTITY_ADDRESS))
            .map_err(|error| work.failed(&error))?;
        let found = answered & DEVICE;
        if found != expected {
            return Err(FlashError::WrongChip {
                board: work.setup.board,
                probe: work.setup.name(),
                chip: self.chip.target.name.clone(),
                expected: format!("{expected:#05x}"),
                found: format!("{found:#05x}"),
            });
        }
        self.compared = true;
        Ok(())
    }
}

fn open(work: &Work) -> Result<Probe, FlashError> {
    let setup = &*work.setup;
    let selector = selector(setup)?;
    let lister = Lister::new();
    let all = lister.list_all_with_access();
    let (matching, others): (Vec<_>, Vec<_>) = all
        .into_iter()
        .partition(|item| selector.matches_probe(&item.info));
    let shown = |items: &[probe_rs::probe::list::ProbeListItem]| -> Vec<String> {
        let mut shown: Vec<_> = items.iter().map(|item| name_of(&item.info)).collect();
        shown.sort();
        shown
    };
    match &matching[..] {
        [one] if one.accessibility == Accessibility::PermissionDenied => {
            Err(FlashError::NotPermitted {
                board: setup.board,
                probe: setup.name(),
            })
        }
        [one] => lister
            .open(DebugProbeSelector::from(&one.info))
            .map_err(|error| work.failed(&error)),
        // Probes on a network are on no list.
        [] => lister.open(selector).map_err(|_| FlashError::NoProbe {
            board: setup.board,
            probe: setup.name(),
            found: shown(&others),
        }),
        several => Err(FlashError::SeveralProbes {
            board: setup.board,
            probe: setup.name(),
            matching: shown(several),
        }),
    }
}

/// A probe as a bench file would select it.
fn name_of(info: &DebugProbeInfo) -> String {
    let name = format!("{:04x}:{:04x}", info.vendor_id, info.product_id);
    match &info.serial_number {
        Some(serial) => format!("{name} with serial number {serial}"),
        None => name,
    }
}

fn selector(setup: &ProbeSetup) -> Result<DebugProbeSelector, FlashError> {
    if let Some(selector) = setup.plugged_as.as_ref().and_then(|text| text.parse().ok()) {
        return Ok(selector);
    }
    // Their error can't be named, and says little.
    let reason = match setup.selector.split_once(':') {
        None => "there is no `:` in it",
        Some(_) => "its numbers aren't hexadecimal, or too large",
    };
    let parsed: Result<DebugProbeSelector, _> = setup.selector.parse();
    let mut selector = parsed.map_err(|_| FlashError::Selector {
        board: setup.board,
        selector: setup.selector.clone(),
        reason: reason.to_owned(),
    })?;
    if setup.serial.is_some() {
        selector.serial_number.clone_from(&setup.serial);
    }
    Ok(selector)
}
