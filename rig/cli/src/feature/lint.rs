//! Looks at every step before anything runs.

use super::load::{Case, Loaded};
use super::vocabulary::Sentence;
use gherkin::StepType;
use record::StepKind;
use std::fmt;

/// A step that can't run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// File.
    pub path: String,
    /// From 1.
    pub line: usize,
    /// The step with its keyword.
    pub step: String,
    /// What is wrong with it.
    pub kind: ProblemKind,
    /// At how many other places the same step stands.
    pub others: usize,
}

/// What is wrong with a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProblemKind {
    /// No sentence fits.
    Undefined {
        /// The most similar sentence, with its kind.
        nearest: Option<String>,
        /// Rust code that would define it.
        snippet: String,
    },
    /// More than one sentence fits.
    Ambiguous {
        /// The sentences and where they are defined.
        candidates: Vec<String>,
    },
    /// It looks like a step with a slip in its keyword, and Gherkin takes it for a description.
    Description {
        /// The keyword that was probably meant.
        keyword: &'static str,
    },
    /// A scenario without steps.
    NoSteps,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            path, line, step, ..
        } = self;
        let others = match self.others {
            0 => String::new(),
            1 => " (and at one other place)".to_owned(),
            others => format!(" (and at {others} other places)"),
        };
        match &self.kind {
            ProblemKind::Undefined { nearest, snippet } => {
                write!(f, "{path}:{line}: no step says `{step}`{others}")?;
                match nearest {
                    Some(nearest) => write!(f, "; did you mean `{nearest}`?")?,
                    None => write!(f, "; `rig steps` prints what can be said")?,
                }
                write!(f, "\n  or define it:\n{snippet}")
            }
            ProblemKind::Description { keyword } => write!(
                f,
                "{path}:{line}: `{step}` is taken for a description and not for a step; did you mean `{keyword}`?"
            ),
            ProblemKind::NoSteps => write!(
                f,
                "{path}:{line}: scenario `{step}` has no steps, so it would test nothing"
            ),
            ProblemKind::Ambiguous { candidates } => {
                write!(
                    f,
                    "{path}:{line}: `{step}` can be read in more than one way:"
                )?;
                candidates
                    .iter()
                    .try_for_each(|candidate| write!(f, "\n  {candidate}"))
            }
        }
    }
}

/// Checks every step of the selected cases; each place is told once.
#[must_use]
pub fn lint(files: &[Loaded], sentences: &[Sentence]) -> Vec<Problem> {
    let mut problems: Vec<Problem> = Vec::new();
    for file in files {
        for problem in file.cases.iter().filter_map(|case| no_steps(file, case)) {
            if !problems.contains(&problem) {
                problems.push(problem);
            }
        }
        problems.extend(slips(file));
        for step in file.cases.iter().flat_map(|case| file.steps(case)) {
            let kind = kind_of(step.ty);
            let fitting: Vec<&Sentence> = sentences
                .iter()
                .filter(|sentence| sentence.kind == kind && sentence.pattern.is_match(&step.value))
                .collect();
            let found = match fitting[..] {
                [_] => continue,
                [] => undefined(kind, &step.value, sentences),
                _ => ProblemKind::Ambiguous {
                    candidates: fitting
                        .iter()
                        .map(|sentence| format!("`{}` ({})", sentence.text, sentence.defined))
                        .collect(),
                },
            };
            let problem = Problem {
                path: file.shown.clone(),
                line: step.position.line,
                step: format!("{} {}", step.keyword.trim(), step.value),
                kind: found,
                others: 0,
            };
            let same =
                |known: &&mut Problem| known.kind == problem.kind && known.step == problem.step;
            match problems.iter_mut().find(same) {
                // A background's step is met once a scenario.
                Some(known) if known.path == problem.path && known.line == problem.line => {}
                Some(known) => known.others += 1,
                None => problems.push(problem),
            }
        }
    }
    problems
}

fn no_steps(file: &Loaded, case: &Case) -> Option<Problem> {
    case.scenario.steps.is_empty().then(|| Problem {
        path: file.shown.clone(),
        line: case.outline_line,
        step: case.scenario.name.clone(),
        kind: ProblemKind::NoSteps,
        others: 0,
    })
}

/// Lines of descriptions that were meant as steps: `Gven all cells are at 3 V`.
fn slips(file: &Loaded) -> Vec<Problem> {
    const KEYWORDS: [&str; 5] = ["Given", "When", "Then", "And", "But"];
    let text = std::fs::read_to_string(&file.path).unwrap_or_default();
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let mut found: Vec<Problem> = Vec::new();
    for case in &file.cases {
        let described = case.scenario.description.as_deref().unwrap_or_default();
        for line in described.lines().map(str::trim) {
            let first = line.split_whitespace().next().unwrap_or_default();
            let near = KEYWORDS.into_iter().find(|keyword| {
                let distance =
                    strsim::damerau_levenshtein(&first.to_lowercase(), &keyword.to_lowercase());
                distance <= usize::from(keyword.len() > 3)
            });
            let Some(keyword) = near else { continue };
            let after = lines.iter().skip(case.outline_line);
            let offset = after.take_while(|other| **other != line).count();
            let problem = Problem {
                path: file.shown.clone(),
                line: case.outline_line + offset + 1,
                step: line.to_owned(),
                kind: ProblemKind::Description { keyword },
                others: 0,
            };
            if !found.contains(&problem) {
                found.push(problem);
            }
        }
    }
    found
}

/// The record's word for gherkin's.
pub(crate) fn kind_of(kind: StepType) -> StepKind {
    match kind {
        StepType::Given => StepKind::Given,
        StepType::When => StepKind::When,
        StepType::Then => StepKind::Then,
    }
}

/// `Given`, `When`, `Then`.
pub(crate) fn word_of(kind: StepKind) -> &'static str {
    match kind {
        StepKind::Given => "Given",
        StepKind::When => "When",
        StepKind::Then => "Then",
    }
}

fn undefined(kind: StepKind, text: &str, sentences: &[Sentence]) -> ProblemKind {
    let plain = normalised(text);
    let nearest = sentences
        .iter()
        .map(|sentence| {
            let other = normalised(&sentence.text);
            let distance = strsim::damerau_levenshtein(&plain, &other);
            let longest = plain.chars().count().max(other.chars().count());
            (distance, sentence.kind != kind, longest, sentence)
        })
        .min_by_key(|(distance, other_kind, _, _)| (*distance, *other_kind))
        .filter(|(distance, _, longest, _)| distance * 5 <= longest * 2)
        .map(|(_, _, _, sentence)| format!("{} {}", word_of(sentence.kind), sentence.text));
    ProblemKind::Undefined {
        nearest,
        snippet: snippet(kind, text),
    }
}

/// Parameters and numbers count as one and the same word.
fn normalised(text: &str) -> String {
    let mut out = String::new();
    for word in text.split_whitespace() {
        let parameter = word.starts_with('{') || word.starts_with(|c: char| c.is_ascii_digit());
        let unit = matches!(word, "V" | "mV" | "A" | "s" | "min" | "h" | "°C" | "K");
        if unit {
            continue;
        }
        out.push_str(if parameter { "#" } else { word });
        out.push(' ');
    }
    out
}

fn snippet(kind: StepKind, text: &str) -> String {
    const UNITS: [(&str, &str, &str); 7] = [
        ("V", "volts", "Volts"),
        ("A", "amps", "Amps"),
        ("s", "duration", "Duration"),
        ("min", "duration", "Duration"),
        ("h", "duration", "Duration"),
        ("°C", "celsius", "Celsius"),
        ("K", "kelvin", "Kelvin"),
    ];
    let attribute = word_of(kind).to_lowercase();
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut parameters: Vec<&str> = Vec::new();
    let mut expression: Vec<String> = Vec::new();
    let mut at = 0;
    while let Some(word) = words.get(at) {
        at += 1;
        let unit = words
            .get(at)
            .and_then(|next| UNITS.iter().find(|(unit, ..)| unit == next));
        if word.parse::<f64>().is_err() {
            expression.push(word.replace('"', "\\\""));
        } else if let Some((_, name, kind)) = unit {
            at += 1;
            expression.push(format!("{{{name}}}"));
            parameters.push(kind);
        } else if word.parse::<i64>().is_ok() {
            expression.push("{int}".into());
            parameters.push("usize");
        } else {
            expression.push("{float}".into());
            parameters.push("f64");
        }
    }
    let arguments: String = parameters
        .iter()
        .zip(1..)
        .map(|(kind, number)| format!(", value_{number}: {kind}"))
        .collect();
    let name: String = text
        .to_lowercase()
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| word.len() > 1 && word.parse::<f64>().is_err())
        .take(6)
        .collect::<Vec<_>>()
        .join("_");
    format!(
        "    #[{attribute}(expr = \"{}\")]\n    async fn {name}(rig: &mut RigWorld{arguments}) -> StepResult {{ … }}",
        expression.join(" ")
    )
}

#[cfg(test)]
mod tests {
    use super::{Problem, lint};
    use crate::feature::vocabulary::Sentence;
    use crate::feature::{Selector, load};
    use record::StepKind;

    fn sentence(kind: StepKind, text: &str, pattern: &str) -> Sentence {
        Sentence {
            kind,
            text: text.into(),
            about: String::new(),
            pattern: regex::Regex::new(pattern).unwrap(),
            defined: "steps/a.rs:1".into(),
        }
    }

    fn told(step: &str) -> String {
        let sentences = [
            sentence(
                StepKind::Given,
                "all cells are at {volts}",
                r"^all cells are at ([\d.]+) V$",
            ),
            sentence(
                StepKind::When,
                "the bench waits {duration}",
                r"^the bench waits (.+)$",
            ),
            sentence(
                StepKind::When,
                "the bench waits long",
                r"^the bench waits long$",
            ),
        ];
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.feature");
        std::fs::write(
            &path,
            format!("Feature: f\n  Background:\n    {step}\n  Scenario: a\n    Given all cells are at 3 V\n  Scenario: b\n    When the bench waits 3 s\n"),
        )
        .unwrap();
        let (files, errors) = load(&[Selector { path, line: None }]);
        assert!(errors.is_empty(), "{errors:?}");
        let problems: Vec<String> = lint(&files, &sentences)
            .into_iter()
            .map(|problem| {
                Problem {
                    path: "a.feature".into(),
                    ..problem
                }
                .to_string()
            })
            .collect();
        problems.join("\n")
    }

    #[test]
    fn a_step_that_is_defined_is_no_problem() {
        assert_eq!(told("Given all cells are at 3.3 V"), "");
    }

    #[test]
    fn an_undefined_step_is_told_once_with_the_nearest_sentence_and_a_snippet() {
        insta::assert_snapshot!(told("Given all the cells are at 3.3 V"), @r#"
        a.feature:3: no step says `Given all the cells are at 3.3 V`; did you mean `Given all cells are at {volts}`?
          or define it:
            #[given(expr = "all the cells are at {volts}")]
            async fn all_the_cells_are_at(rig: &mut RigWorld, value_1: Volts) -> StepResult { … }
        "#);
        insta::assert_snapshot!(told("Given it rains 5 times"), @r#"
        a.feature:3: no step says `Given it rains 5 times`; `rig steps` prints what can be said
          or define it:
            #[given(expr = "it rains {int} times")]
            async fn it_rains_times(rig: &mut RigWorld, value_1: usize) -> StepResult { … }
        "#);
    }

    #[test]
    fn a_sentence_of_another_kind_is_pointed_out() {
        insta::assert_snapshot!(told("When all cells are at 3.3 V"), @r#"
        a.feature:3: no step says `When all cells are at 3.3 V`; did you mean `Given all cells are at {volts}`?
          or define it:
            #[when(expr = "all cells are at {volts}")]
            async fn all_cells_are_at(rig: &mut RigWorld, value_1: Volts) -> StepResult { … }
        "#);
    }

    #[test]
    fn a_slip_in_a_keyword_is_not_taken_for_a_description() {
        insta::assert_snapshot!(told("Given all cells are at 3 V\n  Scenario: slip\n    Gven all cells are at 4 V"), @r"
        a.feature:4: scenario `slip` has no steps, so it would test nothing
        a.feature:5: `Gven all cells are at 4 V` is taken for a description and not for a step; did you mean `Given`?
        ");
    }

    #[test]
    fn an_ambiguous_step_is_told_with_both_sentences() {
        insta::assert_snapshot!(told("When the bench waits long"), @r"
        a.feature:3: `When the bench waits long` can be read in more than one way:
          `the bench waits {duration}` (steps/a.rs:1)
          `the bench waits long` (steps/a.rs:1)
        ");
    }
}
