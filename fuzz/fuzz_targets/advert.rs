//! Any advertisement under any key: decoded or refused; never a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: ([u8; 16], Vec<u8>)| {
    let (key, advert) = input;
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let _ = telemetry::decode_to_json(&hex(&key), &hex(&advert)).map_err(|error| error.to_string());
});
