//! Values an instrument keeps, and how it writes them.

use std::io::Write;
use std::sync::Arc;

use crate::raw::RawNumberForm;

/// What a setting holds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Number(f64),
    Switch(bool),
    /// Place among the keywords.
    Choice(usize),
    Text(Arc<[u8]>),
}

/// How a number is written.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct NumberForm {
    digits: Digits,
    suffix: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Digits {
    Fixed(usize),
    Scientific(usize),
}

impl NumberForm {
    pub(crate) fn fixed(decimals: usize) -> Self {
        Self {
            digits: Digits::Fixed(decimals),
            suffix: String::new(),
        }
    }

    pub(crate) fn scientific(decimals: usize) -> Self {
        Self {
            digits: Digits::Scientific(decimals),
            suffix: String::new(),
        }
    }

    pub(crate) fn from_raw(raw: &RawNumberForm) -> Result<Self, String> {
        let digits = match (raw.decimals, raw.scientific) {
            (Some(_), Some(_)) => return Err("a number has `decimals` or `scientific`".to_owned()),
            (_, Some(digits)) => Digits::Scientific(digits),
            (digits, None) => Digits::Fixed(digits.unwrap_or(3)),
        };
        Ok(Self {
            digits,
            suffix: raw.suffix.clone(),
        })
    }

    /// Writes a number; what can't be told is SCPI's not-a-number, infinity its 9.9E37.
    pub(crate) fn write(&self, number: f64, out: &mut Vec<u8>) {
        if number.is_nan() {
            out.extend_from_slice(b"9.91E37");
            return;
        }
        if number.is_infinite() {
            out.extend_from_slice(if number > 0.0 { b"9.9E37" } else { b"-9.9E37" });
            return;
        }
        match self.digits {
            Digits::Fixed(decimals) => write_fixed(number, decimals, out),
            Digits::Scientific(decimals) => write_scientific(number, decimals, out),
        }
        out.extend_from_slice(self.suffix.as_bytes());
    }
}

const POWERS: [f64; 10] = [1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];

fn write_fixed(number: f64, decimals: usize, out: &mut Vec<u8>) {
    let scaled = POWERS
        .get(decimals)
        .map(|power| (number.abs() * power).round());
    match scaled {
        // An integer of this size is exact, and far quicker to write than a float.
        Some(scaled) if scaled < 9e15 => {
            let scaled = scaled as u64;
            if number < 0.0 && scaled > 0 {
                out.push(b'-');
            }
            write_scaled(scaled, decimals, out);
        }
        _ => {
            // Writing to a vector can't fail.
            let _ = write!(out, "{number:.decimals$}");
        }
    }
}

fn write_scaled(mut scaled: u64, decimals: usize, out: &mut Vec<u8>) {
    let start = out.len();
    let mut written = 0;
    loop {
        if written == decimals && decimals > 0 {
            out.push(b'.');
        }
        // A digit is a byte.
        out.push(b'0' + u8::try_from(scaled % 10).unwrap_or_default());
        scaled /= 10;
        written += 1;
        if scaled == 0 && written > decimals {
            break;
        }
    }
    out[start..].reverse();
}

/// `+5.00000000E+00`.
fn write_scientific(number: f64, decimals: usize, out: &mut Vec<u8>) {
    let number = if number == 0.0 { 0.0 } else { number };
    let text = format!("{number:+.decimals$e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    out.extend_from_slice(mantissa.as_bytes());
    let (sign, digits) = match exponent.strip_prefix('-') {
        Some(digits) => ('-', digits),
        None => ('+', exponent),
    };
    // Writing to a vector can't fail.
    let _ = write!(out, "E{sign}{digits:0>2}");
}

/// A whole number without decoration.
pub(crate) fn write_integer(number: i64, out: &mut Vec<u8>) {
    // Writing to a vector can't fail.
    let _ = write!(out, "{number}");
}

/// A quoted string; quotes inside are doubled.
pub(crate) fn write_quoted(text: &[u8], out: &mut Vec<u8>) {
    out.push(b'"');
    for &byte in text {
        if byte == b'"' {
            out.push(byte);
        }
        out.push(byte);
    }
    out.push(b'"');
}

/// A definite block.
pub(crate) fn write_block(payload: &[u8], out: &mut Vec<u8>) {
    let length = payload.len().to_string();
    // Writing to a vector can't fail.
    let _ = write!(out, "#{}{length}", length.len());
    out.extend_from_slice(payload);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text(form: &NumberForm, number: f64) -> String {
        let mut out = Vec::new();
        form.write(number, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn numbers_are_written_as_instruments_do() {
        let fixed = NumberForm::fixed(3);
        for (number, expected) in [
            (5.0, "5.000"),
            (0.0, "0.000"),
            (-0.0001, "0.000"),
            (-1.5, "-1.500"),
            (0.0125, "0.013"),
            (123.4, "123.400"),
            (f64::NAN, "9.91E37"),
            (f64::INFINITY, "9.9E37"),
            (f64::NEG_INFINITY, "-9.9E37"),
        ] {
            assert_eq!(text(&fixed, number), expected);
        }
        let scientific = NumberForm::scientific(8);
        for (number, expected) in [
            (5.0, "+5.00000000E+00"),
            (-0.00125, "-1.25000000E-03"),
            (0.0, "+0.00000000E+00"),
            (-0.0, "+0.00000000E+00"),
            (1e100, "+1.00000000E+100"),
        ] {
            assert_eq!(text(&scientific, number), expected);
        }
        let with_unit = NumberForm {
            digits: Digits::Fixed(2),
            suffix: " V".to_owned(),
        };
        assert_eq!(text(&with_unit, 14.4), "14.40 V");
    }

    #[test]
    fn strings_and_blocks_are_wrapped() {
        let mut out = Vec::new();
        write_quoted(b"a\"b", &mut out);
        write_block(b"(@101)", &mut out);
        assert_eq!(out, b"\"a\"\"b\"#16(@101)");
    }

    proptest! {
        #[test]
        fn fixed_numbers_are_the_nearest(number in -1e6..1e6_f64, decimals in 0..7_usize) {
            let written: f64 = text(&NumberForm::fixed(decimals), number).parse().unwrap();
            prop_assert!((written - number).abs() <= 0.500_001 / POWERS[decimals]);
        }
    }
}
