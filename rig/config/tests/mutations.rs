//! Whatever stands in a file, the loaders answer: a value or an error with a place, never a panic.

use config::{
    ConfigError, parse_battery_device, parse_battery_product, parse_bench, parse_bms_device,
    parse_bms_product, parse_clauses, parse_fault,
};
use proptest::prelude::*;
use std::path::Path;

const FILES: [&str; 7] = [
    include_str!("../../../fixtures/benches/lab-example.yaml"),
    include_str!("../../../fixtures/benches/sim-board-4s.yaml"),
    include_str!("../../../fixtures/faults/pre-alarm-delay-short.yaml"),
    include_str!("../../../fixtures/devices/batteries/lfp-smart-12.8-100.yaml"),
    include_str!("../../../fixtures/products/batteries/lfp-smart-12.8-100.yaml"),
    include_str!("../../../fixtures/devices/bms/smallbms.yaml"),
    include_str!("../../../fixtures/products/bms/smart-bms-12-200.yaml"),
];

/// What mutations put in.
const PIECES: [&str; 24] = [
    "",
    " ",
    "\n",
    "\t",
    ":",
    "- ",
    "[",
    "]",
    "{",
    "}",
    "0",
    "-1",
    "99999999999999999999 V",
    "1e308 V",
    "NaN",
    "'",
    "\"",
    "&a ",
    "*a",
    "<<: ",
    "!!int ",
    "\u{0}",
    "Ω",
    "---\n",
];

fn mutated() -> impl Strategy<Value = String> {
    let edit = (
        any::<prop::sample::Index>(),
        0..12_usize,
        prop::sample::select(&PIECES[..]),
    );
    let edits = prop::collection::vec(edit, 1..4);
    (prop::sample::select(&FILES[..]), edits).prop_map(|(file, edits)| {
        let mut text: Vec<char> = file.chars().collect();
        for (at, remove, piece) in edits {
            let start = at.index(text.len() + 1);
            let end = (start + remove).min(text.len());
            text.splice(start..end, piece.chars());
        }
        text.into_iter().collect()
    })
}

/// Whole values exchanged for others of the same file.
fn shuffled() -> impl Strategy<Value = String> {
    let pair = (any::<prop::sample::Index>(), any::<prop::sample::Index>());
    let pairs = prop::collection::vec(pair, 1..3);
    (prop::sample::select(&FILES[..]), pairs).prop_map(|(file, pairs)| {
        let mut lines: Vec<String> = file.lines().map(str::to_owned).collect();
        for (one, other) in pairs {
            let (one, other) = (one.index(lines.len()), other.index(lines.len()));
            let value = |line: &str| line.split_once(": ").map(|(_, value)| value.to_owned());
            let key = |line: &str| line.split_once(": ").map(|(key, _)| key.to_owned());
            if let (Some(key), Some(value)) = (key(&lines[one]), value(&lines[other])) {
                lines[one] = format!("{key}: {value}");
            }
        }
        lines.join("\n")
    })
}

fn answers<T>(answer: Result<T, ConfigError>) -> Result<(), TestCaseError> {
    if let Err(error) = answer {
        let text = error.to_string();
        prop_assert!(text.starts_with("a.yaml:"), "{text}");
        for problem in error.problems() {
            prop_assert!(!problem.what.is_empty());
        }
        prop_assert!(!error.problems().is_empty());
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_a_loader_panic(text in prop_oneof![mutated(), shuffled()]) {
        let path = Path::new("a.yaml");
        answers(parse_bench(&text, path))?;
        answers(parse_fault(&text, path))?;
        answers(parse_clauses(&text, path))?;
        answers(parse_battery_device(&text, path))?;
        answers(parse_battery_product(&text, path))?;
        answers(parse_bms_device(&text, path))?;
        answers(parse_bms_product(&text, path))?;
    }
}
