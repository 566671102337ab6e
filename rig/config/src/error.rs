//! What can be wrong with a file, said so that it can be put right.

use std::fmt;
use std::path::PathBuf;

/// Why a file can't be used. Nothing was energised.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// The file can't be read.
    #[error("{}: can't be read: {why}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        why: String,
    },
    /// No file of that name on the search path.
    #[error("no {what} `{name}`{suggestion}; looked in {}", join(looked_in))]
    Missing {
        /// `bench`, `battery product` …
        what: &'static str,
        /// As asked for.
        name: String,
        /// `, did you mean …?`, or what there is, or nothing.
        suggestion: String,
        /// Folders, in the order of the search.
        looked_in: Vec<PathBuf>,
    },
    /// The file was read and is wrong, in one or more places.
    #[error("{}", all(problems))]
    Wrong {
        /// At least one.
        problems: Vec<Problem>,
    },
}

impl ConfigError {
    /// The places that are wrong; empty where no file was read.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        match self {
            Self::Wrong { problems } => problems,
            Self::Unreadable { .. } | Self::Missing { .. } => &[],
        }
    }
}

impl From<Problem> for ConfigError {
    fn from(problem: Problem) -> Self {
        Self::Wrong {
            problems: vec![problem],
        }
    }
}

fn join(paths: &[PathBuf]) -> String {
    if paths.is_empty() {
        return "no folder at all: the search path is empty".to_owned();
    }
    let shown: Vec<_> = paths
        .iter()
        .map(|path| format!("`{}`", path.display()))
        .collect();
    shown.join(", ")
}

fn all(problems: &[Problem]) -> String {
    let shown: Vec<_> = problems.iter().map(Problem::to_string).collect();
    shown.join("\n")
}

/// One place in a file that is wrong. Displays as `path:line:col: what; suggestion`, with the line
/// in question below.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file.
    pub path: PathBuf,
    /// Line, from 1; 0 where the problem has no place.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// What is wrong.
    pub what: String,
    /// What to do about it.
    pub suggestion: Option<String>,
    /// The line as it stands in the file.
    pub excerpt: Option<String>,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.path.display())?;
        if self.line > 0 {
            write!(f, "{}:{}:", self.line, self.column)?;
        }
        write!(f, " {}", self.what)?;
        if let Some(suggestion) = &self.suggestion {
            write!(f, "; {suggestion}")?;
        }
        if let Some(excerpt) = &self.excerpt {
            let number = self.line.to_string();
            let indent = " ".repeat(number.len());
            let before: String = excerpt
                .chars()
                .take(self.column.saturating_sub(1))
                .map(|c| if c == '\t' { '\t' } else { ' ' })
                .collect();
            write!(
                f,
                "\n {indent} |\n {number} | {excerpt}\n {indent} | {before}^"
            )?;
        }
        Ok(())
    }
}

/// The known name nearest to the one written, when it's near enough to be meant.
pub(crate) fn nearest<'a>(
    written: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let written = written.to_lowercase();
    known
        .into_iter()
        .map(|name| {
            let distance = strsim::damerau_levenshtein(&written, &name.to_lowercase());
            (distance, name)
        })
        .filter(|(distance, name)| *distance <= 1 + name.chars().count() / 3)
        .min()
        .map(|(_, name)| name)
}

/// ``did you mean `x`?``, or the list of all that is known.
pub(crate) fn suggest<'a>(
    written: &str,
    known: impl IntoIterator<Item = &'a str> + Clone,
) -> Option<String> {
    if let Some(name) = nearest(written, known.clone()) {
        return Some(format!("did you mean `{name}`?"));
    }
    let all: Vec<_> = known.into_iter().map(|name| format!("`{name}`")).collect();
    (!all.is_empty()).then(|| format!("known are {}", all.join(", ")))
}
