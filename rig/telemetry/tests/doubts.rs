//! What is not believed, and how it is said.

mod common;

use api::CellVoltage;
use common::{HEALTHY, battery, key, key_bytes, put, seal};
use telemetry::{Finding, Record, decode, decode_battery, decode_lynx, looks_like_noise};
use units::Volts;

/// Decodes a changed healthy payload of a product and says what was found.
fn check(model: u16, change: impl Fn(&mut Vec<u8>), expected: &[&str]) -> Vec<Finding> {
    let mut payload = hex::decode(HEALTHY).expect("a payload");
    change(&mut payload);
    let (_, findings) = decode_battery(model, 1, &payload).expect("a report");
    let texts: Vec<String> = findings.iter().map(ToString::to_string).collect();
    assert_eq!(texts, expected);
    findings
}

#[test]
fn a_healthy_report_raises_no_doubt() {
    check(0xa0ed, |_| {}, &[]);
    check(0x1234, |_| {}, &[]);
}

#[test]
fn each_doubt_has_its_words() {
    check(
        0xa0ed,
        |payload| put(payload, 127, 1, 0),
        &["bit 127 is clear; no field uses it, it must be set"],
    );
    check(
        0xa0ed,
        |payload| put(payload, 48 + 7 * 5, 7, 70),
        &["a voltage for cell 6, but the battery has 4 cells"],
    );
    check(0xa0ee, |_| {}, &["no voltage for cell 5, 6, 7, 8 of 8"]);
    check(
        0x1234,
        |payload| put(payload, 48 + 7 * 4, 7, 70),
        &["voltages for 5 cells; batteries have 4 or 8"],
    );
    check(
        0xa0ed,
        |payload| put(payload, 104, 12, 1287),
        &["the battery reports 12.87 V, but its cells add up to between 13.32 V and 13.32 V"],
    );
    check(
        0xa0ed,
        |payload| {
            put(payload, 48, 7, 0x7e);
            put(payload, 104, 12, 1200);
        },
        &["the battery reports 12.00 V, but its cells add up to 13.84 V or more"],
    );
    check(
        0xa0ed,
        |payload| put(payload, 0, 32, 0x8600_0000),
        &["reserved status flags 0x80000000 are set"],
    );
    check(
        0xa0ed,
        |payload| put(payload, 32, 16, 0x4000),
        &["reserved error flags 0x4000 are set"],
    );
    check(
        0xa0ed,
        |payload| put(payload, 116, 4, 9),
        &["balancer status 9 means nothing"],
    );
}

#[test]
fn one_defect_is_not_noise_but_two_are() {
    let sum = |payload: &mut Vec<u8>| put(payload, 104, 12, 1287);
    let mut payload = hex::decode(HEALTHY).expect("a payload");
    sum(&mut payload);
    let (_, findings) = decode_battery(0xa0ed, 1, &payload).expect("a report");
    assert!(
        !looks_like_noise(&findings),
        "a battery may lie about itself"
    );
    put(&mut payload, 116, 4, 9);
    let (_, findings) = decode_battery(0xa0ed, 1, &payload).expect("a report");
    assert!(looks_like_noise(&findings), "{findings:?}");
    put(&mut payload, 104, 12, 1332);
    put(&mut payload, 116, 4, 1);
    put(&mut payload, 127, 1, 0);
    let (_, findings) = decode_battery(0xa0ed, 1, &payload).expect("a report");
    assert!(looks_like_noise(&findings), "no battery clears bit 127");
}

#[test]
fn what_is_beyond_the_end_is_absent_and_said_so() {
    // 13 bytes end right before the battery voltage.
    let cut = hex::decode(&HEALTHY[..26]).expect("a payload");
    let (report, findings) = decode_battery(0xa0ed, 1, &cut).expect("a report");
    assert_eq!(report.cells, [CellVoltage::At(Volts(3.33)); 4]);
    assert_eq!(
        (report.voltage, report.balancer, report.temperature),
        (None, None, None)
    );
    let texts: Vec<String> = findings.iter().map(ToString::to_string).collect();
    assert_eq!(
        texts,
        [
            "battery voltage lies beyond the end of the 13-byte payload",
            "balancer status lies beyond the end of the 13-byte payload",
            "temperature lies beyond the end of the 13-byte payload",
        ]
    );
    assert!(!looks_like_noise(&findings));
    // In the middle of cell 3: the cells before it stand, none after it is made up.
    let cut = hex::decode(&HEALTHY[..16]).expect("a payload");
    let (report, findings) = decode_battery(0xa0ed, 1, &cut).expect("a report");
    assert_eq!(report.cells, [CellVoltage::At(Volts(3.33)); 2]);
    assert_eq!(
        findings[0].to_string(),
        "cell 3 lies beyond the end of the 8-byte payload"
    );
    // Without all flags there is no report: silence must not read as "no error".
    let error = decode(&key(), &battery(1, &HEALTHY[..10])).unwrap_err();
    assert_eq!(
        error.to_string(),
        "a battery record of 5 bytes is cut off: its flags alone take 6"
    );
}

#[test]
fn a_gap_between_cells_ends_the_list() {
    let mut payload = hex::decode(HEALTHY).expect("a payload");
    put(&mut payload, 48 + 7, 7, 0x7f);
    let (report, findings) = decode_battery(0xa0ed, 1, &payload).expect("a report");
    assert_eq!(report.cells, [CellVoltage::At(Volts(3.33))]);
    assert_eq!(findings[0].to_string(), "no voltage for cell 2 of 4");
}

#[test]
fn not_available_is_none_everywhere() {
    let (report, findings) = decode_battery(0x1234, 1, &[0xff; 16]).expect("a report");
    assert_eq!(report.cells, []);
    assert_eq!(
        (report.voltage, report.balancer, report.temperature),
        (None, None, None)
    );
    assert_eq!(findings.len(), 2, "reserved flags: {findings:?}");
    let (report, _) = decode_lynx(&[0xff; 16]);
    assert_eq!((report.state_of_charge, report.consumed), (None, None));
    // Voltage and current have their "not available" at the top of the positive half.
    let (report, _) = decode_lynx(&hex::decode("00ffffff7fff7f").expect("bytes"));
    assert_eq!((report.voltage, report.current), (None, None));
    assert_eq!((report.io, report.alarms), (None, None), "absent");
}

#[test]
fn lynx_fields_beyond_the_end_and_reserved_pairs_are_named() {
    let (report, findings) = decode_lynx(&[]);
    assert_eq!(report.error, None);
    assert_eq!(findings.len(), 9, "{findings:?}");
    assert_eq!(
        findings[5].to_string(),
        "alarms lies beyond the end of the 0-byte payload"
    );
    let mut payload = hex::decode("0040388b0afaff951555148ccf0200ff").expect("bytes");
    put(&mut payload, 56 + 2, 2, 3);
    let (report, findings) = decode_lynx(&payload);
    assert_eq!(report.io.and_then(|io| io.charge_allowed), None);
    assert_eq!(
        findings[0].to_string(),
        "allowed to charge is neither yes nor no nor missing"
    );
}

#[test]
fn longer_payloads_are_read_as_far_as_they_are_known() {
    let longer = battery(7, &format!("{HEALTHY}00112233"));
    let decoded = decode(&key(), &longer).expect("a report");
    assert_eq!(decoded.extra_bytes, 4);
    assert_eq!(hex::encode(decoded.payload), HEALTHY);
    assert_eq!(decoded.findings, []);
}

#[test]
fn a_key_that_only_begins_right_gives_noise_and_it_is_seen() {
    // The right first byte passes the check; what comes out must not pass for a battery.
    let mut caught = 0;
    for last in 0..=255 {
        let mut bytes = [0; 16];
        bytes[0] = 0x5a;
        bytes[15] = last;
        let key = telemetry::Key::new(bytes);
        let decoded = decode(&key, &battery(1, HEALTHY)).expect("plausible to the check byte");
        caught += usize::from(looks_like_noise(&decoded.findings));
    }
    assert_eq!(caught, 256, "keys caught of 256");
    // Eight cells leave no unused cell to look at.
    let payload = hex::decode("00000006000047a3d1682c1a8d500acd").expect("a payload");
    let advert = seal(key_bytes(), 0xa0ee, 0x05, 0x10, &payload);
    let mut caught = 0;
    for last in 0..=255 {
        let mut bytes = [0; 16];
        bytes[0] = 0x5a;
        bytes[15] = last;
        let decoded = decode(&telemetry::Key::new(bytes), &advert).expect("a report");
        caught += usize::from(looks_like_noise(&decoded.findings));
    }
    assert!(caught >= 248, "{caught} keys caught of 256");
}

#[test]
fn frames_that_are_none_are_refused_with_the_reason() {
    let message = |advert: &str| {
        let data = hex::decode(advert).expect("bytes");
        decode(&key(), &data).unwrap_err().to_string()
    };
    assert_eq!(
        message(""),
        "an advertisement of 0 bytes is cut off: its header alone takes 8"
    );
    assert_eq!(
        message("100089"),
        "an advertisement of 3 bytes is cut off: its header alone takes 8"
    );
    assert_eq!(
        message("1100eda00500015acca6db8ba263d5adf05b26e42630d4e0"),
        "byte 0 is 0x11: only 0x10 is a product advertisement"
    );
    assert_eq!(
        message("1000eda00500015bcca6db8ba263d5adf05b26e42630d4e0"),
        "the key starts with 5a, but the advertisement was made with one that starts with 5b; read the key again in the app (a PIN reset changes it)"
    );
}

#[test]
fn unknown_layouts_are_kept_raw() {
    let payload = hex::decode("000000e804e704bf040018251100").expect("bytes");
    let advert = seal(key_bytes(), 0xa3e8, 0x0e, 9, &payload);
    let decoded = decode(&key(), &advert).expect("a record");
    assert_eq!(decoded.record, Record::Raw);
    assert_eq!(decoded.payload, payload);
    // Type 0xFF isn't encrypted; what would be the check byte is its subtype.
    let open = decode(&key(), &[0x10, 0, 1, 2, 0xff, 3, 0, 0x77, 0xab]).expect("a record");
    assert_eq!(open.payload, [0xab]);
    assert_eq!(open.record_type.to_string(), "open type 0x77");
}
