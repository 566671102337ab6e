//! `cucumber.json`, as other cucumber tools read it.
//!
//! The format knows no error: what could not be told stands there as `failed`, since readers take
//! every other status for harmless, and its message begins with the true verdict.

use crate::model::{Run, Scenario, Step};
use record::Verdict;
use serde::Serialize;
use std::collections::HashMap;

#[derive(Serialize)]
struct Feature<'a> {
    uri: &'a str,
    id: String,
    keyword: &'static str,
    name: &'a str,
    description: &'a str,
    line: usize,
    tags: Vec<TagOf>,
    elements: Vec<Element<'a>>,
}

#[derive(Serialize)]
struct TagOf {
    name: String,
    line: usize,
}

#[derive(Serialize)]
struct Element<'a> {
    id: String,
    keyword: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
    name: String,
    description: String,
    line: usize,
    tags: Vec<TagOf>,
    steps: Vec<StepOf<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    after: Vec<Hook>,
}

#[derive(Serialize)]
struct StepOf<'a> {
    keyword: String,
    name: &'a str,
    line: usize,
    #[serde(rename = "match")]
    location: Location,
    result: Outcome,
}

#[derive(Serialize)]
struct Location {
    location: String,
}

#[derive(Serialize)]
struct Hook {
    #[serde(rename = "match")]
    location: Location,
    result: Outcome,
}

#[derive(Serialize)]
struct Outcome {
    status: &'static str,
    /// Nanoseconds on the bench's clock.
    duration: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_message: Option<String>,
}

/// Serialises a run; attempts that were retried are left to the other reports.
pub(crate) fn cucumber(run: &Run) -> serde_json::Result<String> {
    let mut features: Vec<Feature<'_>> = Vec::new();
    let mut place: HashMap<&str, usize> = HashMap::new();
    for scenario in run.counted() {
        let at = *place.entry(&scenario.path).or_insert_with(|| {
            features.push(Feature {
                uri: &scenario.path,
                id: slug(&scenario.feature),
                keyword: "Feature",
                name: &scenario.feature,
                description: &scenario.description,
                line: 1,
                tags: Vec::new(),
                elements: Vec::new(),
            });
            features.len() - 1
        });
        features[at].elements.push(element(scenario));
    }
    serde_json::to_string_pretty(&features)
}

fn element(scenario: &Scenario) -> Element<'_> {
    let name = match scenario.bench.as_str() {
        "" => scenario.name.clone(),
        bench => format!("{} [{bench}]", scenario.name),
    };
    let told = scenario
        .steps
        .iter()
        .any(|step| step.verdict == scenario.verdict);
    let open = scenario.verdict != Verdict::Pass && !told;
    let hook = Hook {
        location: Location {
            location: "rig: end of the scenario".into(),
        },
        result: outcome(scenario.verdict, 0.0, &scenario.reason),
    };
    Element {
        id: format!(
            "{};{};{}",
            slug(&scenario.feature),
            slug(&name),
            scenario.number
        ),
        keyword: "Scenario",
        kind: "scenario",
        name,
        description: String::new(),
        line: scenario.line,
        tags: scenario
            .tags
            .iter()
            .map(|tag| TagOf {
                name: format!("@{tag}"),
                line: scenario.line,
            })
            .collect(),
        steps: scenario
            .steps
            .iter()
            .map(|step| step_of(scenario, step))
            .collect(),
        after: if open { vec![hook] } else { Vec::new() },
    }
}

fn step_of<'a>(scenario: &'a Scenario, step: &'a Step) -> StepOf<'a> {
    let keyword = step.keyword.trim();
    StepOf {
        keyword: format!("{keyword} "),
        name: &step.text,
        line: step.line,
        location: Location {
            location: format!("{}:{}", scenario.path, step.line),
        },
        result: outcome(step.verdict, step.duration_s(), &step.reason),
    }
}

fn outcome(verdict: Verdict, duration_s: f64, reason: &str) -> Outcome {
    let status = match verdict {
        Verdict::Pass => "passed",
        Verdict::Skipped => "skipped",
        Verdict::Fail | Verdict::Inconclusive | Verdict::Error | Verdict::Interrupted => "failed",
    };
    let duration = std::time::Duration::try_from_secs_f64(duration_s).unwrap_or_default();
    Outcome {
        status,
        duration: u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX),
        error_message: (verdict != Verdict::Pass).then(|| format!("{verdict}: {reason}")),
    }
}

fn slug(name: &str) -> String {
    name.to_lowercase()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join("-")
}
