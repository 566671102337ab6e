//! A session written down, so that it can be replayed as a test.

use crate::{Direction, Message, TranscriptSink};
use std::fmt::Write as _;
use std::io::Write;
use std::sync::{Mutex, PoisonError};

/// First line of every file.
pub(crate) const HEAD: &str = "# transcript 1";

/// Writes every message to a file as it passes, one a line: seconds, instrument, direction, bytes.
///
/// Bytes that aren't printable are escaped as in Rust, the backslash too: nothing is cut and
/// nothing is lost. A failed write ends the capture; [`Capture::finish`] says so.
pub struct Capture {
    inner: Mutex<Inner>,
}

struct Inner {
    out: Box<dyn Write + Send>,
    line: String,
    failed: Option<std::io::Error>,
}

impl Capture {
    /// Starts a file; `about` are lines for people, written behind a `#` each.
    ///
    /// # Errors
    /// What the first write says.
    pub fn new(mut out: Box<dyn Write + Send>, about: &[&str]) -> std::io::Result<Self> {
        writeln!(out, "{HEAD}")?;
        for line in about {
            writeln!(out, "# {line}")?;
        }
        Ok(Self {
            inner: Mutex::new(Inner {
                out,
                line: String::new(),
                failed: None,
            }),
        })
    }

    /// Flushes the file.
    ///
    /// # Errors
    /// The first write that failed since the beginning.
    pub fn finish(&self) -> std::io::Result<()> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        match inner.failed.take() {
            Some(error) => Err(error),
            None => inner.out.flush(),
        }
    }
}

impl TranscriptSink for Capture {
    fn take(&self, message: Message<'_>) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let Inner { out, line, failed } = &mut *inner;
        if failed.is_some() {
            return;
        }
        line.clear();
        let Message {
            at,
            instrument,
            direction,
            bytes,
        } = message;
        // Writing to a string can't fail.
        let _ = write!(
            line,
            "{}.{:06} {instrument} {direction} ",
            at.as_secs(),
            at.subsec_micros()
        );
        escape(bytes, line);
        line.push('\n');
        *failed = out.write_all(line.as_bytes()).err();
    }
}

fn escape(bytes: &[u8], into: &mut String) {
    for &byte in bytes {
        into.extend(std::ascii::escape_default(byte).map(char::from));
    }
}

/// What [`escape`] was given; `None` when this isn't its work.
pub(crate) fn unescape(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'\\' {
            bytes.push(byte);
            continue;
        }
        bytes.push(match rest.next()? {
            b't' => b'\t',
            b'r' => b'\r',
            b'n' => b'\n',
            quoted @ (b'\\' | b'\'' | b'"') => quoted,
            b'x' => {
                let digits = [rest.next()?, rest.next()?];
                u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?
            }
            _ => return None,
        });
    }
    Some(bytes)
}

/// A direction as its sign says it.
pub(crate) fn direction(sign: &str) -> Option<Direction> {
    Some(match sign {
        ">" => Direction::Sent,
        "<" => Direction::Received,
        "!" => Direction::Note,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{Capture, escape, unescape};
    use crate::{Direction, Message, Replay, TranscriptSink};
    use proptest::prelude::*;
    use std::io::Write;
    use std::sync::{Arc, Mutex};
    use std::time::Duration;

    #[derive(Clone, Default)]
    struct File(Arc<Mutex<Vec<u8>>>);

    impl Write for File {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().expect("nobody panicked").write(bytes)
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn what_is_captured_can_be_read_and_replayed() {
        let file = File::default();
        let capture = Capture::new(Box::new(file.clone()), &["driver: x"]).expect("written");
        for (milliseconds, direction, bytes) in [
            (0, Direction::Sent, &b"*IDN?"[..]),
            (12, Direction::Received, b"ACME,\"X\\1\",#14\n\xff"),
            (13, Direction::Note, b"late"),
        ] {
            capture.take(Message {
                at: Duration::from_millis(milliseconds),
                instrument: &Arc::from("psu"),
                direction,
                bytes,
            });
        }
        capture.finish().expect("flushed");
        let text = String::from_utf8(file.0.lock().expect("nobody panicked").clone());
        let text = text.expect("ASCII");
        insta::assert_snapshot!(text, @r#"
        # transcript 1
        # driver: x
        0.000000 psu > *IDN?
        0.012000 psu < ACME,\"X\\1\",#14\n\xff
        0.013000 psu ! late
        "#);
        let replay = Replay::read(&text, "file:x").expect("read");
        assert_eq!(replay.left(), 2, "notes aren't messages");
    }

    #[test]
    fn a_full_disk_is_said_at_the_end() {
        struct Full;
        impl Write for Full {
            fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
                if bytes.starts_with(b"#") || bytes == b"\n" {
                    return Ok(bytes.len());
                }
                Err(std::io::Error::other("no space left"))
            }
            fn flush(&mut self) -> std::io::Result<()> {
                Ok(())
            }
        }
        let capture = Capture::new(Box::new(Full), &[]).expect("a head");
        capture.take(Message {
            at: Duration::ZERO,
            instrument: &Arc::from("psu"),
            direction: Direction::Sent,
            bytes: b"*RST",
        });
        let error = capture.finish().expect_err("it failed");
        assert_eq!(error.to_string(), "no space left");
    }

    proptest! {
        #[test]
        fn escapes_are_undone(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            let mut text = String::new();
            escape(&bytes, &mut text);
            prop_assert!(text.is_ascii());
            prop_assert_eq!(unescape(&text), Some(bytes));
        }
    }
}
