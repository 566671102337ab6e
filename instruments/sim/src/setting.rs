//! Settings: what can be set and asked for, within which bounds.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::fault::Fault;
use crate::params::{Datum, matches};
use crate::raw::{RawAmount, RawNumberForm, RawSetting, RawSettingKind};
use crate::value::{NumberForm, Value};

/// One thing an instrument remembers, as its dialect describes it.
#[derive(Debug, Clone)]
pub(crate) struct Setting {
    pub(crate) kind: Kind,
    pub(crate) default: Value,
    /// Whether each channel has its own.
    pub(crate) each: bool,
    /// How many there are, told apart by the header's `<n>`; 0 when it's one.
    pub(crate) lines: u16,
    /// Whether `*RST` leaves it alone.
    pub(crate) keeps: bool,
    /// Where its values start among all values.
    pub(crate) place: usize,
}

#[derive(Debug, Clone)]
pub(crate) enum Kind {
    Number(Number),
    Switch([String; 2]),
    Choice { of: Vec<String>, long: bool },
    Text { longest: usize },
    Raw,
}

#[derive(Debug, Clone)]
pub(crate) struct Number {
    pub(crate) unit: String,
    pub(crate) min: f64,
    pub(crate) max: f64,
    pub(crate) whole: bool,
    pub(crate) form: NumberForm,
    /// Names first, places once all settings are known.
    pub(crate) step: Option<usize>,
    pub(crate) within: Option<Within>,
    pub(crate) derated: Option<Derating>,
}

/// Two settings that bound a third, and the switch that makes them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Within {
    pub(crate) lower: usize,
    pub(crate) upper: usize,
    pub(crate) when: Option<usize>,
}

/// A lower maximum while another setting is above a value.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Derating {
    pub(crate) setting: usize,
    pub(crate) above: f64,
    pub(crate) max: f64,
}

/// What all settings are built from.
pub(crate) struct Context<'a> {
    pub(crate) ratings: &'a BTreeMap<String, f64>,
    pub(crate) booleans: &'a [String; 2],
    pub(crate) numbers: &'a BTreeMap<String, usize>,
}

/// A number, a rating, or a rating times a number.
pub(crate) fn amount(raw: &RawAmount, ratings: &BTreeMap<String, f64>) -> Result<f64, String> {
    let text = match raw {
        RawAmount::Number(number) => return Ok(*number),
        RawAmount::Text(text) => text,
    };
    let (name, factor) = match text.split_once('*') {
        Some((name, factor)) => {
            let factor = factor.trim();
            (
                name,
                factor
                    .parse()
                    .map_err(|_| format!("`{factor}` isn't a factor"))?,
            )
        }
        None => (text.as_str(), 1.0),
    };
    let name = name.trim();
    let rating = match name.strip_prefix('-') {
        Some(name) => ratings.get(name).map(|rating| -rating),
        None => ratings.get(name).copied(),
    };
    rating
        .map(|rating| rating * factor)
        .ok_or_else(|| format!("there is no rating `{name}`"))
}

impl Setting {
    /// How many values it has in an instrument of so many channels.
    pub(crate) fn copies(&self, channels: u16) -> usize {
        usize::from(if self.each {
            channels
        } else {
            self.lines.max(1)
        })
    }

    pub(crate) fn compile(
        raw: &RawSetting,
        context: &Context<'_>,
        place: usize,
    ) -> Result<Self, String> {
        let kind = match raw.kind {
            RawSettingKind::Number | RawSettingKind::Integer => {
                Kind::Number(Number::compile(raw, context)?)
            }
            RawSettingKind::Boolean => Kind::Switch(
                raw.booleans
                    .clone()
                    .unwrap_or_else(|| context.booleans.clone()),
            ),
            RawSettingKind::Choice => Kind::Choice {
                of: raw.of.clone(),
                long: raw.long,
            },
            RawSettingKind::Text => {
                let longest = raw
                    .max
                    .as_ref()
                    .map(|max| amount(max, context.ratings))
                    .transpose()?;
                Kind::Text {
                    longest: longest.unwrap_or(64.0) as usize,
                }
            }
            RawSettingKind::Raw => Kind::Raw,
        };
        let default = default(raw, &kind, context)?;
        if raw.each && raw.lines > 0 {
            return Err("it's one a channel or one a line, not both".to_owned());
        }
        Ok(Self {
            kind,
            default,
            each: raw.each,
            lines: raw.lines,
            keeps: raw.keeps,
            place,
        })
    }
}

impl Number {
    fn compile(raw: &RawSetting, context: &Context<'_>) -> Result<Self, String> {
        let bound = |raw: &Option<RawAmount>, otherwise: f64| {
            raw.as_ref()
                .map_or(Ok(otherwise), |raw| amount(raw, context.ratings))
        };
        let number_of = |name: &String| {
            context
                .numbers
                .get(name)
                .copied()
                .ok_or_else(|| format!("there is no setting `{name}`"))
        };
        let whole = raw.kind == RawSettingKind::Integer;
        let (min, max) = (bound(&raw.min, 0.0)?, bound(&raw.max, 9.9e37)?);
        if min > max {
            return Err(format!("`min` {min} is above `max` {max}"));
        }
        let within = match &raw.within {
            None => None,
            Some([lower, upper]) => Some(Within {
                lower: number_of(lower)?,
                upper: number_of(upper)?,
                when: raw.within_when.as_ref().map(number_of).transpose()?,
            }),
        };
        let derated = match &raw.derated {
            None => None,
            Some(derated) => Some(Derating {
                setting: number_of(&derated.setting)?,
                above: derated.above,
                max: amount(&derated.max, context.ratings)?,
            }),
        };
        let form = if whole && raw.decimals.is_none() && raw.scientific.is_none() {
            NumberForm::fixed(0)
        } else {
            NumberForm::from_raw(&RawNumberForm {
                decimals: raw.decimals,
                scientific: raw.scientific,
                suffix: raw.suffix.clone(),
            })?
        };
        let step = raw.step.as_ref().map(number_of).transpose()?;
        Ok(Self {
            unit: raw.unit.clone(),
            min,
            max,
            whole,
            form,
            step,
            within,
            derated,
        })
    }
}

fn default(raw: &RawSetting, kind: &Kind, context: &Context<'_>) -> Result<Value, String> {
    let text = match &raw.default {
        Some(RawAmount::Text(text)) => text.as_str(),
        _ => "",
    };
    Ok(match kind {
        Kind::Number(number) => {
            let value = match &raw.default {
                Some(raw) => amount(raw, context.ratings)?,
                None => number.min,
            };
            if !(number.min..=number.max).contains(&value) {
                return Err(format!("the default {value} is out of bounds"));
            }
            Value::Number(value)
        }
        Kind::Switch(_) => match &raw.default {
            None => Value::Switch(false),
            Some(RawAmount::Text(text)) if text == "on" => Value::Switch(true),
            Some(RawAmount::Text(text)) if text == "off" => Value::Switch(false),
            Some(other) => return Err(format!("a boolean is `on` or `off`, not {other:?}")),
        },
        Kind::Choice { of, .. } => {
            let place = match &raw.default {
                None => 0,
                Some(_) => of
                    .iter()
                    .position(|keyword| matches(keyword, text.as_bytes()))
                    .ok_or_else(|| format!("the default `{text}` isn't among its choices"))?,
            };
            if of.is_empty() {
                return Err("a choice needs `of`".to_owned());
            }
            Value::Choice(place)
        }
        Kind::Text { .. } | Kind::Raw => Value::Text(Arc::from(text.as_bytes())),
    })
}

/// What a choice's keyword looks like in an answer.
pub(crate) fn short_form(keyword: &str) -> String {
    keyword
        .chars()
        .filter(|letter| !letter.is_ascii_lowercase())
        .collect()
}

/// The keyword that a datum says, among those of a choice.
pub(crate) fn choose(of: &[String], datum: &Datum<'_>) -> Result<usize, Fault> {
    let word: &[u8] = match datum {
        Datum::Word(word) | Datum::Number(word) => word,
        Datum::Text(word) => word,
        Datum::Quantity(..) | Datum::Integer(_) | Datum::Block(_) | Datum::Expression(_) => {
            return Err(Fault::DATA_TYPE);
        }
    };
    of.iter()
        .position(|keyword| matches(keyword, word))
        .ok_or(Fault::ILLEGAL_VALUE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_numbers_or_ratings() {
        let ratings = BTreeMap::from([("voltage".to_owned(), 60.0)]);
        let show = |text: &str| match amount(&RawAmount::Text(text.to_owned()), &ratings) {
            Ok(value) => value.to_string(),
            Err(error) => error,
        };
        assert_eq!(show("voltage"), "60");
        assert_eq!(show("-voltage"), "-60");
        assert_eq!(show("voltage * 1.1"), "66");
        assert_eq!(show("voltage * x"), "`x` isn't a factor");
        assert_eq!(show("current"), "there is no rating `current`");
        assert_eq!(amount(&RawAmount::Number(3.0), &ratings), Ok(3.0));
    }
}
