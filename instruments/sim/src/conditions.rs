//! Condition registers and the status word: what they say now.

use crate::action::TreeName;
use crate::scpi::{Remote, Scpi};
use crate::table::{Condition, Place, Table, When};
use crate::terminals::PortState;
use crate::value::Value;

impl Scpi {
    /// Brings the condition registers up to now.
    pub(crate) fn refresh(&mut self, table: &Table) {
        if table.conditions.is_empty() {
            return;
        }
        let mut top = [(0, 0); 2];
        for channel in 1..=table.channels {
            let state = table.ports.output.map(|_| self.poll(table, channel));
            for condition in &table.conditions {
                let holds = self.holds(table, condition, channel, state);
                let bits = if holds { condition.mask } else { 0 };
                match condition.register {
                    Place::Word => {}
                    Place::Each(name) => {
                        let registers = &mut self.status.tree(name).channels;
                        if let Some(register) = registers.get_mut(usize::from(channel) - 1) {
                            register.set_bits(condition.mask, bits);
                        }
                    }
                    Place::Top(name) => {
                        let at = usize::from(name == TreeName::Questionable);
                        top[at].0 |= condition.mask;
                        top[at].1 |= bits;
                    }
                }
            }
        }
        self.status.operation.top.set_bits(top[0].0, top[0].1);
        self.status.questionable.top.set_bits(top[1].0, top[1].1);
    }

    fn holds(
        &self,
        table: &Table,
        condition: &Condition,
        channel: u16,
        state: Option<PortState>,
    ) -> bool {
        if condition.channel.is_some_and(|only| only != channel) {
            return false;
        }
        let on = self.is_on(table, table.ports.output, channel, false);
        match condition.when {
            When::Mode(mode) => on && state.is_some_and(|state| state.mode == mode),
            When::On => on,
            When::Off => !on,
            When::Remote => self.remote != Remote::Local,
            When::Local => self.remote == Remote::Local,
            When::Tripped(trip) => self.ports[usize::from(channel) - 1].tripped == Some(trip),
            When::Is(setting, value) => match self.value_of(table, Some(setting), channel) {
                Some(Value::Switch(on)) => usize::from(*on) == value,
                Some(Value::Choice(at)) => *at == value,
                _ => false,
            },
        }
    }

    /// The status word of an instrument that has no registers.
    pub(crate) fn status_word(&mut self, table: &Table) -> u16 {
        let mut word = 0;
        for channel in 1..=table.channels {
            let state = table.ports.output.map(|_| self.poll(table, channel));
            for condition in &table.conditions {
                if condition.register == Place::Word && self.holds(table, condition, channel, state)
                {
                    word |= condition.mask;
                }
            }
        }
        word
    }
}
