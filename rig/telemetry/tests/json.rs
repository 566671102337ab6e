//! What `rig decode` prints.

mod common;

use common::{HEALTHY, KEY, battery, key_bytes, put, seal};
use telemetry::decode_to_json;

fn check(name: &str, advert: &str) {
    let value = decode_to_json(KEY, advert).expect("an advertisement");
    let text = serde_json::to_string_pretty(&value).expect("JSON");
    insta::assert_snapshot!(name, text);
}

#[test]
fn a_battery_in_pre_alarm() {
    check(
        "battery",
        "1000eda00501015a1e0420817dcd36202f7fd60657d94e70",
    );
}

#[test]
fn a_battery_that_says_odd_things() {
    let mut payload = hex::decode(HEALTHY).expect("a payload");
    put(&mut payload, 48, 7, 0);
    put(&mut payload, 48 + 7, 7, 0x7e);
    put(&mut payload, 116, 4, 9);
    put(&mut payload, 127, 1, 0);
    check(
        "odd-battery",
        &hex::encode(battery(3, &hex::encode(payload))),
    );
}

#[test]
fn a_lynx() {
    check("lynx", "1000e5a30a29035a3c3c0d5fa22ce53ce8e68c2b42334ac0");
}

#[test]
fn a_record_of_unknown_layout() {
    let advert = seal(key_bytes(), 0xa3e8, 0x0e, 9, &[0, 0, 0, 0xe8, 0x04]);
    check("raw", &hex::encode(advert));
}

#[test]
fn the_company_id_and_spaces_may_be_there() {
    let plain = decode_to_json(KEY, "1000eda00501015a1e0420817dcd36202f7fd60657d94e70");
    let dressed = decode_to_json(
        KEY,
        "E1 02 10 00 ED A0 05 01 01 5A 1E 04 20 81 7D CD 36 20 2F 7F D6 06 57 D9 4E 70\n",
    );
    assert_eq!(plain, dressed);
}

#[test]
fn mistakes_are_named() {
    let message = |key: &str, advert: &str| decode_to_json(key, advert).unwrap_err().to_string();
    assert_eq!(
        message("12", "10"),
        "a key has 32 hexadecimal digits, this one has 2; copy it again from the app (product info, instant readout)"
    );
    assert_eq!(
        message(KEY, "10x0"),
        "the advertisement is no hexadecimal text: character 3 is `x`"
    );
    assert_eq!(
        message(KEY, "100"),
        "the advertisement is no hexadecimal text: it has 3 digits, two make a byte"
    );
    assert_eq!(
        message(KEY, "100089"),
        "an advertisement of 3 bytes is cut off: its header alone takes 8"
    );
}
