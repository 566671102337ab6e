//! Programming that succeeds, and what is told of it.

use crate::files::{COUNTER, Elf, FLASH, counting, hex};
use crate::{Bench, program};
use api::{Erase, FlashError, FlashPermissions, FlashStep, Flasher, Stopped};
use flash::ProbeFlasher;
use std::time::Duration;

#[test]
fn every_format_is_programmed_verified_read_back_and_run() {
    let bench = Bench::new("formats");
    let images = [1, 2, 3].map(|step| counting(step, 3000));
    let files = [
        ("image.bin", images[0].clone()),
        ("image.hex", hex(FLASH, &images[1]).into_bytes()),
        (
            "image.elf",
            Elf::new(vec![(FLASH, images[2].clone())]).bytes(),
        ),
    ];
    for ((name, file), image) in files.iter().zip(&images) {
        let path = bench.file(name, file);
        let done = program(&mut bench.flasher(), &path).expect("it succeeds");
        assert!(bench.holds(image), "{name}");
        assert_eq!((done.bytes, done.written), (3000, 3000), "{name}");
        assert_eq!(done.image_sha256, done.flash_sha256);
        assert!(done.chip_compared);
        assert_ne!(done.before.flash_sha256, done.after.flash_sha256);
        assert_eq!(
            done.after,
            bench.flasher().identify().expect("it answers"),
            "{name}"
        );
        bench.chip(|chip| {
            chip.run_for(Duration::from_millis(1));
            let count = chip.word(COUNTER).expect("it is in memory");
            chip.run_for(Duration::from_millis(1));
            let later = chip.word(COUNTER).expect("it is in memory");
            assert!(later > count, "{name}: the firmware doesn't run");
        });
    }
}

#[test]
fn only_sectors_that_differ_are_written() {
    let bench = Bench::new("differing");
    let mut image = counting(1, 5000);
    // somebody else's, in the last sector of the image
    bench.chip(|chip| chip.preload(FLASH + 5100, &[1, 2, 3, 4]));
    bench.program(&image).expect("it succeeds");
    let wear = bench.chip(|chip| chip.flash_wear());
    let again = bench.program(&image).expect("it succeeds");
    assert_eq!(again.written, 0);
    assert_eq!(bench.chip(|chip| chip.flash_wear()), wear);
    image[2048] ^= 0xFF;
    let changed = bench.program(&image).expect("it succeeds");
    assert_eq!(changed.written, 1024);
    assert_eq!(bench.chip(|chip| chip.flash_wear().1), wear.1 + 1);
    assert!(bench.holds(&image));
    bench.chip(|chip| assert_eq!(chip.flash()[5100..5104], [1, 2, 3, 4]));
}

#[test]
fn a_whole_chip_is_erased_with_consent_only() {
    let bench = Bench::new("consent");
    let image = counting(1, 2000);
    bench.program(&image).expect("it succeeds");
    bench.chip(|chip| chip.preload(FLASH + 0x8000, &[1, 2, 3, 4]));
    let path = bench.file("image.bin", &image);
    let mut unasked = bench.flasher();
    let refused = FlashError::NoConsent {
        board: unasked.board(),
    };
    let answers = [
        unasked.erase_chip(&mut |_| Ok(())).err(),
        unasked.program(&path, Erase::Chip, &mut |_| Ok(())).err(),
    ];
    assert_eq!(answers, [Some(refused.clone()), Some(refused)]);
    assert!(bench.holds(&image));
    let mut setup = bench.setup();
    setup.permissions = FlashPermissions::new().allow_chip_erase();
    let mut flasher = ProbeFlasher::new(setup);
    let done = flasher.program(&path, Erase::Chip, &mut |_| Ok(()));
    assert_eq!(done.expect("it succeeds").written, 2000);
    assert!(bench.holds(&image));
    bench.chip(|chip| assert_eq!(chip.flash()[0x8000..0x8004], [0xFF; 4]));
    flasher.erase_chip(&mut |_| Ok(())).expect("it succeeds");
    bench.chip(|chip| assert!(chip.flash().iter().all(|byte| *byte == 0xFF)));
}

#[test]
fn progress_is_told_step_by_step() {
    let bench = Bench::new("progress");
    let path = bench.file("image.bin", &counting(1, 4000));
    let mut steps: Vec<FlashStep> = Vec::new();
    let mut last = (0, None);
    let mut ends = Vec::new();
    let mut flasher = bench.flasher();
    let done = flasher.program(&path, Erase::Sectors, &mut |news| {
        if steps.last() != Some(&news.step) {
            if let Some(step) = steps.last() {
                ends.push((*step, last));
            }
            steps.push(news.step);
            last = (0, None);
        }
        assert!(news.done >= last.0, "{news:?} after {last:?}");
        assert!(
            news.total.is_none_or(|total| news.done <= total),
            "{news:?}"
        );
        last = (news.done, news.total);
        Ok(())
    });
    done.expect("it succeeds");
    use FlashStep::{Attach, Erase as Erased, Find, Identify, Program, ReadBack, Reset, Verify};
    assert_eq!(
        steps,
        [
            Find, Attach, Identify, ReadBack, Erased, Program, Verify, ReadBack, Reset
        ]
    );
    let whole = |step| {
        let end = ends.iter().find(|(known, _)| *known == step);
        end.is_some_and(|(_, (done, total))| Some(*done) == *total)
    };
    for step in [ReadBack, Erased, Program, Verify] {
        assert!(whole(step), "{step} has no end: {ends:?}");
    }
}

/// Whenever somebody stops it, it stops, says what is in flash now, and can be done again.
#[test]
fn programming_can_be_stopped_at_every_step() {
    let bench = Bench::new("stopped");
    let mut texts = Vec::new();
    for (number, step) in [
        FlashStep::Attach,
        FlashStep::ReadBack,
        FlashStep::Erase,
        FlashStep::Program,
        FlashStep::Verify,
    ]
    .into_iter()
    .enumerate()
    {
        let image = counting(number as u8 + 1, 4000);
        let path = bench.file("image.bin", &image);
        let error = bench
            .flasher()
            .program(&path, Erase::Sectors, &mut |news| match news.step {
                now if now == step && (news.done > 0 || now == FlashStep::Attach) => Err(Stopped {
                    reason: "interrupt (SIGINT)".to_owned(),
                }),
                _ => Ok(()),
            })
            .expect_err("it is stopped");
        texts.push(error.state().to_string());
        assert!(matches!(error, FlashError::Stopped { .. }), "{error}");
        let done = bench.program(&image).expect("it succeeds");
        assert_eq!(done.image_sha256, done.flash_sha256);
    }
    insta::assert_snapshot!(texts.join("\n"), @r"
its flash is as it was
its flash is as it was
its flash is partly erased or partly written
its flash is partly erased or partly written
its flash is written, but not proven to hold the image
");
}

#[test]
fn a_chip_is_attached_under_reset() {
    let bench = Bench::new("under reset");
    bench.program(&counting(2, 2000)).expect("it succeeds");
    let image = counting(1, 2000);
    let mut setup = bench.setup();
    setup.under_reset = true;
    let path = bench.file("image.bin", &image);
    program(&mut ProbeFlasher::new(setup), &path).expect("it succeeds");
    assert!(bench.holds(&image));
}

#[test]
fn memory_is_read_and_written_while_the_firmware_runs() {
    let bench = Bench::new("memory");
    bench.program(&counting(1, 100)).expect("it succeeds");
    let mut flasher = bench.flasher();
    let words = [0x1234_5678, 0x9ABC_DEF0];
    flasher.write_words(0x2000_0200, &words).expect("memory");
    assert_eq!(flasher.read_words(0x2000_0200, 2).expect("memory"), words);
    let count = || bench.chip(|chip| chip.word(COUNTER));
    let before = count();
    flasher.read_words(COUNTER, 1).expect("memory");
    assert!(count() > before, "the firmware was stopped");
    flasher.reset().expect("a reset");
    assert!(count() < before, "the firmware wasn't started anew");
}

/// Buffers as firmware would set them up, filled.
#[test]
fn what_the_firmware_prints_is_heard() {
    let bench = Bench::new("heard");
    let image = counting(1, 100);
    bench.program(&image).expect("it succeeds");
    let (block, name, buffer) = (0x2000_0400, 0x2000_0500, 0x2000_0600);
    let mut words: Vec<u32> = b"SEGGER RTT\0\0\0\0\0\0"
        .chunks(4)
        .map(|four| u32::from_le_bytes(four.try_into().expect("four bytes")))
        .collect();
    // one channel up, none down; name, buffer, its size, written up to, read up to, flags
    words.extend([1, 0, name, buffer, 64, 12, 0, 0]);
    let mut flasher = bench.flasher();
    flasher.write_words(block, &words).expect("memory");
    flasher.write_words(name, &[0x0050_5542]).expect("memory");
    let text = [0x6C6C_6568, 0x7266_206F, 0x0A21_6D6F];
    flasher.write_words(buffer, &text).expect("memory");
    let mut elf = Elf::new(vec![(FLASH, image)]);
    elf.rtt = Some(block);
    let path = bench.file("image.elf", &elf.bytes());
    assert_eq!(
        flasher.listen(&path).expect("it prints"),
        b"hello from!\n".map(|b| b).to_vec()
    );
    assert_eq!(flasher.listen(&path).expect("it prints"), b"");
}
