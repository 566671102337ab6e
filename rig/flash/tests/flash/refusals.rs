//! Everything that is refused before a chip is touched, in its own words.

use crate::files::{Elf, FLASH, counting, crc32, hex};
use crate::{Bench, program};
use api::{BoardKind, FlashError, FlashState, Flasher};
use flash::{ProbeFlasher, ProbeSetup};
use probe::Fault;

/// What programming with another setup says; flash stays as it was.
fn refused(bench: &Bench, change: impl FnOnce(&mut ProbeSetup)) -> String {
    let mut setup = bench.setup();
    change(&mut setup);
    let path = bench.file("image.bin", &counting(1, 100));
    let error = program(&mut ProbeFlasher::new(setup), &path).expect_err("it is refused");
    assert_eq!(error.state(), FlashState::Untouched);
    assert_eq!(bench.chip(|chip| chip.flash_wear()), (0, 0));
    bench.text(&error)
}

/// What programming a file says; flash stays as it was.
fn refused_file(bench: &Bench, name: &str, file: &[u8]) -> String {
    let path = bench.file(name, file);
    let error = program(&mut bench.flasher(), &path).expect_err("it is refused");
    assert_eq!(error.state(), FlashState::Untouched);
    assert_eq!(bench.chip(|chip| chip.flash_wear()), (0, 0));
    bench.text(&error)
}

#[test]
fn chips_that_nobody_described() {
    let bench = Bench::new("unknown chip");
    let near = refused(&bench, |setup| setup.chip = "STM32F03OC8Tx".to_owned());
    let far = refused(&bench, |setup| setup.chip = "Z80".to_owned());
    insta::assert_snapshot!(format!("{near}\n{far}"), @r"
battery board: `STM32F03OC8Tx` is no chip that can be programmed; did you mean `STM32F030C8Tx`?
battery board: `Z80` is no chip that can be programmed; write its whole name, as in `STM32F030C8Tx`
");
}

#[test]
fn selectors_that_mean_nothing() {
    let bench = Bench::new("selectors");
    let texts = ["st-link", "1209", "12g9:0001"]
        .map(|selector| refused(&bench, |setup| setup.selector = selector.to_owned()));
    insta::assert_snapshot!(texts.join("\n"), @r"
battery board: `st-link` selects no debug probe: there is no `:` in it; write vendor and product number in hexadecimal, as in `0483:374b`, and the serial number under `serial`
battery board: `1209` selects no debug probe: there is no `:` in it; write vendor and product number in hexadecimal, as in `0483:374b`, and the serial number under `serial`
battery board: `12g9:0001` selects no debug probe: its numbers aren't hexadecimal, or too large; write vendor and product number in hexadecimal, as in `0483:374b`, and the serial number under `serial`
");
}

#[test]
fn probes_that_are_not_there() {
    let bench = Bench::new("somebody");
    let text = refused(&bench, |setup| setup.serial = Some("nobody".to_owned()));
    // other tests' probes are plugged in as well
    let (before, after) = text
        .split_once("; there are ")
        .expect("it says which there are");
    assert!(
        after.contains("1209:0001 with serial number somebody"),
        "{text}"
    );
    insta::assert_snapshot!(before, @"battery board: no debug probe 1209:0001 with serial number nobody");
    assert!(
        after.ends_with("; plug it in, or correct `probe` in the bench file"),
        "{text}"
    );
}

#[test]
fn probes_of_which_there_are_two() {
    let bench = Bench::new("one of two");
    let _other = Bench::new("two of two");
    let text = refused(&bench, |setup| setup.serial = None);
    let shown = "1209:0001 with serial number one of two";
    assert!(
        text.contains(shown) && text.contains("two of two"),
        "{text}"
    );
    assert!(text.starts_with("battery board: "), "{text}");
    assert!(
        text.contains(" debug probes fit 1209:0001: ")
            && text.ends_with("; name one by `serial` in the bench file"),
        "{text}"
    );
}

#[test]
fn a_probe_that_was_pulled_out() {
    let bench = Bench::new("pulled out");
    let mut flasher = bench.flasher();
    flasher.identify().expect("it is there");
    drop(bench.plugged);
    let text = flasher.identify().expect_err("it is gone").to_string();
    assert!(
        text.starts_with("battery board: no debug probe 1209:0001 with serial number pulled out; "),
        "{text}"
    );
}

#[test]
fn a_probe_on_the_wrong_chip() {
    let bench = Bench::new("wrong chip");
    bench.chip(|chip| chip.inject(Fault::WrongChip(0x2000_6444)));
    let text = refused(&bench, |_| {});
    insta::assert_snapshot!(text, @"battery board: debug probe 1209:0001 with serial number wrong chip is on a chip that says it is 0x444, and STM32F030C8Tx says 0x440; nothing was erased: plug the probe onto the right board, or correct `chip` in the bench file");
}

#[test]
fn a_board_without_supply() {
    let bench = Bench::new("dark");
    bench.chip(|chip| chip.power_off());
    let text = refused(&bench, |_| {});
    insta::assert_snapshot!(text, @"battery board: debug probe 1209:0001 with serial number dark, making contact with the chip: No target responded to the debug port. Check that the target is connected and powered, and that the SWD/JTAG wiring is correct: Target device did not respond to request; its flash is as it was; check the board's supply and the cable to it; firmware that sleeps or uses the debug pins needs `under_reset: true` in the bench file");
}

#[test]
fn files_that_are_no_images() {
    let bench = Bench::new("no images");
    let good = Elf::new(vec![(FLASH, counting(1, 400))]).bytes();
    let broken_hex = hex(FLASH, &[1, 2, 3]).replace("010203", "010204");
    let endless_hex = hex(FLASH, &[1, 2, 3]).replace(":00000001FF\n", "");
    let mut texts = vec![
        refused_file(&bench, "image.txt", b"hello"),
        refused_file(&bench, "image.elf", b"hello, I am not an ELF file at all"),
        refused_file(&bench, "short.elf", &good[..40]),
        refused_file(&bench, "cut.elf", &good[..300]),
        refused_file(&bench, "empty.elf", &Elf::new(vec![]).bytes()),
        refused_file(&bench, "empty.bin", &[]),
        refused_file(&bench, "broken.hex", broken_hex.as_bytes()),
        refused_file(&bench, "endless.hex", endless_hex.as_bytes()),
    ];
    let missing = bench.file("missing.elf", &[]);
    std::fs::remove_file(&missing).expect("it was there");
    let error = program(&mut bench.flasher(), &missing).expect_err("it is refused");
    texts.push(bench.text(&error));
    insta::assert_snapshot!(texts.join("\n"), @r"
battery board: FOLDER/image.txt is no `.elf`, `.hex` or `.bin` file
battery board: FOLDER/image.elf is no ELF file: Unknown file magic; build it again, or copy it again
battery board: FOLDER/short.elf is no ELF file: Invalid ELF header size or alignment; build it again, or copy it again
battery board: FOLDER/cut.elf is cut off: its segment at 0x08000000 ends 184 bytes after the file does; copy it again
battery board: FOLDER/empty.elf has nothing to program in it
battery board: FOLDER/empty.bin has nothing to program in it
battery board: FOLDER/broken.hex is no Intel HEX file: invalid checksum 'F6', expecting 'F7'; build it again, or copy it again
battery board: FOLDER/endless.hex is no Intel HEX file: its last record is missing; build it again, or copy it again
battery board: FOLDER/missing.elf can't be read: No such file or directory (os error 2)
");
}

#[test]
fn images_for_another_processor() {
    let bench = Bench::new("processors");
    let mut riscv = Elf::new(vec![(FLASH, counting(1, 400))]);
    riscv.machine = 243;
    let mut bigger = Elf::new(vec![(FLASH, counting(1, 400))]);
    bigger.architecture = 13;
    let host = std::fs::read(std::env::current_exe().expect("this test")).expect("it is a file");
    let texts = [
        refused_file(&bench, "host.elf", &host),
        refused_file(&bench, "riscv.elf", &riscv.bytes()),
        refused_file(&bench, "bigger.elf", &bigger.bytes()),
    ];
    insta::assert_snapshot!(texts.join("\n"), @r"
battery board: FOLDER/host.elf is built for a 64-bit processor, and STM32F030C8Tx is an ARMv6-M; build it for thumbv6m-none-eabi
battery board: FOLDER/riscv.elf is built for a RISC-V processor, and STM32F030C8Tx is an ARMv6-M; build it for thumbv6m-none-eabi
battery board: FOLDER/bigger.elf is built for ARMv7E-M, and STM32F030C8Tx is an ARMv6-M; build it for thumbv6m-none-eabi
");
}

#[test]
fn images_that_do_not_fit() {
    let bench = Bench::new("sizes");
    let elf = |address, length| Elf::new(vec![(address, counting(1, length))]).bytes();
    let two = Elf::new(vec![(FLASH, vec![1; 64]), (FLASH + 32, vec![2; 64])]).bytes();
    let texts = [
        refused_file(&bench, "large.elf", &elf(FLASH + 0xF000, 0x1004)),
        refused_file(&bench, "large.bin", &vec![0; 0x1_0001]),
        refused_file(&bench, "outside.elf", &elf(0x0000_0000, 400)),
        refused_file(&bench, "memory.elf", &elf(0x2000_0000, 400)),
        refused_file(
            &bench,
            "beyond.hex",
            hex(FLASH + 0x1_0000, &[1, 2, 3]).as_bytes(),
        ),
        refused_file(&bench, "twice.elf", &two),
    ];
    insta::assert_snapshot!(texts.join("\n"), @r"
battery board: FOLDER/large.elf needs flash up to 0x08010004, and STM32F030C8Tx has 65536 bytes up to 0x08010000; build a smaller one, or correct `chip` in the bench file
battery board: FOLDER/large.bin needs flash up to 0x08010001, and STM32F030C8Tx has 65536 bytes up to 0x08010000; build a smaller one, or correct `chip` in the bench file
battery board: FOLDER/outside.elf has 400 bytes for 0x00000000, which is outside of the flash of STM32F030C8Tx (0x08000000 to 0x08010000); link it for this chip
battery board: FOLDER/memory.elf has 400 bytes for 0x20000000, which is outside of the flash of STM32F030C8Tx (0x08000000 to 0x08010000); link it for this chip
battery board: FOLDER/beyond.hex has 3 bytes for 0x08010000, which is outside of the flash of STM32F030C8Tx (0x08000000 to 0x08010000); link it for this chip
battery board: FOLDER/twice.elf has two different parts for 0x08000020
");
}

/// A BMS's firmware with a good header, offered to a battery board.
#[test]
fn an_image_for_another_board() {
    let bench = Bench::new("another board");
    let mut image = vec![0; 0x44];
    image[..4].copy_from_slice(b"RIGF");
    image[4] = 2;
    image[8] = 0x44;
    let crc = crc32(&image[0x10..]);
    image[0x0C..0x10].copy_from_slice(&crc.to_le_bytes());
    let text = refused_file(
        &bench,
        "bms.elf",
        &Elf::new(vec![(FLASH + 0x8000, image)]).bytes(),
    );
    insta::assert_snapshot!(text, @"battery board: FOLDER/bms.elf is firmware for the bms board, not for btv");
}

/// Texts of what a software probe can't bring about, and of two that its tests don't show.
#[test]
fn every_refusal_says_what_to_do() {
    let (board, probe) = (BoardKind::Bms, "0483:374b".to_owned());
    let errors = [
        FlashError::NotPermitted {
            board,
            probe: probe.clone(),
        },
        FlashError::NoProbe {
            board,
            probe,
            found: Vec::new(),
        },
        FlashError::NoConsent { board },
        FlashError::Absent { board },
    ];
    let texts = errors.map(|error| {
        assert_eq!(error.state(), FlashState::Untouched);
        error.to_string()
    });
    insta::assert_snapshot!(texts.join("\n"), @r"
BMS board: debug probe 0483:374b is there, but may not be used: give yourself access to it (on Linux a udev rule), or run rig as someone who has it
BMS board: no debug probe 0483:374b; none at all is plugged in; plug it in, or correct `probe` in the bench file
BMS board: erasing the whole chip loses settings and history; agree to it with --yes-erase-chip
BMS board: this bench has no debug probe on it; describe one under `boards` in the bench file
");
}
