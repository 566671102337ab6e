//! The first screen: what came out, what isn't safe, what needs attention.

use super::parts::{badge, count};
use crate::model::{Run, Unproven};
use crate::summary::{Finding, Summary};
use maud::{Markup, html};
use record::Verdict;

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
        p.meta {
            "Report " strong { (run.number()) } " revision " (run.revision())
            @for lab in &run.dossier.laboratories { " · " (lab.name) ", " (lab.address) ", for " (lab.customer) }
        }
        (amendment(run))
    }
}

/// What this report replaces, and why.
fn amendment(run: &Run) -> Markup {
    html! {
        @if let Some(last) = run.amendments.last() {
            div.alarm.past {
                h2 { "Amendment to " (last.replaces) }
                p { (last.reason) @if !last.by.is_empty() { " (" (last.by) ")" } }
                p.meta {
                    "Made " (last.at) ". The replaced report is kept in " code { (last.kept) }
                    "; its SHA-256 is " code { (last.html_sha256) } "."
                }
            }
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
    let proofs = count(safe.proofs as usize, "proof");
    html! {
        @if !safe.unproven.is_empty() {}
        @else if !run.finished {
            p {
                strong { "What the bench did after the last entry is not on record" } ": up to there "
                @if safe.proofs == 0 { "no bench was made safe." }
                @else { "every output read back off (" (proofs) ")." }
            }
        }
        @else if safe.proofs == 0 { p { "No bench was opened: there was nothing to make safe." } }
        @else { p { "Safe state proven by read-back: every output reads back off at the end (" (proofs) ")." } }
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

/// Findings by reason: what one lost answer did to fifty scenarios is told once.
fn attention(summary: &Summary) -> Markup {
    let mut reasons: Vec<(Verdict, &str, Vec<&Finding>)> = Vec::new();
    for finding in &summary.failing {
        let known = reasons
            .iter_mut()
            .find(|(verdict, reason, _)| *verdict == finding.verdict && *reason == finding.reason);
        match known {
            Some((.., findings)) => findings.push(finding),
            None => reasons.push((finding.verdict, &finding.reason, vec![finding])),
        }
    }
    html! {
        @if !reasons.is_empty() {
            h3 { "What needs attention" }
            ul.attention {
                @for (verdict, reason, findings) in &reasons {
                    li {
                        (badge(*verdict)) " " strong.why { (reason) }
                        ul { @for same in by_name(findings) { li { (links(&same)) } } }
                    }
                }
            }
        }
    }
}

/// The same scenario on several benches, told once.
fn by_name<'a>(findings: &[&'a Finding]) -> Vec<Vec<&'a Finding>> {
    let mut groups: Vec<Vec<&Finding>> = Vec::new();
    for finding in findings {
        let known = groups
            .iter_mut()
            .find(|group| group[0].name == finding.name && group[0].path == finding.path);
        match known {
            Some(group) => group.push(finding),
            None => groups.push(vec![finding]),
        }
    }
    groups
}

fn links(same: &[&Finding]) -> Markup {
    html! {
        @for (place, finding) in same.iter().enumerate() {
            @if place == 0 {
                a href={ "#s" (finding.number) } { (finding.name) }
                @if !finding.bench.is_empty() { span.meta { " on " (finding.bench) } }
            } @else {
                span.meta { ", " a href={ "#s" (finding.number) } {
                    @if finding.bench.is_empty() { "scenario " (finding.number) } @else { (finding.bench) }
                } }
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
