//! What commands send, in which order, and what they refuse.

use crate::rig::Rig;
use api::{LoadMode, Request};
use bench::{BenchError, Pole};
use std::time::Duration;
use units::{Amps, Celsius, Ohms, Volts, Watts};

#[test]
fn every_cell_is_protected_before_the_first_turns_on() {
    let rig = Rig::new("sim-board-4s");
    let mut bench = rig.opened();
    bench.energise_cells(Volts(3.3)).expect("cells");
    insta::assert_snapshot!(rig.state.take_log().join("\n"), @r"
    cells_a protect 4.182 V, 2.70 A on 1
    cells_a 3.300 V on 1
    cells_a source 2.70 A on 1
    cells_a sink 2.70 A on 1
    cells_a protect 4.182 V, 2.70 A on 2
    cells_a 3.300 V on 2
    cells_a source 2.70 A on 2
    cells_a sink 2.70 A on 2
    cells_b protect 4.182 V, 2.70 A on 1
    cells_b 3.300 V on 1
    cells_b source 2.70 A on 1
    cells_b sink 2.70 A on 1
    cells_b protect 4.182 V, 2.70 A on 2
    cells_b 3.300 V on 2
    cells_b source 2.70 A on 2
    cells_b sink 2.70 A on 2
    cells_a turn on 1
    cells_a turn on 2
    cells_b turn on 1
    cells_b turn on 2
    ");
    bench.set_cell(1, 3, Volts(2.75)).expect("cell 3");
    assert_eq!(rig.state.take_log(), ["cells_b 2.750 V on 1"]);
    assert_eq!(
        bench.last().outputs.cells,
        [[3.3, 3.3, 2.75, 3.3].map(Volts)]
    );
    bench.set_cells(Volts(3.4)).expect("cells");
    bench.de_energise_cells().expect("cells off");
    assert_eq!(rig.state.energised(), Vec::<String>::new());
    insta::assert_snapshot!(rig.story(1), @r"
    0.0 command cells: 3.300 V
    0.0 command cells: on
    0.0 command cell 3: 2.750 V
    0.0 command cells: 3.400 V
    0.0 command cells: off
    ");
}

#[test]
fn a_cell_that_does_not_turn_on_takes_all_down() {
    let rig = Rig::new("sim-board-8s");
    let mut bench = rig.opened();
    rig.state.lock().fails.insert("cells_c turn on".into());
    let error = bench.energise_cells(Volts(3.3)).unwrap_err();
    insta::assert_snapshot!(error, @"cells_c: no answer within 1 s (asked `turn on 1`)");
    assert_eq!(rig.state.energised(), Vec::<String>::new());
    assert!(bench.last().outputs.cells.is_empty());
    insta::assert_snapshot!(rig.story(1), @r"
    0.0 command cells: 3.300 V
    0.0 command cells: on
    0.0 exchange cells_c turn on 1 ✗: no answer
    0.0 made safe, proven true: a cell did not turn on: cells_c: no answer within 1 s (asked `turn on 1`)
    ");
}

#[test]
fn a_charge_starts_in_order_and_stops_in_order() {
    let rig = Rig::new("sim-battery");
    let mut bench = rig.opened();
    bench
        .start_charging(Volts(14.2), Amps(50.0))
        .expect("charging");
    bench
        .start_charging(Volts(14.0), Amps(20.0))
        .expect("less of it");
    bench.stop_charging().expect("off");
    insta::assert_snapshot!(rig.state.take_log().join("\n"), @r"
    daq close 7003
    charger protect 15.096 V, 55.00 A on 1
    charger 14.200 V on 1
    charger source 50.00 A on 1
    charger sink 0.00 A on 1
    daq close 7001
    charger turn on 1
    charger source 20.00 A on 1
    charger protect 15.096 V, 22.00 A on 1
    charger 14.000 V on 1
    charger source 20.00 A on 1
    charger sink 0.00 A on 1
    charger turn off 1
    charger amps? 1
    daq open 7001
    ");
    bench
        .start_load(LoadMode::Current(Amps(20.0)))
        .expect("load");
    bench.stop_load().expect("off");
    insta::assert_snapshot!(rig.state.take_log().join("\n"), @r"
    load Current(Amps(20.0)) on 1
    daq close 7002
    load turn on 1
    load turn off 1
    load amps? 1
    daq open 7002
    ");
}

#[test]
fn poles_go_one_by_one_or_together() {
    let rig = Rig::new("sim-battery");
    let mut bench = rig.opened();
    bench.plug_all().expect("cables");
    bench.set_pole(2, Pole::Discharge, false).expect("one pole");
    assert_eq!(bench.last().relays.cables, [[true; 3], [true, false, true]]);
    bench.unplug_cable(1).expect("cable 1");
    bench.bypass(1, true).expect("bypass");
    insta::assert_snapshot!(rig.state.take_log().join("\n"), @r"
    daq close 6001 6002 6003
    daq close 6004 6005 6006
    daq open 6005
    daq open 6001 6002 6003
    daq close 7004
    ");
}

#[test]
fn beyond_the_envelope_nothing_is_sent() {
    let board = Rig::new("sim-board-4s");
    let mut bench = board.opened();
    let mut texts = Vec::new();
    let mut refuse = |outcome: Result<(), BenchError>| {
        texts.push(outcome.expect_err("refused").to_string());
    };
    refuse(bench.energise_cells(Volts(4.2)));
    refuse(bench.set_cell(1, 1, Volts(3.3)));
    refuse(bench.set_cells(Volts(f64::NAN)));
    refuse(bench.set_chamber(Celsius(80.0)));
    refuse(bench.start_charging(Volts(14.0), Amps(1.0)));
    refuse(bench.connect_battery());
    refuse(bench.bypass(2, true));
    refuse(bench.plug_cable(0));
    assert_eq!(board.state.take_log(), Vec::<String>::new());
    bench.energise_cells(Volts(3.3)).expect("cells");
    board.state.take_log();
    refuse(bench.set_cell(1, 5, Volts(3.3)));
    refuse(bench.set_cell(2, 1, Volts(3.3)));
    refuse(bench.set_cell(1, 1, Volts(1.0)));
    assert_eq!(board.state.take_log(), Vec::<String>::new());

    let battery = Rig::new("sim-battery");
    let mut bench = battery.opened();
    refuse(bench.start_charging(Volts(14.9), Amps(10.0)));
    refuse(bench.start_charging(Volts(14.2), Amps(66.0)));
    refuse(bench.start_load(LoadMode::Current(Amps(120.0))));
    refuse(bench.start_load(LoadMode::Current(Amps(-1.0))));
    refuse(bench.start_load(LoadMode::Power(Watts(1400.0))));
    refuse(bench.start_load(LoadMode::Resistance(Ohms(0.1))));
    refuse(bench.start_load(LoadMode::Resistance(Ohms(0.0))));
    refuse(bench.start_load(LoadMode::Voltage(Volts(12.0))));
    refuse(bench.power_bms());
    refuse(bench.set_chamber(Celsius(20.0)));
    refuse(bench.energise_cells(Volts(3.3)));
    assert_eq!(battery.state.take_log(), Vec::<String>::new());
    insta::assert_snapshot!(texts.join("\n"), @r"
    cells: `4.200 V` was refused and nothing was sent: the envelope lets a cell have 1.7 V to 4.1 V
    cell 1: `3.300 V` was refused and nothing was sent: the cells are off: energise them all together first
    cells: `NaN V` was refused and nothing was sent: the envelope lets a cell have 1.7 V to 4.1 V
    chamber: `80 °C` was refused and nothing was sent: the envelope is -30 °C to 65 °C
    bench sim-board-4s has no charger; only battery benches have one
    bench sim-board-4s has no battery; a board bench has supplies for cells
    bench sim-board-4s has no bypass 2; the bench file wires 1, counted from 1
    bench sim-board-4s has no cable 0; the bench file wires 2, counted from 1
    bench sim-board-4s has no cell 5; cells and batteries count from 1
    bench sim-board-4s has no cell 1; cells and batteries count from 1
    cell 1: `1.000 V` was refused and nothing was sent: the envelope lets a cell have 1.7 V to 4.1 V
    charger: `14.900 V, at most 10.00 A` was refused and nothing was sent: the envelope lets the bank have up to 14.8 V
    charger: `14.200 V, at most 66.00 A` was refused and nothing was sent: the envelope lets up to 65 A into the bank
    load: `120.00 A` was refused and nothing was sent: it could draw 120.00 A, the envelope lets up to 115 A out of the bank
    load: `-1.00 A` was refused and nothing was sent: the level is no magnitude
    load: `1400.0 W` was refused and nothing was sent: it could draw 140.00 A, the envelope lets up to 115 A out of the bank
    load: `0.100 Ω` was refused and nothing was sent: it could draw 148.00 A, the envelope lets up to 115 A out of the bank
    load: `0.000 Ω` was refused and nothing was sent: it could draw inf A, the envelope lets up to 115 A out of the bank
    load: `12.00 V` was refused and nothing was sent: nothing bounds the current of a constant-voltage load; use a current
    bench sim-battery has no BMS supply; wire one as `bms_supply`
    bench sim-battery has no chamber; scenarios that need one carry `@needs:chamber`
    bench sim-battery has no cell supplies; cell voltages can only be forced on a board bench
    ");
}

#[test]
fn a_current_that_does_not_go_is_an_error_and_the_contactor_opens_all_the_same() {
    let rig = Rig::new("sim-battery");
    let mut bench = rig.opened();
    bench
        .start_load(LoadMode::Current(Amps(20.0)))
        .expect("load");
    rig.state.lock().fails.insert("load turn off".into());
    insta::assert_snapshot!(bench.stop_load().unwrap_err(), @"load: no answer within 1 s (asked `turn off 1`)");
    assert_eq!(bench.last().relays.load_contactor, Some(false));
    assert_eq!(
        bench.last().outputs.load,
        Some(LoadMode::Current(Amps(20.0)))
    );
}

#[test]
fn questions_and_answers_are_on_record() {
    let rig = Rig::new("sim-battery");
    let mut bench = rig.opened();
    let request = |kind: &str| Request {
        kind: kind.into(),
        instruction: "read the LED".into(),
        expected: "on".into(),
        within: Duration::from_secs(60),
    };
    assert_eq!(
        bench.ask(&request("read-led")).expect("answered").text,
        "yes"
    );
    let error = bench.ask(&request("silence")).unwrap_err();
    insta::assert_snapshot!(error, @"nobody answered `read the LED` within 60s");
    insta::assert_snapshot!(rig.story(1), @r#"
    0.0 Operator { instruction: "read the LED", expected: "on", answer: Some("yes"), who: "A. Tester" }
    0.0 Operator { instruction: "read the LED", expected: "on", answer: None, who: "" }
    "#);
}
