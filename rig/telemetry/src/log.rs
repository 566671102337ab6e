//! What a receiver noticed besides the reports it hands on.

use crate::{DecodeError, Finding, RecordType};
use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Entries a log keeps; when nobody takes them the oldest go, and are counted.
pub const LOG_CAPACITY: usize = 1000;

/// One thing that a receiver noticed.
#[derive(Debug, Clone, PartialEq)]
pub enum Observation {
    /// A report that was handed on has something odd about it, which the one before had not.
    Odd(Finding),
    /// A report that makes no sense and was withheld.
    Noise(Vec<Finding>),
    /// A device sends and sends, but its data counter stands still.
    Frozen {
        /// Where it stands.
        counter: u16,
        /// When it was first seen there.
        since: Duration,
    },
    /// Two different payloads with the same counter. The first was kept.
    CounterReused {
        /// The counter.
        counter: u16,
    },
    /// No record, or cut off too early.
    Unreadable(DecodeError),
    /// A record of unknown layout, decrypted.
    Raw {
        /// Which.
        record: RecordType,
        /// Its data counter.
        counter: u16,
        /// Its payload.
        payload: Vec<u8>,
    },
}

impl fmt::Display for Observation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Odd(finding) => finding.fmt(f),
            Self::Noise(findings) => {
                let reasons: Vec<String> = findings.iter().map(ToString::to_string).collect();
                write!(
                    f,
                    "withheld a report that makes no sense: {}",
                    reasons.join("; ")
                )
            }
            Self::Frozen { counter, since } => write!(
                f,
                "sends on, but its data counter stands at {counter} since {:.1} s",
                since.as_secs_f64()
            ),
            Self::CounterReused { counter } => write!(
                f,
                "sent two different reports with data counter {counter}; the second was ignored"
            ),
            Self::Unreadable(error) => error.fmt(f),
            Self::Raw {
                record,
                counter,
                payload,
            } => write!(
                f,
                "{record} record {counter}, of unknown layout: {}",
                hex::encode(payload)
            ),
        }
    }
}

/// An observation, of whom and when.
#[derive(Debug, Clone, PartialEq)]
pub struct LogEntry {
    /// On the bench's clock.
    pub at: Duration,
    /// Name of the device in the receiver's set-up.
    pub device: String,
    /// What was noticed.
    pub observation: Observation,
}

impl fmt::Display for LogEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.device, self.observation)
    }
}

/// A handle on a receiver's log. Clones are the same log, so that whoever writes the journal can
/// keep one when the receiver itself has gone into the bench.
#[derive(Debug, Clone, Default)]
pub struct ReceiverLog(Arc<Mutex<Entries>>);

#[derive(Debug, Default)]
struct Entries {
    kept: VecDeque<LogEntry>,
    dropped: u64,
}

impl ReceiverLog {
    fn entries(&self) -> MutexGuard<'_, Entries> {
        // Whoever panicked while holding it can't have left the queue half changed.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn push(&self, entry: LogEntry) {
        let mut entries = self.entries();
        if entries.kept.len() == LOG_CAPACITY {
            entries.kept.pop_front();
            entries.dropped += 1;
        }
        entries.kept.push_back(entry);
    }

    /// Takes what has been noticed since the last time, oldest first, and how many entries before it
    /// were dropped for want of room.
    #[must_use]
    pub fn take(&self) -> (Vec<LogEntry>, u64) {
        let mut entries = self.entries();
        let dropped = std::mem::take(&mut entries.dropped);
        (entries.kept.drain(..).collect(), dropped)
    }
}
