//! How far it has got: a bar on a terminal, plain lines elsewhere.

use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal as _;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Counts pieces of work. On standard error, so that the matrix can be piped.
pub(super) struct Progress {
    bar: Option<ProgressBar>,
    all: usize,
    done: AtomicUsize,
}

impl Progress {
    pub(super) fn new(all: usize) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new(all as u64);
            let template = "{bar:30} {pos}/{len} {elapsed} (about {eta} to go) {msg}";
            match ProgressStyle::with_template(template) {
                Ok(style) => bar.with_style(style),
                Err(_) => bar,
            }
        });
        Self {
            bar,
            all,
            done: AtomicUsize::new(0),
        }
    }

    /// A piece is done; without a terminal every tenth part of them is told.
    pub(super) fn done(&self, what: &str) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        match &self.bar {
            Some(bar) => {
                bar.set_message(what.to_owned());
                bar.inc(1);
            }
            None => {
                if is_told(done, self.all) {
                    crate::run::say(&format!("qualify: {done} of {} done; {what}", self.all));
                }
            }
        }
    }

    pub(super) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// Whether this piece completes another tenth.
fn is_told(done: usize, all: usize) -> bool {
    all > 0 && done * 10 / all > (done - 1) * 10 / all
}

#[cfg(test)]
mod tests {
    use super::is_told;

    #[test]
    fn ten_lines_at_most() {
        for (all, told) in [(1, 1), (7, 7), (10, 10), (400, 10), (1003, 10)] {
            let lines = (1..=all).filter(|done| is_told(*done, all)).count();
            assert_eq!(lines, told, "{all} pieces");
            assert!(is_told(all, all), "the end of {all} is told");
        }
    }
}
