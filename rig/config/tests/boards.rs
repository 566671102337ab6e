//! What a bench file says of its boards' firmware and of the probes on them.

use config::{Bench, ConfigError, Firmware, load_bench};
use std::path::PathBuf;

const BOARD: &str = include_str!("../../../fixtures/benches/sim-board-4s.yaml");
const BANK: &str = include_str!("../../../fixtures/benches/sim-bank-2s.yaml");

/// A bench file in a folder of its own, beside two images.
fn read(bench: &str, boards: &str) -> (String, Result<Bench, ConfigError>) {
    let folder = tempfile::tempdir().unwrap();
    let images = folder.path().join("firmware");
    std::fs::create_dir_all(&images).unwrap();
    std::fs::write(images.join("btv-1.16.elf"), "").unwrap();
    std::fs::write(images.join("bms-1.16.elf"), "").unwrap();
    let benches = folder.path().join("benches");
    std::fs::create_dir_all(&benches).unwrap();
    let path = benches.join("a.yaml");
    // first, so that the places of mistakes don't depend on the rest
    std::fs::write(&path, format!("boards:\n{boards}\n{bench}")).unwrap();
    (folder.path().display().to_string(), load_bench(&path))
}

/// What is said of a wrong section.
fn said(bench: &str, boards: &str) -> String {
    let (folder, result) = read(bench, boards);
    let error = result.expect_err("a mistake must be found");
    format!("{error}\n").replace(&folder, "FOLDER")
}

#[test]
fn boards_are_native_and_without_probes_unless_something_else_is_said() {
    let (_, bench) = read(BOARD, "  {}");
    let bench = bench.unwrap();
    assert_eq!(bench.boards, config::Boards::default());
    let asked = |word: &str| word.starts_with("probe:") || word.starts_with("image:");
    assert!(!bench.gives().iter().any(|word| asked(word)));
}

#[test]
fn images_are_found_from_the_bench_file_on() {
    let (folder, bench) = read(
        BOARD,
        "  btv:
    firmware: ../firmware/btv-1.16.elf
    probe: { selector: '0483:374b', serial: 066DFF, chip: STM32F030C8Tx, under_reset: true }
  bms: { firmware: native, probe: { selector: '0483:374b', serial: 066EFF, chip: STM32F030C8Tx } }
",
    );
    let bench = bench.unwrap();
    let image = PathBuf::from(folder).join("firmware/btv-1.16.elf");
    assert_eq!(bench.boards.btv.firmware, Firmware::Image(image));
    assert_eq!(bench.boards.bms.firmware, Firmware::Native);
    let probe = |role: &config::BoardRole| role.probe.clone().unwrap();
    let (btv, bms) = (probe(&bench.boards.btv), probe(&bench.boards.bms));
    assert_eq!(btv.serial.as_deref(), Some("066DFF"));
    assert!(btv.under_reset && !bms.under_reset);
    let gives = bench.gives();
    for (word, given) in [
        ("probe:btv", true),
        ("probe:bms", true),
        ("image:btv", true),
        ("image:bms", false),
    ] {
        assert_eq!(gives.contains(word), given, "{word}");
    }
}

#[test]
fn mistakes_are_told_with_their_place() {
    let probe = "{ selector: '0483:374b', chip: STM32F030C8Tx }";
    let mut text = String::new();
    for boards in [
        "  btw: { firmware: native }",
        "  btv: { firmwear: native }",
        "  btv: { firmware: nativ }",
        "  btv: { firmware: ../firmware/btv-1.16 }",
        "  btv: { firmware: ../firmware/btv-1.61.elf }",
        "  btv: { firmware: firmware/btv-1.16.elf }",
        "  btv: { probe: { selector: 'st-link', chip: STM32F030C8Tx } }",
        "  btv: { probe: { selector: '0483:374b:066DFF', chip: STM32F030C8Tx } }",
        "  btv: { probe: { selector: '0483:374b' } }",
        "  btv: { probe: { selector: '0483:374b', serial: '', chip: ' ' } }",
        &format!("  btv: {{ probe: {probe} }}\n  bms: {{ probe: {probe} }}"),
    ] {
        text += &said(BOARD, boards);
    }
    text += &said(BANK, &format!("  btv: {{ probe: {probe} }}"));
    insta::assert_snapshot!(text);
}
