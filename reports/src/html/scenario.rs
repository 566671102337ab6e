//! One scenario: its steps as the feature file has them, then the numbers, the picture and
//! whatever else happened.

use super::parts::{badge, class, rule, time};
use super::tables;
use crate::facets;
use crate::gallery::Picture;
use crate::model::{Judged, Run, Scenario, Step};
use maud::{Markup, PreEscaped, html};
use record::Verdict;

/// Rows that a scenario's course of events may have.
const ROWS: usize = 150;

/// Rows that the course of a scenario that passed may have: fewer in a run of many.
pub(crate) fn log_rows(scenarios: usize) -> usize {
    (1200 / scenarios.max(1)).clamp(10, ROWS)
}

/// One attempt at a scenario. What needs attention stands open.
pub(crate) fn scenario(
    run: &Run,
    scenario: &Scenario,
    picture: Option<&Picture>,
    log: usize,
) -> Markup {
    let open = !matches!(scenario.verdict, Verdict::Pass | Verdict::Skipped);
    // What the page is sought by; a bar parts them, since models have spaces.
    let codes: Vec<String> = facets::codes(scenario).into_iter().collect();
    html! {
        article class={ "scenario " (class(scenario.verdict)) } id={ "s" (scenario.number) } data-verdict=(class(scenario.verdict))
            data-clauses=(scenario.clauses().join("|")) data-codes=(codes.join("|")) data-models=(facets::models(run, scenario).join("|")) {
            details open[open] {
                summary {
                    h4 {
                        "Scenario: " (scenario.name) " "
                        @if !scenario.bench.is_empty() { span.bench { "on " (scenario.bench) } " " }
                        @if scenario.attempt > 1 || scenario.superseded { span.bench { "attempt " (scenario.attempt) } " " }
                        (badge(scenario.verdict))
                    }
                }
                (meta(run, scenario))
                @if !scenario.reason.is_empty() { p.reason { (scenario.reason) (held_to(scenario)) } }
                @if scenario.superseded { p { "This attempt was tried again and doesn't count." } }
                (steps(scenario))
                (tables::judgements(scenario))
                (figure(scenario, picture))
                (tables::firmware(&scenario.log))
                (tables::faults(scenario))
                (tables::warnings(scenario))
                (tables::operator(scenario))
                (tables::exchanges(scenario))
                (tables::made_safe(scenario))
                (tables::course(scenario, if open { ROWS } else { log }))
            }
        }
    }
}

/// The decision rule under which the scenario's verdict came about.
fn held_to(scenario: &Scenario) -> Markup {
    let mut judged = scenario.judgements.iter().map(|judged| &judged.judgement);
    let decisive =
        judged.find(|one| one.verdict == scenario.verdict && scenario.verdict != Verdict::Pass);
    let decisive = decisive.filter(|one| !matches!(one.limit, record::Limit::Is(_)));
    html! {
        @if let Some(one) = decisive {
            span.meta { " Decision rule: " (rule(one.rule, &one.limit)) "." }
        }
    }
}

fn meta(run: &Run, scenario: &Scenario) -> Markup {
    html! {
        p.meta {
            @if run.simulated() { strong.sim { "SIMULATED" } " · " }
            code { (scenario.path) ":" (scenario.line) }
            " · " (time(scenario.duration_s())) " of bench time"
            @if !scenario.tags.is_empty() {
                " · "
                @for tag in &scenario.tags { span.tag { "@" (tag) } " " }
            }
        }
    }
}

fn steps(scenario: &Scenario) -> Markup {
    html! {
        @if scenario.steps.is_empty() { p { "No step is on record." } }
        @else {
            ol.steps { @for step in &scenario.steps { (one_step(scenario, step)) } }
        }
    }
}

fn one_step(scenario: &Scenario, step: &Step) -> Markup {
    // What the scenario says already isn't said twice.
    let said = step.reason == scenario.reason;
    let judged = scenario
        .judgements
        .iter()
        .zip(1..)
        .filter(|(j, _)| j.step == Some(step.number));
    // A step that failed says which of its judgements did.
    let number = |(judged, number): (&Judged, i32)| match judged.judgement.verdict {
        Verdict::Pass => number.to_string(),
        verdict => format!("{number} ({verdict})"),
    };
    let numbers: Vec<String> = judged.map(number).collect();
    html! {
        li class=(class(step.verdict)) value=(step.number) {
            span.keyword { (step.keyword.trim()) } " " span.text { (step.text) } " "
            @if step.verdict != Verdict::Pass { (badge(step.verdict)) }
            @else { span.ok { "✓" span.hidden { " Pass" } } }
            span.meta {
                @if step.duration_s() >= 0.005 { " " (time(step.duration_s())) }
                @if !numbers.is_empty() { " → judgement " (numbers.join(", ")) }
            }
            @if !step.finished { p.reason { "The journal doesn't tell how this step ended." } }
            @if !step.reason.is_empty() && !said { p.reason { (step.reason) } }
        }
    }
}

fn figure(scenario: &Scenario, picture: Option<&Picture>) -> Markup {
    let rows: u64 = scenario.samples.iter().filter_map(|file| file.rows).sum();
    html! {
        @match picture {
            Some(Picture { file, inline }) => {
                figure {
                    @match inline {
                        Some(svg) => {
                            p.sideways { "The plot scrolls sideways →" }
                            div.wide tabindex="0" role="group" aria-label="Plot, scrolls sideways" { (PreEscaped(svg)) }
                        }
                        None => p { "The plot is kept beside this page." },
                    }
                    figcaption {
                        "What was measured over bench time, lowest and highest of each interval kept; dashed: limits. "
                        a href=(file) { "Plot in full detail" }
                        @for file in &scenario.samples {
                            @if crate::read::inside(&file.path) {
                                ", " a href=(file.path) { (rows) " samples" }
                            }
                        }
                    }
                }
            }
            None => @if scenario.samples.is_empty() {} @else { p.meta { "No sample could be drawn." } },
        }
    }
}
