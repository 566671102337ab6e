//! Every published or derived advertisement we know of, decoded.

mod common;

use api::{AlarmCode, BalancerStatus, BatteryReport, CellVoltage};
use serde_json::Value;
use telemetry::{Frame, Record, decode, decode_battery, decode_lynx, looks_like_noise};

fn vectors(kind: &str) -> Vec<Value> {
    let all: Value = serde_json::from_str(include_str!("data/vectors.json")).expect("JSON");
    all[kind].as_array().expect("a list of vectors").clone()
}

fn bytes(vector: &Value, field: &str) -> Vec<u8> {
    hex::decode(vector[field].as_str().expect("hexadecimal")).expect("hexadecimal")
}

fn check_battery(name: &str, report: &BatteryReport, expected: &Value) {
    assert_eq!(
        format!("{:#010x}", report.flags),
        expected["flags"],
        "{name}: flags"
    );
    assert_eq!(
        format!("{:#06x}", report.errors),
        expected["errors"],
        "{name}: errors"
    );
    let cells: Vec<Value> = report
        .cells
        .iter()
        .map(|cell| match *cell {
            CellVoltage::Below(_) => "below".into(),
            CellVoltage::At(voltage) => voltage.0.into(),
            CellVoltage::Above(_) => "above".into(),
        })
        .collect();
    assert_eq!(Value::from(cells), expected["cells"], "{name}: cells");
    let voltage = report.voltage.map(|voltage| voltage.0);
    assert_eq!(Value::from(voltage), expected["voltage_v"], "{name}: V");
    let balancer = report.balancer.map(|status| match status {
        BalancerStatus::Unknown => 0,
        BalancerStatus::Balanced => 1,
        BalancerStatus::Balancing => 2,
        BalancerStatus::Imbalance => 3,
        BalancerStatus::Other(other) => other,
    });
    assert_eq!(
        Value::from(balancer),
        expected["balancer"],
        "{name}: balancer"
    );
    let temperature = report.temperature.map(|temperature| temperature.0);
    assert_eq!(
        temperature,
        expected["temperature_c"].as_f64(),
        "{name}: temperature"
    );
}

#[test]
fn batteries_decode_as_they_were_meant() {
    let vectors = vectors("batteries");
    assert!(vectors.len() >= 19, "only {} vectors", vectors.len());
    for vector in vectors {
        let name = vector["name"].as_str().expect("a name");
        let payload = bytes(&vector, "payload");
        let (report, findings) = decode_battery(0, 0, &payload).expect(name);
        check_battery(name, &report, &vector["expected"]);
        assert!(!looks_like_noise(&findings), "{name}: {findings:?}");
        if vector.get("advertisement").is_some() {
            let key = vector["key"].as_str().expect("a key").parse().expect(name);
            let decoded = decode(&key, &bytes(&vector, "advertisement")).expect(name);
            assert_eq!(decoded.payload, payload, "{name}: payload");
            let Record::Battery(report) = decoded.record else {
                panic!("{name} is a battery");
            };
            check_battery(name, &report, &vector["expected"]);
        }
    }
}

#[test]
fn lynx_reports_decode_as_they_were_meant() {
    let vectors = vectors("lynx");
    assert!(vectors.len() >= 5, "only {} vectors", vectors.len());
    for vector in vectors {
        let name = vector["name"].as_str().expect("a name");
        let payload = bytes(&vector, "payload");
        let (report, findings) = decode_lynx(&payload);
        assert_eq!(findings, [], "{name}");
        let expected = &vector["expected"];
        let minutes = report.time_to_go.map(|time| time.as_secs() / 60);
        for (what, found) in [
            ("error", Value::from(report.error)),
            ("time_to_go_min", Value::from(minutes)),
            ("io", Value::from(report.io.map(|io| io.raw))),
            (
                "alarms",
                Value::from(report.alarms.map(|alarms| alarms.raw)),
            ),
            ("voltage_v", Value::from(report.voltage.map(|v| v.0))),
            ("current_a", Value::from(report.current.map(|a| a.0))),
            (
                "state_of_charge_pct",
                Value::from(report.state_of_charge.map(|percent| percent.0)),
            ),
            ("consumed_ah", Value::from(report.consumed.map(|ah| ah.0))),
            (
                "temperature_c",
                Value::from(report.temperature.map(|celsius| celsius.0)),
            ),
        ] {
            assert_eq!(found, expected[what], "{name}: {what}");
        }
        if vector.get("advertisement").is_some() {
            let decoded = decode(&common::key(), &bytes(&vector, "advertisement")).expect(name);
            assert_eq!(decoded.record, Record::Lynx(report), "{name}");
        }
    }
}

#[test]
fn frames_captured_from_other_products_decrypt() {
    for vector in vectors("raw") {
        let name = vector["name"].as_str().expect("a name");
        let advert = bytes(&vector, "advertisement");
        let frame = Frame::parse(&advert).expect(name);
        let expected = &vector["expected"];
        assert_eq!(frame.model_id, expected["model_id"], "{name}: model");
        assert_eq!(
            frame.record.byte(),
            expected["record_type"],
            "{name}: record"
        );
        assert_eq!(frame.counter, expected["counter"], "{name}: counter");
        assert_eq!(frame.check_byte, expected["check_byte"], "{name}: check");
        let key = vector["key"].as_str().expect("a key").parse().expect(name);
        let decoded = decode(&key, &advert).expect(name);
        assert_eq!(decoded.payload, bytes(&vector, "payload"), "{name}");
        match decoded.record {
            // A Smart Battery Sense sends the record of a battery monitor; the voltage is what
            // others read from the same frame.
            Record::Monitor(report) if expected["record_type"] == 2 => {
                assert_eq!(report.voltage, Some(units::Volts(12.22)), "{name}");
            }
            other => {
                assert_eq!(other, Record::Raw, "{name}");
                assert_ne!(expected["record_type"], 2, "{name}");
            }
        }
    }
}

#[test]
fn each_code_has_its_flags() {
    let check = |status: u32, error: u16, expected: &[AlarmCode]| {
        let mut payload = hex::decode(common::HEALTHY).expect("a payload");
        common::put(&mut payload, 0, 32, status);
        common::put(&mut payload, 32, 16, u32::from(error));
        let (report, _) = decode_battery(0xa0ed, 0, &payload).expect("a report");
        assert_eq!(report.codes, expected, "{status:#x} {error:#x}");
        assert_eq!(report.charge_allowed, status >> 25 & 1 == 1);
        assert_eq!(report.discharge_allowed, status >> 26 & 1 == 1);
    };
    check(0x0600_0000, 0, &[]);
    for (bit, code) in [
        (9, AlarmCode::ASl9),
        (11, AlarmCode::ASl11),
        (12, AlarmCode::WSl11),
        (27, AlarmCode::WSl11),
        (15, AlarmCode::ASl15),
        (22, AlarmCode::ASl22),
        (24, AlarmCode::ESl24),
    ] {
        check(1 << bit, 0, &[code]);
    }
    for (bit, code) in [
        (0, AlarmCode::ESl1),
        (1, AlarmCode::ESl2),
        (7, AlarmCode::ESl119),
        (8, AlarmCode::ESl9),
        (9, AlarmCode::ESl10),
    ] {
        check(0x0200_0000, 1 << bit, &[code]);
    }
    // Both flags of the pre-alarm are one code; the order is the manual's.
    check(
        0x0800_1800,
        0x0080,
        &[AlarmCode::WSl11, AlarmCode::ASl11, AlarmCode::ESl119],
    );
    // Every other flag stands for no code.
    for bit in (0..32).filter(|bit| ![9, 11, 12, 27, 15, 22, 24].contains(bit)) {
        check(1 << bit, 0, &[]);
    }
}
