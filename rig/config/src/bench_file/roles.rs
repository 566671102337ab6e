//! Who plays which role: every channel once, and every instrument at least once.

use crate::error::suggest;
use crate::source::{At, Source};
use crate::{AccuracyTerm, ChannelRef, Instrument};
use serde_yaml::Location;
use std::collections::{BTreeMap, BTreeSet};

pub(super) struct Roles<'a> {
    source: &'a mut Source,
    instruments: &'a BTreeMap<String, Instrument>,
    taken: BTreeMap<ChannelRef, String>,
    used: BTreeSet<String>,
    /// Instruments of which it was said that an accuracy is missing.
    inexact: BTreeSet<(String, &'static str)>,
}

/// What is read.
#[derive(Debug, Clone, Copy)]
pub(super) enum Quantity {
    Voltage,
    Current,
    Temperature,
}

impl<'a> Roles<'a> {
    pub(super) fn new(
        source: &'a mut Source,
        instruments: &'a BTreeMap<String, Instrument>,
    ) -> Self {
        Self {
            source,
            instruments,
            taken: BTreeMap::new(),
            used: BTreeSet::new(),
            inexact: BTreeSet::new(),
        }
    }

    pub(super) fn source(&mut self) -> &mut Source {
        self.source
    }

    /// A whole channel plays a role.
    pub(super) fn channel(&mut self, at: &At<ChannelRef>, role: &str) -> ChannelRef {
        if at.value.bit.is_some() {
            self.source.wrong(
                at.referenced,
                format!("{role} is a channel, not a bit of one"),
                "leave out the dot and what follows",
            );
            return at.value.clone();
        }
        self.take(at, role)
    }

    /// The same for a role that may be left out.
    pub(super) fn maybe(&mut self, at: Option<&At<ChannelRef>>, role: &str) -> Option<ChannelRef> {
        at.map(|at| self.channel(at, role))
    }

    /// A bit of a digital port plays a role.
    pub(super) fn bit(&mut self, at: &At<ChannelRef>, role: &str) -> ChannelRef {
        if at.value.bit.is_none() {
            self.source.wrong(
                at.referenced,
                format!("{role} is a bit of a digital port"),
                &format!("write which, as in `{}.0`", at.value),
            );
            return at.value.clone();
        }
        self.take(at, role)
    }

    /// The instrument of a channel gives readings of a quantity, and so must say how good they are:
    /// without that every reading would pass for exact.
    pub(super) fn reads(&mut self, at: &At<ChannelRef>, quantity: Quantity) {
        let id = &at.value.instrument;
        let Some(instrument) = self.instruments.get(id) else {
            return;
        };
        let (name, term) = match quantity {
            Quantity::Voltage => ("voltage", instrument.accuracy.voltage),
            Quantity::Current => ("current", instrument.accuracy.current),
            Quantity::Temperature => ("temperature", instrument.accuracy.temperature),
        };
        if term == AccuracyTerm::default() && self.inexact.insert((id.clone(), name)) {
            self.source.wrong(
                at.referenced,
                format!("`{id}` measures {name} here, and doesn't say how well"),
                &format!(
                    "write `accuracy: {name}` at the instrument, from its certificate or data sheet"
                ),
            );
        }
    }

    /// An instrument plays a role as a whole.
    pub(super) fn instrument(&mut self, at: &At<String>) -> String {
        self.known(&at.value, at.referenced);
        at.value.clone()
    }

    /// Names every instrument that nobody uses.
    pub(super) fn finish(self, places: &[(String, Location)]) {
        for (id, place) in places {
            if !self.used.contains(id) {
                self.source.wrong(
                    *place,
                    format!("the instrument `{id}` plays no role"),
                    "wire it, or take it out",
                );
            }
        }
    }

    fn known(&mut self, id: &str, place: Location) -> bool {
        if self.instruments.contains_key(id) {
            self.used.insert(id.to_owned());
            return true;
        }
        let ids = self.instruments.keys().map(String::as_str);
        self.source.wrong(
            place,
            format!("there is no instrument `{id}`"),
            &suggest(id, ids).unwrap_or_default(),
        );
        false
    }

    fn take(&mut self, at: &At<ChannelRef>, role: &str) -> ChannelRef {
        let channel = at.value.clone();
        if !self.known(&channel.instrument, at.referenced) {
            return channel;
        }
        self.slot(at);
        let overlaps = |other: &ChannelRef| {
            let same = (&other.instrument, other.channel) == (&channel.instrument, channel.channel);
            let bits = other.bit.is_none() || channel.bit.is_none() || other.bit == channel.bit;
            same && bits
        };
        let other = self.taken.iter().find(|(other, _)| overlaps(other));
        if let Some((_, other)) = other {
            let what = format!("`{channel}` can't be {role}: it is {other} already");
            self.source
                .wrong(at.referenced, what, "give one of them another channel");
        } else {
            self.taken.insert(channel.clone(), role.to_owned());
        }
        channel
    }

    /// Channels of a switch unit lie in slots that have cards.
    fn slot(&mut self, at: &At<ChannelRef>) {
        let ChannelRef {
            instrument,
            channel,
            ..
        } = &at.value;
        let Some(cards) = self.instruments.get(instrument).map(|found| &found.cards) else {
            return;
        };
        let slot = channel / 1000;
        let filled = u8::try_from(slot).is_ok_and(|slot| cards.contains_key(&slot));
        if cards.is_empty() || filled {
            return;
        }
        let known: Vec<_> = cards
            .iter()
            .map(|(slot, card)| format!("{slot} ({card})"))
            .collect();
        self.source.wrong(
            at.referenced,
            format!("slot {slot} of `{instrument}` has no card"),
            &format!("there are cards in {}", known.join(", ")),
        );
    }
}
