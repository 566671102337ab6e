//! What files and papers say, held against the statements of the manual.

use crate::ProcedureError;
use crate::attest::{applies, not_applicable};
use crate::judging::{Asked, Judge};
use bench::Bench;
use record::Reading;

/// One thing to look up in a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Paper {
    /// The statement it is about.
    pub clause: String,
    /// What is looked up, in words: `shore charger: absorption`.
    pub what: String,
    /// Which file says so, or would have to.
    pub source: String,
    /// Whether the statement must be about the models on the bench; a file of its own model isn't
    /// about them.
    pub of_bench: bool,
    /// What it says.
    pub says: Says,
}

/// What a file says.
#[derive(Debug, Clone, PartialEq)]
pub enum Says {
    /// A number, held against a limit of the statement.
    Number {
        /// Name of the limit.
        limit: String,
        /// The number.
        value: f64,
        /// Its unit.
        unit: &'static str,
    },
    /// Words that must be others, or just these.
    Words {
        /// As they must be.
        wanted: String,
        /// As they are.
        found: String,
    },
    /// Nothing.
    Nothing,
}

/// Judges what files say. Numbers in files have no uncertainty.
///
/// # Errors
/// [`ProcedureError::NotPassed`]: with Fail for what isn't as it must be, with Error for what isn't
/// on record, with Skipped where no statement applies to these models; whatever the bench says.
pub fn judge(bench: &mut Bench, asked: &Asked, papers: &[Paper]) -> Result<(), ProcedureError> {
    let mut apply = Vec::new();
    for paper in papers {
        if !paper.of_bench || applies(bench, &paper.clause)? {
            apply.push(paper);
        }
    }
    if apply.is_empty() {
        return Err(not_applicable(bench));
    }
    let at_s = bench.now().as_secs_f64();
    let mut judge = Judge::new(bench, asked);
    for paper in apply {
        let clauses = [paper.clause.as_str()];
        match &paper.says {
            Says::Number { limit, value, unit } => {
                let reading = Reading {
                    value: *value,
                    unit: (*unit).to_owned(),
                    uncertainty: 0.0,
                    instrument: paper.source.clone(),
                    at_s,
                };
                judge.reading(&clauses, limit, &paper.what, &reading)?;
            }
            Says::Words { wanted, found } => {
                judge.state(&clauses, &paper.what, wanted, found, &paper.source)?;
            }
            Says::Nothing => {
                let why = format!("{} doesn't say; write it there", paper.source);
                judge.missing(&clauses, &paper.what, "on record", &why)?;
            }
        }
    }
    judge.done()
}

/// Statements of which each is about one BMS model.
const MODELS: [&str; 7] = [
    "3.3-01", "3.3-02", "3.3-03", "3.3-04", "3.3-05", "3.3-06", "3.3-07",
];

/// Judges that the BMS of the bench is one of those that the manual lists (1.2-01).
///
/// # Errors
/// As [`judge`].
pub fn judge_listed_bms(bench: &mut Bench, asked: &Asked) -> Result<(), ProcedureError> {
    let model = bench.config().device.bms.clone();
    let mut listed = false;
    for clause in MODELS {
        listed |= bench.clause(clause)?.bms.contains(&model);
    }
    let found = if listed { "listed" } else { "not listed" };
    let source = source(bench);
    let mut judge = Judge::new(bench, asked);
    judge.state(&["1.2-01"], &model, "listed", found, &source)?;
    judge.done()
}

/// Judges that the bank is of a voltage that its BMS is for (3.1-07).
///
/// # Errors
/// As [`judge`].
pub fn judge_system_voltage(bench: &mut Bench, asked: &Asked) -> Result<(), ProcedureError> {
    let clauses = ["3.1-07"];
    let system = bench.system_voltage();
    let cells = bench.battery().cells;
    let fits = bench.bms().system_voltages.contains(&system);
    let too_low = cells > 4 && system < units::Volts(24.0);
    let found = match (fits, too_low) {
        (_, true) => "in a 12 V bank",
        (false, false) => "not one of the BMS",
        (true, false) => "one of the BMS",
    };
    let source = source(bench);
    let quantity = format!("voltage of the bank, {system} with {cells} cells a battery");
    let mut judge = Judge::new(bench, asked);
    judge.state(&clauses, &quantity, "one of the BMS", found, &source)?;
    judge.done()
}

/// Judges how many batteries stand in a string (4.5.3-02).
///
/// # Errors
/// As [`judge`].
pub fn judge_string(bench: &mut Bench, asked: &Asked) -> Result<(), ProcedureError> {
    let limit = if bench.battery().cells == 4 {
        "batteries_12v"
    } else {
        "batteries_24v"
    };
    let series = u32::try_from(bench.config().device.topology.series);
    let paper = Paper {
        clause: "4.5.3-02".to_owned(),
        what: "batteries in a string".to_owned(),
        source: source(bench),
        of_bench: true,
        says: Says::Number {
            limit: limit.to_owned(),
            value: series.map_or(f64::INFINITY, f64::from),
            unit: "batteries",
        },
    };
    judge(bench, asked, &[paper])
}

fn source(bench: &Bench) -> String {
    format!("bench file {}", bench.config().name)
}

/// Judges that chargers are set as section 4.8 has it: what other statements only refer to.
/// `chargers` are names with absorption voltage, absorption time in seconds, and float voltage.
///
/// # Errors
/// As [`judge`].
pub fn judge_as_in_4_8(
    bench: &mut Bench,
    asked: &Asked,
    clauses: &[&str],
    chargers: &[(String, [f64; 3])],
) -> Result<(), ProcedureError> {
    let four_cells = bench.battery().cells == 4;
    let section = if four_cells { "4.8-01" } else { "4.8-02" };
    let series = bench.config().device.topology.series;
    let series = u32::try_from(series).map_or(f64::INFINITY, f64::from);
    let mut wanted = Vec::new();
    for (limit, factor) in [
        ("absorption", series),
        ("absorption_time", 1.0),
        ("float", series),
    ] {
        let (low, high) = bench.bounds(section, limit)?;
        wanted.push((limit, low * factor, high * factor));
    }
    let source = format!("bench file {}", bench.config().name);
    let mut judge = Judge::new(bench, asked);
    if chargers.is_empty() {
        let why = format!("{source} names no charger");
        judge.missing(clauses, "chargers", "as in 4.8", &why)?;
    }
    for (name, settings) in chargers {
        let off = wanted
            .iter()
            .zip(settings)
            .find(|((_, low, high), value)| *value < low || *value > high);
        let found = match off {
            None => "as in 4.8".to_owned(),
            Some(((limit, _, _), value)) => format!("set to {limit} {value}"),
        };
        judge.state(clauses, name, "as in 4.8", &found, &source)?;
    }
    judge.done()
}
