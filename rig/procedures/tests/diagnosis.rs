//! Who gives an alarm that nothing explains: on simulated banks, with every kind of culprit.

mod common;

use common::{Twist, open};
use procedures::{Asked, Culprit, leaving_out, rest};

fn diagnose(bench: &str, twist: Twist) -> Culprit {
    let (mut bench, world) = open(bench, twist);
    rest::connected(&mut bench).expect("it connects");
    let diagnosed = leaving_out::diagnose(&mut bench).expect("a diagnosis");
    assert!(
        bench.last().relays.bypass.iter().all(|bypassed| !bypassed),
        "a battery was left out of the chain for good"
    );
    let safe = bench.close("the end");
    assert!(safe.proven, "{}", safe.in_words());
    assert_eq!(world.energised(), Vec::<String>::new());
    diagnosed.culprit
}

/// A pole that never closes: the battery refuses although its cells are well.
fn refusing(battery: &'static str) -> Twist {
    Twist::fault(battery, "discharge_pole", "stuck open")
}

#[test]
fn a_healthy_bank_accuses_nobody() {
    for bench in ["sim-battery", "sim-bank-2s", "sim-bank-2p", "sim-bank-2s2p"] {
        assert_eq!(
            diagnose(bench, Twist::default()),
            Culprit::Nothing,
            "{bench}"
        );
    }
}

#[test]
fn each_battery_in_turn_is_named() {
    let all = ["battery 1", "battery 2", "battery 3", "battery 4"];
    for (bench, batteries) in [
        ("sim-battery", 1),
        ("sim-bank-2s", 2),
        ("sim-bank-2p", 2),
        ("sim-bank-2s2p", 4),
    ] {
        for (number, battery) in (1..).zip(all).take(batteries) {
            let named = Culprit::Batteries(vec![number]);
            assert_eq!(diagnose(bench, refusing(battery)), named, "{bench}");
        }
    }
    let dead = Twist::fault("battery 2", "dead", "yes");
    assert_eq!(diagnose("sim-bank-2s", dead), Culprit::Batteries(vec![2]));
}

#[test]
fn two_batteries_at_once_are_both_named() {
    let both = refusing("battery 2").and("battery 4", "charge_pole", "stuck open");
    assert_eq!(
        diagnose("sim-bank-2s2p", both),
        Culprit::Batteries(vec![2, 4])
    );
    let all = refusing("battery 1").and("battery 2", "pre_alarm_pole", "stuck open");
    assert_eq!(diagnose("sim-bank-2s", all), Culprit::Batteries(vec![1, 2]));
}

#[test]
fn a_bms_that_is_faulty_is_named_with_and_without_batteries_that_are() {
    for bench in ["sim-battery", "sim-bank-2p"] {
        for twist in [
            Twist::fault("bms", "dead", "yes"),
            Twist::fault("bms", "charge_contact", "stuck open"),
            Twist::fault("cable 1", "all", "open"),
            refusing("battery 1").and("bms", "load_contact", "stuck open"),
        ] {
            let faults = format!("{:?}", twist.faults);
            assert_eq!(
                diagnose(bench, twist),
                Culprit::BmsOrCables,
                "{bench} {faults}"
            );
        }
    }
}

#[test]
fn a_silent_battery_keeps_a_clean_bill_from_being_given() {
    let (mut bench, _world) = open(
        "sim-bank-2s",
        Twist {
            deaf: true,
            ..Twist::default()
        },
    );
    rest::connected(&mut bench).expect("it connects");
    let asked = Asked::new(["6.2.5-02", "6.2.5-05"]);
    let in_range = leaving_out::judge_in_range(&mut bench, &asked).expect("cells are well");
    assert_eq!(in_range.silent, [1, 2]);
    let diagnosed = leaving_out::diagnose(&mut bench).expect("a diagnosis");
    let error = leaving_out::judge_nothing_faulty(&mut bench, &asked, Some(&in_range), &diagnosed)
        .expect_err("nobody heard the batteries");
    assert_eq!(error.verdict(), record::Verdict::Error);
    assert_eq!(
        error.to_string(),
        "faulty part can't be told, must be nothing: no report from batteries 1 and 2"
    );
}
