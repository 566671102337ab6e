//! Numbers and switches as instruments write them.

/// A number out of a reply.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Number {
    /// In the unit that was expected.
    pub value: f64,
    /// Whether the instrument wrote the unit, too (`43.50 V`).
    pub unit_written: bool,
}

/// SCPI's stand-ins for "not a number" and "infinite" begin here.
const NO_NUMBER: f64 = 9.9e37;

/// Prefixes as instruments write them. A capital `M` is left out: some mean milli, some mega.
const PREFIXES: [(&str, f64); 4] = [("", 1.0), ("m", 1e-3), ("u", 1e-6), ("k", 1e3)];

/// Spellings of a unit in replies.
fn is_unit(text: &str, unit: &str) -> bool {
    match unit {
        "°C" => matches!(text, "C" | "°C" | "degC"),
        "Ω" => text.eq_ignore_ascii_case("ohm") || text == "Ω",
        _ => text.eq_ignore_ascii_case(unit),
    }
}

/// Reads `+4.35000000E+01`, `43.50V`, `43.50 V`, `43500 mV` as 43.5 where `unit` is `V`.
///
/// `None` where there's no finite number, where another unit follows it, or where the number is
/// SCPI's 9.9E37 or 9.91E37, which stand for "overload" and "nothing measured".
#[must_use]
pub fn parse_number(text: &str, unit: &str) -> Option<Number> {
    let text = text.trim();
    let (value, rest) = split(text)?;
    if !value.is_finite() || value.abs() >= NO_NUMBER {
        return None;
    }
    let rest = rest.trim_start();
    if rest.is_empty() {
        return Some(Number {
            value,
            unit_written: false,
        });
    }
    PREFIXES.iter().find_map(|(prefix, factor)| {
        let suffix = rest.strip_prefix(prefix)?;
        is_unit(suffix, unit).then_some(Number {
            value: value * factor,
            unit_written: true,
        })
    })
}

/// The longest start of `text` that is a decimal number, and what follows it.
fn split(text: &str) -> Option<(f64, &str)> {
    let bytes = text.as_bytes();
    let mut end = 0;
    let digits = |from: usize| {
        bytes[from..]
            .iter()
            .take_while(|b| b.is_ascii_digit())
            .count()
    };
    if matches!(bytes.first(), Some(b'+' | b'-')) {
        end = 1;
    }
    end += digits(end);
    if bytes.get(end) == Some(&b'.') {
        end += 1;
        end += digits(end);
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let exponent = digits((end + 1 + sign).min(bytes.len()));
        if exponent > 0 {
            end += 1 + sign + exponent;
        }
    }
    Some((text[..end].parse().ok()?, &text[end..]))
}

/// Reads a switch: `1`/`0`, `ON`/`OFF` or `YES`/`NO`, in any case.
#[must_use]
pub fn parse_bool(text: &str) -> Option<bool> {
    let text = text.trim();
    let is = |word: &str| text.eq_ignore_ascii_case(word);
    if is("1") || is("ON") || is("YES") || is("+1") {
        Some(true)
    } else if is("0") || is("OFF") || is("NO") || is("+0") {
        Some(false)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::{parse_bool, parse_number};
    use proptest::prelude::*;
    use std::fmt::Write;

    #[test]
    fn numbers_of_all_instruments() {
        let cases = [
            ("+4.35000000E+01", "V"),
            ("43.50V", "V"),
            ("43.50 V", "V"),
            (" 43.50 V\r", "V"),
            ("43500 mV", "V"),
            ("-3.000 A", "A"),
            ("0.000", "A"),
            ("1.5e3", "W"),
            (".5", "V"),
            ("5.", "V"),
            ("23.5C", "°C"),
            ("10 OHM", "Ω"),
            ("5 E", "V"),
            ("5 A", "V"),
            ("5 MV", "V"),
            ("+9.91000000E+37", "V"),
            ("-9.9E37", "V"),
            ("1E999", "V"),
            ("NaN", "V"),
            ("inf", "V"),
            ("", "V"),
            ("-", "V"),
            ("V", "V"),
            ("5,3", "V"),
            ("ON", "V"),
        ];
        let mut table = String::new();
        for (text, unit) in cases {
            let read = parse_number(text, unit).map_or("-".to_owned(), |n| {
                let written = if n.unit_written {
                    " (unit written)"
                } else {
                    ""
                };
                format!("{} {unit}{written}", n.value)
            });
            writeln!(table, "{text:?} -> {read}").expect("a string takes it");
        }
        insta::assert_snapshot!(table);
    }

    #[test]
    fn switches_of_all_instruments() {
        for (text, wanted) in [
            ("1", Some(true)),
            ("on", Some(true)),
            (" ON\r", Some(true)),
            ("YES", Some(true)),
            ("0", Some(false)),
            ("OFF", Some(false)),
            ("NO", Some(false)),
            ("2", None),
            ("", None),
            ("ONE", None),
        ] {
            assert_eq!(parse_bool(text), wanted, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in ".{0,20}") {
            if let Some(number) = parse_number(&text, "V") {
                prop_assert!(number.value.is_finite());
            }
        }

        #[test]
        fn what_we_write_is_what_we_read(value in -1e9..1e9f64) {
            let plain = parse_number(&format!("{value:.6}"), "A").expect("a number");
            prop_assert!((plain.value - value).abs() <= 1e-6);
            let scientific = parse_number(&format!("{value:.9E} A"), "A").expect("a number");
            prop_assert!((scientific.value - value).abs() <= 1e-8 * value.abs());
            prop_assert!(scientific.unit_written);
        }
    }
}
