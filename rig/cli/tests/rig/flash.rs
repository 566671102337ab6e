//! `rig flash`: a board programmed from the command line, and what people read when it can't be.

use crate::command::{fixtures, rig};
use serde_json::Value;

const BENCH: &str = "sim-board-4s-firmware";

fn image(name: &str) -> String {
    fixtures().join("firmware").join(name).display().to_string()
}

#[test]
fn either_board_is_programmed() {
    for (board, version) in [("btv", "1.15"), ("bms", "1.16")] {
        let image = image(&format!("{board}-{version}.elf"));
        let done = rig(&[
            "flash", "--bench", BENCH, "--board", board, "--format", "json", &image,
        ]);
        assert_eq!(done.code, 0, "{}", done.stderr);
        let told: Value = serde_json::from_str(&done.stdout).unwrap();
        assert_eq!(told["format"], "rig.flash/1");
        assert_eq!(told["before"]["version"], "1.16");
        assert_eq!(told["after"]["version"], version);
        assert_eq!(told["image_sha256"], told["flash_sha256"]);
        assert_eq!(told["chip_compared"], true);
        // one line a step where there is no terminal
        for step in [
            "making contact with the chip",
            "verifying flash",
            "reading flash back",
        ] {
            assert!(done.stderr.contains(step), "{step}: {}", done.stderr);
        }
    }
}

#[test]
fn people_read_what_happened() {
    let image = image("btv-1.15.elf");
    let done = rig(&["flash", "--bench", BENCH, "--board", "btv", &image]);
    assert_eq!(done.code, 0, "{}", done.stderr);
    let lines: Vec<&str> = done.stdout.lines().collect();
    assert!(
        lines[0].contains("programmed, verified and read back: "),
        "{lines:?}"
    );
    assert!(
        lines[1].starts_with("before: version 1.16, build "),
        "{lines:?}"
    );
    assert!(
        lines[2].starts_with("now:    version 1.15, build "),
        "{lines:?}"
    );
}

/// All of flash, boot loader included, goes only when somebody says so; then nothing starts, and that
/// is told.
#[test]
fn a_chip_is_erased_on_demand() {
    let image = image("btv-1.16.elf");
    let done = rig(&[
        "flash",
        "--bench",
        BENCH,
        "--board",
        "btv",
        "--yes-erase-chip",
        &image,
    ]);
    assert_eq!(done.code, 2, "{}", done.stdout);
    let told = "the board doesn't start btv 1.16";
    assert!(done.stderr.contains(told), "{}", done.stderr);
}

#[test]
fn what_cannot_be_programmed_is_refused_with_the_reason() {
    let bms = image("bms-1.16.elf");
    let none = image("btv-9.99.elf");
    for (arguments, code, text) in [
        (
            [BENCH, "btv", bms.as_str()],
            2,
            "bms-1.16.elf is firmware for the bms board, not for btv",
        ),
        (
            [BENCH, "btv", none.as_str()],
            2,
            "btv-9.99.elf can't be read: No such file",
        ),
        (
            ["sim-board-4s", "btv", bms.as_str()],
            64,
            "battery board: this bench has no debug probe on it; describe one under `boards` in the bench file",
        ),
        (
            ["sim-board-5s", "btv", bms.as_str()],
            2,
            "did you mean `sim-board-4s`?",
        ),
    ] {
        let [bench, board, image] = arguments;
        let done = rig(&["flash", "--bench", bench, "--board", board, image]);
        assert_eq!(done.code, code, "{arguments:?}: {}", done.stderr);
        assert!(done.stderr.contains(text), "{arguments:?}: {}", done.stderr);
    }
}

#[test]
fn boards_that_no_bench_can_program_are_wrong_usage() {
    let image = image("btv-1.16.elf");
    let named = format!("btv={image}");
    for (arguments, text) in [
        (
            &["--firmware", "btw=x.elf"][..],
            "names no board and image; write `btv=FILE` or `bms=FILE`",
        ),
        (
            &["--firmware", "btv=nowhere.elf"],
            "there is no image nowhere.elf",
        ),
        (
            &["--firmware", &named],
            "no bench of this run has a debug probe on its battery board",
        ),
        (
            &["--flash"],
            "no bench of this run has a debug probe on a board",
        ),
    ] {
        let mut all = vec!["run", "--bench", "sim-board-4s"];
        all.extend(arguments);
        let done = rig(&all);
        assert_eq!(done.code, 64, "{arguments:?}: {}", done.stderr);
        assert!(done.stderr.contains(text), "{arguments:?}: {}", done.stderr);
    }
}

#[test]
fn chips_and_images_of_a_bench_file_are_checked() {
    let folder = tempfile::tempdir().unwrap();
    let file = fixtures().join("benches/sim-board-4s-firmware.yaml");
    let good = std::fs::read_to_string(file).unwrap();
    let firmware = fixtures().join("firmware").display().to_string();
    let good = good.replace("../firmware", &firmware);
    for (before, after, text) in [
        (
            "serial: BTV-1, chip: STM32F030C8Tx",
            "serial: BTV-1, chip: STM32F03OC8Tx",
            "battery board: `STM32F03OC8Tx` is no chip that can be programmed; did you mean `STM32F030C8Tx`?",
        ),
        (
            "bms-1.16.elf",
            "btv-1.16.elf",
            "btv-1.16.elf is firmware for the btv board, not for bms",
        ),
        (
            "bms-1.16.elf",
            "bms-1.61.elf",
            "did you mean `bms-1.16.elf`?",
        ),
    ] {
        let path = folder.path().join("bench.yaml");
        std::fs::write(&path, good.replace(before, after)).unwrap();
        let done = rig(&["check", path.to_str().unwrap()]);
        assert_eq!(done.code, 1, "{after}: {}{}", done.stdout, done.stderr);
        assert!(done.stdout.contains(text), "{after}: {}", done.stdout);
    }
}
