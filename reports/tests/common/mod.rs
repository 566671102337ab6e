//! A made-up run, written as the rig writes one: through `record::Recorder`.

use record::{
    DecisionRule, Event, Flush, InputFile, Limit, OutputProof, Reading, Recorder, Scope, StepKind,
    Verdict, judge, judge_state,
};
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

/// A scenario in which a cell goes low; the loads go off `delay` seconds after the pre-alarm.
pub(crate) fn low_cell(tape: &mut Tape, bench: &str, delay: f64) {
    let title = Title {
        path: PRE_ALARM,
        line: 9,
        feature: "Pre-alarm",
        name: "The loads stay on for thirty seconds after the pre-alarm",
        tags: &["bench:board", "clause:3.2.1-02"],
        bench,
        attempt: 1,
    };
    tape.scenario(0.0, &title);
    tape.bench(0.0, bench);
    tape.step(
        0.0,
        StepKind::Given,
        "Given",
        "a board at rest with every cell at 3.30 V",
    );
    tape.event(
        0.0,
        Event::Command {
            role: "cell 1".into(),
            action: "3.300 V".into(),
        },
    );
    low_cell_samples(tape, delay);
    tape.step_done(10.0, Verdict::Pass, "");
    tape.step(
        10.0,
        StepKind::When,
        "When",
        "cell 3 is lowered by 10 mV each second",
    );
    let change = |what: &str, to: &str, at_s: f64| Event::Change {
        what: what.into(),
        to: to.into(),
        instrument: "radio".into(),
        not_before_s: Some(at_s - 0.5),
    };
    tape.event(0.5, change("battery 1 charge allowed", "yes", 0.5));
    tape.event(30.2, change("pre-alarm contact", "on", 30.2));
    tape.event(30.5, change("battery 1 W-SL11", "set", 30.5));
    tape.step_done(60.0, Verdict::Pass, "");
    tape.step(
        60.0,
        StepKind::Then,
        "Then",
        "the pre-alarm came on at its threshold",
    );
    let threshold = judge(
        "3.2.1-01",
        "cell 3 voltage at the pre-alarm",
        Limit::Between(3.10 - 0.02, 3.10 + 0.02),
        reading(3.098, "V", 0.0041, "daq", 30.2),
        DecisionRule::GuardBand,
    );
    tape.event(60.0, Event::Judgement(threshold));
    tape.step_done(60.0, Verdict::Pass, "");
    tape.step(
        60.0,
        StepKind::Then,
        "And",
        "the loads stayed on for at least thirty seconds",
    );
    let judged = judge(
        "3.2.1-02",
        "delay",
        Limit::AtLeast(30.0),
        reading(delay, "s", 0.1, "daq", 30.2 + delay),
        DecisionRule::GuardBand,
    );
    let (verdict, reason) = (judged.verdict, judged.reason.clone());
    let reason = if verdict == Verdict::Pass {
        String::new()
    } else {
        reason
    };
    tape.event(62.0, Event::Judgement(judged));
    tape.step_done(62.0, verdict, &reason);
    tape.step(62.0, StepKind::Then, "And", "the charge contact is closed");
    let state = judge_state("3.2-06", "charge contact", "closed", "closed", "daq", 62.0);
    tape.event(62.0, Event::Judgement(state));
    tape.step_done(62.0, Verdict::Pass, "");
    tape.made_safe(64.0, &[]);
    tape.done(64.0, verdict, &reason);
}

fn low_cell_samples(tape: &Tape, delay: f64) {
    let mut columns: Vec<String> = (1..=4).map(|cell| format!("cell_{cell}_v")).collect();
    columns.extend(
        [
            "bank_v",
            "temperature_c",
            "charge_contact",
            "load_contact",
            "pre_alarm_contact",
        ]
        .map(str::to_owned),
    );
    let mut file = tape.recorder.samples(&columns).unwrap().unwrap();
    let mut noise = fastrand::Rng::with_seed(1);
    for at in 0..640 {
        let at_s = f64::from(at) * 0.1;
        let lowered = ((at_s - 10.0) * 0.01).clamp(0.0, 0.45);
        let mut row: Vec<Option<f64>> = (0..4)
            .map(|cell| {
                let lowered = if cell == 2 { lowered } else { 0.0 };
                Some(3.3 - lowered + noise.f64() * 0.001)
            })
            .collect();
        let on = |on: bool| Some(f64::from(u8::from(on)));
        row.push(row.iter().copied().sum());
        row.push(Some(20.0 + noise.f64() * 0.1));
        row.push(on(true));
        row.push(on(at_s < 30.2 + delay));
        row.push(on((30.2..30.2 + delay).contains(&at_s)));
        file.writer.row(at_s, &row).unwrap();
    }
    file.writer.flush().unwrap();
    let event = Event::Samples {
        path: file.path,
        rows: file.writer.rows(),
    };
    tape.event(64.0, event);
}

/// Skipped, inconclusive, error with a retry, and a fault: one short scenario each.
pub(crate) fn others(tape: &mut Tape) {
    let title = |name, line, attempt| Title {
        path: "features/6-troubleshooting/6.2.6-bms-functional.feature",
        line,
        feature: "Functional test of the BMS",
        name,
        tags: &["bench:battery", "clause:6.2.6-01"],
        bench: "sim-battery",
        attempt,
    };
    tape.scenario(0.0, &title("A warm battery", 5, 1));
    tape.step(0.0, StepKind::Given, "Given", "a chamber at 45 °C");
    tape.step_done(0.0, Verdict::Skipped, "");
    tape.done(0.0, Verdict::Skipped, "bench sim-battery has no chamber");

    tape.scenario(0.0, &title("The cable is pulled", 12, 1));
    tape.bench(0.0, "sim-battery");
    tape.step(
        0.0,
        StepKind::When,
        "When",
        "the cable of battery 1 is pulled",
    );
    tape.event(
        1.0,
        Event::Operator {
            instruction: "Pull the cable of battery 1".into(),
            expected: "done".into(),
            answer: Some("done".into()),
            who: "A. Tester".into(),
        },
    );
    tape.event(
        1.2,
        Event::Exchange {
            instrument: "daq".into(),
            sent: "ROUT:OPEN (@2001)".into(),
            received: String::new(),
            problem: String::new(),
        },
    );
    tape.event(
        3.2,
        Event::Exchange {
            instrument: "daq".into(),
            sent: "ROUT:OPEN? (@2001)".into(),
            received: String::new(),
            problem: "no answer within 2 s".into(),
        },
    );
    tape.step_done(
        3.2,
        Verdict::Error,
        "daq, asked `ROUT:OPEN? (@2001)`: no answer within 2 s",
    );
    tape.made_safe(5.0, &["charger"]);
    tape.done(
        5.0,
        Verdict::Error,
        "daq, asked `ROUT:OPEN? (@2001)`: no answer within 2 s",
    );

    tape.scenario(0.0, &title("The cable is pulled", 12, 2));
    tape.bench(0.0, "sim-battery");
    tape.event(
        0.0,
        Event::FaultInjected {
            fault: "slow-bms".into(),
            effect: "bms charge_delay is 0.8 s".into(),
        },
    );
    tape.event(
        0.5,
        Event::Warning {
            text: "calibration of daq ends in 12 days".into(),
        },
    );
    tape.step(
        0.5,
        StepKind::When,
        "When",
        "the cable of battery 1 is pulled",
    );
    let judged = judge(
        "6.2.6-01",
        "response of the charge contact",
        Limit::AtMost(0.5),
        reading(0.52, "s", 0.1, "daq", 1.4),
        DecisionRule::GuardBand,
    );
    let reason = judged.reason.clone();
    tape.event(2.0, Event::Judgement(judged));
    tape.step_done(2.0, Verdict::Inconclusive, &reason);
    tape.made_safe(3.0, &[]);
    tape.event(
        3.0,
        Event::MadeSafe {
            why: "end of the scenario".into(),
            proven: true,
            outputs: vec![OutputProof {
                role: "charger".into(),
                instrument: "ea".into(),
                safe: true,
                found: "off, 0.02 A".into(),
            }],
        },
    );
    tape.done(3.0, Verdict::Inconclusive, &reason);
}

/// A long charge with many noisy samples: `rows` rows of 16 columns, ten a second.
pub(crate) fn long_charge(tape: &mut Tape, rows: u32) {
    let title = Title {
        path: "features/6-troubleshooting/6.2.1-charger-cycling.feature",
        line: 20,
        feature: "Charger cycling",
        name: "A leading cell makes the charger cycle",
        tags: &["bench:battery", "clause:6.2.1-02"],
        bench: "sim-battery",
        attempt: 1,
    };
    tape.scenario(0.0, &title);
    tape.bench(0.0, "sim-battery");
    tape.step(
        0.0,
        StepKind::When,
        "When",
        "the battery is charged at 50 A up to 14.2 V",
    );
    let mut columns: Vec<String> = (1..=8)
        .map(|cell| format!("battery_1_cell_{cell}_v"))
        .collect();
    columns.extend(
        [
            "bank_v",
            "charger_v",
            "charger_a",
            "load_a",
            "temperature_c",
            "chamber_c",
            "charge_contact",
            "load_contact",
        ]
        .map(str::to_owned),
    );
    let mut file = tape.recorder.samples(&columns).unwrap().unwrap();
    let mut noise = fastrand::Rng::with_seed(2);
    let mut row = vec![None; 16];
    for at in 0..rows {
        let at_s = f64::from(at) * 0.1;
        let part = f64::from(at) / f64::from(rows);
        let charging = at % 2000 < 1500 || part < 0.5;
        for (cell, value) in row.iter_mut().take(8).enumerate() {
            let lead = if cell == 4 { 0.25 * part } else { 0.0 };
            let sag = if charging { 0.0 } else { 0.1 };
            *value = Some(3.25 + 0.2 * part + lead - sag + noise.f64() * 0.002);
        }
        row[8] = Some(row.iter().take(8).flatten().sum());
        row[9] = Some(28.4 + noise.f64() * 0.01);
        row[10] = Some(if charging { 50.0 } else { 0.0 } + noise.f64() * 0.05);
        row[11] = Some(0.0);
        row[12] = Some(20.0 + 8.0 * part + noise.f64() * 0.1);
        row[13] = Some(20.0 + noise.f64() * 0.1);
        row[14] = Some(f64::from(u8::from(charging)));
        row[15] = Some(1.0);
        file.writer.row(at_s, &row).unwrap();
    }
    file.writer.flush().unwrap();
    let end_s = f64::from(rows) * 0.1;
    tape.event(
        end_s,
        Event::Samples {
            path: file.path,
            rows: file.writer.rows(),
        },
    );
    let judged = judge(
        "6.2.1-02",
        "highest cell",
        Limit::AtMost(3.9),
        reading(3.7, "V", 0.004, "daq", end_s * 0.99),
        DecisionRule::GuardBand,
    );
    tape.event(end_s, Event::Judgement(judged));
    tape.step_done(end_s, Verdict::Pass, "");
    tape.made_safe(end_s, &[]);
    tape.done(end_s, Verdict::Pass, "");
}
