//! Every feature on every simulated bench; every fault against the scenarios that must notice; every
//! message of a scenario lost in turn.
//!
//! A target of its own with the arguments of libtest: `cargo test --features sim -- 3.2.1`.

#[path = "rig/command.rs"]
mod command;
#[path = "features/faults.rs"]
mod faults;
#[path = "features/firmware.rs"]
mod firmware_on_boards;
#[path = "features/healthy.rs"]
mod healthy;
#[path = "features/sweep.rs"]
mod sweep;

use libtest_mimic::{Arguments, Trial};
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let mut trials: Vec<Trial> = Vec::new();
    trials.extend(healthy::trials());
    trials.extend(faults::trials());
    trials.extend(firmware_on_boards::trials());
    trials.extend(sweep::trials());
    libtest_mimic::run(&arguments, trials).exit_code()
}
