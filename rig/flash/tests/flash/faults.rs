//! Programming that fails half-way: what is said, what is in flash, and that doing it again mends it.

use crate::Bench;
use crate::files::{FLASH, counting};
use api::{FlashError, FlashState, Flasher};
use flash::ProbeFlasher;
use probe::{Fault, FlashFault};
use std::sync::PoisonError;
use std::time::Duration;

const LENGTH: usize = 6 * 1024;

/// Programs with a fault, then without one. What was said at first.
fn fails_and_recovers(serial: &str, fault: Fault) -> (FlashState, String) {
    let bench = Bench::new(serial);
    bench.program(&counting(1, LENGTH)).expect("it succeeds");
    bench.chip(|chip| chip.inject(fault));
    let image = counting(2, LENGTH);
    let error = bench.program(&image).expect_err("something is wrong");
    assert!(!bench.holds(&image), "{error}");
    bench.heal();
    let done = bench.program(&image).expect("programming again succeeds");
    assert_eq!(done.image_sha256, done.flash_sha256);
    assert!(bench.holds(&image));
    (error.state(), bench.text(&error))
}

#[test]
fn the_supply_goes() {
    let faults = [
        FlashFault::PowerCutAfterHalfWords(0),
        FlashFault::PowerCutAfterHalfWords(1_500),
        FlashFault::PowerCutAfterErases(2),
    ];
    for (number, fault) in faults.into_iter().enumerate() {
        let (state, text) = fails_and_recovers(&format!("supply {number}"), Fault::Flash(fault));
        assert_eq!(state, FlashState::Partial);
        assert!(
            text.ends_with("program it again: that recovers it"),
            "{text}"
        );
        assert!(
            text.contains(&format!("serial number supply {number}, ")),
            "{text}"
        );
    }
}

#[test]
fn the_cable_comes_off_while_erasing() {
    let fault = Fault::Flash(FlashFault::CablePulledAfterErases(3));
    let (_, text) = fails_and_recovers("cable", fault);
    insta::assert_snapshot!(text, @"battery board: debug probe 1209:0001 with serial number cable, erasing flash: Failed to erase flash sector at address 0x08000c00: Failed to read the core status: Target device did not respond to request; its flash is partly erased or partly written; check the cable and the board's supply, and program it again: that recovers it");
}

/// Wherever it comes off: an error, or nothing was lost.
#[test]
fn the_cable_comes_off_anywhere() {
    let bench = Bench::new("anywhere");
    let mut states = Vec::new();
    for (step, transfers) in [10, 60, 200, 2_000, 20_000, 25_000, 40_000]
        .into_iter()
        .enumerate()
    {
        let image = counting(step as u8 + 1, LENGTH);
        bench.chip(|chip| chip.inject(Fault::CablePulledAfterTransfers(transfers)));
        if let Err(error) = bench.program(&image) {
            states.push(error.state());
        }
        bench.heal();
        let done = bench.program(&image).expect("programming again succeeds");
        assert_eq!(done.image_sha256, done.flash_sha256);
    }
    assert!(states.contains(&FlashState::Untouched), "{states:?}");
    assert!(states.contains(&FlashState::Partial), "{states:?}");
}

#[test]
fn a_page_is_worn() {
    let fault = Fault::Flash(FlashFault::WornPage(FLASH + 0x800));
    let (state, text) = fails_and_recovers("worn", fault);
    assert_eq!(state, FlashState::Partial);
    insta::assert_snapshot!(text, @"battery board: debug probe 1209:0001 with serial number worn, programming flash: The page write of the page at address 0x08000800 failed: The execution of 'program_page' failed with code 1. This might indicate a problem with the flash algorithm; its flash is partly erased or partly written; program it again; if that fails too, this place of its flash is protected against writing or worn out: take the protection off, or replace the board");
}

#[test]
fn a_bit_is_stuck() {
    let image = counting(2, LENGTH);
    // a bit that the image wants to be 0
    let at = (0x900..LENGTH)
        .step_by(2)
        .find(|at| image[*at] & 1 == 0)
        .expect("there is one");
    let address = FLASH + at as u32;
    let fault = FlashFault::StuckBit { address, bit: 0 };
    let (_, text) = fails_and_recovers("stuck", Fault::Flash(fault));
    insta::assert_snapshot!(text, @"battery board: debug probe 1209:0001 with serial number stuck: flash differs from FOLDER/image.bin from 0x08000908 on (read 0x3b, programmed 0x3a); program it again, and replace the board if that fails too");
}

#[test]
fn pages_are_protected() {
    let bench = Bench::new("protected");
    bench.chip(|chip| chip.inject(Fault::WriteProtected(FLASH + 0x1000)));
    let error = bench
        .program(&counting(2, LENGTH))
        .expect_err("it is protected");
    insta::assert_snapshot!(bench.text(&error), @"battery board: debug probe 1209:0001 with serial number protected, erasing flash: Failed to erase flash sector at address 0x08001000: The execution of 'erase_sector' failed with code 1. This might indicate a problem with the flash algorithm; its flash is partly erased or partly written; program it again; if that fails too, this place of its flash is protected against writing or worn out: take the protection off, or replace the board");
}

/// Slow flash is no error.
#[test]
fn a_slow_chip_is_waited_for() {
    let bench = Bench::new("slow");
    bench.chip(|chip| chip.inject(Fault::Flash(FlashFault::Slow(10))));
    let image = counting(2, 2048);
    bench.program(&image).expect("it succeeds");
    assert!(bench.holds(&image));
}

/// The probe blocks for ever: whoever waits for it gets an answer all the same.
#[test]
fn a_probe_that_says_nothing_is_given_up() {
    let bench = Bench::new("silent");
    let mut setup = bench.setup();
    setup.patience = Duration::from_millis(200);
    let held = bench.chip.lock().unwrap_or_else(PoisonError::into_inner);
    let error = ProbeFlasher::new(setup)
        .identify()
        .expect_err("nobody answers");
    drop(held);
    assert!(matches!(error, FlashError::Silent { .. }));
    insta::assert_snapshot!(error.to_string(), @"battery board: debug probe 1209:0001 with serial number silent, making contact with the chip: no sign of life for 200ms; its flash is as it was; unplug the probe, plug it in again, and repeat");
}
