//! A made-up run, written as the rig writes one: through `record::Recorder`.

pub(crate) mod long_charge;
pub(crate) mod low_cell;
pub(crate) mod others;

use record::{Event, Flush, InputFile, OutputProof, Reading, Recorder, Scope, StepKind, Verdict};
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

/// Writes events with their time and scope.
pub(crate) struct Tape {
    pub(crate) recorder: Recorder,
    pub(crate) scenario: u32,
    pub(crate) step: u32,
}

/// What a scenario is called.
pub(crate) struct Title<'a> {
    pub(crate) path: &'a str,
    pub(crate) line: usize,
    pub(crate) feature: &'a str,
    pub(crate) name: &'a str,
    pub(crate) tags: &'a [&'a str],
    pub(crate) bench: &'a str,
    pub(crate) attempt: u32,
}

impl Tape {
    pub(crate) fn start(directory: &Path, simulated: bool) -> Self {
        let recorder = Recorder::create(directory, Flush::EveryEntry).unwrap();
        let tape = Self {
            recorder,
            scenario: 0,
            step: 0,
        };
        tape.event(
            0.0,
            Event::RunStarted {
                rig: "0.1.0".into(),
                format: "rig.journal/1".into(),
                simulated,
                seed: 7,
                started: "2026-01-01T00:00:00Z".into(),
                options: BTreeMap::from([("tags".into(), "@bench:board".into())]),
                inputs: vec![InputFile {
                    path: "fixtures/benches/sim-board-4s.yaml".into(),
                    sha256: "5f1e".repeat(16),
                }],
            },
        );
        tape
    }

    pub(crate) fn event(&self, at_s: f64, event: Event) {
        self.recorder.event(Duration::from_secs_f64(at_s), &event);
    }

    pub(crate) fn scenario(&mut self, at_s: f64, title: &Title<'_>) {
        self.scenario += 1;
        self.step = 0;
        self.recorder.enter(Scope {
            scenario: Some(self.scenario),
            step: None,
        });
        self.event(
            at_s,
            Event::ScenarioStarted {
                path: title.path.into(),
                line: title.line,
                feature: title.feature.into(),
                description: "The BMS warns before it switches the loads off.".into(),
                name: title.name.into(),
                tags: title.tags.iter().map(|&tag| tag.into()).collect(),
                bench: title.bench.into(),
                attempt: title.attempt,
            },
        );
    }

    pub(crate) fn bench(&self, at_s: f64, bench: &str) {
        self.event(
            at_s,
            Event::BenchOpened {
                bench: bench.into(),
                roles: BTreeMap::from([
                    ("cell 1".into(), "psu channel 1".into()),
                    ("charge contact".into(), "daq channel 5102".into()),
                ]),
                instruments: BTreeMap::from([
                    (
                        "daq".into(),
                        "Agilent Technologies,34980A,MY000,2.51".into(),
                    ),
                    ("psu".into(), "Rohde&Schwarz,NGM202,100001,03.068".into()),
                ]),
            },
        );
    }

    pub(crate) fn step(&mut self, at_s: f64, kind: StepKind, keyword: &str, text: &str) {
        self.step += 1;
        self.recorder.enter(Scope {
            scenario: Some(self.scenario),
            step: Some(self.step),
        });
        self.event(
            at_s,
            Event::StepStarted {
                kind,
                keyword: keyword.into(),
                text: text.into(),
                line: 10 + self.step as usize,
            },
        );
    }

    pub(crate) fn step_done(&self, at_s: f64, verdict: Verdict, reason: &str) {
        self.event(
            at_s,
            Event::StepFinished {
                verdict,
                reason: reason.into(),
            },
        );
    }

    pub(crate) fn made_safe(&self, at_s: f64, unproven: &[&str]) {
        let proof = |role: &str, safe: bool, found: &str| OutputProof {
            role: role.into(),
            instrument: "psu".into(),
            safe,
            found: found.into(),
        };
        let mut outputs = vec![
            proof("cell 1", true, "off, 0.001 V"),
            proof("cell 2", true, "off, 0.000 V"),
        ];
        outputs.extend(
            unproven
                .iter()
                .map(|role| proof(role, false, "no answer to `OUTP?` within 2 s")),
        );
        self.event(
            at_s,
            Event::MadeSafe {
                why: "end of the scenario".into(),
                proven: unproven.is_empty(),
                outputs,
            },
        );
    }

    pub(crate) fn done(&self, at_s: f64, verdict: Verdict, reason: &str) {
        self.recorder.enter(Scope {
            scenario: Some(self.scenario),
            step: None,
        });
        self.event(
            at_s,
            Event::ScenarioFinished {
                verdict,
                reason: reason.into(),
            },
        );
        self.recorder.enter(Scope::default());
    }

    pub(crate) fn finish(&self, at_s: f64, verdict: Verdict) {
        self.event(
            at_s,
            Event::RunFinished {
                verdict,
                counts: BTreeMap::new(),
            },
        );
        self.recorder.check().unwrap();
    }
}

pub(crate) fn reading(
    value: f64,
    unit: &str,
    uncertainty: f64,
    instrument: &str,
    at_s: f64,
) -> Reading {
    Reading {
        value,
        unit: unit.into(),
        uncertainty,
        instrument: instrument.into(),
        at_s,
    }
}

pub(crate) const PRE_ALARM: &str = "features/3-system-design/3.2.1-pre-alarm.feature";
