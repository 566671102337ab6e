//! Work with a probe, on a thread of its own: it may block as it likes, and be left to itself.

use crate::flasher::ProbeSetup;
use api::{FlashError, FlashProgress, FlashState, FlashStep, OnProgress};
use probe_rs::flashing::FlashError as TheirError;
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::mpsc::{self, RecvTimeoutError, SyncSender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How far a piece of work is, as both threads see it.
#[derive(Debug)]
struct Stand {
    step: FlashStep,
    state: FlashState,
    stop: Option<String>,
}

/// What the working thread has.
pub(crate) struct Work {
    pub(crate) setup: Arc<ProbeSetup>,
    stand: Arc<Mutex<Stand>>,
    tell: SyncSender<FlashProgress>,
}

/// Unwinds through `probe-rs`, which has no way to cancel.
struct AskedToStop;

fn lock(stand: &Mutex<Stand>) -> MutexGuard<'_, Stand> {
    stand.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Work {
    /// A step begins.
    pub(crate) fn begin(&self, step: FlashStep) -> Result<(), FlashError> {
        lock(&self.stand).step = step;
        self.tell(step, 0, None)
    }

    /// Flash is in this state from now on.
    pub(crate) fn is_now(&self, state: FlashState) {
        lock(&self.stand).state = state;
    }

    /// A step is so far.
    pub(crate) fn tell(
        &self,
        step: FlashStep,
        done: u64,
        total: Option<u64>,
    ) -> Result<(), FlashError> {
        // Nobody listens any more when the work was given up.
        let _not_awaited = self.tell.send(FlashProgress { step, done, total });
        match self.asked_to_stop() {
            Some(reason) => Err(self.stopped(reason)),
            None => Ok(()),
        }
    }

    /// The same where no error can be returned.
    pub(crate) fn tell_or_unwind(&self, step: FlashStep, done: u64, total: Option<u64>) {
        let mut stand = lock(&self.stand);
        stand.step = step;
        if step == FlashStep::Verify {
            stand.state = FlashState::Unproven;
        }
        drop(stand);
        if self.tell(step, done, total).is_err() {
            resume_unwind(Box::new(AskedToStop));
        }
    }

    fn asked_to_stop(&self) -> Option<String> {
        lock(&self.stand).stop.clone()
    }

    fn stopped(&self, reason: String) -> FlashError {
        let stand = lock(&self.stand);
        FlashError::Stopped {
            board: self.setup.board,
            probe: self.setup.name(),
            step: stand.step,
            reason,
            state: stand.state,
        }
    }

    /// The step under way failed.
    pub(crate) fn failed(&self, error: &(dyn std::error::Error + 'static)) -> FlashError {
        let stand = lock(&self.stand);
        let advice = if is_refused(error) {
            REFUSED
        } else {
            advice(stand.step, stand.state)
        };
        self.step_failed(&stand, causes(error), advice)
    }

    pub(crate) fn failed_with(&self, answered: String) -> FlashError {
        let stand = lock(&self.stand);
        let advice = advice(stand.step, stand.state);
        self.step_failed(&stand, answered, advice)
    }

    fn step_failed(&self, stand: &Stand, answered: String, advice: &str) -> FlashError {
        FlashError::Step {
            board: self.setup.board,
            probe: self.setup.name(),
            step: stand.step,
            answered,
            state: stand.state,
            advice: advice.to_owned(),
        }
    }
}

/// What to try when the chip works, and says no.
const REFUSED: &str = "program it again; if that fails too, this place of its flash is protected against writing or worn out: take the protection off, or replace the board";

/// Whether the flash algorithm ran to its end and said that it couldn't.
fn is_refused(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(TheirError::RoutineCallFailed { .. }) = error.downcast_ref() {
            return true;
        }
        next = error.source();
    }
    false
}

/// What to try when a step fails.
fn advice(step: FlashStep, state: FlashState) -> &'static str {
    match (step, state) {
        (_, FlashState::Partial) => {
            "check the cable and the board's supply, and program it again: that recovers it"
        }
        (FlashStep::TakeOver, _) => {
            "where all of flash was erased, program the boot loader and then this again; else switch the board off and on"
        }
        (FlashStep::Find, _) => "unplug the probe and plug it in again, or end what else uses it",
        (FlashStep::Attach | FlashStep::Identify, _) => {
            "check the board's supply and the cable to it; firmware that sleeps or uses the debug pins needs `under_reset: true` in the bench file"
        }
        (_, FlashState::Unproven) => {
            "check the cable and the board's supply, and program it again until it verifies"
        }
        (_, FlashState::Untouched | FlashState::Proven) => {
            "check the cable and the board's supply, and repeat"
        }
    }
}

/// Does `work` on a thread of its own, and listens to how far it is.
///
/// # Errors
/// What the work says; [`FlashError::Silent`] when nothing was heard of it for the setup's patience;
/// [`FlashError::Stopped`] when `progress` says so.
pub(crate) fn perform<T: Send + 'static>(
    setup: &Arc<ProbeSetup>,
    progress: OnProgress<'_>,
    work: impl FnOnce(&Work) -> Result<T, FlashError> + Send + 'static,
) -> Result<T, FlashError> {
    let stand = Arc::new(Mutex::new(Stand {
        step: FlashStep::Find,
        state: FlashState::Untouched,
        stop: None,
    }));
    // No news waits while older ones are looked at: so whoever says stop is heard at the next.
    let (tell, told) = mpsc::sync_channel(0);
    let context = Work {
        setup: setup.clone(),
        stand: stand.clone(),
        tell,
    };
    let (answer, answered) = mpsc::channel();
    let body = move || {
        let done = catch_unwind(AssertUnwindSafe(|| work(&context)));
        let outcome = done.unwrap_or_else(|payload| Err(unwound(&context, &*payload)));
        let _not_awaited = answer.send(outcome);
    };
    let name = format!("probe of {}", setup.board);
    let thread = std::thread::Builder::new().name(name).spawn(body);
    if let Err(error) = thread {
        return Err(FlashError::Step {
            board: setup.board,
            probe: setup.name(),
            step: FlashStep::Find,
            answered: format!("no thread to work on: {error}"),
            state: FlashState::Untouched,
            advice: "end something else on this machine".to_owned(),
        });
    }
    listen(setup, &stand, &told, progress)?;
    // The sender of progress is dropped together with the work's context, after the answer.
    answered
        .recv_timeout(setup.patience)
        .unwrap_or_else(|_| Err(silent(setup, &stand, setup.patience)))
}

fn listen(
    setup: &ProbeSetup,
    stand: &Mutex<Stand>,
    told: &mpsc::Receiver<FlashProgress>,
    progress: OnProgress<'_>,
) -> Result<(), FlashError> {
    loop {
        match told.recv_timeout(setup.patience) {
            Ok(news) => {
                if let Err(stopped) = progress(news) {
                    lock(stand).stop.get_or_insert(stopped.reason);
                }
            }
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
            Err(RecvTimeoutError::Timeout) => return Err(silent(setup, stand, setup.patience)),
        }
    }
}

fn silent(setup: &ProbeSetup, stand: &Mutex<Stand>, waited: Duration) -> FlashError {
    let mut stand = lock(stand);
    stand.stop.get_or_insert("given up".to_owned());
    FlashError::Silent {
        board: setup.board,
        probe: setup.name(),
        step: stand.step,
        waited,
        state: stand.state,
    }
}

fn unwound(work: &Work, payload: &(dyn Any + Send)) -> FlashError {
    if payload.is::<AskedToStop>() {
        return work.stopped(work.asked_to_stop().unwrap_or_default());
    }
    let text = payload
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| payload.downcast_ref::<&str>().copied())
        .unwrap_or("a panic without text");
    work.failed_with(format!("probe-rs panicked: {text}"))
}

/// Texts that tell nobody anything.
const IDLE: [&str; 2] = [
    "An ARM specific error occurred",
    "An error occurred in the communication with an access port or debug port",
];

/// What an error says with all its causes, in one line.
pub(crate) fn causes(error: &dyn std::error::Error) -> String {
    let mut texts: Vec<String> = Vec::new();
    let mut next = Some(error);
    while let Some(error) = next {
        let text = trimmed(&error.to_string());
        let known = texts.iter().any(|told| told.ends_with(&text));
        if !known && !IDLE.contains(&text.as_str()) {
            texts.push(text);
        }
        next = error.source();
    }
    texts.join(": ")
}

fn trimmed(text: &str) -> String {
    let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    one_line.trim_end_matches('.').to_owned()
}
