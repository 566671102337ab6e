//! Tables of a scenario.

use super::parts::{badge, class, count, limit, observed, rule, time};
use crate::model::{Logged, MadeSafe, Scenario};
use maud::{Markup, html};
use record::{Event, Limit, Observed};

/// Most rows of a table of exchanges.
const EXCHANGES: usize = 60;

/// Every judgement with limit, value, uncertainty and source.
pub(crate) fn judgements(scenario: &Scenario) -> Markup {
    html! {
        @if !scenario.judgements.is_empty() {
            div.wide tabindex="0" {
                table.judgements {
                    caption { "Judgements (uncertainty: k = 2)" }
                    thead { tr {
                        @for head in ["#", "Step", "Clause", "Quantity", "Limit", "Found", "Unit", "At", "Instrument", "Rule", "Verdict"] {
                            th scope="col" { (head) }
                        }
                    } }
                    tbody {
                        @for (number, judged) in (1..).zip(&scenario.judgements) {
                            @let judgement = &judged.judgement;
                            @let (value, unit, instrument, at_s) = observed(&judgement.observed);
                            tr class=(class(judgement.verdict)) {
                                td { (number) }
                                td { @if let Some(step) = judged.step { (step) } }
                                td { (judgement.clause) }
                                td { (judgement.quantity) (reason(judgement)) }
                                td { (limit(&judgement.limit)) }
                                td.value { (value) }
                                td { (unit) }
                                td.value { (time(at_s)) }
                                td { (instrument) }
                                td { (rule(judgement.rule, &judgement.limit)) (ratio(judgement)) }
                                td { (badge(judgement.verdict)) (stated(judgement)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// How much wider the tolerance is than the uncertainty.
fn ratio(judgement: &record::Judgement) -> Markup {
    html! {
        @if let Some(ratio) = judgement.test_uncertainty_ratio() {
            span.meta { ", TUR " (format!("{ratio:.1}")) }
        }
    }
}

/// The words of a rule that has four.
fn stated(judgement: &record::Judgement) -> Markup {
    html! { @if let Some(statement) = judgement.statement() { p.meta { (statement.words()) } } }
}

/// The reason, where the row alone doesn't tell it.
fn reason(judgement: &record::Judgement) -> Markup {
    let plain = matches!(
        (&judgement.limit, &judgement.observed),
        (Limit::Is(_), Observed::State { .. }) | (_, Observed::Reading(_))
    );
    let odd = !plain || matches!(judgement.verdict, record::Verdict::Error);
    html! { @if odd { p.meta { (judgement.reason) } } }
}

/// What boards hold, as their debug probes tell.
pub(crate) fn firmware(log: &[Logged]) -> Markup {
    html! {
        @if log.iter().any(|l| matches!(l.event, Event::Firmware { .. })) {
            div.wide tabindex="0" { table {
                caption { "Firmware" }
                thead { tr { @for head in ["At", "Board", "Probe", "When", "Version", "Flash, SHA-256", "Image", "Problem"] { th scope="col" { (head) } } } }
                tbody { @for logged in log { (firmware_row(logged)) } }
            } }
        }
    }
}

fn firmware_row(logged: &Logged) -> Markup {
    let Event::Firmware {
        board,
        probe,
        moment,
        version,
        flash_sha256,
        image,
        problem,
        ..
    } = &logged.event
    else {
        return html! {};
    };
    html! {
        tr {
            td.value { (time(logged.at_s)) }
            td { (board) } td { (probe) } td { (moment) }
            td { (version.as_deref().unwrap_or("says nothing")) }
            td { @match flash_sha256 { Some(sum) => code { (sum) }, None => "not read" } }
            td {
                @if let Some(image) = image {
                    (image.file) ", " (image.bytes) " bytes, image SHA-256 " code { (image.image_sha256) }
                    @if image.image_sha256 == image.flash_sha256 { ", read back equal" } @else { strong { ", read back different" } }
                }
            }
            td { @if !problem.is_empty() { strong { (problem) } } }
        }
    }
}

/// Faults that a fault file put in.
pub(crate) fn faults(scenario: &Scenario) -> Markup {
    html! {
        @if scenario.log.iter().any(|l| matches!(l.event, Event::FaultInjected { .. })) {
            h5 { "Faults injected" }
            ul {
                @for logged in &scenario.log {
                    @if let Event::FaultInjected { fault, effect } = &logged.event {
                        li { (time(logged.at_s)) ": " strong { (fault) } ": " (effect) }
                    }
                }
            }
        }
    }
}

/// Warnings.
pub(crate) fn warnings(scenario: &Scenario) -> Markup {
    html! {
        @if scenario.log.iter().any(|l| matches!(l.event, Event::Warning { .. })) {
            h5 { "Warnings" }
            ul {
                @for logged in &scenario.log {
                    @if let Event::Warning { text } = &logged.event { li { (time(logged.at_s)) ": " (text) } }
                }
            }
        }
    }
}

/// What a person was asked, and answered.
pub(crate) fn operator(scenario: &Scenario) -> Markup {
    html! {
        @if scenario.log.iter().any(|l| matches!(l.event, Event::Operator { .. })) {
            div.wide tabindex="0" { table {
                caption { "Operator entries" }
                thead { tr { @for head in ["At", "Asked", "Expected", "Answer", "Who"] { th scope="col" { (head) } } } }
                tbody {
                    @for logged in &scenario.log {
                        @if let Event::Operator { instruction, expected, answer, who } = &logged.event {
                            tr {
                                td.value { (time(logged.at_s)) }
                                td { (instruction) }
                                td { (expected) }
                                td { @match answer { Some(answer) => (answer), None => strong { "no answer" } } }
                                td { (who) }
                            }
                        }
                    }
                }
            } }
        }
    }
}

/// Exchanges with instruments that went wrong, with those before them.
pub(crate) fn exchanges(scenario: &Scenario) -> Markup {
    let all: Vec<&Logged> = scenario
        .log
        .iter()
        .filter(|l| matches!(l.event, Event::Exchange { .. }))
        .collect();
    let left_out = all.len().saturating_sub(EXCHANGES);
    html! {
        @if !all.is_empty() {
            details open { summary { "Transcript: exchanges with instruments that went wrong, and the ones before them" }
            div.wide tabindex="0" { table.exchanges {
                thead { tr { @for head in ["At", "Instrument", "Sent", "Received", "Problem"] { th scope="col" { (head) } } } }
                tbody {
                    @for logged in all.iter().take(EXCHANGES) {
                        @if let Event::Exchange { instrument, sent, received, problem } = &logged.event {
                            tr {
                                td.value { (time(logged.at_s)) }
                                td { (instrument) }
                                td { code { (sent) } }
                                td { code { (received) } }
                                td { @if !problem.is_empty() { strong { (problem) } } }
                            }
                        }
                    }
                }
            } }
            @if left_out > 0 { p.meta { (left_out) " more stand in the journal." } }
            }
        }
    }
}

/// Proofs of the safe state.
pub(crate) fn made_safe(scenario: &Scenario) -> Markup {
    html! { @for safe in &scenario.made_safe { (one_proof(safe)) } }
}

fn one_proof(safe: &MadeSafe) -> Markup {
    let unsafe_outputs = safe.outputs.iter().filter(|output| !output.safe).count();
    let good = safe.proven && unsafe_outputs == 0;
    html! {
        details.proof open[!good] {
            summary {
                @if good { "Made safe at " (time(safe.at_s)) ": proven, " (count(safe.outputs.len(), "output")) " read back off" }
                @else { strong { "Made safe at " (time(safe.at_s)) ": NOT PROVEN" } }
                " (" (safe.why) ")"
            }
            @if !safe.outputs.is_empty() {
                div.wide tabindex="0" { table {
                    thead { tr { @for head in ["Output", "Instrument", "Read back", "Safe"] { th scope="col" { (head) } } } }
                    tbody {
                        @for output in &safe.outputs {
                            tr class=(if output.safe { "pass" } else { "fail" }) {
                                td { (output.role) }
                                td { (output.instrument) }
                                td { (output.found) }
                                td { @if output.safe { "yes" } @else { strong { "not proven" } } }
                            }
                        }
                    }
                } }
            }
        }
    }
}

/// Commands, changes and notes in order.
pub(crate) fn course(scenario: &Scenario, most: usize) -> Markup {
    let told = |logged: &&Logged| {
        matches!(
            logged.event,
            Event::Command { .. }
                | Event::Change { .. }
                | Event::Note { .. }
                | Event::FaultInjected { .. }
        )
    };
    let mut all: Vec<&Logged> = scenario.log.iter().filter(told).collect();
    // A fault is written down once the step is over in which it began.
    all.sort_by(|one, other| one.at_s.total_cmp(&other.at_s));
    let left_out = all.len().saturating_sub(most);
    html! {
        @if !all.is_empty() {
            details {
                summary { "Course of events: " (count(all.len(), "entry").replace("entrys", "entries")) }
                div.wide tabindex="0" { table.course {
                    thead { tr { @for head in ["At", "Step", "What", "To", "Seen by"] { th scope="col" { (head) } } } }
                    tbody { @for logged in all.iter().take(most) { (course_row(scenario, logged)) } }
                } }
                @if left_out > 0 { p.meta { (left_out) " more stand in the journal." } }
            }
        }
    }
}

fn course_row(scenario: &Scenario, logged: &Logged) -> Markup {
    let step = match &logged.event {
        Event::FaultInjected { .. } => {
            let mut begun = scenario.steps.iter().rev();
            begun.find(|step| step.began_s <= logged.at_s)
        }
        _ => logged
            .step
            .and_then(|number| scenario.steps.iter().find(|s| s.number == number)),
    };
    html! {
        tr {
            td.value { (time(logged.at_s)) }
            td.value { @if let Some(step) = step { (step.number) " + " (time(logged.at_s - step.began_s)) } }
            @match &logged.event {
                Event::Command { role, action } => {
                    td { (role) } td { "commanded " (action) } td {}
                }
                Event::Change { what, to, instrument, not_before_s } => {
                    td { (what) }
                    td { strong { (to) } @if let Some(before) = not_before_s { span.meta { " not before " (time(*before)) } } }
                    td { (instrument) }
                }
                Event::FaultInjected { fault, effect } => {
                    td { "fault " (fault) } td { (effect) } td {}
                }
                Event::Note { text } => td colspan="3" { (text) },
                _ => td colspan="3" {},
            }
        }
    }
}
