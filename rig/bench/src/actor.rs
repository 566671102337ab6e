//! A bench on a thread of its own: jobs go in, nothing waits for a blocked one.

use crate::safe::said;
use crate::{Bench, BenchError, SafeState};
use api::Cancel;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{JoinHandle, ThreadId};

/// Work for the bench's thread.
pub type Job = Box<dyn FnOnce(&mut Bench) + Send>;

/// Why a job wasn't done.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ActorError {
    /// The thread couldn't be started.
    #[error("no thread for bench {name}: {reason}")]
    Thread {
        /// Name of the actor.
        name: String,
        /// What the system said.
        reason: String,
    },
    /// The bench couldn't be opened.
    #[error(transparent)]
    NotOpened(#[from] BenchError),
    /// The job panicked; the bench was made safe.
    #[error("panicked: {reason}; {state}")]
    Panicked {
        /// What the panic said.
        reason: String,
        /// Whether the bench is proven safe since.
        state: String,
    },
    /// The thread has ended.
    #[error("the bench is closed")]
    Closed,
}

/// The owner of a bench. Jobs run one after the other, in the order of submission, on one thread.
///
/// A panic in a job is caught and the bench made safe; later jobs find it so. Dropping the actor
/// lets the job under way end, makes the bench safe and ends the thread: whoever drops it while a
/// job may be waiting for something cancels first ([`Actor::cancel`]).
pub struct Actor {
    jobs: Option<Sender<(u64, Job)>>,
    submitted: AtomicU64,
    thread: Option<JoinHandle<()>>,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    opened: Option<Result<(), ActorError>>,
    cancel: Option<Cancel>,
    /// Whether the thread has ended.
    ended: bool,
    /// By the number of the job, from 1.
    panics: Vec<(u64, ActorError)>,
    safe: Option<SafeState>,
}

impl Actor {
    /// Starts the thread and opens the bench on it; returns at once. [`Actor::wait_opened`] tells
    /// how that went; `open` itself may tell it to whoever can't block.
    ///
    /// # Errors
    /// When the system has no thread left.
    pub fn spawn(
        name: &str,
        open: impl FnOnce() -> Result<Bench, BenchError> + Send + 'static,
    ) -> Result<Self, ActorError> {
        let (jobs, queue) = mpsc::channel();
        let shared = Arc::new(Shared::default());
        let theirs = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name(name.to_owned())
            .spawn(move || {
                let _tells = Ending(&theirs);
                theirs.work(open, queue);
            })
            .map_err(|error| ActorError::Thread {
                name: name.to_owned(),
                reason: error.to_string(),
            })?;
        Ok(Self {
            jobs: Some(jobs),
            submitted: AtomicU64::new(0),
            thread: Some(thread),
            shared,
        })
    }

    /// Its thread, as long as it wasn't closed.
    #[must_use]
    pub fn thread_id(&self) -> Option<ThreadId> {
        self.thread.as_ref().map(|thread| thread.thread().id())
    }

    /// Waits until the bench is open.
    ///
    /// # Errors
    /// When it couldn't be; whatever was reached is safe by then.
    pub fn wait_opened(&self) -> Result<(), ActorError> {
        let state = self
            .shared
            .changed
            .wait_while(self.shared.lock(), |state| {
                state.opened.is_none() && !state.ended
            })
            .unwrap_or_else(PoisonError::into_inner);
        state.opened.clone().unwrap_or(Err(ActorError::Closed))
    }

    /// Queues a job. What it has to say it sends itself; a job that panics drops its channel, and
    /// [`Actor::last_panic`] has the reason.
    ///
    /// # Errors
    /// When the bench couldn't be opened or the thread has ended.
    pub fn submit(&self, job: Job) -> Result<(), ActorError> {
        self.send(job).map(|_| ())
    }

    fn send(&self, job: Job) -> Result<u64, ActorError> {
        let jobs = self.jobs.as_ref().ok_or(ActorError::Closed)?;
        let number = self.submitted.fetch_add(1, Ordering::Relaxed) + 1;
        jobs.send((number, job)).map_err(|_| self.why_not())?;
        Ok(number)
    }

    /// Runs a job and waits for what it returns.
    ///
    /// # Errors
    /// As [`Actor::submit`]; also when the job panicked.
    pub fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Bench) -> T + Send + 'static,
    ) -> Result<T, ActorError> {
        let (answer, answered) = mpsc::channel();
        let number = self.send(Box::new(move |bench| {
            // Whoever asked may have gone.
            let _ = answer.send(job(bench));
        }))?;
        answered.recv().map_err(|_| self.after(number))
    }

    /// Why a job that was queued gave no answer, once it's over and the bench was made safe.
    fn after(&self, number: u64) -> ActorError {
        let state = self
            .shared
            .changed
            .wait_while(self.shared.lock(), |state| {
                !state.ended && !state.panics.iter().any(|(job, _)| *job == number)
            })
            .unwrap_or_else(PoisonError::into_inner);
        let panic = state.panics.iter().find(|(job, _)| *job == number);
        match (panic, &state.opened) {
            (Some((_, panic)), _) => panic.clone(),
            (None, Some(Err(error))) => error.clone(),
            (None, Some(Ok(())) | None) => ActorError::Closed,
        }
    }

    /// Cancels whatever the bench is doing: its next wait ends with
    /// [`BenchError::Stopped`](crate::BenchError::Stopped). Does nothing before it's open.
    pub fn cancel(&self, reason: &str) {
        if let Some(cancel) = &self.shared.lock().cancel {
            cancel.cancel(reason);
        }
    }

    /// The newest panic of a job, with what became of the bench.
    #[must_use]
    pub fn last_panic(&self) -> Option<ActorError> {
        let state = self.shared.lock();
        state.panics.last().map(|(_, panic)| panic.clone())
    }

    /// Lets the queued jobs end, makes the bench safe and ends the thread. `None` where the bench
    /// was never open.
    #[must_use]
    pub fn close(mut self) -> Option<SafeState> {
        self.end();
        self.shared.lock().safe.clone()
    }

    fn end(&mut self) {
        drop(self.jobs.take());
        if let Some(thread) = self.thread.take() {
            // Its panics are caught inside.
            let _ = thread.join();
        }
    }

    fn why_not(&self) -> ActorError {
        match &self.shared.lock().opened {
            Some(Err(error)) => error.clone(),
            Some(Ok(())) | None => ActorError::Closed,
        }
    }
}

impl Drop for Actor {
    fn drop(&mut self) {
        self.end();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.lock());
        self.changed.notify_all();
    }

    fn work(&self, open: impl FnOnce() -> Result<Bench, BenchError>, queue: Receiver<(u64, Job)>) {
        let opened = catch_unwind(AssertUnwindSafe(open)).map_or_else(
            |panic| {
                Err(ActorError::Panicked {
                    reason: said(&*panic),
                    state: "the bench was not open".into(),
                })
            },
            |outcome| outcome.map_err(ActorError::NotOpened),
        );
        let mut bench = match opened {
            Ok(bench) => bench,
            Err(error) => return self.set(|state| state.opened = Some(Err(error))),
        };
        self.set(|state| {
            state.cancel = Some(bench.cancel().clone());
            state.opened = Some(Ok(()));
        });
        for (number, job) in queue {
            let outcome = catch_unwind(AssertUnwindSafe(|| job(&mut bench)));
            if let Err(panic) = outcome {
                let reason = said(&*panic);
                bench.warn(format!("panicked: {reason}"));
                let state = bench.make_safe(&format!("panicked: {reason}")).in_words();
                let panic = ActorError::Panicked { reason, state };
                self.set(|shared| shared.panics.push((number, panic)));
            }
        }
        let safe = bench.close("the bench was closed");
        self.set(|state| state.safe = Some(safe));
    }
}

/// Says that the thread has ended, however it did.
struct Ending<'a>(&'a Shared);

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        self.0.set(|state| state.ended = true);
    }
}
