//! What the frames of a family have in common: slots, numbering, ranges of the meter.

use crate::action::Function;
use crate::raw::RawFrame;

/// A frame without its cards.
#[derive(Debug, Default)]
pub(crate) struct Frame {
    raw: RawFrame,
}

impl Frame {
    pub(super) fn new(raw: &RawFrame) -> Self {
        Self { raw: raw.clone() }
    }

    /// A meter on a bench: no slots, one input.
    pub(super) fn is_meter(&self) -> bool {
        self.raw.slots == 0
    }

    pub(super) fn slots(&self) -> u8 {
        self.raw.slots
    }

    /// How far the numbers of two slots are apart.
    pub(super) fn span(&self) -> u16 {
        self.raw.span.max(1)
    }

    /// The slot that a channel is in.
    pub(super) fn slot(&self, channel: u16) -> u16 {
        channel / self.span()
    }

    /// What is answered about a slot and the card in it, if any.
    pub(super) fn card_type(&self, card: Option<(&str, &str)>) -> String {
        let (name, serial) = card.unwrap_or(("0", "0"));
        let form = if card.is_some() {
            &self.raw.card
        } else {
            &self.raw.empty
        };
        form.replace("{card}", name).replace("{serial}", serial)
    }

    /// Ranges of a function, smallest first; none where it has no ranges.
    pub(super) fn ranges(&self, function: Function) -> &[f64] {
        let name = match function {
            Function::Voltage | Function::Diode => "voltage",
            Function::VoltageAc => "voltage-ac",
            Function::Current => "current",
            Function::CurrentAc => "current-ac",
            Function::Resistance | Function::FourWireResistance | Function::Continuity => {
                "resistance"
            }
            Function::Capacitance => "capacitance",
            Function::Temperature | Function::Frequency | Function::Period => return &[],
        };
        let ranges = &self.raw.ranges;
        let direct = name.strip_suffix("-ac").unwrap_or(name);
        ranges
            .get(name)
            .or_else(|| ranges.get(direct))
            .map_or(&[], Vec::as_slice)
    }

    /// The range in force when a function looks for it itself and nothing is measured.
    pub(super) fn widest(&self, function: Function) -> f64 {
        self.ranges(function).last().copied().unwrap_or(1.0)
    }
}
