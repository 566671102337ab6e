//! Hashes of a file, whole and block by block, without holding it in memory.

use crate::journal::hex;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Digits that a block's hash is cut to: it locates an alteration, the whole hash proves it.
pub(super) const DIGITS: usize = 8;

/// Blocks that a file is cut into, at most.
const MOST_BLOCKS: u64 = 32;

/// Smallest block.
const LEAST_BYTES: u64 = 64;

/// What was hashed of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hashes {
    pub(super) bytes: u64,
    pub(super) sha256: String,
    pub(super) blocks: String,
}

/// The block length for a file of this length.
pub(super) fn block_bytes(bytes: u64) -> u64 {
    bytes
        .div_ceil(MOST_BLOCKS)
        .next_power_of_two()
        .max(LEAST_BYTES)
}

/// Hashes a file in blocks of this length.
pub(super) fn of_file(path: &Path, block_bytes: u64) -> std::io::Result<Hashes> {
    let mut file = File::open(path)?;
    let mut whole = Sha256::new();
    let mut hashes = Hashes {
        bytes: 0,
        sha256: String::new(),
        blocks: String::new(),
    };
    let mut block = Vec::new();
    loop {
        block.clear();
        let read = (&mut file)
            .take(block_bytes.max(1))
            .read_to_end(&mut block)?;
        if read == 0 {
            break;
        }
        hashes.bytes += read as u64;
        whole.update(&block);
        hashes.blocks += &hex(&Sha256::digest(&block))[..DIGITS];
    }
    hashes.sha256 = hex(&whole.finalize());
    Ok(hashes)
}

/// SHA-256 of the first bytes of a file; `None` where it is shorter.
pub(super) fn of_beginning(path: &Path, bytes: u64) -> std::io::Result<Option<String>> {
    let mut file = File::open(path)?.take(bytes);
    let mut whole = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    let mut left = bytes;
    while left > 0 {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok(None);
        }
        whole.update(&buffer[..read]);
        left -= read as u64;
    }
    Ok(Some(hex(&whole.finalize())))
}

/// SHA-256 of bytes, hexadecimal.
pub(super) fn of_bytes(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}
