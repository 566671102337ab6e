//! Whole messages out of a stream of bytes.

use crate::LinkError;
use crate::block;

/// Cuts a stream at its line ends, but not inside blocks or quoted strings.
///
/// A block counts only where a value may start: at the front of a message or after `,` or `;`.
#[derive(Debug)]
pub struct Framer {
    bytes: Vec<u8>,
    /// Bytes at the front that were handed out already.
    taken: usize,
    /// Bytes after `taken` that were looked at already.
    seen: usize,
    place: Place,
    /// Bytes after `taken` up to the end of the last block in this message: a `\r` before that
    /// belongs to the block.
    solid: usize,
    cap: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Where a value may start.
    Value,
    /// Somewhere inside one.
    Inside,
    /// In a string that this quote ends.
    Quoted(u8),
}

impl Framer {
    /// Messages longer than `cap` bytes are refused.
    #[must_use]
    pub fn new(cap: usize) -> Self {
        Self {
            bytes: Vec::with_capacity(256),
            taken: 0,
            seen: 0,
            place: Place::Value,
            solid: 0,
            cap,
        }
    }

    /// Takes what came in.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.taken == self.bytes.len() {
            self.bytes.clear();
            self.taken = 0;
        }
        self.bytes.extend_from_slice(bytes);
    }

    /// Forgets everything that came in.
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.taken = 0;
        self.restart();
    }

    fn restart(&mut self) {
        self.seen = 0;
        self.solid = 0;
        self.place = Place::Value;
    }

    /// Appends the next whole message to `message`, without its line end (`\n` or `\r\n`).
    /// `false` when there's none yet.
    ///
    /// # Errors
    /// [`LinkError::TooLong`] when the message passes the cap; what came in is lost then.
    pub fn take(&mut self, message: &mut Vec<u8>) -> Result<bool, LinkError> {
        let found = self.find_end();
        let length = found.unwrap_or(self.bytes.len() - self.taken);
        if length > self.cap {
            self.clear();
            return Err(LinkError::TooLong { cap: self.cap });
        }
        let Some(length) = found else {
            return Ok(false);
        };
        let line = &self.bytes[self.taken..self.taken + length];
        let carriage_return = line.len() > self.solid && line.ends_with(b"\r");
        message.extend_from_slice(&line[..line.len() - usize::from(carriage_return)]);
        self.taken += length + 1;
        self.restart();
        Ok(true)
    }

    /// Distance from `taken` to the line end of the message there.
    fn find_end(&mut self) -> Option<usize> {
        let stream = &self.bytes[self.taken..];
        while let Some(&byte) = stream.get(self.seen) {
            self.place = match (self.place, byte) {
                (Place::Quoted(quote), _) if byte == quote => Place::Inside,
                // A line end in a string that never ends is still a line end: better a broken
                // message than a session that waits for ever.
                (_, b'\n') => return Some(self.seen),
                (Place::Quoted(quote), _) => Place::Quoted(quote),
                (_, b'"') => Place::Quoted(byte),
                (_, b',' | b';') | (Place::Value, b' ') => Place::Value,
                (Place::Value, b'#') => {
                    let rest = &stream[self.seen..];
                    if rest.len() < 2 {
                        return None;
                    }
                    match block::extent(rest) {
                        Ok(Some((_, end))) if end > rest.len() => {
                            // Incomplete; a cap far below the announced length decides at once.
                            return (end > self.cap).then_some(end);
                        }
                        Ok(Some((_, end))) => {
                            self.seen += end - 1;
                            self.solid = self.seen + 1;
                            Place::Inside
                        }
                        Ok(None) if rest[1] != b'0' && !rest.contains(&b'\n') => return None,
                        Ok(None) | Err(_) => Place::Inside,
                    }
                }
                (_, _) => Place::Inside,
            };
            self.seen += 1;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::Framer;
    use crate::{LinkError, Printable};
    use proptest::prelude::*;

    fn frames(chunks: &[&[u8]]) -> Vec<String> {
        let mut framer = Framer::new(1000);
        let mut found = Vec::new();
        for chunk in chunks {
            framer.push(chunk);
            let mut message = Vec::new();
            while framer.take(&mut message).expect("below the cap") {
                found.push(Printable(&message).to_string());
                message.clear();
            }
        }
        found
    }

    #[test]
    fn line_ends_inside_blocks_and_strings() {
        insta::assert_debug_snapshot!([
            frames(&[b"1.5\n2.5\r\n", b"\n"]),
            frames(&[b"#15he", b"l\no\n1\n"]),
            frames(&[b"+0,#1", b"3a\nb,4\n"]),
            frames(&[b"#", b"13(@)\n"]),
            frames(&[b"#2", b"14(@101,102,103)\n"]),
            frames(&[b"0,\"not #15 a block\"\n"]),
            frames(&[b"a#15b\n"]),
            frames(&[b"#0as it comes\n"]),
            frames(&[b"#H1F,#B01\n"]),
            frames(&[b"\"never ends\nnext\n"]),
        ]);
    }

    #[test]
    fn a_message_past_the_cap_is_refused_as_soon_as_that_is_known() {
        let mut framer = Framer::new(10);
        let mut message = Vec::new();
        framer.push(b"#9100000000");
        let error = framer.take(&mut message).expect_err("too long");
        assert_eq!(error, LinkError::TooLong { cap: 10 });
        framer.push(b"12345678901");
        let error = framer.take(&mut message).expect_err("too long");
        assert_eq!(error.to_string(), "the reply is longer than 10 bytes");
        framer.push(b"ok\n");
        assert_eq!(framer.take(&mut message), Ok(true));
        assert_eq!(message, b"ok");
    }

    proptest! {
        /// However the stream is cut, the same messages come out of it.
        #[test]
        fn cuts_do_not_matter(
            messages in proptest::collection::vec(
                prop_oneof![
                    "[ -!$-~]{0,12}".prop_map(String::into_bytes),
                    proptest::collection::vec(any::<u8>(), 0..30).prop_map(|payload| {
                        let length = payload.len().to_string();
                        let mut bytes = format!("#{}{length}", length.len()).into_bytes();
                        bytes.extend(payload);
                        bytes
                    }),
                ],
                0..8,
            ),
            cut in 1..7_usize,
        ) {
            let stream: Vec<u8> = messages.iter().flat_map(|m| [&m[..], b"\n"].concat()).collect();
            let mut framer = Framer::new(1000);
            let mut found = Vec::new();
            for chunk in stream.chunks(cut) {
                framer.push(chunk);
                let mut message = Vec::new();
                while framer.take(&mut message).expect("below the cap") {
                    found.push(std::mem::take(&mut message));
                }
            }
            prop_assert_eq!(found, messages);
        }
    }
}
