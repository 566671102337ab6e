//! `rig qualify`.

use crate::args::{Format, Qualify};
use crate::exit::FAILED;
use crate::qualify::{Settings, qualify};
use crate::run::Console;
use crate::search::shown;
use std::path::PathBuf;

pub(crate) fn perform(arguments: Qualify) -> anyhow::Result<u8> {
    let jobs = arguments.jobs.unwrap_or_else(processors);
    let out = arguments
        .out
        .unwrap_or_else(|| PathBuf::from("runs").join("qualify"));
    let matrix = qualify(&Settings {
        only: arguments.only,
        folder: arguments.faults,
        corners: if arguments.corner.is_empty() {
            (1..=arguments.seeds).collect()
        } else {
            arguments.corner.clone()
        },
        corners_only: !arguments.corner.is_empty(),
        jobs,
        features: arguments
            .feature
            .iter()
            .map(|text| super::run::selector(text))
            .collect(),
        out: out.clone(),
    })?;
    match arguments.format {
        Format::Text => {
            let console = Console::new();
            for line in matrix.lines() {
                console.line(&line);
            }
            console.line(&format!("matrix: {}", shown(&out.join("qualify.html"))));
        }
        Format::Json => super::print_json(&matrix.to_json()),
    }
    Ok(if matrix.is_qualified() { 0 } else { FAILED })
}

fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}
