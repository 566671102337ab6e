//! The kill matrix as a page: one self-contained table, readable without scripts or colours.

use super::kill::{Kill, Shot};
use super::matrix::{Matrix, missed, told};
use maud::{DOCTYPE, Markup, PreEscaped, html};

const STYLE: &str = "body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:75rem;padding:0 1rem}\
table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #bbb;padding:.35rem .6rem;text-align:left;vertical-align:top}\
th{position:sticky;top:0;background:#fff}.bad{background:#fbe3e3}.simulated{border:2px solid #b50;padding:.5rem 1rem}";

/// The page.
pub(super) fn page(matrix: &Matrix) -> String {
    let title = if matrix.is_qualified() {
        "The suite is qualified"
    } else {
        "The suite is not qualified"
    };
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                p.simulated { strong { "SIMULATED" } " – devices and instruments of this page are software." }
                h1 { (title) }
                ul { @for line in matrix.summary() { li { (line) } } }
                (faults(matrix))
                (others(matrix))
            }
        }
    };
    page.into_string()
}

fn faults(matrix: &Matrix) -> Markup {
    html! {
        h2 { "Faults, survivors first" }
        table {
            thead { tr { th { "fault" } th { "breaks" } th { "outcome" } th { "scenarios" } } }
            tbody { @for kill in matrix.sorted() { (row(kill)) } }
        }
    }
}

fn row(kill: &Kill) -> Markup {
    let word = if kill.is_fine() {
        "killed".to_owned()
    } else {
        kill.trouble()
    };
    html! {
        tr.bad[!kill.is_fine()] {
            td { strong { (kill.fault) } br; (kill.about) }
            td { (kill.violates.join(" ")) }
            td { (word) }
            td {
                ul {
                    @for shot in &kill.shots { li { (said(shot)) } }
                    @for ended in &kill.blamed { li { "blamed the device: " (told(ended)) } }
                    @for ended in &kill.not_spared { li { "not spared: " (told(ended)) } }
                }
            }
        }
    }
}

fn said(shot: &Shot) -> String {
    match &shot.ended {
        Some(ended) if shot.hit => told(ended),
        _ => format!("missed: {}", missed(shot)),
    }
}

fn others(matrix: &Matrix) -> Markup {
    html! {
        h2 { "Healthy devices" }
        ul {
            @for ended in matrix.controls_astray() { li.bad { "control: " (told(ended)) } }
            @for visit in matrix.corners_astray() {
                li.bad { "corner " (visit.seed) ": " (told(&visit.ended)) br; (visit.off.join("; ")) }
            }
            @if matrix.controls_astray().next().is_none() && matrix.corners_astray().next().is_none() {
                li { "All passed." }
            }
        }
    }
}
