//! Settings: what sets them, what is answered about them.

use std::sync::Arc;

use crate::fault::Fault;
use crate::params::Datum;
use crate::scpi::{Call, Scpi};
use crate::setting::{Fence, Kind, Number, Setting, choose};
use crate::table::Table;
use crate::value::{Value, write_quoted};

type Done = Result<(), Fault>;

impl Scpi {
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
        if let Some(fault) = setting.only_off
            && self.is_on(table, table.ports.output, call.channel, false)
        {
            return Err(fault);
        }
        let value = match &setting.kind {
            Kind::Number(number) => {
                let [datum] = call.exactly()?;
                let value = self.number(table, setting, number, call.channel, datum)?;
                self.check_derated(table, which, call.channel, value)?;
                self.check_fences(table, number, call.channel, value)?;
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
        let default = || match setting.defaults.get(usize::from(channel) - 1) {
            Some(Value::Number(value)) => *value,
            _ => number.min.of(channel),
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
        } else if datum.is("INFinity") && max >= 9.9e37 {
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
        let (mut min, mut max) = (number.min.of(channel), number.max.of(channel));
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

    /// Refuses to pass another setting.
    fn check_fences(&self, table: &Table, number: &Number, channel: u16, value: f64) -> Done {
        let at = |fence: &Fence| {
            let place = Self::place(&table.settings[fence.setting], channel);
            self.numeric_at(place) * fence.factor
        };
        if let Some(fence) = number.not_above.filter(|fence| value > at(fence) + 1e-9) {
            return Err(fence.error);
        }
        if let Some(fence) = number.not_below.filter(|fence| value < at(fence) - 1e-9) {
            return Err(fence.error);
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
            (Kind::Choice { answers, .. }, Value::Choice(at)) => {
                call.at_most(0)?;
                out.extend_from_slice(answers[*at].as_bytes());
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
