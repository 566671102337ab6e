//! Frames and their plug-in cards, as far as a bench needs them.

use api::{Capability, ChannelId};
use units::{Amps, Volts};

/// What the channels of a card are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Scanned by the internal meter.
    Multiplexer,
    /// Switched by `ROUT:CLOS` and `ROUT:OPEN`.
    Relays,
    /// Bytes.
    Digital,
}

/// One range of channels of a card; ratings from the data sheet.
#[derive(Debug)]
pub(super) struct Bank {
    pub(super) kind: Kind,
    first: u16,
    last: u16,
    volts: f64,
    amps: f64,
}

#[derive(Debug)]
pub(super) struct Card {
    pub(super) model: &'static str,
    pub(super) banks: &'static [Bank],
}

const fn bank(kind: Kind, first: u16, last: u16, volts: f64, amps: f64) -> Bank {
    Bank {
        kind,
        first,
        last,
        volts,
        amps,
    }
}

use Kind::{Digital, Multiplexer, Relays};

/// A frame that cards go into.
#[derive(Debug)]
pub(crate) struct Frame {
    /// As `*IDN?` says it.
    pub(crate) model: &'static str,
    slots: u8,
    /// How far the channel numbers of two slots are apart.
    span: u16,
    cards: &'static [Card],
}

/// Eight slots.
pub(crate) static FRAME_34980A: Frame = Frame {
    model: "34980A",
    slots: 8,
    span: 1000,
    cards: &CARDS,
};

/// Three slots.
pub(crate) static FRAME_DAQ970A: Frame = Frame {
    model: "DAQ970A",
    slots: 3,
    span: 100,
    cards: &SMALL_CARDS,
};

/// The same before it was renewed; its cards have other names.
pub(crate) static FRAME_34970A: Frame = Frame {
    model: "34970A",
    slots: 3,
    span: 100,
    cards: &OLD_CARDS,
};

static CARDS: [Card; 8] = [
    // 40 armature channels with low thermal offset; 41 to 44 measure current.
    Card {
        model: "34921A",
        banks: &[bank(Multiplexer, 1, 40, 300.0, 1.0)],
    },
    Card {
        model: "34922A",
        banks: &[bank(Multiplexer, 1, 70, 300.0, 1.0)],
    },
    // Reed channels, two-wire.
    Card {
        model: "34923A",
        banks: &[bank(Multiplexer, 1, 40, 150.0, 0.5)],
    },
    Card {
        model: "34924A",
        banks: &[bank(Multiplexer, 1, 70, 150.0, 0.5)],
    },
    // Solid state.
    Card {
        model: "34925A",
        banks: &[bank(Multiplexer, 1, 40, 80.0, 0.02)],
    },
    // 28 change-over relays, then 4 stronger ones.
    Card {
        model: "34937A",
        banks: &[
            bank(Relays, 1, 28, 300.0, 1.0),
            bank(Relays, 29, 32, 250.0, 5.0),
        ],
    },
    Card {
        model: "34938A",
        banks: &[bank(Relays, 1, 20, 250.0, 5.0)],
    },
    // Two banks of four bytes each.
    Card {
        model: "34950A",
        banks: &[
            bank(Digital, 101, 104, 5.0, 0.0),
            bank(Digital, 201, 204, 5.0, 0.0),
        ],
    },
];

/// A card of the small frames, under its newer or older name.
macro_rules! small_cards {
    ($armature:literal, $reed:literal, $relays:literal, $digital:literal, $single:literal) => {
        [
            // 21 and 22 measure current.
            Card {
                model: $armature,
                banks: &[bank(Multiplexer, 1, 20, 300.0, 1.0)],
            },
            Card {
                model: $reed,
                banks: &[bank(Multiplexer, 1, 16, 300.0, 0.05)],
            },
            Card {
                model: $relays,
                banks: &[bank(Relays, 1, 20, 300.0, 1.0)],
            },
            Card {
                model: $digital,
                banks: &[bank(Digital, 1, 2, 42.0, 0.4)],
            },
            Card {
                model: $single,
                banks: &[bank(Multiplexer, 1, 40, 300.0, 1.0)],
            },
        ]
    };
}

static SMALL_CARDS: [Card; 5] =
    small_cards!("DAQM901A", "DAQM902A", "DAQM903A", "DAQM907A", "DAQM908A");
static OLD_CARDS: [Card; 5] = small_cards!("34901A", "34902A", "34903A", "34907A", "34908A");

impl Bank {
    fn holds(&self, channel: u16) -> bool {
        (self.first..=self.last).contains(&channel)
    }

    fn capability(&self) -> Capability {
        let (voltage, current) = (Volts(self.volts), Amps(self.amps));
        match self.kind {
            Kind::Multiplexer => Capability::VoltageInput {
                voltage,
                isolation: voltage,
            },
            Kind::Relays => Capability::Relay { current, voltage },
            Kind::Digital => Capability::DigitalPort { bits: 8 },
        }
    }
}

/// The cards in their slots.
#[derive(Debug)]
pub(super) struct Layout {
    frame: &'static Frame,
    slots: Vec<Option<&'static Card>>,
}

impl Layout {
    pub(super) fn new<'a>(
        frame: &'static Frame,
        cards: impl IntoIterator<Item = (u8, &'a str)>,
    ) -> Result<Self, String> {
        let mut layout = Self {
            frame,
            slots: vec![None; frame.slots.into()],
        };
        for (slot, name) in cards {
            let place = usize::from(slot)
                .checked_sub(1)
                .and_then(|index| layout.slots.get_mut(index))
                .ok_or_else(|| {
                    let last = frame.slots;
                    format!("there is no slot {slot}: slots go from 1 to {last}")
                })?;
            let card = frame.cards.iter().find(|card| card.model == name);
            *place = Some(card.ok_or_else(|| {
                let known: Vec<_> = frame.cards.iter().map(|card| card.model).collect();
                let known = known.join(", ");
                format!("the card `{name}` in slot {slot} isn't known; known are {known}")
            })?);
        }
        Ok(layout)
    }

    pub(super) fn bank(&self, channel: ChannelId) -> Option<&'static Bank> {
        let span = self.frame.span;
        let slot = usize::from(channel.0 / span).checked_sub(1)?;
        let card = self.slots.get(slot).copied().flatten()?;
        card.banks.iter().find(|bank| bank.holds(channel.0 % span))
    }

    pub(super) fn capability(&self, channel: ChannelId) -> Option<Capability> {
        self.bank(channel).map(Bank::capability)
    }

    /// Slots with a card, and its model.
    pub(super) fn slots(&self) -> impl Iterator<Item = (u16, &'static Card)> {
        (1..)
            .zip(&self.slots)
            .filter_map(|(slot, card)| card.map(|card| (slot, card)))
    }

    /// Every relay there is.
    pub(super) fn relays(&self) -> Vec<ChannelId> {
        let span = self.frame.span;
        self.slots()
            .flat_map(|(slot, card)| card.banks.iter().map(move |bank| (slot, bank)))
            .filter(|(_, bank)| bank.kind == Kind::Relays)
            .flat_map(|(slot, bank)| {
                (bank.first..=bank.last).map(move |n| ChannelId(slot * span + n))
            })
            .collect()
    }
}

/// `(@3001:3008,3012)`.
pub(super) fn list(channels: &[ChannelId]) -> String {
    let mut text = String::from("(@");
    let mut rest = channels;
    while let Some(first) = rest.first() {
        let run = rest
            .iter()
            .zip(first.0..)
            .take_while(|(channel, expected)| channel.0 == *expected)
            .count();
        if text.len() > 2 {
            text.push(',');
        }
        text.push_str(&first.to_string());
        if run > 2 {
            text.push_str(&format!(":{}", rest[run - 1]));
            rest = &rest[run..];
        } else {
            rest = &rest[1..];
        }
    }
    text.push(')');
    text
}

#[cfg(test)]
mod tests {
    use super::{FRAME_34980A, FRAME_DAQ970A, Layout, list};
    use api::ChannelId;

    #[test]
    fn lists_are_short() {
        let text =
            |numbers: &[u16]| list(&numbers.iter().copied().map(ChannelId).collect::<Vec<_>>());
        assert_eq!(text(&[3001]), "(@3001)");
        assert_eq!(text(&[3001, 3002]), "(@3001,3002)");
        assert_eq!(
            text(&[3001, 3002, 3003, 3007, 4001]),
            "(@3001:3003,3007,4001)"
        );
        assert_eq!(text(&[]), "(@)");
    }

    #[test]
    fn channels_are_those_of_the_cards() {
        let layout = Layout::new(&FRAME_34980A, [(3, "34921A"), (5, "34950A"), (7, "34938A")])
            .expect("known");
        insta::assert_debug_snapshot!(
            [
                3001, 3040, 3041, 3000, 5101, 5105, 7020, 7021, 1001, 9001, 0
            ]
            .map(|n| (n, layout.capability(ChannelId(n))))
        );
        assert_eq!(layout.relays().len(), 20);
        let small = Layout::new(&FRAME_DAQ970A, [(1, "DAQM901A"), (2, "DAQM903A")]);
        let small = small.expect("known");
        assert!(small.capability(ChannelId(120)).is_some());
        assert!(small.capability(ChannelId(121)).is_none());
        assert_eq!(small.relays().first(), Some(&ChannelId(201)));
    }

    #[test]
    fn texts() {
        let text = |slot, card| {
            Layout::new(&FRAME_34980A, [(slot, card)])
                .err()
                .unwrap_or_default()
        };
        insta::assert_snapshot!(text(9, "34921A"), @"there is no slot 9: slots go from 1 to 8");
        insta::assert_snapshot!(text(0, "34921A"), @"there is no slot 0: slots go from 1 to 8");
        insta::assert_snapshot!(text(1, "34901A"), @"the card `34901A` in slot 1 isn't known; known are 34921A, 34922A, 34923A, 34924A, 34925A, 34937A, 34938A, 34950A");
    }
}
