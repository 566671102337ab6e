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
        plain(path)?
    } else {
        path.to_owned()
    };
    Some((path, sha256.to_owned()))
}

/// A name without its escapes; none where one is unknown.
fn plain(name: &str) -> Option<String> {
    let mut plain = String::with_capacity(name.len());
    let mut signs = name.chars();
    while let Some(sign) = signs.next() {
        plain.push(match sign {
            '\\' => match signs.next()? {
                '\\' => '\\',
                'n' => '\n',
                'r' => '\r',
                _ => return None,
            },
            other => other,
        });
    }
    Some(plain)
}

#[cfg(test)]
mod tests {
    use super::{read, text};

    #[test]
    fn odd_names_are_read_as_they_were_written() {
        let names = [
            "a b.csv",
            "line\nfeed",
            "back\\slash",
            "back\\nslash",
            "return\r",
        ];
        let sum = "0f".repeat(32);
        let list = text(names.iter().map(|name| (*name, sum.as_str())));
        assert_eq!(
            list.lines().nth(3),
            Some(&*format!("\\{sum}  back\\\\nslash"))
        );
        let (read, wrong) = read(list.as_bytes());
        assert!(wrong.is_empty());
        assert!(names.iter().all(|name| read.contains_key(*name)), "{list}");
        assert_eq!(read.len(), names.len());
    }
}
