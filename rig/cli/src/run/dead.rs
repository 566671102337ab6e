//! A driver without an instrument, for questions that only its model answers.

use anyhow::Result;
use api::Driver;
use std::sync::Arc;
use std::time::Duration;
use wire::{Link, LinkError, Transcript};

/// A driver on a link that leads nowhere: it knows its ratings and can do nothing.
///
/// # Errors
/// When there's no such driver, or its cards make no sense.
pub(crate) fn dead_driver(id: &str, instrument: &config::Instrument) -> Result<Box<dyn Driver>> {
    let clock: Arc<dyn api::Clock> = Arc::new(super::WallClock::start());
    super::equip::open_driver(
        id,
        instrument,
        Box::new(Nowhere),
        &clock,
        &Transcript::new(1, 0),
        None,
    )
}

struct Nowhere;

impl Link for Nowhere {
    fn write(&mut self, _message: &[u8]) -> Result<(), LinkError> {
        Err(LinkError::Closed)
    }
    fn read(&mut self, _reply: &mut Vec<u8>, _timeout: Duration) -> Result<(), LinkError> {
        Err(LinkError::Closed)
    }
    fn clear(&mut self) -> Result<(), LinkError> {
        Err(LinkError::Closed)
    }
    fn address(&self) -> &str {
        "nowhere"
    }
}
