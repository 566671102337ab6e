//! Relays: contactors, cable poles and bypasses.

use crate::bench::Bench;
use crate::instruments::channel;
use crate::{BenchError, Pole};
use api::ChannelId;
use config::ChannelRef;
use std::collections::BTreeMap;

impl Bench {
    /// Plugs BMS cable `number` (from 1, in chain order) in: all its poles together.
    ///
    /// # Errors
    /// When the bench has no such cable or a relay doesn't read back.
    pub fn plug_cable(&mut self, number: usize) -> Result<(), BenchError> {
        self.cable(number, true)
    }

    /// Pulls BMS cable `number` out: all its poles together.
    ///
    /// # Errors
    /// As [`Bench::plug_cable`].
    pub fn unplug_cable(&mut self, number: usize) -> Result<(), BenchError> {
        self.cable(number, false)
    }

    /// Plugs every BMS cable in.
    ///
    /// # Errors
    /// As [`Bench::plug_cable`].
    pub fn plug_all(&mut self) -> Result<(), BenchError> {
        for number in 1..=self.config.wiring.relays.cables.len() {
            self.plug_cable(number)?;
        }
        Ok(())
    }

    /// BMS cables with relays in their poles.
    #[must_use]
    pub fn cables(&self) -> usize {
        self.config.wiring.relays.cables.len()
    }

    /// Connects or breaks one pole of BMS cable `number` (from 1).
    ///
    /// # Errors
    /// As [`Bench::plug_cable`].
    pub fn set_pole(
        &mut self,
        number: usize,
        pole: Pole,
        connected: bool,
    ) -> Result<(), BenchError> {
        self.ready()?;
        let poles = self.cable_poles(number)?;
        let role = format!("cable {number} {pole}");
        self.switch(&role, &[poles[pole.index()].clone()], connected)?;
        self.snapshot.relays.cables[number - 1][pole.index()] = connected;
        Ok(())
    }

    /// Takes battery `number` (from 1) out of the chain (`true`), its neighbours connected to each
    /// other, or puts it back.
    ///
    /// # Errors
    /// When the bench has no such relay or it doesn't read back.
    pub fn bypass(&mut self, number: usize, bypassed: bool) -> Result<(), BenchError> {
        self.ready()?;
        let relays = &self.config.wiring.relays.bypass;
        let at = number
            .checked_sub(1)
            .and_then(|index| relays.get(index))
            .cloned()
            .ok_or_else(|| self.no_role(format!("bypass {number}"), count(relays.len())))?;
        self.switch(&format!("bypass {number}"), &[at], bypassed)?;
        self.snapshot.relays.bypass[number - 1] = bypassed;
        Ok(())
    }

    fn cable(&mut self, number: usize, plugged: bool) -> Result<(), BenchError> {
        self.ready()?;
        let poles = self.cable_poles(number)?;
        self.switch(&format!("cable {number}"), &poles, plugged)?;
        self.snapshot.relays.cables[number - 1] = [plugged; 3];
        Ok(())
    }

    fn cable_poles(&self, number: usize) -> Result<[ChannelRef; 3], BenchError> {
        let cables = &self.config.wiring.relays.cables;
        number
            .checked_sub(1)
            .and_then(|index| cables.get(index))
            .map(|cable| {
                [
                    cable.charge.clone(),
                    cable.discharge.clone(),
                    cable.pre_alarm.clone(),
                ]
            })
            .ok_or_else(|| self.no_role(format!("cable {number}"), count(cables.len())))
    }

    pub(crate) fn close_contactor(
        &mut self,
        role: &str,
        at: Option<&ChannelRef>,
    ) -> Result<(), BenchError> {
        at.map_or(Ok(()), |at| {
            self.switch(role, std::slice::from_ref(at), true)
        })
    }

    pub(crate) fn open_contactor(
        &mut self,
        role: &str,
        at: Option<&ChannelRef>,
    ) -> Result<(), BenchError> {
        at.map_or(Ok(()), |at| {
            self.switch(role, std::slice::from_ref(at), false)
        })
    }

    fn switch(&mut self, role: &str, at: &[ChannelRef], closed: bool) -> Result<(), BenchError> {
        self.command(role, if closed { "closed" } else { "open" });
        self.touched |= closed;
        for (id, channels) in by_instrument(at) {
            let outcome = self
                .instruments
                .switch(id)
                .and_then(|switch| Ok(switch.set_relays(&channels, closed)?));
            self.noted(outcome)?;
        }
        Ok(())
    }
}

/// Channels that go in one message.
pub(crate) fn by_instrument(at: &[ChannelRef]) -> BTreeMap<&str, Vec<ChannelId>> {
    let mut grouped: BTreeMap<&str, Vec<ChannelId>> = BTreeMap::new();
    for at in at {
        grouped
            .entry(at.instrument.as_str())
            .or_default()
            .push(channel(at));
    }
    grouped
}

fn count(wired: usize) -> String {
    match wired {
        0 => "the bench file wires none".into(),
        wired => format!("the bench file wires {wired}, counted from 1"),
    }
}
