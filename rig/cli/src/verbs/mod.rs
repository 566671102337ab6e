//! The verbs of the command line.

mod check;
mod decode;
mod doctor;
mod flash;
mod guard;
mod history;
mod init;
mod list;
#[cfg(feature = "sim")]
mod qualify;
mod report;
mod run;
mod safe;
#[cfg(feature = "sim")]
mod sim;
mod steps;
mod trace;
mod verify;

use crate::args::{Arguments, Completions, Verb};
use crate::exit::{USAGE, code_of};
use crate::run::Console;
use clap::{CommandFactory as _, Parser as _};
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
        Verb::Check(arguments) => check::perform(&arguments),
        Verb::List(arguments) => list::perform(&arguments),
        Verb::Steps(arguments) => steps::perform(&arguments),
        Verb::Trace(arguments) => trace::perform(&arguments),
        #[cfg(feature = "sim")]
        Verb::Qualify(arguments) => qualify::perform(arguments),
        #[cfg(not(feature = "sim"))]
        Verb::Qualify(_) => anyhow::bail!("{}", crate::run::no_simulator("`rig qualify`")),
        Verb::Flash(arguments) => flash::perform(&arguments),
        Verb::Init(arguments) => init::perform(&arguments),
        Verb::Doctor(arguments) => doctor::perform(&arguments),
        Verb::Safe(arguments) => safe::perform(&arguments),
        Verb::Report(arguments) => report::perform(&arguments),
        Verb::Verify(arguments) => verify::perform(&arguments),
        Verb::History(arguments) => history::perform(&arguments),
        Verb::Decode(arguments) => decode::perform(&arguments),
        #[cfg(feature = "sim")]
        Verb::Sim(arguments) => sim::perform(arguments),
        #[cfg(not(feature = "sim"))]
        Verb::Sim(_) => anyhow::bail!("{}", crate::run::no_simulator("`rig sim`")),
        Verb::Guard(arguments) => guard::perform(arguments),
        Verb::Completions(arguments) => Ok(completions(&arguments)),
    }
}

fn completions(arguments: &Completions) -> u8 {
    let mut script = Vec::new();
    clap_complete::generate(
        arguments.shell,
        &mut Arguments::command(),
        "rig",
        &mut script,
    );
    Console::new().line(String::from_utf8_lossy(&script).trim_end());
    0
}

/// Prints a result for programs.
fn print_json(value: &serde_json::Value) {
    let text = serde_json::to_string_pretty(value).unwrap_or_else(|_| value.to_string());
    Console::new().line(&text);
}
