//! Anything on a monitor's line, and any line of a capture: read or refused; never a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use telemetry::CapturedAdvert;
use telemetry::vedirect::{BlockParser, monitor_reading};

fuzz_target!(|bytes: &[u8]| {
    let mut parser = BlockParser::new();
    for block in bytes.iter().filter_map(|byte| parser.push(*byte)).flatten() {
        let _ = monitor_reading(&block);
    }
    if let Ok(line) = serde_json::from_slice::<CapturedAdvert>(bytes) {
        let _ = line.advert();
    }
});
