//! Quantities as people write them.

use crate::Quantity;
use core::fmt;
use core::time::Duration;
use serde::{Deserializer, de};

/// A quantity read from text with its unit; what `Deserialize` of every quantity goes through.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Written<Q>(pub Q);

/// Why a text is not the quantity that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseQuantityError {
    /// A number without a unit.
    #[error("`{text}` has no unit: {what} is written as `{text} {unit}`")]
    NoUnit {
        /// What stood there.
        text: String,
        /// What was asked for.
        what: &'static str,
        /// Its unit.
        unit: &'static str,
    },
    /// The unit of something else.
    #[error("`{text}`: unit `{found}` doesn't measure {what}; write it in {unit}")]
    WrongUnit {
        /// What stood there.
        text: String,
        /// The unit that stood there.
        found: String,
        /// What was asked for.
        what: &'static str,
        /// Its unit.
        unit: &'static str,
    },
    /// No number at the front.
    #[error("`{text}` is no number with a unit: {what} is written as `14.2 {unit}`")]
    NoNumber {
        /// What stood there.
        text: String,
        /// What was asked for.
        what: &'static str,
        /// Its unit.
        unit: &'static str,
    },
}

impl ParseQuantityError {
    pub(crate) fn missing<Q: Quantity>(text: &str) -> Self {
        Self::NoUnit {
            text: text.to_owned(),
            what: Q::WHAT,
            unit: Q::UNIT,
        }
    }
}

/// Multipliers that engineers put before a unit.
const PREFIXES: [(&str, f64); 6] = [
    ("", 1.0),
    ("m", 1e-3),
    ("µ", 1e-6),
    ("u", 1e-6),
    ("k", 1e3),
    ("M", 1e6),
];

/// Other spellings of a unit, for keyboards without `Ω` and `°`.
fn spelling(unit: &str) -> &str {
    match unit {
        "Ohm" | "ohm" | "ohms" | "Ω" => "Ω",
        "degC" | "C" | "℃" => "°C",
        other => other,
    }
}

fn scale(unit: &str, wanted: &str) -> Option<f64> {
    PREFIXES.iter().find_map(|(prefix, factor)| {
        let rest = unit.strip_prefix(prefix)?;
        (spelling(rest) == wanted).then_some(*factor)
    })
}

fn split(text: &str) -> Option<(f64, &str)> {
    let text = text.trim();
    let end = text
        .char_indices()
        .find(|&(at, c)| {
            let exponent = matches!(c, 'e' | 'E')
                && text[at + 1..]
                    .starts_with(|next: char| next.is_ascii_digit() || "+-".contains(next));
            !(c.is_ascii_digit() || matches!(c, '.' | '+' | '-' | '−') || exponent)
        })
        .map_or(text.len(), |(at, _)| at);
    let number = text[..end].replace('−', "-").parse::<f64>().ok()?;
    number.is_finite().then(|| (number, text[end..].trim()))
}

pub(crate) fn parse<Q: Quantity>(text: &str) -> Result<Q, ParseQuantityError> {
    let Some((number, unit)) = split(text) else {
        return Err(ParseQuantityError::NoNumber {
            text: text.trim().to_owned(),
            what: Q::WHAT,
            unit: Q::UNIT,
        });
    };
    if unit.is_empty() {
        return Err(ParseQuantityError::missing::<Q>(text.trim()));
    }
    match scale(unit, Q::UNIT) {
        Some(factor) => Ok(Q::new(number * factor)),
        None => Err(ParseQuantityError::WrongUnit {
            text: text.trim().to_owned(),
            found: unit.to_owned(),
            what: Q::WHAT,
            unit: Q::UNIT,
        }),
    }
}

pub(crate) fn write(f: &mut fmt::Formatter<'_>, value: f64, unit: &str) -> fmt::Result {
    match f.precision() {
        Some(precision) => write!(f, "{value:.precision$} {unit}"),
        None => write!(f, "{value} {unit}"),
    }
}

/// Time spans as people write them: `30 s`, `0.1 s`, `250 ms`, `2 h`, `30 min`, `8 d`.
pub mod duration {
    use super::{Deserializer, Duration, ParseQuantityError, de, fmt, split};

    const UNITS: [(&str, f64); 7] = [
        ("µs", 1e-6),
        ("us", 1e-6),
        ("ms", 1e-3),
        ("s", 1.0),
        ("min", 60.0),
        ("h", 3600.0),
        ("d", 86400.0),
    ];

    /// Reads a time span.
    ///
    /// # Errors
    /// When there is no number, no unit, or the unit is not one of time.
    pub fn parse(text: &str) -> Result<Duration, ParseQuantityError> {
        let what = "a time";
        let trimmed = text.trim().to_owned();
        let no_number = ParseQuantityError::NoNumber {
            text: trimmed.clone(),
            what,
            unit: "s",
        };
        let Some((number, unit)) = split(text) else {
            return Err(no_number);
        };
        if unit.is_empty() {
            return Err(ParseQuantityError::NoUnit {
                text: trimmed,
                what,
                unit: "s",
            });
        }
        let Some((_, factor)) = UNITS.iter().find(|(name, _)| *name == unit) else {
            return Err(ParseQuantityError::WrongUnit {
                text: trimmed,
                found: unit.to_owned(),
                what,
                unit: "s",
            });
        };
        Duration::try_from_secs_f64(number * factor).map_err(|_| no_number)
    }

    /// For `#[serde(with = "units::duration")]`-style use in files people write.
    ///
    /// # Errors
    /// As [`parse`].
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
        struct Visitor;
        impl de::Visitor<'_> for Visitor {
            type Value = Duration;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a time with its unit, as in `30 s`")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Duration, E> {
                parse(text).map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Visitor)
    }

    /// The same for a key that may be left out; use with `#[serde(default)]`.
    ///
    /// # Errors
    /// As [`parse`].
    pub fn optional<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Duration>, D::Error> {
        deserialize(deserializer).map(Some)
    }
}

#[cfg(test)]
mod tests {
    use crate::{Amps, Celsius, KelvinPerMinute, Ohms, Volts, duration};
    use core::time::Duration;

    #[test]
    fn quantities_read_back_from_text() {
        assert_eq!("14.2 V".parse(), Ok(Volts(14.2)));
        assert_eq!("14.2V".parse(), Ok(Volts(14.2)));
        assert_eq!("250 mV".parse(), Ok(Volts(0.25)));
        assert_eq!("-1.8 A".parse(), Ok(Amps(-1.8)));
        assert_eq!("−20 °C".parse(), Ok(Celsius(-20.0)));
        assert_eq!("22 kOhm".parse(), Ok(Ohms(22e3)));
        assert_eq!("0.2 K/min".parse(), Ok(KelvinPerMinute(0.2)));
        assert_eq!("1e-3 V".parse(), Ok(Volts(1e-3)));
        assert_eq!(duration::parse("2 h"), Ok(Duration::from_secs(7200)));
        assert_eq!(duration::parse("250 ms"), Ok(Duration::from_millis(250)));
    }

    #[test]
    fn mistakes_are_named() {
        let message = |text: &str| text.parse::<Volts>().unwrap_err().to_string();
        assert_eq!(
            message("14.2"),
            "`14.2` has no unit: a voltage is written as `14.2 V`"
        );
        assert_eq!(
            message("14.2 A"),
            "`14.2 A`: unit `A` doesn't measure a voltage; write it in V"
        );
        assert_eq!(
            message("lots"),
            "`lots` is no number with a unit: a voltage is written as `14.2 V`"
        );
        assert_eq!(
            duration::parse("30 V").unwrap_err().to_string(),
            "`30 V`: unit `V` doesn't measure a time; write it in s"
        );
        assert_eq!(
            duration::parse("-3 s").unwrap_err().to_string(),
            "`-3 s` is no number with a unit: a time is written as `14.2 s`"
        );
    }

    #[test]
    fn display_takes_a_precision() {
        assert_eq!(format!("{:.3}", Volts(3.1)), "3.100 V");
        assert_eq!(Volts(3.1).to_string(), "3.1 V");
    }
}
