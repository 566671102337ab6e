//! The bench of a scenario, on its own thread, as steps reach it.

use super::control::Control;
use super::panics;
use crate::{StepError, StepResult};
use api::Cancel;
use bench::{Actor, Bench, Parts, SafeState};
use futures::channel::oneshot::{self, Receiver};
use record::Verdict;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::ThreadId;
use std::time::Duration;

/// How often a waiting step looks whether the run was cancelled.
const LOOK: Duration = Duration::from_millis(50);

/// How long a cancelled bench may take to come back before its thread is given up: longer than the
/// slowest instrument's time-out.
pub(crate) const GRACE: Duration = Duration::from_secs(15);

/// How long making safe may take before the bench counts as not safe.
const SAFE_BUDGET: Duration = Duration::from_secs(60);

/// The bench of a scenario.
pub(crate) struct Station {
    config: Arc<config::Bench>,
    actor: Mutex<Option<Actor>>,
    thread: Option<ThreadId>,
    cancel: Cancel,
    control: Control,
    lost: AtomicBool,
}

impl Station {
    /// Opens a bench on a thread of its own and waits for it.
    ///
    /// # Errors
    /// When it can't be opened; whatever was reached is safe by then.
    pub(crate) async fn open(parts: Parts, control: Control) -> (Self, StepResult) {
        let (config, cancel) = (parts.config.clone(), parts.cancel.clone());
        let (tell, told) = oneshot::channel();
        let actor = Actor::spawn(&config.name.clone(), move || {
            let opened = Bench::open(parts);
            let _not_awaited = tell.send(opened.as_ref().map(|_| ()).map_err(Clone::clone));
            opened
        });
        let (actor, refused) = match actor {
            Ok(actor) => (Some(actor), None),
            Err(error) => (None, Some(StepError::new(Verdict::Error, error))),
        };
        let station = Self {
            config,
            thread: actor.as_ref().and_then(Actor::thread_id),
            actor: Mutex::new(actor),
            cancel,
            control,
            lost: AtomicBool::new(false),
        };
        let outcome = match refused {
            Some(error) => Err(error),
            None => station.wait(told).await.and_then(|opened| Ok(opened?)),
        };
        (station, outcome)
    }

    pub(crate) fn config(&self) -> &config::Bench {
        &self.config
    }

    /// Where its panics were since the last call.
    pub(crate) fn panics(&self) -> Vec<String> {
        self.thread.map(panics::of).unwrap_or_default()
    }

    /// Whether its thread was given up.
    pub(crate) fn is_lost(&self) -> bool {
        self.lost.load(Ordering::Relaxed)
    }

    /// Runs `work` on the bench's thread.
    ///
    /// # Errors
    /// When the bench is gone, or the run was cancelled and the bench doesn't come back.
    pub(crate) async fn call<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Bench) -> T + Send + 'static,
    ) -> StepResult<T> {
        let (answer, answered) = oneshot::channel();
        let job = move |bench: &mut Bench| {
            // Nobody waits any more when the step was given up.
            let _not_awaited = answer.send(work(bench));
        };
        match &*self.actor() {
            Some(actor) => actor
                .submit(Box::new(job))
                .map_err(|error| StepError::new(Verdict::Error, error))?,
            None => return Err(self.gone()),
        }
        self.wait(answered).await
    }

    async fn wait<T>(&self, mut answer: Receiver<T>) -> StepResult<T> {
        let mut cancelled_for = Duration::ZERO;
        loop {
            match tokio::time::timeout(LOOK, &mut answer).await {
                Ok(Ok(value)) => return Ok(value),
                Ok(Err(_)) => return Err(self.gone()),
                Err(_) => {}
            }
            let Err(stopped) = self.cancel.check() else {
                continue;
            };
            cancelled_for += LOOK;
            if cancelled_for >= GRACE {
                self.lost.store(true, Ordering::Relaxed);
                let verdict = match self.control.stopped() {
                    Some((verdict, _)) => verdict,
                    None => Verdict::Error,
                };
                let text = format!(
                    "{stopped}; bench {} did not come back within {GRACE:?}",
                    self.config.name
                );
                return Err(StepError::new(verdict, anyhow::anyhow!(text)));
            }
        }
    }

    /// Makes the bench safe and ends its thread. `None` when it never was open.
    ///
    /// # Errors
    /// When the thread doesn't answer in time: then nothing is proven.
    pub(crate) async fn close(&self) -> StepResult<Option<SafeState>> {
        let Some(actor) = self.actor().take() else {
            return Err(self.gone());
        };
        let (tell, told) = oneshot::channel();
        let name = format!("closes {}", self.config.name);
        let close = move || {
            let _not_awaited = tell.send(actor.close());
        };
        if let Err(error) = std::thread::Builder::new().name(name).spawn(close) {
            // The actor was dropped with the closure, which makes safe but tells nobody.
            return Err(StepError::error(format_args!(
                "no thread to close bench {}: {error}",
                self.config.name
            )));
        }
        let budget = if self.is_lost() { GRACE } else { SAFE_BUDGET };
        match tokio::time::timeout(budget, told).await {
            Ok(Ok(state)) => Ok(state),
            Ok(Err(_)) => Err(self.gone()),
            Err(_) => Err(StepError::error(format_args!(
                "bench {} did not answer within {budget:?}",
                self.config.name
            ))),
        }
    }

    fn actor(&self) -> std::sync::MutexGuard<'_, Option<Actor>> {
        self.actor.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn gone(&self) -> StepError {
        StepError::error(format_args!(
            "the thread of bench {} has ended",
            self.config.name
        ))
    }
}
