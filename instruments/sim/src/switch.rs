//! A switch and measurement unit with cards.

use crate::action::SwitchAction;
use crate::fault::Fault;
use crate::scpi::{Call, Scpi};
use crate::terminals::Terminals;

/// State of the cards.
#[derive(Debug, Default)]
pub(crate) struct Switch {}

impl Switch {
    pub(crate) fn reset(&mut self, _terminals: &mut dyn Terminals) {}
}

impl Scpi {
    pub(crate) fn trigger(&mut self) -> Result<(), Fault> {
        Err(Fault::TRIGGER_IGNORED)
    }

    pub(crate) fn switch_action(
        &mut self,
        what: SwitchAction,
        call: &Call<'_>,
        out: &mut Vec<u8>,
    ) -> Result<(), Fault> {
        let _ = (what, call, out);
        Err(Fault::HARDWARE_MISSING)
    }
}
