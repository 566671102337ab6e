//! A run's folder, and the handle through which everyone writes into it.

use crate::journal::{Journal, JournalError};
use crate::reopen::Replayed;
use crate::{Entry, Event, SampleWriter, Scope};
use std::collections::VecDeque;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// When entries must have reached the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flush {
    /// Before the next action: a real bench.
    EveryEntry,
    /// At the end of each scenario: a bench that can be run again at no cost.
    EveryScenario,
}

/// Where things stand in a run's folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunDirectory(pub PathBuf);

impl RunDirectory {
    /// `journal.ndjson`.
    #[must_use]
    pub fn journal(&self) -> PathBuf {
        self.0.join("journal.ndjson")
    }
    /// `samples/`, one file a scenario.
    #[must_use]
    pub fn samples(&self) -> PathBuf {
        self.0.join("samples")
    }
    /// `inputs/`, copies of every file that went in.
    #[must_use]
    pub fn inputs(&self) -> PathBuf {
        self.0.join("inputs")
    }
}

/// The sample file of one scenario, open for writing.
pub struct SampleFile {
    /// Takes the rows.
    pub writer: SampleWriter<BufWriter<File>>,
    /// Relative to the run.
    pub path: String,
}

/// The one handle to the record of a run; clones write to the same run.
#[derive(Clone)]
pub struct Recorder(Arc<Mutex<Inner>>);

struct Inner {
    sink: Sink,
    directory: Option<RunDirectory>,
    scope: Scope,
    flush: Flush,
    failure: Option<String>,
    /// Entries that stand in the journal already and are about to be lived through again.
    replayed: VecDeque<Replayed>,
}

/// Where entries go.
enum Sink {
    /// Into the chain.
    Journal(Journal<Box<dyn Write + Send>>),
    /// Into memory, until [`Recorder::take_in`] puts them into the chain.
    Kept(Vec<(Duration, Scope, Event)>),
}

impl Sink {
    fn append(&mut self, at: Duration, scope: Scope, event: &Event) -> std::io::Result<()> {
        match self {
            Self::Journal(journal) => journal.append(at.as_secs_f64(), scope, event),
            Self::Kept(kept) => {
                kept.push((at, scope, event.clone()));
                Ok(())
            }
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        match self {
            Self::Journal(journal) => journal.flush(),
            Self::Kept(_) => Ok(()),
        }
    }
}

impl Recorder {
    /// Starts a run in a new folder.
    ///
    /// # Errors
    /// When the folder or its journal can't be made.
    pub fn create(directory: &Path, flush: Flush) -> Result<Self, JournalError> {
        let directory = RunDirectory(directory.to_owned());
        let io = |path: PathBuf| {
            move |source| JournalError::Io {
                path: path.display().to_string(),
                source,
            }
        };
        std::fs::create_dir_all(directory.samples()).map_err(io(directory.samples()))?;
        let file = File::create_new(directory.journal()).map_err(io(directory.journal()))?;
        Ok(Self::over(
            Box::new(BufWriter::new(file)),
            Some(directory),
            flush,
        ))
    }

    /// Records into any writer, without a folder and therefore without samples: tests.
    #[must_use]
    pub fn into_writer(out: Box<dyn Write + Send>) -> Self {
        Self::over(out, None, Flush::EveryEntry)
    }

    fn over(out: Box<dyn Write + Send>, directory: Option<RunDirectory>, flush: Flush) -> Self {
        Self::with(Sink::Journal(Journal::new(out)), directory, flush)
    }

    /// On behind what stands in a folder's journal.
    pub(crate) fn going_on(
        journal: Journal<Box<dyn Write + Send>>,
        directory: RunDirectory,
        flush: Flush,
    ) -> Self {
        Self::with(Sink::Journal(journal), Some(directory), flush)
    }

    fn with(sink: Sink, directory: Option<RunDirectory>, flush: Flush) -> Self {
        Self(Arc::new(Mutex::new(Inner {
            sink,
            directory,
            scope: Scope::default(),
            flush,
            failure: None,
            replayed: VecDeque::new(),
        })))
    }

    /// A recorder for scenarios of the same run that are carried out beside others. It keeps its
    /// entries to itself until [`Recorder::take_in`]; its samples go to the run's folder at once.
    #[must_use]
    pub fn part(&self) -> Self {
        let inner = self.lock();
        Self::with(Sink::Kept(Vec::new()), inner.directory.clone(), inner.flush)
    }

    /// Writes what a [`Recorder::part`] kept, and empties it.
    pub fn take_in(&self, part: &Self) {
        let kept = {
            let mut part = part.lock();
            match &mut part.sink {
                Sink::Kept(kept) => std::mem::take(kept),
                Sink::Journal(_) => Vec::new(),
            }
        };
        let before = self.scope();
        for (at, scope, event) in kept {
            self.enter(scope);
            self.event(at, &event);
        }
        self.enter(before);
    }

    /// Writes one entry under the current scenario and step.
    ///
    /// A journal that can't be written must stop the run, but not the safe state: the failure is
    /// kept, and [`Recorder::check`] tells.
    pub fn event(&self, at: Duration, event: &Event) {
        let mut inner = self.lock();
        let scope = inner.scope;
        if let Some(expected) = inner.replayed.pop_front() {
            if let Err(reason) = expected.compare(at, scope, event) {
                inner.replayed.clear();
                inner.failure.get_or_insert(reason);
            }
            return;
        }
        let written = inner.sink.append(at, scope, event);
        let at_end = matches!(
            event,
            Event::ScenarioFinished { .. } | Event::RunFinished { .. } | Event::Checkpoint { .. }
        );
        let written = match inner.flush {
            Flush::EveryScenario if !at_end => written,
            Flush::EveryEntry | Flush::EveryScenario => written.and_then(|()| inner.sink.flush()),
        };
        if let Err(error) = written {
            inner.failure.get_or_insert_with(|| error.to_string());
        }
    }

    /// Whether everything so far was written.
    ///
    /// # Errors
    /// With the first failure.
    pub fn check(&self) -> Result<(), JournalError> {
        let inner = self.lock();
        let Some(reason) = &inner.failure else {
            return Ok(());
        };
        let path = inner
            .directory
            .as_ref()
            .map_or_else(|| "journal".into(), |d| d.journal().display().to_string());
        Err(JournalError::Io {
            path,
            source: std::io::Error::other(reason.clone()),
        })
    }

    /// From now on as many entries as these are not written: they stand in the journal already, and
    /// what happens now must be the same. The first that isn't is a failure of the record.
    pub fn replay(&self, entries: impl IntoIterator<Item = Entry>) {
        let entries = entries.into_iter().map(Replayed::from);
        self.lock().replayed = entries.collect();
    }

    /// How many of them are still to come.
    #[must_use]
    pub fn to_replay(&self) -> usize {
        self.lock().replayed.len()
    }

    /// From now on entries belong to this scenario and step.
    pub fn enter(&self, scope: Scope) {
        self.lock().scope = scope;
    }

    /// Scenario and step that entries belong to now.
    #[must_use]
    pub fn scope(&self) -> Scope {
        self.lock().scope
    }

    /// The run's folder, if it has one.
    #[must_use]
    pub fn directory(&self) -> Option<RunDirectory> {
        self.lock().directory.clone()
    }

    /// Starts the sample file of the current scenario; `None` for a recorder without a folder.
    ///
    /// # Errors
    /// When the file can't be made.
    pub fn samples(&self, columns: &[String]) -> Result<Option<SampleFile>, JournalError> {
        let inner = self.lock();
        let Some(directory) = &inner.directory else {
            return Ok(None);
        };
        let name = format!("{:04}.csv", inner.scope.scenario.unwrap_or(0));
        let path = directory.samples().join(&name);
        let failed = |source: std::io::Error| JournalError::Io {
            path: path.display().to_string(),
            source,
        };
        let file = File::create(&path).map_err(failed)?;
        let writer = SampleWriter::new(BufWriter::new(file), columns)
            .map_err(|error| failed(error.into()))?;
        Ok(Some(SampleFile {
            writer,
            path: format!("samples/{name}"),
        }))
    }

    /// Hash of the journal's last line; zeros for a part, which has none yet.
    #[must_use]
    pub fn head(&self) -> String {
        match &self.lock().sink {
            Sink::Journal(journal) => journal.head(),
            Sink::Kept(_) => crate::journal::hex(&[0; 32]),
        }
    }

    /// Hands everything written so far to the operating system.
    pub fn flush(&self) {
        let mut inner = self.lock();
        if let Err(error) = inner.sink.flush() {
            inner.failure.get_or_insert_with(|| error.to_string());
        }
    }

    // A panic elsewhere must not keep the safe state out of the journal.
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
