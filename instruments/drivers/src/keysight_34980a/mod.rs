//! Keysight 34980A and its smaller relatives DAQ970A and 34970A: a meter, multiplexers, relays and
//! digital ports in one frame.
//!
//! Commands: the manual as public drivers cite it. A channel is slot and number, `3001` or `301`; a
//! byte of a 34950A is `5101`. Scan lists come back sorted and without duplicates, so readings are handed
//! out by channel, not by place.

mod cards;

use crate::core::{Core, Result, instrument_basics, translate};
use crate::{OpenError, Options};
use api::{
    Capability, ChannelId, DigitalIo, Driver, Identity, Instrument, InstrumentError, Meter, Switch,
    ThermocoupleType,
};
pub(crate) use cards::{FRAME_34970A, FRAME_34980A, FRAME_DAQ970A, Frame};
use cards::{Kind, Layout, list};
use std::time::Duration;
use units::{Celsius, Quantity, Volts};
use wire::{Dialect, Link, parse_bool};

/// Most channels in one message, well below the instrument's input buffer.
const MOST_CHANNELS: usize = 100;

pub(crate) struct Keysight34980a {
    core: Core,
    layout: Layout,
    model: &'static str,
}

impl Keysight34980a {
    pub(crate) fn new(
        id: &str,
        link: Box<dyn Link>,
        options: &Options,
        frame: &'static Frame,
    ) -> std::result::Result<Self, OpenError> {
        let wrong = |problem| OpenError::Cards {
            instrument: id.to_owned(),
            problem,
            model: frame.model,
        };
        if options.cards.is_empty() {
            return Err(wrong("no card is named".to_owned()));
        }
        let cards = options
            .cards
            .iter()
            .map(|(slot, name)| (*slot, name.as_str()));
        let layout = Layout::new(frame, cards).map_err(wrong)?;
        let dialect = Dialect {
            // A scan of forty armature channels takes 2 s, at one power-line cycle each with
            // autozero. Longer would mean to be blind for longer.
            timeout: Duration::from_secs(4),
            ..Dialect::SCPI
        };
        Ok(Self {
            core: Core::new(id, link, dialect, options),
            layout,
            model: frame.model,
        })
    }

    fn check(&self, channels: &[ChannelId], kind: Kind) -> Result<()> {
        for channel in channels {
            if self
                .layout
                .bank(*channel)
                .is_none_or(|bank| bank.kind != kind)
            {
                let what = match kind {
                    Kind::Multiplexer => "input of a multiplexer in",
                    Kind::Relays => "relay of",
                    Kind::Digital => "port of",
                };
                let what = format!("{what} this {}", self.model);
                return Err(self.core.no_channel(*channel, &what));
            }
        }
        Ok(())
    }

    /// One reading a channel, in the order asked for.
    fn scan(&mut self, header: &str, unit: &str, channels: &[ChannelId]) -> Result<Vec<f64>> {
        self.check(channels, Kind::Multiplexer)?;
        if channels.is_empty() {
            return Ok(Vec::new());
        }
        let mut sorted = channels.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        let mut readings = Vec::with_capacity(sorted.len());
        for part in sorted.chunks(MOST_CHANNELS) {
            let query = format!("{header}{}", list(part));
            let numbers = self.core.session.query_numbers(&query, unit, part.len());
            readings.extend(numbers.map_err(|error| overload(translate(error)))?);
        }
        Ok(channels
            .iter()
            .filter_map(|channel| sorted.binary_search(channel).ok())
            .map(|place| readings[place])
            .collect())
    }

    fn states(&mut self, channels: &[ChannelId]) -> Result<Vec<bool>> {
        let mut states = Vec::with_capacity(channels.len());
        for part in channels.chunks(MOST_CHANNELS) {
            let query = format!("ROUT:CLOS? {}", list(part));
            let answer = self.core.query(&query)?;
            let read: Option<Vec<bool>> = answer.split(',').map(parse_bool).collect();
            match read {
                Some(read) if read.len() == part.len() => states.extend(read),
                _ => {
                    let expected = format!("{} times 1 or 0", part.len());
                    return Err(self.core.nonsense(&query, &expected));
                }
            }
        }
        Ok(states)
    }

    fn switch_relays(&mut self, channels: &[ChannelId], closed: bool) -> Result<()> {
        let header = if closed { "ROUT:CLOS" } else { "ROUT:OPEN" };
        for part in channels.chunks(MOST_CHANNELS) {
            let command = format!("{header} {}", list(part));
            self.core.command(&command)?;
            let states = self.states(part)?;
            if let Some(at) = states.iter().position(|state| *state != closed) {
                let name = |closed| if closed { "closed" } else { "open" };
                let found = format!("{} {}", part[at], name(!closed));
                return Err(self.core.read_back(&command, name(closed), &found));
            }
        }
        Ok(())
    }
}

/// Says what SCPI's 9.9E37 means at this instrument.
fn overload(error: InstrumentError) -> InstrumentError {
    match error {
        InstrumentError::Nonsense {
            instrument,
            asked,
            answered,
            expected,
        } if answered.to_ascii_uppercase().contains("E+37") => InstrumentError::Nonsense {
            instrument,
            asked,
            answered,
            expected: format!("{expected}; 9.9E+37 is an overload, as of an open thermocouple"),
        },
        other => other,
    }
}

impl Instrument for Keysight34980a {
    instrument_basics!();

    fn identity(&mut self) -> Result<Identity> {
        self.core.identity()
    }

    fn capability(&self, channel: ChannelId) -> Option<Capability> {
        self.layout.capability(channel)
    }

    /// Checks that the cards are those of the bench file, and opens every relay.
    fn prepare(&mut self) -> Result<()> {
        let found = self.core.identity()?;
        if found.model != self.model {
            return Err(InstrumentError::Identity {
                instrument: self.core.id().to_owned(),
                found: found.model,
                expected: self.model.to_owned(),
            });
        }
        self.core.command("*CLS")?;
        let slots: Vec<_> = self.layout.slots().collect();
        for (slot, card) in slots {
            let answer = self.core.query(&format!("SYST:CTYP? {slot}"))?;
            let model = answer.split(',').nth(1).unwrap_or_default().trim();
            if !model.starts_with(card.model) {
                return Err(InstrumentError::Identity {
                    instrument: format!("{}, slot {slot},", self.core.id()),
                    found: if model == "0" {
                        "empty slot".into()
                    } else {
                        model.to_owned()
                    },
                    expected: card.model.to_owned(),
                });
            }
        }
        let relays = self.layout.relays();
        self.switch_relays(&relays, false)
    }

    /// Nothing in the frame drives current, and relays stay as they are.
    fn all_off(&mut self) -> Result<()> {
        Ok(())
    }
}

impl Meter for Keysight34980a {
    fn measure_voltages(&mut self, channels: &[ChannelId]) -> Result<Vec<Volts>> {
        let readings = self.scan("MEAS:VOLT:DC? ", Volts::UNIT, channels)?;
        Ok(readings.into_iter().map(Volts).collect())
    }

    fn measure_temperatures(
        &mut self,
        kind: ThermocoupleType,
        channels: &[ChannelId],
    ) -> Result<Vec<Celsius>> {
        let letter = match kind {
            ThermocoupleType::T => 'T',
            ThermocoupleType::K => 'K',
            ThermocoupleType::J => 'J',
        };
        let readings = self.scan(&format!("MEAS:TEMP? TC,{letter},"), Celsius::UNIT, channels)?;
        Ok(readings.into_iter().map(Celsius).collect())
    }
}

impl Switch for Keysight34980a {
    fn set_relays(&mut self, channels: &[ChannelId], closed: bool) -> Result<()> {
        self.check(channels, Kind::Relays)?;
        self.switch_relays(channels, closed)
    }

    fn relays(&mut self, channels: &[ChannelId]) -> Result<Vec<bool>> {
        self.check(channels, Kind::Relays)?;
        self.states(channels)
    }
}

impl DigitalIo for Keysight34980a {
    fn read_port(&mut self, channel: ChannelId) -> Result<u8> {
        self.check(&[channel], Kind::Digital)?;
        let query = format!("SENS:DIG:DATA:BYTE? (@{channel})");
        let bits = self.core.integer(&query)?;
        u8::try_from(bits).map_err(|_| self.core.nonsense(&query, "a byte, 0 to 255"))
    }

    fn write_port(&mut self, channel: ChannelId, bits: u8) -> Result<()> {
        self.check(&[channel], Kind::Digital)?;
        // The small frames' ports drive as soon as they are written to.
        if self.model == FRAME_34980A.model {
            self.core
                .command(&format!("CONF:DIG:DIR OUTP,(@{channel})"))?;
        }
        self.core
            .command(&format!("SOUR:DIG:DATA:BYTE {bits},(@{channel})"))
    }
}

impl Driver for Keysight34980a {
    fn meter(&mut self) -> Option<&mut dyn Meter> {
        Some(self)
    }
    fn switch(&mut self) -> Option<&mut dyn Switch> {
        Some(self)
    }
    fn digital(&mut self) -> Option<&mut dyn DigitalIo> {
        Some(self)
    }
}
