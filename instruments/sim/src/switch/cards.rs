//! Cards and their channels.

use std::collections::BTreeMap;
use std::io::Write;

use serde::Deserialize;

use crate::action::SwitchAction;
use crate::fault::Fault;
use crate::raw::{RawBank, RawCard, RawDialect};
use crate::scpi::{Call, Scpi};
use crate::value::write_quoted;

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
pub(crate) struct Cards(BTreeMap<u8, Card>);

/// Slots of a mainframe.
const SLOTS: u8 = 8;

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
        let mut cards = BTreeMap::new();
        for (&slot, name) in slots {
            let fail = |reason: String| (slot, name.clone(), reason);
            if !(1..=SLOTS).contains(&slot) {
                return Err(fail(format!("slots go from 1 to {SLOTS}")));
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
        Ok(Self(cards))
    }

    /// The bank that a channel belongs to.
    pub(crate) fn bank(&self, channel: u16) -> Result<Bank, Fault> {
        let slot = u8::try_from(channel / 1000).map_err(|_| Fault::OUT_OF_RANGE)?;
        if !(1..=SLOTS).contains(&slot) {
            return Err(Fault::OUT_OF_RANGE);
        }
        let card = self.0.get(&slot).ok_or(Fault::HARDWARE_MISSING)?;
        let on_card = channel % 1000;
        card.banks
            .iter()
            .find(|bank| (bank.first..=bank.last).contains(&on_card))
            .copied()
            .ok_or(Fault::OUT_OF_RANGE)
    }

    pub(crate) fn channels_between(&self, from: u16, to: u16) -> impl Iterator<Item = u16> {
        self.0.iter().flat_map(move |(slot, card)| {
            let base = u16::from(*slot) * 1000;
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
        let slot = |at: usize| -> Result<u8, Fault> {
            let number = call.data.get(at).ok_or(Fault::MISSING_PARAMETER)?;
            u8::try_from(number.integer(1, SLOTS.into())?).map_err(|_| Fault::OUT_OF_RANGE)
        };
        match what {
            SwitchAction::CardType => {
                call.at_most(1)?;
                // Writing to a vector can't fail.
                let _ = match self.switch.cards.0.get(&slot(0)?) {
                    Some(Card { name, serial, .. }) => {
                        write!(out, "AGILENT TECHNOLOGIES,{name},{serial},1.00")
                    }
                    None => write!(out, "AGILENT TECHNOLOGIES,0,0,0"),
                };
            }
            SwitchAction::CardDescription => {
                call.at_most(1)?;
                let about = match self.switch.cards.0.get(&slot(0)?) {
                    Some(card) => card.about.as_str(),
                    None => "No module",
                };
                write_quoted(about.as_bytes(), out);
            }
            SwitchAction::CardReset => {
                call.at_most(1)?;
                let all = call.data.first().is_some_and(|datum| datum.is("ALL"));
                let wanted = if all { None } else { Some(slot(0)?) };
                let there = wanted.is_none_or(|slot| self.switch.cards.0.contains_key(&slot));
                if !there {
                    return Err(Fault::HARDWARE_MISSING);
                }
                self.open_slot(wanted);
                let stays =
                    |channel: &u16| wanted.is_some_and(|slot| *channel / 1000 != u16::from(slot));
                self.switch.setups.retain(|channel, _| stays(channel));
                self.switch.ports.retain(|channel, _| stays(channel));
            }
            SwitchAction::TerminalType => {
                call.at_most(1)?;
                let terminal = match self.switch.cards.0.get(&slot(0)?) {
                    Some(card) => card.terminal.as_str(),
                    None => "NONE",
                };
                out.extend_from_slice(terminal.as_bytes());
            }
            SwitchAction::RowProtection => {
                let slot = slot(0)?;
                if !self.switch.cards.0.contains_key(&slot) {
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
