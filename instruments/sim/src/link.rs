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
        instrument.execute(&mut self.conversation, message);
        Ok(())
    }

    fn read(&mut self, reply: &mut Vec<u8>, timeout: Duration) -> Result<(), LinkError> {
        if self.conversation.output.is_empty() {
            self.pace.wait(timeout);
            return Err(LinkError::TimedOut { timeout });
        }
        let output = &mut self.conversation.output;
        let end = output.len();
        reply.extend_from_slice(&output[..end]);
        output.clear();
        Ok(())
    }

    fn clear(&mut self) -> Result<(), LinkError> {
        self.conversation.output.clear();
        Ok(())
    }

    fn address(&self) -> &str {
        &self.address
    }
}
