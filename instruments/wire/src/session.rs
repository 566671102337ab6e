//! One instrument's conversation: one question at a time, every refusal noticed, every message kept.

mod resync;

use crate::{
    Dialect, Direction, ErrorReport, Link, LinkError, Message, Number, Pace, Printable,
    TranscriptSink, WireError, parse_block, parse_bool, parse_number,
};
use std::sync::Arc;
use std::time::Duration;
use units::Quantity;

type Result<T> = std::result::Result<T, WireError>;

/// Entries taken out of an error queue at a time; one that is still not empty then never will be.
const LONGEST_QUEUE: usize = 64;

/// A link, the dialect spoken on it, and the means to keep questions and answers together.
///
/// After any failed exchange the link counts as suspect: it's cleared before the next one, so an
/// answer that comes late can't be taken for the answer to another question.
pub struct Session {
    id: Arc<str>,
    link: Box<dyn Link>,
    dialect: Dialect,
    pace: Arc<dyn Pace>,
    transcript: Arc<dyn TranscriptSink>,
    reply: Vec<u8>,
    suspect: bool,
    last_message: Option<Duration>,
    /// What the dialect's resync query was answered the first time.
    unchanging: Option<Vec<u8>>,
    /// Resync queries whose answers may still come.
    unanswered: usize,
    peer: Peer,
    restarted: bool,
}

/// Who is at the other end of the link, as far as the last clearing told.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Peer {
    /// The one that was identified.
    Known,
    /// Nobody has answered yet.
    Silent,
    /// Somebody who answered this: another instrument, or the right one on a bad line.
    Other(Vec<u8>),
}

impl Session {
    /// Opens no connection: the link brings it along.
    #[must_use]
    pub fn new(
        id: &str,
        link: Box<dyn Link>,
        dialect: Dialect,
        pace: Arc<dyn Pace>,
        transcript: Arc<dyn TranscriptSink>,
    ) -> Self {
        Self {
            id: Arc::from(id),
            link,
            dialect,
            pace,
            transcript,
            reply: Vec::with_capacity(256),
            suspect: false,
            last_message: None,
            unchanging: None,
            unanswered: 0,
            peer: Peer::Known,
            restarted: false,
        }
    }

    /// Id of the instrument.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Where the link goes, as the bench file writes it.
    #[must_use]
    pub fn address(&self) -> &str {
        self.link.address()
    }

    /// How the instrument is spoken to.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Sends a command and asks whether it was taken.
    ///
    /// # Errors
    /// [`WireError::Refused`] with the first error the instrument reports, or a failed link.
    pub fn command(&mut self, command: &str) -> Result<()> {
        self.make_sure(command)?;
        match self.dialect.errors {
            ErrorReport::Queue { query } => {
                self.write(command)?;
                match self.first_error(query) {
                    Ok(None) => Ok(()),
                    Ok(Some((code, message))) => Err(WireError::Refused {
                        instrument: self.id.to_string(),
                        asked: command.to_owned(),
                        code,
                        message,
                    }),
                    // The failed question was ours; the caller knows only the command.
                    Err(WireError::Link { source, .. }) => {
                        Err(self.link_error(&format!("{command}; {query}"), source))
                    }
                    Err(error) => Err(error),
                }
            }
            ErrorReport::Reply { accepted, .. } => {
                self.exchange(command, self.dialect.timeout)?;
                let answer = String::from_utf8_lossy(&self.reply);
                if answer.trim().starts_with(accepted) {
                    return Ok(());
                }
                Err(self.nonsense(command, &format!("`{accepted}…`")))
            }
            ErrorReport::Silent => self.write(command),
        }
    }

    /// Says these on a suspect link before it's cleared, and waits for nothing: for switching off,
    /// which must not depend on answers. What becomes of it is for the exchange that follows to
    /// find out. Nothing is said to an instrument that may be another one.
    pub fn say_before_clearing(&mut self, commands: &[String]) {
        let ours = self.unchanging.is_some() && !matches!(self.peer, Peer::Other(_));
        if !self.suspect || !ours {
            return;
        }
        for command in commands {
            if self.write(command).is_err() {
                return;
            }
        }
    }

    /// Asks and hands out the answer, trimmed, from a buffer that the next question overwrites.
    ///
    /// # Errors
    /// No answer, one that isn't text, or a refusal where the dialect answers with one.
    pub fn query_text(&mut self, query: &str) -> Result<&str> {
        self.query_text_within(query, self.dialect.timeout)
    }

    /// As [`Session::query_text`], with a time-out of its own.
    ///
    /// # Errors
    /// As [`Session::query_text`].
    pub fn query_text_within(&mut self, query: &str, timeout: Duration) -> Result<&str> {
        self.make_sure(query)?;
        self.exchange(query, timeout)?;
        if self.dialect.resync == Some(query) && self.unchanging.is_none() {
            self.unchanging = Some(self.reply.clone());
        }
        if std::str::from_utf8(&self.reply).is_err() {
            return Err(self.nonsense(query, "text"));
        }
        if let ErrorReport::Reply { refused, .. } = self.dialect.errors
            && self.reply.starts_with(refused.as_bytes())
        {
            return Err(self.nonsense(query, "an answer"));
        }
        Ok(std::str::from_utf8(&self.reply).unwrap_or_default().trim())
    }

    /// Asks and returns the answer, trimmed.
    ///
    /// # Errors
    /// As [`Session::query_text`].
    pub fn query(&mut self, query: &str) -> Result<String> {
        self.query_text(query).map(str::to_owned)
    }

    /// Asks for a quantity; the answer may carry its unit, but then it must be the right one.
    ///
    /// # Errors
    /// As [`Session::query_text`]; also where the answer is no finite number of that unit.
    pub fn query_quantity<Q: Quantity>(&mut self, query: &str) -> Result<Q> {
        self.query_number(query, Q::UNIT).map(|n| Q::new(n.value))
    }

    /// Asks for a number in `unit` and says whether the instrument wrote the unit.
    ///
    /// # Errors
    /// As [`Session::query_quantity`].
    pub fn query_number(&mut self, query: &str, unit: &str) -> Result<Number> {
        match parse_number(self.query_text(query)?, unit) {
            Some(number) => Ok(number),
            None => Err(self.nonsense(query, &expected_number(unit))),
        }
    }

    /// Asks for exactly `count` numbers in `unit`, separated by commas.
    ///
    /// # Errors
    /// As [`Session::query_quantity`]; also for another count.
    pub fn query_numbers(&mut self, query: &str, unit: &str, count: usize) -> Result<Vec<f64>> {
        let numbers: Option<Vec<f64>> = self
            .query_text(query)?
            .split(',')
            .map(|part| parse_number(part, unit).map(|number| number.value))
            .collect();
        match numbers {
            Some(numbers) if numbers.len() == count => Ok(numbers),
            _ => Err(self.nonsense(query, &format!("{count} × {}", expected_number(unit)))),
        }
    }

    /// Asks for an integer, a status register say.
    ///
    /// # Errors
    /// As [`Session::query_text`]; also where the answer is none.
    pub fn query_integer(&mut self, query: &str) -> Result<i64> {
        match self.query_text(query)?.parse() {
            Ok(number) => Ok(number),
            Err(_) => Err(self.nonsense(query, "a whole number")),
        }
    }

    /// Asks for a switch: `1`/`0`, `ON`/`OFF`, `YES`/`NO`.
    ///
    /// # Errors
    /// As [`Session::query_text`]; also for any other answer.
    pub fn query_bool(&mut self, query: &str) -> Result<bool> {
        match parse_bool(self.query_text(query)?) {
            Some(on) => Ok(on),
            None => Err(self.nonsense(query, "1 or 0, ON or OFF")),
        }
    }

    /// Asks for an IEEE 488.2 block and returns its payload.
    ///
    /// # Errors
    /// No answer, or none that is just one whole block.
    pub fn query_block(&mut self, query: &str) -> Result<Vec<u8>> {
        self.make_sure(query)?;
        self.exchange(query, self.dialect.timeout)?;
        match parse_block(&self.reply) {
            Ok(payload) => Ok(payload.to_vec()),
            Err(error) => Err(self.nonsense(query, &format!("a block ({error})"))),
        }
    }

    /// Sends a command, reads the set-point back and compares.
    ///
    /// # Errors
    /// As [`Session::command`] and [`Session::query_quantity`]; [`WireError::ReadBack`] where the
    /// two are farther apart than `tolerance`.
    pub fn set_and_verify<Q: Quantity>(
        &mut self,
        command: &str,
        query: &str,
        wanted: Q,
        tolerance: Q,
    ) -> Result<()> {
        self.command(command)?;
        let read_back: Q = self.query_quantity(query)?;
        if (read_back.value() - wanted.value()).abs() <= tolerance.value() {
            return Ok(());
        }
        Err(self.read_back(command, &wanted.to_string(), &read_back.to_string()))
    }

    /// Sends a command that switches, reads the state back and compares.
    ///
    /// # Errors
    /// As [`Session::set_and_verify`].
    pub fn switch_and_verify(&mut self, command: &str, query: &str, wanted: bool) -> Result<()> {
        self.command(command)?;
        let read_back = self.query_bool(query)?;
        if read_back == wanted {
            return Ok(());
        }
        let name = |on| if on { "on" } else { "off" };
        Err(self.read_back(command, name(wanted), name(read_back)))
    }

    /// Takes everything out of the error queue; empty where there is none.
    ///
    /// # Errors
    /// When the queue can't be read.
    pub fn drain_errors(&mut self) -> Result<Vec<String>> {
        let ErrorReport::Queue { query } = self.dialect.errors else {
            return Ok(Vec::new());
        };
        self.make_sure(query)?;
        let mut entries = Vec::new();
        while entries.len() < LONGEST_QUEUE {
            match self.next_error(query)? {
                None => break,
                Some((code, text)) => entries.push(format!("{text} ({code})")),
            }
        }
        Ok(entries)
    }

    /// Whether it was switched off and on since this was asked last.
    pub fn take_restart(&mut self) -> bool {
        std::mem::take(&mut self.restarted)
    }

    /// Declares the link suspect, so that it's cleared before the next exchange.
    pub fn distrust(&mut self) {
        self.suspect = true;
    }

    /// Puts a remark into the transcript, next to the messages that it's about.
    pub fn remark(&self, text: &str) {
        self.record(Direction::Note, text.as_bytes());
    }

    /// Drains and reconnects now, and makes sure that the next answer belongs to its question.
    ///
    /// # Errors
    /// When no clean connection could be had.
    pub fn clear(&mut self) -> Result<()> {
        self.suspect = true;
        self.make_sure("")
    }

    /// Builds the error for an answer to `query` that the caller can't use.
    #[must_use]
    pub fn nonsense(&mut self, query: &str, expected: &str) -> WireError {
        let answered = Printable(&self.reply).to_string();
        if let ErrorReport::Reply { refused, .. } = self.dialect.errors
            && let Some(reason) = answered.strip_prefix(refused)
        {
            return WireError::Refused {
                instrument: self.id.to_string(),
                asked: query.to_owned(),
                code: 0,
                message: reason.trim().to_owned(),
            };
        }
        // Whoever answers nonsense may be answering somebody else.
        self.suspect = true;
        WireError::Nonsense {
            instrument: self.id.to_string(),
            asked: query.to_owned(),
            answered,
            expected: expected.to_owned(),
        }
    }

    /// Builds the error for a set-point that reads back as something else.
    #[must_use]
    pub fn read_back(&self, command: &str, wanted: &str, read_back: &str) -> WireError {
        WireError::ReadBack {
            instrument: self.id.to_string(),
            asked: command.to_owned(),
            wanted: wanted.to_owned(),
            read_back: read_back.to_owned(),
        }
    }

    fn link_error(&self, asked: &str, source: LinkError) -> WireError {
        WireError::Link {
            instrument: self.id.to_string(),
            address: self.link.address().to_owned(),
            asked: asked.to_owned(),
            source,
        }
    }

    fn fail(&mut self, asked: &str, source: LinkError) -> WireError {
        self.suspect = true;
        self.remark(&source.to_string());
        self.link_error(asked, source)
    }

    fn record(&self, direction: Direction, bytes: &[u8]) {
        self.transcript.take(Message {
            at: self.pace.now(),
            instrument: &self.id,
            direction,
            bytes,
        });
    }

    fn write(&mut self, message: &str) -> Result<()> {
        if !self.dialect.gap.is_zero() {
            let since = self
                .last_message
                .map(|at| self.pace.now().saturating_sub(at));
            if let Some(left) = since.and_then(|since| self.dialect.gap.checked_sub(since)) {
                self.pace.wait(left);
            }
        }
        self.record(Direction::Sent, message.as_bytes());
        let written = self.link.write(message.as_bytes());
        if !self.dialect.gap.is_zero() {
            self.last_message = Some(self.pace.now());
        }
        written.map_err(|error| self.fail(message, error))
    }

    fn read(&mut self, asked: &str, timeout: Duration) -> Result<()> {
        self.reply.clear();
        match self.link.read(&mut self.reply, timeout) {
            Ok(()) => {
                self.record(Direction::Received, &self.reply);
                if !self.dialect.gap.is_zero() {
                    self.last_message = Some(self.pace.now());
                }
                Ok(())
            }
            Err(error) => Err(self.fail(asked, error)),
        }
    }

    fn exchange(&mut self, query: &str, timeout: Duration) -> Result<()> {
        self.write(query)?;
        self.read(query, timeout)
    }

    /// One entry of the error queue.
    fn next_error(&mut self, query: &str) -> Result<Option<(i32, String)>> {
        self.exchange(query, self.dialect.timeout)?;
        match parse_error_entry(&self.reply) {
            Some((0, _)) => Ok(None),
            Some((code, text)) => Ok(Some((code, text.to_owned()))),
            None => Err(self.nonsense(query, "an error number and its text")),
        }
    }

    /// The first entry, after the others were taken out, too: they all belong to this command.
    fn first_error(&mut self, query: &str) -> Result<Option<(i32, String)>> {
        let first = self.next_error(query)?;
        if first.is_some() {
            for _ in 0..LONGEST_QUEUE {
                // What can't be read now will be found by the clean-up of a suspect link.
                if !matches!(self.next_error(query), Ok(Some(_))) {
                    break;
                }
            }
        }
        Ok(first)
    }
}

fn expected_number(unit: &str) -> String {
    format!("a number in {unit}")
}

/// `-222,"Data out of range"`, `+0,"No error"`, `0  No Error`, `0,'No Error'`.
fn parse_error_entry(reply: &[u8]) -> Option<(i32, &str)> {
    let text = std::str::from_utf8(reply).ok()?.trim();
    let end = text
        .char_indices()
        .find(|&(at, c)| !(c.is_ascii_digit() || at == 0 && matches!(c, '+' | '-')))
        .map_or(text.len(), |(at, _)| at);
    let code = text[..end].parse().ok()?;
    let message = text[end..].trim_start_matches([',', ' ']);
    Some((code, message.trim_matches(['"', '\''])))
}
