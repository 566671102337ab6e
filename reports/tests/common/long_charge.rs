//! Many samples.

use super::{Tape, Title, reading};
use record::{DecisionRule, Event, Limit, SampleFile, StepKind, Verdict, judge};

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
    let file = samples(tape, rows);
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

fn samples(tape: &Tape, rows: u32) -> SampleFile {
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
    file
}
