//! Chapter, feature, scenario: the order in which the manual and the feature files tell it.

use super::parts::badge;
use super::scenario;
use crate::gallery::Picture;
use crate::model::{Run, Scenario};
use crate::summary::ORDER;
use maud::{Markup, html};
use record::Verdict;
use std::collections::{BTreeMap, HashMap};

/// Scenarios of one feature file.
struct Feature<'a> {
    path: &'a str,
    name: &'a str,
    description: &'a str,
    scenarios: Vec<&'a Scenario>,
}

/// Features of one folder.
struct Chapter<'a> {
    title: String,
    features: Vec<Feature<'a>>,
}

fn grouped(run: &Run) -> Vec<Chapter<'_>> {
    let mut chapters: Vec<Chapter<'_>> = Vec::new();
    let mut places: HashMap<&str, (usize, usize)> = HashMap::new();
    for scenario in &run.scenarios {
        let &mut (chapter, feature) = places.entry(&scenario.path).or_insert_with(|| {
            let title = title(&scenario.chapter());
            let chapter = chapters.iter().position(|chapter| chapter.title == title);
            let chapter = chapter.unwrap_or_else(|| {
                chapters.push(Chapter {
                    title,
                    features: Vec::new(),
                });
                chapters.len() - 1
            });
            chapters[chapter].features.push(Feature {
                path: &scenario.path,
                name: &scenario.feature,
                description: &scenario.description,
                scenarios: Vec::new(),
            });
            (chapter, chapters[chapter].features.len() - 1)
        });
        chapters[chapter].features[feature].scenarios.push(scenario);
    }
    chapters
}

/// `3 system design` becomes `3 System design`.
fn title(folder: &str) -> String {
    let mut done = false;
    let upper = |c: char| {
        if done || !c.is_alphabetic() {
            return c.to_string();
        }
        done = true;
        c.to_uppercase().to_string()
    };
    folder.chars().map(upper).collect()
}

/// Every feature with its counts.
pub(crate) fn contents(run: &Run) -> Markup {
    let chapters = grouped(run);
    let occurs = |verdict: &Verdict| run.counted().any(|s| s.verdict == *verdict);
    let verdicts: Vec<Verdict> = ORDER.into_iter().filter(occurs).collect();
    html! {
        @if !chapters.is_empty() {
            nav aria-label="Contents" {
                h2 { "Contents" }
                div.wide tabindex="0" {
                    table.contents {
                        thead { tr {
                            th scope="col" { "Feature" }
                            @for verdict in &verdicts { th.number scope="col" { (verdict.word()) } }
                            th.number scope="col" { "Total" }
                        } }
                        @for (c, chapter) in chapters.iter().enumerate() {
                            tbody {
                                @if !chapter.title.is_empty() {
                                    tr { th.chapter scope="rowgroup" colspan=(verdicts.len() + 2) { (chapter.title) } }
                                }
                                @for (f, feature) in chapter.features.iter().enumerate() {
                                    (line(feature, &verdicts, c, f))
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn line(feature: &Feature<'_>, verdicts: &[Verdict], chapter: usize, place: usize) -> Markup {
    let counted: Vec<_> = feature.scenarios.iter().filter(|s| !s.superseded).collect();
    html! {
        tr {
            td { a href={ "#f" (chapter) "-" (place) } { (feature.name) } }
            @for verdict in verdicts {
                @let count = counted.iter().filter(|s| s.verdict == *verdict).count();
                td.number { @if count > 0 { (count) } }
            }
            td.number { (counted.len()) }
        }
    }
}

/// Everything, chapter by chapter.
pub(crate) fn chapters(run: &Run, pictures: &BTreeMap<u32, Picture>) -> Markup {
    let log = scenario::log_rows(run.scenarios.len());
    html! {
        @for (c, chapter) in grouped(run).iter().enumerate() {
            section.chapter {
                @if !chapter.title.is_empty() { h2 { "Chapter " (chapter.title) } }
                @for (f, feature) in chapter.features.iter().enumerate() {
                    section.feature id={ "f" (c) "-" (f) } {
                        h3 {
                            "Feature: " (feature.name) " "
                            (badge(Verdict::of_all(feature.scenarios.iter().filter(|s| !s.superseded).map(|s| s.verdict))))
                        }
                        @for paragraph in feature.description.split("\n\n").filter(|text| !text.trim().is_empty()) {
                            p.description { (paragraph.trim()) }
                        }
                        p.meta { code { (feature.path) } }
                        @for scenario in &feature.scenarios {
                            (scenario::scenario(run, scenario, pictures.get(&scenario.number), log))
                        }
                    }
                }
            }
        }
    }
}
