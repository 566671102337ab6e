//! A battery after an interruption: as it was left, or not.

use crate::rig::Rig;
use bench::{Bench, BenchError, LeftBehind};
use std::collections::BTreeMap;

fn opened(cells_v: [f64; 4], temperature_c: Option<f64>) -> (Rig, Result<Bench, BenchError>) {
    let rig = Rig::new("sim-battery");
    let mut parts = rig.parts();
    parts.left = Some(LeftBehind {
        cells_v: vec![cells_v.to_vec()],
        temperature_c,
        instruments: BTreeMap::new(),
    });
    (rig, Bench::open(parts))
}

#[test]
fn a_battery_that_only_rested_is_gone_on_with() {
    // From the end of a charge; a cell that nobody had measured shows nothing.
    let (rig, bench) = opened([3.58, 3.55, 3.3, 3.2], Some(24.0));
    bench.unwrap();
    let noted = rig.journal().into_iter().any(|entry| {
        matches!(entry.event, record::Event::Note { text } if text.starts_with("the battery is as it was left"))
    });
    assert!(noted);
}

#[test]
fn a_battery_that_changed_is_not_energised() {
    for (cells_v, temperature_c, told) in [
        (
            [3.3, 2.9, 3.3, 3.3],
            None,
            "bench sim-battery isn't as the interrupted run left it, and nothing was energised: cell 2 of battery 1 was left at 2.900 V and is at 3.300 V; look what happened, then start anew",
        ),
        (
            [3.3, 3.3, 3.3, f64::NAN],
            None,
            "bench sim-battery isn't as the interrupted run left it, and nothing was energised: cell 4 of battery 1 was left at NaN V and is at 3.300 V; look what happened, then start anew",
        ),
        (
            [3.3; 4],
            Some(50.0),
            "bench sim-battery isn't as the interrupted run left it, and nothing was energised: the battery was left at 50.0 °C and is at 25.0 °C; look what happened, then start anew",
        ),
    ] {
        let (rig, bench) = opened(cells_v, temperature_c);
        let Err(error) = bench else {
            panic!("opened");
        };
        assert_eq!(error.to_string(), told);
        let log = rig.state.take_log();
        assert!(!log.iter().any(|line| line.ends_with(" on")), "{log:?}");
    }
}

#[test]
fn with_another_instrument_nothing_is_energised() {
    let rig = Rig::new("sim-battery");
    let mut parts = rig.parts();
    parts.left = Some(LeftBehind {
        cells_v: vec![vec![3.3; 4]],
        temperature_c: None,
        instruments: BTreeMap::from([("charger".to_owned(), "somebody else's".to_owned())]),
    });
    let Err(error) = Bench::open(parts) else {
        panic!("opened");
    };
    let told = error.to_string();
    assert!(
        told.contains("charger was a somebody else's and is a "),
        "{told}"
    );
    let log = rig.state.take_log();
    assert!(!log.iter().any(|line| line.ends_with(" on")), "{log:?}");
}

#[test]
fn a_long_time_leaves_checkpoints() {
    let rig = Rig::new("sim-battery");
    let mut bench = rig.open().unwrap();
    bench.enter_phase("a day of rest");
    for _ in 0..5 {
        bench.sleep(std::time::Duration::from_secs(1801)).unwrap();
        bench.snapshot().unwrap();
    }
    let checkpoints: Vec<String> = rig
        .journal()
        .into_iter()
        .filter_map(|entry| match entry.event {
            record::Event::Checkpoint { phase, cells_v, .. } => Some(format!(
                "{} s: {phase}, {} cells",
                entry.at_s,
                cells_v.iter().flatten().count()
            )),
            _ => None,
        })
        .collect();
    assert_eq!(
        checkpoints,
        [
            "0 s: a day of rest, 0 cells",
            "3602 s: a day of rest, 4 cells",
            "7204 s: a day of rest, 4 cells"
        ]
    );
}
