//! `report.json`: the run for machines, schema `rig.report/1`.
//!
//! Fields may be added within version 1; none is renamed, removed or given another meaning.

use crate::model::{Logged, Run, Scenario, Unproven};
use crate::revision::Amendment;
use crate::summary::Summary;
use record::{Event, Judgement, OutputProof, Verdict};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Serialize;
use std::collections::BTreeMap;

/// Name and version of the schema.
pub(crate) const SCHEMA: &str = "rig.report/1";

#[derive(Serialize, JsonSchema)]
#[schemars(title = "rig.report/1", rename = "Report")]
struct Report<'a> {
    /// `rig.report/1`.
    schema: &'static str,
    /// Number of the report, without its revision.
    number: String,
    /// From 1.
    revision: u32,
    /// Amendments so far, the newest last.
    amendments: &'a [Amendment],
    verdict: Verdict,
    finished: bool,
    /// None where the journal doesn't tell.
    simulated: Option<bool>,
    summary: String,
    counts: BTreeMap<&'static str, usize>,
    run: Option<Origin<'a>>,
    journal: JournalOf<'a>,
    safe_state: Safe,
    gaps: &'a [String],
    benches: Vec<BenchOf<'a>>,
    scenarios: Vec<ScenarioOf<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct Origin<'a> {
    rig: &'a str,
    seed: u64,
    started: &'a str,
    options: &'a BTreeMap<String, String>,
    inputs: &'a [record::InputFile],
}

#[derive(Serialize, JsonSchema)]
struct JournalOf<'a> {
    entries: u64,
    head_sha256: &'a str,
}

#[derive(Serialize, JsonSchema)]
struct Safe {
    proven: bool,
    proofs: u32,
    unproven: Vec<String>,
    proven_later: Vec<String>,
}

#[derive(Serialize, JsonSchema)]
struct BenchOf<'a> {
    bench: &'a str,
    roles: &'a BTreeMap<String, String>,
    instruments: &'a BTreeMap<String, String>,
    scenarios: &'a [u32],
}

#[derive(Serialize, JsonSchema)]
struct ScenarioOf<'a> {
    number: u32,
    path: &'a str,
    line: usize,
    feature: &'a str,
    name: &'a str,
    tags: &'a [String],
    clauses: Vec<&'a str>,
    bench: &'a str,
    attempt: u32,
    superseded: bool,
    verdict: Verdict,
    reason: &'a str,
    began_s: f64,
    ended_s: f64,
    steps: Vec<StepOf<'a>>,
    judgements: Vec<JudgedOf<'a>>,
    made_safe: Vec<SafeOf<'a>>,
    /// Changes, warnings, operator entries, exchanges gone wrong, faults; commands and notes stay
    /// in the journal.
    events: Vec<EventOf<'a>>,
    samples: Vec<SamplesOf<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct StepOf<'a> {
    number: u32,
    keyword: &'a str,
    text: &'a str,
    line: usize,
    verdict: Verdict,
    reason: &'a str,
    began_s: f64,
    ended_s: f64,
}

#[derive(Serialize, JsonSchema)]
struct JudgedOf<'a> {
    step: Option<u32>,
    #[serde(flatten)]
    judgement: &'a Judgement,
}

#[derive(Serialize, JsonSchema)]
struct SafeOf<'a> {
    at_s: f64,
    why: &'a str,
    proven: bool,
    outputs: &'a [OutputProof],
}

#[derive(Serialize, JsonSchema)]
struct EventOf<'a> {
    at_s: f64,
    step: Option<u32>,
    #[serde(flatten)]
    event: &'a Event,
}

#[derive(Serialize, JsonSchema)]
struct SamplesOf<'a> {
    path: &'a str,
    rows: Option<u64>,
}

/// The JSON schema (draft 2020-12) of `report.json`.
///
/// # Errors
/// When it can't be serialised.
pub fn report_schema() -> serde_json::Result<String> {
    let generator = SchemaSettings::draft2020_12()
        .for_serialize()
        .into_generator();
    let schema = generator.into_root_schema_for::<Report<'static>>();
    serde_json::to_string_pretty(&schema)
}

/// Serialises a run.
pub(crate) fn json(run: &Run) -> serde_json::Result<String> {
    let summary = Summary::of(run);
    let counts = summary
        .counts
        .iter()
        .map(|(verdict, count)| (verdict.word(), *count))
        .collect();
    let lines = |outputs: &[Unproven]| outputs.iter().map(ToString::to_string).collect();
    serde_json::to_string_pretty(&Report {
        schema: SCHEMA,
        number: run.number(),
        revision: run.revision(),
        amendments: &run.amendments,
        verdict: run.verdict,
        finished: run.finished,
        simulated: run.start.as_ref().map(|start| start.simulated),
        summary: summary.sentence(),
        counts,
        run: run.start.as_ref().map(|start| Origin {
            rig: &start.rig,
            seed: start.seed,
            started: &start.started,
            options: &start.options,
            inputs: &start.inputs,
        }),
        journal: JournalOf {
            entries: run.entries,
            head_sha256: &run.head,
        },
        safe_state: Safe {
            proven: run.safe_state.unproven.is_empty(),
            proofs: run.safe_state.proofs,
            unproven: lines(&run.safe_state.unproven),
            proven_later: lines(&run.safe_state.proven_later),
        },
        gaps: &run.gaps,
        benches: run
            .benches
            .iter()
            .map(|bench| BenchOf {
                bench: &bench.bench,
                roles: &bench.roles,
                instruments: &bench.instruments,
                scenarios: &bench.scenarios,
            })
            .collect(),
        scenarios: run.scenarios.iter().map(scenario_of).collect(),
    })
}

fn scenario_of(scenario: &Scenario) -> ScenarioOf<'_> {
    ScenarioOf {
        number: scenario.number,
        path: &scenario.path,
        line: scenario.line,
        feature: &scenario.feature,
        name: &scenario.name,
        tags: &scenario.tags,
        clauses: scenario.clauses(),
        bench: &scenario.bench,
        attempt: scenario.attempt,
        superseded: scenario.superseded,
        verdict: scenario.verdict,
        reason: &scenario.reason,
        began_s: scenario.began_s,
        ended_s: scenario.ended_s,
        steps: scenario
            .steps
            .iter()
            .map(|step| StepOf {
                number: step.number,
                keyword: &step.keyword,
                text: &step.text,
                line: step.line,
                verdict: step.verdict,
                reason: &step.reason,
                began_s: step.began_s,
                ended_s: step.ended_s,
            })
            .collect(),
        judgements: scenario
            .judgements
            .iter()
            .map(|judged| JudgedOf {
                step: judged.step,
                judgement: &judged.judgement,
            })
            .collect(),
        made_safe: scenario
            .made_safe
            .iter()
            .map(|safe| SafeOf {
                at_s: safe.at_s,
                why: &safe.why,
                proven: safe.proven,
                outputs: &safe.outputs,
            })
            .collect(),
        events: scenario.log.iter().filter_map(event_of).collect(),
        samples: scenario
            .samples
            .iter()
            .map(|file| SamplesOf {
                path: &file.path,
                rows: file.rows,
            })
            .collect(),
    }
}

fn event_of(logged: &Logged) -> Option<EventOf<'_>> {
    let told = matches!(
        logged.event,
        Event::Change { .. }
            | Event::Warning { .. }
            | Event::Operator { .. }
            | Event::Exchange { .. }
            | Event::FaultInjected { .. }
            | Event::Firmware { .. }
    );
    told.then_some(EventOf {
        at_s: logged.at_s,
        step: logged.step,
        event: &logged.event,
    })
}
