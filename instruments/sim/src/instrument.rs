//! One software instrument.

use std::collections::BTreeMap;

use crate::frame::{Frame, Framed};
use crate::{Catalogue, SimError, Terminals};

/// Which instrument to make.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct InstrumentSpec {
    /// The dialect: `rs-ngm202`.
    pub model: String,
    /// Which of the models that share the dialect; the first one when `None`.
    pub variant: Option<String>,
    /// Serial number that `*IDN?` tells; the dialect's own when `None`.
    pub serial: Option<String>,
    /// Cards by slot; those of the dialect when empty.
    pub cards: BTreeMap<u8, String>,
}

/// One client's side of an instrument: what it has sent and not yet read.
#[derive(Debug)]
pub(crate) struct Conversation {
    frame: Frame,
    pub(crate) output: Vec<u8>,
}

/// A software instrument: bytes in, bytes out.
pub struct Instrument {
    own: Option<Conversation>,
    terminals: Box<dyn Terminals>,
}

impl Instrument {
    /// Makes an instrument in its power-on state, all outputs off.
    ///
    /// # Errors
    /// [`SimError::UnknownModel`], [`SimError::UnknownVariant`] or [`SimError::Card`].
    pub fn new(
        catalogue: &Catalogue,
        spec: &InstrumentSpec,
        terminals: Box<dyn Terminals>,
    ) -> Result<Self, SimError> {
        let _ = (catalogue, spec);
        let mut instrument = Self {
            own: None,
            terminals,
        };
        instrument.own = Some(instrument.conversation());
        Ok(instrument)
    }

    /// Takes bytes from a client; each complete message is executed at once.
    pub fn receive(&mut self, bytes: &[u8]) {
        if let Some(mut own) = self.own.take() {
            self.receive_on(&mut own, bytes);
            self.own = Some(own);
        }
    }

    /// Appends what the instrument has answered since it was last asked, terminators included.
    pub fn take_output(&mut self, into: &mut Vec<u8>) {
        if let Some(own) = &mut self.own {
            into.append(&mut own.output);
        }
    }

    /// A further client.
    pub(crate) fn conversation(&self) -> Conversation {
        Conversation {
            frame: Frame::new(1 << 16),
            output: Vec::new(),
        }
    }

    pub(crate) fn receive_on(&mut self, client: &mut Conversation, bytes: &[u8]) {
        let mut rest = bytes;
        while !rest.is_empty() {
            let (taken, framed) = client.frame.take(rest);
            rest = &rest[taken..];
            match framed {
                Some(Framed::Message) => {
                    let message = client.frame.message();
                    self.execute(client, &message);
                    client.frame.put_back(message);
                }
                Some(Framed::Overrun) | None => {}
            }
        }
    }

    pub(crate) fn execute(&mut self, client: &mut Conversation, message: &[u8]) {
        let _ = (client, message, self.terminals.now());
    }
}
