//! Where a panic happened: cucumber's runner silences the hook and keeps the text only.

use std::cell::{Cell, RefCell};
use std::sync::{Mutex, PoisonError};
use std::thread::ThreadId;

static ELSEWHERE: Mutex<Vec<(ThreadId, String)>> = Mutex::new(Vec::new());

thread_local! {
    static HERE: RefCell<Option<String>> = const { RefCell::new(None) };
    static STEPS_RUN_HERE: Cell<bool> = const { Cell::new(false) };
}

/// What to call on a panic.
type Hook = Box<dyn Fn(&std::panic::PanicHookInfo<'_>) + Sync + Send>;

/// How many runs are under way in this process, and the hook that was there before the first.
static BEFORE: Mutex<(usize, Option<Hook>)> = Mutex::new((0, None));

/// While one of these lives, panics are remembered instead of printed. cucumber swaps the hook of
/// the whole process for its own and back: with several runs at a time, one would otherwise put
/// the printing hook back under another.
pub(crate) struct Remembering(());

impl Remembering {
    pub(crate) fn begin() -> Self {
        let mut before = BEFORE.lock().unwrap_or_else(PoisonError::into_inner);
        if before.0 == 0 {
            before.1 = Some(std::panic::take_hook());
            remember();
        }
        before.0 += 1;
        Self(())
    }
}

impl Drop for Remembering {
    fn drop(&mut self) {
        let mut before = BEFORE.lock().unwrap_or_else(PoisonError::into_inner);
        before.0 -= 1;
        // Hooks can't be changed while a thread panics: then the process is about to end anyway.
        if before.0 == 0
            && !std::thread::panicking()
            && let Some(hook) = before.1.take()
        {
            std::panic::set_hook(hook);
        }
    }
}

/// Installs a hook that remembers instead of printing.
pub(crate) fn remember() {
    std::panic::set_hook(Box::new(|info| {
        let place = info
            .location()
            .map(|place| format!("{}:{}", place.file(), place.line()))
            .unwrap_or_default();
        HERE.with_borrow_mut(|here| *here = Some(place.clone()));
        let thread = std::thread::current();
        if !STEPS_RUN_HERE.get() {
            let mut elsewhere = ELSEWHERE.lock().unwrap_or_else(PoisonError::into_inner);
            let name = thread.name().unwrap_or("a thread without name");
            elsewhere.push((thread.id(), format!("{name} panicked at {place}")));
        }
    }));
}

/// Says that this thread runs steps: whoever calls them asks [`place_here`].
pub(crate) fn steps_run_here() {
    STEPS_RUN_HERE.set(true);
}

/// Where this thread panicked last, once.
pub(crate) fn place_here() -> Option<String> {
    HERE.with_borrow_mut(Option::take)
}

/// Panics of this thread since the last call: of a bench's, by whoever waits for it.
pub(crate) fn of(thread: ThreadId) -> Vec<String> {
    take(|id| id == thread)
}

/// Panics that nobody asked for.
pub(crate) fn left_over() -> Vec<String> {
    take(|_| true)
}

fn take(which: impl Fn(ThreadId) -> bool) -> Vec<String> {
    let mut elsewhere = ELSEWHERE.lock().unwrap_or_else(PoisonError::into_inner);
    let taken = elsewhere.extract_if(.., |(id, _)| which(*id));
    taken.map(|(_, text)| text).collect()
}
