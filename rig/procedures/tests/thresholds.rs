//! Thresholds that are measured: what is found must be what the simulated board really does.

mod common;

use common::{Twist, open};
use procedures::threshold::{self, Found};
use procedures::{Asked, Goal, ProcedureError, Signal, response, rest, temperature};
use record::{Reading, Verdict};
use units::Volts;

/// What the board's own measurement adds to what is found: half a step and some noise.
const BOARD: f64 = 0.0015;

fn at(found: Found) -> Reading {
    match found {
        Found::At(reading) => reading,
        other => panic!("not found: {other:?}"),
    }
}

fn find(bench: &str, parameter: &'static str, millivolts: u32, goal: Goal) -> Reading {
    let value = format!("{:.3} V", f64::from(millivolts) / 1e3);
    let (mut bench, _world) = open(bench, Twist::fault("battery", parameter, &value));
    rest::board(&mut bench, Volts(3.30)).expect("at rest");
    let found = threshold::find(&mut bench, goal).expect("a search");
    let reading = at(found.found);
    let off = (reading.value - f64::from(millivolts) / 1e3).abs();
    assert!(
        off <= reading.uncertainty + BOARD,
        "{goal}: found {reading}, the board has {value}"
    );
    reading
}

#[test]
fn what_is_found_is_what_the_board_does() {
    use api::AlarmCode::{ASl9, WSl11};
    let bench = "sim-board-4s";
    for millivolts in [3040, 3077, 3151] {
        find(
            bench,
            "pre_alarm",
            millivolts,
            Goal::shown(Signal::PreAlarm),
        );
    }
    for millivolts in [3061, 3122] {
        find(
            bench,
            "pre_alarm",
            millivolts,
            Goal::shown(Signal::Code(WSl11)),
        );
    }
    for millivolts in [3690, 3731, 3802] {
        find(
            bench,
            "charge_off",
            millivolts,
            Goal::shown(Signal::ChargersOff),
        );
    }
    for millivolts in [3760, 3990] {
        let goal = Goal::shown(Signal::Code(ASl9));
        find(bench, "over_voltage_alarm", millivolts, goal);
    }
    for millivolts in [3160, 3260] {
        find(
            bench,
            "pre_alarm_release",
            millivolts,
            Goal::gone(Signal::PreAlarm),
        );
    }
    for millivolts in [3560, 3650] {
        find(
            bench,
            "charge_release",
            millivolts,
            Goal::gone(Signal::ChargersOff),
        );
    }
    find(bench, "discharge_off", 2765, Goal::shown(Signal::LoadsOff));
    find(
        bench,
        "discharge_release",
        3215,
        Goal::gone(Signal::LoadsOff),
    );
}

#[test]
fn the_uncertainty_stays_well_inside_the_tolerances() {
    let reading = find(
        "sim-board-8s",
        "pre_alarm",
        3100,
        Goal::shown(Signal::PreAlarm),
    );
    assert!(reading.uncertainty <= 0.002, "{reading}");
    assert_eq!(reading.instrument, "daq");
}

#[test]
fn a_signal_beyond_the_search_is_told_as_early_late_or_stuck() {
    let check = |parameter, value: &str, goal| {
        let (mut bench, _world) = open("sim-board-4s", Twist::fault("battery", parameter, value));
        rest::board(&mut bench, Volts(3.30)).expect("at rest");
        let found = threshold::find(&mut bench, goal).expect("a search");
        let asked = Asked::new(["3.2-01", "3.2-03"]);
        let error = threshold::judge(&mut bench, &asked, &found).expect_err("it's wrong");
        assert_eq!(error.verdict(), Verdict::Fail);
        error.to_string()
    };
    let pre_alarm = Goal::shown(Signal::PreAlarm);
    insta::assert_snapshot!(check("pre_alarm", "2.95 V", pre_alarm), @"pre-alarm contact with a cell at 3.03000 V ± 0.00074 V for 5 s is off, must be on");
    insta::assert_snapshot!(check("pre_alarm", "3.19 V", pre_alarm), @"pre-alarm contact with a cell at 3.17000 V ± 0.00074 V is on, must be off");
    insta::assert_snapshot!(check("charge_pole", "stuck closed", Goal::shown(Signal::ChargersOff)), @"charge contact with a cell at 3.82000 V ± 0.00077 V for 2 s is closed, must be open");
    insta::assert_snapshot!(check("pre_alarm", "3.06 V", pre_alarm), @"cell voltage with pre-alarm contact on 3.0600 V ± 0.0017 V must be between 3.08 V and 3.12 V");
}

#[test]
fn nothing_that_is_missing_looks_like_a_verdict() {
    let deaf = || Twist {
        deaf: true,
        ..Twist::default()
    };
    // At rest already: the battery has to be heard.
    let (mut bench, _world) = open("sim-board-4s", deaf());
    let error = rest::board(&mut bench, Volts(3.30)).expect_err("nobody listens");
    assert_eq!(error.verdict(), Verdict::Error);
    insta::assert_snapshot!(error, @"battery 1 sent no report for 10 s, so nobody can tell what it finds");
    // And when a code is looked for.
    let goal = Goal::shown(Signal::Code(api::AlarmCode::ASl11));
    let error = threshold::find(&mut bench, goal).expect_err("nobody listens");
    assert_eq!(error.verdict(), Verdict::Error);
    insta::assert_snapshot!(error, @"battery 1 sent no report for 2 min, so nobody can tell whether A-SL11 shows");
    // A bench without a chamber can't be cooled.
    let (mut bench, _world) = open("sim-battery", Twist::default());
    let error = temperature::ramp(&mut bench, temperature::Extreme::Cold, true)
        .expect_err("there is no chamber");
    assert_eq!(error.verdict(), Verdict::Error);
    // A battery has no forced cells.
    let error = rest::board(&mut bench, Volts(3.30)).expect_err("no cells to force");
    assert_eq!(error.verdict(), Verdict::Error);
}

#[test]
fn a_meter_that_lies_is_an_error_and_no_verdict() {
    let lying = Twist::fault("instrument daq", "offset", "6 mV");
    let (mut bench, _world) = open("sim-board-4s", lying);
    rest::board(&mut bench, Volts(3.30)).expect("contacts are well");
    let error = threshold::find(&mut bench, Goal::shown(Signal::PreAlarm))
        .expect_err("meter and supplies disagree");
    assert!(matches!(error, ProcedureError::Disagree(_)), "{error}");
    assert_eq!(error.verdict(), Verdict::Error);
}

#[test]
fn a_cancelled_run_ends_in_the_middle_of_a_search() {
    let twist = Twist::default();
    let cancel = twist.cancel.clone();
    let (mut bench, _world) = open("sim-board-4s", twist);
    rest::board(&mut bench, Volts(3.30)).expect("at rest");
    let jump = response::jump(&mut bench, 2, Volts(3.30), Volts(2.70)).expect("a jump");
    cancel.cancel("interrupt (SIGINT)");
    let error =
        response::follow(&mut bench, &jump, Goal::shown(Signal::LoadsOff)).expect_err("cancelled");
    assert_eq!(error.verdict(), Verdict::Interrupted);
    assert_eq!(error.to_string(), "stopped: interrupt (SIGINT)");
    let safe = bench.close("cancelled");
    assert!(safe.proven, "{}", safe.in_words());
}

#[test]
fn a_contact_that_reports_something_at_rest_fails_the_device() {
    let (mut bench, _world) = open(
        "sim-board-4s",
        Twist::fault("bms", "load_contact", "stuck open"),
    );
    let error = rest::board(&mut bench, Volts(3.30)).expect_err("the loads are off");
    assert_eq!(error.verdict(), Verdict::Fail);
    insta::assert_snapshot!(error, @"load contact 60 s after everything normal was connected is open, must be closed");
}
