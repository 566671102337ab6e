//! What every SCPI instrument does: IEEE 488.2, registers, error queue, remote control, settings.

use std::io::Write;
use std::sync::Arc;

use crate::action::{Common, Control, Level, Part, RegisterAction, TreeName};
use crate::fault::Fault;
use crate::params::Datum;
use crate::port::channel_named;
use crate::scpi::{Call, Remote, Scpi};
use crate::setting::{Kind, Number, Setting, choose, short_form};
use crate::status::{REGISTER_BITS, Register};
use crate::table::Table;
use crate::value::{Value, write_integer, write_quoted};

type Done = Result<(), Fault>;

impl Scpi {
    pub(crate) fn common(
        &mut self,
        table: &Table,
        what: Common,
        call: &Call<'_>,
        out: &mut Vec<u8>,
    ) -> Done {
        match what {
            Common::Identity => {
                call.at_most(0)?;
                out.extend_from_slice(self.identity.as_bytes());
            }
            Common::ClearStatus => {
                call.at_most(0)?;
                self.status.clear();
            }
            Common::EventEnable if call.query => {
                write_integer(self.status.event_enable.into(), out);
            }
            Common::EventEnable => self.status.event_enable = byte(call)?,
            Common::EventStatus => write_integer(self.status.take_event().into(), out),
            Common::ServiceEnable if call.query => {
                write_integer(self.status.service_enable().into(), out);
            }
            Common::ServiceEnable => {
                let mask = byte(call)?;
                self.status.set_service_enable(mask);
            }
            Common::StatusByte => {
                self.refresh(table);
                write_integer(self.status.byte(call.answered).into(), out);
            }
            Common::OperationComplete if call.query => out.push(b'1'),
            Common::OperationComplete => self.status.operation_complete(),
            Common::Reset => {
                call.at_most(0)?;
                self.reset(table);
            }
            Common::Wait => call.at_most(0)?,
            Common::SelfTest => out.push(b'0'),
            Common::Save => {
                let [place] = call.exactly()?;
                self.saved.insert(place.integer(0, 9)?, self.values.clone());
            }
            Common::Recall => self.recall(table, call)?,
            Common::Trigger => self.trigger()?,
            Common::PowerOnClear if call.query => out.push(b'0' + u8::from(self.power_on_clear)),
            Common::PowerOnClear => {
                let [state] = call.exactly()?;
                self.power_on_clear = state.boolean()?;
            }
            Common::StatusPreset => self.status.preset(),
            Common::NextError
            | Common::AllErrors
            | Common::ErrorCount
            | Common::NextErrorCode
            | Common::AllErrorCodes => self.errors(table, what, out),
        }
        Ok(())
    }

    fn errors(&mut self, table: &Table, what: Common, out: &mut Vec<u8>) {
        self.refresh(table);
        if what == Common::ErrorCount {
            write_integer(
                i64::try_from(self.status.error_count()).unwrap_or(i64::MAX),
                out,
            );
            return;
        }
        let code_only = matches!(what, Common::NextErrorCode | Common::AllErrorCodes);
        let all = matches!(what, Common::AllErrors | Common::AllErrorCodes);
        let mut first = true;
        loop {
            let fault = self.status.next_error();
            if fault.is_none() && !first {
                return;
            }
            if !first {
                out.push(b',');
            }
            first = false;
            match (fault, code_only) {
                (None, true) => out.push(b'0'),
                (None, false) => out.extend_from_slice(table.raw.errors.clean.as_bytes()),
                (Some(fault), true) => write_integer(fault.0.into(), out),
                (Some(fault), false) => {
                    let entry = table
                        .raw
                        .errors
                        .entry
                        .replace("{code}", &fault.0.to_string());
                    let entry = entry.replace("{text}", fault.standard_text());
                    out.extend_from_slice(entry.as_bytes());
                }
            }
            if !all || fault.is_none() {
                return;
            }
        }
    }

    /// `*RST`: settings as they were made, outputs off, first channel.
    fn reset(&mut self, table: &Table) {
        for setting in table.settings.iter().filter(|setting| !setting.keeps) {
            let copies = setting.copies(table.channels);
            for value in &mut self.values[setting.place..setting.place + copies] {
                *value = setting.default.clone();
            }
        }
        self.selected = 1;
        self.switch.reset(self.terminals.as_mut());
        self.apply_all();
        self.clear_trips(None, &[]);
    }

    /// `*RCL`: never turns an output on.
    fn recall(&mut self, table: &Table, call: &Call<'_>) -> Done {
        let [place] = call.exactly()?;
        let place = place.integer(0, 9)?;
        self.values = self.saved.get(&place).ok_or(Fault::SAVE_LOST)?.clone();
        for output in [table.ports.output, table.ports.general]
            .into_iter()
            .flatten()
        {
            let setting = &table.settings[output];
            let copies = setting.copies(table.channels);
            self.values[setting.place..setting.place + copies].fill(Value::Switch(false));
        }
        self.apply_all();
        Ok(())
    }

    pub(crate) fn register(
        &mut self,
        table: &Table,
        what: RegisterAction,
        call: &Call<'_>,
        out: &mut Vec<u8>,
    ) -> Done {
        self.refresh(table);
        let tree = match what.tree {
            TreeName::Operation => &mut self.status.operation,
            TreeName::Questionable => &mut self.status.questionable,
        };
        tree.propagate();
        let register: &mut Register = match what.level {
            Level::Top => &mut tree.top,
            Level::Instrument => &mut tree.instrument,
            Level::Channel => tree
                .channels
                .get_mut(usize::from(call.channel) - 1)
                .ok_or(Fault::SUFFIX_OUT_OF_RANGE)?,
        };
        if call.query {
            let bits = match what.part {
                Part::Event => register.take_event(),
                Part::Condition => register.condition(),
                Part::Enable => register.enable,
                Part::Rising => register.rising,
                Part::Falling => register.falling,
            };
            tree.propagate();
            write_integer(bits.into(), out);
            return Ok(());
        }
        let [mask] = call.exactly()?;
        let mask = mask.integer(0, 0xffff)?;
        let mask = u16::try_from(mask).map_err(|_| Fault::OUT_OF_RANGE)? & REGISTER_BITS;
        match what.part {
            Part::Enable => register.enable = mask,
            Part::Rising => register.rising = mask,
            Part::Falling => register.falling = mask,
            Part::Event | Part::Condition => return Err(Fault::UNDEFINED_HEADER),
        }
        tree.propagate();
        Ok(())
    }

    pub(crate) fn control(
        &mut self,
        table: &Table,
        what: Control,
        call: &Call<'_>,
        out: &mut Vec<u8>,
    ) -> Done {
        match what {
            Control::Remote => self.remote = Remote::Unlocked,
            Control::RemoteLocked => self.remote = Remote::Locked,
            Control::Local => self.leave_remote(table),
            Control::Lock if call.query => {
                let on = usize::from(self.remote != Remote::Local);
                out.extend_from_slice(table.raw.booleans[on].as_bytes());
            }
            Control::Lock => {
                let [on] = call.exactly()?;
                if on.boolean()? {
                    self.remote = Remote::Locked;
                } else {
                    self.leave_remote(table);
                }
            }
            Control::LockOwner => {
                let owner = if self.remote == Remote::Local {
                    "NONE"
                } else {
                    "REMOTE"
                };
                out.extend_from_slice(owner.as_bytes());
            }
            Control::SelectNumber if call.query => write_integer(self.selected.into(), out),
            Control::SelectNumber => {
                let [channel] = call.exactly()?;
                let most = i64::from(table.channels);
                self.selected =
                    u16::try_from(channel.integer(1, most)?).map_err(|_| Fault::OUT_OF_RANGE)?;
            }
            Control::SelectName if call.query => {
                // Writing to a vector can't fail.
                let _ = write!(out, "OUT{}", self.selected);
            }
            Control::SelectName => self.select_by_name(table, call)?,
        }
        Ok(())
    }

    fn select_by_name(&mut self, table: &Table, call: &Call<'_>) -> Done {
        let [name] = call.exactly()?;
        let channel = match name {
            Datum::Number(_) => name.integer(1, table.channels.into())?,
            Datum::Word(_) => channel_named(name).ok_or(Fault::ILLEGAL_VALUE)?.into(),
            Datum::Quantity(..)
            | Datum::Integer(_)
            | Datum::Text(_)
            | Datum::Block(_)
            | Datum::Expression(_) => return Err(Fault::DATA_TYPE),
        };
        let channel = u16::try_from(channel).map_err(|_| Fault::OUT_OF_RANGE)?;
        if channel == 0 || channel > table.channels {
            return Err(Fault::OUT_OF_RANGE);
        }
        self.selected = channel;
        Ok(())
    }

    fn leave_remote(&mut self, table: &Table) {
        let Some(remote) = &table.raw.remote else {
            return;
        };
        self.remote = Remote::Local;
        if remote.output_off_after {
            for channel in 1..=table.channels {
                self.turn_off(table, channel);
            }
        }
    }

    /// Where a setting's value is, for a channel from 1.
    pub(crate) fn place(setting: &Setting, channel: u16) -> usize {
        setting.place
            + if setting.each {
                usize::from(channel) - 1
            } else {
                0
            }
    }

    /// Where the value is that a call is about: `<n>` tells lines apart.
    fn place_of(setting: &Setting, call: &Call<'_>) -> Result<usize, Fault> {
        if setting.lines == 0 {
            return Ok(Self::place(setting, call.channel));
        }
        let line = call.index.unwrap_or(1);
        if !(1..=setting.lines).contains(&line) {
            return Err(Fault::SUFFIX_OUT_OF_RANGE);
        }
        Ok(setting.place + usize::from(line) - 1)
    }

    pub(crate) fn set(&mut self, table: &Table, which: usize, call: &Call<'_>) -> Done {
        let setting = &table.settings[which];
        let place = Self::place_of(setting, call)?;
        let value = match &setting.kind {
            Kind::Number(number) => {
                let [datum] = call.exactly()?;
                let value = self.number(table, setting, number, call.channel, datum)?;
                self.check_derated(table, which, call.channel, value)?;
                Value::Number(value)
            }
            Kind::Switch(_) => {
                let [datum] = call.exactly()?;
                Value::Switch(datum.boolean()?)
            }
            Kind::Choice { of, .. } => {
                let [datum] = call.exactly()?;
                Value::Choice(choose(of, datum)?)
            }
            Kind::Text { longest } => {
                let [datum] = call.exactly()?;
                let text: &[u8] = match datum {
                    Datum::Text(text) => text,
                    Datum::Word(text) | Datum::Block(text) => text,
                    _ => return Err(Fault::DATA_TYPE),
                };
                if text.len() > *longest {
                    return Err(Fault::TOO_MUCH_DATA);
                }
                Value::Text(Arc::from(text))
            }
            Kind::Raw => Value::Text(Arc::from(raw_text(&call.data)?)),
        };
        self.values[place] = value;
        if table.ports.acts(which) {
            if setting.each || table.channels == 1 {
                self.apply(table, call.channel);
            } else {
                self.apply_all();
            }
        }
        Ok(())
    }

    fn number(
        &self,
        table: &Table,
        setting: &Setting,
        number: &Number,
        channel: u16,
        datum: &Datum<'_>,
    ) -> Result<f64, Fault> {
        let (min, max) = self.bounds(table, number, channel);
        let default = || match setting.default {
            Value::Number(value) => value,
            _ => number.min,
        };
        let steps = |direction: f64| {
            let step = number.step.ok_or(Fault::INVALID_WORD)?;
            let now = self.numeric_at(Self::place(setting, channel));
            let step = self.numeric_at(Self::place(&table.settings[step], channel));
            Ok::<f64, Fault>(now + direction * step)
        };
        let value = if datum.is("MINimum") {
            min
        } else if datum.is("MAXimum") {
            max
        } else if datum.is("DEFault") {
            default()
        } else if datum.is("UP") {
            steps(1.0)?
        } else if datum.is("DOWN") {
            steps(-1.0)?
        } else if datum.is("INFinity") && number.max >= 9.9e37 {
            9.9e37
        } else {
            datum.number(&number.unit)?
        };
        let value = if number.whole { value.round() } else { value };
        // What a resolution of a millionth can't tell from the bound is the bound.
        let slack = 1e-9 * (1.0 + max.abs());
        if value.is_nan() || value < min - slack || value > max + slack {
            return Err(Fault::OUT_OF_RANGE);
        }
        Ok(value.clamp(min, max))
    }

    /// The bounds of a setting as they are now.
    fn bounds(&self, table: &Table, number: &Number, channel: u16) -> (f64, f64) {
        let (mut min, mut max) = (number.min, number.max);
        let value = |which: usize| &self.values[Self::place(&table.settings[which], channel)];
        if let Some(within) = number.within
            && within
                .when
                .is_none_or(|when| *value(when) == Value::Switch(true))
            && let (Value::Number(lower), Value::Number(upper)) =
                (value(within.lower), value(within.upper))
        {
            (min, max) = (min.max(*lower), max.min(*upper));
        }
        if let Some(derated) = number.derated
            && matches!(value(derated.setting), Value::Number(now) if *now > derated.above)
        {
            max = max.min(derated.max);
        }
        (min, max.max(min))
    }

    /// Refuses what would take away from another setting the range it's in.
    fn check_derated(&self, table: &Table, which: usize, channel: u16, value: f64) -> Done {
        for other in &table.settings {
            if let Kind::Number(number) = &other.kind
                && let Some(derated) = number.derated
                && derated.setting == which
                && value > derated.above
                && self.numeric_at(Self::place(other, channel)) > derated.max + 1e-9
            {
                return Err(Fault::SETTINGS_CONFLICT);
            }
        }
        Ok(())
    }

    pub(crate) fn numeric_at(&self, place: usize) -> f64 {
        match self.values[place] {
            Value::Number(number) => number,
            Value::Switch(_) | Value::Choice(_) | Value::Text(_) => 0.0,
        }
    }

    pub(crate) fn get(
        &mut self,
        table: &Table,
        which: usize,
        call: &Call<'_>,
        out: &mut Vec<u8>,
    ) -> Done {
        let setting = &table.settings[which];
        let place = Self::place_of(setting, call)?;
        match (&setting.kind, &self.values[place]) {
            (Kind::Number(number), Value::Number(value)) => {
                let value = match call.optional()? {
                    None => *value,
                    // A query asks for bounds only; numbers make no sense there.
                    Some(datum @ Datum::Word(_)) if !datum.is("UP") && !datum.is("DOWN") => {
                        self.number(table, setting, number, call.channel, datum)?
                    }
                    Some(_) => return Err(Fault::PARAMETER_NOT_ALLOWED),
                };
                number.form.write(value, out);
            }
            (Kind::Switch(names), Value::Switch(on)) => {
                call.at_most(0)?;
                out.extend_from_slice(names[usize::from(*on)].as_bytes());
            }
            (Kind::Choice { of, long }, Value::Choice(at)) => {
                call.at_most(0)?;
                let keyword = &of[*at];
                let text = if *long {
                    keyword.to_ascii_uppercase()
                } else {
                    short_form(keyword)
                };
                out.extend_from_slice(text.as_bytes());
            }
            (Kind::Text { .. }, Value::Text(text)) => {
                call.at_most(0)?;
                write_quoted(text, out);
            }
            (_, Value::Text(text)) => out.extend_from_slice(text),
            _ => return Err(Fault::STALE_DATA),
        }
        Ok(())
    }
}

fn byte(call: &Call<'_>) -> Result<u8, Fault> {
    let [mask] = call.exactly()?;
    u8::try_from(mask.integer(0, 255)?).map_err(|_| Fault::OUT_OF_RANGE)
}

/// Data as they came, joined by commas.
fn raw_text(data: &[Datum<'_>]) -> Result<Vec<u8>, Fault> {
    if data.is_empty() {
        return Err(Fault::MISSING_PARAMETER);
    }
    let mut text = Vec::new();
    for datum in data {
        if !text.is_empty() {
            text.push(b',');
        }
        match datum {
            Datum::Number(bytes) | Datum::Word(bytes) | Datum::Block(bytes) => {
                text.extend_from_slice(bytes);
            }
            Datum::Quantity(number, unit) => {
                text.extend_from_slice(number);
                text.extend_from_slice(unit);
            }
            Datum::Integer(number) => text.extend_from_slice(number.to_string().as_bytes()),
            Datum::Text(inside) => write_quoted(inside, &mut text),
            Datum::Expression(inside) => {
                text.push(b'(');
                text.extend_from_slice(inside);
                text.push(b')');
            }
        }
    }
    Ok(text)
}
