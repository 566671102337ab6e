//! The verbs of the command line.

mod run;

use crate::args::{Arguments, Verb};
use crate::exit::{USAGE, code_of};
use clap::Parser as _;
use std::process::ExitCode;

/// The whole program.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let _gone_reader = error.print();
            return ExitCode::from(if error.use_stderr() { USAGE } else { 0 });
        }
    };
    match perform(arguments.verb) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            crate::run::say(&format!("rig: {error:#}"));
            ExitCode::from(code_of(&error))
        }
    }
}

fn perform(verb: Verb) -> anyhow::Result<u8> {
    match verb {
        Verb::Run(arguments) => run::perform(arguments),
        _ => anyhow::bail!("not there yet"),
    }
}
