//! Findings that are neither pass nor fail.

use super::{Tape, Title, reading};
use record::{DecisionRule, Event, Limit, OutputProof, StepKind, Verdict, judge};

/// Skipped, inconclusive, error with a retry, and a fault: one short scenario each.
pub(crate) fn others(tape: &mut Tape) {
    skipped(tape);
    error(tape);
    inconclusive(tape);
}

fn title(name: &str, line: usize, attempt: u32) -> Title<'_> {
    Title {
        path: "features/6-troubleshooting/6.2.6-bms-functional.feature",
        line,
        feature: "Functional test of the BMS",
        name,
        tags: &["bench:battery", "clause:6.2.6-01"],
        bench: "sim-battery",
        attempt,
    }
}

fn skipped(tape: &mut Tape) {
    tape.scenario(0.0, &title("A warm battery", 5, 1));
    tape.step(0.0, StepKind::Given, "Given", "a chamber at 45 °C");
    tape.step_done(0.0, Verdict::Skipped, "");
    tape.done(0.0, Verdict::Skipped, "bench sim-battery has no chamber");
}

fn error(tape: &mut Tape) {
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
}

fn inconclusive(tape: &mut Tape) {
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
    tape.event(
        0.5,
        Event::Firmware {
            board: "BMS board".into(),
            probe: "probe 12".into(),
            moment: "found".into(),
            version: Some("1.3".into()),
            build: None,
            flash_sha256: Some("f1a5".repeat(16)),
            image: None,
            problem: String::new(),
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
