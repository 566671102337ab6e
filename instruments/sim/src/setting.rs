//! Settings: what can be set and asked for, within which bounds.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::fault::Fault;
use crate::params::{Datum, matches};
use crate::raw::{Ratings, RawAmount, RawFence, RawNumberForm, RawSetting, RawSettingKind};
use crate::value::{NumberForm, Value};

/// One thing an instrument remembers, as its dialect describes it.
#[derive(Debug, Clone)]
pub(crate) struct Setting {
    pub(crate) kind: Kind,
    /// One a copy.
    pub(crate) defaults: Vec<Value>,
    /// Whether each channel has its own.
    pub(crate) each: bool,
    /// How many there are, told apart by the header's `<n>`; 0 when it's one.
    pub(crate) lines: u16,
    /// Whether `*RST` leaves it alone.
    pub(crate) keeps: bool,
    /// The error of setting it while the output is on.
    pub(crate) only_off: Option<Fault>,
    /// Where its values start among all values.
    pub(crate) place: usize,
}

#[derive(Debug, Clone)]
pub(crate) enum Kind {
    Number(Box<Number>),
    Switch([String; 2]),
    Choice {
        of: Vec<String>,
        answers: Vec<String>,
    },
    Text {
        longest: usize,
    },
    Raw,
}

#[derive(Debug, Clone)]
pub(crate) struct Number {
    pub(crate) unit: String,
    pub(crate) min: Each,
    pub(crate) max: Each,
    pub(crate) whole: bool,
    pub(crate) form: NumberForm,
    /// Names first, places once all settings are known.
    pub(crate) step: Option<usize>,
    pub(crate) within: Option<Within>,
    pub(crate) derated: Option<Derating>,
    pub(crate) not_above: Option<Fence>,
    pub(crate) not_below: Option<Fence>,
}

/// A number of each channel.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Each(Vec<f64>);

impl Each {
    /// Of a channel from 1.
    pub(crate) fn of(&self, channel: u16) -> f64 {
        let at = usize::from(channel).saturating_sub(1);
        self.0.get(at).or(self.0.last()).copied().unwrap_or(0.0)
    }
}

/// Another setting, times a factor, that may not be passed, and the error of trying.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fence {
    pub(crate) setting: usize,
    pub(crate) factor: f64,
    pub(crate) error: Fault,
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
    pub(crate) ratings: &'a Ratings,
    pub(crate) channels: u16,
    pub(crate) booleans: &'a [String; 2],
    pub(crate) numbers: &'a BTreeMap<String, usize>,
}

/// A number, a rating, or a rating times a number.
pub(crate) fn amount(raw: &RawAmount, ratings: &Ratings, channel: u16) -> Result<f64, String> {
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
        Some(name) => ratings.get(name).map(|rating| -rating.of(channel)),
        None => ratings.get(name).map(|rating| rating.of(channel)),
    };
    rating
        .map(|rating| rating * factor)
        .ok_or_else(|| format!("there is no rating `{name}`"))
}

impl Setting {
    pub(crate) fn compile(
        raw: &RawSetting,
        context: &Context<'_>,
        place: usize,
    ) -> Result<Self, String> {
        let kind = match raw.kind {
            RawSettingKind::Number | RawSettingKind::Integer => {
                Kind::Number(Box::new(Number::compile(raw, context)?))
            }
            RawSettingKind::Boolean => Kind::Switch(
                raw.booleans
                    .clone()
                    .unwrap_or_else(|| context.booleans.clone()),
            ),
            RawSettingKind::Choice => choice(raw)?,
            RawSettingKind::Text => {
                let longest = raw
                    .max
                    .as_ref()
                    .map(|max| amount(max, context.ratings, 1))
                    .transpose()?;
                Kind::Text {
                    longest: longest.unwrap_or(64.0) as usize,
                }
            }
            RawSettingKind::Raw => Kind::Raw,
        };
        if raw.each && raw.lines > 0 {
            return Err("it's one a channel or one a line, not both".to_owned());
        }
        let copies = if raw.each { context.channels } else { 1 };
        let mut defaults = (1..=copies)
            .map(|channel| default(raw, &kind, context, channel))
            .collect::<Result<Vec<_>, _>>()?;
        if let [one] = &defaults[..] {
            defaults = vec![one.clone(); usize::from(raw.lines.max(1))];
        }
        Ok(Self {
            kind,
            defaults,
            each: raw.each,
            lines: raw.lines,
            keeps: raw.keeps,
            only_off: raw.only_off.map(Fault),
            place,
        })
    }
}

impl Number {
    fn compile(raw: &RawSetting, context: &Context<'_>) -> Result<Self, String> {
        let raw_each = raw.each;
        let bound = |raw: &Option<RawAmount>, otherwise: f64| {
            let of = |channel| {
                raw.as_ref()
                    .map_or(Ok(otherwise), |raw| amount(raw, context.ratings, channel))
            };
            let channels = if raw_each { context.channels } else { 1 };
            (1..=channels).map(of).collect::<Result<_, _>>().map(Each)
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
        for (min, max) in min.0.iter().zip(&max.0) {
            if min > max {
                return Err(format!("`min` {min} is above `max` {max}"));
            }
        }
        let fence = |raw: &Option<RawFence>| match raw {
            None => Ok(None),
            Some(raw) => number_of(&raw.setting).map(|setting| {
                Some(Fence {
                    setting,
                    factor: raw.factor,
                    error: Fault(raw.error),
                })
            }),
        };
        let (not_above, not_below) = (fence(&raw.not_above)?, fence(&raw.not_below)?);
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
                max: amount(&derated.max, context.ratings, 1)?,
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
            not_above,
            not_below,
        })
    }
}

/// Keywords and what they are answered with: the short form unless said otherwise.
fn choice(raw: &RawSetting) -> Result<Kind, String> {
    let answer = |keyword: &String| {
        if raw.long {
            keyword.to_ascii_uppercase()
        } else {
            short_form(keyword)
        }
    };
    let answers = if raw.answers.is_empty() {
        raw.of.iter().map(answer).collect()
    } else {
        raw.answers.clone()
    };
    if answers.len() != raw.of.len() {
        return Err("`answers` must be as many as `of`".to_owned());
    }
    let of = raw.of.clone();
    Ok(Kind::Choice { of, answers })
}

fn default(
    raw: &RawSetting,
    kind: &Kind,
    context: &Context<'_>,
    channel: u16,
) -> Result<Value, String> {
    let text = match &raw.default {
        Some(RawAmount::Text(text)) => text.as_str(),
        _ => "",
    };
    Ok(match kind {
        Kind::Number(number) => {
            let value = match &raw.default {
                Some(raw) => amount(raw, context.ratings, channel)?,
                None => number.min.of(channel),
            };
            if !(number.min.of(channel)..=number.max.of(channel)).contains(&value) {
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
    let word: Cow<'_, [u8]> = match datum {
        Datum::Word(word) | Datum::Number(word) => Cow::Borrowed(word),
        Datum::Text(word) => Cow::Borrowed(word),
        // `4W` isn't four watts here.
        Datum::Quantity(number, unit) => Cow::Owned([*number, *unit].concat()),
        Datum::Integer(_) | Datum::Block(_) | Datum::Expression(_) => {
            return Err(Fault::DATA_TYPE);
        }
    };
    of.iter()
        .position(|keyword| matches(keyword, &word))
        .ok_or(Fault::ILLEGAL_VALUE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raw::Rating;

    #[test]
    fn amounts_are_numbers_or_ratings() {
        let ratings = BTreeMap::from([
            ("voltage".to_owned(), Rating::All(60.0)),
            ("power".to_owned(), Rating::Each(vec![80.0, 15.0])),
        ]);
        let show = |text: &str| match amount(&RawAmount::Text(text.to_owned()), &ratings, 2) {
            Ok(value) => value.to_string(),
            Err(error) => error,
        };
        assert_eq!(show("voltage"), "60");
        assert_eq!(show("-voltage"), "-60");
        assert_eq!(show("voltage * 1.1"), "66");
        assert_eq!(show("power"), "15");
        assert_eq!(show("voltage * x"), "`x` isn't a factor");
        assert_eq!(show("current"), "there is no rating `current`");
        assert_eq!(amount(&RawAmount::Number(3.0), &ratings, 1), Ok(3.0));
    }
}
