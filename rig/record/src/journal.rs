//! The journal: one JSON object a line, numbered, each carrying the hash of the line before it.

use crate::{Event, Scope};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::io::{BufRead, Write};

/// One line of a journal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// From 1, without gaps.
    pub seq: u64,
    /// On the bench's clock.
    pub at_s: f64,
    /// Scenario and step it belongs to.
    #[serde(flatten)]
    pub scope: Scope,
    /// What happened.
    #[serde(flatten)]
    pub event: Event,
    /// SHA-256 of the line before this one (its bytes without the line feed); zeros for the first.
    pub prev: String,
}

/// Why a journal can't be written or believed.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The file system refused.
    #[error("{path}: {source}")]
    Io {
        /// File or folder.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// A line that is no entry.
    #[error("{path}:{line}: not a journal entry: {reason}")]
    Line {
        /// The journal.
        path: String,
        /// From 1.
        line: u64,
        /// What the parser said.
        reason: String,
    },
    /// A line whose number or hash doesn't follow from the line before.
    #[error(
        "{path}:{line}: the chain is broken here: {reason}; this line or the one before it was altered"
    )]
    Chain {
        /// The journal.
        path: String,
        /// From 1.
        line: u64,
        /// What doesn't fit.
        reason: String,
    },
}

/// Writes entries, chained.
pub struct Journal<W: Write> {
    out: W,
    seq: u64,
    prev: [u8; 32],
    line: Vec<u8>,
}

impl<W: Write> Journal<W> {
    /// A journal that starts here.
    pub fn new(out: W) -> Self {
        Self {
            out,
            seq: 0,
            prev: [0; 32],
            line: Vec::with_capacity(512),
        }
    }

    /// A journal that goes on behind entry `seq`, whose line has the hash `prev`.
    pub(crate) fn behind(out: W, seq: u64, prev: [u8; 32]) -> Self {
        Self {
            seq,
            prev,
            ..Self::new(out)
        }
    }

    /// Writes one entry.
    ///
    /// # Errors
    /// When the output refuses it.
    pub fn append(&mut self, at_s: f64, scope: Scope, event: &Event) -> std::io::Result<()> {
        #[derive(Serialize)]
        struct Line<'a> {
            seq: u64,
            at_s: f64,
            #[serde(flatten)]
            scope: Scope,
            #[serde(flatten)]
            event: &'a Event,
            prev: String,
        }
        self.seq += 1;
        self.line.clear();
        let line = Line {
            seq: self.seq,
            at_s,
            scope,
            event,
            prev: hex(&self.prev),
        };
        serde_json::to_writer(&mut self.line, &line)?;
        self.prev = Sha256::digest(&self.line).into();
        self.line.push(b'\n');
        self.out.write_all(&self.line)
    }

    /// What was written.
    #[must_use]
    pub fn into_output(self) -> W {
        self.out
    }

    /// Hands everything to the output.
    ///
    /// # Errors
    /// When it refuses.
    pub fn flush(&mut self) -> std::io::Result<()> {
        self.out.flush()
    }

    /// Hash of the last line, hexadecimal.
    #[must_use]
    pub fn head(&self) -> String {
        hex(&self.prev)
    }
}

/// Reads a journal and checks its chain, handing over one entry at a time.
///
/// # Errors
/// At the first line that can't be read, is no entry, or breaks the chain.
pub fn read_journal(
    path: &str,
    input: impl BufRead,
    mut each: impl FnMut(Entry),
) -> Result<(), JournalError> {
    let mut prev = hex(&[0; 32]);
    for (line, number) in input.split(b'\n').zip(1u64..) {
        let line = line.map_err(|source| JournalError::Io {
            path: path.to_owned(),
            source,
        })?;
        let entry: Entry = serde_json::from_slice(&line).map_err(|error| JournalError::Line {
            path: path.to_owned(),
            line: number,
            reason: error.to_string(),
        })?;
        let broken = |reason: String| JournalError::Chain {
            path: path.to_owned(),
            line: number,
            reason,
        };
        if entry.seq != number {
            return Err(broken(format!(
                "entry {} stands where {number} should",
                entry.seq
            )));
        }
        if entry.prev != prev {
            return Err(broken(format!(
                "it follows {}, the line before is {prev}",
                entry.prev
            )));
        }
        prev = hex(&Sha256::digest(&line));
        each(entry);
    }
    Ok(())
}

/// What the next entry calls the line before it.
pub(crate) fn line_hash(line: &[u8]) -> [u8; 32] {
    Sha256::digest(line).into()
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            write!(text, "{byte:02x}").expect("writing to a string can't fail");
            text
        })
}

#[cfg(test)]
mod tests {
    use super::{Journal, read_journal};
    use crate::{Event, Scope, Verdict};

    fn journal() -> Vec<u8> {
        let mut journal = Journal::new(Vec::new());
        let scope = Scope {
            scenario: Some(1),
            step: Some(2),
        };
        journal
            .append(
                0.0,
                Scope::default(),
                &Event::Note {
                    text: "begin".into(),
                },
            )
            .unwrap();
        journal
            .append(
                1.5,
                scope,
                &Event::Command {
                    role: "cell 1".into(),
                    action: "3.300 V".into(),
                },
            )
            .unwrap();
        journal
            .append(
                2.0,
                scope,
                &Event::StepFinished {
                    verdict: Verdict::Pass,
                    reason: String::new(),
                },
            )
            .unwrap();
        journal.out
    }

    #[test]
    fn what_was_written_is_read_back() {
        let mut seen = Vec::new();
        read_journal("run.ndjson", &journal()[..], |entry| {
            seen.push((entry.seq, entry.at_s, entry.event))
        })
        .unwrap();
        assert_eq!(seen.len(), 3);
        assert_eq!(
            seen[1].2,
            Event::Command {
                role: "cell 1".into(),
                action: "3.300 V".into()
            }
        );
    }

    #[test]
    fn a_value_that_was_not_measured_leaves_the_journal_readable() {
        let reading = crate::Reading {
            value: f64::NAN,
            unit: "V".into(),
            uncertainty: f64::NAN,
            instrument: "dmm".into(),
            at_s: 1.0,
        };
        let judged = crate::judge(
            "3.2-01",
            "threshold",
            crate::Limit::AtLeast(3.0),
            reading,
            crate::DecisionRule::GuardBand,
        );
        let mut journal = Journal::new(Vec::new());
        let event = Event::Judgement(judged);
        journal.append(0.0, Scope::default(), &event).unwrap();
        let mut seen = Vec::new();
        read_journal("run.ndjson", &journal.out[..], |entry| {
            seen.push(entry.event)
        })
        .unwrap();
        let Event::Judgement(judgement) = &seen[0] else {
            panic!("{seen:?}");
        };
        assert_eq!(judgement.verdict, Verdict::Error);
        let crate::Observed::Reading(reading) = &judgement.observed else {
            panic!("{judgement:?}");
        };
        assert!(reading.value.is_nan() && reading.uncertainty.is_nan());
    }

    #[test]
    fn any_altered_byte_is_found() {
        let whole = journal();
        for at in 0..whole.len() - 1 {
            let mut altered = whole.clone();
            altered[at] ^= 1;
            // The last line has no successor to witness for it: the manifest keeps its hash.
            let last_line = whole[..whole.len() - 1]
                .iter()
                .rposition(|&b| b == b'\n')
                .unwrap();
            if at < last_line {
                assert!(
                    read_journal("run.ndjson", &altered[..], |_| ()).is_err(),
                    "byte {at} altered unnoticed"
                );
            }
        }
    }
}
