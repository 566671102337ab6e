//! Snapshots, changes, samples, the envelope, and loops.

use crate::rig::{Rig, secs};
use api::{AlarmCode, BatteryReport, LoadMode, TelemetrySample};
use bench::{BenchError, Contact};
use std::ops::ControlFlow;
use std::time::Duration;
use units::{Amps, Celsius, Volts};

fn report(received: f64, codes: &[AlarmCode], discharge_allowed: bool) -> Option<TelemetrySample> {
    Some(TelemetrySample {
        received: secs(received),
        battery: 0,
        report: BatteryReport {
            model_id: 0,
            counter: 1,
            flags: 0,
            errors: 0,
            codes: codes.to_vec(),
            charge_allowed: true,
            discharge_allowed,
            cells: Vec::new(),
            voltage: Some(Volts(13.2)),
            balancer: None,
            temperature: Some(Celsius(25.0)),
        },
    })
}

#[test]
fn a_snapshot_knows_value_uncertainty_instant_and_instrument() {
    let rig = Rig::new("sim-battery");
    let mut bench = rig.opened();
    bench
        .start_charging(Volts(14.2), Amps(50.0))
        .expect("charging");
    bench
        .start_load(LoadMode::Current(Amps(5.0)))
        .expect("load");
    {
        let mut state = rig.state.lock();
        let charger = state.outputs.get_mut(&("charger".into(), 1));
        charger.expect("on").current = 20.0;
        state.slow = Duration::from_millis(10);
        state.readings.insert(1002, 3.4);
    }
    rig.state.take_log();
    let snapshot = bench.snapshot().expect("a snapshot").clone();
    insta::assert_snapshot!(rig.state.take_log().join("\n"), @r"
    daq scan 6 channels
    daq temperature
    charger volts? 1
    charger amps? 1
    charger on? 1
    load volts?
    load amps? 1
    load on? 1
    daq port
    ");
    let cell = &snapshot.cells[0][1];
    assert_eq!(cell.value, 3.4);
    // 0.0045 % of 3.4 V and 0.0006 % of 100 V.
    assert!((cell.uncertainty - (3.4 * 45e-6 + 600e-6)).abs() < 1e-12);
    assert_eq!(&*cell.instrument, "daq");
    assert_eq!(cell.reading("V").unit, "V");
    let current = snapshot.current.clone().expect("both ports");
    assert_eq!(current.value, 15.0);
    assert_eq!(&*current.instrument, "charger, load");
    let highest = snapshot.highest_cell().expect("cells");
    assert_eq!((highest.battery, highest.cell), (1, 2));
    assert!((snapshot.spread(1).expect("cells").value - 0.1).abs() < 1e-9);
    assert_eq!(snapshot.contact(Contact::Load), Some(true));
    assert_eq!(snapshot.contact(Contact::PreAlarm), Some(false));
    assert_eq!(snapshot.contacts.at - snapshot.contacts.asked, secs(0.01));
    assert_eq!(snapshot.batteries, [None]);
}

#[test]
fn changes_are_on_record_with_the_last_instant_before() {
    let rig = Rig::new("sim-battery");
    let mut bench = rig.opened();
    bench.snapshot().expect("first");
    bench.sleep(secs(0.1)).expect("time");
    bench.sample_contacts().expect("nothing new");
    bench.sleep(secs(0.1)).expect("time");
    {
        let mut state = rig.state.lock();
        state.port = 0b111;
        state.reports = vec![report(0.15, &[AlarmCode::WSl11], true)];
    }
    bench.sample_contacts().expect("pre-alarm");
    bench.sleep(secs(0.1)).expect("time");
    rig.state.lock().reports = vec![report(0.25, &[AlarmCode::ASl11], false)];
    bench.sample_contacts().expect("alarm");
    bench.sleep(secs(0.1)).expect("time");
    rig.state.lock().reports = vec![];
    let snapshot = bench.sample_contacts().expect("silence");
    assert_eq!(snapshot.batteries, [None]);
    insta::assert_snapshot!(rig.story(1), @r"
    0.0 change charge contact: on (not before None)
    0.0 change load contact: on (not before None)
    0.0 change pre-alarm contact: off (not before None)
    0.2 change pre-alarm contact: on (not before Some(0.1))
    0.2 change battery 1 reports: heard (not before None)
    0.2 change battery 1 W-SL11: set (not before None)
    0.2 change battery 1 charge allowed: yes (not before None)
    0.2 change battery 1 discharge allowed: yes (not before None)
    0.3 change battery 1 W-SL11: cleared (not before Some(0.15))
    0.3 change battery 1 A-SL11: set (not before Some(0.15))
    0.3 change battery 1 discharge allowed: no (not before Some(0.15))
    0.4 change battery 1 reports: silent (not before Some(0.25))
    ");
}

#[test]
fn a_protection_that_tripped_is_noticed() {
    let rig = Rig::new("sim-battery");
    let mut bench = rig.opened();
    bench
        .start_charging(Volts(14.2), Amps(50.0))
        .expect("charging");
    bench.snapshot().expect("on");
    rig.state.lock().outputs.clear();
    let before = rig.journal().len();
    bench.snapshot().expect("off by itself");
    assert!(!bench.last().charger.as_ref().expect("wired").on);
    insta::assert_snapshot!(rig.story(before), @r#"
    0.0 change charger output: off (not before None)
    0.0 Warning { text: "the charger output reads back off although it was commanded on: a protection of charger tripped" }
    "#);
}

#[test]
fn samples_go_to_a_file_with_units_in_the_names() {
    let mut rig = Rig::new("sim-battery");
    let folder = tempfile::tempdir().expect("a folder");
    rig.folder = Some(folder.path().join("run"));
    let mut bench = rig.opened();
    bench.snapshot().expect("full");
    bench.sleep(secs(0.1)).expect("time");
    rig.state.lock().reports = vec![report(0.1, &[], true)];
    bench.sample_contacts().expect("cheap");
    let _ = bench.close("done");
    let text = std::fs::read_to_string(folder.path().join("run/samples/0000.csv")).expect("rows");
    insta::assert_snapshot!(text, @r"
    at_s,cell_1_v,cell_2_v,cell_3_v,cell_4_v,bank_v,charger_v,charger_a,load_v,load_a,charger_side_v,temperature_c,current_a,charge_contact,load_contact,pre_alarm_contact,battery_1_reported_v,battery_1_reported_c,battery_1_charge_allowed,battery_1_discharge_allowed
    0.000,3.3,3.3,3.3,3.3,13.2,0,0,13.2,0,0,25,0,1,1,0,,,,
    0.100,,,,,,,,,,,,,1,1,0,13.2,25,1,1
    ");
    let journal = std::fs::read_to_string(folder.path().join("run/journal.ndjson")).expect("lines");
    assert!(journal.contains(r#""event":"samples","path":"samples/0000.csv","rows":2"#));
}

#[test]
fn outside_the_envelope_the_bench_is_safe_before_anybody_hears() {
    let rig = Rig::new("sim-battery");
    let mut bench = rig.opened();
    bench
        .start_charging(Volts(14.2), Amps(50.0))
        .expect("charging");
    bench.snapshot().expect("inside");
    let before = rig.journal().len();
    rig.state.lock().readings.insert(1003, 4.05);
    let error = bench.snapshot().unwrap_err();
    assert_eq!(rig.state.energised(), Vec::<String>::new());
    assert_eq!(error.verdict(), record::Verdict::Error);
    insta::assert_snapshot!(error, @"envelope exceeded: cell 3 is 4.050 V, the bench file allows 2.5 V to 4 V; the bench is proven safe");
    insta::assert_snapshot!(rig.story(before), @r#"
    0.0 Warning { text: "envelope exceeded: cell 3 is 4.050 V, allowed is 2.5 V to 4 V" }
    0.0 made safe, proven true: envelope exceeded: cell 3 is 4.050 V, allowed is 2.5 V to 4 V
    "#);
}

#[test]
fn every_part_of_the_envelope_is_held() {
    type Upset = fn(&Rig);
    let upsets: [(&str, Upset); 6] = [
        ("cell", |rig| {
            rig.state.lock().readings.insert(1001, f64::NAN);
        }),
        ("spread", |rig| {
            rig.state.lock().readings.insert(1001, 3.9);
            rig.state.lock().readings.insert(1002, 2.6);
        }),
        ("bank", |rig| {
            rig.state.lock().readings.insert(1031, 9.0);
        }),
        ("current", |rig| {
            let mut state = rig.state.lock();
            let output = state.outputs.get_mut(&("charger".into(), 1));
            output.expect("on").current = 70.0;
        }),
        ("temperature", |rig| {
            rig.state.lock().readings.insert(1040, 61.0);
        }),
        ("rate", |rig| {
            rig.state.lock().readings.insert(1040, 35.0);
            rig.state.lock().now += secs(120.0);
        }),
    ];
    let mut texts = Vec::new();
    for (name, upset) in upsets {
        let rig = Rig::new("sim-battery");
        let mut bench = rig.opened();
        bench
            .start_charging(Volts(14.2), Amps(50.0))
            .expect("charging");
        bench.snapshot().expect("inside");
        upset(&rig);
        let error = bench.snapshot().expect_err(name);
        assert!(matches!(error, BenchError::Envelope { .. }), "{error}");
        assert_eq!(rig.state.energised(), Vec::<String>::new(), "{name}");
        texts.push(error.to_string());
    }
    insta::assert_snapshot!(texts.join("\n"), @r"
    envelope exceeded: cell 1 is NaN V, the bench file allows 2.5 V to 4 V; the bench is proven safe
    envelope exceeded: cell spread of battery 1 is 1.300 V, the bench file allows at most 1.2 V; the bench is proven safe
    envelope exceeded: bank voltage is 9.000 V, the bench file allows 10 V to 14.8 V; the bench is proven safe
    envelope exceeded: current into the bank is 70.000 A, the bench file allows -115 A to 65 A; the bench is proven safe
    envelope exceeded: temperature is 61.000 °C, the bench file allows -25 °C to 60 °C; the bench is proven safe
    envelope exceeded: temperature rate is 5.00 K/min, the bench file allows at most 3 K/min; the bench is proven safe
    ");
}

#[test]
fn cells_of_a_board_that_is_off_are_not_outside() {
    let rig = Rig::new("sim-board-4s");
    let mut bench = rig.opened();
    bench.snapshot().expect("0 V is what it is");
    bench.energise_cells(Volts(3.3)).expect("cells");
    assert_eq!(bench.snapshot().expect("on").cells[0].len(), 4);
    rig.state.lock().readings.insert(1002, 0.0);
    insta::assert_snapshot!(bench.snapshot().unwrap_err(), @"envelope exceeded: cell 2 is 0.000 V, the bench file allows 1.7 V to 4.1 V; the bench is proven safe");
    bench.snapshot().expect("off again");
}

#[test]
fn cheap_samples_do_not_escape_the_guard() {
    let rig = Rig::new("sim-battery");
    let mut bench = rig.opened();
    bench
        .start_charging(Volts(14.2), Amps(50.0))
        .expect("charging");
    rig.state.take_log();
    let seen = bench
        .watch_contacts(secs(0.1), secs(5.0), |_| ControlFlow::<()>::Continue(()))
        .expect("quiet");
    assert_eq!(seen, None);
    let log = rig.state.take_log();
    let count = |what: &str| log.iter().filter(|line| line.contains(what)).count();
    assert_eq!((count("port"), count("scan")), (51, 6));
    rig.state.lock().readings.insert(1003, 4.05);
    let error = bench
        .watch_contacts(secs(0.1), secs(5.0), |_| ControlFlow::<()>::Continue(()))
        .unwrap_err();
    assert!(matches!(error, BenchError::Envelope { .. }), "{error}");
}

#[test]
fn loops_keep_their_raster_and_end_on_time() {
    let rig = Rig::new("sim-board-4s");
    let mut bench = rig.opened();
    bench.make_safe("nothing is energised");
    rig.state.lock().slow = Duration::from_millis(3);
    let mut at = Vec::new();
    let start = bench.now();
    let outcome = bench
        .watch_mixed(secs(0.1), 5, secs(0.95), |snapshot| {
            at.push((snapshot.contacts.asked - start).as_millis());
            ControlFlow::<()>::Continue(())
        })
        .expect("quiet");
    assert_eq!(outcome, None);
    // Full snapshots ask the port after 3 other questions.
    assert_eq!(at, [9, 100, 200, 300, 400, 509, 600, 700, 800, 900, 959]);
    let seen = bench
        .watch(secs(1.0), secs(60.0), |snapshot| {
            if snapshot.at - start >= secs(5.0) {
                ControlFlow::Break(snapshot.at)
            } else {
                ControlFlow::Continue(())
            }
        })
        .expect("quiet");
    assert!(seen.is_some());
    rig.cancel.cancel("step time-out after 60 s");
    let error = bench.settle(secs(10.0), secs(1.0)).unwrap_err();
    assert_eq!(error.verdict(), record::Verdict::Interrupted);
}

#[test]
fn a_lost_answer_is_an_error_with_its_exchange_on_record() {
    let rig = Rig::new("sim-battery");
    let mut bench = rig.opened();
    rig.state.lock().fails.insert("daq scan".into());
    let before = rig.journal().len();
    let error = bench.snapshot().unwrap_err();
    insta::assert_snapshot!(error, @"daq: no answer within 1 s (asked `scan 6 channels`)");
    assert_eq!(error.verdict(), record::Verdict::Error);
    insta::assert_snapshot!(rig.story(before), @"0.0 exchange daq scan 6 channels ✗: no answer");
}
