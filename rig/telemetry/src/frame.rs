//! The frame around every record: plain header, key check, decryption.

use crate::key::BLOCK;
use crate::{Finding, Key, LynxReport, MonitorRecord, decode_battery, decode_lynx, decode_monitor};
use api::BatteryReport;
use std::fmt;

/// Company id of the manufacturer data, as on the air. It precedes the frame and is no part of it.
pub const COMPANY_ID: [u8; 2] = [0xe1, 0x02];

/// Bytes before the encrypted payload, the key check byte included.
pub const HEADER_LENGTH: usize = 8;

const PRODUCT_ADVERTISEMENT: u8 = 0x10;

/// What a record is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordType {
    /// A battery, 0x05.
    Battery,
    /// A battery monitor, 0x02.
    Monitor,
    /// A Lynx Smart BMS, 0x0A.
    LynxBms,
    /// A Smart BMS, 0x0E. Its layout isn't published.
    SmartBms,
    /// Not encrypted, 0xFF, with a type of its own.
    Open(u8),
    /// Anything else: chargers, inverters, monitors.
    Other(u8),
}

impl RecordType {
    /// The byte in the frame.
    #[must_use]
    pub const fn byte(self) -> u8 {
        match self {
            Self::Battery => 0x05,
            Self::Monitor => 0x02,
            Self::LynxBms => 0x0a,
            Self::SmartBms => 0x0e,
            Self::Open(_) => 0xff,
            Self::Other(byte) => byte,
        }
    }
}

impl fmt::Display for RecordType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Battery => f.write_str("battery"),
            Self::Monitor => f.write_str("battery monitor"),
            Self::LynxBms => f.write_str("Lynx Smart BMS"),
            Self::SmartBms => f.write_str("Smart BMS"),
            Self::Open(subtype) => write!(f, "open type {subtype:#04x}"),
            Self::Other(byte) => write!(f, "type {byte:#04x}"),
        }
    }
}

/// Why bytes are no record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// Not even a header.
    #[error("an advertisement of {bytes} bytes is cut off: its header alone takes {HEADER_LENGTH}")]
    FrameTooShort {
        /// How many there were.
        bytes: usize,
    },
    /// Another kind of advertisement. Devices send several; this one is to be ignored.
    #[error("byte 0 is {found:#04x}: only 0x10 is a product advertisement")]
    NotProduct {
        /// What stood there.
        found: u8,
    },
    /// The key is another device's, or stale.
    #[error(
        "the key starts with {ours:02x}, but the advertisement was made with one that starts with {found:02x}; read the key again in the app (a PIN reset changes it)"
    )]
    Key {
        /// Check byte in the advertisement.
        found: u8,
        /// First byte of our key.
        ours: u8,
    },
    /// Cut off before the fields that a record can't do without.
    #[error("a {record} record of {bytes} bytes is cut off: its flags alone take {needed}")]
    PayloadTooShort {
        /// Which record.
        record: RecordType,
        /// How many there were.
        bytes: usize,
        /// How many there must be.
        needed: usize,
    },
}

/// A frame, not yet decrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame<'a> {
    /// Product id.
    pub model_id: u16,
    /// What the record is about.
    pub record: RecordType,
    /// Data counter, part of the cipher's counter block. It moves about once a second.
    pub counter: u16,
    /// First byte of the key that the payload was encrypted with.
    pub check_byte: u8,
    /// Encrypted payload, any length.
    pub ciphertext: &'a [u8],
}

impl<'a> Frame<'a> {
    /// Takes the bytes after the company id apart.
    ///
    /// # Errors
    /// When they are too few or not a product advertisement.
    pub fn parse(data: &'a [u8]) -> Result<Self, DecodeError> {
        match data.first() {
            Some(&PRODUCT_ADVERTISEMENT) => {}
            Some(&found) => return Err(DecodeError::NotProduct { found }),
            None => return Err(DecodeError::FrameTooShort { bytes: 0 }),
        }
        let Some((header, ciphertext)) = data.split_first_chunk::<HEADER_LENGTH>() else {
            return Err(DecodeError::FrameTooShort { bytes: data.len() });
        };
        // Byte 1 is a length or flags, it differs between products, and nothing depends on it.
        let [
            _,
            _,
            model_low,
            model_high,
            record,
            counter_low,
            counter_high,
            check_byte,
        ] = *header;
        Ok(Self {
            model_id: u16::from_le_bytes([model_low, model_high]),
            record: match record {
                0x05 => RecordType::Battery,
                0x02 => RecordType::Monitor,
                0x0a => RecordType::LynxBms,
                0x0e => RecordType::SmartBms,
                0xff => RecordType::Open(check_byte),
                other => RecordType::Other(other),
            },
            counter: u16::from_le_bytes([counter_low, counter_high]),
            check_byte,
            ciphertext,
        })
    }

    /// Decrypts the payload. Records so far fit one block of the cipher; how the counter goes on
    /// after it is not known, so a longer payload is cut there.
    ///
    /// # Errors
    /// [`DecodeError::Key`] when the check byte isn't the key's: then nothing is decrypted.
    pub fn decrypt(&self, key: &Key) -> Result<Vec<u8>, DecodeError> {
        if matches!(self.record, RecordType::Open(_)) {
            return Ok(self.ciphertext.to_vec());
        }
        if self.check_byte != key.check_byte() {
            return Err(DecodeError::Key {
                found: self.check_byte,
                ours: key.check_byte(),
            });
        }
        let mut payload = self.ciphertext[..self.ciphertext.len().min(BLOCK)].to_vec();
        key.decrypt(self.counter, &mut payload);
        Ok(payload)
    }
}

/// A record, as far as its layout is known.
#[derive(Debug, Clone, PartialEq)]
pub enum Record {
    /// A battery.
    Battery(BatteryReport),
    /// A Lynx Smart BMS.
    Lynx(LynxReport),
    /// A battery monitor.
    Monitor(MonitorRecord),
    /// Of unknown layout: only [`Decoded::payload`] tells.
    Raw,
}

/// A decrypted advertisement.
#[derive(Debug, Clone, PartialEq)]
pub struct Decoded {
    /// Product id.
    pub model_id: u16,
    /// What the record is about.
    pub record_type: RecordType,
    /// Data counter.
    pub counter: u16,
    /// Decrypted payload, one block at most.
    pub payload: Vec<u8>,
    /// Bytes after the first block, which were left alone.
    pub extra_bytes: usize,
    /// Its content.
    pub record: Record,
    /// What is odd about it.
    pub findings: Vec<Finding>,
}

/// Decrypts and decodes an advertisement, given as the bytes after the company id.
///
/// There's no integrity check in the format: look at [`Decoded::findings`] before believing it.
///
/// # Errors
/// When the bytes are no frame, the key isn't theirs, or the payload lacks what its record can't do
/// without.
pub fn decode(key: &Key, data: &[u8]) -> Result<Decoded, DecodeError> {
    let frame = Frame::parse(data)?;
    let payload = frame.decrypt(key)?;
    let (record, findings) = match frame.record {
        RecordType::Battery => {
            let (report, findings) = decode_battery(frame.model_id, frame.counter, &payload)?;
            (Record::Battery(report), findings)
        }
        RecordType::LynxBms => {
            let (report, findings) = decode_lynx(&payload);
            (Record::Lynx(report), findings)
        }
        RecordType::Monitor => {
            let (report, findings) = decode_monitor(&payload);
            (Record::Monitor(report), findings)
        }
        RecordType::SmartBms | RecordType::Open(_) | RecordType::Other(_) => {
            (Record::Raw, Vec::new())
        }
    };
    Ok(Decoded {
        model_id: frame.model_id,
        record_type: frame.record,
        counter: frame.counter,
        extra_bytes: frame.ciphertext.len() - payload.len(),
        payload,
        record,
        findings,
    })
}
