//! The engine of instruments that speak SCPI: from a program message to what it does.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crate::action::{Action, Common};
use crate::chamber::ChamberMemory;
use crate::fault::Fault;
use crate::params::{self, Datum};
use crate::port::PortMemory;
use crate::status::Status;
use crate::switch::Switch;
use crate::table::Table;
use crate::terminals::{Terminals, Trip};
use crate::tree::{Captured, Place};
use crate::value::Value;

/// Longest response message in bytes.
const OUTPUT_CAP: usize = 1 << 20;
/// Longest mnemonic that the standard allows.
const MNEMONIC: usize = 12;

/// Who has control.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Remote {
    Local,
    /// Remote, the keys still work.
    Unlocked,
    /// Remote, the keys don't.
    Locked,
}

impl Remote {
    /// After power-on.
    pub(crate) fn of(table: &Table) -> Self {
        match table.raw.remote {
            Some(_) => Self::Local,
            None => Self::Unlocked,
        }
    }
}

/// An instrument's state behind its dialect.
pub(crate) struct Scpi {
    pub(crate) table: Arc<Table>,
    pub(crate) terminals: Box<dyn Terminals>,
    pub(crate) status: Status,
    pub(crate) identity: String,
    pub(crate) values: Vec<Value>,
    /// The channel that commands without suffix are for, from 1.
    pub(crate) selected: u16,
    pub(crate) remote: Remote,
    pub(crate) power_on_clear: bool,
    pub(crate) ports: Vec<PortMemory>,
    pub(crate) saved: BTreeMap<i64, Vec<Value>>,
    /// When the last message came, where there is a watchdog.
    last_heard: Duration,
    pub(crate) switch: Switch,
    pub(crate) chamber: ChamberMemory,
    /// What a programmable resistor last put on its terminals.
    pub(crate) ohms: Option<f64>,
}

/// One program message unit, ready to be executed.
#[derive(Clone)]
pub(crate) struct Call<'m> {
    /// From 1.
    pub(crate) channel: u16,
    /// Of `<n>` in the header.
    pub(crate) index: Option<u16>,
    pub(crate) query: bool,
    pub(crate) data: Vec<Datum<'m>>,
    /// Whether an earlier unit of the message has been answered.
    pub(crate) answered: bool,
    /// How a query answers no and yes.
    pub(crate) booleans: &'m [String; 2],
}

impl<'m> Call<'m> {
    /// Refuses more than `most` pieces of data.
    pub(crate) fn at_most(&self, most: usize) -> Result<(), Fault> {
        if self.data.len() > most {
            Err(Fault::PARAMETER_NOT_ALLOWED)
        } else {
            Ok(())
        }
    }

    /// Exactly `N` pieces of data.
    pub(crate) fn exactly<const N: usize>(&self) -> Result<&[Datum<'m>; N], Fault> {
        self.at_most(N)?;
        self.data.first_chunk().ok_or(Fault::MISSING_PARAMETER)
    }

    /// One piece of data or none.
    pub(crate) fn optional(&self) -> Result<Option<&Datum<'m>>, Fault> {
        self.at_most(1)?;
        Ok(self.data.first())
    }
}

/// A header found in the tree.
struct Found {
    row: usize,
    captured: Captured,
    query: bool,
}

impl Scpi {
    pub(crate) fn new(
        table: Arc<Table>,
        serial: Option<&str>,
        switch: Switch,
        terminals: Box<dyn Terminals>,
    ) -> Self {
        let identity = identity(&table, serial);
        let channels = usize::from(table.channels);
        let mut engine = Self {
            status: Status::new(channels, table.raw.errors.capacity),
            identity,
            values: table.defaults.clone(),
            selected: 1,
            remote: Remote::of(&table),
            power_on_clear: true,
            ports: vec![PortMemory::default(); channels],
            saved: BTreeMap::new(),
            last_heard: Duration::ZERO,
            switch,
            chamber: ChamberMemory::default(),
            ohms: None,
            terminals,
            table,
        };
        engine.apply_all();
        engine
    }

    /// Another unit of the same model stands here from now on.
    pub(crate) fn rename(&mut self, serial: &str) {
        self.identity = identity(&self.table, Some(serial));
    }

    /// Executes one program message. What it answers is appended, with its terminator.
    pub(crate) fn message(&mut self, message: &[u8], out: &mut Vec<u8>) {
        let table = self.table.clone();
        self.tick();
        if table.ports.watchdog_on.is_some() {
            self.last_heard = self.terminals.now();
        }
        let start = out.len();
        let mut path = Place::ROOT;
        let mut indefinite = false;
        for unit in Units(Some(message)) {
            let unit = unit.trim_ascii();
            if unit.is_empty() {
                continue;
            }
            let mark = out.len();
            let answered = mark > start;
            let (header, data) = split(unit);
            let done = find(&table, header, &mut path).and_then(|found| {
                if indefinite && found.query {
                    return Err(Fault::AFTER_INDEFINITE);
                }
                if answered && found.query {
                    out.push(b';');
                }
                let before = out.len();
                self.execute(&table, &found, data, answered, out)?;
                indefinite |= out.len() > before && ends_answers(&table, &found, header);
                Ok(())
            });
            if let Err(fault) = done {
                out.truncate(mark);
                self.status.report(fault);
                if fault.ends_message() {
                    break;
                }
            }
            if out.len() - start > OUTPUT_CAP {
                // Nobody reads while the message is still being executed.
                self.status.report(Fault::DEADLOCKED);
                out.truncate(start);
                return;
            }
        }
        if out.len() > start {
            out.push(b'\n');
        }
        self.act_chamber(&table);
        self.act_resistor(&table);
    }

    fn execute<'m>(
        &mut self,
        table: &'m Table,
        found: &Found,
        data: &'m [u8],
        answered: bool,
        out: &mut Vec<u8>,
    ) -> Result<(), Fault> {
        let row = &table.rows[found.row];
        let action = if found.query {
            row.query.as_ref()
        } else {
            row.command.as_ref()
        };
        let action = action.ok_or(Fault::UNDEFINED_HEADER)?;
        let channel = found.captured.channel.unwrap_or(self.selected);
        if channel == 0 || channel > table.channels {
            return Err(Fault::SUFFIX_OUT_OF_RANGE);
        }
        let data = params::parse(data)?;
        if !found.query
            && !row.anytime
            && self.remote == Remote::Local
            && let Some(remote) = &table.raw.remote
        {
            return Err(Fault(remote.refuses));
        }
        let index = found.captured.index;
        let call = Call {
            channel,
            index,
            query: found.query,
            data,
            answered,
            booleans: &row.booleans,
        };
        match action {
            Action::Set(_) | Action::Get(_) | Action::Port(_) => {
                self.on_channels(table, action, call, out)
            }
            Action::Constant(text) => {
                out.extend_from_slice(text);
                Ok(())
            }
            Action::Nothing => Ok(()),
            Action::Common(common) => self.common(table, *common, &call, out),
            Action::Register(register) => self.register(table, *register, &call, out),
            Action::Control(control) => self.control(table, *control, &call, out),
            Action::Switch(action) => self.switch_action(*action, &call, out),
            Action::Chamber(action) => self.chamber_action(table, *action, out),
        }
    }

    /// When the watchdog ends what is on, unless somebody speaks before.
    pub(crate) fn watchdog_ends(&self) -> Option<Duration> {
        let ports = &self.table.ports;
        let place = |setting: usize| self.table.settings[setting].place;
        let armed = self.values[place(ports.watchdog_on?)] == Value::Switch(true);
        let delay = self.numeric_at(place(ports.watchdog_delay?)).max(0.0);
        armed.then(|| self.last_heard + Duration::from_secs_f64(delay))
    }

    /// Brings to now what happens by time alone.
    pub(crate) fn tick(&mut self) {
        if self
            .watchdog_ends()
            .is_some_and(|end| self.terminals.now() > end)
        {
            let table = self.table.clone();
            self.trip_all(&table, Trip::Watchdog);
        }
        if self.chamber.goal().is_some() {
            let table = self.table.clone();
            self.act_chamber(&table);
        }
    }

    /// A report from outside the messages: the exchange itself went wrong.
    pub(crate) fn report(&mut self, fault: Fault) {
        self.status.report(fault);
    }
}

/// What `*IDN?` tells.
fn identity(table: &Table, serial: Option<&str>) -> String {
    let raw = &table.raw;
    table
        .identity
        .replace("{product}", &table.product)
        .replace("{serial}", serial.unwrap_or(&raw.serial))
        .replace("{firmware}", &raw.firmware)
}

/// Arbitrary ASCII has no end of its own: no answer may follow it in a message.
fn ends_answers(table: &Table, found: &Found, header: &[u8]) -> bool {
    header.eq_ignore_ascii_case(b"*OPT?")
        || table.rows[found.row].query == Some(Action::Common(Common::Identity))
}

/// Header and data of a unit.
fn split(unit: &[u8]) -> (&[u8], &[u8]) {
    let end = unit
        .iter()
        .position(|&byte| byte <= b' ')
        .unwrap_or(unit.len());
    (&unit[..end], unit[end..].trim_ascii())
}

/// Follows a header through the tree.
///
/// What stays in `path` is the header as it was written, without its last word: a word that was
/// left out doesn't come back for the next unit.
fn find(table: &Table, header: &[u8], path: &mut Place) -> Result<Found, Fault> {
    let (header, query) = match header.strip_suffix(b"?") {
        Some(header) => (header, true),
        None => (header, false),
    };
    let common = header.starts_with(b"*");
    let (mut place, words) = match header.strip_prefix(b":") {
        Some(words) => (Place::ROOT, words),
        None if common => (Place::ROOT, header),
        None => (*path, header),
    };
    let mut parent = place;
    for word in words.split(|&byte| byte == b':') {
        check_word(word, common)?;
        parent = place;
        place = table.tree.step(&place, word)?;
    }
    let target = table
        .tree
        .target(&place, query)
        .ok_or(Fault::UNDEFINED_HEADER)?;
    let captured = target.capture(&place.suffixes)?;
    if !common {
        *path = parent;
    }
    Ok(Found {
        row: target.row,
        captured,
        query,
    })
}

fn check_word(word: &[u8], common: bool) -> Result<(), Fault> {
    let plain = if common {
        word.strip_prefix(b"*").unwrap_or(word)
    } else {
        word
    };
    let Some(first) = plain.first() else {
        return Err(Fault::INVALID_SEPARATOR);
    };
    if let Some(&odd) = plain
        .iter()
        .find(|byte| !byte.is_ascii_alphanumeric() && **byte != b'_')
    {
        return Err(match odd {
            b'?' => Fault::HEADER_SEPARATOR,
            b',' | b'"' | b'\'' | b'(' | b'#' => Fault::HEADER_SEPARATOR,
            _ => Fault::INVALID_CHARACTER,
        });
    }
    if !first.is_ascii_alphabetic() {
        return Err(Fault::HEADER);
    }
    let digits = plain
        .iter()
        .rev()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    if plain.len() - digits > MNEMONIC {
        return Err(Fault::MNEMONIC_TOO_LONG);
    }
    Ok(())
}

/// The units of a program message: cut at semicolons outside strings and blocks.
struct Units<'m>(Option<&'m [u8]>);

impl<'m> Iterator for Units<'m> {
    type Item = &'m [u8];

    fn next(&mut self) -> Option<&'m [u8]> {
        let rest = self.0?;
        let mut quote = None;
        let mut at = 0;
        while let Some(&byte) = rest.get(at) {
            match (quote, byte) {
                (Some(open), _) if open == byte => quote = None,
                (Some(_), _) => {}
                (None, b'"' | b'\'') => quote = Some(byte),
                (None, b'#') => at += block(&rest[at..]),
                (None, b';') => {
                    self.0 = Some(&rest[at + 1..]);
                    return Some(&rest[..at]);
                }
                (None, _) => {}
            }
            at += 1;
        }
        self.0 = None;
        Some(rest)
    }
}

/// How many bytes of a block follow its `#`; 0 when it isn't one.
fn block(bytes: &[u8]) -> usize {
    let Some(digits @ b'0'..=b'9') = bytes.get(1) else {
        return 0;
    };
    let digits = usize::from(digits - b'0');
    if digits == 0 {
        return bytes.len();
    }
    let length = bytes
        .get(2..2 + digits)
        .and_then(|length| std::str::from_utf8(length).ok())
        .and_then(|length| length.parse::<usize>().ok());
    length.map_or(0, |length| {
        (1 + digits).saturating_add(length).min(bytes.len())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_end_at_semicolons_outside_strings_and_blocks() {
        let cut = |text: &'static str| {
            Units(Some(text.as_bytes()))
                .map(|unit| std::str::from_utf8(unit).unwrap())
                .collect::<Vec<_>>()
        };
        assert_eq!(cut("A;B ; C"), ["A", "B ", " C"]);
        assert_eq!(cut("A 'x;y';B \";\""), ["A 'x;y'", "B \";\""]);
        assert_eq!(cut("A #13a;b;C"), ["A #13a;b", "C"]);
        assert_eq!(cut("A #0a;b;C"), ["A #0a;b;C"]);
        assert_eq!(cut("A #99;B"), ["A #99", "B"]);
        assert_eq!(cut("A #3999;B"), ["A #3999;B"]);
        assert_eq!(cut(";"), ["", ""]);
        assert_eq!(cut("A 'open;B"), ["A 'open;B"]);
    }
}
