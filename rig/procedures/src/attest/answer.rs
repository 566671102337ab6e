//! What an answer says.

use std::fmt;
use std::str::FromStr;

/// What a good answer is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Evidence {
    /// `yes`.
    Yes,
    /// A number with its unit, within this limit of the statement.
    Number(String),
    /// Where it stands: title, number or place of a paper; or a text that is worth keeping.
    Reference,
    /// The path of a picture.
    Photo,
}

impl FromStr for Evidence {
    type Err = String;

    /// Reads `yes`, `reference`, `photo`, or the name of the limit that a number is held against.
    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "" => Err("say what a good answer is: `yes`, `reference`, `photo` or a limit".into()),
            "yes" => Ok(Self::Yes),
            "reference" => Ok(Self::Reference),
            "photo" => Ok(Self::Photo),
            limit => Ok(Self::Number(limit.to_owned())),
        }
    }
}

impl Evidence {
    /// As a person is told; `unit` is that of the limit.
    pub(super) fn in_words(&self, unit: &str) -> String {
        match self {
            Self::Yes => "yes".to_owned(),
            Self::Number(_) if unit == "s" => "a time, as in `20 min` or `3 d`".to_owned(),
            Self::Number(_) => format!("a number in {unit}"),
            Self::Reference => {
                "a reference: title, number or place of the record; `none` if there's none"
                    .to_owned()
            }
            Self::Photo => "the path of a picture (png, jpg)".to_owned(),
        }
    }
}

/// What an answer says.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Finding {
    /// As it must be, in one word.
    Good(&'static str),
    /// Otherwise.
    Bad(String),
    /// A number in this unit; whether it's good only its limit knows.
    Number(f64, &'static str),
    /// Nobody can tell, and why.
    Unreadable(String),
}

impl Finding {
    /// Whether nothing speaks against it yet.
    pub(super) fn is_good(&self) -> bool {
        matches!(self, Self::Good(_) | Self::Number(..))
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Good(found) => write!(f, "good: {found}"),
            Self::Bad(found) => write!(f, "bad: {found}"),
            Self::Number(value, unit) => write!(f, "{value} {unit}"),
            Self::Unreadable(why) => write!(f, "unreadable: {why}"),
        }
    }
}

/// Endings of pictures.
const PICTURES: [&str; 4] = [".png", ".jpg", ".jpeg", ".webp"];

/// Reads an answer; `unit` is that of the limit, empty where no number is asked for.
pub(super) fn read(evidence: &Evidence, unit: &'static str, answer: &str) -> Finding {
    let text = answer.trim();
    let lower = text.to_lowercase();
    if text.is_empty() {
        return Finding::Unreadable("the answer is empty".to_owned());
    }
    match evidence {
        Evidence::Yes if matches!(lower.as_str(), "yes" | "y") => Finding::Good("yes"),
        Evidence::Yes if matches!(lower.as_str(), "no" | "n") => Finding::Bad("no".to_owned()),
        Evidence::Yes => Finding::Bad(text.to_owned()),
        Evidence::Number(_) => number(unit, text),
        Evidence::Reference if matches!(lower.as_str(), "none" | "no" | "-" | "?") => {
            Finding::Bad("nowhere".to_owned())
        }
        Evidence::Reference => Finding::Good("on record"),
        Evidence::Photo if PICTURES.iter().any(|end| lower.ends_with(end)) => {
            Finding::Good("on record")
        }
        Evidence::Photo => Finding::Unreadable(format!("`{text}` is no picture")),
    }
}

/// A number with exactly this unit; times in any unit of time.
fn number(unit: &'static str, text: &str) -> Finding {
    if unit == "s" {
        return match units::duration::parse(text) {
            Ok(time) => Finding::Number(time.as_secs_f64(), unit),
            Err(error) => Finding::Unreadable(error.to_string()),
        };
    }
    let digits = text.strip_suffix(unit).map(str::trim_end);
    match digits.map(|digits| digits.replace(',', ".").parse::<f64>()) {
        Some(Ok(value)) if value.is_finite() => Finding::Number(value, unit),
        Some(_) => Finding::Unreadable(format!("`{text}` is no number in {unit}")),
        None => Finding::Unreadable(format!("`{text}` isn't in {unit}")),
    }
}

#[cfg(test)]
mod tests {
    use super::{Evidence, read};
    use std::fmt::Write as _;

    #[test]
    fn answers_are_taken_at_their_word() {
        let mut table = String::new();
        for (evidence, unit, answer) in [
            ("yes", "", "yes"),
            ("yes", "", " Y "),
            ("yes", "", "no"),
            ("yes", "", "I think so"),
            ("yes", "", ""),
            ("clearance", "mm", "25 mm"),
            ("clearance", "mm", "25"),
            ("clearance", "mm", "2,5 mm"),
            ("clearance", "mm", "wide mm"),
            ("window", "s", "28 d"),
            ("window", "s", "28"),
            ("reference", "", "binder 3"),
            ("reference", "", "none"),
            ("photo", "", "bench/left.JPG"),
            ("photo", "", "later"),
        ] {
            let kind: Evidence = evidence.parse().expect("a kind of evidence");
            let found = read(&kind, unit, answer);
            writeln!(table, "{evidence} {answer:?} -> {found}").expect("a string takes everything");
        }
        insta::assert_snapshot!(table, @r#"
        yes "yes" -> good: yes
        yes " Y " -> good: yes
        yes "no" -> bad: no
        yes "I think so" -> bad: I think so
        yes "" -> unreadable: the answer is empty
        clearance "25 mm" -> 25 mm
        clearance "25" -> unreadable: `25` isn't in mm
        clearance "2,5 mm" -> 2.5 mm
        clearance "wide mm" -> unreadable: `wide mm` is no number in mm
        window "28 d" -> 2419200 s
        window "28" -> unreadable: `28` has no unit: a time is written as `28 s`
        reference "binder 3" -> good: on record
        reference "none" -> bad: nowhere
        photo "bench/left.JPG" -> good: on record
        photo "later" -> unreadable: `later` is no picture
        "#);
    }
}
