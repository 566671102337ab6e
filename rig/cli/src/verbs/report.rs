//! `rig report`.

use crate::args::{Format, Report};
use crate::exit::Usage;
use crate::run::Console;
use crate::search::shown;
use serde_json::json;

/// Name and version of the JSON.
const FORMAT: &str = "rig.reports/1";

pub(crate) fn perform(arguments: &Report) -> anyhow::Result<u8> {
    let journal = record::RunDirectory(arguments.run.clone()).journal();
    if !journal.is_file() {
        return Err(Usage::new(format!(
            "{} is no run: it has no journal.ndjson; name a folder that `rig run` made",
            arguments.run.display()
        ))
        .into());
    }
    let written = reports::write_all(&arguments.run)?;
    match arguments.format {
        Format::Text => {
            let console = Console::new();
            for path in [
                &written.junit,
                &written.cucumber,
                &written.json,
                &written.html,
            ] {
                console.line(&shown(path));
            }
        }
        Format::Json => super::print_json(&json!({
            "format": FORMAT,
            "html": written.html,
            "junit": written.junit,
            "cucumber": written.cucumber,
            "json": written.json,
        })),
    }
    Ok(0)
}
