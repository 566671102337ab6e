//! The message that a fault sweep loses, witnessed: a lost command that had no effect would
//! otherwise leave no trace in the record.

use super::equip::Begun;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use wire::{Link, LinkError, MessageCounter, Printable};
use world::World;

/// What was lost, once it was.
#[derive(Debug, Clone, Default)]
pub(crate) struct Losses(Arc<Mutex<Vec<Begun>>>);

impl Losses {
    /// Takes what came since the last call.
    pub(crate) fn take(&self) -> Vec<Begun> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Watches a link on which the message of this number is lost.
    pub(crate) fn witness(
        &self,
        link: Box<dyn Link>,
        id: &str,
        number: u64,
        world: &World,
    ) -> Box<dyn Link> {
        Box::new(Witness {
            link,
            id: id.to_owned(),
            number,
            counter: world.message_counter(),
            world: world.clone(),
            losses: self.clone(),
            last: Vec::new(),
        })
    }
}

struct Witness {
    link: Box<dyn Link>,
    id: String,
    number: u64,
    counter: MessageCounter,
    world: World,
    losses: Losses,
    last: Vec<u8>,
}

impl Witness {
    /// Whether the message that passed since `before` was the one.
    fn note_if_lost(&self, before: u64, what: &str) {
        if before != self.number || self.counter.count() == before {
            return;
        }
        let effect = format!("{}: {what} `{}`", self.id, Printable(&self.last));
        let begun = (
            self.world.now(),
            format!("message {} lost", self.number),
            effect,
        );
        let mut losses = self.losses.0.lock().unwrap_or_else(PoisonError::into_inner);
        losses.push(begun);
    }
}

impl Link for Witness {
    fn write(&mut self, message: &[u8]) -> Result<(), LinkError> {
        self.last.clear();
        self.last.extend_from_slice(message);
        let before = self.counter.count();
        let outcome = self.link.write(message);
        self.note_if_lost(before, "never got");
        outcome
    }

    fn read(&mut self, reply: &mut Vec<u8>, timeout: Duration) -> Result<(), LinkError> {
        let before = self.counter.count();
        let outcome = self.link.read(reply, timeout);
        self.note_if_lost(before, "its reply never came to");
        outcome
    }

    fn clear(&mut self) -> Result<(), LinkError> {
        self.link.clear()
    }

    fn address(&self) -> &str {
        self.link.address()
    }
}
