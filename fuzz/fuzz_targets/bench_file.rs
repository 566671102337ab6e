//! Any text as a bench file: refused with a line, or taken; never a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::path::Path;

fuzz_target!(|text: &str| {
    let _ = config::parse_bench(text, Path::new("fuzzed.yaml")).map_err(|error| error.to_string());
});
