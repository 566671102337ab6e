//! Writes a made-up run and its reports into a new folder, for looking at the page:
//! `cargo run -p reports --example made_up -- FOLDER`.

#[path = "../tests/common/mod.rs"]
mod common;

use common::Tape;
use common::long_charge::long_charge;
use common::low_cell::low_cell;
use common::others::others;
use record::Verdict;
use std::path::PathBuf;

fn main() {
    let folder = std::env::args()
        .nth(1)
        .expect("a folder that isn't there yet");
    let folder = PathBuf::from(folder);
    let mut tape = Tape::start(&folder, true);
    low_cell(&mut tape, "sim-board-4s", 32.0);
    low_cell(&mut tape, "sim-board-8s", 28.4);
    others(&mut tape);
    long_charge(&mut tape, 72_000);
    tape.finish(0.0, Verdict::Fail);
    let written = reports::write_all(&folder).expect("a report of a whole run");
    println!("{}", written.summary);
    println!("{}", written.html.display());
}
