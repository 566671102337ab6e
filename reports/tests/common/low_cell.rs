//! A cell goes low.

use super::{PRE_ALARM, Tape, Title, reading};
use record::{DecisionRule, Event, Judgement, Limit, StepKind, Verdict, judge, judge_state};

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
    changes(tape);
    tape.step_done(60.0, Verdict::Pass, "");
    tape.step(
        60.0,
        StepKind::Then,
        "Then",
        "the pre-alarm came on at its threshold",
    );
    tape.event(60.0, Event::Judgement(threshold()));
    tape.step_done(60.0, Verdict::Pass, "");
    tape.step(
        60.0,
        StepKind::Then,
        "And",
        "the loads stayed on for at least thirty seconds",
    );
    let judged = delay_judged(delay);
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

fn changes(tape: &Tape) {
    let change = |what: &str, to: &str, at_s: f64| Event::Change {
        what: what.into(),
        to: to.into(),
        instrument: "radio".into(),
        not_before_s: Some(at_s - 0.5),
    };
    tape.event(0.5, change("battery 1 charge allowed", "yes", 0.5));
    tape.event(30.2, change("pre-alarm contact", "on", 30.2));
    tape.event(30.5, change("battery 1 W-SL11", "set", 30.5));
}

fn threshold() -> Judgement {
    judge(
        "3.2.1-01",
        "cell 3 voltage at the pre-alarm",
        Limit::Between(3.10 - 0.02, 3.10 + 0.02),
        reading(3.098, "V", 0.0041, "daq", 30.2),
        DecisionRule::GuardBand,
    )
}

fn delay_judged(delay: f64) -> Judgement {
    judge(
        "3.2.1-02",
        "delay",
        Limit::AtLeast(30.0),
        reading(delay, "s", 0.1, "daq", 30.2 + delay),
        DecisionRule::GuardBand,
    )
}
