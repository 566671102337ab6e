//! The manifest as text: one file a line, so that an altered line can be named.

use super::hashes::of_bytes;
use super::{FORMAT, Manifest, SealedFile};
use std::ops::Range;

/// Lines before the first file.
const BEFORE: usize = 4;

impl SealedFile {
    /// The check that belongs to the entry.
    pub(super) fn checked(&self) -> String {
        let bare = Self {
            check: String::new(),
            ..self.clone()
        };
        let text = serde_json::to_string(&bare).unwrap_or_default();
        of_bytes(text.as_bytes())[..16].to_owned()
    }
}

impl Manifest {
    /// A manifest of these files, sealed.
    pub(super) fn new(head: String, files: Vec<SealedFile>) -> Self {
        let mut manifest = Self {
            format: FORMAT.to_owned(),
            head,
            files,
            seal: String::new(),
        };
        manifest.seal = of_bytes(manifest.above().as_bytes());
        manifest
    }

    /// The file's text.
    pub(super) fn text(&self) -> String {
        format!("{}\"seal\": \"{}\"\n}}\n", self.above(), self.seal)
    }

    /// Everything above the seal.
    fn above(&self) -> String {
        let quoted = |text: &str| serde_json::to_string(text).unwrap_or_default();
        let mut text = format!(
            "{{\n\"format\": {},\n\"head\": {},\n\"files\": [\n",
            quoted(&self.format),
            quoted(&self.head)
        );
        for (place, file) in self.files.iter().enumerate() {
            text += &serde_json::to_string(file).unwrap_or_default();
            text += if place + 1 == self.files.len() {
                "\n"
            } else {
                ",\n"
            };
        }
        text + "],\n"
    }
}

/// Bytes, line, and what doesn't fit there.
pub(super) type Wrong = (Range<u64>, u64, String);

/// Where a manifest isn't what was written: bytes, line, and what doesn't fit. Its entries that
/// can be believed come second.
pub(super) fn examine(bytes: &[u8]) -> (Vec<Wrong>, Option<Manifest>) {
    let manifest: Manifest = match serde_json::from_slice(bytes) {
        Ok(manifest) => manifest,
        Err(error) => {
            let line = error.line().max(1);
            let what = format!("it can't be read: {error}");
            return (vec![(line_range(bytes, line), line as u64, what)], None);
        }
    };
    let mut wrong = Vec::new();
    let mut believed = manifest.clone();
    believed.files.clear();
    for (place, file) in manifest.files.iter().enumerate() {
        if file.checked() == file.check {
            believed.files.push(file.clone());
            continue;
        }
        let line = BEFORE + 1 + place;
        let what = format!("the entry of {} doesn't fit its check", file.path);
        wrong.push((line_range(bytes, line), line as u64, what));
    }
    if wrong.is_empty() {
        let text = manifest.text();
        let sealed = Manifest::new(manifest.head.clone(), manifest.files.clone());
        if text.as_bytes() != bytes {
            let at = text
                .bytes()
                .zip(bytes.iter().copied())
                .position(|(wanted, found)| wanted != found)
                .unwrap_or_else(|| text.len().min(bytes.len()));
            let line = 1 + bytes[..at].iter().filter(|&&byte| byte == b'\n').count();
            let what = "it isn't laid out as it was written".to_owned();
            wrong.push((line_range(bytes, line), line as u64, what));
        } else if sealed.text() != text {
            // One of two places, and nothing tells which.
            let last = BEFORE + manifest.files.len() + 2;
            for (line, what) in [
                (3, "the head doesn't fit the seal, or the format"),
                (last, "the seal doesn't fit the head, or the format"),
            ] {
                let range = line_range(bytes, line);
                let from = if line == 3 { 0 } else { range.start };
                wrong.push((from..range.end, line as u64, what.to_owned()));
            }
        }
    }
    (wrong, Some(believed))
}

/// Bytes of a line, from 1, its line feed included.
pub(super) fn line_range(bytes: &[u8], line: usize) -> Range<u64> {
    let mut at = 0usize;
    for (number, text) in (1..).zip(bytes.split_inclusive(|&byte| byte == b'\n')) {
        if number == line {
            return at as u64..(at + text.len()) as u64;
        }
        at += text.len();
    }
    at as u64..bytes.len() as u64
}
