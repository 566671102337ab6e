//! What a bench file says of an instrument's accuracy, key by key, and of the decision rule.

use config::{AccuracyTerm, Rule, parse_bench};
use std::path::Path;

const BOARD: &str = include_str!("../../../fixtures/benches/sim-board-4s.yaml");

fn meter(voltage: &str) -> AccuracyTerm {
    let start = BOARD.find("  daq:").expect("the bench has a meter");
    let from = start
        + BOARD[start..]
            .find("voltage: {")
            .expect("it measures voltages");
    let to = from + BOARD[from..].find('}').expect("the braces close") + 1;
    let text = format!("{}voltage: {{ {voltage} }}{}", &BOARD[..from], &BOARD[to..]);
    let bench = parse_bench(&text, Path::new("a.yaml")).expect("a good file");
    bench.instruments["daq"].accuracy.voltage
}

#[test]
fn each_part_of_an_accuracy_is_read() {
    let plain = meter("of_reading: 0.1 %, constant: 2 mV");
    assert_eq!((plain.of_reading.0, plain.constant), (0.1, 0.002));
    assert_eq!((plain.resolution, plain.noise), (0.0, 0.0));
    let whole = meter("constant: 2 mV, resolution: 100 µV, noise: 50 µV");
    assert!((whole.resolution - 1e-4).abs() < 1e-12, "{whole:?}");
    assert!((whole.noise - 5e-5).abs() < 1e-12, "{whole:?}");
}

#[test]
fn the_three_decision_rules_are_known() {
    for (word, rule) in [
        ("guard-band", Rule::GuardBand),
        ("simple-acceptance", Rule::SimpleAcceptance),
        ("non-binary", Rule::NonBinary),
    ] {
        let text = BOARD.replace(
            "decision_rule: guard-band",
            &format!("decision_rule: {word}"),
        );
        let bench = parse_bench(&text, Path::new("a.yaml")).expect("a good file");
        assert_eq!(bench.lab.rule, rule);
    }
}
