//! Relays.

use std::io::Write;

use super::{Kind, Switch, with_list};
use crate::action::SwitchAction;
use crate::fault::Fault;
use crate::params::Datum;
use crate::scpi::{Call, Scpi};
use crate::terminals::Terminals;
use crate::value::write_quoted;

/// What has a relay.
const SWITCHED: [Kind; 4] = [Kind::Mux, Kind::Current, Kind::Relay, Kind::Matrix];

impl Switch {
    pub(super) fn open_where(
        &mut self,
        terminals: &mut dyn Terminals,
        which: impl Fn(u16) -> bool,
    ) {
        self.closed.retain(|&channel| {
            let opens = which(channel);
            if opens {
                terminals.set_relay(channel, false);
            }
            !opens
        });
    }

    fn close(&mut self, terminals: &mut dyn Terminals, channel: u16) {
        if self.closed.insert(channel) {
            *self.cycles.entry(channel).or_default() += 1;
            terminals.set_relay(channel, true);
        }
    }
}

impl Scpi {
    /// Opens all relays, of one slot or of all.
    pub(super) fn open_slot(&mut self, slot: Option<u8>) {
        let frame = self.switch.cards.frame().clone();
        let of_slot = |channel: u16| slot.is_none_or(|slot| frame.slot(channel) == u16::from(slot));
        self.switch.open_where(self.terminals.as_mut(), of_slot);
    }

    pub(super) fn route(
        &mut self,
        what: SwitchAction,
        call: &Call<'_>,
        out: &mut Vec<u8>,
    ) -> Result<(), Fault> {
        if what == SwitchAction::OpenAll {
            return self.open_all(call);
        }
        if what == SwitchAction::ChannelLabel {
            return self.label(call, out);
        }
        let [list] = call.exactly()?;
        let channels = self.switch.list_of(list, &SWITCHED)?;
        if call.query {
            let switch = &self.switch;
            for (at, channel) in channels.iter().enumerate() {
                let separator = if at > 0 { "," } else { "" };
                let closed = switch.closed.contains(channel);
                let number = match what {
                    SwitchAction::Close => u32::from(closed),
                    SwitchAction::Open => u32::from(!closed),
                    _ => switch.cycles.get(channel).copied().unwrap_or(0),
                };
                // Writing to a vector can't fail.
                let _ = write!(out, "{separator}{number}");
            }
            return Ok(());
        }
        match what {
            SwitchAction::Open => {
                self.switch
                    .open_where(self.terminals.as_mut(), |one| channels.contains(&one));
            }
            SwitchAction::CloseExclusive => {
                let frame = self.switch.cards.frame().clone();
                self.switch.open_where(self.terminals.as_mut(), |one| {
                    let same_slot = channels
                        .iter()
                        .any(|channel| frame.slot(*channel) == frame.slot(one));
                    same_slot && !channels.contains(&one)
                });
                for channel in channels {
                    self.switch.close(self.terminals.as_mut(), channel);
                }
            }
            _ => {
                for channel in channels {
                    self.switch.close(self.terminals.as_mut(), channel);
                }
            }
        }
        Ok(())
    }

    fn open_all(&mut self, call: &Call<'_>) -> Result<(), Fault> {
        let slot = match call.optional()? {
            None => None,
            Some(word) if word.is("ALL") => None,
            Some(number) => {
                let most = self.switch.cards.frame().slots().into();
                Some(u8::try_from(number.integer(1, most)?).map_err(|_| Fault::OUT_OF_RANGE)?)
            }
        };
        self.open_slot(slot);
        Ok(())
    }

    fn label(&mut self, call: &Call<'_>, out: &mut Vec<u8>) -> Result<(), Fault> {
        let (before, list) = with_list(call)?;
        let channels = self.switch.list(list)?;
        if call.query {
            for (at, channel) in channels.iter().enumerate() {
                if at > 0 {
                    out.push(b',');
                }
                let label = self
                    .switch
                    .labels
                    .get(channel)
                    .map_or(&b""[..], Vec::as_slice);
                write_quoted(label, out);
            }
            return Ok(());
        }
        let [Datum::Text(label)] = before else {
            return Err(Fault::MISSING_PARAMETER);
        };
        if label.len() > 18 {
            return Err(Fault::TOO_MUCH_DATA);
        }
        for channel in channels {
            self.switch.labels.insert(channel, label.to_vec());
        }
        Ok(())
    }
}
