//! Which scenarios run, and where.

use super::lint::kind_of;
use super::load::{Case, Loaded};
use cucumber::tag::Ext as _;
use gherkin::tagexpr::TagOperation;
use record::StepKind;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Which of the loaded scenarios are wanted.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    tags: Option<TagOperation>,
    name: Option<regex::Regex>,
}

/// Why a filter makes no sense.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FilterError {
    /// `--tags`.
    #[error(
        "--tags `{text}` is no tag expression: {reason}; write for example `@bench:board and not @slow`"
    )]
    Tags {
        /// As given.
        text: String,
        /// What the parser said.
        reason: String,
    },
    /// `--name`.
    #[error("--name `{text}` is no regular expression: {reason}")]
    Name {
        /// As given.
        text: String,
        /// What the parser said.
        reason: String,
    },
}

impl Filter {
    /// A filter from what the command line says.
    ///
    /// # Errors
    /// When one of the texts is no expression.
    pub fn new(tags: Option<&str>, name: Option<&str>) -> Result<Self, FilterError> {
        let tags = tags
            .map(|text| {
                text.parse()
                    .map_err(
                        |error: <TagOperation as std::str::FromStr>::Err| FilterError::Tags {
                            text: text.to_owned(),
                            reason: error.to_string(),
                        },
                    )
            })
            .transpose()?;
        let name = name
            .map(|text| {
                regex::Regex::new(text).map_err(|error| FilterError::Name {
                    text: text.to_owned(),
                    reason: reason(&error),
                })
            })
            .transpose()?;
        Ok(Self { tags, name })
    }

    fn wants(&self, name: &str, tags: &[String]) -> bool {
        self.tags.as_ref().is_none_or(|wanted| wanted.eval(tags))
            && self
                .name
                .as_ref()
                .is_none_or(|wanted| wanted.is_match(name))
    }
}

/// The last line of what the parser says; the ones before it draw the place.
fn reason(error: &regex::Error) -> String {
    let text = error.to_string();
    let last = text.lines().last().unwrap_or_default().trim();
    last.strip_prefix("error: ").unwrap_or(last).to_owned()
}

/// A bench on offer, and what it gives.
#[derive(Debug, Clone)]
pub struct Offer {
    /// Its file.
    pub bench: Arc<config::Bench>,
    /// What scenarios may ask for.
    pub gives: BTreeSet<String>,
    /// Whether only scenarios run on it that ask for its BMS (`@needs:bms:…`) or for every one
    /// (`@every-bms`); the rest would only repeat what it found on another bench.
    pub on_demand: bool,
}

/// Where a scenario runs.
#[derive(Debug, Clone)]
pub enum Placement {
    /// Nowhere special: it asks for no bench.
    Anywhere,
    /// On this bench.
    On(Arc<config::Bench>),
    /// Not at all, for this reason.
    Skipped(String),
}

/// A step as the record will name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedStep {
    /// Its keyword, `And` resolved.
    pub kind: StepKind,
    /// As written.
    pub keyword: String,
    /// Its text.
    pub text: String,
    /// Its line.
    pub line: usize,
}

/// One scenario on one bench.
#[derive(Debug, Clone)]
pub struct Planned {
    /// Number in the run, from 1.
    pub number: u32,
    /// Path of the feature file as people read it.
    pub path: String,
    /// Line of the scenario, or of its row in an outline.
    pub line: usize,
    /// Name of the feature.
    pub feature: String,
    /// Free text under the feature's name.
    pub description: String,
    /// Name of the scenario.
    pub name: String,
    /// Tags, inherited ones included, without `@`.
    pub tags: Vec<String>,
    /// Where it runs.
    pub placement: Placement,
    /// Its steps, backgrounds first.
    pub steps: Vec<PlannedStep>,
    /// Which loaded file and which of its cases it is.
    pub(crate) source: (usize, usize),
}

impl Planned {
    /// Name of its bench; empty where it needs none or was skipped.
    #[must_use]
    pub fn bench_name(&self) -> &str {
        match &self.placement {
            Placement::On(bench) => &bench.name,
            Placement::Anywhere | Placement::Skipped(_) => "",
        }
    }
}

/// Puts each wanted scenario on each bench that gives what it asks for.
#[must_use]
pub fn plan(files: &[Loaded], filter: &Filter, offers: &[Offer]) -> Vec<Planned> {
    let mut planned = Vec::new();
    for (file_index, file) in files.iter().enumerate() {
        for (case_index, case) in file.cases.iter().enumerate() {
            let tags = file.tags(case);
            if !filter.wants(&case.scenario.name, &tags) {
                continue;
            }
            for placement in placements(&tags, offers) {
                let number = u32::try_from(planned.len() + 1).unwrap_or(u32::MAX);
                planned.push(Planned {
                    number,
                    source: (file_index, case_index),
                    placement,
                    tags: tags.clone(),
                    ..described(file, case)
                });
            }
        }
    }
    planned
}

fn described(file: &Loaded, case: &Case) -> Planned {
    let steps = file.steps(case).map(|step| PlannedStep {
        kind: kind_of(step.ty),
        keyword: step.keyword.trim().to_owned(),
        text: step.value.clone(),
        line: step.position.line,
    });
    let description = file.feature.description.as_deref().unwrap_or_default();
    let lines: Vec<&str> = description.lines().map(str::trim).collect();
    Planned {
        number: 0,
        path: file.shown.clone(),
        line: case.scenario.position.line,
        feature: file.feature.name.clone(),
        description: lines.join("\n").trim().to_owned(),
        name: case.scenario.name.clone(),
        tags: Vec::new(),
        placement: Placement::Anywhere,
        steps: steps.collect(),
        source: (0, 0),
    }
}

/// The tag of scenarios that run with every BMS model.
const EVERY_BMS: &str = "every-bms";

fn placements(tags: &[String], offers: &[Offer]) -> Vec<Placement> {
    let asks: Vec<&str> = tags
        .iter()
        .filter_map(|tag| {
            tag.strip_prefix("bench:")
                .or_else(|| tag.strip_prefix("needs:"))
        })
        .collect();
    if asks.is_empty() {
        return vec![Placement::Anywhere];
    }
    let demanded =
        tags.iter().any(|tag| tag == EVERY_BMS) || asks.iter().any(|ask| ask.starts_with("bms:"));
    let fitting: Vec<Placement> = offers
        .iter()
        .filter(|offer| demanded || !offer.on_demand)
        .filter(|offer| asks.iter().all(|ask| offer.gives.contains(*ask)))
        .filter(|offer| offer.bench.serves(&asks))
        .map(|offer| Placement::On(offer.bench.clone()))
        .collect();
    if !fitting.is_empty() {
        return fitting;
    }
    vec![Placement::Skipped(no_bench(&asks, offers))]
}

fn no_bench(asks: &[&str], offers: &[Offer]) -> String {
    let list = |names: &[&str]| -> String {
        let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        quoted.join(", ")
    };
    let missing = |offer: &Offer| -> Vec<&str> {
        asks.iter()
            .copied()
            .filter(|ask| !offer.gives.contains(*ask))
            .collect()
    };
    match offers {
        [] => format!("it asks for {}, and there is no bench", list(asks)),
        [offer] if missing(offer).is_empty() => format!(
            "bench {} serves only scenarios that ask for `{}`",
            offer.bench.name,
            offer.bench.only.join("` or `")
        ),
        [offer] => format!(
            "bench {} doesn't give {}",
            offer.bench.name,
            list(&missing(offer))
        ),
        _ => format!("no bench gives {} together", list(asks)),
    }
}

#[cfg(test)]
mod tests {
    use super::Filter;

    fn tags(names: &[&str]) -> Vec<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    #[test]
    fn tags_and_names_select() {
        for (expression, name, wanted) in [
            (Some("@clause:3.2.1-02"), None, true),
            (Some("@clause:3.2.1-02 and not @slow"), None, false),
            (Some("@bench:battery or @slow"), None, true),
            (None, Some("^the load"), true),
            (None, Some("charger"), false),
        ] {
            let filter = Filter::new(expression, name).unwrap();
            let found = filter.wants("the load goes off", &tags(&["clause:3.2.1-02", "slow"]));
            assert_eq!(found, wanted, "{expression:?} {name:?}");
        }
    }

    #[test]
    fn bad_expressions_are_told() {
        insta::assert_snapshot!(Filter::new(Some("@a and or"), None).unwrap_err(), @r#"--tags `@a and or` is no tag expression: error at 1:8: expected one of "(", "@", "not"; write for example `@bench:board and not @slow`"#);
        insta::assert_snapshot!(Filter::new(None, Some("(")).unwrap_err(), @r"--name `(` is no regular expression: unclosed group");
    }
}
