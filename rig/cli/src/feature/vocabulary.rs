//! The sentences that features can be written with.

use crate::world::RigWorld;
use cucumber::codegen::{LazyRegex, StepConstructor, WorldInventory, inventory};
use cucumber::step;
use record::StepKind;

/// One sentence that a step can be.
#[derive(Debug, Clone)]
pub struct Sentence {
    /// Given, When or Then.
    pub kind: StepKind,
    /// As the step's author wrote it: `all cells are set to {volts}`.
    pub text: String,
    /// What the step's author says about it, in one line; may be empty.
    pub about: String,
    /// What it matches.
    pub pattern: regex::Regex,
    /// Where it's defined.
    pub defined: String,
}

// Every source file of the steps, so that `rig steps` can show the sentences as they were written:
// cucumber itself only keeps the regular expressions made from them.
include!(concat!(env!("OUT_DIR"), "/step_sources.rs"));

/// Every sentence, by kind and then by text.
#[must_use]
pub fn vocabulary() -> Vec<Sentence> {
    type Given = <RigWorld as WorldInventory>::Given;
    type When = <RigWorld as WorldInventory>::When;
    type Then = <RigWorld as WorldInventory>::Then;
    let mut sentences: Vec<Sentence> = Vec::new();
    type Definition = (step::Location, LazyRegex, cucumber::Step<RigWorld>);
    let mut add = |kind, (at, pattern, _): Definition| {
        let (text, about) = written_at(at.path, at.line as usize)
            .unwrap_or_else(|| (unanchored(pattern().as_str()), String::new()));
        sentences.push(Sentence {
            kind,
            text,
            about,
            pattern: pattern(),
            defined: format!("{}:{}", at.path, at.line),
        });
    };
    inventory::iter::<Given>
        .into_iter()
        .for_each(|step| add(StepKind::Given, step.inner()));
    inventory::iter::<When>
        .into_iter()
        .for_each(|step| add(StepKind::When, step.inner()));
    inventory::iter::<Then>
        .into_iter()
        .for_each(|step| add(StepKind::Then, step.inner()));
    sentences.sort_by(|a, b| (a.kind as u8, &a.text).cmp(&(b.kind as u8, &b.text)));
    sentences
}

/// A regular expression as a sentence, for a step whose source isn't at hand.
fn unanchored(pattern: &str) -> String {
    let pattern = pattern.strip_prefix('^').unwrap_or(pattern);
    pattern.strip_suffix('$').unwrap_or(pattern).to_owned()
}

/// The sentence of the attribute at this place, and the comment above it.
fn written_at(path: &str, line: usize) -> Option<(String, String)> {
    let (_, source) = STEP_SOURCES
        .iter()
        .find(|(name, _)| path.replace('\\', "/").ends_with(name))?;
    Some((first_string(source, line)?, comment_around(source, line)))
}

/// The first string literal from this line on.
fn first_string(source: &str, line: usize) -> Option<String> {
    let from: usize = source
        .split_inclusive('\n')
        .take(line - 1)
        .map(str::len)
        .sum();
    let rest = source.get(from..)?;
    let begin = rest.find('"')? + 1;
    let mut text = String::new();
    let mut characters = rest[begin..].chars();
    loop {
        match characters.next()? {
            '"' => return Some(text),
            '\\' => match characters.next()? {
                // A continued line: the break and the blanks after it don't count.
                '\n' => {
                    let rest = characters.as_str().trim_start();
                    characters = rest.chars();
                }
                other => text.push(other),
            },
            other => text.push(other),
        }
    }
}

/// The documentation comment around the attributes at this line, in one line.
fn comment_around(source: &str, line: usize) -> String {
    let lines: Vec<&str> = source.lines().map(str::trim).collect();
    let is_comment = |text: &&str| text.starts_with("///");
    let belongs = |text: &str| !text.is_empty() && !text.ends_with('}') && !text.ends_with(';');
    let mut first = line - 1;
    while first > 0 && belongs(lines[first - 1]) {
        first -= 1;
    }
    let comment: Vec<&str> = lines[first..]
        .iter()
        .take_while(|text| !text.contains("fn "))
        .filter(|text| is_comment(text))
        .map(|text| text.trim_start_matches("///").trim())
        .collect();
    comment.join(" ")
}

#[cfg(test)]
mod tests {
    use super::{comment_around, first_string};

    const SOURCE: &str = r#"
use x;

/// Forces one cell.
/// The others stay.
#[given(expr = "cell {int} is at {volts}")]
#[when(
    expr = "cell {int} \
            goes to {volts}"
)]
async fn cell(rig: &mut RigWorld) -> StepResult {
}
"#;

    #[test]
    fn sentences_and_their_comments_are_read_from_the_source() {
        assert_eq!(first_string(SOURCE, 6).unwrap(), "cell {int} is at {volts}");
        assert_eq!(
            first_string(SOURCE, 7).unwrap(),
            "cell {int} goes to {volts}"
        );
        for line in [6, 7] {
            assert_eq!(
                comment_around(SOURCE, line),
                "Forces one cell. The others stay."
            );
        }
    }
}
