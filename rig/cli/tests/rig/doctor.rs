//! `rig doctor`: a bench that is what its file says, and benches that aren't.

use crate::command::rig_in;
use crate::laboratory::{Laboratory, events};
use record::Event;

/// Exit code and lines of the doctor, without what is good.
fn bad(lab: &Laboratory, more: &[&str]) -> (i32, Vec<String>) {
    let mut arguments = vec!["doctor", "--bench", lab.bench()];
    arguments.extend(more);
    let done = rig_in(lab.folder.path(), &arguments);
    let lines = done.stdout.lines().filter(|line| line.starts_with("BAD"));
    let lines: Vec<String> = lines.map(str::to_owned).collect();
    assert!(done.stderr.is_empty(), "{}", done.stderr);
    (done.code, lines)
}

#[test]
fn a_healthy_bench_is_good_and_dark_afterwards() {
    let lab = Laboratory::new();
    for more in [&[][..], &["--energise"]] {
        assert_eq!(bad(&lab, more), (0, Vec::new()), "{more:?}");
        assert!(lab.on().is_empty(), "{:?}", lab.on());
    }
    let done = rig_in(
        lab.folder.path(),
        &["doctor", "--bench", lab.bench(), "--energise"],
    );
    for told in [
        "notice  cells_a            identity",
        "good    cells_a/1          output        off",
        "good    cell 4             sense lead    daq/1004 reads 3.2",
        "good    cable 2            relays        closed and opened, read back each time",
        "good    bypass 1           relays        closed",
        "good    cell voltages      accuracy",
        "none bad",
    ] {
        assert!(done.stdout.contains(told), "{told}: {}", done.stdout);
    }
}

#[test]
fn what_is_wrong_with_a_bench_is_found_before_anybody_trusts_it() {
    for (from, to, more, told) in [
        (
            "sense: daq/1002 }",
            "sense: daq/1003 }",
            &["--energise"][..],
            "",
        ),
        (
            "    driver: keysight-34980a\n",
            "    driver: keysight-34980a\n    serial: MY12345678\n",
            &[],
            "and serial number MY12345678 was expected: correct the address or the bench file",
        ),
        (
            "    driver: keysight-34980a\n",
            "    driver: keysight-34980a\n    calibration: { certificate: C-1, due: 2020-02-29 }\n",
            &[],
            "certificate C-1 was good until 2020-02-29",
        ),
        (
            "of_reading: 0.0045 %, of_range: 0.0006 %, range: 100 V",
            "constant: 2 V",
            &[],
            "not good enough for",
        ),
    ] {
        let lab = Laboratory::new();
        if told.is_empty() {
            // Two leads change places.
            lab.change("sense: daq/1003 }", "sense: daq/9999 }");
            lab.change(from, to);
            lab.change("sense: daq/9999 }", "sense: daq/1002 }");
        } else {
            lab.change(from, to);
        }
        let (code, lines) = bad(&lab, more);
        assert_eq!(code, 1, "{lines:?}");
        let told = match told {
            "" => "which is what cell 3 was set to: leads are interchanged",
            told => told,
        };
        assert!(
            lines.iter().any(|line| line.contains(told)),
            "{told}: {lines:#?}"
        );
        assert!(lab.on().is_empty(), "{:?}", lab.on());
    }
}

#[test]
fn an_output_that_somebody_left_on_is_found() {
    let lab = Laboratory::new();
    lab.tell(
        "cells_b",
        "INST:NSEL 2;:VOLT 3;:CURR 0.1;:OUTP:SEL 1;:OUTP:GEN 1",
    );
    assert_eq!(lab.on(), ["cells_b/2"]);
    let (code, lines) = bad(&lab, &[]);
    assert_eq!(code, 1);
    assert!(
        lines.len() == 1 && lines[0].contains("cells_b/2") && lines[0].contains("ON, and nobody"),
        "{lines:?}"
    );
    // Looking changes nothing.
    assert_eq!(lab.on(), ["cells_b/2"]);
}

#[test]
fn a_run_on_instruments_out_of_calibration_needs_a_reason_which_stands_in_the_record() {
    let lab = Laboratory::new();
    lab.change(
        "    driver: keysight-34980a\n",
        "    driver: keysight-34980a\n    calibration: { certificate: C-1, due: 2020-02-29 }\n",
    );
    let feature = lab.feature("    Given the remark \"nothing is judged here\"\n");
    let out = lab.folder.path().join("run");
    let mut arguments = vec![
        "run",
        "--bench",
        lab.bench(),
        "--out",
        out.to_str().unwrap(),
        feature.to_str().unwrap(),
    ];
    let refused = rig_in(lab.folder.path(), &arguments);
    assert_eq!(refused.code, 2);
    assert_eq!(
        refused.stderr,
        "rig: the calibration of daq (certificate C-1, due 2020-02-29) is over: have it renewed, or say why it may be used all the same with --waive-calibration REASON, which the report prints\n"
    );
    arguments.extend([
        "--waive-calibration",
        "renewed next week, checked against C-7",
    ]);
    let done = rig_in(lab.folder.path(), &arguments);
    assert!(
        done.stdout.contains("nothing was judged"),
        "{}{}",
        done.stdout,
        done.stderr
    );
    let warned = events(&out).into_iter().any(|event| {
        matches!(event, Event::Warning { text } if text.ends_with("used all the same: renewed next week, checked against C-7"))
    });
    assert!(warned);
    let report = std::fs::read_to_string(out.join("report.html")).unwrap();
    assert!(report.contains("renewed next week, checked against C-7"));
}
