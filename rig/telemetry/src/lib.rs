//! Decoding of what the batteries tell by radio.
//!
//! Batteries and some BMSes broadcast short encrypted advertisements. This crate parses the frame,
//! decrypts it with the battery's key, decodes the record field by field, and doubts what it reads:
//! the format carries no integrity check, so noise decrypts as readily as the truth. [`Receiver`]
//! makes [`api::Telemetry`] out of a stream of advertisements.
//!
//! The crate knows no radio hardware, no simulated battery and no limit. Whoever encodes the
//! advertisements of simulated batteries shares no code with it.

mod battery;
mod bits;
#[cfg(feature = "bluez")]
mod bluez;
mod capture;
mod findings;
mod frame;
mod json;
mod key;
mod key_place;
mod log;
mod lynx;
mod model;
mod monitor;
mod receiver;
pub mod vedirect;

pub use battery::{decode_battery, error_names, flag_names};
#[cfg(feature = "bluez")]
pub use bluez::Bluez;
pub use capture::{CaptureError, CapturedAdvert, Follow, Replay, parse_address, read_capture};
pub use findings::{Finding, looks_like_noise};
pub use frame::{
    COMPANY_ID, DecodeError, Decoded, Frame, HEADER_LENGTH, Record, RecordType, decode,
};
pub use json::{DecodeTextError, FORMAT, decode_to_json, decode_with, to_json};
pub use key::{Key, KeyError};
pub use key_place::{KeyPlace, KeyPlaceError};
pub use log::{LOG_CAPACITY, LogEntry, Observation, ReceiverLog};
pub use lynx::{AlarmState, LynxAlarms, LynxIo, LynxReport, decode_lynx};
pub use model::{Model, model};
pub use monitor::{MonitorRecord, decode_monitor};
pub use receiver::{
    Advert, AdvertSource, FRESH_FOR, FROZEN_AFTER, NOISE_STREAK, RadioDevice, Receiver,
    ReceiverSetup, Sender,
};
