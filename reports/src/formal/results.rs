//! Results, chapter by chapter, as the formal report shows them.

use super::picture_name;
use crate::html::{class, limit, observed, rule, time};
use crate::model::{Judged, Run, Scenario};
use record::{Statement, StepKind};
use serde::Serialize;
use std::collections::{BTreeSet, HashMap};

#[derive(Serialize)]
pub(crate) struct Chapter<'a> {
    title: String,
    features: Vec<Feature<'a>>,
}

#[derive(Serialize)]
struct Feature<'a> {
    name: &'a str,
    path: &'a str,
    scenarios: Vec<Shown<'a>>,
}

#[derive(Serialize)]
struct Shown<'a> {
    number: u32,
    name: &'a str,
    bench: &'a str,
    verdict: &'static str,
    class: &'static str,
    reason: &'a str,
    duration: String,
    clauses: String,
    /// Steps; empty where an earlier scenario has the same.
    steps: Vec<String>,
    /// The earlier scenario.
    steps_as: Option<u32>,
    rows: Vec<ResultRow>,
    picture: Option<String>,
    operator: Vec<[String; 3]>,
}

#[derive(Serialize)]
struct ResultRow {
    clause: String,
    quantity: String,
    limit: String,
    found: String,
    unit: String,
    ratio: String,
    rule: &'static str,
    verdict: &'static str,
    class: &'static str,
}

/// Scenarios that count, grouped as their files are.
pub(crate) fn results<'a>(run: &'a Run, pictures: &BTreeSet<u32>) -> Vec<Chapter<'a>> {
    let mut chapters: Vec<Chapter<'a>> = Vec::new();
    let mut first: HashMap<(&str, Vec<String>), u32> = HashMap::new();
    for scenario in run.counted() {
        let title = scenario.chapter();
        if chapters.iter().all(|chapter| chapter.title != title) {
            chapters.push(Chapter {
                title: title.clone(),
                features: Vec::new(),
            });
        }
        let Some(chapter) = chapters.iter_mut().find(|chapter| chapter.title == title) else {
            continue;
        };
        if chapter
            .features
            .iter()
            .all(|feature| feature.path != scenario.path)
        {
            chapter.features.push(Feature {
                name: &scenario.feature,
                path: &scenario.path,
                scenarios: Vec::new(),
            });
        }
        let Some(feature) = chapter
            .features
            .iter_mut()
            .find(|one| one.path == scenario.path)
        else {
            continue;
        };
        let steps: Vec<String> = scenario.steps.iter().map(step).collect();
        let earlier = *first
            .entry((&scenario.path, steps.clone()))
            .or_insert(scenario.number);
        let again = (earlier != scenario.number).then_some(earlier);
        feature
            .scenarios
            .push(shown(scenario, steps, again, pictures));
    }
    chapters
}

fn step(step: &crate::Step) -> String {
    let keyword = match step.keyword.trim() {
        "" => match step.kind {
            StepKind::Given => "Given",
            StepKind::When => "When",
            StepKind::Then => "Then",
        },
        written => written,
    };
    format!("{keyword} {}", step.text)
}

fn shown<'a>(
    scenario: &'a Scenario,
    steps: Vec<String>,
    again: Option<u32>,
    pictures: &BTreeSet<u32>,
) -> Shown<'a> {
    Shown {
        number: scenario.number,
        name: &scenario.name,
        bench: &scenario.bench,
        verdict: scenario.verdict.word(),
        class: class(scenario.verdict),
        reason: &scenario.reason,
        duration: time(scenario.duration_s()),
        clauses: scenario.clauses().join(", "),
        steps: if again.is_some() { Vec::new() } else { steps },
        steps_as: again,
        rows: scenario.judgements.iter().map(row).collect(),
        picture: pictures
            .contains(&scenario.number)
            .then(|| picture_name(scenario.number)),
        operator: super::remarks::operator(scenario),
    }
}

fn row(judged: &Judged) -> ResultRow {
    let judgement = &judged.judgement;
    let (found, unit, ..) = observed(&judgement.observed);
    ResultRow {
        clause: judgement.clause.clone(),
        quantity: judgement.quantity.clone(),
        limit: limit(&judgement.limit),
        found,
        unit: unit.to_owned(),
        ratio: judgement
            .test_uncertainty_ratio()
            .map_or_else(String::new, |ratio| format!("{ratio:.1}")),
        rule: rule(judgement.rule, &judgement.limit),
        verdict: judgement
            .statement()
            .map_or(judgement.verdict.word(), Statement::words),
        class: class(judgement.verdict),
    }
}
