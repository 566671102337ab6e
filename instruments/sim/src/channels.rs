//! Which channels a command is for, where its data say so.

use crate::action::Action;
use crate::fault::Fault;
use crate::params::{Datum, matches};
use crate::raw::RawAddressing;
use crate::scpi::{Call, Scpi};
use crate::table::Table;

/// `OUT1`, `OUTPut1`, `CH1`, or one of the dialect's own names: a channel by name.
pub(crate) fn named(table: &Table, datum: &Datum<'_>) -> Option<u16> {
    let Datum::Word(word) = datum else {
        return None;
    };
    let aliases = &table.raw.aliases;
    let alias = aliases
        .iter()
        .find(|(name, _)| word.eq_ignore_ascii_case(name.as_bytes()));
    if let Some((_, channel)) = alias {
        return Some(*channel);
    }
    let digits = word
        .iter()
        .rev()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    let (name, number) = word.split_at(word.len() - digits);
    let known = ["OUT", "OUTPut", "CH", "CHANnel", "P"];
    known
        .iter()
        .any(|known| matches(known, name))
        .then_some(())?;
    std::str::from_utf8(number).ok()?.parse().ok()
}

/// Takes the channels out of the data; `None` when the data name none.
fn take(table: &Table, data: &mut Vec<Datum<'_>>, query: bool) -> Result<Option<Vec<u16>>, Fault> {
    let channels = match table.raw.addressing {
        RawAddressing::None => return Ok(None),
        RawAddressing::List => match data.last() {
            Some(list @ Datum::Expression(_)) => {
                let channels = list.channels(&mut |from, to, into| {
                    into.extend(from.min(to)..=from.max(to));
                    Ok(())
                })?;
                data.pop();
                channels
            }
            // `MEAS:VOLT? P6V`, as older programs ask.
            Some(word) if query && named(table, word).is_some() => {
                let channel = named(table, word);
                data.pop();
                channel.into_iter().collect()
            }
            _ => return Ok(None),
        },
        RawAddressing::Name => {
            let last = data.len().checked_sub(1);
            let place = [Some(0), last]
                .into_iter()
                .flatten()
                .find(|&at| data.get(at).is_some_and(|datum| is_name(table, datum)));
            let Some(at) = place else {
                return Ok(None);
            };
            match named(table, &data.remove(at)) {
                Some(channel) => vec![channel],
                None => (1..=table.channels).collect(),
            }
        }
    };
    if channels.is_empty() {
        return Err(Fault::MISSING_PARAMETER);
    }
    if channels
        .iter()
        .any(|channel| !(1..=table.channels).contains(channel))
    {
        return Err(Fault::OUT_OF_RANGE);
    }
    Ok(Some(channels))
}

fn is_name(table: &Table, datum: &Datum<'_>) -> bool {
    named(table, datum).is_some() || datum.is("ALL")
}

impl Scpi {
    /// Does something on each channel that the data name, or on the one that the call is for.
    /// With several channels it's all or nothing.
    pub(crate) fn on_channels(
        &mut self,
        table: &Table,
        action: &Action,
        mut call: Call<'_>,
        out: &mut Vec<u8>,
    ) -> Result<(), Fault> {
        let Some(channels) = take(table, &mut call.data, call.query)? else {
            return self.on_channel(table, action, &call, out);
        };
        let before = (channels.len() > 1 && !call.query).then(|| self.values.clone());
        for (at, channel) in channels.into_iter().enumerate() {
            if at > 0 && call.query {
                out.push(b',');
            }
            call.channel = channel;
            if let Err(fault) = self.on_channel(table, action, &call, out) {
                if let Some(before) = before {
                    self.values = before;
                    self.apply_all();
                }
                return Err(fault);
            }
        }
        Ok(())
    }

    fn on_channel(
        &mut self,
        table: &Table,
        action: &Action,
        call: &Call<'_>,
        out: &mut Vec<u8>,
    ) -> Result<(), Fault> {
        match action {
            Action::Set(setting) => self.set(table, *setting, call),
            Action::Get(setting) => self.get(table, *setting, call, out),
            Action::Port(port) => self.port_action(table, port, call, out),
            _ => Err(Fault::UNDEFINED_HEADER),
        }
    }
}
