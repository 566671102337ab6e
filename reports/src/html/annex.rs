//! Benches, instruments, inputs, what happened outside scenarios, and the end of the report.

use super::parts::time;
use crate::model::{BenchRecord, Run};
use maud::{Markup, html};
use record::Event;

/// Everything needed to repeat the run.
pub(crate) fn annex(run: &Run) -> Markup {
    html! {
        section.annex {
            (items(run))
            (equipment(run))
            @if !run.benches.is_empty() { h2 { "Benches as they were opened" } }
            @for bench in &run.benches { (bench_of(bench)) }
            (super::tables::firmware(&run.log))
            (outside(run))
            (origin(run))
        }
    }
}

/// What was tested.
fn items(run: &Run) -> Markup {
    html! {
        @if !run.dossier.items.is_empty() {
            h2 { "Items" }
            div.wide tabindex="0" { table {
                thead { tr { @for head in ["Battery", "BMS", "Serial numbers", "Settings", "Benches"] { th scope="col" { (head) } } } }
                tbody { @for item in &run.dossier.items { tr {
                    td { (item.battery) } td { (item.bms) } td { (item.serials.join(", ")) } td { (item.settings) }
                    td { (item.benches.join(", ")) }
                } } }
            } }
        }
    }
}

/// Instruments with their calibration.
fn equipment(run: &Run) -> Markup {
    html! {
        @if !run.dossier.equipment.is_empty() {
            h2 { "Equipment" }
            div.wide tabindex="0" { table {
                thead { tr { @for head in ["Id", "Driver", "Certificate", "Calibration due", "On the day", "Accuracy (k = 2)", "Benches"] { th scope="col" { (head) } } } }
                tbody { @for one in &run.dossier.equipment { tr {
                    td { (one.id) } td { (one.driver) }
                    td { (one.certificate.as_deref().unwrap_or("none")) }
                    td { (one.due.as_deref().unwrap_or("–")) }
                    @let state = one.calibration(run.day(), run.simulated());
                    td { @if one.is_overdue(run.day()) { strong { (state) } } @else { (state) } }
                    td { (one.accuracy) }
                    td { (one.benches.join(", ")) }
                } } }
            } }
        }
    }
}

fn bench_of(bench: &BenchRecord) -> Markup {
    let numbers: Vec<String> = bench.scenarios.iter().map(ToString::to_string).collect();
    html! {
        details {
            summary { h3 { "Bench " (bench.bench) } }
            @if !numbers.is_empty() { p.meta { "Scenario numbers: " (shortened(&numbers)) } }
            @if !bench.instruments.is_empty() {
                (pairs("Instruments", "Id", "Identity as it answered: maker, model, serial number, firmware", bench.instruments.iter()))
            }
            @if !bench.roles.is_empty() {
                (pairs("Roles", "Role", "Filled by", bench.roles.iter()))
            }
        }
    }
}

fn shortened(numbers: &[String]) -> String {
    const MOST: usize = 40;
    let more = if numbers.len() > MOST {
        format!(" and {} more", numbers.len() - MOST)
    } else {
        String::new()
    };
    let shown = &numbers[..numbers.len().min(MOST)];
    format!("{}{more}", shown.join(", "))
}

fn pairs<'a>(
    caption: &str,
    left: &str,
    right: &str,
    rows: impl Iterator<Item = (&'a String, &'a String)>,
) -> Markup {
    html! {
        div.wide tabindex="0" { table {
            caption { (caption) }
            thead { tr { th scope="col" { (left) } th scope="col" { (right) } } }
            tbody { @for (name, value) in rows { tr { th scope="row" { (name) } td { (value) } } } }
        } }
    }
}

/// Warnings, notes and faults between scenarios.
fn outside(run: &Run) -> Markup {
    let line = |event: &Event| match event {
        Event::Warning { text } => Some(format!("warning: {text}")),
        Event::Note { text } => Some(text.clone()),
        Event::FaultInjected { fault, effect } => Some(format!("fault {fault}: {effect}")),
        Event::MadeSafe { why, proven, .. } => {
            let proven = if *proven { "proven" } else { "NOT PROVEN" };
            Some(format!("made safe ({why}): {proven}"))
        }
        _ => None,
    };
    let lines: Vec<_> = run
        .log
        .iter()
        .filter_map(|logged| Some((logged.at_s, line(&logged.event)?)))
        .collect();
    html! {
        @if !lines.is_empty() {
            h2 { "Outside scenarios" }
            ul { @for (at_s, line) in &lines { li { (time(*at_s)) ": " (line) } } }
        }
    }
}

fn origin(run: &Run) -> Markup {
    html! {
        h2 { "What this report was made from" }
        p {
            "Journal of " (run.entries) " entries, chain of hashes intact; last entry SHA-256 "
            code { (run.head) } ". The report follows from journal and samples alone and can be made again from them."
        }
        @if let Some(start) = &run.start {
            @if !start.options.is_empty() { (pairs("Options", "Option", "Value", start.options.iter())) }
            @if !start.inputs.is_empty() {
                div.wide tabindex="0" { table {
                    caption { "Inputs" }
                    thead { tr { th scope="col" { "File" } th scope="col" { "SHA-256" } } }
                    tbody { @for input in &start.inputs { tr { th scope="row" { (input.path) } td { code { (input.sha256) } } } } }
                } }
            }
        }
        p {
            "Decision rules: " em { "simple" } ": the value alone decides. " em { "guard band" }
            ": a value passes or fails only with its whole uncertainty inside or outside the limit; between them the verdict is Inconclusive (guarded acceptance and rejection, ILAC-G8:09/2019). "
            em { "non-binary" } ": the same, and between them it is said whether the value passes or fails conditionally. TUR: width of the tolerance over that of the uncertainty. Uncertainties are expanded (k = 2)."
        }
        p { "The results relate only to the items tested. Reproduce this report only in full." }
    }
}

/// The mark that nothing is missing behind it.
pub(crate) fn end(run: &Run) -> Markup {
    html! {
        p {
            "End of report · record " code { (run.head.get(..16).unwrap_or("empty")) }
            @if run.simulated() { " · " strong { "SIMULATED" } }
        }
    }
}
