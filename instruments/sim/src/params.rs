//! The data after a header.
//!
//! The `scpi` crate cuts it into tokens; what it gets wrong is put right here: empty places
//! between commas, exponents and integers of value zero, doubled quotes, blanks in channel lists.

use std::borrow::Cow;

use scpi::error::ErrorCode;
use scpi::parser::expression::channel_list::{ChannelList, ChannelSpec, Token as ChannelToken};
use scpi::parser::tokenizer::{Token, Tokenizer};

use crate::fault::Fault;
use crate::units::scale;

/// One piece of program data.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Datum<'a> {
    /// `12`, `-1.5E3`.
    Number(&'a [u8]),
    /// `12 mV`: digits and suffix.
    Quantity(&'a [u8], &'a [u8]),
    /// `#HFF`.
    Integer(u64),
    /// `MAX`, `CH1`.
    Word(&'a [u8]),
    /// `"text"`, without quotes.
    Text(Cow<'a, [u8]>),
    /// `#15hello`.
    Block(&'a [u8]),
    /// `(@101:103)`, without parentheses.
    Expression(&'a [u8]),
}

/// Appends the channels from one to another.
pub(crate) type Between<'a> = dyn FnMut(u16, u16, &mut Vec<u16>) -> Result<(), Fault> + 'a;

/// Channel lists longer than this are refused.
const MOST_CHANNELS: usize = 4096;

/// Cuts the data of one program message unit.
pub(crate) fn parse(bytes: &[u8]) -> Result<Vec<Datum<'_>>, Fault> {
    let mut all = Vec::new();
    if bytes.is_empty() {
        return Ok(all);
    }
    let mut tokens = Tokenizer::new_params(bytes);
    loop {
        let rest = tokens.chars.as_slice();
        if let Some(payload) = rest.strip_prefix(b"#0") {
            // An indefinite block takes everything there is.
            all.push(Datum::Block(payload));
            return Ok(all);
        }
        match tokens.next() {
            None => return Err(Fault::SYNTAX),
            Some(Ok(token)) => all.push(datum(token)?),
            Some(Err(code)) => return Err(number_fault(code, bytes, tokens.chars.as_slice())),
        }
        // Blanks before a comma have been skipped by the tokenizer.
        match tokens.next() {
            None => return Ok(all),
            Some(Ok(Token::ProgramDataSeparator)) => {}
            Some(Ok(_)) => return Err(Fault::INVALID_SEPARATOR),
            Some(Err(code)) => return Err(code.into()),
        }
    }
}

/// The tokenizer calls anything after a number a bad suffix.
fn number_fault(code: ErrorCode, all: &[u8], rest: &[u8]) -> Fault {
    if code != ErrorCode::InvalidSuffix {
        return code.into();
    }
    let before = all.len().checked_sub(rest.len() + 1).map(|at| all[at]);
    match (before, rest.first()) {
        (Some(b' ' | b'\t'), Some(_)) => Fault::INVALID_SEPARATOR,
        (_, Some(b'.' | b'+' | b'-' | b'0'..=b'9')) => Fault::INVALID_IN_NUMBER,
        _ => Fault::INVALID_UNIT,
    }
}

fn datum(token: Token<'_>) -> Result<Datum<'_>, Fault> {
    Ok(match token {
        Token::DecimalNumericProgramData(digits) => Datum::Number(digits),
        Token::DecimalNumericSuffixProgramData(digits, suffix) => Datum::Quantity(digits, suffix),
        Token::NonDecimalNumericProgramData(number) => Datum::Integer(number),
        Token::CharacterProgramData(word) => Datum::Word(word),
        Token::StringProgramData(text) => Datum::Text(undouble(text)),
        Token::ArbitraryBlockData(block) => Datum::Block(block),
        Token::ExpressionProgramData(inside) => Datum::Expression(inside),
        Token::ProgramDataSeparator => return Err(Fault::SYNTAX),
        _ => return Err(Fault::INVALID_SEPARATOR),
    })
}

/// `a""b` → `a"b`. Which quote was used is known from what is doubled: the other kind may stand
/// alone in a string.
fn undouble(text: &[u8]) -> Cow<'_, [u8]> {
    let Some(quote) = [b'"', b'\''].into_iter().find(|&quote| {
        let count = text.iter().filter(|&&byte| byte == quote).count();
        count > 0
            && text
                .windows(2)
                .filter(|pair| *pair == [quote, quote])
                .count()
                * 2
                >= count
    }) else {
        return Cow::Borrowed(text);
    };
    let mut plain = Vec::with_capacity(text.len());
    let mut skip = false;
    for &byte in text {
        if byte == quote && skip {
            skip = false;
            continue;
        }
        skip = byte == quote;
        plain.push(byte);
    }
    Cow::Owned(plain)
}

/// The value of a decimal number.
fn decimal(digits: &[u8]) -> Result<f64, Fault> {
    let text = std::str::from_utf8(digits).map_err(|_| Fault::NUMERIC_DATA)?;
    if let Some((_, exponent)) = text.split_once(['e', 'E']) {
        // The standard's limit of an exponent.
        let size = exponent
            .trim_start_matches(['+', '-'])
            .trim_start_matches('0');
        if size.len() > 5 || size.parse().unwrap_or(0) > 32_000 {
            return Err(Fault::EXPONENT_TOO_LARGE);
        }
    }
    if text.bytes().filter(u8::is_ascii_digit).count() > 255 {
        return Err(Fault::TOO_MANY_DIGITS);
    }
    text.parse().map_err(|_| Fault::NUMERIC_DATA)
}

impl Datum<'_> {
    /// A number in `unit`; no unit allowed when that's empty.
    pub(crate) fn number(&self, unit: &str) -> Result<f64, Fault> {
        match self {
            Datum::Number(digits) => decimal(digits),
            Datum::Quantity(digits, suffix) => Ok(decimal(digits)? * scale(unit, suffix)?),
            Datum::Integer(number) => Ok(*number as f64),
            Datum::Word(_) => Err(Fault::INVALID_WORD),
            Datum::Text(_) | Datum::Block(_) | Datum::Expression(_) => Err(Fault::DATA_TYPE),
        }
    }

    /// A whole number between two others, rounded if need be.
    pub(crate) fn integer(&self, least: i64, most: i64) -> Result<i64, Fault> {
        let number = self.number("")?.round();
        if !(least as f64..=most as f64).contains(&number) {
            return Err(Fault::OUT_OF_RANGE);
        }
        Ok(number as i64)
    }

    /// `ON`, `OFF` or a number, where only zero is off.
    pub(crate) fn boolean(&self) -> Result<bool, Fault> {
        match self {
            Datum::Word(word) if word.eq_ignore_ascii_case(b"ON") => Ok(true),
            Datum::Word(word) if word.eq_ignore_ascii_case(b"OFF") => Ok(false),
            Datum::Word(_) => Err(Fault::ILLEGAL_VALUE),
            Datum::Quantity(..) => Err(Fault::UNIT_NOT_ALLOWED),
            number => Ok(number.number("")?.round() != 0.0),
        }
    }

    /// Whether this is a keyword, in its short or long form: `MAXimum`.
    pub(crate) fn is(&self, keyword: &str) -> bool {
        matches!(self, Datum::Word(word) if matches(keyword, word))
    }

    /// The channels of `(@101,103:105)` in the order written, ranges expanded by `between`, which
    /// names the channels from one to another.
    pub(crate) fn channels(&self, between: &mut Between<'_>) -> Result<Vec<u16>, Fault> {
        let Datum::Expression(inside) = self else {
            return Err(Fault::DATA_TYPE);
        };
        let plain: Vec<u8> = inside
            .iter()
            .copied()
            .filter(|byte| !byte.is_ascii_whitespace())
            .collect();
        let list = ChannelList::new(&plain).ok_or(Fault::INVALID_EXPRESSION)?;
        let mut channels = Vec::new();
        for token in list {
            match token.map_err(|_| Fault::INVALID_EXPRESSION)? {
                ChannelToken::ChannelSpec(spec) => channels.push(channel(spec)?),
                ChannelToken::ChannelRange(from, to) => {
                    between(channel(from)?, channel(to)?, &mut channels)?;
                }
                ChannelToken::ModuleChannel(..) | ChannelToken::PathName(_) => {
                    return Err(Fault::INVALID_EXPRESSION);
                }
            }
            if channels.len() > MOST_CHANNELS {
                return Err(Fault::TOO_MUCH_DATA);
            }
        }
        Ok(channels)
    }
}

fn channel(spec: ChannelSpec<'_>) -> Result<u16, Fault> {
    let number = usize::try_from(spec).map_err(|_| Fault::INVALID_EXPRESSION)?;
    u16::try_from(number).map_err(|_| Fault::INVALID_EXPRESSION)
}

/// Whether `word` is `keyword` in its short form (the part in capitals and digits) or as a whole.
pub(crate) fn matches(keyword: &str, word: &[u8]) -> bool {
    if word.eq_ignore_ascii_case(keyword.as_bytes()) {
        return true;
    }
    let mut short = keyword.bytes().filter(|byte| !byte.is_ascii_lowercase());
    let mut word = word.iter();
    loop {
        match (short.next(), word.next()) {
            (None, None) => return true,
            (Some(a), Some(b)) if a == b.to_ascii_uppercase() => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn show(text: &str) -> String {
        match parse(text.as_bytes()) {
            Ok(all) => all
                .iter()
                .map(|datum| match datum {
                    Datum::Number(digits) => String::from_utf8_lossy(digits).into_owned(),
                    Datum::Quantity(digits, unit) => format!(
                        "{}~{}",
                        String::from_utf8_lossy(digits),
                        String::from_utf8_lossy(unit)
                    ),
                    Datum::Integer(number) => format!("i{number}"),
                    Datum::Word(word) => format!("w{}", String::from_utf8_lossy(word)),
                    Datum::Text(text) => format!("t{}", String::from_utf8_lossy(text)),
                    Datum::Block(block) => format!("b{}", String::from_utf8_lossy(block)),
                    Datum::Expression(list) => format!("e{}", String::from_utf8_lossy(list)),
                })
                .collect::<Vec<_>>()
                .join(" | "),
            Err(fault) => fault.0.to_string(),
        }
    }

    #[test]
    fn data_are_cut_at_commas() {
        let all: Vec<String> = [
            "1",
            "12.5 mV,MAX",
            "10mV , 2",
            "#HfF,#Q17,#B101",
            "\"a\"\"b\",'c''d','e\"f'",
            "#15hello,1",
            "#0all, of ;it",
            "(@1001, 1003:1005)",
            ",5",
            "5,",
            "5,,5",
            "5 5",
            "1..2",
            "1-2",
            "5 %",
            "1E",
            "'open",
            "#25ab",
            "#x",
            "(@1",
            "ABCDEFGHIJKLMN",
            "\u{e9}",
            "5:5",
        ]
        .iter()
        .map(|text| format!("{text} -> {}", show(text)))
        .collect();
        insta::assert_snapshot!(all.join("\n"));
    }

    #[test]
    fn zero_is_a_number_however_it_is_written() {
        for text in ["0", "0.0", "0E0", "-0", "+.0"] {
            let all = parse(text.as_bytes()).unwrap();
            assert_eq!(all[0].integer(0, 255), Ok(0), "{text}");
            assert_eq!(all[0].boolean(), Ok(false), "{text}");
        }
    }

    #[test]
    fn numbers_have_limits() {
        for (text, expected) in [
            ("1E40000", Err(Fault::EXPONENT_TOO_LARGE)),
            ("1E-999999999999", Err(Fault::EXPONENT_TOO_LARGE)),
            ("1E400", Ok(f64::INFINITY)),
            ("1E0002", Ok(100.0)),
            ("5.", Ok(5.0)),
            (".5", Ok(0.5)),
            ("MAX", Err(Fault::INVALID_WORD)),
            ("'1'", Err(Fault::DATA_TYPE)),
            ("1A", Err(Fault::INVALID_UNIT)),
        ] {
            assert_eq!(
                parse(text.as_bytes()).unwrap()[0].number("V"),
                expected,
                "{text}"
            );
        }
        assert_eq!(
            parse("1".repeat(300).as_bytes()).unwrap()[0].number("V"),
            Err(Fault::TOO_MANY_DIGITS)
        );
    }

    #[test]
    fn channel_lists_may_hold_blanks_and_ranges() {
        let list = |text: &str| {
            parse(text.as_bytes())?[0].channels(&mut |from, to, into| {
                into.extend(from.min(to)..=from.max(to));
                Ok(())
            })
        };
        assert_eq!(list("(@101,103:105)"), Ok(vec![101, 103, 104, 105]));
        assert_eq!(list("( @ 101 , 103 : 104 )"), Ok(vec![101, 103, 104]));
        assert_eq!(list("(@105:103)"), Ok(vec![103, 104, 105]));
        assert_eq!(list("(@)"), Ok(vec![]));
        assert_eq!(list("(@1!12)"), Err(Fault::INVALID_EXPRESSION));
        assert_eq!(list("(@x)"), Err(Fault::INVALID_EXPRESSION));
        assert_eq!(list("(101)"), Err(Fault::INVALID_EXPRESSION));
        assert_eq!(list("(@-1)"), Err(Fault::INVALID_EXPRESSION));
        assert_eq!(list("(@70000)"), Err(Fault::INVALID_EXPRESSION));
        assert_eq!(list("(@0:60000)"), Err(Fault::TOO_MUCH_DATA));
        assert_eq!(list("5"), Err(Fault::DATA_TYPE));
    }

    #[test]
    fn keywords_have_two_forms() {
        for (word, expected) in [
            ("MAX", true),
            ("maximum", true),
            ("maxi", false),
            ("ma", false),
            ("", false),
        ] {
            assert_eq!(matches("MAXimum", word.as_bytes()), expected, "{word}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_cut_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            if let Ok(all) = parse(&bytes) {
                for datum in all {
                    let _ = (datum.number("V"), datum.boolean());
                    let _ = datum.channels(&mut |_, _, _| Ok(()));
                }
            }
        }

        #[test]
        fn any_scpi_like_bytes_are_cut_or_refused(text in "[0-9A-Ea-e#@(),:;.+'\" \\-]{0,40}") {
            if let Ok(all) = parse(text.as_bytes()) {
                for datum in all {
                    let _ = (datum.number("V"), datum.boolean());
                    let _ = datum.channels(&mut |_, _, _| Ok(()));
                }
            }
        }
    }
}
