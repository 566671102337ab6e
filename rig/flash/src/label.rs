//! What firmware says of itself: the header that images for the boards begin with, and the two slots
//! that a board keeps them in.
//!
//! An image arrives in one slot; the board's boot loader copies it to the other, from which it runs,
//! when the board starts. So what a probe has just written isn't what runs yet.

use api::{BoardKind, FirmwareLabel};

/// Where the slot begins from which firmware runs, counted from the beginning of flash.
const RUNS_AT: usize = 0x1000;
/// Bytes between the beginnings of headers that are looked for: no slot begins elsewhere.
const RASTER: usize = 0x400;

const MAGIC: &[u8] = b"RIGF";
const KIND: usize = 0x04;
const LENGTH: usize = 0x08;
const CRC: usize = 0x0C;
const VERSION: usize = 0x10;
const BUILD: usize = 0x14;
const BUILD_BYTES: usize = 8;
const HEADER_BYTES: usize = 0x40;

/// An image with a header, complete and undamaged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) label: FirmwareLabel,
    /// Its bytes.
    pub(crate) length: usize,
    /// Its checksum, which tells it from every other one.
    pub(crate) checksum: u32,
}

/// The first complete image in these bytes, which begin at a sector's beginning.
pub(crate) fn find(bytes: &[u8]) -> Option<Found> {
    (0..bytes.len())
        .step_by(RASTER)
        .find_map(|from| at(&bytes[from..]))
}

/// The image that a board with this flash runs, if any.
pub(crate) fn running(flash: &[u8]) -> Option<Found> {
    at(flash.get(RUNS_AT..)?)
}

/// Where the last word of an image is once it runs, counted from the beginning of flash.
pub(crate) fn last_word(image: &Found) -> u64 {
    (RUNS_AT + image.length - 4) as u64
}

fn at(bytes: &[u8]) -> Option<Found> {
    if !bytes.starts_with(MAGIC) {
        return None;
    }
    let length = word(bytes, LENGTH)? as usize;
    let checksum = word(bytes, CRC)?;
    if length < HEADER_BYTES || !length.is_multiple_of(4) {
        return None;
    }
    if crc32(bytes.get(VERSION..length)?) != checksum {
        return None;
    }
    let board = match word(bytes, KIND)? {
        1 => BoardKind::Btv.word().to_owned(),
        2 => BoardKind::Bms.word().to_owned(),
        other => format!("number {other}"),
    };
    let version = word(bytes, VERSION)?;
    Some(Found {
        label: FirmwareLabel {
            board,
            version: format!("{:x}.{:02x}", version >> 8 & 0xFF, version & 0xFF),
            build: hex::encode(bytes.get(BUILD..BUILD + BUILD_BYTES)?),
        },
        length,
        checksum,
    })
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    let word = bytes.get(at..at + 4)?;
    Some(u32::from_le_bytes(word.try_into().ok()?))
}

/// CRC-32 as in Ethernet.
fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            let carry = if crc & 1 == 0 { 0 } else { 0xEDB8_8320 };
            crc = crc >> 1 ^ carry;
        }
    }
    !crc
}

#[cfg(test)]
mod tests {
    use super::{RUNS_AT, crc32, find, running};

    /// An image of some bytes with a right checksum.
    fn image(kind: u8) -> Vec<u8> {
        let mut bytes = vec![0u8; 0x80];
        bytes[..4].copy_from_slice(b"RIGF");
        bytes[4] = kind;
        bytes[8] = 0x80;
        bytes[0x10..0x12].copy_from_slice(&[0x16, 0x01]);
        bytes[0x14..0x1C].copy_from_slice(&[0xDE, 0xAD, 0xBE, 0xEF, 1, 2, 3, 4]);
        bytes[0x70] = 7;
        let crc = crc32(&bytes[0x10..]);
        bytes[0x0C..0x10].copy_from_slice(&crc.to_le_bytes());
        bytes
    }

    #[test]
    fn the_checksum_is_the_one_of_ethernet() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
    }

    #[test]
    fn a_header_is_read() {
        let found = find(&image(1)).unwrap();
        assert_eq!(found.label.to_string(), "btv 1.16 (deadbeef01020304)");
        assert_eq!(find(&image(9)).unwrap().label.board, "number 9");
    }

    #[test]
    fn what_runs_is_told_from_what_arrived() {
        let mut flash = vec![0xFF; 0x1_0000];
        flash[0x8000..0x8080].copy_from_slice(&image(2));
        assert_eq!(find(&flash).unwrap().label.board, "bms");
        assert_eq!(running(&flash), None);
        flash[RUNS_AT..RUNS_AT + 0x80].copy_from_slice(&image(1));
        assert_eq!(running(&flash).unwrap().label.board, "btv");
    }

    #[test]
    fn a_damaged_image_has_no_label() {
        for byte in [0, 8, 0x0C, 0x10, 0x70] {
            let mut bytes = image(1);
            bytes[byte] ^= 1;
            assert_eq!(find(&bytes), None, "byte {byte}");
        }
        assert_eq!(find(&image(1)[..0x7F]), None);
        assert_eq!(find(&[]), None);
    }
}
