//! A run as its journal tells it: what every report is made from.

use crate::dossier::Dossier;
use crate::revision::Amendment;
use record::{Event, InputFile, Judgement, OutputProof, StepKind, Verdict};
use std::collections::BTreeMap;

/// A whole run.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// How the run was started; none where the journal doesn't begin with it.
    pub start: Option<Start>,
    /// Whether the journal tells the end of the run.
    pub finished: bool,
    /// Worst of the scenarios that count; never better than Interrupted for an unfinished run.
    pub verdict: Verdict,
    /// Every scenario, retried attempts included, in the order they ran.
    pub scenarios: Vec<Scenario>,
    /// Benches as they were opened, each variant once.
    pub benches: Vec<BenchRecord>,
    /// What happened outside scenarios.
    pub log: Vec<Logged>,
    /// Judgements made outside scenarios.
    pub judgements: Vec<Judged>,
    /// Whether the outputs are proven off at the end.
    pub safe_state: SafeState,
    /// Where the evidence has holes: lost samples, a journal that was cut off.
    pub gaps: Vec<String>,
    /// SHA-256 of the journal's last whole line, hexadecimal: identifies the record.
    pub head: String,
    /// Entries in the journal.
    pub entries: u64,
    /// What the files that went in say.
    pub dossier: Dossier,
    /// Amendments so far, the newest last.
    pub amendments: Vec<Amendment>,
}

/// How a run was started.
#[derive(Debug, Clone, PartialEq)]
pub struct Start {
    /// Version of the rig.
    pub rig: String,
    /// Whether instruments or devices were simulated.
    pub simulated: bool,
    /// Seed of everything random.
    pub seed: u64,
    /// RFC 3339.
    pub started: String,
    /// Command line options.
    pub options: BTreeMap<String, String>,
    /// Files that went in.
    pub inputs: Vec<InputFile>,
}

/// One attempt at one scenario.
#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    /// Number in the run, from 1.
    pub number: u32,
    /// Path of the feature file.
    pub path: String,
    /// Line in it.
    pub line: usize,
    /// Name of the feature.
    pub feature: String,
    /// Free text of the feature.
    pub description: String,
    /// Name.
    pub name: String,
    /// Tags without `@`.
    pub tags: Vec<String>,
    /// Bench; empty where none was needed.
    pub bench: String,
    /// From 1.
    pub attempt: u32,
    /// Whether a later attempt replaces this one; it is shown but doesn't count.
    pub superseded: bool,
    /// First instant on the bench's clock, s.
    pub began_s: f64,
    /// Last instant on the bench's clock, s.
    pub ended_s: f64,
    /// Whether the journal tells its end.
    pub finished: bool,
    /// How it ended.
    pub verdict: Verdict,
    /// Why, in one line; empty for a pass.
    pub reason: String,
    /// Steps in order.
    pub steps: Vec<Step>,
    /// Judgements in order.
    pub judgements: Vec<Judged>,
    /// Commands, changes, notes, warnings, operator entries, exchanges, injected faults.
    pub log: Vec<Logged>,
    /// Each time the bench was made safe.
    pub made_safe: Vec<MadeSafe>,
    /// Sample files.
    pub samples: Vec<SampleFile>,
}

/// One step.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Number in the scenario, from 1.
    pub number: u32,
    /// Given, When or Then.
    pub kind: StepKind,
    /// Keyword as written.
    pub keyword: String,
    /// Text.
    pub text: String,
    /// Line in the feature file.
    pub line: usize,
    /// When it began, s.
    pub began_s: f64,
    /// When it ended, s.
    pub ended_s: f64,
    /// How; Interrupted where the journal doesn't tell.
    pub verdict: Verdict,
    /// Why, where it didn't pass.
    pub reason: String,
    /// Whether the journal tells its end.
    pub finished: bool,
}

/// A judgement and where it was made.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// Step it belongs to.
    pub step: Option<u32>,
    /// The judgement.
    pub judgement: Judgement,
}

/// Any other happening.
#[derive(Debug, Clone, PartialEq)]
pub struct Logged {
    /// On the bench's clock, s.
    pub at_s: f64,
    /// Step it belongs to.
    pub step: Option<u32>,
    /// What happened.
    pub event: Event,
}

/// The bench was made safe, or should have been.
#[derive(Debug, Clone, PartialEq)]
pub struct MadeSafe {
    /// On the bench's clock, s.
    pub at_s: f64,
    /// Which bench.
    pub bench: String,
    /// Why it was asked to.
    pub why: String,
    /// Whether every output is proven safe.
    pub proven: bool,
    /// One proof an output.
    pub outputs: Vec<OutputProof>,
}

/// A file of samples.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleFile {
    /// Relative to the run.
    pub path: String,
    /// Rows the journal tells of; none where the run ended before it could tell.
    pub rows: Option<u64>,
}

/// A bench as it was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BenchRecord {
    /// Name in the bench file.
    pub bench: String,
    /// Role, and what fills it.
    pub roles: BTreeMap<String, String>,
    /// Id, and who answered.
    pub instruments: BTreeMap<String, String>,
    /// Scenarios that ran on it.
    pub scenarios: Vec<u32>,
}

/// What is known about the outputs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SafeState {
    /// Outputs whose last word is not "off": they may still be energised.
    pub unproven: Vec<Unproven>,
    /// Outputs that were not proven at some time and were proven later.
    pub proven_later: Vec<Unproven>,
    /// How often a bench was made safe.
    pub proofs: u32,
}

/// An output that is not proven off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unproven {
    /// Bench.
    pub bench: String,
    /// Role of the output.
    pub role: String,
    /// Instrument and channel; empty where unknown.
    pub instrument: String,
    /// What was read back, or why nothing could be.
    pub found: String,
    /// Scenario in which it was seen.
    pub scenario: Option<u32>,
}

impl Run {
    /// Whether the run says of itself that it was simulated.
    #[must_use]
    pub fn simulated(&self) -> bool {
        self.start.as_ref().is_some_and(|start| start.simulated)
    }

    /// Day on which it began, `2027-06-30`; empty where that isn't on record.
    pub(crate) fn day(&self) -> &str {
        let started = self.start.as_ref().map(|start| start.started.as_str());
        started.and_then(|at| at.get(..10)).unwrap_or_default()
    }

    /// Number of the report, without its revision: the day it began and the head of its record.
    #[must_use]
    pub fn number(&self) -> String {
        let day = match self.day() {
            "" => "undated",
            day => day,
        };
        let head = self.head.get(..10).unwrap_or("empty");
        format!("{day}-{head}")
    }

    /// Revision of the report, from 1.
    #[must_use]
    pub fn revision(&self) -> u32 {
        self.amendments.last().map_or(1, |last| last.revision)
    }

    /// Scenarios that count: the last attempt of each.
    pub fn counted(&self) -> impl Iterator<Item = &Scenario> {
        self.scenarios
            .iter()
            .filter(|scenario| !scenario.superseded)
    }

    /// The scenario of this number.
    #[must_use]
    pub fn scenario(&self, number: u32) -> Option<&Scenario> {
        self.scenarios
            .iter()
            .find(|scenario| scenario.number == number)
    }
}

impl Scenario {
    /// Statements of the manual it is about, from its tags and its judgements, each once.
    #[must_use]
    pub fn clauses(&self) -> Vec<&str> {
        let tagged = self
            .tags
            .iter()
            .filter_map(|tag| tag.strip_prefix("clause:"));
        let judged = self
            .judgements
            .iter()
            .map(|judged| judged.judgement.clause.as_str());
        let mut clauses: Vec<&str> = Vec::new();
        for clause in tagged.chain(judged).filter(|clause| !clause.is_empty()) {
            if !clauses.contains(&clause) {
                clauses.push(clause);
            }
        }
        clauses
    }

    /// Seconds on the bench's clock.
    #[must_use]
    pub fn duration_s(&self) -> f64 {
        (self.ended_s - self.began_s).max(0.0)
    }

    /// The folder of its feature file, as a title: `features/3.2-alarm-signals/x.feature` is in
    /// `3.2 alarm signals`.
    #[must_use]
    pub fn chapter(&self) -> String {
        let mut folders = self.path.split(['/', '\\']).rev().skip(1);
        match folders.next() {
            None | Some("" | "." | "features") => String::new(),
            Some(folder) => folder.replace(['-', '_'], " "),
        }
    }
}

impl Step {
    /// Seconds on the bench's clock.
    #[must_use]
    pub fn duration_s(&self) -> f64 {
        (self.ended_s - self.began_s).max(0.0)
    }
}
