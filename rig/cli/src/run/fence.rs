//! Between a runner and its instruments: nothing is written any more once the bench is another's.

use super::lock::Fence;
use std::time::Duration;
use wire::{Link, LinkError};

/// A link that asks before each message whether the bench is still ours.
pub(crate) struct Fenced<L> {
    link: L,
    fence: Fence,
}

impl<L: Link> Fenced<L> {
    pub(crate) fn new(link: L, fence: Fence) -> Self {
        Self { link, fence }
    }
}

impl<L: Link> Link for Fenced<L> {
    fn write(&mut self, message: &[u8]) -> Result<(), LinkError> {
        self.fence.check().map_err(LinkError::Io)?;
        self.link.write(message)
    }

    fn read(&mut self, reply: &mut Vec<u8>, timeout: Duration) -> Result<(), LinkError> {
        self.link.read(reply, timeout)
    }

    fn clear(&mut self) -> Result<(), LinkError> {
        self.fence.check().map_err(LinkError::Io)?;
        self.link.clear()
    }

    fn address(&self) -> &str {
        self.link.address()
    }
}
