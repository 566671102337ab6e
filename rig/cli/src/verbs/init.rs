//! `rig init`.

use crate::args::{BenchKind, Init};
use crate::exit::Usage;
use crate::init::{Wanted, discover};
use crate::run::Console;
use crate::search::{fixture_folders, shown};
use anyhow::{Context as _, Result};
use config::SearchPath;
use std::io::{BufRead as _, IsTerminal as _, Write as _};

pub(crate) fn perform(arguments: &Init) -> Result<u8> {
    if arguments.out.exists() {
        return Err(Usage::new(format!(
            "{} exists already; choose another file with --out",
            arguments.out.display()
        ))
        .into());
    }
    let search = SearchPath::new(fixture_folders());
    let battery = answer(
        arguments.battery.as_deref(),
        "Battery model",
        "LFP-Smart 12.8/100",
    )?;
    search.battery_product(&battery)?;
    let bms = answer(arguments.bms.as_deref(), "BMS model", "smallBMS")?;
    search.bms_product(&bms)?;
    let name = arguments.out.file_stem().unwrap_or_default();
    let instruments = arguments
        .instrument
        .iter()
        .map(|text| discover(text))
        .collect::<Result<Vec<_>, _>>()?;
    let console = Console::new();
    for one in &instruments {
        console.line(&match (&one.said, one.driver) {
            (Ok(said), Some(driver)) => format!("{}: {said}: driver {driver}", one.id),
            (Ok(said), None) => format!(
                "{}: {said}: no driver; `rig list` shows what there is",
                one.id
            ),
            (Err(error), _) => format!("{}: {error}", one.id),
        });
    }
    let text = Wanted {
        board: arguments.kind == BenchKind::Board,
        name: name.to_string_lossy().into_owned(),
        battery,
        bms,
        instruments,
    }
    .write();
    let left = text.matches("TO DO").count();
    std::fs::write(&arguments.out, text)
        .with_context(|| format!("can't write {}", arguments.out.display()))?;
    let file = shown(&arguments.out);
    console.line(&format!(
        "{file} is written, with {left} places marked TO DO; then `rig check {file}`, `rig run --twin --bench {file}` and `rig doctor --bench {file}`"
    ));
    Ok(0)
}

/// What was given, what is typed, or the usual where nobody can type.
fn answer(given: Option<&str>, question: &str, usual: &str) -> Result<String> {
    if let Some(given) = given {
        return Ok(given.to_owned());
    }
    if !std::io::stdin().is_terminal() {
        return Ok(usual.to_owned());
    }
    let mut out = std::io::stdout();
    write!(out, "{question} [{usual}]: ")?;
    out.flush()?;
    let mut typed = String::new();
    std::io::stdin().lock().read_line(&mut typed)?;
    Ok(match typed.trim() {
        "" => usual.to_owned(),
        typed => typed.to_owned(),
    })
}
