//! A bench with real addresses, on the wall clock: its instruments are served by another process.

use crate::command::rig_in;
use crate::events::{BOUND, first_line};
use crate::kill::{signal, signal_all};
use crate::laboratory::{Laboratory, events, verdict_and_proof};
use api::Clock as _;
use record::{Event, Verdict};
use std::io::Read as _;
use std::process::Child;
use std::time::Duration;

#[test]
fn when_the_runner_is_killed_or_frozen_the_guard_takes_over() {
    for (name, bound, told) in [
        ("KILL", Duration::from_secs(2), "died; the guard took over"),
        (
            "STOP",
            Duration::from_secs(5 + 1),
            "showed no sign of life for 5s and was killed; the guard took over",
        ),
    ] {
        let lab = Laboratory::new();
        let (mut child, out) = lab.run_until_cells_are_on();
        assert!(lab.on().len() >= 4, "{:?}", lab.on());
        signal(&child, name);
        let took = lab.off_after(bound + Duration::from_secs(2));
        assert!(took <= bound, "{name}: off after {took:?}");
        let events = lab.finished(&out);
        let (verdict, proof) = verdict_and_proof(&events);
        let (verdict, reason) = verdict.unwrap();
        assert_eq!(
            (verdict, proof),
            (Verdict::Interrupted, Some(true)),
            "{name}"
        );
        assert!(reason.ends_with(told), "{name}: {reason}");
        let first = first_line(&out);
        assert!(first.contains(told), "{name}: {first}");
        child.wait().unwrap();
        // The bench is free again.
        lab.is_free();
    }
}

#[cfg(target_os = "linux")]
/// The one process that this one started.
fn child_of(parent: u32) -> u32 {
    for process in std::fs::read_dir("/proc").unwrap() {
        let process = process.unwrap();
        let stat = std::fs::read_to_string(process.path().join("stat")).unwrap_or_default();
        // pid (name) state parent …
        let after_name = stat.rsplit(')').next().unwrap_or_default();
        if after_name.split_whitespace().nth(1) == Some(&parent.to_string()) {
            return process.file_name().to_string_lossy().parse().unwrap();
        }
    }
    panic!("process {parent} has no guard");
}

#[cfg(target_os = "linux")]
#[test]
fn a_runner_without_its_guard_stops() {
    let lab = Laboratory::new();
    let (child, out) = lab.run_until_cells_are_on();
    let guard = child_of(child.id());
    signal_all(&[guard], "KILL");
    let took = lab.off_after(BOUND * 3);
    assert!(took <= BOUND, "off after {took:?}");
    let (code, text) = ended(child);
    assert_eq!(code, 2, "{text}");
    let (verdict, proof) = verdict_and_proof(&events(&out));
    let (verdict, reason) = verdict.unwrap();
    assert_eq!((verdict, proof), (Verdict::Interrupted, Some(true)));
    assert!(reason.contains("the guard process is gone"), "{reason}");
}

#[test]
fn a_runner_that_lost_its_bench_writes_nothing_more() {
    let lab = Laboratory::new();
    let (child, _) = lab.run_until_cells_are_on();
    let lock = lab.folder.path().join(".lab.yaml.lock");
    std::fs::write(&lock, "process 1 of somebody else").unwrap();
    signal(&child, "INT");
    let (code, text) = ended(child);
    assert_eq!(code, 2, "{text}");
    assert!(text.contains("MAY STILL BE ENERGISED"), "{text}");
    // It's the other's to switch off.
    assert!(lab.on().len() >= 4, "{:?}", lab.on());
}

fn ended(mut child: Child) -> (i32, String) {
    let mut text = String::new();
    let mut stdout = child.stdout.take().unwrap();
    stdout.read_to_string(&mut text).unwrap();
    (child.wait().unwrap().code().unwrap_or(-1), text)
}

#[test]
fn a_bench_over_tcp_is_taken_over_recorded_and_proven_safe() {
    let lab = Laboratory::new();
    let safe = lab.safe();
    assert_eq!(safe.code, 0, "{}{}", safe.stdout, safe.stderr);
    assert!(
        safe.stdout.ends_with("bench sim-board-4s is safe\n"),
        "{}",
        safe.stdout
    );
    let feature = lab.feature("    Given the remark \"nothing is judged here\"\n");
    let out = lab.folder.path().join("run");
    let done = lab.run(&feature, &out);
    assert_eq!(done.code, 2, "{}{}", done.stdout, done.stderr);
    assert!(done.stdout.starts_with("Inconclusive"), "{}", done.stdout);
    let events = events(&out);
    match &events[0] {
        Event::RunStarted {
            simulated, started, ..
        } => {
            assert!(!simulated);
            assert!(
                started.starts_with("20") && !started.starts_with("2000"),
                "{started}"
            );
        }
        other => panic!("{other:?}"),
    }
    let opened = |event: &Event| matches!(event, Event::BenchOpened { .. });
    let safe = |event: &Event| matches!(event, Event::MadeSafe { proven: true, .. });
    assert!(
        events.iter().any(opened) && events.iter().any(safe),
        "{events:#?}"
    );
}

#[test]
fn an_interrupt_leaves_a_real_bench_off() {
    let lab = Laboratory::new();
    let (child, out) = lab.run_until_cells_are_on();
    let second = lab.safe();
    assert_eq!(second.code, 2);
    assert!(
        second.stderr.contains("is in use by process"),
        "{}",
        second.stderr
    );
    signal(&child, "INT");
    let (code, text) = ended(child);
    assert_eq!(code, 2, "{text}");
    assert!(!text.contains("MAY STILL BE ENERGISED"), "{text}");
    let events = events(&out);
    let proof = events.iter().find_map(|event| match event {
        Event::MadeSafe { proven, .. } => Some(*proven),
        _ => None,
    });
    assert_eq!(proof, Some(true));
    let verdict = events.iter().find_map(|event| match event {
        Event::ScenarioFinished { verdict, .. } => Some(*verdict),
        _ => None,
    });
    assert_eq!(verdict, Some(Verdict::Interrupted));
}

#[test]
fn instruments_that_vanish_are_an_error_and_what_may_be_on_is_said_last() {
    let mut lab = Laboratory::new();
    let (child, out) = lab.run_until_cells_are_on();
    lab.server.kill();
    let (code, text) = ended(child);
    assert_eq!(code, 2, "{text}");
    let last = text.lines().last().unwrap_or_default();
    assert!(last.starts_with("MAY STILL BE ENERGISED"), "{text}");
    let events = events(&out);
    let verdict = events.iter().find_map(|event| match event {
        Event::ScenarioFinished { verdict, .. } => Some(*verdict),
        _ => None,
    });
    assert_eq!(verdict, Some(Verdict::Error));
}

/// Armed while the bench is used; whoever has the instrument next is not bitten.
#[test]
fn a_watchdog_is_disarmed_once_everything_is_proven_off() {
    let lab = Laboratory::of("sim-battery");
    let feature = lab.stays_on("30 s");
    let (child, out) = lab.run_until(&feature, r#""role":"charger","action":"on""#);
    assert_eq!(lab.asked("charger", "SYST:COMM:MON:ACT?"), "ON");
    signal(&child, "TERM");
    let (code, text) = ended(child);
    assert_eq!(code, 2, "{text}");
    let (_, proof) = verdict_and_proof(&events(&out));
    assert_eq!(proof, Some(true), "{text}");
    assert_eq!(lab.asked("charger", "OUTP?"), "OFF");
    assert_eq!(lab.asked("charger", "SYST:COMM:MON:ACT?"), "OFF");
}

/// The machine is gone, guard and all: what the instrument itself does then.
#[cfg(target_os = "linux")]
#[test]
fn when_runner_and_guard_are_gone_the_charger_switches_itself_off() {
    let lab = Laboratory::of("sim-battery");
    let feature = lab.feature(
        "    Given the battery is connected whatever the BMS reports\n    When the battery is fully charged\n",
    );
    let (mut child, _) = lab.run_until(&feature, r#""role":"charger","action":"on""#);
    assert_eq!(lab.asked("charger", "OUTP?"), "ON");
    let guard = child_of(child.id());
    signal_all(&[guard, child.id()], "KILL");
    child.wait().unwrap();
    // Any message would be a sign of life: nobody asks before the time is over.
    let clock = rig::run::WallClock::start();
    clock.sleep_through(Duration::from_secs(10 + 1));
    assert_eq!(lab.asked("charger", "OUTP?"), "OFF");
}

/// A disk that is full: what can't be recorded must not go on, and nothing stays on.
#[cfg(target_os = "linux")]
#[test]
fn a_run_that_can_not_be_recorded_any_more_ends_with_everything_off() {
    use rustix::process::{Pid, Resource, Rlimit, prlimit};
    let lab = Laboratory::new();
    let (child, out) = lab.run_until_cells_are_on();
    // From now on no file of the runner may grow. The signal that comes with it would end the
    // process, which is another test; writing past the limit fails because it is ignored.
    let journal = std::fs::metadata(out.join("journal.ndjson")).unwrap().len();
    let full = Rlimit {
        current: Some(journal + 100),
        maximum: Some(journal + 100),
    };
    let pid = Pid::from_raw(i32::try_from(child.id()).unwrap());
    prlimit(pid, Resource::Fsize, full).unwrap();
    let took = lab.off_after(BOUND * 3);
    assert!(took <= BOUND, "off after {took:?}");
    let (code, text) = ended(child);
    assert_eq!(code, 2, "{text}");
    assert!(text.contains("the run can't be recorded"), "{text}");
    // There is room again: what was written before is whole, and the report says that it isn't all.
    let report = rig_in(lab.folder.path(), &["report", out.to_str().unwrap()]);
    let first = first_line(&out);
    assert!(
        first.contains("the run did not reach its end"),
        "{first} {}",
        report.stderr
    );
}
