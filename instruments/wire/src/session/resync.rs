//! Back to a link where the next answer belongs to the next question, and to an instrument that is
//! still the one it was.

use super::{LONGEST_QUEUE, Peer, Result, Session};
use crate::{Direction, ErrorReport, LinkError, Printable, WireError};

/// Stale answers thrown away before a resynchronisation counts as failed.
const STALE_ANSWERS: usize = 8;
/// Of the event status register.
const POWER_ON: i64 = 1 << 7;

impl Session {
    /// Cleans a suspect link up before `asked` is sent on it.
    pub(super) fn make_sure(&mut self, asked: &str) -> Result<()> {
        if !self.suspect {
            return Ok(());
        }
        self.remark("clearing the link");
        if let Err(error) = self.link.clear() {
            return Err(self.fail(asked, error));
        }
        self.resynchronise(asked)?;
        // Entries that an interrupted exchange left behind would be blamed on the next command.
        if let ErrorReport::Queue { query } = self.dialect.errors {
            for _ in 0..LONGEST_QUEUE {
                if self.next_error(query)?.is_none() {
                    break;
                }
            }
        }
        self.suspect = false;
        self.make_sure_it_stayed_on(asked)
    }

    /// Says once that an instrument was switched off and on since it was cleared.
    fn make_sure_it_stayed_on(&mut self, asked: &str) -> Result<()> {
        // One that was never identified wasn't cleared either.
        let (Some(query), Some(_)) = (self.dialect.power_on, &self.unchanging) else {
            return Ok(());
        };
        self.exchange(query, self.dialect.timeout)?;
        let answer = std::str::from_utf8(&self.reply).ok();
        match answer.and_then(|text| text.trim().parse::<i64>().ok()) {
            Some(events) if events & POWER_ON != 0 => {
                self.remark("it was switched off and on");
                self.restarted = true;
                Err(WireError::Restarted {
                    instrument: self.id.to_string(),
                    asked: asked.to_owned(),
                })
            }
            // One without such a register doesn't tell, as far as we can ask.
            Some(_) | None => Ok(()),
        }
    }

    /// Asks the question whose answer is known, and reads until that answer comes.
    fn resynchronise(&mut self, asked: &str) -> Result<()> {
        let (Some(query), Some(known)) = (self.dialect.resync, self.unchanging.take()) else {
            return Ok(());
        };
        let before = std::mem::replace(&mut self.peer, Peer::Silent);
        let outcome = self.read_until_known(query, &known);
        let outcome = match outcome {
            Ok(()) => {
                self.peer = Peer::Known;
                Ok(())
            }
            Err(WireError::Nonsense { .. }) => {
                self.peer = Peer::Other(self.reply.clone());
                // One strange answer may be a bad line's; the same one twice is somebody's name.
                if self.peer == before {
                    Err(WireError::Stranger {
                        instrument: self.id.to_string(),
                        asked: asked.to_owned(),
                        found: Printable(&self.reply).to_string(),
                        before: Printable(&known).to_string(),
                    })
                } else {
                    outcome
                }
            }
            Err(_) => outcome,
        };
        self.unchanging = Some(known);
        outcome
    }

    fn read_until_known(&mut self, query: &str, known: &[u8]) -> Result<()> {
        self.write(query)?;
        self.unanswered += 1;
        let mut other = None;
        for _ in 0..STALE_ANSWERS {
            match (self.read(query, self.dialect.timeout), other.take()) {
                (Ok(()), _) if self.reply == known => {
                    self.unanswered -= 1;
                    return self.await_silence();
                }
                (Ok(()), _) => other = Some(self.reply.clone()),
                // Somebody answered, and there's nobody else to wait for.
                (Err(_), Some(answer)) => {
                    self.reply = answer;
                    break;
                }
                (Err(error), None) => return Err(error),
            }
        }
        Err(self.nonsense(query, "what it answered before"))
    }

    /// The known answer may have been to an earlier resync query: then ours is still to come.
    fn await_silence(&mut self) -> Result<()> {
        while self.unanswered > 0 {
            self.reply.clear();
            match self.link.read(&mut self.reply, self.dialect.timeout) {
                Ok(()) => self.record(Direction::Received, &self.reply),
                Err(LinkError::TimedOut { .. }) => self.unanswered = 0,
                Err(error) => return Err(self.fail("", error)),
            }
        }
        Ok(())
    }
}
