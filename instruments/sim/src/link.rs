//! The way to a software instrument without a socket in between.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use wire::{Link, LinkError, Pace};

use crate::instrument::{Conversation, Instrument};

/// A link to an instrument in the same process. Exchanges take no time; only a missing answer
/// does, on the pace.
pub struct InProcess {
    instrument: Arc<Mutex<Instrument>>,
    pace: Arc<dyn Pace>,
    address: String,
    conversation: Conversation,
}

impl InProcess {
    /// Connects. `address` is what [`Link::address`] says.
    #[must_use]
    pub fn new(instrument: Arc<Mutex<Instrument>>, pace: Arc<dyn Pace>, address: String) -> Self {
        let conversation = instrument
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .conversation();
        Self {
            instrument,
            pace,
            address,
            conversation,
        }
    }
}

impl Link for InProcess {
    fn write(&mut self, message: &[u8]) -> Result<(), LinkError> {
        let mut instrument = self
            .instrument
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        instrument.exchange(&mut self.conversation, message);
        Ok(())
    }

    fn read(&mut self, reply: &mut Vec<u8>, timeout: Duration) -> Result<(), LinkError> {
        let output = &mut self.conversation.output;
        if output.is_empty() {
            let mut instrument = self
                .instrument
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            instrument.read_without_query();
            // The instrument may have to change while time passes: not with the lock held.
            drop(instrument);
            self.pace.wait(timeout);
            return Err(LinkError::TimedOut { timeout });
        }
        let message = output.strip_suffix(b"\n").unwrap_or(output);
        let message = message.strip_suffix(b"\r").unwrap_or(message);
        reply.extend_from_slice(message);
        output.clear();
        Ok(())
    }

    fn clear(&mut self) -> Result<(), LinkError> {
        let mut instrument = self
            .instrument
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        instrument.device_clear(&mut self.conversation);
        Ok(())
    }

    fn address(&self) -> &str {
        &self.address
    }
}
