//! Every exchange, kept for whoever has to explain what happened.

use crate::Printable;
use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Which way a message went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// To the instrument.
    Sent,
    /// From the instrument.
    Received,
    /// Neither: something that happened to the connection.
    Note,
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sent => ">",
            Self::Received => "<",
            Self::Note => "!",
        })
    }
}

/// One message as it passes, borrowed from whoever sent or read it.
#[derive(Debug, Clone, Copy)]
pub struct Message<'a> {
    /// On the bench's clock.
    pub at: Duration,
    /// Id of the instrument.
    pub instrument: &'a Arc<str>,
    /// Which way.
    pub direction: Direction,
    /// What, without its line end.
    pub bytes: &'a [u8],
}

/// Whoever takes messages: the ring in memory, a journal, a file.
pub trait TranscriptSink: Send + Sync {
    /// Takes one message. Called for every message: it must be quick and must not fail.
    fn take(&self, message: Message<'_>);
}

/// Keeps nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoTranscript;

impl TranscriptSink for NoTranscript {
    fn take(&self, _message: Message<'_>) {}
}

/// One message as it was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// Its number, from 0, over all instruments of the transcript.
    pub number: u64,
    /// On the bench's clock.
    pub at: Duration,
    /// Id of the instrument.
    pub instrument: Arc<str>,
    /// Which way.
    pub direction: Direction,
    /// What, without its line end.
    pub bytes: Vec<u8>,
}

impl fmt::Display for Exchange {
    /// `12.340000 psu > MEAS:VOLT?`, seconds first.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            at,
            instrument,
            direction,
            bytes,
            ..
        } = self;
        let (seconds, micros) = (at.as_secs(), at.subsec_micros());
        let text = Printable(bytes);
        write!(f, "{seconds}.{micros:06} {instrument} {direction} {text}")
    }
}

/// A place in a transcript, to ask later for what came after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark(u64);

/// The last messages of a bench, all instruments in one order, in a bounded amount of memory.
///
/// A handle: its clones share the messages.
#[derive(Debug, Clone)]
pub struct Transcript(Arc<Mutex<Ring>>);

#[derive(Debug)]
struct Ring {
    entries: VecDeque<Entry>,
    /// The messages' bytes, end to end, in the order of `entries`.
    bytes: VecDeque<u8>,
    next: u64,
    most_entries: usize,
    most_bytes: usize,
}

#[derive(Debug)]
struct Entry {
    at: Duration,
    instrument: Arc<str>,
    direction: Direction,
    length: usize,
}

impl Transcript {
    /// Keeps at most `entries` messages (one at least) and `bytes` bytes of them; older ones go
    /// first. A message longer than `bytes` is kept cut.
    #[must_use]
    pub fn new(entries: usize, bytes: usize) -> Self {
        Self(Arc::new(Mutex::new(Ring {
            entries: VecDeque::with_capacity(entries.clamp(1, 1 << 16)),
            bytes: VecDeque::with_capacity(bytes.min(1 << 20)),
            next: 0,
            most_entries: entries.max(1),
            most_bytes: bytes,
        })))
    }

    /// Here and now.
    #[must_use]
    pub fn mark(&self) -> Mark {
        Mark(self.ring().next)
    }

    /// What came after `mark`, as far as it's still kept.
    #[must_use]
    pub fn since(&self, mark: Mark) -> Vec<Exchange> {
        let ring = self.ring();
        let first = ring.next - ring.entries.len() as u64;
        let mut offset = 0;
        let mut found = Vec::new();
        for (number, entry) in (first..).zip(&ring.entries) {
            if number >= mark.0 {
                found.push(Exchange {
                    number,
                    at: entry.at,
                    instrument: entry.instrument.clone(),
                    direction: entry.direction,
                    bytes: ring
                        .bytes
                        .range(offset..offset + entry.length)
                        .copied()
                        .collect(),
                });
            }
            offset += entry.length;
        }
        found
    }

    /// Everything still kept.
    #[must_use]
    pub fn all(&self) -> Vec<Exchange> {
        self.since(Mark(0))
    }

    /// How many messages came after `mark` but are no longer kept.
    #[must_use]
    pub fn lost_since(&self, mark: Mark) -> u64 {
        let ring = self.ring();
        (ring.next - ring.entries.len() as u64).saturating_sub(mark.0)
    }

    fn ring(&self) -> MutexGuard<'_, Ring> {
        // A panic elsewhere is when the transcript matters most.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Transcript {
    /// Ten thousand messages, a mebibyte of text.
    fn default() -> Self {
        Self::new(10_000, 1 << 20)
    }
}

impl TranscriptSink for Transcript {
    fn take(&self, message: Message<'_>) {
        self.ring().take(message);
    }
}

impl Ring {
    fn take(&mut self, message: Message<'_>) {
        let kept = &message.bytes[..message.bytes.len().min(self.most_bytes)];
        while self.entries.len() >= self.most_entries
            || self.bytes.len() + kept.len() > self.most_bytes
        {
            let Some(oldest) = self.entries.pop_front() else {
                break;
            };
            self.bytes.drain(..oldest.length);
        }
        self.bytes.extend(kept);
        self.entries.push_back(Entry {
            at: message.at,
            instrument: message.instrument.clone(),
            direction: message.direction,
            length: kept.len(),
        });
        self.next += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::{Direction, Message, Transcript, TranscriptSink};
    use proptest::prelude::*;
    use std::sync::Arc;
    use std::time::Duration;

    fn put(transcript: &Transcript, milliseconds: u64, direction: Direction, bytes: &[u8]) {
        transcript.take(Message {
            at: Duration::from_millis(milliseconds),
            instrument: &Arc::from("psu"),
            direction,
            bytes,
        });
    }

    #[test]
    fn reads_as_a_conversation() {
        let transcript = Transcript::new(10, 100);
        put(&transcript, 0, Direction::Sent, b"*IDN?");
        let mark = transcript.mark();
        put(&transcript, 12, Direction::Received, b"EA,PSB\r");
        put(&transcript, 12_012, Direction::Note, b"no reply within 2s");
        let text: Vec<String> = transcript
            .since(mark)
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(
            text,
            [
                "0.012000 psu < EA,PSB\\r",
                "12.012000 psu ! no reply within 2s"
            ]
        );
        assert_eq!(transcript.all().len(), 3);
    }

    proptest! {
        #[test]
        fn keeps_the_newest_and_never_more_than_it_may(
            messages in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..20), 0..60),
            entries in 1..20_usize,
            bytes in 0..60_usize,
        ) {
            let transcript = Transcript::new(entries, bytes);
            let start = transcript.mark();
            for message in &messages {
                put(&transcript, 1, Direction::Sent, message);
            }
            let kept = transcript.all();
            prop_assert!(kept.len() <= entries);
            prop_assert!(kept.iter().map(|e| e.bytes.len()).sum::<usize>() <= bytes);
            let dropped = usize::try_from(transcript.lost_since(start)).expect("small");
            prop_assert_eq!(dropped + kept.len(), messages.len());
            for (exchange, message) in kept.iter().zip(&messages[dropped..]) {
                prop_assert_eq!(&exchange.bytes[..], &message[..message.len().min(bytes)]);
            }
            prop_assert_eq!(kept.is_empty(), messages.is_empty());
        }
    }
}
