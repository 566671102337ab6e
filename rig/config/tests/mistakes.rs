//! Every mistake that a person makes in a file, and what they read then.

use config::{
    ConfigError, parse_battery_device, parse_battery_product, parse_bench, parse_bms_device,
    parse_bms_product, parse_clauses, parse_fault,
};
use std::fmt::Write;
use std::path::Path;

const BOARD: &str = include_str!("../../../fixtures/benches/sim-board-4s.yaml");
const BATTERY: &str = include_str!("../../../fixtures/benches/sim-battery-imbalance.yaml");
const BANK: &str = include_str!("../../../fixtures/benches/sim-bank-2s2p.yaml");

/// `before` in a good file becomes `after`.
fn bend(text: &str, before: &str, after: &str) -> String {
    assert!(text.contains(before), "`{before}` isn't in the file");
    text.replacen(before, after, 1)
}

/// What is said of each bent file.
fn said<T: std::fmt::Debug>(
    mistakes: &[(&str, &str, &str)],
    parse: impl Fn(&str, &Path) -> Result<T, ConfigError>,
) -> String {
    let mut said = String::new();
    for (text, before, after) in mistakes {
        let error = parse(&bend(text, before, after), Path::new("a.yaml"))
            .expect_err("a mistake must be found");
        let before = before.trim().replace('\n', "⏎");
        let heading = after.trim().replace('\n', "⏎");
        let _ = writeln!(said, "--- {} → {heading}\n{error}\n", before);
    }
    said
}

#[test]
fn spelling_and_units() {
    let text = said(
        &[
            (BOARD, "driver: rs-ngm202", "drivver: rs-ngm202"),
            (BOARD, "envelope:", "envelop:"),
            (BOARD, "kind: board", "kind: bord"),
            (BOARD, "kind: board\n", ""),
            (BOARD, "kind: board\n", "kind: board\nkind: board\n"),
            (BOARD, "pre_alarm: 3.10 V", "pre_alarm: 3.10"),
            (BOARD, "pre_alarm: 3.10 V", "pre_alarm: 3.10 A"),
            (BOARD, "pre_alarm: 3.10 V", "pre_alarm: low"),
            (BOARD, "sample_period: 0.1 s", "sample_period: 0.1 V"),
            (BOARD, "[1.7 V, 4.1 V]", "[1.7 V]"),
            (BOARD, "[1.7 V, 4.1 V]", "1.7 V"),
            (BOARD, "wiring:\n", "wiring: none\nwirings:\n"),
            (BOARD, "cells_a/1,", "cells_a-1,"),
            (BOARD, "{ charge: daq/7001,", "{ charge: daq/7001.9,"),
            (BOARD, "name: sim-board-4s", "name: [sim-board-4s"),
            (BOARD, "    driver: rs-ngm202", "   driver: rs-ngm202"),
            (BOARD, "1: 34921A", "one: 34921A"),
        ],
        parse_bench,
    );
    insta::assert_snapshot!(text);
}

#[test]
fn instruments() {
    let text = said(
        &[
            (BOARD, "address: 'sim:'", "address: 192.168.1.20:5025"),
            (BOARD, "address: 'sim:'", "address: tcp://192.168.1.20"),
            (
                BOARD,
                "instruments:\n",
                "instruments:\n  one: { driver: rs-ngm202, address: 'tcp://a:1' }\n  two: { driver: rs-ngm202, address: 'tcp://a:1' }\n",
            ),
            (
                BOARD,
                "{ of_reading: 0.02 %, constant: 2 mV }",
                "{ of_reading: 12 % }",
            ),
            (
                BOARD,
                "{ of_reading: 0.02 %, constant: 2 mV }",
                "{ constant: -2 mV }",
            ),
            (
                BOARD,
                "{ of_reading: 0.02 %, constant: 2 mV }",
                "{ of_range: 1 % }",
            ),
            (BOARD, "{ of_reading: 0.02 %, constant: 2 mV }", "{}"),
            (
                BOARD,
                "limits: { voltage: 4.2 V,",
                "limits: { voltage: 0 V,",
            ),
            (
                BOARD,
                "cards: { 1: 34921A,",
                "cards: { 9: 34921A, 1: 34921A,",
            ),
            (
                BOARD,
                "    driver: espec-p300\n",
                "    driver: espec-p300\n    calibration: { certificate: C-1, due: 30.6.2027 }\n",
            ),
        ],
        parse_bench,
    );
    insta::assert_snapshot!(text);
}

#[test]
fn roles_and_channels() {
    let text = said(
        &[
            (BOARD, "sense: daq/1002", "sense: daq/1001"),
            (BOARD, "load: daq/5101.1", "load: daq/5101.0"),
            (BOARD, "sense: daq/1002", "sense: dag/1002"),
            (BOARD, "supply: cells_a/1", "supply: psu/1"),
            (BOARD, "sense: daq/1002", "sense: daq/3002"),
            (BOARD, "sense: daq/1002", "sense: daq/1002.1"),
            (BOARD, "load: daq/5101.1", "load: daq/5101"),
            (BOARD, "  chamber: chamber\n", "  chamber: oven\n"),
            (BOARD, "  chamber: chamber\n", ""),
            (BOARD, "type: T", "type: S"),
            (
                BOARD,
                "  chamber: chamber\n",
                "  thermistor: { channel: chamber/1, curve: [{ at: 25 °C, has: 10 kΩ }, { at: 0 °C, has: 27 kΩ }] }\n",
            ),
            (
                BOARD,
                "{ receiver: 'sim:' }",
                "{ receiver: hci0, keys: 0123456789abcdef }",
            ),
            (BOARD, "    - { supply: cells_b/2, sense: daq/1004 }\n", ""),
            (
                BOARD,
                "  bms_supply: { channel: bms_supply/1, voltage: 13.2 V }\n",
                "",
            ),
            (BOARD, "  relays:\n", "  load: bms_supply/2\n  relays:\n"),
            (
                BATTERY,
                "      current: { of_range: 0.1 %, range: 120 A }\n",
                "",
            ),
            (
                BOARD,
                "      temperature: { constant: 0.5 K }",
                "      # none",
            ),
            (BATTERY, "  load: load/1\n", ""),
            (BATTERY, "  charger: charger/1\n", ""),
            (
                BATTERY,
                "    safety: daq/7003                  # between the battery and everything else\n",
                "",
            ),
            (BATTERY, "    charger_side: daq/1032\n", ""),
            (
                BATTERY,
                "      - { charge: daq/6004, discharge: daq/6005, pre_alarm: daq/6006 }\n",
                "",
            ),
            (BANK, "daq/7004, daq/7005, ", "daq/7004, "),
            (
                BANK,
                "      - [daq/1005, daq/1006, daq/1007, daq/1008]\n",
                "      - [daq/1005, daq/1006, daq/1007]\n",
            ),
            (
                BANK,
                "      - [daq/1005, daq/1006, daq/1007, daq/1008]\n",
                "",
            ),
            (
                BATTERY,
                "  relays:  ",
                "  cells: [{ supply: charger/2, sense: daq/1009 }]\n  relays:  ",
            ),
        ],
        parse_bench,
    );
    insta::assert_snapshot!(text);
}

#[test]
fn contacts() {
    let text = said(
        &[
            (BANK, "    pull_down: 10 kΩ\n", ""),
            (BOARD, "pull_down: 1 kΩ", "pull_down: 0 Ω"),
            (BOARD, "sample_period: 0.1 s", "sample_period: 0.2 s"),
            (BOARD, "sample_period: 0.1 s", "sample_period: 0 s"),
        ],
        parse_bench,
    );
    insta::assert_snapshot!(text);
}

#[test]
fn device_and_envelope() {
    let text = said(
        &[
            (BOARD, "topology: 1S1P", "topology: 2S1P"),
            (BATTERY, "topology: 1S1P", "topology: one"),
            (BATTERY, "topology: 1S1P", "topology: 0S1P"),
            (BATTERY, "topology: 1S1P", "topology: 4S6P"),
            (
                BATTERY,
                "topology: 1S1P",
                "topology: 99999999999S99999999999P",
            ),
            (BATTERY, "pre_alarm: 3.10 V", "pre_alarm: 3.20 V"),
            (BATTERY, "pre_alarm: 3.10 V", "pre_alarm: 2.80 V"),
            (
                BATTERY,
                "discharge_cutoff: 2.80 V",
                "discharge_cutoff: 2.50 V",
            ),
            (
                BATTERY,
                "charge_temperature: 5 °C",
                "charge_temperature: 25 °C",
            ),
            (
                BATTERY,
                "temperature_offset: 0 K",
                "temperature_offset: 11 K",
            ),
            (BATTERY, "  state_of_charge: 90 %\n", ""),
            (BATTERY, "state_of_charge: 90 %", "state_of_charge: 101 %"),
            (BATTERY, "offset: 6 %", "offset: 20 %"),
            (BATTERY, "battery: 1, cell: 2", "battery: 2, cell: 2"),
            (BATTERY, "battery: 1, cell: 2", "battery: 1, cell: 7"),
            (
                BATTERY,
                "  ambient: 25 °C",
                "  serials: [one, two, three]\n  ambient: 25 °C",
            ),
            (BATTERY, "[2.5 V, 4.0 V]", "[4.0 V, 2.5 V]"),
            (BATTERY, "[2.5 V, 4.0 V]", "[2.5 V, 40 V]"),
            (BATTERY, "[10.0 V, 14.8 V]", "[20.0 V, 29.6 V]"),
            (BATTERY, "[-115 A, 65 A]", "[0 A, 65 A]"),
            (BATTERY, "  cell_spread: 1.2 V\n", ""),
            (BOARD, "provides: [chamber]", "provides: [chambre]"),
            (BATTERY, "provides: [imbalance]", "provides: [chamber]"),
            (BOARD, "decision_rule: guard-band", "decision_rule: lenient"),
        ],
        parse_bench,
    );
    insta::assert_snapshot!(text);
}

#[test]
fn all_mistakes_are_told_at_once() {
    let text = bend(BOARD, "sense: daq/1002", "sense: dag/1002");
    let text = bend(&text, "sample_period: 0.1 s", "sample_period: 1 s");
    let error = parse_bench(&text, Path::new("a.yaml")).expect_err("two mistakes");
    let lines: Vec<_> = error
        .problems()
        .iter()
        .map(|problem| problem.line)
        .collect();
    assert_eq!(lines.len(), 2);
    assert!(lines[0] < lines[1]);
}

const FAULT: &str = "\
name: a-fault
about: Something is wrong
violates: [3.2.1-02]
inject:
  - { target: bms, parameter: pre_alarm_delay, value: 20 s, onset: 1 s }
  - { target: cell 1.3, parameter: short, value: 0.15 Ω }
  - { target: instrument daq, parameter: drift, value: 2 mV/min }
  - { target: instrument daq, parameter: delay, value: 208 5 s }
  - { target: battery 2, parameter: cell 3 sensor, value: -30 mV }
  - { target: operator, parameter: answer, value: late }
expect:
  - { scenario: Some scenario, verdict: fail, reason: delay }
";

#[test]
fn faults() {
    let fault = parse_fault(FAULT, Path::new("a.yaml")).expect("a good fault");
    insta::assert_debug_snapshot!("a_good_fault", fault);
    let text = said(
        &[
            (FAULT, "violates: [3.2.1-02]", "violates: [delay]"),
            (FAULT, "target: bms", "target: bsm"),
            (FAULT, "target: cell 1.3", "target: cell 3"),
            (FAULT, "target: battery 2", "target: battery 0"),
            (FAULT, "target: instrument daq", "target: instrument"),
            (FAULT, "target: operator", "target: operator two three"),
            (FAULT, "pre_alarm_delay", "pre_alarm_dealy"),
            (FAULT, "cell 3 sensor", "cell 9 sensor"),
            (FAULT, "value: 20 s", "value: 20"),
            (FAULT, "value: 20 s", "value: 20 V"),
            (FAULT, "2 mV/min", "2 mV"),
            (FAULT, "208 5 s", "208"),
            (FAULT, "answer, value: late", "answer, value: never"),
            (
                FAULT,
                "parameter: delay, value: 208 5 s",
                "parameter: garble, value: 0",
            ),
            (FAULT, "onset: 1 s", "onset: 1"),
            (FAULT, "verdict: fail", "verdict: pass"),
            (FAULT, "  - { target: bms", "  [] # { target: bms"),
        ],
        parse_fault,
    );
    insta::assert_snapshot!(text);
}

const CLAUSES: &str = "\
clauses:
  3.2-01:
    section: '3.2'
    statement: Something holds
    kind: automatic
    bms: none
    limits:
      threshold: { nominal: 5 °C, tolerance: 2 K, setting: charge_temperature, origin: manual }
      zone: { between: [3.70 V, 3.77 V], no_verdict: [3.70 V, 3.73 V], origin: manual, why: because }
      delay: { at_least: 30 s, origin: manual }
    ambiguities: [A01]
ambiguities:
  A01: { says: One thing., we_hold: The other. }
";

#[test]
fn clauses() {
    let text = said(
        &[
            (CLAUSES, "section: '3.2'", "section: '3.3'"),
            (CLAUSES, "kind: automatic", "kind: automatik"),
            (CLAUSES, "ambiguities: [A01]", "ambiguities: [A99]"),
            (CLAUSES, "tolerance: 2 K", "tolerance: 2 °C"),
            (CLAUSES, "tolerance: 2 K, ", ""),
            (
                CLAUSES,
                "setting: charge_temperature",
                "setting: charge_temprature",
            ),
            (
                CLAUSES,
                "at_least: 30 s",
                "at_least: 30 s, setting: pre_alarm",
            ),
            (CLAUSES, "at_least: 30 s", "at_least: 30 parsecs"),
            (CLAUSES, "at_least: 30 s", "at_least: 30 s, at_most: 40 s"),
            (
                CLAUSES,
                "at_least: 30 s",
                "at_least: 30 s, no_verdict: [1 s, 2 s]",
            ),
            (CLAUSES, "[3.70 V, 3.77 V]", "[3.77 V, 3.70 V]"),
            (CLAUSES, "[3.70 V, 3.77 V]", "[3.70 V, 3.77 A]"),
            (CLAUSES, "[3.70 V, 3.73 V]", "[3.60 V, 3.73 V]"),
            (CLAUSES, "at_least: 30 s, origin: manual", "at_least: 30 s"),
            (CLAUSES, "at_least: 30 s", "at_least: 30 betteries"),
            (CLAUSES, "bms: none", "reason: It is hard."),
            (
                CLAUSES,
                "kind: automatic",
                "kind: operator\n    reason: ' '",
            ),
        ],
        parse_clauses,
    );
    insta::assert_snapshot!(text);
}

const PRODUCT: &str = include_str!("../../../fixtures/products/batteries/lfp-smart-12.8-100.yaml");
const DEVICE: &str = include_str!("../../../fixtures/devices/batteries/lfp-smart-12.8-100.yaml");
const BMS_PRODUCT: &str = include_str!("../../../fixtures/products/bms/smallbms.yaml");
const BMS_DEVICE: &str = include_str!("../../../fixtures/devices/bms/smallbms.yaml");

#[test]
fn products_and_devices() {
    let mut text = said(
        &[
            (PRODUCT, "cells: 4", "cells: 5"),
            (PRODUCT, "capacity: 100 Ah", "capacity: 0 Ah"),
            (PRODUCT, "capacity: 100 Ah", "capacity: 100 A"),
            (
                PRODUCT,
                "recommended_charge_current: 50 A",
                "recommended_charge_current: 500 A",
            ),
            (
                PRODUCT,
                "recommended_discharge_current: 100 A",
                "recommended_discharge_current: 500 A",
            ),
            (PRODUCT, "float_voltage: 13.5 V", "float_voltage: 14.5 V"),
        ],
        parse_battery_product,
    );
    text += &said(
        &[
            (DEVICE, "charge_off: 3.75 V", "charge_off: 3.55 V"),
            (DEVICE, "pre_alarm: 3.10 V", "pre_alarm: 3.30 V"),
            (DEVICE, "high_temperature: 50 °C", "high_temperature: 0 °C"),
            (DEVICE, "resolution: 1 mV", "resolution: 0 mV"),
            (DEVICE, "noise: 0.3 mV", "noise: -0.3 mV"),
            (DEVICE, "model_id: 0xA0E5", "model_id: 0xFA0E5"),
        ],
        parse_battery_device,
    );
    text += &said(
        &[
            (BMS_PRODUCT, "contacts: sourcing", "contacts: sourceing"),
            (BMS_PRODUCT, "pre_alarm: true", "pre_alarm: perhaps"),
        ],
        parse_bms_product,
    );
    text += &said(
        &[
            (BMS_DEVICE, "pre_alarm_delay: 32 s", "pre_alarm_delay: 32 h"),
            (BMS_DEVICE, "leakage: 50 µA", "leakage: -50 µA"),
        ],
        parse_bms_device,
    );
    insta::assert_snapshot!(text);
}
