//! `rig doctor`.

use crate::args::{Doctor, Format};
use crate::doctor::{Finding, State, examine};
use crate::exit::FAILED;
use crate::run::Console;
use serde_json::json;

/// Name and version of the JSON.
const FORMAT: &str = "rig.doctor/1";

pub(crate) fn perform(arguments: &Doctor) -> anyhow::Result<u8> {
    let findings = examine(&arguments.bench, arguments.energise)?;
    let bad = findings
        .iter()
        .filter(|finding| finding.state == State::Bad)
        .count();
    match arguments.format {
        Format::Text => print(&findings, bad),
        Format::Json => super::print_json(&json!({
            "format": FORMAT,
            "bench": arguments.bench,
            "good": bad == 0,
            "findings": findings,
        })),
    }
    Ok(if bad == 0 { 0 } else { FAILED })
}

fn print(findings: &[Finding], bad: usize) {
    let console = Console::new();
    for one in findings {
        console.line(&format!(
            "{:<7} {:<18} {:<13} {}",
            one.state.word(),
            one.subject,
            one.check,
            one.found
        ));
    }
    let all = findings.len();
    console.line(&match bad {
        0 => format!("{all} checks, none bad"),
        _ => format!("{all} checks, {bad} bad: the bench can't be trusted like this"),
    });
}
