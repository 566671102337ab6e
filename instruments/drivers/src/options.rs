//! What the bench hands to a driver besides its link.

use api::Clock;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use units::{Amps, Volts};
use wire::{Pace, TranscriptSink};

/// Limits from the bench file, tighter than the model's own.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Limits {
    /// Highest voltage set-point.
    pub voltage: Option<Volts>,
    /// Highest current set-point, source or sink.
    pub current: Option<Amps>,
}

/// What the bench hands to a driver besides its link.
#[derive(Clone)]
pub struct Options {
    /// For stamps, gaps between messages and waits.
    pub clock: Arc<dyn Clock>,
    /// Where every message goes.
    pub transcript: Arc<dyn TranscriptSink>,
    /// How long an answer may take; `None` leaves it to the driver.
    pub timeout: Option<Duration>,
    /// Limits that the driver refuses to pass.
    pub limits: Limits,
    /// Cards of a switch unit by slot, as the bench file writes them: `34921A`.
    pub cards: BTreeMap<u8, String>,
    /// How soon an instrument that has a watchdog of its own turns its outputs off when nobody
    /// talks to it; armed when it's prepared. `None` leaves it as it is.
    pub watchdog: Option<Duration>,
}

impl Options {
    /// No limits, no cards, the driver's own time-out.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>, transcript: Arc<dyn TranscriptSink>) -> Self {
        Self {
            clock,
            transcript,
            timeout: None,
            limits: Limits::default(),
            cards: BTreeMap::new(),
            watchdog: None,
        }
    }
}

/// The bench's clock as sessions want it.
pub(crate) struct ClockPace(pub(crate) Arc<dyn Clock>);

impl Pace for ClockPace {
    fn now(&self) -> Duration {
        self.0.now()
    }
    fn wait(&self, time: Duration) {
        // Gaps are milliseconds: a cancelled run outlives them, and making safe needs them.
        self.0.sleep_through(time);
    }
}
