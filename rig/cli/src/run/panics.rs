//! Where a panic happened: cucumber's runner silences the hook and keeps the text only.

use std::cell::RefCell;
use std::sync::{Mutex, PoisonError};

static ELSEWHERE: Mutex<Vec<String>> = Mutex::new(Vec::new());

thread_local! {
    static HERE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Installs a hook that remembers instead of printing. cucumber puts the former one back.
pub(crate) fn remember() {
    std::panic::set_hook(Box::new(|info| {
        let place = info
            .location()
            .map(|place| format!("{}:{}", place.file(), place.line()))
            .unwrap_or_default();
        HERE.with_borrow_mut(|here| *here = Some(place.clone()));
        let thread = std::thread::current();
        if thread.name() != Some("main") {
            let mut elsewhere = ELSEWHERE.lock().unwrap_or_else(PoisonError::into_inner);
            let name = thread.name().unwrap_or("a thread without name");
            elsewhere.push(format!("{name} panicked at {place}"));
        }
    }));
}

/// Where this thread panicked last, once.
pub(crate) fn place_here() -> Option<String> {
    HERE.with_borrow_mut(Option::take)
}

/// Panics of other threads since the last call.
pub(crate) fn elsewhere() -> Vec<String> {
    std::mem::take(&mut *ELSEWHERE.lock().unwrap_or_else(PoisonError::into_inner))
}
