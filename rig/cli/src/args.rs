//! The command line: what people type. The comments are the help.

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::net::SocketAddr;
use std::path::PathBuf;

/// Hardware-in-the-loop test rig for LiFePO4 batteries and their management systems
///
/// Runs features written in Gherkin against a bench of programmable instruments, judges what it
/// measures against the limits of the manual, leaves the bench safe, and writes reports.
///
/// Exit codes: 0 everything passed, 1 something failed, 2 could not tell (errors, inconclusive
/// findings, interruptions, nothing tested), 64 wrong usage.
#[derive(Debug, Parser)]
#[command(
    name = "rig",
    version,
    max_term_width = 100,
    subcommand_required = true
)]
pub struct Arguments {
    /// What to do
    #[command(subcommand)]
    pub verb: Verb,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Run features on a bench
    Run(Run),
    /// Check bench, product, device, fault, clause and feature files without touching any hardware
    Check(Check),
    /// Write a commented bench file to begin with
    Init(Init),
    /// Ask every instrument of a bench who it is and how it is, and try leads and relays
    Doctor(Doctor),
    /// List the instruments that can be driven, and which of them have a software twin
    List(List),
    /// Print the sentences that features can be written with
    Steps(Steps),
    /// Print which scenario checks which statement of the manual, and how that ended
    Trace(Trace),
    /// Try the features themselves: whether they notice faulty devices and spare healthy ones
    Qualify(Qualify),
    /// Program a board through its debug probe, verify it and read it back
    Flash(Flash),
    /// Make a bench safe now, and prove it
    Safe(Safe),
    /// Make all reports of a run again, issue a formal one, or amend them
    Report(Report),
    /// Tell whether a run's folder is what was sealed, and which bytes aren't
    Verify(Verify),
    /// List runs, compare two, or follow a measured value over runs and serial numbers
    History(History),
    /// Decode one radio advertisement of a battery or BMS
    Decode(Decode),
    /// Software instruments on TCP, for trying and for other programs
    #[command(subcommand)]
    Sim(Sim),
    /// Watch a runner and make its bench safe when it dies; `rig run` starts this itself
    #[command(hide = true)]
    Guard(Guard),
    /// Print a script that completes rig's commands in a shell
    Completions(Completions),
}

/// How a result is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Format {
    /// For people
    #[default]
    Text,
    /// For programs; carries its own version
    Json,
}

/// `rig run`
#[derive(Debug, Args)]
pub struct Run {
    /// Feature files or folders, or one scenario as `FILE:LINE`
    ///
    /// Without any, the folder `features` here or above.
    #[arg(value_name = "FEATURES")]
    pub features: Vec<PathBuf>,
    /// Bench file to run on
    ///
    /// A path, or the name of a bench in the fixtures. Without one, every scenario runs on each
    /// built-in simulated bench that gives what its tags ask for (not in a build without `sim`).
    #[arg(long, value_name = "FILE")]
    pub bench: Option<String>,
    /// Put the software twin of the same model in the place of each instrument of the bench
    ///
    /// Everything else in the bench file stays as it is (not in a build without `sim`).
    #[arg(long, requires = "bench")]
    pub twin: bool,
    /// Only scenarios whose tags fit: `@clause:3.2.1-02 and not @slow`
    #[arg(long, value_name = "EXPR")]
    pub tags: Option<String>,
    /// Only scenarios whose name matches this regular expression
    #[arg(long, value_name = "RE")]
    pub name: Option<String>,
    /// Folder for the run; must not exist yet
    ///
    /// Without it, `runs/` and the time of the start.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Seed of everything random in a simulation
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Fault to build into the simulated devices or instruments; may be given several times
    #[arg(long, value_name = "FILE")]
    pub fault: Vec<String>,
    /// Before the run, program every board that has a debug probe with the image of its bench file
    #[arg(long)]
    pub flash: bool,
    /// Before the run, program a board with this image instead: `btv=FILE` or `bms=FILE`
    #[arg(long, value_name = "BOARD=FILE")]
    pub firmware: Vec<String>,
    /// Stop after the first scenario that doesn't pass
    #[arg(long)]
    pub fail_fast: bool,
    /// Try a scenario again, up to N times, when the rig could not tell
    ///
    /// Never a finding about the device; every attempt stays in the record.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub retry_errors: u32,
    /// How many scenarios run at a time; more than one on simulated benches only
    ///
    /// Without it, one on a real bench, and one for each processor on simulated ones. The record is
    /// the same, however many.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub jobs: Option<u16>,
    /// Go on with a run that was interrupted
    ///
    /// Takes bench, features, seed and faults from its record. Scenarios that ended stay as they
    /// ended. On a real bench the one under way begins again once the battery is found as it was
    /// left; in a simulation it is brought back to where it was.
    #[arg(
        long,
        value_name = "RUN",
        conflicts_with_all = ["features", "bench", "twin", "tags", "name", "out", "seed", "fault", "fail_fast", "retry_errors"]
    )]
    pub resume: Option<PathBuf>,
    /// Use instruments whose calibration is over, and say why in the record
    #[arg(long, value_name = "REASON")]
    pub waive_calibration: Option<String>,
    /// Wait for a bench that is in use instead of failing at once
    #[arg(long)]
    pub wait: bool,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// `rig init`
#[derive(Debug, Args)]
pub struct Init {
    /// File to write; must not exist yet
    #[arg(long, value_name = "FILE", default_value = "lab.yaml")]
    pub out: PathBuf,
    /// What stands on the bench: a whole battery, or a board whose cells are supplies
    #[arg(long, value_enum, default_value_t)]
    pub kind: BenchKind,
    /// Battery model, by its name in the fixtures; asked for on a terminal
    #[arg(long, value_name = "MODEL")]
    pub battery: Option<String>,
    /// BMS model, by its name in the fixtures; asked for on a terminal
    #[arg(long, value_name = "MODEL")]
    pub bms: Option<String>,
    /// An instrument to ask who it is, as `charger=tcp://192.168.1.20:5025`; may be given often
    ///
    /// Ids that the templates know: charger, load and daq on a battery bench; cells_a, cells_b,
    /// bms_supply, daq and chamber on a board bench.
    #[arg(long, value_name = "ID=ADDRESS")]
    pub instrument: Vec<String>,
}

/// What stands on a bench.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum BenchKind {
    /// A battery, a charger and a load
    #[default]
    Battery,
    /// A supply channel for each cell
    Board,
}

/// `rig doctor`
#[derive(Debug, Args)]
pub struct Doctor {
    /// Bench file, by path or by its name in the fixtures
    #[arg(long, value_name = "FILE")]
    pub bench: String,
    /// Also raise each cell of a board bench to a voltage of its own and move relays
    ///
    /// Current limited, guarded, and off again at the end. Without it nothing is switched on.
    #[arg(long)]
    pub energise: bool,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// `rig guard`
#[derive(Debug, Args)]
pub struct Guard {
    /// The bench file
    #[arg(long)]
    pub bench: PathBuf,
    /// The folder of the run, if it is recorded
    #[arg(long)]
    pub run: Option<PathBuf>,
    /// The process to watch: the parent of this one
    #[arg(long)]
    pub runner: i32,
    /// How long it may be silent
    #[arg(long)]
    pub silence_ms: u64,
}

/// `rig flash`
#[derive(Debug, Args)]
pub struct Flash {
    /// Image to program: `.elf`, `.hex` or `.bin`
    #[arg(value_name = "IMAGE")]
    pub image: PathBuf,
    /// Bench file that describes the board's debug probe
    #[arg(long, value_name = "FILE")]
    pub bench: String,
    /// Which board
    #[arg(long, value_enum)]
    pub board: Board,
    /// Erase the whole chip first: settings, serial numbers and history are lost with it
    #[arg(long)]
    pub yes_erase_chip: bool,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// A board with firmware.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Board {
    /// The board in the battery
    Btv,
    /// The BMS
    Bms,
}

impl From<Board> for api::BoardKind {
    fn from(board: Board) -> Self {
        match board {
            Board::Btv => Self::Btv,
            Board::Bms => Self::Bms,
        }
    }
}

/// `rig check`
#[derive(Debug, Args)]
pub struct Check {
    /// Files or folders to check
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// `rig list`
#[derive(Debug, Args)]
pub struct List {
    /// Only instruments with this text in their line: a maker, a model, `supply`
    #[arg(value_name = "TEXT")]
    pub containing: Option<String>,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// `rig steps`
#[derive(Debug, Args)]
pub struct Steps {
    /// Only steps that contain this text
    #[arg(value_name = "TEXT")]
    pub containing: Option<String>,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// How a table is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum TableFormat {
    /// Markdown
    #[default]
    Md,
    /// For programs; carries its own version
    Json,
}

/// `rig trace`
#[derive(Debug, Args)]
pub struct Trace {
    /// Feature files or folders; without any, the folder `features` here or above
    #[arg(value_name = "FEATURES")]
    pub features: Vec<PathBuf>,
    /// Add the verdicts of this run
    #[arg(long, value_name = "DIR")]
    pub run: Option<PathBuf>,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t)]
    pub format: TableFormat,
}

/// `rig qualify`
#[derive(Debug, Args)]
pub struct Qualify {
    /// Only these faults, by name or file
    #[arg(value_name = "FAULT")]
    pub only: Vec<String>,
    /// Folder of fault files; without it, those of the fixtures
    #[arg(long, value_name = "DIR")]
    pub faults: Option<PathBuf>,
    /// In how many corners of its tolerances the healthy device is tried
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub seeds: u64,
    /// Only this corner of its tolerances, and no fault; can be given again
    ///
    /// What each bench's run wrote is kept beside the matrix.
    #[arg(long, value_name = "SEED", conflicts_with_all = ["seeds", "only", "faults"])]
    pub corner: Vec<u64>,
    /// Only scenarios of this feature file, folder, or FILE:LINE; can be given again
    #[arg(long, value_name = "FEATURE")]
    pub feature: Vec<String>,
    /// How many simulated worlds run at once; without it, as many as there are processors
    #[arg(long, value_name = "N")]
    pub jobs: Option<usize>,
    /// Folder for the matrix
    ///
    /// It gets `qualify.json` and `qualify.html`. Without it, `runs/qualify`.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// `rig safe`
#[derive(Debug, Args)]
pub struct Safe {
    /// Bench file
    #[arg(long, value_name = "FILE")]
    pub bench: String,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// `rig report`
#[derive(Debug, Args)]
pub struct Report {
    /// Folder of the run
    #[arg(value_name = "RUN")]
    pub run: PathBuf,
    /// Also set the formal report, report.pdf, in the shape of ISO/IEC 17025 7.8
    ///
    /// Inputs that it lacks are named. A build without the feature `pdf` can't set it.
    #[arg(long)]
    pub pdf: bool,
    /// What only people know, for the formal report: item, dates, environment, who authorises …
    ///
    /// A YAML file; it is kept with the run.
    #[arg(long, value_name = "FILE")]
    pub details: Option<PathBuf>,
    /// Make a new revision that names what it replaces; the reports that are there are kept
    #[arg(long, requires = "reason")]
    pub amend: bool,
    /// Why the reports are amended, in a sentence
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
    /// Who amends them
    #[arg(long, value_name = "NAME", requires = "amend")]
    pub by: Option<String>,
    /// Sign the manifest with this minisign secret key; RIG_KEY_PASSWORD opens an encrypted one
    #[arg(long, value_name = "KEY")]
    pub sign: Option<PathBuf>,
    /// How the list of reports is printed
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// `rig verify`
#[derive(Debug, Args)]
pub struct Verify {
    /// Folder of the run
    #[arg(value_name = "RUN")]
    pub run: PathBuf,
    /// Also check the signature against this minisign public key
    #[arg(long, value_name = "KEY")]
    pub public_key: Option<PathBuf>,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// `rig history`
///
/// Without an argument, all runs. With two, what differs between them. With `--quantity`, a
/// measured value over runs and serial numbers.
#[derive(Debug, Args)]
pub struct History {
    /// Two runs to compare: number in the list, folder, or the beginning of the record's hash
    #[arg(value_name = "RUN", num_args = 0..=2)]
    pub runs: Vec<String>,
    /// Follow this quantity, as judgements name it, or a part of its name
    #[arg(long, value_name = "TEXT")]
    pub quantity: Option<String>,
    /// Only judgements of this clause
    #[arg(long, value_name = "ID")]
    pub clause: Option<String>,
    /// Only devices with this serial number, or benches of this name
    #[arg(long, value_name = "NAME")]
    pub device: Option<String>,
    /// Draw the values over the runs into this SVG file
    #[arg(long, value_name = "FILE", requires = "quantity")]
    pub plot: Option<PathBuf>,
    /// The history, a file or `postgresql://USER@HOST/DATABASE`; without it, RIG_HISTORY, then
    /// `runs/history.sqlite`
    #[arg(long, value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// `rig decode`
#[derive(Debug, Args)]
pub struct Decode {
    /// Encryption key of the device, 32 hexadecimal digits; others see it in the list of processes
    #[arg(
        long,
        value_name = "HEX",
        required_unless_present = "keys",
        conflicts_with = "keys"
    )]
    pub key: Option<String>,
    /// Where keys are: `env:NAME` or `file:PATH`; of several, the one that fits is taken
    #[arg(long, value_name = "PLACE")]
    pub keys: Option<String>,
    /// Decode every line of this capture, as a bench's receiver `capture:FILE` has it
    #[arg(long, value_name = "FILE", conflicts_with = "advert")]
    pub capture: Option<PathBuf>,
    /// Manufacturer data of the advertisement, hexadecimal, with or without the company id `e102`
    #[arg(value_name = "ADVERT-HEX", required_unless_present = "capture")]
    pub advert: Option<String>,
}

/// `rig sim`
#[derive(Debug, Subcommand)]
pub enum Sim {
    /// Put all software instruments of a bench file on TCP, wired as the file says
    ///
    /// Prints a line `ID DRIVER HOST:PORT` for each, then `ready`. With `--orders` it takes a line
    /// each on standard input for what happens to instruments: `power-cycle ID` switches one off and
    /// on again, `exchange ID SERIAL` puts another unit of the same model in its place, `hang-up ID`
    /// breaks its connections. Each is answered when it's done.
    Serve(SimServe),
    /// Put one software instrument on TCP
    ///
    /// Each supply output feeds a resistor, a load draws from a 12 V source. Prints a line
    /// `ID DRIVER HOST:PORT`, then `ready`.
    Instrument(SimInstrument),
}

/// `rig sim serve`
#[derive(Debug, Args)]
pub struct SimServe {
    /// Bench file
    #[arg(long, value_name = "FILE")]
    pub bench: String,
    /// Address of the first instrument; the others get the ports after it, port 0 any free ones
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:0")]
    pub listen: SocketAddr,
    /// How many times faster than the wall clock the simulated world goes
    #[arg(long, value_name = "N", default_value_t = 1.0, value_parser = speed)]
    pub speed: f64,
    /// Seed of everything random
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Fault to build in; may be given several times
    #[arg(long, value_name = "FILE")]
    pub fault: Vec<String>,
    /// Write what the batteries advertise to this file, as `follow:FILE` reads it, and their keys
    /// beside it; prints the line for the bench file
    #[arg(long, value_name = "FILE")]
    pub radio: Option<PathBuf>,
    /// Take orders on standard input
    #[arg(long)]
    pub orders: bool,
}

/// `rig sim instrument`
#[derive(Debug, Args)]
pub struct SimInstrument {
    /// Model, as `rs-ngm202`; `rig sim instrument list` prints all
    #[arg(value_name = "MODEL")]
    pub model: String,
    /// Address to listen on
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:0")]
    pub listen: SocketAddr,
    /// Resistor on each supply output, in ohms
    #[arg(long, value_name = "R", default_value_t = 10.0, value_parser = positive)]
    pub load_ohms: f64,
    /// Voltage of the source that a load draws from, in volts
    #[arg(long, value_name = "V", default_value_t = 12.0, value_parser = not_negative)]
    pub emf: f64,
    /// Resistance of that source, in ohms
    #[arg(long, value_name = "R", default_value_t = 0.05, value_parser = positive)]
    pub series_ohms: f64,
}

/// `rig completions`
#[derive(Debug, Args)]
pub struct Completions {
    /// The shell
    pub shell: clap_complete::Shell,
}

fn number(text: &str) -> Result<f64, String> {
    let value: f64 = text.parse().map_err(|_| format!("`{text}` is no number"))?;
    value
        .is_finite()
        .then_some(value)
        .ok_or_else(|| format!("`{text}` is not finite"))
}

fn positive(text: &str) -> Result<f64, String> {
    number(text).and_then(|value| {
        (value > 0.0)
            .then_some(value)
            .ok_or_else(|| "must be more than 0".to_owned())
    })
}

fn not_negative(text: &str) -> Result<f64, String> {
    number(text).and_then(|value| {
        (value >= 0.0)
            .then_some(value)
            .ok_or_else(|| "must not be less than 0".to_owned())
    })
}

fn speed(text: &str) -> Result<f64, String> {
    positive(text).and_then(|value| {
        (value <= 1e6)
            .then_some(value)
            .ok_or_else(|| "must be at most 1000000".to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::Arguments;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_sound() {
        Arguments::command().debug_assert();
    }
}
