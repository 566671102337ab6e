//! A file's text, parsed strictly, and kept to show where it is wrong.

use crate::error::suggest;
use crate::{ConfigError, Problem};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_yaml::{Error, Location, Spanned};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A value and where it stands.
pub(crate) type At<T> = Spanned<T>;

/// A time as people write it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub(crate) struct Time(
    #[serde(deserialize_with = "units::duration::deserialize")] pub(crate) Duration,
);

/// The text of a file and what was found wrong with it so far.
pub(crate) struct Source {
    path: PathBuf,
    text: String,
    problems: Vec<Problem>,
}

impl Source {
    pub(crate) fn read(path: &Path) -> Result<Self, ConfigError> {
        match std::fs::read_to_string(path) {
            Ok(text) => Ok(Self::new(path, text)),
            Err(error) => Err(ConfigError::Unreadable {
                path: path.to_owned(),
                why: error.to_string(),
            }),
        }
    }

    pub(crate) fn new(path: &Path, text: String) -> Self {
        Self {
            path: path.to_owned(),
            text,
            problems: Vec::new(),
        }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn parse<T: DeserializeOwned>(&self) -> Result<T, ConfigError> {
        serde_yaml::from_str(&self.text).map_err(|error| self.translate(&error).into())
    }

    /// Notes a problem; checking goes on, so that a person sees all of them at once.
    pub(crate) fn wrong(&mut self, place: Location, what: impl Into<String>, suggestion: &str) {
        let suggestion = (!suggestion.is_empty()).then(|| suggestion.to_owned());
        let problem = self.problem(Some(place), what.into(), suggestion);
        self.problems.push(problem);
    }

    /// The same where the line must not be shown.
    pub(crate) fn wrong_secret(&mut self, place: Location, what: &str, suggestion: &str) {
        self.wrong(place, what, suggestion);
        if let Some(problem) = self.problems.last_mut() {
            problem.excerpt = None;
        }
    }

    /// Hands on the checked value, or everything that was noted, in the order of the file.
    pub(crate) fn finish<T>(mut self, value: T) -> Result<T, ConfigError> {
        if self.problems.is_empty() {
            return Ok(value);
        }
        self.problems
            .sort_by_key(|problem| (problem.line, problem.column));
        Err(ConfigError::Wrong {
            problems: self.problems,
        })
    }

    fn problem(
        &self,
        place: Option<Location>,
        what: String,
        suggestion: Option<String>,
    ) -> Problem {
        let number = |n: u64| usize::try_from(n).unwrap_or(0);
        let (line, column) = place.map_or((0, 0), |at| (number(at.line()), number(at.column())));
        let excerpt = line
            .checked_sub(1)
            .and_then(|index| self.text.lines().nth(index))
            .map(str::to_owned);
        Problem {
            path: self.path.clone(),
            line,
            column,
            what,
            suggestion,
            excerpt,
        }
    }

    /// The parser's mistakes in our words.
    fn translate(&self, error: &Error) -> Problem {
        let error = error.without_snippet();
        let (what, suggestion) = match error {
            Error::SerdeUnknownField {
                field, expected, ..
            } => (
                format!("unknown key `{field}`"),
                suggest(field, expected.iter().copied()),
            ),
            Error::SerdeUnknownVariant {
                variant, expected, ..
            } => (
                format!("unknown value `{variant}`"),
                suggest(variant, expected.iter().copied()),
            ),
            Error::SerdeMissingField { field, .. } => (
                format!("the key `{field}` is missing"),
                Some("add it beside this one".to_owned()),
            ),
            Error::SerdeInvalidLength { len, expected, .. } => (
                format!("{len} values stand here, {expected} was expected"),
                Some("a range is two of them, as in `[2.5 V, 4.0 V]`".to_owned()),
            ),
            Error::Unexpected { expected, .. } => {
                (format!("{} belongs here", shape(expected)), None)
            }
            Error::InvalidScalar { ty, .. } => (format!("{} belongs here", scalar(ty)), None),
            Error::DuplicateMappingKey { key, .. } => (
                key.as_ref().map_or_else(
                    || "a key stands here twice".to_owned(),
                    |key| format!("the key `{key}` stands here twice"),
                ),
                Some("keep one of them".to_owned()),
            ),
            Error::Message { msg, .. } => split(msg),
            other => split(&plain(other)),
        };
        self.problem(error.location(), what, suggestion)
    }
}

/// The parser's names of what it expected, for people.
fn shape(expected: &'static str) -> &'static str {
    match expected {
        "sequence start" => "a list, as in `[a, b]`,",
        "mapping start" => "a group of keys with their values",
        "string scalar" => "a single text",
        other => other,
    }
}

fn scalar(kind: &'static str) -> &'static str {
    match kind {
        "boolean" => "`true` or `false`",
        kind if kind.starts_with(['u', 'i']) => "a whole number that fits",
        kind => kind,
    }
}

/// The parser's own text without position and excerpt, which we write ourselves.
fn plain(error: &Error) -> String {
    let text = error.to_string();
    let first = text.lines().next().unwrap_or_default();
    let first = first.strip_prefix("error: ").unwrap_or(first);
    let end = first.find(" at line ").unwrap_or(first.len());
    first[..end].to_owned()
}

/// Messages of our own types carry their suggestion after a semicolon or colon already.
fn split(message: &str) -> (String, Option<String>) {
    match message.split_once("; ") {
        Some((what, suggestion)) => (what.to_owned(), Some(suggestion.to_owned())),
        None => (message.to_owned(), None),
    }
}
