//! What happens in a run, one entry a happening.

use crate::{Judgement, Verdict};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Which scenario and step an entry belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Scope {
    /// Number of the scenario in this run, from 1; none before and between scenarios.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub scenario: Option<u32>,
    /// Number of the step in its scenario, from 1.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub step: Option<u32>,
}

/// A Gherkin tag without its `@`.
pub type Tag = String;

/// The keyword of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum StepKind {
    /// Given.
    Given,
    /// When.
    When,
    /// Then.
    Then,
}

/// A file the run was made from, kept with the run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct InputFile {
    /// Relative to where the run was started.
    pub path: String,
    /// SHA-256, hexadecimal.
    pub sha256: String,
}

/// Proof, by read-back, that one output is off.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OutputProof {
    /// Role of the channel: `charger`, `cell 3`, `safety relay`.
    pub role: String,
    /// Instrument and channel.
    pub instrument: String,
    /// Whether it reads back safe.
    pub safe: bool,
    /// What was read back, or why nothing could be.
    pub found: String,
}

/// An image that was programmed into a board, and proof of it. Hashes are SHA-256, hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ImageRecord {
    /// Name of the file.
    pub file: String,
    /// Hash of the file.
    pub file_sha256: String,
    /// Hash of the bytes that it puts into flash, in the order of their addresses.
    pub image_sha256: String,
    /// Hash of the same addresses, read back.
    pub flash_sha256: String,
    /// Bytes of the image.
    pub bytes: u64,
    /// Bytes that differed from what was there, and were written.
    pub written: u64,
    /// Whether the chip's own identity was held against the bench file.
    pub chip_compared: bool,
}

/// One happening. `event` in the journal names the kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Event {
    /// The run begins.
    RunStarted {
        /// Version of the rig.
        rig: String,
        /// Schema of the journal: `rig.journal/1`.
        format: String,
        /// Whether instruments or devices are simulated: the watermark of every report.
        simulated: bool,
        /// Seed of everything random.
        seed: u64,
        /// Start stamp, RFC 3339; a fixed epoch in simulation.
        started: String,
        /// Command line options that shaped the run.
        options: BTreeMap<String, String>,
        /// Every file that went in.
        inputs: Vec<InputFile>,
    },
    /// A scenario begins.
    ScenarioStarted {
        /// Path of the feature file.
        path: String,
        /// Line of the scenario (of the example row in an outline).
        line: usize,
        /// Name of the feature.
        feature: String,
        /// Free text under the feature's name.
        description: String,
        /// Name of the scenario.
        name: String,
        /// Tags, inherited ones included.
        tags: Vec<Tag>,
        /// Bench that it runs on; empty where it needs none.
        bench: String,
        /// 1 for the first try.
        attempt: u32,
    },
    /// A step begins.
    StepStarted {
        /// Its keyword, `And` resolved.
        kind: StepKind,
        /// Keyword as written: `And`.
        keyword: String,
        /// Its text.
        text: String,
        /// Its line.
        line: usize,
    },
    /// A step ended.
    StepFinished {
        /// How.
        verdict: Verdict,
        /// Why, where it didn't pass.
        #[serde(skip_serializing_if = "String::is_empty", default)]
        reason: String,
    },
    /// A scenario ended, the bench made safe.
    ScenarioFinished {
        /// How.
        verdict: Verdict,
        /// Why, in one line; empty for a pass.
        #[serde(skip_serializing_if = "String::is_empty", default)]
        reason: String,
    },
    /// A limit was held against a finding.
    Judgement(Judgement),
    /// The rig commanded something.
    Command {
        /// Role: `cell 1`, `charger`, `cable 2 charge pole`.
        role: String,
        /// What: `3.300 V`, `on`, `open`.
        action: String,
    },
    /// Something observed changed: a contact, a code, a relay.
    Change {
        /// What.
        what: String,
        /// To which state.
        to: String,
        /// Who saw it.
        instrument: String,
        /// The last instant at which it was still otherwise, where known.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        not_before_s: Option<f64>,
    },
    /// Something worth keeping that is neither: an estimate, a phase of a procedure, a typical
    /// value outside its usual range.
    Note {
        /// In one line.
        text: String,
    },
    /// Something needs attention but decides no verdict.
    Warning {
        /// In one line.
        text: String,
    },
    /// A person was asked and answered.
    Operator {
        /// The instruction.
        instruction: String,
        /// What a good answer looks like.
        expected: String,
        /// The answer; none if nobody answered.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        answer: Option<String>,
        /// Who answered.
        #[serde(skip_serializing_if = "String::is_empty", default)]
        who: String,
    },
    /// An exchange with an instrument that went wrong, or the ones before it.
    Exchange {
        /// Id of the instrument.
        instrument: String,
        /// What was sent, printable.
        sent: String,
        /// What came back, printable; empty for commands.
        #[serde(skip_serializing_if = "String::is_empty", default)]
        received: String,
        /// What went wrong; empty for exchanges kept as context.
        #[serde(skip_serializing_if = "String::is_empty", default)]
        problem: String,
    },
    /// The bench was opened.
    BenchOpened {
        /// Name in the bench file.
        bench: String,
        /// Role of a channel or person, and what fills it.
        roles: BTreeMap<String, String>,
        /// Id, and who answered: manufacturer, model, serial, firmware.
        instruments: BTreeMap<String, String>,
    },
    /// The bench was made safe.
    MadeSafe {
        /// Why it was asked to.
        why: String,
        /// Whether every output is proven safe.
        proven: bool,
        /// One proof an output.
        outputs: Vec<OutputProof>,
    },
    /// What a board holds, asked through its debug probe.
    Firmware {
        /// Which board: `battery board`, `BMS board`.
        board: String,
        /// Its debug probe.
        probe: String,
        /// `found`, `before` and `after` programming, `failed`.
        moment: String,
        /// Version of the firmware that runs, by its own word; none where it says nothing.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        version: Option<String>,
        /// Hash of what that firmware was built from.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        build: Option<String>,
        /// Hash of all of flash; none where it could not be read.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        flash_sha256: Option<String>,
        /// What was programmed.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        image: Option<ImageRecord>,
        /// Why something failed, and what is in flash now; empty where all is well.
        #[serde(skip_serializing_if = "String::is_empty", default)]
        problem: String,
    },
    /// A fault of a fault file took effect.
    FaultInjected {
        /// Name of the fault.
        fault: String,
        /// What it does.
        effect: String,
    },
    /// Where things stood: written now and then while a procedure lasts, so that an interruption
    /// costs little and what is found after it can be held against what was left.
    Checkpoint {
        /// Which part of a procedure was under way; empty where it has none.
        #[serde(skip_serializing_if = "String::is_empty", default)]
        phase: String,
        /// Cells by battery, in volts; none where nothing was measured.
        cells_v: Vec<Vec<Option<f64>>>,
        /// Bank, in volts, where it's measured.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        pack_v: Option<f64>,
        /// Into the bank, in amperes, where it's measured.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        current_a: Option<f64>,
        /// Thermocouple, in °C, where there is one.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        temperature_c: Option<f64>,
    },
    /// The samples of this scenario are in this file, relative to the run.
    Samples {
        /// Path.
        path: String,
        /// Rows written.
        rows: u64,
    },
    /// The run ended.
    RunFinished {
        /// Worst of its scenarios.
        verdict: Verdict,
        /// Scenarios by verdict.
        counts: BTreeMap<String, u32>,
    },
}
