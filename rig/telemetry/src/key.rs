//! The key of one battery's advertisements.

use ctr::cipher::{KeyIvInit, StreamCipher};
use std::fmt;
use std::str::FromStr;

/// One AES block: what an advertisement carries at most.
pub(crate) const BLOCK: usize = 16;

/// The 128-bit key of one device's advertisements, from the app. Resetting the device's PIN changes
/// it. It is a secret of its owner: neither `Debug` nor `Display` shows it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Key([u8; BLOCK]);

/// Why a text is no key. The text itself is never quoted: it may be a key with one typing error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Too many or too few digits.
    #[error(
        "a key has 32 hexadecimal digits, this one has {digits}; copy it again from the app (product info, instant readout)"
    )]
    Length {
        /// How many there were.
        digits: usize,
    },
    /// Something that's no hexadecimal digit.
    #[error("character {position} of the key is no hexadecimal digit (0-9, a-f)")]
    Digit {
        /// Which, from 1.
        position: usize,
    },
}

impl Key {
    /// A key from its bytes.
    #[must_use]
    pub const fn new(bytes: [u8; BLOCK]) -> Self {
        Self(bytes)
    }

    /// Reads the keys of several devices, separated by commas or white space, in the bench's order.
    ///
    /// # Errors
    /// The index of the first that is no key, from 0, and why.
    pub fn parse_list(text: &str) -> Result<Vec<Self>, (usize, KeyError)> {
        text.split(|c: char| c == ',' || c.is_whitespace())
            .filter(|part| !part.is_empty())
            .enumerate()
            .map(|(index, part)| part.parse().map_err(|error| (index, error)))
            .collect()
    }

    /// The first byte. Devices send it in the clear, so that a stale key is noticed.
    #[must_use]
    pub const fn check_byte(&self) -> u8 {
        self.0[0]
    }

    /// Decrypts one block or less. Encrypting is the same operation.
    pub(crate) fn decrypt(&self, counter: u16, bytes: &mut [u8]) {
        debug_assert!(
            bytes.len() <= BLOCK,
            "the counter is not known to increment"
        );
        let mut block = [0; BLOCK];
        block[..2].copy_from_slice(&counter.to_le_bytes());
        ctr::Ctr128LE::<aes::Aes128>::new(&self.0.into(), &block.into()).apply_keystream(bytes);
    }
}

impl FromStr for Key {
    type Err = KeyError;
    fn from_str(text: &str) -> Result<Self, KeyError> {
        let text = text.trim();
        if let Some(position) = text.chars().position(|c| !c.is_ascii_hexdigit()) {
            return Err(KeyError::Digit {
                position: position + 1,
            });
        }
        let mut bytes = [0; BLOCK];
        hex::decode_to_slice(text, &mut bytes)
            .map_err(|_| KeyError::Length { digits: text.len() })?;
        Ok(Self(bytes))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(hidden)")
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(hidden key)")
    }
}

#[cfg(test)]
mod tests {
    use super::{Key, KeyError};

    const TEXT: &str = "5a0f1e2d3c4b5a69788796a5b4c3d2e1";

    #[test]
    fn a_key_is_never_shown() {
        let key: Key = TEXT.parse().unwrap();
        assert_eq!(
            format!("{key} {key:?} {:?}", Some(key)),
            "(hidden key) Key(hidden) Some(Key(hidden))"
        );
        assert_eq!(key.check_byte(), 0x5a);
        assert_eq!(TEXT.to_uppercase().parse(), Ok(key));
    }

    #[test]
    fn mistakes_in_keys_are_named_without_quoting_them() {
        let message = |text: &str| text.parse::<Key>().unwrap_err().to_string();
        assert_eq!(
            message("5a0f1e"),
            "a key has 32 hexadecimal digits, this one has 6; copy it again from the app (product info, instant readout)"
        );
        assert_eq!(
            message(&format!("{TEXT}0")),
            "a key has 32 hexadecimal digits, this one has 33; copy it again from the app (product info, instant readout)"
        );
        assert_eq!(
            message("5a0fXe2d3c4b5a69788796a5b4c3d2e1"),
            "character 5 of the key is no hexadecimal digit (0-9, a-f)"
        );
    }

    #[test]
    fn lists_of_keys_are_read_in_order() {
        let key: Key = TEXT.parse().unwrap();
        let other = Key::new([7; 16]);
        let text = format!("{TEXT}, {}\n", "07".repeat(16));
        assert_eq!(Key::parse_list(&text), Ok(vec![key, other]));
        assert_eq!(
            Key::parse_list(&format!("{TEXT},12")),
            Err((1, KeyError::Length { digits: 2 }))
        );
        assert_eq!(Key::parse_list(""), Ok(Vec::new()));
    }

    #[test]
    fn the_counter_block_is_the_nonce_and_zeros() {
        // A real charger's advertisement and key.
        let key: Key = "c129cf8f75c3fe5a1655b481e205fb7d".parse().unwrap();
        let mut bytes = hex::decode("b5170a0d2280335bf12d5ed083").unwrap();
        key.decrypt(0x26f9, &mut bytes);
        assert_eq!(hex::encode(bytes), "0600458500ffffffffffffbdff");
    }
}
