//! `SHA256SUMS`, as coreutils write and read it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;

/// One line.
pub(super) struct Sum {
    pub(super) sha256: String,
    pub(super) line: u64,
    pub(super) range: Range<u64>,
}

/// Every sum by path, and where a line is none.
type Sums = (BTreeMap<String, Sum>, Vec<(Range<u64>, u64)>);

/// The text of a list.
pub(super) fn text<'a>(files: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut text = String::new();
    for (path, sha256) in files {
        // A name with a line feed or a backslash is escaped, and the line says so in front.
        let odd = path.contains(['\\', '\n', '\r']);
        let mark = if odd { "\\" } else { "" };
        let name = path
            .replace('\\', "\\\\")
            .replace('\n', "\\n")
            .replace('\r', "\\r");
        let _ = writeln!(text, "{mark}{sha256}  {name}");
    }
    text
}

/// Reads a list: sums by path, and the lines that are none.
pub(super) fn read(bytes: &[u8]) -> Sums {
    let mut sums = BTreeMap::new();
    let mut wrong = Vec::new();
    let mut at = 0u64;
    for (line, text) in (1..).zip(bytes.split_inclusive(|&byte| byte == b'\n')) {
        let range = at..at + text.len() as u64;
        at = range.end;
        match one(text) {
            Some((path, sha256)) => {
                let sum = Sum {
                    sha256,
                    line,
                    range: range.clone(),
                };
                if sums.insert(path, sum).is_some() {
                    wrong.push((range, line));
                }
            }
            None => wrong.push((range, line)),
        }
    }
    (sums, wrong)
}

fn one(line: &[u8]) -> Option<(String, String)> {
    let text = std::str::from_utf8(line).ok()?.strip_suffix('\n')?;
    let (escaped, text) = match text.strip_prefix('\\') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (sha256, path) = text.split_once("  ")?;
    let digits = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
    if sha256.len() != 64 || !sha256.chars().all(digits) || path.is_empty() {
        return None;
    }
    let path = if escaped {
        path.replace("\\n", "\n")
            .replace("\\r", "\r")
            .replace("\\\\", "\\")
    } else {
        path.to_owned()
    };
    Some((path, sha256.to_owned()))
}
