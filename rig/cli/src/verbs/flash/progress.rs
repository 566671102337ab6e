//! How far programming is: a bar on a terminal, a line a step elsewhere.

use api::{BoardKind, FlashProgress, FlashStep};
use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal as _;

/// On standard error, so that the result can be piped.
pub(super) struct Progress {
    board: BoardKind,
    step: Option<FlashStep>,
    bar: Option<ProgressBar>,
    terminal: bool,
}

impl Progress {
    pub(super) fn new(board: BoardKind) -> Self {
        Self {
            board,
            step: None,
            bar: None,
            terminal: std::io::stderr().is_terminal(),
        }
    }

    /// It is so far.
    pub(super) fn is(&mut self, news: FlashProgress) {
        if self.step != Some(news.step) {
            self.finish();
            self.step = Some(news.step);
            if self.terminal {
                self.bar = Some(bar(news.step));
            } else {
                crate::run::say(&format!("{}: {}", self.board, news.step));
            }
        }
        if let Some(bar) = &self.bar {
            if let Some(total) = news.total {
                bar.set_length(total);
            }
            bar.set_position(news.done);
        }
    }

    /// The step under way is over; its line stays.
    pub(super) fn finish(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.abandon();
        }
    }
}

fn bar(step: FlashStep) -> ProgressBar {
    let bar = ProgressBar::new(0).with_message(step.to_string());
    match ProgressStyle::with_template("{msg:<40} {bar:30} {bytes}/{total_bytes} {elapsed}") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
