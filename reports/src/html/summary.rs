//! The first screen: what came out, what isn't safe, what needs attention.

use super::parts::{badge, count};
use crate::model::{Run, Unproven};
use crate::summary::Summary;
use maud::{Markup, html};

/// Title and what identifies the run.
pub(crate) fn header(run: &Run) -> Markup {
    html! {
        h1 { "Test report" }
        p.meta {
            @match &run.start {
                Some(start) => {
                    "Run started " time datetime=(start.started) { (start.started) }
                    " · rig " (start.rig) " · seed " (start.seed)
                }
                None => { "How this run was started is not on record." }
            }
            " · record " code { (run.head.get(..16).unwrap_or("empty")) }
        }
    }
}

/// Verdict, safe state, counts, and a line for everything that didn't pass.
pub(crate) fn summary(run: &Run, summary: &Summary) -> Markup {
    html! {
        section aria-label="Summary" {
            (energised(run))
            h2 class={ "result " (super::parts::class(run.verdict)) } { (summary.sentence()) }
            (safe_state(run))
            (counts(summary))
            (attention(summary))
            (gaps(run, summary))
        }
    }
}

/// What may still be on comes before everything else.
fn energised(run: &Run) -> Markup {
    let safe = &run.safe_state;
    html! {
        @if !safe.unproven.is_empty() {
            div.alarm role="alert" {
                h2 { "May still be energised" }
                p { "These outputs are not proven off. Treat the bench as live." }
                (outputs(&safe.unproven))
            }
        }
        @if !safe.proven_later.is_empty() {
            div.alarm.past {
                h2 { "Not proven safe at some time, proven later" }
                (outputs(&safe.proven_later))
            }
        }
    }
}

fn outputs(outputs: &[Unproven]) -> Markup {
    html! {
        ul {
            @for output in outputs {
                li {
                    strong { (output.role) }
                    @if !output.instrument.is_empty() { " (" (output.instrument) ")" }
                    @if !output.bench.is_empty() { ", bench " (output.bench) }
                    ": " (output.found)
                    @if let Some(number) = output.scenario {
                        " – " a href={ "#s" (number) } { "scenario " (number) }
                    }
                }
            }
        }
    }
}

fn safe_state(run: &Run) -> Markup {
    let safe = &run.safe_state;
    html! {
        @if safe.unproven.is_empty() {
            p {
                @if safe.proofs == 0 { "No bench was opened: there was nothing to make safe." }
                @else {
                    "Safe state proven by read-back: every output reads back off at the end ("
                    (count(safe.proofs as usize, "proof")) ")."
                }
            }
        }
    }
}

fn counts(summary: &Summary) -> Markup {
    html! {
        @if !summary.counts.is_empty() {
            ul.counts aria-label="Scenarios by verdict" {
                @for (verdict, count) in &summary.counts { li { (badge(*verdict)) " " strong { (count) } } }
                li { "of " (super::parts::count(summary.total, "scenario")) }
            }
        }
    }
}

fn attention(summary: &Summary) -> Markup {
    html! {
        @if !summary.failing.is_empty() {
            h3 { "What needs attention" }
            ul.attention {
                @for finding in &summary.failing {
                    li {
                        (badge(finding.verdict)) " "
                        a href={ "#s" (finding.number) } { (finding.name) }
                        @if !finding.bench.is_empty() { span.meta { " on " (finding.bench) } }
                        br;
                        span.why { (finding.reason) }
                    }
                }
            }
        }
    }
}

fn gaps(run: &Run, summary: &Summary) -> Markup {
    html! {
        @if !run.gaps.is_empty() {
            h3 { "Evidence that is missing" }
            ul.gaps { @for gap in &run.gaps { li { (gap) } } }
        }
        @if summary.retried > 0 {
            p { (count(summary.retried, "attempt")) " could not be judged and was tried again; every attempt is below." }
        }
        @if summary.warnings > 0 {
            p { (count(summary.warnings, "warning")) " below; none decides a verdict." }
        }
    }
}
