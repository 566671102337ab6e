//! VE.Direct text: what an auxiliary battery monitor says over its serial line once a second.
//!
//! A block is lines of a label, a tab and a value; the last is `Checksum` with one byte that makes
//! the sum of all the block's bytes zero. Messages of the hexadecimal protocol, from a colon to the
//! end of the line, may cut in anywhere and don't count. Source: the maker's protocol description,
//! version 3.34.

mod line;
mod reading;

pub use line::MonitorLine;
pub use reading::{MonitorReading, ValueError, monitor_reading};

/// Longest label.
const LABEL: usize = 9;
/// Longest value.
const VALUE: usize = 33;
/// Most fields of a block.
const FIELDS: usize = 22;
/// Longest message of the hexadecimal protocol that is passed over.
const HEX: usize = 256;
/// The label of the last field.
const CHECKSUM: &[u8] = b"Checksum";

/// One block whose checksum is right.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Block {
    /// Labels and values in the order in which they came.
    pub fields: Vec<(String, String)>,
}

impl Block {
    /// The value of a field.
    #[must_use]
    pub fn get(&self, label: &str) -> Option<&str> {
        let mut fields = self.fields.iter();
        let found = fields.find(|(name, _)| name == label);
        found.map(|(_, value)| value.as_str())
    }
}

/// What is wrong with a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BlockError {
    /// Bytes were lost or altered.
    #[error("the checksum of a block is off by {off}, so bytes were lost or altered on the line")]
    Checksum {
        /// The sum of its bytes; zero would be right.
        off: u8,
    },
    /// A label, a value or a block that is longer than the protocol allows.
    #[error("{what} is longer than the protocol allows; is the line's speed 19200 baud?")]
    TooLong {
        /// Which.
        what: &'static str,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Before a field.
    Between,
    Label,
    Value,
    Checksum,
}

/// What is known of where the block began that is being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Beginning {
    /// Nothing was read yet.
    Unread,
    /// In its middle: what it says doesn't count, and its checksum is wrong.
    Cut,
    /// Perhaps at its beginning: it counts if its checksum is right.
    Perhaps,
    /// After the end of another.
    Known,
}

/// Takes bytes as they come, and gives blocks.
#[derive(Debug, Clone)]
pub struct BlockParser {
    state: State,
    beginning: Beginning,
    /// Bytes of a message of the other protocol, while one cuts in.
    hex: Option<usize>,
    sum: u8,
    label: Vec<u8>,
    value: Vec<u8>,
    block: Block,
}

impl Default for BlockParser {
    fn default() -> Self {
        Self::new()
    }
}

impl BlockParser {
    /// A parser that has seen nothing. A block in the middle of which it begins is no error.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            state: State::Between,
            beginning: Beginning::Unread,
            hex: None,
            sum: 0,
            label: Vec::new(),
            value: Vec::new(),
            block: Block { fields: Vec::new() },
        }
    }

    /// Takes one byte; some end a block.
    pub fn push(&mut self, byte: u8) -> Option<Result<Block, BlockError>> {
        if let Some(length) = self.hex {
            self.hex = (byte != b'\n' && length < HEX).then_some(length + 1);
            return None;
        }
        if byte == b':' && self.state != State::Checksum {
            self.hex = Some(0);
            return None;
        }
        if self.beginning == Beginning::Unread {
            let begins = byte == b'\r';
            self.beginning = if begins {
                Beginning::Perhaps
            } else {
                Beginning::Cut
            };
        }
        self.sum = self.sum.wrapping_add(byte);
        match (self.state, byte) {
            (State::Checksum, _) => return self.end(),
            (State::Between, b'\n') => self.state = State::Label,
            (State::Between, _) | (State::Value, b'\r') => {}
            (State::Label, b'\t') if self.label == CHECKSUM => self.state = State::Checksum,
            (State::Label, b'\t') => self.state = State::Value,
            // A line without a tab is none.
            (State::Label, b'\r' | b'\n') => self.label.clear(),
            (State::Label, _) if self.label.len() == LABEL => return self.give_up("a label"),
            (State::Label, _) => self.label.push(byte),
            (State::Value, b'\n') if self.block.fields.len() == FIELDS => {
                return self.give_up("a block");
            }
            (State::Value, b'\n') => self.field(),
            (State::Value, _) if self.value.len() == VALUE => return self.give_up("a value"),
            (State::Value, _) => self.value.push(byte),
        }
        None
    }

    fn field(&mut self) {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let field = (text(&self.label), text(&self.value));
        self.block.fields.push(field);
        self.label.clear();
        self.value.clear();
        self.state = State::Label;
    }

    /// The checksum's byte has come.
    fn end(&mut self) -> Option<Result<Block, BlockError>> {
        let ended = std::mem::replace(self, Self::after(Beginning::Known));
        match (ended.beginning, ended.sum) {
            (Beginning::Unread | Beginning::Cut, _) => None,
            (Beginning::Perhaps | Beginning::Known, 0) => Some(Ok(ended.block)),
            (Beginning::Perhaps, _) => None,
            (Beginning::Known, off) => Some(Err(BlockError::Checksum { off })),
        }
    }

    fn give_up(&mut self, what: &'static str) -> Option<Result<Block, BlockError>> {
        let given_up = std::mem::replace(self, Self::after(Beginning::Cut));
        (given_up.beginning == Beginning::Known).then_some(Err(BlockError::TooLong { what }))
    }

    fn after(beginning: Beginning) -> Self {
        Self {
            beginning,
            ..Self::new()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{BlockError, BlockParser};
    use proptest::prelude::*;

    /// A block with the checksum that makes its sum zero.
    fn block(fields: &[(&str, &str)]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for (label, value) in fields {
            bytes.extend(format!("\r\n{label}\t{value}").bytes());
        }
        bytes.extend(b"\r\nChecksum\t");
        let sum = bytes.iter().fold(0u8, |sum, byte| sum.wrapping_add(*byte));
        bytes.push(sum.wrapping_neg());
        bytes
    }

    fn parse(parser: &mut BlockParser, bytes: &[u8]) -> Vec<String> {
        let told = |byte: &u8| parser.push(*byte);
        let shown = |ended: Result<super::Block, BlockError>| match ended {
            Ok(block) => {
                let fields = block.fields.iter();
                let fields = fields.map(|(label, value)| format!("{label}={value}"));
                fields.collect::<Vec<_>>().join(" ")
            }
            Err(error) => error.to_string(),
        };
        bytes.iter().filter_map(told).map(shown).collect()
    }

    /// What a BMV-712 said.
    const BMV712: &[u8] = b"\r\nPID\t0xA381\r\nV\t12282\r\nVS\t29\r\nI\t-2288\r\nP\t-28\r\nCE\t-74900\r\nSOC\t916\r\nTTG\t10350\r\nAlarm\tOFF\r\nRelay\tOFF\r\nAR\t0\r\nBMV\t712 Smart\r\nFW\t0403\r\nChecksum\t\x7e";

    #[test]
    fn a_block_of_a_real_monitor() {
        let said = parse(&mut BlockParser::new(), BMV712);
        assert_eq!(
            said,
            [
                "PID=0xA381 V=12282 VS=29 I=-2288 P=-28 CE=-74900 SOC=916 TTG=10350 Alarm=OFF Relay=OFF AR=0 BMV=712 Smart FW=0403"
            ]
        );
    }

    #[test]
    fn a_line_that_is_joined_in_the_middle_is_no_error() {
        let mut parser = BlockParser::new();
        assert_eq!(parse(&mut parser, &BMV712[30..]), [""; 0]);
        // Where the cut is at the beginning of a line, too.
        let at = BMV712.windows(2).rposition(|two| two == b"\r\n").unwrap();
        let mut parser = BlockParser::new();
        assert_eq!(parse(&mut parser, &BMV712[at - 9..]), [""; 0]);
        assert_eq!(parse(&mut parser, &block(&[("V", "13200")])), ["V=13200"]);
    }

    #[test]
    fn an_altered_byte_is_told() {
        let mut parser = BlockParser::new();
        parse(&mut parser, BMV712);
        let mut altered = BMV712.to_vec();
        altered[10] += 1;
        assert_eq!(
            parse(&mut parser, &altered),
            ["the checksum of a block is off by 1, so bytes were lost or altered on the line"]
        );
    }

    #[test]
    fn messages_of_the_other_protocol_may_cut_in_anywhere() {
        for at in 0..BMV712.len() {
            let mut bytes = BMV712.to_vec();
            bytes.splice(at..at, b":A2720007837000055\n".iter().copied());
            let said = parse(&mut BlockParser::new(), &bytes);
            let last = at == BMV712.len() - 1;
            // The one place where a colon is a checksum.
            assert_eq!(said.len(), usize::from(!last), "at {at}");
        }
    }

    #[test]
    fn what_is_longer_than_allowed_is_told_once() {
        let mut parser = BlockParser::new();
        parse(&mut parser, BMV712);
        let long = block(&[("V", &"1".repeat(34)), ("I", "5")]);
        assert_eq!(
            parse(&mut parser, &long),
            ["a value is longer than the protocol allows; is the line's speed 19200 baud?"]
        );
        assert_eq!(parse(&mut parser, &block(&[("V", "13200")])), ["V=13200"]);
    }

    proptest! {
        /// Whatever comes: no panic, and the second good block after it counts.
        #[test]
        fn it_finds_its_way_back(noise in prop::collection::vec(any::<u8>(), 0..400)) {
            let mut parser = BlockParser::new();
            parse(&mut parser, &noise);
            parse(&mut parser, b"\n");
            parse(&mut parser, BMV712);
            let said = parse(&mut parser, &block(&[("V", "13200")]));
            prop_assert_eq!(said, ["V=13200"]);
        }

        /// Blocks are the same however the checksum looks: a line's end, a tab, a colon.
        #[test]
        fn every_checksum_is_one(value in "[ -9;-~]{0,33}") {
            let said = parse(&mut BlockParser::new(), &block(&[("X", &value)]));
            prop_assert_eq!(said, [format!("X={value}")]);
        }
    }
}
