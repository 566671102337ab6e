//! Whatever happens to a run on a real bench: its outputs are off in time, its journal is whole, and
//! its report begins with what happened. The instruments are in a process of their own (`rig sim
//! serve`), and what is on is asked over connections that the runner knows nothing of.
//!
//! | event | test | off within |
//! |---|---|---|
//! | INT, TERM, HUP | `a_signal_switches_everything_off` | 2 s |
//! | KILL | `tcp::when_the_runner_is_killed_or_frozen_the_guard_takes_over` | 2 s |
//! | STOP | the same | the guard's 5 s and 1 s |
//! | loss of the machine, guard and all | `tcp::when_runner_and_guard_are_gone_…` | the watchdog's 10 s and 1 s |
//! | loss of the guard | `tcp::a_runner_without_its_guard_stops` | 2 s |
//! | panic | `a_panic_switches_everything_off` | 2 s |
//! | hung step | `a_step_that_hangs_is_passed_by` | the patience of 15 s and 2 s |
//! | full disk | `tcp::a_run_that_can_not_be_recorded_any_more_…` | 2 s from the entry that was lost |
//! | connection cut at any message | `broken_lines::wherever_the_connection_is_cut_…` | 2 s |
//! | instrument power-cycled | `an_instrument_that_was_off_meanwhile_is_noticed` | 2 s |
//! | garbled answers | `broken_lines::garbled_answers_…` | 2 s |
//! | late answers | `broken_lines::late_answers_…` | the meter's time-out of 4 s and 2 s; of a supply that is to go off, 2 s |
//! | wrong instrument at an address | `another_unit_…`, before a run and in one | never on; 2 s |
//! | two runners | `a_second_runner_is_sent_away` | the first one's are left alone |

use crate::kill::signal;
use crate::laboratory::{Laboratory, events, verdict_and_proof};
use record::{Event, Verdict};
use std::path::Path;
use std::time::Duration;

/// What every event is held against.
pub(crate) const BOUND: Duration = Duration::from_secs(2);

/// What a record says of how its only scenario ended.
pub(crate) struct Told {
    pub(crate) verdict: Verdict,
    pub(crate) reason: String,
    /// Whether everything was proven off in the end.
    pub(crate) proven: bool,
    /// What its report begins with.
    pub(crate) first_line: String,
}

/// Reads the record of a run with one scenario; it must tell the end of everything that it tells the
/// beginning of.
pub(crate) fn told(run: &Path) -> Told {
    let events = events(run);
    let count = |which: fn(&Event) -> bool| events.iter().filter(|event| which(event)).count();
    assert_eq!(
        count(|event| matches!(event, Event::ScenarioStarted { .. })),
        count(|event| matches!(event, Event::ScenarioFinished { .. })),
        "a scenario has no end"
    );
    assert!(
        matches!(events.last(), Some(Event::RunFinished { .. })),
        "{:?}",
        events.last()
    );
    let (ended, proven) = verdict_and_proof(&events);
    let (verdict, reason) = ended.expect("no scenario ended");
    Told {
        verdict,
        reason,
        proven: proven.expect("nothing was made safe"),
        first_line: first_line(run),
    }
}

/// What the report of a run begins with.
pub(crate) fn first_line(run: &Path) -> String {
    let page = std::fs::read_to_string(run.join("report.html")).unwrap();
    let (_, rest) = page.split_once("<h2 class=\"result").unwrap();
    let (_, rest) = rest.split_once('>').unwrap();
    let (line, _) = rest.split_once("</h2>").unwrap();
    line.to_owned()
}

#[test]
fn a_signal_switches_everything_off() {
    for name in ["INT", "TERM", "HUP"] {
        let lab = Laboratory::new();
        let (mut child, out) = lab.run_until_cells_are_on();
        assert!(lab.on().len() >= 4, "{:?}", lab.on());
        signal(&child, name);
        let took = lab.off_after(BOUND * 3);
        assert!(took <= BOUND, "{name}: off after {took:?}");
        assert_eq!(child.wait().unwrap().code(), Some(2), "{name}");
        let told = told(&out);
        assert_eq!((told.verdict, told.proven), (Verdict::Interrupted, true));
        let signal = format!("(SIG{name})");
        assert!(told.reason.contains(&signal), "{}", told.reason);
        assert!(told.first_line.contains(&signal), "{}", told.first_line);
    }
}

/// Runs a drill on a board that is on, and returns how long it was on after the step had begun.
fn drill(lab: &Laboratory, step: &str, patience: Duration) -> (Duration, Told) {
    let steps = format!("    Given a bench that is on, as a drill\n    When the rig {step}\n");
    let feature = lab.feature(&steps);
    let begun = format!(r#""text":"the rig {step}""#);
    let (mut child, out) = lab.run_until(&feature, &begun);
    let took = lab.off_after(patience);
    assert_eq!(child.wait().unwrap().code(), Some(2));
    (took, told(&out))
}

#[test]
fn a_panic_switches_everything_off() {
    let lab = Laboratory::new();
    let (took, told) = drill(&lab, "panics, as a drill", BOUND * 3);
    assert!(took <= BOUND, "off after {took:?}");
    assert_eq!((told.verdict, told.proven), (Verdict::Error, true));
    assert!(
        told.first_line.contains("panicked: a drill"),
        "{}",
        told.first_line
    );
}

#[test]
fn a_step_that_hangs_is_passed_by() {
    let lab = Laboratory::new();
    let patience = rig::run::REAL_PATIENCE;
    let (took, told) = drill(&lab, "hangs, as a drill", (patience + BOUND) * 2);
    assert!(took <= patience + BOUND, "off after {took:?}");
    // Nobody read the outputs back on the thread that hangs, but every instrument obeyed.
    assert_eq!((told.verdict, told.proven), (Verdict::Error, true));
    assert!(
        told.first_line
            .contains("the bench showed no sign of life for 15s"),
        "{}",
        told.first_line
    );
}

#[test]
fn an_instrument_that_was_off_meanwhile_is_noticed() {
    let mut lab = Laboratory::new();
    let (mut child, out) = lab.run_until_cells_are_on();
    lab.server.order("power-cycle cells_a");
    let took = lab.off_after(BOUND * 3);
    assert!(took <= BOUND, "off after {took:?}");
    assert_eq!(child.wait().unwrap().code(), Some(2));
    let told = told(&out);
    assert_eq!((told.verdict, told.proven), (Verdict::Error, true));
    assert!(
        told.first_line
            .contains("First error: cells_a was switched off and on meanwhile."),
        "{}",
        told.first_line
    );
}

#[test]
fn another_unit_at_an_address_is_not_switched_on() {
    let mut lab = Laboratory::new();
    let serial = "100001";
    lab.server.order(&format!("exchange cells_a {serial}"));
    lab.expect_serial("cells_a", serial);
    let feature = lab.feature("    Given a bench that is on, as a drill\n");
    // It's the right one first …
    let safe = lab.safe();
    assert_eq!(safe.code, 0, "{}{}", safe.stdout, safe.stderr);
    // … and another one between two runs.
    lab.server.order("exchange cells_a 100002");
    let out = lab.folder.path().join("run");
    let mut child = lab.start(&feature, &out);
    while child.try_wait().unwrap().is_none() {
        assert!(lab.on().is_empty(), "{:?}", lab.on());
    }
    let told = told(&out);
    assert_eq!(told.verdict, Verdict::Error);
    assert!(
        told.first_line.contains("100002") && told.first_line.contains(serial),
        "{}",
        told.first_line
    );
}

#[test]
fn another_unit_that_takes_an_address_in_a_run_is_noticed() {
    let mut lab = Laboratory::new();
    let (mut child, out) = lab.run_until_cells_are_on();
    lab.server.order("exchange cells_a 100002");
    let took = lab.off_after(BOUND * 3);
    assert!(took <= BOUND, "off after {took:?}");
    // Somebody switches on what isn't ours: that is left alone.
    child.wait().unwrap();
    let told = told(&out);
    assert_eq!(told.verdict, Verdict::Error);
    assert!(
        told.first_line.contains("cells_a") && told.first_line.contains("that it was before"),
        "{}",
        told.first_line
    );
}

#[test]
fn a_second_runner_is_sent_away() {
    let lab = Laboratory::new();
    let (mut child, out) = lab.run_until_cells_are_on();
    let feature = lab.folder.path().join("a.feature");
    let other = lab.folder.path().join("other");
    let second = lab.run(&feature, &other);
    assert_eq!(second.code, 2, "{}{}", second.stdout, second.stderr);
    assert!(
        second.stderr.contains("is in use by process"),
        "{}",
        second.stderr
    );
    assert!(lab.on().len() >= 4, "the first one's: {:?}", lab.on());
    signal(&child, "TERM");
    let took = lab.off_after(BOUND * 3);
    assert!(took <= BOUND, "off after {took:?}");
    child.wait().unwrap();
    assert_eq!(told(&out).verdict, Verdict::Interrupted);
    lab.is_free();
}
