//! An instrument that says what another one said before.

use crate::capture::{HEAD, direction, unescape};
use crate::{Direction, Link, LinkError};
use std::time::Duration;

/// A link that answers from a captured session: each message must be the one that was sent then.
pub struct Replay {
    address: String,
    messages: std::vec::IntoIter<Line>,
    /// Taken from `messages`, but not for the question that was asked.
    next: Option<Line>,
}

struct Line {
    number: usize,
    direction: Direction,
    bytes: Vec<u8>,
}

/// A text that's no captured session.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReplayError {
    /// Another sort of file.
    #[error("this is no transcript: its first line isn't `{HEAD}`")]
    Head,
    /// A line that can't be read.
    #[error("line {line} of the transcript is none: `{text}`")]
    Line {
        /// From 1.
        line: usize,
        /// As it stands there.
        text: String,
    },
}

impl Replay {
    /// Reads a captured session. `address` is what [`Link::address`] will say.
    ///
    /// # Errors
    /// [`ReplayError`] when the text isn't what [`Capture`](crate::Capture) writes.
    pub fn read(text: &str, address: &str) -> Result<Self, ReplayError> {
        let mut lines = text.lines().enumerate();
        if lines.next().map(|(_, line)| line.trim_end()) != Some(HEAD) {
            return Err(ReplayError::Head);
        }
        let mut messages = Vec::new();
        for (at, line) in lines {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let read = || {
                let mut words = line.splitn(4, ' ');
                let (_, _) = (words.next()?, words.next()?);
                let direction = direction(words.next()?)?;
                Some((direction, unescape(words.next()?)?))
            };
            let (direction, bytes) = read().ok_or_else(|| ReplayError::Line {
                line: at + 1,
                text: line.to_owned(),
            })?;
            if direction != Direction::Note {
                messages.push(Line {
                    number: at + 1,
                    direction,
                    bytes,
                });
            }
        }
        Ok(Self {
            address: address.to_owned(),
            messages: messages.into_iter(),
            next: None,
        })
    }

    /// Messages that haven't been said yet; 0 after a replay that went to its end.
    #[must_use]
    pub fn left(&self) -> usize {
        self.messages.len() + usize::from(self.next.is_some())
    }

    fn peek(&mut self) -> Option<&Line> {
        if self.next.is_none() {
            self.next = self.messages.next();
        }
        self.next.as_ref()
    }
}

impl Link for Replay {
    fn write(&mut self, message: &[u8]) -> Result<(), LinkError> {
        // An answer that nobody waited for then isn't waited for now.
        while self
            .peek()
            .is_some_and(|line| line.direction == Direction::Received)
        {
            self.next = None;
        }
        let text = String::from_utf8_lossy(message).into_owned();
        match self.peek() {
            Some(line) if line.bytes == message => {
                self.next = None;
                Ok(())
            }
            Some(line) => Err(LinkError::Io(format!(
                "the transcript has `{}` in line {}, not `{text}`",
                String::from_utf8_lossy(&line.bytes),
                line.number
            ))),
            None => Err(LinkError::Io(format!(
                "the transcript has ended, but `{text}` is sent"
            ))),
        }
    }

    fn read(&mut self, reply: &mut Vec<u8>, timeout: Duration) -> Result<(), LinkError> {
        match self.peek() {
            Some(line) if line.direction == Direction::Received => {
                reply.extend_from_slice(&line.bytes);
                self.next = None;
                Ok(())
            }
            // Nothing came then either.
            _ => Err(LinkError::TimedOut { timeout }),
        }
    }

    fn clear(&mut self) -> Result<(), LinkError> {
        Ok(())
    }

    fn address(&self) -> &str {
        &self.address
    }
}

#[cfg(test)]
mod tests {
    use super::{Replay, ReplayError};
    use crate::{Link, LinkError};
    use std::time::Duration;

    const SESSION: &str = "# transcript 1\n# about\n0.0 psu > *IDN?\n0.1 psu < ACME,X\n\n0.2 psu > VOLT 5\n0.3 psu > OUTP?\n2.3 psu ! no reply within 2s\n2.4 psu > OUTP?\n2.5 psu < 0\n";

    fn ask(link: &mut Replay, question: &str) -> Result<String, LinkError> {
        link.write(question.as_bytes())?;
        let mut reply = Vec::new();
        link.read(&mut reply, Duration::from_secs(1))?;
        Ok(String::from_utf8_lossy(&reply).into_owned())
    }

    #[test]
    fn it_answers_as_it_did_and_times_out_where_it_did() {
        let mut link = Replay::read(SESSION, "file:psu").expect("read");
        assert_eq!(ask(&mut link, "*IDN?"), Ok("ACME,X".into()));
        link.write(b"VOLT 5").expect("as then");
        assert!(matches!(
            ask(&mut link, "OUTP?"),
            Err(LinkError::TimedOut { .. })
        ));
        assert_eq!(ask(&mut link, "OUTP?"), Ok("0".into()));
        assert_eq!(link.left(), 0);
        let error = link.write(b"*RST").expect_err("it has ended");
        assert_eq!(
            error.to_string(),
            "the transcript has ended, but `*RST` is sent"
        );
    }

    #[test]
    fn another_message_is_named_with_its_line() {
        let mut link = Replay::read(SESSION, "file:psu").expect("read");
        let error = link.write(b"*RST").expect_err("another one");
        assert_eq!(
            error.to_string(),
            "the transcript has `*IDN?` in line 3, not `*RST`"
        );
    }

    #[test]
    fn texts() {
        let text = |text: &str| Replay::read(text, "").err().map(|error| error.to_string());
        assert_eq!(text("# transcript 1\n"), None);
        assert_eq!(Replay::read("", "").err(), Some(ReplayError::Head));
        insta::assert_snapshot!(text("hello").unwrap_or_default(), @"this is no transcript: its first line isn't `# transcript 1`");
        insta::assert_snapshot!(text("# transcript 1\n0.0 psu ? x").unwrap_or_default(), @"line 2 of the transcript is none: `0.0 psu ? x`");
        insta::assert_snapshot!(text("# transcript 1\n0.0 psu > \\q").unwrap_or_default(), @r"line 2 of the transcript is none: `0.0 psu > \q`");
    }
}
