//! The other side of the air, for tests: fields into bits, bytes into an encrypted frame.

#![allow(dead_code, reason = "each test file uses some of it")]

use ctr::cipher::{KeyIvInit, StreamCipher};
use telemetry::Key;

/// Key of the synthetic vectors.
pub(crate) const KEY: &str = "5a0f1e2d3c4b5a69788796a5b4c3d2e1";
/// A healthy 12.8/50: 3.33 V a cell, 13.32 V, balanced, 25 °C.
pub(crate) const HEALTHY: &str = "000000060000c96432f9ffffff3415c1";

pub(crate) fn key() -> Key {
    KEY.parse().expect("a key")
}

/// An advertisement as a battery sends it.
pub(crate) fn seal(key: [u8; 16], model: u16, record: u8, counter: u16, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![0x10, 0x00];
    frame.extend(model.to_le_bytes());
    frame.push(record);
    frame.extend(counter.to_le_bytes());
    frame.push(key[0]);
    let mut block = [0; 16];
    block[..2].copy_from_slice(&counter.to_le_bytes());
    let mut bytes = payload.to_vec();
    ctr::Ctr128LE::<aes::Aes128>::new(&key.into(), &block.into()).apply_keystream(&mut bytes);
    frame.extend(bytes);
    frame
}

pub(crate) fn key_bytes() -> [u8; 16] {
    let mut bytes = [0; 16];
    hex::decode_to_slice(KEY, &mut bytes).expect("a key");
    bytes
}

/// An advertisement of a 12.8/50 with the synthetic key and this payload, in hexadecimal.
pub(crate) fn battery(counter: u16, payload: &str) -> Vec<u8> {
    let payload = hex::decode(payload).expect("a payload");
    seal(key_bytes(), 0xa0ed, 0x05, counter, &payload)
}

/// Puts `count` bits of `value` at bit `start`.
pub(crate) fn put(bytes: &mut [u8], start: usize, count: usize, value: u32) {
    for offset in 0..count {
        let at = start + offset;
        let bit = 1 << (at % 8);
        if value >> offset & 1 == 1 {
            bytes[at / 8] |= bit;
        } else {
            bytes[at / 8] &= !bit;
        }
    }
}
