//! Taking over instruments, and what may be wrong with them.

use crate::rig::Rig;
use record::Event;

#[test]
fn whatever_drives_current_is_prepared_before_relays_move() {
    let rig = Rig::new("sim-battery");
    let bench = rig.open().expect("a healthy bench");
    insta::assert_snapshot!(rig.state.take_log().join("\n"), @r"
    charger identity
    charger errors
    charger prepare
    charger errors
    load identity
    load errors
    load prepare
    load errors
    daq identity
    daq errors
    daq prepare
    daq errors
    ");
    let entry = rig.journal().remove(0);
    let Event::BenchOpened {
        bench: name,
        roles,
        instruments,
    } = entry.event
    else {
        panic!("{entry:?}");
    };
    assert_eq!(name, bench.config().name);
    assert_eq!(
        instruments["charger"],
        "Script S1 (serial charger-1, firmware 1.0)"
    );
    insta::assert_debug_snapshot!(roles, @r#"
    {
        "alternator port": "daq/7005",
        "bank voltage": "daq/1031",
        "bridge of the contacts": "daq/7007",
        "bypass 1": "daq/7004",
        "cable 1": "daq/6001, daq/6002, daq/6003",
        "cable 2": "daq/6004, daq/6005, daq/6006",
        "cells of battery 1": "daq/1001, daq/1002, daq/1003, daq/1004",
        "charge contact": "daq/5101.0",
        "charger": "charger/1",
        "charger contactor": "daq/7001",
        "charger's side": "daq/1032",
        "load": "load/1",
        "load contact": "daq/5101.1",
        "load contactor": "daq/7002",
        "operator": "virtual operator",
        "pre-alarm contact": "daq/5101.2",
        "radio": "sim:",
        "residual current": "daq/1033",
        "safety relay": "daq/7003",
        "system port": "daq/7006",
        "thermocouple": "daq/1040 type T",
    }
    "#);
}

#[test]
fn another_serial_number_is_refused_and_that_instrument_left_alone() {
    let mut rig = Rig::new("sim-battery");
    let load = rig.config.instruments.get_mut("load").expect("wired");
    load.serial = Some("600123".into());
    let error = rig.open().err().expect("refused");
    insta::assert_snapshot!(error, @"load is a Script S1 (serial load-1, firmware 1.0), but the bench file expects serial number 600123");
    let log = rig.state.take_log();
    assert!(log.contains(&"charger all off".to_owned()), "{log:?}");
    let touched: Vec<_> = log.iter().filter(|line| line.starts_with("load")).collect();
    assert_eq!(touched, ["load identity"]);
    insta::assert_snapshot!(rig.story(0), @r"
    0.0 exchange load identity: no answer
    0.0 exchange daq closed? 7006: no answer
    0.0 made safe, proven false: the bench could not be opened: load is a Script S1 (serial load-1, firmware 1.0), but the bench file expects serial number 600123
    ");
}

#[test]
fn an_instrument_that_says_nothing_leaves_the_others_safe() {
    let rig = Rig::new("sim-board-4s");
    rig.state.lock().dead.insert("daq".into());
    let error = rig.open().err().expect("refused");
    insta::assert_snapshot!(error, @"daq: no answer within 1 s (asked `identity`)");
    assert_eq!(error.verdict(), record::Verdict::Error);
    let log = rig.state.take_log();
    for id in ["cells_a", "cells_b", "bms_supply"] {
        assert!(log.contains(&format!("{id} all off")), "{log:?}");
    }
}

#[test]
fn an_instrument_that_nobody_opened_is_named() {
    let mut rig = Rig::new("sim-battery");
    rig.missing = Some("daq".into());
    insta::assert_snapshot!(rig.open().err().expect("refused"), @r"
    bench sim-battery can't be used:
      instrument daq: no driver `keysight-34980a` was opened for sim:
    ");
}

#[test]
fn channels_that_cannot_play_their_roles_are_refused_together() {
    let rig = Rig::new("sim-board-4s");
    rig.state.lock().weak = Some(api::Capability::Supply {
        voltage: units::Volts(3.6),
        source_current: units::Amps(3.0),
        sink_current: units::Amps(0.0),
        power: units::Watts(30.0),
        isolation: units::Volts(10.0),
    });
    insta::assert_snapshot!(rig.open().err().expect("refused"), @r"
    bench sim-board-4s can't be used:
      cell 1 on cells_a/1: gives 3.6 V, the envelope lets a cell have 4.1 V
      cell 1 on cells_a/1: takes 0 A, the balancer pushes 1.8 A into it: a cell needs two quadrants
      cell 2 on cells_a/2: gives 3.6 V, the envelope lets a cell have 4.1 V
      cell 2 on cells_a/2: takes 0 A, the balancer pushes 1.8 A into it: a cell needs two quadrants
      cell 3 on cells_b/1: gives 3.6 V, the envelope lets a cell have 4.1 V
      cell 3 on cells_b/1: takes 0 A, the balancer pushes 1.8 A into it: a cell needs two quadrants
      cell 3 on cells_b/1: is isolated for 10 V, at its place in the stack it is 12.3 V above minus
      cell 4 on cells_b/2: gives 3.6 V, the envelope lets a cell have 4.1 V
      cell 4 on cells_b/2: takes 0 A, the balancer pushes 1.8 A into it: a cell needs two quadrants
      cell 4 on cells_b/2: is isolated for 10 V, at its place in the stack it is 16.4 V above minus
      BMS supply on bms_supply/1: gives 3.6 V, the BMS gets 13.2 V
    ");
    assert!(rig.story(0).contains("made safe, proven true"));
}
