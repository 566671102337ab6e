//! `rig trace`: which scenario checks which statement, and how that ended.

use crate::args::{TableFormat, Trace};
use crate::exit::Usage;
use crate::feature::Selector;
use crate::run::{Console, load_features};
use crate::search::fixture_folders;
use anyhow::{Context as _, Result};
use config::{ClauseKind, Clauses, SearchPath};
use record::{Event, RunDirectory, Verdict, read_journal};
use serde_json::json;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

/// Name and version of the JSON.
const FORMAT: &str = "rig.trace/1";

/// One scenario that checks a clause.
#[derive(Debug, Clone, Default)]
struct Check {
    name: String,
    path: String,
    line: usize,
    runs: Vec<(String, Verdict)>,
}

/// Scenarios by clause.
type Checks = BTreeMap<String, Vec<Check>>;

pub(crate) fn perform(arguments: &Trace) -> Result<u8> {
    let clauses = SearchPath::new(fixture_folders()).clauses()?;
    let checks = match &arguments.run {
        Some(run) => from_run(run)?,
        None => from_features(&arguments.features)?,
    };
    match arguments.format {
        TableFormat::Md => Console::new().line(&markdown(&clauses, &checks)),
        TableFormat::Json => super::print_json(&to_json(&clauses, &checks)),
    }
    Ok(0)
}

fn from_features(named: &[std::path::PathBuf]) -> Result<Checks> {
    let selectors: Vec<Selector> = named
        .iter()
        .map(|path| Selector {
            path: path.clone(),
            line: None,
        })
        .collect();
    let mut checks = Checks::new();
    for file in load_features(&selectors)? {
        for case in &file.cases {
            let check = Check {
                name: case.scenario.name.clone(),
                path: file.shown.clone(),
                line: case.scenario.position.line,
                runs: Vec::new(),
            };
            add(&mut checks, &file.tags(case), &check);
        }
    }
    Ok(checks)
}

fn from_run(run: &Path) -> Result<Checks> {
    let journal = RunDirectory(run.to_owned()).journal();
    let shown = journal.display().to_string();
    let file = File::open(&journal)
        .map_err(|error| Usage::new(format!("{} is no run: {shown}: {error}", run.display())))?;
    let mut open: Option<(Check, Vec<String>, String)> = None;
    let mut checks = Checks::new();
    let read = read_journal(&shown, BufReader::new(file), |entry| match entry.event {
        Event::ScenarioStarted {
            path,
            line,
            name,
            tags,
            bench,
            ..
        } => {
            let check = Check {
                name,
                path,
                line,
                runs: Vec::new(),
            };
            open = Some((check, tags, bench));
        }
        Event::ScenarioFinished { verdict, .. } => {
            if let Some((mut check, tags, bench)) = open.take() {
                check.runs.push((bench, verdict));
                add(&mut checks, &tags, &check);
            }
        }
        _ => {}
    });
    read.context("the run can't be traced")?;
    // A scenario that began and never ended is not a scenario that passed.
    if let Some((mut check, tags, bench)) = open {
        check.runs.push((bench, Verdict::Interrupted));
        add(&mut checks, &tags, &check);
    }
    Ok(checks)
}

fn add(checks: &mut Checks, tags: &[String], check: &Check) {
    for clause in tags.iter().filter_map(|tag| tag.strip_prefix("clause:")) {
        let list = checks.entry(clause.to_owned()).or_default();
        let same = |known: &&mut Check| known.path == check.path && known.line == check.line;
        match list.iter_mut().find(same) {
            Some(known) => known.runs.extend(check.runs.clone()),
            None => list.push(check.clone()),
        }
    }
}

fn word(kind: ClauseKind) -> &'static str {
    match kind {
        ClauseKind::Automatic => "automatic",
        ClauseKind::Operator => "operator",
        ClauseKind::Documentary => "documentary",
        ClauseKind::Informative => "informative",
    }
}

/// How a clause stands after a run; none where nothing ran.
fn verdict(checks: &[Check]) -> Option<Verdict> {
    let runs = checks.iter().flat_map(|check| &check.runs);
    runs.map(|(_, verdict)| *verdict).reduce(Verdict::and)
}

fn markdown(clauses: &Clauses, checks: &Checks) -> String {
    let mut lines = vec![
        "| clause | statement | kind | scenarios | verdict |".to_owned(),
        "|---|---|---|---|---|".to_owned(),
    ];
    let cell = |text: &str| text.replace('|', "\\|");
    let nothing = Vec::new();
    for (id, clause) in &clauses.clauses {
        let checks = checks.get(id).unwrap_or(&nothing);
        let scenarios: Vec<String> = checks
            .iter()
            .map(|check| format!("{} ({}:{})", cell(&check.name), check.path, check.line))
            .collect();
        let verdict = verdict(checks).map_or("–", Verdict::word);
        lines.push(format!(
            "| {id} | {} | {} | {} | {verdict} |",
            cell(&clause.statement),
            word(clause.kind),
            if scenarios.is_empty() {
                "–".to_owned()
            } else {
                scenarios.join("<br>")
            }
        ));
    }
    let automatic = |id: &&String| {
        clauses
            .clauses
            .get(*id)
            .is_some_and(|clause| clause.kind == ClauseKind::Automatic)
    };
    let all = clauses.clauses.keys().filter(automatic).count();
    let covered = checks.keys().filter(automatic).count();
    lines.push(String::new());
    lines.push(format!(
        "{covered} of {all} statements that the rig can check have a scenario."
    ));
    lines.join("\n")
}

fn to_json(clauses: &Clauses, checks: &Checks) -> serde_json::Value {
    let nothing = Vec::new();
    let rows: Vec<_> = clauses
        .clauses
        .iter()
        .map(|(id, clause)| {
            let checks = checks.get(id).unwrap_or(&nothing);
            json!({
                "clause": id,
                "section": clause.section,
                "statement": clause.statement,
                "kind": word(clause.kind),
                "verdict": verdict(checks),
                "scenarios": checks
                    .iter()
                    .map(|check| json!({
                        "name": check.name,
                        "path": check.path,
                        "line": check.line,
                        "runs": check
                            .runs
                            .iter()
                            .map(|(bench, verdict)| json!({ "bench": bench, "verdict": verdict }))
                            .collect::<Vec<_>>(),
                    }))
                    .collect::<Vec<_>>(),
            })
        })
        .collect();
    json!({ "format": FORMAT, "clauses": rows })
}
