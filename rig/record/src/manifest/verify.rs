//! Verifying: whether a run's folder is what was sealed, and where it isn't.

use super::hashes::{DIGITS, Hashes, block_bytes, of_bytes, of_file};
use super::seal::{MANIFEST, SIGNATURE, SUMS, SealError, grew, paths, refused};
use super::sums::{self, Sum};
use super::text::{examine, line_range};
use super::{Manifest, Part, SealedFile};
use crate::journal::{JournalError, read_journal};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::Path;

/// What is wrong with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum AlterationKind {
    /// It isn't what was sealed.
    Altered,
    /// It was sealed and isn't there.
    Missing,
    /// It is there and wasn't sealed.
    Unlisted,
}

/// One place where a run's folder isn't what was sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Alteration {
    /// File, relative to the run.
    pub path: String,
    /// What is wrong with it.
    pub kind: AlterationKind,
    /// First byte that may be altered, from 0.
    pub from_byte: u64,
    /// The byte behind the last one.
    pub to_byte: u64,
    /// Line, from 1, where one can be named.
    pub line: Option<u64>,
    /// What doesn't fit.
    pub what: String,
}

/// What [`verify`] found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verified {
    /// Files looked at.
    pub files: usize,
    /// Entries of the journal whose chain holds.
    pub entries: u64,
    /// Whether there was a seal to hold the files against.
    pub sealed: bool,
    /// The manifest's bytes, for whoever checks a signature.
    #[serde(skip)]
    pub manifest: Vec<u8>,
    /// The detached signature, where there is one.
    #[serde(skip)]
    pub signature: Option<String>,
    /// What isn't as it was sealed; empty is good.
    pub alterations: Vec<Alteration>,
}

/// Holds a run's folder against its seal and its journal's chain.
///
/// # Errors
/// When the folder can't be read.
pub fn verify(run: &Path) -> Result<Verified, SealError> {
    let mut check = Check::open(run)?;
    check.lists();
    check.files()?;
    check.journal();
    Ok(check.found)
}

/// Evidence that isn't what a seal holds: what a report made now must tell. What only grew since
/// (a run that went on) is not among it, nor is a run that was never sealed.
///
/// # Errors
/// When the folder can't be read.
pub fn altered_evidence(run: &Path) -> Result<Vec<Alteration>, SealError> {
    let mut check = Check::open(run)?;
    let raw = check.listed.values().filter(|file| file.part == Part::Raw);
    let raw: Vec<SealedFile> = raw.cloned().collect();
    check.found.alterations.clear();
    for file in raw.iter().filter(|file| !grew(run, file)) {
        if run.join(&file.path).exists() {
            check.one(&file.path)?;
        } else {
            check.say(
                &file.path,
                AlterationKind::Missing,
                0..file.bytes,
                None,
                GONE,
            );
        }
    }
    let lists = [MANIFEST, SUMS];
    check
        .found
        .alterations
        .retain(|one| !lists.contains(&one.path.as_str()));
    Ok(check.found.alterations)
}

const GONE: &str = "it was sealed and is gone";

struct Check<'a> {
    run: &'a Path,
    listed: BTreeMap<String, SealedFile>,
    /// Paths whose entry in the manifest can't be believed.
    manifest_broken: bool,
    sums: BTreeMap<String, Sum>,
    found: Verified,
}

impl<'a> Check<'a> {
    fn open(run: &'a Path) -> Result<Self, SealError> {
        let read = |name: &str| {
            let path = run.join(name);
            match std::fs::read(&path) {
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
                other => other.map(Some).map_err(refused(&path)),
            }
        };
        let (manifest, sums) = (read(MANIFEST)?, read(SUMS)?);
        let mut check = Self {
            run,
            listed: BTreeMap::new(),
            manifest_broken: false,
            sums: BTreeMap::new(),
            found: Verified {
                files: 0,
                entries: 0,
                sealed: manifest.is_some() || sums.is_some(),
                manifest: Vec::new(),
                signature: read(SIGNATURE)?
                    .map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
                alterations: Vec::new(),
            },
        };
        if !check.found.sealed {
            return Ok(check);
        }
        check.read_manifest(manifest);
        match sums {
            None => check.say(SUMS, AlterationKind::Missing, 0..0, None, "it is gone"),
            Some(bytes) => {
                let (sums, wrong) = sums::read(&bytes);
                check.sums = sums;
                for (range, line) in wrong {
                    let what = "a line that is no hash and path, or a path twice";
                    check.say(SUMS, AlterationKind::Altered, range, Some(line), what);
                }
            }
        }
        Ok(check)
    }

    fn read_manifest(&mut self, bytes: Option<Vec<u8>>) {
        let Some(bytes) = bytes else {
            self.manifest_broken = true;
            return self.say(MANIFEST, AlterationKind::Missing, 0..0, None, "it is gone");
        };
        let (wrong, manifest) = examine(&bytes);
        self.manifest_broken = !wrong.is_empty();
        for (range, line, what) in wrong {
            self.say(MANIFEST, AlterationKind::Altered, range, Some(line), what);
        }
        let files = manifest.map(|Manifest { files, .. }| files);
        self.listed = files
            .unwrap_or_default()
            .into_iter()
            .map(|file| (file.path.clone(), file))
            .collect();
        self.found.manifest = bytes;
    }

    fn say(
        &mut self,
        path: &str,
        kind: AlterationKind,
        range: Range<u64>,
        line: Option<u64>,
        what: impl Into<String>,
    ) {
        self.found.alterations.push(Alteration {
            path: path.to_owned(),
            kind,
            from_byte: range.start,
            to_byte: range.end,
            line,
            what: what.into(),
        });
    }

    /// The two lists against each other and themselves.
    fn lists(&mut self) {
        if !self.found.sealed {
            return;
        }
        let own = of_bytes(&self.found.manifest);
        let signed = self.found.signature.as_deref();
        let signed = signed.map(|text| of_bytes(text.as_bytes()));
        let whole = [(MANIFEST, Some(own)), (SIGNATURE, signed)];
        for (path, actual) in whole {
            let sum = self.sums.get(path).map(|sum| (sum.sha256.clone(), sum));
            match (actual, sum) {
                (None, None) => {}
                (None, Some(_)) if path == SIGNATURE => {
                    self.say(path, AlterationKind::Missing, 0..0, None, "it is gone");
                }
                (Some(actual), Some((sealed, sum))) if actual != sealed => {
                    let (range, line) = (sum.range.clone(), Some(sum.line));
                    if path == SIGNATURE {
                        let end = self.found.signature.as_ref().map_or(0, String::len) as u64;
                        let what = format!("it doesn't fit its line in {SUMS}");
                        self.say(path, AlterationKind::Altered, 0..end, None, what);
                    } else if !self.manifest_broken {
                        let what = format!("the line of {path} doesn't fit it");
                        self.say(SUMS, AlterationKind::Altered, range, line, what);
                    }
                }
                (Some(_), None) if self.found.manifest.is_empty() && path == MANIFEST => {}
                (Some(_), None) => {
                    let what = format!("no line for {path}");
                    self.say(SUMS, AlterationKind::Altered, 0..0, None, what);
                }
                _ => {}
            }
        }
    }

    fn files(&mut self) -> Result<(), SealError> {
        let there: BTreeSet<String> = paths(self.run)?.into_iter().collect();
        self.found.files = there.len();
        if !self.found.sealed {
            return Ok(());
        }
        let sums = self
            .sums
            .keys()
            .filter(|path| *path != MANIFEST && *path != SIGNATURE);
        let all: BTreeSet<String> = sums
            .chain(self.listed.keys())
            .chain(&there)
            .cloned()
            .collect();
        for path in all {
            let listed = self.listed.contains_key(&path) || self.manifest_broken;
            if there.contains(&path) {
                self.one(&path)?;
            } else if let Some(sum) = self.sums.get(&path).filter(|_| !listed) {
                let (range, line) = (sum.range.clone(), Some(sum.line));
                let what = format!("it names {path}, which nothing else does");
                self.say(SUMS, AlterationKind::Altered, range, line, what);
            } else {
                let bytes = self.listed.get(&path).map_or(0, |file| file.bytes);
                self.say(&path, AlterationKind::Missing, 0..bytes, None, GONE);
            }
        }
        Ok(())
    }

    fn one(&mut self, path: &str) -> Result<(), SealError> {
        let place = self.run.join(path);
        let entry = self.listed.get(path).cloned();
        let length = place.metadata().map_err(refused(&place))?.len();
        let blocks = entry
            .as_ref()
            .map_or(block_bytes(length), |file| file.block_bytes);
        let actual = of_file(&place, blocks).map_err(refused(&place))?;
        let sum = self.sums.get(path);
        let sum_fits = sum.map(|sum| sum.sha256 == actual.sha256);
        let entry_fits = entry.as_ref().map(|file| file.sha256 == actual.sha256);
        match (entry_fits, sum_fits) {
            (Some(true), Some(true)) => {}
            (None, None) => {
                let what = "it was not there when the run was sealed";
                self.say(path, AlterationKind::Unlisted, 0..length, None, what);
            }
            (Some(true), Some(false)) => {
                let (range, line) = sum.map_or((0..0, 0), |sum| (sum.range.clone(), sum.line));
                let what = format!("the line of {path} doesn't fit it");
                self.say(SUMS, AlterationKind::Altered, range, Some(line), what);
            }
            (Some(true), None) => {
                let what = format!("no line for {path}");
                self.say(SUMS, AlterationKind::Altered, 0..0, None, what);
            }
            // An altered entry was told when the manifest was read.
            (None, Some(true)) if self.manifest_broken => {}
            (None | Some(false), Some(true)) => {
                let what = format!("{path} fits {SUMS} but not its entry");
                let whole = 0..self.found.manifest.len() as u64;
                self.say(MANIFEST, AlterationKind::Altered, whole, None, what);
            }
            (Some(false) | None, Some(false) | None) => {
                let range = entry.map_or(0..length, |file| altered_range(&file, &actual));
                let what = "it isn't what was sealed";
                self.say(path, AlterationKind::Altered, range, None, what);
            }
        }
        Ok(())
    }

    /// The chain of the journal's lines, which holds with or without a seal.
    fn journal(&mut self) {
        const JOURNAL: &str = "journal.ndjson";
        let Ok(bytes) = std::fs::read(self.run.join(JOURNAL)) else {
            return self.say(
                JOURNAL,
                AlterationKind::Missing,
                0..0,
                None,
                "there is none",
            );
        };
        let mut entries = 0;
        let read = read_journal(JOURNAL, &bytes[..], |_| entries += 1);
        self.found.entries = entries;
        let (line, what) = match read {
            Ok(()) => return,
            Err(JournalError::Line { line, reason, .. }) => (line, format!("no entry: {reason}")),
            Err(JournalError::Chain { line, reason, .. }) => {
                (line, format!("the chain of hashes breaks: {reason}"))
            }
            Err(JournalError::Io { source, .. }) => (1, source.to_string()),
        };
        let number = usize::try_from(line).unwrap_or(usize::MAX);
        let here = line_range(&bytes, number);
        // The line itself or the one before it: its hash is what the chain carries on.
        let before = line_range(&bytes, number.saturating_sub(1).max(1));
        let mut range = before.start..here.end;
        let known = self
            .found
            .alterations
            .iter_mut()
            .find(|one| one.path == JOURNAL && one.kind == AlterationKind::Altered);
        if let Some(known) = known {
            range.start = range.start.max(known.from_byte);
            range.end = range.end.min(known.to_byte);
            if range.start < range.end {
                (known.from_byte, known.to_byte) = (range.start, range.end);
            }
            known.line = Some(line);
            known.what = what;
        } else {
            self.say(JOURNAL, AlterationKind::Altered, range, Some(line), what);
        }
    }
}

/// From the first to the last block that differs.
fn altered_range(sealed: &SealedFile, actual: &Hashes) -> Range<u64> {
    let blocks = |text: &str| -> Vec<String> {
        let digits: Vec<char> = text.chars().collect();
        digits
            .chunks(DIGITS)
            .map(|block| block.iter().collect())
            .collect()
    };
    let (sealed_blocks, actual_blocks) = (blocks(&sealed.blocks), blocks(&actual.blocks));
    let count = sealed_blocks.len().max(actual_blocks.len());
    let differs = |&at: &usize| sealed_blocks.get(at) != actual_blocks.get(at);
    let first = (0..count).find(differs).unwrap_or(0) as u64;
    let last = (0..count).rev().find(differs).map_or(count, |at| at + 1) as u64;
    let end = sealed.bytes.max(actual.bytes);
    (first * sealed.block_bytes).min(end)..(last * sealed.block_bytes).min(end)
}
