//! Making safe: the order, the proof, and what fails on the way.

use crate::rig::{Rig, secs};
use api::LoadMode;
use bench::{Bench, OffOrder, SafeState};
use proptest::prelude::{
    Just, ProptestConfig, Strategy, any, prop, prop_assert, prop_oneof, proptest,
};
use units::{Amps, Volts};

fn charging() -> (Rig, Bench) {
    charging_with(OffOrder::InTurn)
}

fn charging_with(order: OffOrder) -> (Rig, Bench) {
    let mut rig = Rig::new("sim-battery");
    rig.off_order = order;
    let mut bench = rig.opened();
    bench.plug_all().expect("cables");
    bench
        .start_charging(Volts(14.2), Amps(50.0))
        .expect("charging");
    rig.state.take_log();
    (rig, bench)
}

fn forced(order: OffOrder) -> (Rig, Bench) {
    let mut rig = Rig::new("sim-board-8s");
    rig.off_order = order;
    let mut bench = rig.opened();
    bench.power_bms().expect("the BMS has power");
    bench.plug_all().expect("cables");
    bench.energise_cells(Volts(3.3)).expect("cells");
    rig.state.take_log();
    (rig, bench)
}

fn proofs(state: &SafeState) -> String {
    let line = |proof: &record::OutputProof| {
        let word = if proof.safe { "safe" } else { "UNSAFE" };
        format!(
            "{word} {} ({}): {}\n",
            proof.role, proof.instrument, proof.found
        )
    };
    let lines: String = state.outputs.iter().map(line).collect();
    format!("{lines}{}", state.in_words())
}

#[test]
fn a_battery_bench_goes_dark_in_order() {
    let (rig, mut bench) = charging();
    let state = bench.make_safe("the scenario ended");
    assert_eq!(rig.state.energised(), Vec::<String>::new());
    insta::assert_snapshot!(rig.state.take_log().join("\n"), @r"
    charger all off
    load all off
    charger amps? 1
    load amps? 1
    daq open 7001 7002 7003 7005 7006 7007
    daq open 6001 6002 6003 6004 6005 6006 7004
    charger on? 1
    charger amps? 1
    daq scan 1 channels
    load on? 1
    load amps? 1
    daq closed? 7001
    daq closed? 7002
    daq closed? 7003
    daq closed? 7005
    daq closed? 7006
    ");
    insta::assert_snapshot!(proofs(&state), @r"
    safe charger (charger/1): output off, 0.000 A, 0.000 V on its side of the contactor
    safe load (load/1): input off, 0.000 A
    safe charger contactor (daq/7001): open
    safe load contactor (daq/7002): open
    safe safety relay (daq/7003): open
    safe alternator port (daq/7005): open
    safe system port (daq/7006): open
    the bench is proven safe
    ");
}

#[test]
fn a_board_bench_goes_dark_in_order() {
    let (rig, mut bench) = forced(OffOrder::InTurn);
    bench.set_chamber(units::Celsius(10.0)).expect("chamber");
    rig.state.take_log();
    let state = bench.make_safe("the scenario ended");
    assert_eq!(rig.state.energised(), Vec::<String>::new());
    assert!(!rig.state.lock().running);
    let log = rig.state.take_log();
    let commands: Vec<&String> = log.iter().filter(|line| !line.contains('?')).collect();
    insta::assert_debug_snapshot!(commands, @r#"
    [
        "cells_a all off",
        "cells_b all off",
        "cells_c all off",
        "cells_d all off",
        "bms_supply all off",
        "chamber standby",
        "daq open 7001 7002 7003 7004 7005 7006 7007",
        "chamber standby",
    ]
    "#);
    assert!(state.proven, "{}", proofs(&state));
}

#[test]
fn a_proof_stands_until_something_is_switched_on() {
    let (rig, mut bench) = charging();
    let first = bench.make_safe("once");
    rig.state.take_log();
    assert_eq!(bench.make_safe("twice"), first);
    assert_eq!(rig.state.take_log(), Vec::<String>::new());
    bench.connect_battery().expect("safety relay");
    rig.state.take_log();
    bench.make_safe("again");
    assert_ne!(rig.state.take_log(), Vec::<String>::new());
}

#[test]
fn a_cancelled_run_is_made_safe_all_the_same() {
    let (rig, mut bench) = charging();
    rig.cancel.cancel("interrupt (SIGINT)");
    let error = bench.start_charging(Volts(14.0), Amps(10.0)).unwrap_err();
    insta::assert_snapshot!(error, @"stopped: interrupt (SIGINT)");
    assert_eq!(error.verdict(), record::Verdict::Interrupted);
    assert!(bench.make_safe("interrupt").proven);
    assert_eq!(rig.state.energised(), Vec::<String>::new());
}

#[test]
fn dropping_a_bench_makes_it_safe() {
    let (rig, bench) = forced(OffOrder::InTurn);
    drop(bench);
    assert_eq!(rig.state.energised(), Vec::<String>::new());
    let story = rig.story(0);
    assert!(
        story.contains("made safe, proven true: the bench was closed"),
        "{story}"
    );
}

#[test]
fn a_panic_on_the_way_leaves_nothing_on() {
    let (rig, bench) = charging();
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(move || {
        let _held = bench;
        panic!("a procedure fell over");
    }));
    assert!(outcome.is_err());
    assert_eq!(rig.state.energised(), Vec::<String>::new());
}

#[test]
fn a_dead_charger_is_named_and_everything_else_is_off() {
    let (rig, mut bench) = charging();
    bench
        .start_load(LoadMode::Current(Amps(5.0)))
        .expect("load");
    rig.state.lock().dead.insert("charger".into());
    let before = rig.journal().len();
    let state = bench.make_safe("the charger is silent");
    assert_eq!(rig.state.energised(), ["charger/1"]);
    insta::assert_snapshot!(proofs(&state), @r"
    UNSAFE charger (charger/1): charger: no answer within 1 s (asked `on? 1`)
    safe load (load/1): input off, 0.000 A
    safe charger contactor (daq/7001): open
    safe load contactor (daq/7002): open
    safe safety relay (daq/7003): open
    safe alternator port (daq/7005): open
    safe system port (daq/7006): open
    MAY STILL BE ENERGISED: charger (charger/1): charger: no answer within 1 s (asked `on? 1`)
    ");
    insta::assert_snapshot!(rig.story(before), @r#"
    0.0 exchange load all off: no answer
    0.0 exchange load amps? 1: no answer
    0.0 exchange daq closed? 7006: no answer
    0.0 Warning { text: "while making safe: charger: no answer within 1 s (asked `all off`)" }
    0.0 Warning { text: "while making safe: charger: no answer within 1 s (asked `amps? 1`)" }
    0.0 made safe, proven false: the charger is silent
    "#);
}

#[test]
fn one_dead_supply_of_a_stack_leaves_the_others_off() {
    let (rig, mut bench) = forced(OffOrder::InTurn);
    rig.state.lock().dead.insert("cells_b".into());
    let state = bench.make_safe("a supply is silent");
    assert_eq!(rig.state.energised(), ["cells_b/1", "cells_b/2"]);
    assert_eq!(state.unproven.len(), 2);
    insta::assert_snapshot!(state.in_words(), @"MAY STILL BE ENERGISED: cell 3 (cells_b/1): cells_b: no answer within 1 s (asked `on? 1`); cell 4 (cells_b/2): cells_b: no answer within 1 s (asked `on? 2`)");
    // It comes back: the next call tries again and ends with a proof.
    rig.state.lock().dead.clear();
    assert!(bench.make_safe("once more").proven);
    assert_eq!(rig.state.energised(), Vec::<String>::new());
}

#[test]
fn everything_dead_ends_in_bounded_time_and_proves_nothing() {
    let (rig, mut bench) = forced(OffOrder::InTurn);
    let ids: Vec<String> = rig.config.instruments.keys().cloned().collect();
    rig.state.lock().dead.extend(ids);
    let calls = rig.state.lock().calls;
    let state = bench.make_safe("nobody answers");
    assert!(!state.proven);
    assert!(state.outputs.iter().all(|proof| !proof.safe));
    let calls = rig.state.lock().calls - calls;
    assert!(calls < 60, "{calls} calls, each a time-out");
}

#[test]
fn a_relay_that_stays_closed_is_named() {
    let (rig, mut bench) = charging();
    rig.state.lock().fails.insert("daq open".into());
    let state = bench.make_safe("the scenario ended");
    insta::assert_snapshot!(state.in_words(), @"MAY STILL BE ENERGISED: charger contactor (daq/7001): closed; safety relay (daq/7003): closed");
}

#[test]
fn a_voltage_that_stays_on_the_charger_s_side_is_no_proof() {
    let (rig, mut bench) = charging();
    let side = rig.config.wiring.sense.charger_side.clone().expect("wired");
    rig.state.lock().readings.insert(side.channel, 13.1);
    let before = bench.now();
    let state = bench.make_safe("the contactor is welded");
    insta::assert_snapshot!(state.in_words(), @"MAY STILL BE ENERGISED: charger (charger/1): output off, 0.000 A, 13.100 V on its side of the contactor");
    assert!(bench.now() - before < secs(15.0));
}

#[test]
fn where_the_charger_s_side_is_not_measured_the_proof_says_so() {
    let mut rig = Rig::new("sim-battery");
    rig.config.wiring.sense.charger_side = None;
    let mut bench = rig.opened();
    let state = bench.make_safe("the scenario ended");
    assert!(state.proven);
    insta::assert_snapshot!(state.outputs[0].found, @"output off, 0.000 A; the voltage on its side of the contactor is not measured on this bench");
}

#[test]
fn a_driver_that_panics_is_one_more_dead_instrument() {
    let (rig, mut bench) = charging();
    rig.state.lock().panics = Some("load".into());
    let state = bench.make_safe("the scenario ended");
    assert_eq!(rig.state.energised(), Vec::<String>::new());
    insta::assert_snapshot!(state.in_words(), @"MAY STILL BE ENERGISED: load (load/1): load: the driver panicked: index out of bounds (asked `its driver`)");
}

#[test]
fn side_by_side_reaches_the_same_state() {
    let mut rig = Rig::new("sim-board-8s");
    rig.off_order = OffOrder::AtOnce;
    let mut bench = rig.opened();
    bench.energise_cells(Volts(3.3)).expect("cells");
    rig.state.lock().dead.insert("cells_a".into());
    let state = bench.make_safe("the scenario ended");
    assert_eq!(rig.state.energised(), ["cells_a/1", "cells_a/2"]);
    assert_eq!(state.unproven.len(), 2, "{}", state.in_words());
}

/// Kind of bench, order of switching off, numbers of the calls that are lost, and an instrument that is dead.
fn troubles() -> impl Strategy<Value = (bool, OffOrder, Vec<u64>, Option<usize>)> {
    (
        any::<bool>(),
        prop_oneof![Just(OffOrder::InTurn), Just(OffOrder::AtOnce)],
        prop::collection::vec(1u64..120, 0..40),
        prop::option::of(0usize..6),
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is lost on the way: a proof is never wrong, and every output that is still on is
    /// named.
    #[test]
    fn no_output_stays_on_unnamed((board, order, lost, dead) in troubles()) {
        let (rig, mut bench) = if board { forced(order) } else { charging_with(order) };
        {
            let mut state = rig.state.lock();
            let calls = state.calls;
            state.lost.extend(lost.iter().map(|nth| calls + nth));
            let ids: Vec<String> = rig.config.instruments.keys().cloned().collect();
            state.dead.extend(dead.and_then(|index| ids.get(index).cloned()));
        }
        let state = bench.make_safe("trouble");
        for output in rig.state.energised() {
            prop_assert!(
                state.unproven.iter().any(|line| line.contains(&format!("({output})"))),
                "{output} is on: {}", state.in_words()
            );
        }
        // Contactors and safety relay of the battery bench; a board bench has cables there.
        let contactor = |relay: &u16| (7001..=7003).contains(relay);
        prop_assert!(board || !state.proven || !rig.state.lock().closed.iter().any(contactor));
        // With the instruments back, the bench can always be made safe.
        {
            let mut state = rig.state.lock();
            state.dead.clear();
            state.lost.clear();
        }
        prop_assert!(bench.make_safe("trouble over").proven);
        prop_assert!(rig.state.energised().is_empty());
    }
}
