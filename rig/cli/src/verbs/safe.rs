//! `rig safe`: a bench made safe now, and the proof.

use crate::args::{Format, Safe};
use crate::exit::COULD_NOT_TELL;
use crate::run::{BenchLock, Console, Control, Stock, is_simulated};
use crate::search::fixture_folders;
use anyhow::Result;
use api::Cancel;
use bench::{Bench, BenchError};
use config::SearchPath;
use record::{Event, OutputProof, Recorder, read_journal};
use serde_json::json;
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

/// Name and version of the JSON.
const FORMAT: &str = "rig.safe/1";

pub(crate) fn perform(arguments: &Safe) -> Result<u8> {
    let search = SearchPath::new(fixture_folders());
    let config = Arc::new(search.bench(&arguments.bench)?);
    let _lock = if is_simulated(&config)? {
        None
    } else {
        Some(BenchLock::take(&config.path)?)
    };
    let stock = Stock::without_faults(search)?;
    let lines = Lines::default();
    let recorder = Recorder::into_writer(Box::new(lines.clone()));
    let (parts, _equipment) = stock.equip(&config, &Cancel::new(), &recorder, &Control::new())?;
    let problem = match Bench::open(parts) {
        Ok(bench) => {
            bench.close("rig safe");
            None
        }
        // Whatever was reached is safe by then; the proof says what wasn't.
        Err(error) => Some(error),
    };
    let proofs = lines.proofs();
    let unproven: Vec<&OutputProof> = proofs.iter().filter(|proof| !proof.safe).collect();
    let proven = unproven.is_empty() && !proofs.is_empty();
    match arguments.format {
        Format::Text => print(&config.name, &proofs, problem.as_ref(), proven),
        Format::Json => super::print_json(&json!({
            "format": FORMAT,
            "bench": config.name,
            "proven": proven,
            "outputs": proofs,
            "problem": problem.as_ref().map(ToString::to_string),
        })),
    }
    Ok(if proven { 0 } else { COULD_NOT_TELL })
}

fn print(bench: &str, proofs: &[OutputProof], problem: Option<&BenchError>, proven: bool) {
    let console = Console::new();
    for proof in proofs {
        let word = if proof.safe { "safe" } else { "NOT PROVEN" };
        console.line(&format!(
            "{word:<11} {} ({}): {}",
            proof.role, proof.instrument, proof.found
        ));
    }
    if let Some(problem) = problem {
        console.line(&format!("the bench could not be opened: {problem}"));
    }
    if proven {
        console.line(&format!("bench {bench} is safe"));
        return;
    }
    console.line(&format!(
        "bench {bench} is not proven safe: switch it off by hand and look"
    ));
    for proof in proofs.iter().filter(|proof| !proof.safe) {
        console.line(&format!(
            "MAY STILL BE ENERGISED: {} ({}): {}",
            proof.role, proof.instrument, proof.found
        ));
    }
}

/// A journal in memory.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Lines {
    /// What the last making safe read back.
    fn proofs(&self) -> Vec<OutputProof> {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut proofs = Vec::new();
        let read = read_journal("rig safe", &bytes[..], |entry| {
            if let Event::MadeSafe { outputs, .. } = entry.event {
                proofs = outputs;
            }
        });
        match read {
            Ok(()) => proofs,
            Err(_) => Vec::new(),
        }
    }
}

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
