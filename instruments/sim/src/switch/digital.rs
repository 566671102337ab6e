//! Eight-line ports.

use std::io::Write;

use super::{Kind, with_list};
use crate::action::SwitchAction;
use crate::fault::Fault;
use crate::params::Datum;
use crate::scpi::{Call, Scpi};

/// One port as it's set up.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct DigitalPort {
    drives: bool,
    /// What it drives when it does, before inversion.
    lines: u8,
    inverted: bool,
    /// Bytes that are read and written together.
    width: u8,
}

impl Scpi {
    /// What a port reads, whether it's driven by us or by others.
    pub(super) fn read_port(&mut self, channel: u16) -> u8 {
        let port = self.switch.ports.get(&channel).copied().unwrap_or_default();
        if port.drives {
            return port.lines;
        }
        let lines = self.terminals.digital_in(channel);
        if port.inverted { !lines } else { lines }
    }

    fn drive(&mut self, channel: u16, lines: u8) {
        let port = self.switch.ports.entry(channel).or_default();
        (port.drives, port.lines) = (true, lines);
        let lines = if port.inverted { !lines } else { lines };
        self.terminals.set_digital_out(channel, lines);
    }

    pub(super) fn digital(
        &mut self,
        what: SwitchAction,
        call: &Call<'_>,
        out: &mut Vec<u8>,
    ) -> Result<(), Fault> {
        let (before, list) = with_list(call)?;
        let channels = self.switch.list_of(list, &[Kind::Digital])?;
        match what {
            SwitchAction::DigitalRead(width) | SwitchAction::DigitalWrite(width) => {
                for &channel in &channels {
                    self.check_width(channel, width)?;
                }
                if call.query {
                    self.read_ports(&channels, width, out);
                    return Ok(());
                }
                let [value] = before else {
                    return Err(Fault::MISSING_PARAMETER);
                };
                let value = value.integer(0, (1 << (8 * u32::from(width))) - 1)?;
                for channel in channels {
                    for (byte, lines) in value.to_le_bytes().iter().take(width.into()).enumerate() {
                        let byte = u16::try_from(byte).unwrap_or_default();
                        self.drive(channel + byte, *lines);
                    }
                }
                Ok(())
            }
            SwitchAction::DigitalReadBit => {
                let [bit] = before else {
                    return Err(Fault::MISSING_PARAMETER);
                };
                let bit = bit.integer(0, 7)?;
                for (at, channel) in channels.into_iter().enumerate() {
                    separate(at, out);
                    out.push(b'0' + (self.read_port(channel) >> bit & 1));
                }
                Ok(())
            }
            SwitchAction::DigitalWriteBit => {
                let [value, bit] = before else {
                    return Err(Fault::MISSING_PARAMETER);
                };
                let (on, bit) = (value.boolean()?, bit.integer(0, 7)?);
                for channel in channels {
                    let lines = self.switch.ports.get(&channel).map_or(0, |port| port.lines);
                    self.drive(channel, lines & !(1 << bit) | u8::from(on) << bit);
                }
                Ok(())
            }
            _ => self.set_up_ports(what, call.query, before, &channels, out),
        }
    }

    /// Wider data take further ports of the same bank.
    fn check_width(&self, channel: u16, width: u8) -> Result<(), Fault> {
        let last = channel + u16::from(width) - 1;
        match self.switch.cards.bank(last) {
            Ok(bank) if bank.kind == Kind::Digital && last / 100 == channel / 100 => Ok(()),
            _ => Err(Fault::OUT_OF_RANGE),
        }
    }

    fn read_ports(&mut self, channels: &[u16], width: u8, out: &mut Vec<u8>) {
        for (at, &channel) in channels.iter().enumerate() {
            separate(at, out);
            let value = (0..u16::from(width)).rev().fold(0_u64, |value, byte| {
                value << 8 | u64::from(self.read_port(channel + byte))
            });
            // Writing to a vector can't fail.
            let _ = write!(out, "{value}");
        }
    }

    fn set_up_ports(
        &mut self,
        what: SwitchAction,
        query: bool,
        before: &[Datum<'_>],
        channels: &[u16],
        out: &mut Vec<u8>,
    ) -> Result<(), Fault> {
        let choices: &[&str] = match what {
            SwitchAction::DigitalDirection => &["INPut", "OUTPut"],
            SwitchAction::DigitalPolarity => &["NORMal", "INVerted"],
            SwitchAction::DigitalWidth => &["BYTE", "WORD", "LWORd"],
            SwitchAction::DigitalState => &["OFF", "ON"],
            _ => return Err(Fault::UNDEFINED_HEADER),
        };
        let chosen = match (query, before) {
            (true, []) => 0,
            (false, [datum]) => choice(choices, what, datum)?,
            (_, []) => return Err(Fault::MISSING_PARAMETER),
            _ => return Err(Fault::PARAMETER_NOT_ALLOWED),
        };
        for (at, &channel) in channels.iter().enumerate() {
            let port = self.switch.ports.entry(channel).or_default();
            if query {
                separate(at, out);
                let now = match what {
                    SwitchAction::DigitalPolarity => usize::from(port.inverted),
                    SwitchAction::DigitalWidth => match port.width {
                        4 => 2,
                        2 => 1,
                        _ => 0,
                    },
                    _ => usize::from(port.drives),
                };
                let short = crate::setting::short_form(choices[now]);
                out.extend_from_slice(short.as_bytes());
                continue;
            }
            match what {
                SwitchAction::DigitalPolarity => port.inverted = chosen == 1,
                SwitchAction::DigitalWidth => port.width = 1 << chosen,
                _ => port.drives = chosen == 1,
            }
            if port.drives {
                let lines = port.lines;
                self.drive(channel, lines);
            }
        }
        Ok(())
    }
}

fn separate(at: usize, out: &mut Vec<u8>) {
    if at > 0 {
        out.push(b',');
    }
}

/// A keyword of a port's set-up, or the number that stands for it.
fn choice(choices: &[&str], what: SwitchAction, datum: &Datum<'_>) -> Result<usize, Fault> {
    if let Some(at) = choices.iter().position(|keyword| datum.is(keyword)) {
        return Ok(at);
    }
    match (what, datum) {
        (_, Datum::Word(_)) => Err(Fault::ILLEGAL_VALUE),
        (SwitchAction::DigitalWidth, number) => match number.integer(1, 4)? {
            1 => Ok(0),
            2 => Ok(1),
            4 => Ok(2),
            _ => Err(Fault::ILLEGAL_VALUE),
        },
        (_, number) => Ok(usize::from(number.boolean()?)),
    }
}
