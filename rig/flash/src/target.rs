//! What is known of a chip: `probe-rs`'s description of it, and how to ask it who it is.

use api::{BoardKind, FlashError};
use probe_rs::Target;
use probe_rs::config::{MemoryRegion, Registry};
use std::ops::Range;
use std::sync::LazyLock;

/// How long a page or a sector may take, in milliseconds. The chips' own figures are for a machine
/// that has nothing else to do.
const FLASH_TIMEOUT: u32 = 20_000;

/// Families whose identity register is known: what the chips' names begin with, the lowest 12 bits
/// that they answer (reference manual RM0360, `DBGMCU_IDCODE`).
const IDENTITIES: [(&str, u32); 6] = [
    ("STM32F030x4", 0x444),
    ("STM32F030x6", 0x444),
    ("STM32F030x8", 0x440),
    ("STM32F030xC", 0x442),
    ("STM32F070x6", 0x445),
    ("STM32F070xB", 0x448),
];
/// Where they answer it.
pub(crate) const IDENTITY_ADDRESS: u64 = 0x4001_5800;
/// The device; what is above it is the revision.
pub(crate) const DEVICE: u32 = 0xFFF;

/// Unpacking the descriptions of thousands of chips takes a moment.
static REGISTRY: LazyLock<Registry> = LazyLock::new(Registry::from_builtin_families);

/// The chip of a bench file.
pub(crate) struct Chip {
    /// How it is described to probe-rs.
    pub(crate) target: Target,
    /// Its flash.
    pub(crate) flash: Range<u64>,
    /// What it answers when asked, where that is known.
    pub(crate) identity: Option<u32>,
}

impl Chip {
    /// Looks a chip up by its whole name.
    pub(crate) fn new(board: BoardKind, name: &str) -> Result<Self, FlashError> {
        let registry = &*REGISTRY;
        let unknown = |suggestion: String| FlashError::UnknownChip {
            board,
            chip: name.to_owned(),
            suggestion,
        };
        let target = registry
            .get_target_by_name(name)
            .map_err(|_| unknown(suggest(registry, name)))?;
        let flash = flash_of(&target)
            .ok_or_else(|| unknown("; its description has no flash".to_owned()))?;
        let mut target = target;
        for algorithm in &mut target.flash_algorithms {
            let properties = &mut algorithm.flash_properties;
            properties.program_page_timeout = properties.program_page_timeout.max(FLASH_TIMEOUT);
            properties.erase_sector_timeout = properties.erase_sector_timeout.max(FLASH_TIMEOUT);
        }
        let identity = identity_of(&target.name);
        Ok(Self {
            target,
            flash,
            identity,
        })
    }

    /// The sector at an address: its range. A page of 1 KiB where the description has none.
    pub(crate) fn sector(&self, address: u64) -> Range<u64> {
        let properties = self
            .target
            .flash_algorithms
            .iter()
            .map(|algorithm| &algorithm.flash_properties)
            .find(|properties| properties.address_range.contains(&address));
        let (start, size) = properties
            .and_then(|properties| {
                let offset = address - properties.address_range.start;
                let sector = properties
                    .sectors
                    .iter()
                    .rev()
                    .find(|sector| sector.address <= offset)?;
                let number = (offset - sector.address) / sector.size;
                let start = properties.address_range.start + sector.address + number * sector.size;
                Some((start, sector.size))
            })
            .unwrap_or((address & !0x3FF, 0x400));
        start..start + size
    }
}

/// Whether a chip can be programmed at all.
///
/// # Errors
/// [`FlashError::UnknownChip`], with the name that was meant.
pub fn check_chip(board: BoardKind, chip: &str) -> Result<(), FlashError> {
    Chip::new(board, chip).map(drop)
}

/// The memory that it starts from, or else its first.
fn flash_of(target: &Target) -> Option<Range<u64>> {
    let regions = || {
        target.memory_map.iter().filter_map(|region| match region {
            MemoryRegion::Nvm(region) if !region.is_alias => Some(region),
            _ => None,
        })
    };
    regions()
        .find(|region| region.access().boot)
        .or_else(|| regions().next())
        .map(|region| region.range.clone())
}

/// `STM32F030C8Tx` is an `STM32F030x8`: `x` stands for the number of pins.
fn identity_of(chip: &str) -> Option<u32> {
    IDENTITIES
        .iter()
        .find(|(pattern, _)| {
            chip.len() >= pattern.len()
                && pattern.chars().zip(chip.chars()).all(|(pattern, letter)| {
                    pattern == 'x' || pattern.eq_ignore_ascii_case(&letter)
                })
        })
        .map(|(_, identity)| *identity)
}

fn suggest(registry: &Registry, name: &str) -> String {
    let wanted = name.to_lowercase();
    let nearest = registry
        .families()
        .iter()
        .flat_map(|family| &family.variants)
        .flat_map(|chip| chip.package_variants())
        .map(|known| {
            let distance = strsim::damerau_levenshtein(&wanted, &known.to_lowercase());
            (distance, known)
        })
        .min();
    match nearest {
        Some((distance, known)) if distance <= wanted.len() / 4 => {
            format!("; did you mean `{known}`?")
        }
        _ => "; write its whole name, as in `STM32F030C8Tx`".to_owned(),
    }
}
