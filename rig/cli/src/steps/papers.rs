//! What files say.

use super::asked;
use super::table::Table;
use crate::search::fixture_folders;
use crate::{RigWorld, StepError, StepResult};
use config::{Entry, SearchPath};
use cucumber::gherkin::Step;
use cucumber::then;
use procedures::papers::{self, Paper, Says};

/// How the words that an entry must be are marked in a table; anything else names a limit.
const WORDS: &str = "says ";

/// Looks things up in the file of the bench, of a battery or BMS on it, or of any other model, and
/// holds them against their statements. Columns: `clause`; `file`, which is `bench`, `battery`,
/// `bms` or a model; `entry`; and `must be`, which is a limit of the statement, or `says` and the
/// words themselves.
#[then(expr = "the files say so:")]
async fn files_say(rig: &mut RigWorld, step: &Step) -> StepResult {
    let asked = asked(rig);
    let mut all = Vec::new();
    for row in Table::of(step)?.rows(["clause", "file", "entry", "must be"])? {
        all.extend(look_up(rig, row)?);
    }
    rig.with(move |bench| papers::judge(bench, &asked, &all))
        .await
}

fn look_up(rig: &RigWorld, row: [String; 4]) -> StepResult<Vec<Paper>> {
    let [clause, file, entry, wanted] = row;
    let bench = rig.bench_file()?;
    let search = SearchPath::new(fixture_folders());
    let own = |error: config::ConfigError| StepError::from(anyhow::Error::from(error));
    let (source, of_bench, found) = match file.as_str() {
        "bench" => {
            let battery = search.battery_product(&bench.device.battery).map_err(own)?;
            let found = bench.entry(&entry, &battery);
            (format!("bench file {}", bench.name), true, found)
        }
        "battery" | "bms" => {
            let model = if file == "bms" {
                &bench.device.bms
            } else {
                &bench.device.battery
            };
            let (source, found) = of_model(&search, model, &entry)?;
            (source, true, found)
        }
        model => {
            let (source, found) = of_model(&search, model, &entry)?;
            (source, false, found)
        }
    };
    let paper = |about: &str, says: Says| Paper {
        clause: clause.clone(),
        what: format!("{about}: {entry}"),
        source: source.clone(),
        of_bench,
        says,
    };
    if found.is_empty() {
        return Ok(vec![paper(&file, Says::Nothing)]);
    }
    found
        .into_iter()
        .map(|(about, entry)| Ok(paper(&about, says(entry, &wanted)?)))
        .collect()
}

/// What the product file of a battery or a BMS says.
fn of_model(
    search: &SearchPath,
    model: &str,
    entry: &str,
) -> StepResult<(String, Vec<(String, Entry)>)> {
    let found = match (search.battery_product(model), search.bms_product(model)) {
        (Ok(battery), _) => battery.entry(entry),
        (Err(_), Ok(bms)) => bms.entry(entry),
        (Err(error), Err(_)) => return Err(anyhow::Error::from(error).into()),
    };
    let found = found.map(|entry| (model.to_owned(), entry));
    Ok((format!("product file {model}"), found.into_iter().collect()))
}

fn says(entry: Entry, wanted: &str) -> StepResult<Says> {
    match (entry, wanted.strip_prefix(WORDS)) {
        (Entry::Words(found), Some(wanted)) => Ok(Says::Words {
            wanted: wanted.to_owned(),
            found,
        }),
        (Entry::Number(number), None) => Ok(Says::Number {
            limit: wanted.to_owned(),
            value: number.value,
            unit: number.unit,
        }),
        (Entry::Number(number), Some(_)) => Err(StepError::error(format_args!(
            "the file has a number here, {number}: name the limit that it is held against"
        ))),
        (Entry::Words(found), None) => Err(StepError::error(format_args!(
            "the file has words here, `{found}`: write `says` and the words that must stand there"
        ))),
    }
}

/// Every charger in the bench file has the voltages and the time of section 4.8.
#[then(expr = "every charger is set as section 4.8 has it")]
async fn as_in_4_8(rig: &mut RigWorld) -> StepResult {
    let asked = asked(rig);
    let clauses = ["4.3.2-03", "4.9-13", "6.1.3-01"];
    let chargers: Vec<(String, [f64; 3])> = rig
        .bench_file()?
        .installation
        .iter()
        .flat_map(|installed| &installed.chargers)
        .map(|charger| {
            let time = charger.absorption_time.as_secs_f64();
            let settings = [charger.absorption.0, time, charger.float.0];
            (charger.name.clone(), settings)
        })
        .collect();
    rig.with(move |bench| papers::judge_as_in_4_8(bench, &asked, &clauses, &chargers))
        .await
}

/// The BMS that the bench file names is one of the seven models.
#[then(expr = "the BMS of this bench is one that the manual lists")]
async fn listed_bms(rig: &mut RigWorld) -> StepResult {
    let asked = asked(rig);
    rig.with(move |bench| papers::judge_listed_bms(bench, &asked))
        .await
}

/// Nominal voltage of the bank against the systems that its BMS is made for.
#[then(expr = "the bank is of a voltage that its BMS is for")]
async fn system_voltage(rig: &mut RigWorld) -> StepResult {
    let asked = asked(rig);
    rig.with(move |bench| papers::judge_system_voltage(bench, &asked))
        .await
}

/// Batteries in series against what their voltage allows.
#[then(expr = "the string is no longer than its batteries allow")]
async fn string(rig: &mut RigWorld) -> StepResult {
    let asked = asked(rig);
    rig.with(move |bench| papers::judge_string(bench, &asked))
        .await
}
