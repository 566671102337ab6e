//! The seal of a run's folder: a hash of every file, fine enough to say where one was altered.
//!
//! Two lists hold the same hashes. `SHA256SUMS` is the one that `sha256sum -c` reads without a rig
//! at hand; `manifest.json` also has short hashes of blocks, which tell *where* a file was altered,
//! and a check of each of its own lines. Whoever alters a file alters one list at most unnoticed:
//! the other tells. Against somebody who rewrites both there is the signature, and the head of the
//! journal's chain that every report prints.

mod hashes;
mod seal;
mod sums;
mod text;
mod verify;

pub use seal::{MANIFEST, SIGNATURE, SUMS, SealError, seal};
pub use verify::{Alteration, AlterationKind, Verified, altered_evidence, verify};

use serde::{Deserialize, Serialize};

/// Name and version of the schema.
const FORMAT: &str = "rig.manifest/1";

/// What a file of a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// Evidence: hashed once, when the run ends. A seal made later keeps the first hash.
    Raw,
    /// Made from the evidence, and may be made again.
    Report,
}

/// One file as it was sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealedFile {
    /// Relative to the run, with `/`.
    pub path: String,
    /// What it is.
    pub part: Part,
    /// Its length.
    pub bytes: u64,
    /// SHA-256 of all of it, hexadecimal.
    pub sha256: String,
    /// Length of a block; the last may be shorter.
    pub block_bytes: u64,
    /// The first 8 hexadecimal digits of each block's SHA-256, one after the other.
    pub blocks: String,
    /// SHA-256 of this entry without this field: tells an altered entry from an altered file.
    pub check: String,
}

/// Every file of a run's folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// `rig.manifest/1`.
    pub format: String,
    /// SHA-256 of the journal's last line, hexadecimal.
    pub head: String,
    /// By path.
    pub files: Vec<SealedFile>,
    /// SHA-256 of everything above this line in the file.
    pub seal: String,
}
