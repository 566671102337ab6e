//! Cards and their channels.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;

use crate::action::SwitchAction;
use crate::fault::Fault;
use crate::raw::{RawBank, RawCard, RawDialect};
use crate::scpi::{Call, Scpi};
use crate::value::write_quoted;

use super::frame::Frame;

/// What the channels of a bank are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Kind {
    /// Scanned by the meter, voltage and the like.
    Mux,
    /// Scanned by the meter, current.
    Current,
    /// Switched.
    Relay,
    /// A crosspoint.
    Matrix,
    /// Eight lines.
    Digital,
    /// The only input of a meter: measures everything.
    Input,
}

/// Consecutive channels of one kind.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bank {
    pub(crate) kind: Kind,
    first: u16,
    last: u16,
}

#[derive(Debug)]
struct Card {
    name: String,
    about: String,
    terminal: String,
    serial: String,
    banks: Vec<Bank>,
}

/// The cards in their slots.
#[derive(Debug, Default)]
pub(crate) struct Cards {
    frame: Arc<Frame>,
    slots: BTreeMap<u8, Card>,
}

/// How relays of a row are protected, as the instrument calls it.
static PROTECTIONS: [&str; 4] = ["AUTO100", "AUTO0", "FIX", "ISO"];

impl Cards {
    /// Puts cards into slots.
    ///
    /// # Errors
    /// Slot, card, and why it doesn't fit.
    pub(crate) fn new(
        raw: &RawDialect,
        slots: &BTreeMap<u8, String>,
    ) -> Result<Self, (u8, String, String)> {
        let frame = Arc::new(Frame::new(&raw.frame));
        let mut cards = BTreeMap::new();
        for (&slot, name) in slots {
            let fail = |reason: String| (slot, name.clone(), reason);
            if !(1..=frame.slots()).contains(&slot) {
                return Err(fail(format!("slots go from 1 to {}", frame.slots())));
            }
            let (_, found) = raw
                .cards
                .iter()
                .find(|(known, _)| known.eq_ignore_ascii_case(name))
                .ok_or_else(|| {
                    let known: Vec<_> = raw.cards.keys().map(String::as_str).collect();
                    fail(format!("known cards are {}", known.join(", ")))
                })?;
            cards.insert(slot, card(slot, found).map_err(fail)?);
        }
        Ok(Self {
            frame,
            slots: cards,
        })
    }

    pub(super) fn frame(&self) -> &Arc<Frame> {
        &self.frame
    }

    /// The bank that a channel belongs to.
    pub(crate) fn bank(&self, channel: u16) -> Result<Bank, Fault> {
        if self.frame.is_meter() && channel == 1 {
            return Ok(Bank {
                kind: Kind::Input,
                first: 1,
                last: 1,
            });
        }
        let slot = u8::try_from(self.frame.slot(channel)).map_err(|_| Fault::OUT_OF_RANGE)?;
        if !(1..=self.frame.slots()).contains(&slot) {
            return Err(Fault::OUT_OF_RANGE);
        }
        let card = self.slots.get(&slot).ok_or(Fault::HARDWARE_MISSING)?;
        let on_card = channel % self.frame.span();
        card.banks
            .iter()
            .find(|bank| (bank.first..=bank.last).contains(&on_card))
            .copied()
            .ok_or(Fault::OUT_OF_RANGE)
    }

    pub(crate) fn channels_between(&self, from: u16, to: u16) -> impl Iterator<Item = u16> {
        self.slots.iter().flat_map(move |(slot, card)| {
            let base = u16::from(*slot) * self.frame.span();
            card.banks
                .iter()
                .flat_map(move |bank| bank.first + base..=bank.last + base)
                .filter(move |channel| (from..=to).contains(channel))
        })
    }
}

fn card(slot: u8, raw: &RawCard) -> Result<Card, String> {
    let mut banks = raw.banks.iter().map(bank).collect::<Result<Vec<_>, _>>()?;
    banks.sort_by_key(|bank| bank.first);
    Ok(Card {
        name: raw.name.clone(),
        about: raw.about.clone(),
        terminal: raw.terminal.clone().unwrap_or_else(|| "NONE".to_owned()),
        serial: format!("MY4900{slot:04}"),
        banks,
    })
}

fn bank(raw: &RawBank) -> Result<Bank, String> {
    if raw.first > raw.last || raw.last > 999 {
        return Err(format!(
            "channels {} to {} make no bank",
            raw.first, raw.last
        ));
    }
    Ok(Bank {
        kind: raw.kind,
        first: raw.first,
        last: raw.last,
    })
}

impl Scpi {
    pub(super) fn card(
        &mut self,
        what: SwitchAction,
        call: &Call<'_>,
        out: &mut Vec<u8>,
    ) -> Result<(), Fault> {
        let slots = self.switch.cards.frame.slots();
        let slot = |at: usize| -> Result<u8, Fault> {
            let number = call.data.get(at).ok_or(Fault::MISSING_PARAMETER)?;
            // The 34970A numbers its slots 100, 200, 300.
            let number = number.integer(1, i64::from(slots) * 100)?;
            let number = if number % 100 == 0 {
                number / 100
            } else {
                number
            };
            match u8::try_from(number) {
                Ok(slot) if slot <= slots => Ok(slot),
                _ => Err(Fault::OUT_OF_RANGE),
            }
        };
        match what {
            SwitchAction::CardType => {
                call.at_most(1)?;
                let cards = &self.switch.cards;
                let card = cards.slots.get(&slot(0)?);
                let names = card.map(|card| (card.name.as_str(), card.serial.as_str()));
                out.extend_from_slice(cards.frame.card_type(names).as_bytes());
            }
            SwitchAction::CardDescription => {
                call.at_most(1)?;
                let about = match self.switch.cards.slots.get(&slot(0)?) {
                    Some(card) => card.about.as_str(),
                    None => "No module",
                };
                write_quoted(about.as_bytes(), out);
            }
            SwitchAction::CardReset => {
                call.at_most(1)?;
                let all = call.data.first().is_some_and(|datum| datum.is("ALL"));
                let wanted = if all { None } else { Some(slot(0)?) };
                let there = wanted.is_none_or(|slot| self.switch.cards.slots.contains_key(&slot));
                if !there {
                    return Err(Fault::HARDWARE_MISSING);
                }
                self.open_slot(wanted);
                let frame = self.switch.cards.frame.clone();
                let stays = |channel: &u16| {
                    wanted.is_some_and(|slot| frame.slot(*channel) != u16::from(slot))
                };
                self.switch.functions.retain(|channel, _| stays(channel));
                self.switch.setups.retain(|(channel, _), _| stays(channel));
                self.switch.ports.retain(|channel, _| stays(channel));
            }
            SwitchAction::TerminalType => {
                call.at_most(1)?;
                let terminal = match self.switch.cards.slots.get(&slot(0)?) {
                    Some(card) => card.terminal.as_str(),
                    None => "NONE",
                };
                out.extend_from_slice(terminal.as_bytes());
            }
            SwitchAction::RowProtection => {
                let slot = slot(0)?;
                if !self.switch.cards.slots.contains_key(&slot) {
                    return Err(Fault::HARDWARE_MISSING);
                }
                if call.query {
                    let mode = self.switch.protection.get(&slot).copied();
                    out.extend_from_slice(mode.unwrap_or(PROTECTIONS[0]).as_bytes());
                } else {
                    let [_, mode] = call.exactly()?;
                    let mode = PROTECTIONS
                        .iter()
                        .find(|known| mode.is(known) || mode.is(&format!("{known}ed")))
                        .ok_or(Fault::ILLEGAL_VALUE)?;
                    self.switch.protection.insert(slot, mode);
                }
            }
            _ => return Err(Fault::UNDEFINED_HEADER),
        }
        Ok(())
    }
}
