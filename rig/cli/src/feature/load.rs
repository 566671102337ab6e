//! Finds and parses feature files, and expands outlines.

use crate::search::shown;
use cucumber::feature::Ext as _;
use gherkin::{EnvError, Feature, GherkinEnv, ParseFileError};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;

/// A file, a folder, or one scenario of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selector {
    /// File or folder.
    pub path: PathBuf,
    /// A line inside the scenario that is meant.
    pub line: Option<usize>,
}

impl FromStr for Selector {
    type Err = std::convert::Infallible;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let line = text.rsplit_once(':').and_then(|(path, line)| {
            let line = line.parse().ok()?;
            (!path.is_empty()).then(|| (PathBuf::from(path), line))
        });
        Ok(match line {
            Some((path, line)) if !Path::new(text).exists() => Self {
                path,
                line: Some(line),
            },
            _ => Self {
                path: text.into(),
                line: None,
            },
        })
    }
}

impl std::fmt::Display for Selector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.path.display())?;
        self.line.map_or(Ok(()), |line| write!(f, ":{line}"))
    }
}

/// One scenario, or one row of an outline.
#[derive(Debug, Clone)]
pub struct Case {
    /// The scenario, placeholders replaced.
    pub scenario: gherkin::Scenario,
    /// Number of the rule it stands under, from 0.
    pub rule: Option<usize>,
    /// Line of the scenario or outline itself; the line of the row is in `scenario.position`.
    pub outline_line: usize,
}

/// One parsed feature file.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// As people read it.
    pub shown: String,
    /// Where it was read from.
    pub path: PathBuf,
    /// What stands in it, outlines not expanded.
    pub feature: Arc<Feature>,
    /// Its scenarios in the file's order, those that were selected.
    pub cases: Vec<Case>,
}

impl Loaded {
    /// Steps of a case in the order in which they run: backgrounds first.
    pub fn steps<'a>(&'a self, case: &'a Case) -> impl Iterator<Item = &'a gherkin::Step> {
        let rule = case.rule.and_then(|index| self.feature.rules.get(index));
        self.feature
            .background
            .iter()
            .chain(rule.and_then(|rule| rule.background.as_ref()))
            .flat_map(|background| &background.steps)
            .chain(&case.scenario.steps)
    }

    /// Tags of a case, those of feature and rule first, without `@`, each once.
    #[must_use]
    pub fn tags(&self, case: &Case) -> Vec<String> {
        let rule = case.rule.and_then(|index| self.feature.rules.get(index));
        let mut seen = BTreeSet::new();
        self.feature
            .tags
            .iter()
            .chain(rule.iter().flat_map(|rule| &rule.tags))
            .chain(&case.scenario.tags)
            .map(|tag| tag.trim_start_matches('@').to_owned())
            .filter(|tag| seen.insert(tag.clone()))
            .collect()
    }
}

/// What is wrong with a feature file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FeatureError {
    /// It can't be read.
    #[error("{path}: {reason}")]
    Unreadable {
        /// File or folder.
        path: String,
        /// What the system said.
        reason: String,
    },
    /// A folder without features.
    #[error("{path}: there is no file `*.feature` in this folder or below it")]
    Empty {
        /// Folder.
        path: String,
    },
    /// It isn't Gherkin.
    #[error("{path}:{line}:{column}: {problem}\n{excerpt}")]
    Syntax {
        /// File.
        path: String,
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
        /// What the parser expected.
        problem: String,
        /// The line, and a caret below the column.
        excerpt: String,
    },
    /// An outline asks for a column that its table hasn't.
    #[error(
        "{path}:{line}: `<{name}>` is no column of the Examples; add the column or correct the name"
    )]
    Placeholder {
        /// File.
        path: String,
        /// From 1.
        line: usize,
        /// The placeholder.
        name: String,
    },
    /// `FILE:LINE` outside every scenario.
    #[error("{path}:{line}: no scenario stands at this line; the scenarios begin at {lines}")]
    NoScenario {
        /// File.
        path: String,
        /// From 1.
        line: usize,
        /// Where they begin.
        lines: String,
    },
}

/// Parses every feature that the selectors name, each file once, in the order of the selectors and
/// of the names in folders. Errors don't stop the reading of other files.
#[must_use]
pub fn load(selectors: &[Selector]) -> (Vec<Loaded>, Vec<FeatureError>) {
    let mut files: Vec<(PathBuf, Option<BTreeSet<usize>>)> = Vec::new();
    let mut errors = Vec::new();
    for selector in selectors {
        let found = match feature_files(&selector.path) {
            Ok(found) => found,
            Err(error) => {
                errors.push(error);
                continue;
            }
        };
        for file in found {
            let lines = selector.line.map(|line| BTreeSet::from([line]));
            match files.iter_mut().find(|(known, _)| *known == file) {
                Some((_, known)) => {
                    *known = known.take().zip(lines).map(|(mut known, lines)| {
                        known.extend(lines);
                        known
                    });
                }
                None => files.push((file, lines)),
            }
        }
    }
    let mut loaded = Vec::new();
    for (path, lines) in files {
        match load_file(&path).and_then(|file| select(file, lines.as_ref())) {
            Ok(file) => loaded.push(file),
            Err(error) => errors.push(error),
        }
    }
    (loaded, errors)
}

fn feature_files(path: &Path) -> Result<Vec<PathBuf>, FeatureError> {
    let unreadable = |error: std::io::Error| FeatureError::Unreadable {
        path: shown(path),
        reason: error.to_string(),
    };
    if !std::fs::metadata(path).map_err(unreadable)?.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut found = Vec::new();
    let mut folders = vec![path.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).map_err(unreadable)? {
            let path = entry.map_err(unreadable)?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "feature") {
                found.push(path);
            }
        }
    }
    found.sort();
    if found.is_empty() {
        return Err(FeatureError::Empty { path: shown(path) });
    }
    Ok(found)
}

fn load_file(path: &Path) -> Result<Loaded, FeatureError> {
    let feature =
        Feature::parse_path(path, GherkinEnv::default()).map_err(|error| syntax(path, &error))?;
    let empty = Feature {
        path: feature.path.clone(),
        keyword: feature.keyword.clone(),
        name: feature.name.clone(),
        description: None,
        background: None,
        scenarios: Vec::new(),
        rules: Vec::new(),
        tags: Vec::new(),
        span: feature.span,
        position: feature.position,
    };
    let expand = |rule: Option<usize>, scenario: &gherkin::Scenario| {
        let alone = Feature {
            scenarios: vec![scenario.clone()],
            ..empty.clone()
        };
        let outline_line = scenario.position.line;
        let expanded = alone
            .expand_examples()
            .map_err(|error| FeatureError::Placeholder {
                path: shown(path),
                line: error.pos.line,
                name: error.name,
            })?;
        Ok(expanded.scenarios.into_iter().map(move |scenario| Case {
            scenario,
            rule,
            outline_line,
        }))
    };
    let rules = feature.rules.iter().zip(0..).flat_map(|(rule, number)| {
        rule.scenarios
            .iter()
            .map(move |scenario| (Some(number), scenario))
    });
    let mut cases = Vec::new();
    for (rule, scenario) in feature
        .scenarios
        .iter()
        .map(|scenario| (None, scenario))
        .chain(rules)
    {
        cases.extend(expand(rule, scenario)?);
    }
    Ok(Loaded {
        shown: shown(path),
        path: path.to_owned(),
        feature: Arc::new(feature),
        cases,
    })
}

fn select(mut file: Loaded, lines: Option<&BTreeSet<usize>>) -> Result<Loaded, FeatureError> {
    let Some(lines) = lines else {
        return Ok(file);
    };
    let mut wanted = vec![false; file.cases.len()];
    for &line in lines {
        let row = |case: &Case| case.scenario.position.line == line;
        let above = file
            .cases
            .iter()
            .map(|case| case.outline_line)
            .filter(|&begin| begin <= line)
            .max();
        let exact = file.cases.iter().any(row);
        let mut found = false;
        for (case, wanted) in file.cases.iter().zip(&mut wanted) {
            if (exact && row(case)) || (!exact && Some(case.outline_line) == above) {
                *wanted = true;
                found = true;
            }
        }
        if !found {
            let begins: BTreeSet<usize> = file.cases.iter().map(|case| case.outline_line).collect();
            let begins: Vec<String> = begins.iter().map(ToString::to_string).collect();
            return Err(FeatureError::NoScenario {
                path: file.shown,
                line,
                lines: begins.join(", "),
            });
        }
    }
    let mut wanted = wanted.into_iter();
    file.cases.retain(|_| wanted.next() == Some(true));
    Ok(file)
}

/// gherkin keeps the position of a mistake in its text only.
fn syntax(path: &Path, error: &ParseFileError) -> FeatureError {
    let (detail, source) = match error {
        ParseFileError::Reading { source, .. } => {
            return FeatureError::Unreadable {
                path: shown(path),
                reason: source.to_string(),
            };
        }
        ParseFileError::Parsing { error, source, .. } => (error, source.to_string()),
    };
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let (line, column, problem) = place(&text, detail.as_ref(), position(&source));
    let text = text.lines().nth(line - 1).unwrap_or_default();
    let number = line.to_string();
    let indent = " ".repeat(number.len());
    let caret = " ".repeat(column.saturating_sub(1));
    FeatureError::Syntax {
        path: shown(path),
        line,
        column,
        problem,
        excerpt: format!("{indent} |\n{number} | {text}\n{indent} | {caret}^"),
    }
}

/// Where the mistake is and what it is. The parser's own position is the farthest it came, which is
/// often the line after.
fn place(
    text: &str,
    detail: Option<&EnvError>,
    farthest: Option<(usize, usize)>,
) -> (usize, usize, String) {
    let at = |wanted: &dyn Fn(&str) -> bool| {
        let line = text.lines().position(|line| wanted(line.trim_start()))?;
        let blanks = text.lines().nth(line)?.chars();
        Some((
            line + 1,
            blanks.take_while(|c| c.is_whitespace()).count() + 1,
        ))
    };
    let (line, column) = farthest.unwrap_or((1, 1));
    match detail {
        Some(EnvError::UnknownKeyword(keyword)) => {
            let keyword = keyword.trim();
            let (line, column) = at(&|line| line.starts_with(keyword)).unwrap_or((line, column));
            let problem = format!(
                "`{keyword}` is no keyword; steps begin with Given, When, Then, And or But"
            );
            (line, column, problem)
        }
        Some(detail) => (line, column, detail.to_string()),
        None if at(&|line| line.starts_with("Feature:")).is_none() => {
            let (line, column) = at(&|line| !line.is_empty()).unwrap_or((1, 1));
            let problem = "this is no feature; one begins with `Feature:` and its name";
            (line, column, problem.into())
        }
        None => {
            let problem = "this can't stand here; expected a step (Given, When, Then, And, But), a table row, or the next Scenario, Rule or Examples";
            (line, column, problem.into())
        }
    }
}

/// Line and column out of `Error at 3:5: …`.
fn position(text: &str) -> Option<(usize, usize)> {
    let mut numbers = text.strip_prefix("Error at ")?.splitn(3, ':');
    let line = numbers.next()?.parse().ok()?;
    let column = numbers.next()?.parse().ok()?;
    Some((line, column)).filter(|(line, _)| *line > 0)
}

#[cfg(test)]
mod tests {
    use super::{Selector, load};

    fn loaded(text: &str, lines: &[usize]) -> Result<Vec<(usize, String)>, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.feature");
        std::fs::write(&path, text).unwrap();
        let selectors: Vec<Selector> = match lines {
            [] => vec![Selector { path, line: None }],
            lines => lines
                .iter()
                .map(|&line| Selector {
                    path: path.clone(),
                    line: Some(line),
                })
                .collect(),
        };
        let (files, errors) = load(&selectors);
        if let Some(error) = errors.first() {
            let folder = folder.path().display().to_string();
            return Err(error.to_string().replace(&folder, ""));
        }
        Ok(files
            .iter()
            .flat_map(|file| &file.cases)
            .map(|case| (case.scenario.position.line, case.scenario.name.clone()))
            .collect())
    }

    const TWO: &str = "\
Feature: f
  Scenario: one
    Given a

  Scenario Outline: <n> cells
    Given <n>

    Examples:
      | n |
      | 4 |
      | 8 |
";

    #[test]
    fn outlines_are_expanded_and_lines_select() {
        let all = vec![
            (2, "one".into()),
            (10, "4 cells".into()),
            (11, "8 cells".into()),
        ];
        assert_eq!(loaded(TWO, &[]).unwrap(), all);
        for (lines, expected) in [
            (&[3][..], &all[..1]),
            (&[5], &all[1..]),
            (&[6], &all[1..]),
            (&[11], &all[2..]),
            (&[2, 11], &[all[0].clone(), all[2].clone()]),
        ] {
            assert_eq!(loaded(TWO, lines).unwrap(), expected, "{lines:?}");
        }
        assert_eq!(
            loaded(TWO, &[1]).unwrap_err(),
            "/a.feature:1: no scenario stands at this line; the scenarios begin at 2, 5"
        );
    }

    #[test]
    fn mistakes_are_told_with_their_place() {
        insta::assert_snapshot!(loaded("Feature: f\n  Scenario: s\n    Given a\n    Thn b\n", &[]).unwrap_err(),  @r"
        /a.feature:4:5: `Thn` is no keyword; steps begin with Given, When, Then, And or But
          |
        4 |     Thn b
          |     ^
        ");
        insta::assert_snapshot!(loaded(&TWO.replace("<n> cells", "<m> cells"), &[]).unwrap_err(), @r"/a.feature:10: `<m>` is no column of the Examples; add the column or correct the name");
        insta::assert_snapshot!(loaded("hello\n", &[]).unwrap_err(), @r"
        /a.feature:1:1: this is no feature; one begins with `Feature:` and its name
          |
        1 | hello
          | ^
        ");
    }
}
