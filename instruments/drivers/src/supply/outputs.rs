//! Outputs on and off, proven.

use super::Supply;
use super::family::{Family, OutputWords, Toggle, fill};
use crate::core::{Core, First, Result};
use api::ChannelId;
use units::Volts;

/// A register or word of the instrument, in whatever base it writes it.
pub(super) fn bits(core: &mut Core, query: &str) -> Result<i64> {
    let answer = core.query(query)?;
    let read = match answer.strip_prefix("0x").or(answer.strip_prefix("0X")) {
        Some(digits) => i64::from_str_radix(digits, 16).ok(),
        None => answer.parse().ok(),
    };
    read.ok_or_else(|| core.nonsense(query, "a number of bits"))
}

/// Turns a switch and reads it back.
pub(super) fn toggle(core: &mut Core, channel: ChannelId, words: &Toggle, on: bool) -> Result<()> {
    core.switch(&words.command(channel, on), &fill(words.ask, channel), on)
}

/// Whether an output is on.
pub(super) fn state(core: &mut Core, family: &Family, channel: ChannelId) -> Result<bool> {
    match &family.output {
        OutputWords::Own(words) => core.is_on(&fill(words.ask, channel)),
        OutputWords::Selected { all, state, .. } => {
            // A protection that trips leaves the selection as it was.
            Ok(core.is_on(&fill(state, channel))? && core.is_on(all.ask)?)
        }
        OutputWords::Word {
            words,
            bits: places,
        } => {
            let word = bits(core, words.ask)?;
            let bit = places.get(usize::from(channel.0) - 1).copied();
            Ok(bit.is_some_and(|bit| word >> bit & 1 == 1))
        }
    }
}

fn switch(core: &mut Core, family: &Family, channel: ChannelId, on: bool) -> Result<()> {
    match &family.output {
        OutputWords::Own(words) => toggle(core, channel, words, on),
        OutputWords::Selected { own, all, .. } => {
            toggle(core, channel, own, on)?;
            // Off, the master switch stays as it is: others may need it.
            if on {
                toggle(core, channel, all, true)?;
            }
            Ok(())
        }
        OutputWords::Word { words, .. } => {
            let command = words.command(channel, on);
            core.command(&command)?;
            if state(core, family, channel)? == on {
                return Ok(());
            }
            let name = |on| if on { "on" } else { "off" };
            Err(core.read_back(&command, name(on), name(!on)))
        }
    }
}

impl Supply {
    /// Switches one output and reads its state back; off is tried until it's off.
    pub(super) fn switch_output(&mut self, channel: ChannelId, on: bool) -> Result<()> {
        let family = self.family;
        if on {
            return switch(&mut self.core, family, channel, true);
        }
        self.core
            .persist(|core| switch(core, family, channel, false))
    }

    /// Every output off, then each without a set-point to come back to. Tries everything.
    pub(super) fn outputs_off(&mut self) -> Result<()> {
        let mut first = First::default();
        let channels = (1..).map(ChannelId).take(self.model.outputs.len());
        let (OutputWords::Own(words)
        | OutputWords::Word { words, .. }
        | OutputWords::Selected { own: words, .. }) = &self.family.output;
        let off = channels
            .clone()
            .map(|channel| words.command(channel, false));
        let off: Vec<String> = off.collect();
        self.core.say_before_clearing(&off);
        let (family, lowest) = (self.family, self.family.lowest_current);
        if let OutputWords::Selected { all, .. } = &family.output {
            first.note(
                self.core
                    .persist(|core| toggle(core, ChannelId(1), all, false)),
            );
        }
        for channel in channels {
            first.note(self.switch_output(channel, false));
            first.note(self.core.persist(|core| {
                let command = family.voltage.set_to(channel, 0.0);
                let query = family.voltage.asked(channel);
                core.set(&command, &query, Volts(0.0), family.voltage_step)?;
                let command = family.current.set_to(channel, lowest.0);
                let query = family.current.asked(channel);
                core.set(&command, &query, lowest, family.current_step)
            }));
        }
        first.outcome()
    }
}
