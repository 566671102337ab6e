//! One software instrument.

use std::collections::BTreeMap;

use crate::fault::Fault;
use crate::frame::{Frame, Framed};
use crate::lines::Lines;
use crate::scpi::Scpi;
use crate::switch::{Cards, Switch};
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

/// What understands the messages.
enum Engine {
    Scpi(Box<Scpi>),
    Lines(Box<Lines>),
}

/// Longest message an instrument takes, in bytes.
const INPUT_CAP: usize = 1 << 16;

/// A software instrument: bytes in, bytes out.
pub struct Instrument {
    engine: Engine,
    own: Option<Conversation>,
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
        let (model, variant) = catalogue.find(&spec.model, spec.variant.as_deref())?;
        let engine = match model.table(variant) {
            Some(table) => {
                let slots = if spec.cards.is_empty() {
                    &model.raw.slots
                } else {
                    &spec.cards
                };
                let cards = Cards::new(&model.raw, slots).map_err(|(slot, card, reason)| {
                    SimError::Card {
                        model: spec.model.clone(),
                        card,
                        slot,
                        reason,
                    }
                })?;
                let switch = Switch::new(cards);
                let scpi = Scpi::new(table, spec.serial.as_deref(), switch, terminals);
                Engine::Scpi(Box::new(scpi))
            }
            None => {
                let lines = Lines::new(&model.raw, variant, terminals);
                let file = spec.model.clone();
                Engine::Lines(Box::new(
                    lines.map_err(|message| SimError::Dialect { file, message })?,
                ))
            }
        };
        let mut instrument = Self { engine, own: None };
        instrument.own = Some(instrument.conversation());
        Ok(instrument)
    }

    /// Takes bytes from a client; each complete message is executed at once.
    ///
    /// Answers queue up as on a stream until they are taken.
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

    /// Brings to now what happens by time alone, as when nobody has spoken to it for too long.
    pub fn tick(&mut self) {
        if let Engine::Scpi(scpi) = &mut self.engine {
            scpi.tick();
        }
    }

    /// Switches the instrument off and on again: outputs off, relays open, settings as after
    /// power-on.
    pub fn power_cycle(&mut self) {
        match &mut self.engine {
            Engine::Scpi(scpi) => scpi.power_on(),
            Engine::Lines(lines) => lines.power_on(),
        }
    }

    /// Puts another unit of the same model in its place: one with this serial number, just switched
    /// on. A model that doesn't tell its serial number is only switched off and on.
    pub fn exchange_for(&mut self, serial: &str) {
        self.power_cycle();
        if let Engine::Scpi(scpi) = &mut self.engine {
            scpi.rename(serial);
        }
    }

    /// When something will happen by time alone, unless somebody speaks before.
    #[must_use]
    pub fn next_wakeup(&self) -> Option<std::time::Duration> {
        match &self.engine {
            Engine::Scpi(scpi) => scpi.watchdog_ends(),
            Engine::Lines(_) => None,
        }
    }

    /// A further client.
    pub(crate) fn conversation(&self) -> Conversation {
        Conversation {
            frame: Frame::new(INPUT_CAP),
            output: Vec::with_capacity(256),
        }
    }

    /// Bytes of one client's stream.
    pub(crate) fn receive_on(&mut self, client: &mut Conversation, bytes: &[u8]) {
        let mut rest = bytes;
        while !rest.is_empty() {
            let (taken, framed) = client.frame.take(rest);
            rest = &rest[taken..];
            match framed {
                Some(Framed::Message) => {
                    let message = client.frame.message();
                    self.message(&message, &mut client.output);
                    client.frame.put_back(message);
                }
                Some(Framed::Overrun) => self.report(Fault::INPUT_OVERRUN),
                None => {}
            }
        }
    }

    /// One whole message over a link that keeps messages apart: an answer that nobody has read is
    /// lost to the next message, and both sides of that are errors.
    pub(crate) fn exchange(&mut self, client: &mut Conversation, message: &[u8]) {
        if !client.output.is_empty() {
            client.output.clear();
            self.report(Fault::INTERRUPTED);
        }
        self.receive_on(client, message);
        self.receive_on(client, b"\n");
    }

    /// Somebody reads and there is nothing to be read.
    pub(crate) fn read_without_query(&mut self) {
        self.report(Fault::UNTERMINATED);
    }

    /// Device clear: forgets what one client has sent and what it has not read.
    pub(crate) fn device_clear(&mut self, client: &mut Conversation) {
        client.frame.clear();
        client.output.clear();
    }

    fn message(&mut self, message: &[u8], out: &mut Vec<u8>) {
        match &mut self.engine {
            Engine::Scpi(scpi) => scpi.message(message, out),
            Engine::Lines(lines) => lines.message(message, out),
        }
    }

    fn report(&mut self, fault: Fault) {
        match &mut self.engine {
            Engine::Scpi(scpi) => scpi.report(fault),
            // There is nowhere to keep an error.
            Engine::Lines(_) => {}
        }
    }
}
