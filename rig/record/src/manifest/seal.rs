//! Sealing.

use super::hashes::{block_bytes, of_beginning, of_bytes, of_file};
use super::text::examine;
use super::{Manifest, Part, SealedFile, sums};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The list with blocks.
pub const MANIFEST: &str = "manifest.json";
/// The list that `sha256sum -c` reads.
pub const SUMS: &str = "SHA256SUMS";
/// Signature over the manifest, detached.
pub const SIGNATURE: &str = "manifest.json.minisig";

/// Why a run can't be sealed or verified.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {source}")]
pub struct SealError {
    /// File or folder.
    pub path: String,
    /// What the system said.
    pub source: std::io::Error,
}

pub(super) fn refused(path: &Path) -> impl FnOnce(std::io::Error) -> SealError {
    let path = path.display().to_string();
    move |source| SealError { path, source }
}

/// Hashes every file of a run's folder into its manifest and sums.
///
/// Evidence that a manifest holds already keeps its first hash, so that an alteration in between
/// stays visible; a file that only grew (a run that went on) is hashed anew. `sign` is handed the
/// manifest's text and may give a detached signature.
///
/// # Errors
/// When a file can't be read or the lists can't be written, and what `sign` says.
pub fn seal<E: From<SealError>>(
    run: &Path,
    head: &str,
    part_of: impl Fn(&str) -> Part,
    sign: impl FnOnce(&str) -> Result<Option<String>, E>,
) -> Result<Manifest, E> {
    let before = earlier(run);
    let mut files = Vec::new();
    for path in paths(run)? {
        let part = part_of(&path);
        let known = before.get(&path).filter(|file| file.part == Part::Raw);
        files.push(match known {
            Some(known) if part == Part::Raw && !grew(run, known) => known.clone(),
            _ => sealed(run, path, part)?,
        });
    }
    // Evidence that is gone stays listed: it is missed, not forgotten.
    for file in before.into_values().filter(|file| file.part == Part::Raw) {
        if !files.iter().any(|one| one.path == file.path) {
            files.push(file);
        }
    }
    files.sort_by(|one, other| one.path.cmp(&other.path));
    let manifest = Manifest::new(head.to_owned(), files);
    let text = manifest.text();
    let signature = sign(&text)?;
    write(&run.join(MANIFEST), text.as_bytes())?;
    let stale = run.join(SIGNATURE);
    match &signature {
        Some(signature) => write(&stale, signature.as_bytes())?,
        None if stale.exists() => std::fs::remove_file(&stale).map_err(refused(&stale))?,
        None => {}
    }
    let own = of_bytes(text.as_bytes());
    let signed = signature.map(|text| of_bytes(text.as_bytes()));
    let listed = manifest
        .files
        .iter()
        .map(|file| (file.path.as_str(), file.sha256.as_str()));
    let all = listed
        .chain(std::iter::once((MANIFEST, own.as_str())))
        .chain(signed.as_deref().map(|sha256| (SIGNATURE, sha256)));
    write(&run.join(SUMS), sums::text(all).as_bytes())?;
    Ok(manifest)
}

/// Entries of the manifest that is there, where it can be believed.
fn earlier(run: &Path) -> BTreeMap<String, SealedFile> {
    let Ok(bytes) = std::fs::read(run.join(MANIFEST)) else {
        return BTreeMap::new();
    };
    let (_, manifest) = examine(&bytes);
    manifest
        .map(|manifest| manifest.files)
        .unwrap_or_default()
        .into_iter()
        .map(|file| (file.path.clone(), file))
        .collect()
}

/// Whether a file has more at its end than was sealed, and nothing else is different.
pub(super) fn grew(run: &Path, known: &SealedFile) -> bool {
    let path = run.join(&known.path);
    let longer = path.metadata().is_ok_and(|found| found.len() > known.bytes);
    longer
        && of_beginning(&path, known.bytes)
            .is_ok_and(|found| found.as_deref() == Some(known.sha256.as_str()))
}

fn sealed(run: &Path, path: String, part: Part) -> Result<SealedFile, SealError> {
    let place = run.join(&path);
    let bytes = place.metadata().map_err(refused(&place))?.len();
    let block_bytes = block_bytes(bytes);
    let hashes = of_file(&place, block_bytes).map_err(refused(&place))?;
    let mut file = SealedFile {
        path,
        part,
        bytes: hashes.bytes,
        sha256: hashes.sha256,
        block_bytes,
        blocks: hashes.blocks,
        check: String::new(),
    };
    file.check = file.checked();
    Ok(file)
}

/// Every file of a run but the lists themselves, sorted.
pub(super) fn paths(run: &Path) -> Result<Vec<String>, SealError> {
    let mut found = Vec::new();
    let mut folders = vec![(run.to_owned(), String::new())];
    while let Some((folder, name)) = folders.pop() {
        for entry in std::fs::read_dir(&folder).map_err(refused(&folder))? {
            let entry = entry.map_err(refused(&folder))?;
            let path = match name.as_str() {
                "" => entry.file_name().to_string_lossy().into_owned(),
                name => format!("{name}/{}", entry.file_name().to_string_lossy()),
            };
            if entry.file_type().map_err(refused(&folder))?.is_dir() {
                folders.push((entry.path(), path));
            } else if ![MANIFEST, SUMS, SIGNATURE].contains(&path.as_str()) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Writes a file beside its place and moves it there.
fn write(path: &Path, bytes: &[u8]) -> Result<(), SealError> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".part");
    let beside = PathBuf::from(beside);
    std::fs::write(&beside, bytes)
        .and_then(|()| std::fs::rename(&beside, path))
        .map_err(refused(path))
}
