//! Cuts a stream of bytes into program messages.

/// What the stream has brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Framed {
    /// A whole message waits in the frame, without its terminator.
    Message,
    /// A message was longer than the input buffer; it is gone.
    Overrun,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Between the parts of a message.
    Plain,
    /// In a string that this quote closes.
    Quoted(u8),
    /// After the `#` of what may be a block.
    Sharp,
    /// In the length of a block: digits still to come, length so far.
    Length(u8, usize),
    /// In a block: bytes still to come.
    Block(usize),
    /// After an overrun, until the next line feed.
    Skip,
}

/// Input buffer of one conversation.
///
/// LF ends a message, CR LF too; bytes of a definite block end nothing. A line feed in a string
/// ends the message all the same: on a socket there is no other end, and a lost quote must not
/// swallow everything that follows.
#[derive(Debug)]
pub(crate) struct Frame {
    buffer: Vec<u8>,
    state: State,
    cap: usize,
}

impl Frame {
    /// `cap` is the longest message in bytes.
    pub(crate) fn new(cap: usize) -> Self {
        Self {
            buffer: Vec::with_capacity(256),
            state: State::Plain,
            cap,
        }
    }

    /// Takes bytes until a message is complete; returns how many it took and what they made.
    pub(crate) fn take(&mut self, bytes: &[u8]) -> (usize, Option<Framed>) {
        for (at, &byte) in bytes.iter().enumerate() {
            let line_ends = byte == b'\n' && !matches!(self.state, State::Block(_));
            if line_ends {
                let skipped = self.state == State::Skip;
                self.state = State::Plain;
                if skipped {
                    self.buffer.clear();
                    return (at + 1, Some(Framed::Overrun));
                }
                if self.buffer.last() == Some(&b'\r') {
                    self.buffer.pop();
                }
                return (at + 1, Some(Framed::Message));
            }
            self.state = self.next(byte);
            if self.state != State::Skip {
                if self.buffer.len() < self.cap {
                    self.buffer.push(byte);
                } else {
                    self.state = State::Skip;
                    self.buffer.clear();
                }
            }
        }
        (bytes.len(), None)
    }

    fn next(&self, byte: u8) -> State {
        match (self.state, byte) {
            (State::Skip, _) => State::Skip,
            (State::Block(1), _) => State::Plain,
            (State::Block(left), _) => State::Block(left - 1),
            (State::Quoted(quote), _) if quote == byte => State::Plain,
            (State::Quoted(quote), _) => State::Quoted(quote),
            (State::Sharp, b'1'..=b'9') => State::Length(byte - b'0', 0),
            (State::Length(digits, length), b'0'..=b'9') => {
                let length = length * 10 + usize::from(byte - b'0');
                match (digits, length) {
                    (1, 0) => State::Plain,
                    (1, length) if length > self.cap => State::Skip,
                    (1, length) => State::Block(length),
                    (digits, length) => State::Length(digits - 1, length),
                }
            }
            (_, b'"' | b'\'') => State::Quoted(byte),
            (_, b'#') => State::Sharp,
            _ => State::Plain,
        }
    }

    /// Hands the complete message out; give the buffer back with [`Frame::put_back`].
    pub(crate) fn message(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.buffer)
    }

    /// Takes the buffer back, to be used again.
    pub(crate) fn put_back(&mut self, mut buffer: Vec<u8>) {
        buffer.clear();
        self.buffer = buffer;
    }

    /// Device clear: forgets what has come.
    pub(crate) fn clear(&mut self) {
        self.buffer.clear();
        self.state = State::Plain;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frames(cap: usize, pieces: &[&[u8]]) -> String {
        let mut frame = Frame::new(cap);
        let mut all = Vec::new();
        for piece in pieces {
            let mut rest: &[u8] = piece;
            while !rest.is_empty() {
                let (taken, framed) = frame.take(rest);
                rest = &rest[taken..];
                match framed {
                    Some(Framed::Message) => {
                        let message = frame.message();
                        all.push(String::from_utf8_lossy(&message).escape_debug().to_string());
                        frame.put_back(message);
                    }
                    Some(Framed::Overrun) => all.push("overrun".to_owned()),
                    None => {}
                }
            }
        }
        all.join("|")
    }

    #[test]
    fn lines_are_messages_however_they_arrive() {
        assert_eq!(frames(99, &[b"*IDN?\n*RST\r\n\n"]), "*IDN?|*RST|");
        assert_eq!(frames(99, &[b"VO", b"LT 1", b"\r", b"\nOUTP ON"]), "VOLT 1");
    }

    #[test]
    fn blocks_may_hold_line_feeds() {
        assert_eq!(frames(99, &[b"DATA #13a\nb\nNEXT\n"]), "DATA #13a\\nb|NEXT");
        assert_eq!(frames(99, &[b"DATA #0ab\nNEXT\n"]), "DATA #0ab|NEXT");
        assert_eq!(frames(99, &[b"DATA #10\nNEXT\n"]), "DATA #10|NEXT");
        assert_eq!(frames(99, &[b"D \"#15\"\nNEXT\n"]), "D \\\"#15\\\"|NEXT");
        assert_eq!(frames(99, &[b"D #1\nNEXT\n"]), "D #1|NEXT");
    }

    #[test]
    fn an_open_string_ends_with_the_line() {
        assert_eq!(frames(99, &[b"D 'x\nNEXT\n"]), "D \\'x|NEXT");
    }

    #[test]
    fn what_does_not_fit_is_dropped_whole() {
        assert_eq!(frames(4, &[b"12345678\n*RST\n"]), "overrun|*RST");
        assert_eq!(frames(9, &[b"D #9999999999xx\nN\n"]), "overrun|N");
    }
}
