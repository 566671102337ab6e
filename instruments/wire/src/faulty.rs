//! Links that fail on purpose: by message number, by text or by chance, the same way every time.

use crate::{Link, LinkError, Pace};
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Counts messages of both directions, over as many links as share it.
///
/// So "message 208 of the scenario" means one message of one instrument.
#[derive(Debug, Clone, Default)]
pub struct MessageCounter(Arc<AtomicU64>);

impl MessageCounter {
    /// Starts at zero.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Messages so far.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }

    /// The number of the message that passes now, from 0.
    fn next(&self) -> u64 {
        self.0.fetch_add(1, Ordering::SeqCst)
    }
}

/// What befalls a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It never arrives. Of a reply, the reader notices after its time-out.
    Lose,
    /// It arrives that much later; a reply later than the reader's time-out arrives when the next
    /// one is awaited.
    Delay(Duration),
    /// Only its first bytes arrive.
    Truncate(usize),
    /// One of its bytes arrives as another one.
    Garble,
    /// The connection breaks, and the message with it; only clearing the link mends it.
    Disconnect,
}

/// Which messages a rule is about.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum When {
    /// The one with this number, from 0; written messages and replies count alike.
    Message(u64),
    /// Each from this number on.
    From(u64),
    /// Each with this probability, from 0 to 1.
    Chance(f64),
}

/// A fault and the messages it befalls.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// Which.
    pub when: When,
    /// `Some(true)` only replies, `Some(false)` only written messages.
    pub replies: Option<bool>,
    /// Only written messages that start so, and replies to them; in any case.
    pub starts_with: Option<String>,
    /// What happens to them.
    pub fault: Fault,
}

impl Rule {
    /// A rule for messages of both directions, whatever they say.
    #[must_use]
    pub const fn new(when: When, fault: Fault) -> Self {
        Self {
            when,
            replies: None,
            starts_with: None,
            fault,
        }
    }
}

/// Rules, and the seed that chance comes from. The first rule that matches decides.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Schedule {
    /// Twice the same seed gives twice the same faults.
    pub seed: u64,
    /// In order of precedence.
    pub rules: Vec<Rule>,
}

/// Any link, with faults.
pub struct Faulty<L> {
    inner: L,
    rules: Vec<Rule>,
    random: fastrand::Rng,
    counter: MessageCounter,
    pace: Arc<dyn Pace>,
    broken: bool,
    last_written: Vec<u8>,
    late: VecDeque<Vec<u8>>,
}

impl<L: Link> Faulty<L> {
    /// Wraps `inner`. Time-outs of lost replies and delays pass on `pace`.
    #[must_use]
    pub fn new(inner: L, schedule: Schedule, counter: MessageCounter, pace: Arc<dyn Pace>) -> Self {
        Self {
            inner,
            rules: schedule.rules,
            random: fastrand::Rng::with_seed(schedule.seed),
            counter,
            pace,
            broken: false,
            last_written: Vec::new(),
            late: VecDeque::new(),
        }
    }

    /// The fault that befalls the message passing now.
    fn fate(&mut self, reply: bool) -> Option<Fault> {
        let number = self.counter.next();
        let mut fate = None;
        for rule in &self.rules {
            // Chance is drawn for every rule and message, so that one rule's outcome doesn't
            // shift another's.
            let drawn = match rule.when {
                When::Message(n) => number == n,
                When::From(n) => number >= n,
                When::Chance(probability) => self.random.f64() < probability,
            };
            let direction = rule.replies.is_none_or(|replies| replies == reply);
            let text = rule.starts_with.as_deref().is_none_or(|start| {
                self.last_written
                    .get(..start.len())
                    .is_some_and(|front| front.eq_ignore_ascii_case(start.as_bytes()))
            });
            if drawn && direction && text {
                fate = fate.or(Some(rule.fault));
            }
        }
        fate
    }

    /// One byte becomes another one that's no line end.
    fn garble(&mut self, message: &mut [u8]) {
        if message.is_empty() {
            return;
        }
        let at = self.random.usize(..message.len());
        let before = message[at];
        while message[at] == before || matches!(message[at], b'\n' | b'\r') {
            message[at] = self.random.u8(..);
        }
    }
}

impl<L: Link> Link for Faulty<L> {
    fn write(&mut self, message: &[u8]) -> Result<(), LinkError> {
        if self.broken {
            return Err(LinkError::Closed);
        }
        self.last_written.clear();
        self.last_written.extend_from_slice(message);
        match self.fate(false) {
            None => self.inner.write(message),
            Some(Fault::Lose) => Ok(()),
            Some(Fault::Delay(time)) => {
                self.pace.wait(time);
                self.inner.write(message)
            }
            Some(Fault::Truncate(keep)) => self.inner.write(&message[..keep.min(message.len())]),
            Some(Fault::Garble) => {
                let mut garbled = message.to_vec();
                self.garble(&mut garbled);
                self.inner.write(&garbled)
            }
            Some(Fault::Disconnect) => {
                self.broken = true;
                Err(LinkError::Closed)
            }
        }
    }

    fn read(&mut self, reply: &mut Vec<u8>, timeout: Duration) -> Result<(), LinkError> {
        if self.broken {
            return Err(LinkError::Closed);
        }
        if let Some(late) = self.late.pop_front() {
            reply.extend_from_slice(&late);
            return Ok(());
        }
        let start = reply.len();
        // A reply that doesn't come is no message, and the count must not depend on time-outs.
        self.inner.read(reply, timeout)?;
        match self.fate(true) {
            None => Ok(()),
            Some(Fault::Lose) => {
                reply.truncate(start);
                self.pace.wait(timeout);
                Err(LinkError::TimedOut { timeout })
            }
            Some(Fault::Delay(time)) if time <= timeout => {
                self.pace.wait(time);
                Ok(())
            }
            Some(Fault::Delay(_)) => {
                self.late.push_back(reply.split_off(start));
                self.pace.wait(timeout);
                Err(LinkError::TimedOut { timeout })
            }
            Some(Fault::Truncate(keep)) => {
                reply.truncate(reply.len().min(start + keep));
                Ok(())
            }
            Some(Fault::Garble) => {
                let mut garbled = reply.split_off(start);
                self.garble(&mut garbled);
                reply.append(&mut garbled);
                Ok(())
            }
            Some(Fault::Disconnect) => {
                reply.truncate(start);
                self.broken = true;
                Err(LinkError::Closed)
            }
        }
    }

    fn clear(&mut self) -> Result<(), LinkError> {
        self.inner.clear()?;
        self.broken = false;
        self.late.clear();
        Ok(())
    }

    fn address(&self) -> &str {
        self.inner.address()
    }
}

/// Any link, with one message lost: the tool of fault sweeps.
pub struct LoseOne;

impl LoseOne {
    /// Loses message `nth` (from 0, both directions, all links that share `counter`).
    #[must_use]
    pub fn wrap<L: Link>(
        inner: L,
        nth: u64,
        counter: MessageCounter,
        pace: Arc<dyn Pace>,
    ) -> Faulty<L> {
        let schedule = Schedule {
            seed: 0,
            rules: vec![Rule::new(When::Message(nth), Fault::Lose)],
        };
        Faulty::new(inner, schedule, counter, pace)
    }
}
