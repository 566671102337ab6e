//! Going on with the journal of a run whose process died.

use crate::journal::{Entry, Journal, JournalError, line_hash};
use crate::run::{Flush, Recorder, RunDirectory};
use crate::{Event, Scope};
use std::fs::OpenOptions;
use std::io::{BufWriter, Seek as _, SeekFrom};
use std::path::Path;
use std::time::Duration;

/// What stood in a journal that is gone on with.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Left {
    /// Time of the last entry, on the bench's clock.
    pub at: Duration,
    /// The scenario that had begun and not ended.
    pub open_scenario: Option<u32>,
    /// Whether the run had ended.
    pub finished: bool,
    /// Bytes of an entry that was in flight when the process died; they were taken away.
    pub torn_bytes: usize,
    /// Scenarios that had ended.
    pub ended: u32,
}

impl Left {
    fn take_in(&mut self, entry: &Entry) {
        self.at = Duration::try_from_secs_f64(entry.at_s).unwrap_or_default();
        match &entry.event {
            Event::ScenarioStarted { .. } => self.open_scenario = entry.scope.scenario,
            Event::ScenarioFinished { .. } => {
                self.open_scenario = None;
                self.ended += 1;
            }
            Event::RunFinished { .. } => self.finished = true,
            _ => {}
        }
    }
}

/// An entry that is lived through again.
pub(crate) struct Replayed {
    seq: u64,
    text: String,
}

impl Replayed {
    /// Whether this is what happens now.
    pub(crate) fn compare(&self, at: Duration, scope: Scope, event: &Event) -> Result<(), String> {
        let now = text(at.as_secs_f64(), scope, event);
        if now == self.text {
            return Ok(());
        }
        Err(format!(
            "entry {} of the journal is {}, and what happened again is {now}: something else was run before, so it can't be gone on with",
            self.seq, self.text
        ))
    }
}

impl From<Entry> for Replayed {
    fn from(entry: Entry) -> Self {
        Self {
            seq: entry.seq,
            text: text(entry.at_s, entry.scope, &entry.event),
        }
    }
}

/// As it's written: what isn't a number is null in both.
fn text(at_s: f64, scope: Scope, event: &Event) -> String {
    let event = serde_json::to_string(event).unwrap_or_default();
    format!(
        "at {at_s} s in {:?}.{:?} {event}",
        scope.scenario, scope.step
    )
}

impl Recorder {
    /// Goes on with the journal in a run's folder: the chain continues behind the last whole entry,
    /// and entries belong to the scenario that was under way. An entry that was cut off is removed.
    ///
    /// # Errors
    /// When the journal can't be opened, or doesn't hold together.
    pub fn reopen(directory: &Path, flush: Flush) -> Result<(Self, Left), JournalError> {
        let directory = RunDirectory(directory.to_owned());
        let path = directory.journal();
        let shown = path.display().to_string();
        let io = |source| JournalError::Io {
            path: shown.clone(),
            source,
        };
        let text = std::fs::read(&path).map_err(io)?;
        let whole = text
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |at| at + 1);
        let mut left = Left {
            torn_bytes: text.len() - whole,
            ..Left::default()
        };
        let (mut seq, kept) = (0, &text[..whole]);
        crate::read_journal(&shown, kept, |entry| {
            seq = entry.seq;
            left.take_in(&entry);
        })?;
        let last = kept.split(|byte| *byte == b'\n').rev().nth(1);
        let prev = last.map_or([0; 32], line_hash);
        let mut file = OpenOptions::new().write(true).open(&path).map_err(io)?;
        file.set_len(whole as u64).map_err(io)?;
        file.seek(SeekFrom::End(0)).map_err(io)?;
        let journal = Journal::behind(
            Box::new(BufWriter::new(file)) as Box<dyn std::io::Write + Send>,
            seq,
            prev,
        );
        let recorder = Self::going_on(journal, directory, flush);
        recorder.enter(Scope {
            scenario: left.open_scenario,
            step: None,
        });
        Ok((recorder, left))
    }
}
