//! Images: what a file wants to put where, checked before a chip is touched.

use crate::label::{self, Found};
use crate::target::Chip;
use api::{BoardKind, FirmwareLabel, ImageProblem};
use object::elf::{
    EM_386, EM_AARCH64, EM_ARM, EM_RISCV, EM_X86_64, FileHeader32, PT_LOAD, SHT_ARM_ATTRIBUTES,
};
use object::read::elf::{FileHeader, ProgramHeader, SectionHeader};
use object::{Endianness, FileKind};
use sha2::{Digest, Sha256};
use std::ops::Range;
use std::path::Path;

/// What an ELF file says of the processor it is for (`Tag_CPU_arch` of the Arm ABI's build
/// attributes).
const TAG_CPU_ARCH: u64 = 6;
/// Values of it that a core without the newer instructions runs.
const SMALL_CORES: [u64; 2] = [11, 12];
const ARCHITECTURES: [(u64, &str); 6] = [
    (10, "ARMv7"),
    (11, "ARMv6-M"),
    (12, "ARMv6S-M"),
    (13, "ARMv7E-M"),
    (16, "ARMv8-M Baseline"),
    (17, "ARMv8-M Mainline"),
];

/// Bytes for an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Segment {
    pub(crate) address: u64,
    pub(crate) bytes: Vec<u8>,
}

impl Segment {
    pub(crate) fn range(&self) -> Range<u64> {
        self.address..self.address + self.bytes.len() as u64
    }
}

/// What a file wants to put where.
#[derive(Debug, Clone)]
pub(crate) struct Image {
    /// In the order of addresses; they don't overlap.
    pub(crate) segments: Vec<Segment>,
    /// SHA-256 of the file.
    pub(crate) file_sha256: String,
}

impl Image {
    /// Reads a file for a chip; a binary goes to the beginning of its flash.
    pub(crate) fn read(path: &Path, chip: &Chip) -> Result<Self, ImageProblem> {
        let file =
            std::fs::read(path).map_err(|error| ImageProblem::Unreadable(error.to_string()))?;
        let mut segments = match ending(path).as_str() {
            "elf" => elf(&file, chip)?,
            "hex" | "ihex" => hex(&file)?,
            "bin" => vec![Segment {
                address: chip.flash.start,
                bytes: file.clone(),
            }],
            _ => return Err(ImageProblem::Format),
        };
        segments.retain(|segment| !segment.bytes.is_empty());
        segments.sort_by_key(|segment| segment.address);
        let image = Self {
            segments,
            file_sha256: hex::encode(Sha256::digest(&file)),
        };
        image.fits(chip)?;
        Ok(image)
    }

    fn fits(&self, chip: &Chip) -> Result<(), ImageProblem> {
        if self.segments.is_empty() {
            return Err(ImageProblem::Empty);
        }
        for pair in self.segments.windows(2) {
            if let [one, next] = pair
                && next.address < one.range().end
            {
                return Err(ImageProblem::Overlap {
                    address: next.address,
                });
            }
        }
        for segment in &self.segments {
            let range = segment.range();
            if !chip.flash.contains(&range.start) {
                return Err(ImageProblem::Outside {
                    address: range.start,
                    bytes: range.end - range.start,
                    chip: chip.target.name.clone(),
                    flash_start: chip.flash.start,
                    flash_end: chip.flash.end,
                });
            }
            if range.end > chip.flash.end {
                return Err(ImageProblem::TooLarge {
                    end: range.end,
                    chip: chip.target.name.clone(),
                    size: chip.flash.end - chip.flash.start,
                    flash_end: chip.flash.end,
                });
            }
        }
        Ok(())
    }

    pub(crate) fn bytes(&self) -> u64 {
        self.segments
            .iter()
            .map(|segment| segment.bytes.len() as u64)
            .sum()
    }

    /// SHA-256 of its bytes, in the order of their addresses.
    pub(crate) fn sha256(&self) -> String {
        let mut hash = Sha256::new();
        for segment in &self.segments {
            hash.update(&segment.bytes);
        }
        hex::encode(hash.finalize())
    }

    /// What the firmware in it says of itself, refused where that is another board.
    pub(crate) fn labelled(&self, board: BoardKind) -> Result<Option<Found>, ImageProblem> {
        let found = self
            .segments
            .iter()
            .find_map(|segment| label::find(&segment.bytes));
        match found {
            Some(found) if found.label.board != board.word() => Err(ImageProblem::OtherBoard {
                found: found.label.board,
                wanted: board.word().to_owned(),
            }),
            found => Ok(found),
        }
    }
}

/// What the firmware in a file says of itself; none where nothing does, or the file can't be read.
///
/// # Errors
/// As text, when `chip` isn't known or the file is no image for it.
pub fn read_label(
    path: &Path,
    board: BoardKind,
    chip: &str,
) -> Result<Option<FirmwareLabel>, String> {
    let chip = Chip::new(board, chip).map_err(|error| error.to_string())?;
    let label = Image::read(path, &chip).and_then(|image| image.labelled(board));
    let label = label.map(|found| found.map(|found| found.label));
    label.map_err(|problem| format!("{} {problem}", path.display()))
}

fn ending(path: &Path) -> String {
    let ending = path.extension().unwrap_or_default();
    ending.to_string_lossy().to_lowercase()
}

fn elf(file: &[u8], chip: &Chip) -> Result<Vec<Segment>, ImageProblem> {
    let broken = |reason: &dyn ToString| ImageProblem::Broken {
        format: "ELF",
        reason: reason.to_string(),
    };
    let other = |found: &str| ImageProblem::Architecture {
        found: found.to_owned(),
        chip: chip.target.name.clone(),
        wanted: "ARMv6-M",
    };
    match FileKind::parse(file) {
        Ok(FileKind::Elf32) => {}
        Ok(FileKind::Elf64) => return Err(other("a 64-bit processor")),
        Ok(_) => return Err(broken(&"it is another kind of file")),
        Err(error) => return Err(broken(&error)),
    }
    let header = FileHeader32::<Endianness>::parse(file).map_err(|error| broken(&error))?;
    let endian = header.endian().map_err(|error| broken(&error))?;
    match header.e_machine(endian) {
        EM_ARM => {}
        EM_386 => return Err(other("a 32-bit x86 processor")),
        EM_X86_64 | EM_AARCH64 => return Err(other("a 64-bit processor")),
        EM_RISCV => return Err(other("a RISC-V processor")),
        number => return Err(other(&format!("processor number {number}"))),
    }
    let headers = header
        .program_headers(endian, file)
        .map_err(|error| broken(&error))?;
    let mut segments = Vec::new();
    for segment in headers {
        if segment.p_type(endian) != PT_LOAD || segment.p_filesz(endian) == 0 {
            continue;
        }
        let address = u64::from(segment.p_paddr(endian));
        let bytes = segment.data(endian, file).map_err(|()| {
            let (from, length) = segment.file_range(endian);
            ImageProblem::Truncated {
                address,
                missing: (from + length).saturating_sub(file.len() as u64),
            }
        })?;
        segments.push(Segment {
            address,
            bytes: bytes.to_vec(),
        });
    }
    if chip_is_small(chip)
        && let Some(found) = architecture(header, endian, file)
        && !SMALL_CORES.contains(&found)
    {
        let name = ARCHITECTURES.iter().find(|(value, _)| *value == found);
        return Err(match name {
            Some((_, name)) => other(name),
            None => other(&format!("Arm architecture {found}")),
        });
    }
    Ok(segments)
}

/// Whether it is one of the smallest cores, which run nothing that is built for larger ones.
fn chip_is_small(chip: &Chip) -> bool {
    let cores = &chip.target.cores;
    cores
        .iter()
        .any(|core| core.core_type == probe_rs::CoreType::Armv6m)
}

fn architecture(header: &FileHeader32<Endianness>, endian: Endianness, file: &[u8]) -> Option<u64> {
    let sections = header.sections(endian, file).ok()?;
    let theirs = |section: &&object::elf::SectionHeader32<Endianness>| {
        section.sh_type(endian) == SHT_ARM_ATTRIBUTES
    };
    for section in sections.iter().filter(theirs) {
        let Ok(attributes) = section.attributes(endian, file) else {
            continue;
        };
        let mut parts = attributes.subsections().ok()?;
        while let Ok(Some(part)) = parts.next() {
            if part.vendor() != b"aeabi" {
                continue;
            }
            let mut lists = part.subsubsections();
            while let Ok(Some(list)) = lists.next() {
                let mut values = list.attributes();
                while let Ok(Some(tag)) = values.read_tag() {
                    match tag {
                        TAG_CPU_ARCH => return values.read_integer().ok(),
                        // names, and a number with a name
                        4 | 5 | 65 | 67 => drop(values.read_string().ok()?),
                        32 => {
                            values.read_integer().ok()?;
                            values.read_string().ok()?;
                        }
                        _ => drop(values.read_integer().ok()?),
                    }
                }
            }
        }
    }
    None
}

fn hex(file: &[u8]) -> Result<Vec<Segment>, ImageProblem> {
    let broken = |reason: String| ImageProblem::Broken {
        format: "Intel HEX",
        reason,
    };
    let text = std::str::from_utf8(file).map_err(|error| broken(error.to_string()))?;
    let mut segments: Vec<Segment> = Vec::new();
    let mut base = 0;
    let mut ended = false;
    for record in ihex::Reader::new(text) {
        match record.map_err(|error| broken(error.to_string()))? {
            ihex::Record::Data { offset, value } => {
                let address = base + u64::from(offset);
                match segments.last_mut() {
                    Some(last) if last.range().end == address => last.bytes.extend(value),
                    _ => segments.push(Segment {
                        address,
                        bytes: value,
                    }),
                }
            }
            ihex::Record::ExtendedSegmentAddress(address) => base = u64::from(address) * 16,
            ihex::Record::ExtendedLinearAddress(address) => base = u64::from(address) << 16,
            ihex::Record::EndOfFile => ended = true,
            ihex::Record::StartSegmentAddress { .. } | ihex::Record::StartLinearAddress(_) => {}
        }
    }
    if !ended {
        return Err(broken("its last record is missing".to_owned()));
    }
    Ok(segments)
}
