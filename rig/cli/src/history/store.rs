//! Tables, writing and reading.

use super::database::{Database, Place, Row, Value};
use anyhow::{Context as _, Result, bail};
use record::{Limit, Observed};
use reports::{Judged, Run, Scenario};
use std::path::Path;

/// Version of the tables.
const VERSION: i64 = 2;

const TABLES: &str = "
CREATE TABLE runs (
  id INTEGER PRIMARY KEY, folder TEXT NOT NULL UNIQUE, head TEXT NOT NULL, number TEXT NOT NULL,
  revision INTEGER NOT NULL, started TEXT NOT NULL, rig TEXT NOT NULL, simulated INTEGER NOT NULL,
  seed TEXT NOT NULL, verdict TEXT NOT NULL, scenarios INTEGER NOT NULL, passed INTEGER NOT NULL,
  failed INTEGER NOT NULL
) STRICT;
CREATE TABLE scenarios (
  run INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE, number INTEGER NOT NULL,
  path TEXT NOT NULL, line INTEGER NOT NULL, name TEXT NOT NULL, bench TEXT NOT NULL,
  device TEXT NOT NULL, verdict TEXT NOT NULL, reason TEXT NOT NULL, PRIMARY KEY (run, number)
) STRICT;
CREATE TABLE judgements (
  run INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE, scenario INTEGER NOT NULL,
  place INTEGER NOT NULL, clause TEXT NOT NULL, quantity TEXT NOT NULL, unit TEXT NOT NULL,
  value REAL NOT NULL, uncertainty REAL NOT NULL, low REAL, high REAL, verdict TEXT NOT NULL,
  PRIMARY KEY (run, scenario, place)
) STRICT;
CREATE INDEX judgements_by_quantity ON judgements (quantity);
";

/// What each version has that the one before hadn't.
const STEPS: [(i64, &str); 2] = [
    (1, TABLES),
    // By the calendar; a simulated run always starts at the same time of its own.
    (
        2,
        "ALTER TABLE runs ADD COLUMN registered TEXT NOT NULL DEFAULT ''",
    ),
];

/// The database.
pub(crate) struct Store(pub(super) Database);

/// A run as it is listed.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub(crate) struct RunRow {
    pub(crate) id: i64,
    pub(crate) folder: String,
    pub(crate) head: String,
    pub(crate) number: String,
    pub(crate) revision: i64,
    pub(crate) started: String,
    /// When it was first registered, by the calendar; empty in what an older rig wrote.
    pub(crate) registered: String,
    pub(crate) rig: String,
    pub(crate) simulated: bool,
    pub(crate) verdict: String,
    pub(crate) scenarios: i64,
    pub(crate) passed: i64,
    pub(crate) failed: i64,
}

impl Store {
    /// Opens a history, and makes it where there is none.
    ///
    /// # Errors
    /// When it can't be reached, or is of a later version.
    pub(crate) fn open(place: &Place) -> Result<Self> {
        let shown = || format!("the history {place} can't be used");
        let mut database = Database::open(place).with_context(shown)?;
        // The version is read within the lock: two processes may be the first.
        let version = database.in_one_go(up_to_date).with_context(shown)?;
        if version > VERSION {
            bail!(
                "{place} is a history of version {version}, this rig reads version {VERSION}; name another, and `rig report RUN` registers runs anew"
            );
        }
        Ok(Self(database))
    }

    /// Registers a run, in one go.
    ///
    /// # Errors
    /// When it can't be written.
    pub(crate) fn register(&mut self, folder: &Path, run: &Run, now: &str) -> Result<()> {
        let folder = folder.display().to_string();
        self.0.in_one_go(|database| {
            let known = database.rows(
                "SELECT id, registered FROM runs WHERE folder = ?1",
                &[(&folder).into()],
            )?;
            let (id, registered) = match known.first() {
                Some(row) => {
                    database.execute("DELETE FROM runs WHERE id = ?1", &[row.int(0)?.into()])?;
                    (row.int(0)?, row.text(1)?)
                }
                None => {
                    let next = database.rows("SELECT coalesce(max(id), 0) + 1 FROM runs", &[])?;
                    let next = next.first().context("the next number of a run")?;
                    (next.int(0)?, now.to_owned())
                }
            };
            insert_run(database, id, &folder, run, &registered)?;
            for scenario in run.counted() {
                insert_scenario(database, id, run, scenario)?;
            }
            Ok(())
        })
    }

    /// Every run, the oldest first.
    ///
    /// # Errors
    /// When the history can't be read.
    pub(crate) fn runs(&mut self) -> Result<Vec<RunRow>> {
        let rows = self.0.rows(
            "SELECT id, folder, head, number, revision, started, registered, rig, simulated, verdict, scenarios, passed, failed
             FROM runs ORDER BY registered, started, id",
            &[],
        )?;
        rows.iter().map(run_row).collect()
    }

    /// The run that somebody named: by number, folder, or the beginning of its hash.
    ///
    /// # Errors
    /// When there is none, or more than one.
    pub(crate) fn named(&mut self, name: &str) -> Result<RunRow> {
        let runs = self.runs()?;
        let folder = Path::new(name).canonicalize().ok();
        let folder = folder.map(|path| path.display().to_string());
        let fits = |run: &&RunRow| {
            run.id.to_string() == name
                || folder.as_ref() == Some(&run.folder)
                || (name.len() >= 6 && run.head.starts_with(name))
        };
        let mut found = runs.iter().filter(fits);
        match (found.next(), found.next()) {
            (Some(run), None) => Ok(run.clone()),
            (Some(_), Some(_)) => bail!("more than one run is `{name}`; name its number"),
            (None, _) => bail!("no run in the history is `{name}`; `rig history` lists them"),
        }
    }
}

/// Brings the tables to this version; answers the version that they have then.
fn up_to_date(database: &mut Database) -> Result<i64> {
    let mut version = database.version()?;
    for (next, statements) in STEPS {
        if version == next - 1 {
            database.batch(statements)?;
            database.set_version(next)?;
            version = next;
        }
    }
    Ok(version)
}

fn run_row(row: &Row) -> Result<RunRow> {
    Ok(RunRow {
        id: row.int(0)?,
        folder: row.text(1)?,
        head: row.text(2)?,
        number: row.text(3)?,
        revision: row.int(4)?,
        started: row.text(5)?,
        registered: row.text(6)?,
        rig: row.text(7)?,
        simulated: row.int(8)? != 0,
        verdict: row.text(9)?,
        scenarios: row.int(10)?,
        passed: row.int(11)?,
        failed: row.int(12)?,
    })
}

fn insert_run(
    database: &mut Database,
    id: i64,
    folder: &str,
    run: &Run,
    registered: &str,
) -> Result<()> {
    let start = run.start.as_ref();
    let count = |verdict| whole(run.counted().filter(|one| one.verdict == verdict).count());
    let of_start = |text: fn(&reports::Start) -> String| start.map(text).unwrap_or_default();
    database.execute(
        "INSERT INTO runs (id, folder, head, number, revision, started, rig, simulated, seed,
           verdict, scenarios, passed, failed, registered)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
        &[
            id.into(),
            folder.into(),
            (&run.head).into(),
            run.number().as_str().into(),
            i64::from(run.revision()).into(),
            of_start(|start| start.started.clone()).as_str().into(),
            of_start(|start| start.rig.clone()).as_str().into(),
            i64::from(run.simulated()).into(),
            of_start(|start| start.seed.to_string()).as_str().into(),
            run.verdict.word().into(),
            whole(run.counted().count()),
            count(record::Verdict::Pass),
            count(record::Verdict::Fail),
            registered.into(),
        ],
    )
}

fn whole(count: usize) -> Value {
    i64::try_from(count).unwrap_or(i64::MAX).into()
}

/// What stood on the bench: serial numbers, or models, or the bench.
fn device(run: &Run, scenario: &Scenario) -> String {
    let item = run
        .dossier
        .items
        .iter()
        .find(|item| item.benches.contains(&scenario.bench));
    match item {
        Some(item) if !item.serials.is_empty() => item.serials.join(", "),
        Some(item) => format!("{} with {}", item.battery, item.bms),
        None => scenario.bench.clone(),
    }
}

fn insert_scenario(
    database: &mut Database,
    run_id: i64,
    run: &Run,
    scenario: &Scenario,
) -> Result<()> {
    database.execute(
        "INSERT INTO scenarios VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        &[
            run_id.into(),
            i64::from(scenario.number).into(),
            (&scenario.path).into(),
            whole(scenario.line),
            (&scenario.name).into(),
            (&scenario.bench).into(),
            (&device(run, scenario)).into(),
            scenario.verdict.word().into(),
            (&scenario.reason).into(),
        ],
    )?;
    for (place, judged) in (1i64..).zip(&scenario.judgements) {
        insert_judgement(database, run_id, scenario.number, place, judged)?;
    }
    Ok(())
}

/// Numbers only: states have no drift.
fn insert_judgement(
    database: &mut Database,
    run: i64,
    scenario: u32,
    place: i64,
    judged: &Judged,
) -> Result<()> {
    let judgement = &judged.judgement;
    let Observed::Reading(reading) = &judgement.observed else {
        return Ok(());
    };
    if !reading.value.is_finite() || !reading.uncertainty.is_finite() {
        return Ok(());
    }
    let (low, high) = match judgement.limit {
        Limit::AtLeast(low) => (Some(low), None),
        Limit::AtMost(high) => (None, Some(high)),
        Limit::Between(low, high) | Limit::BetweenExcept(low, high, ..) => (Some(low), Some(high)),
        Limit::Is(_) => (None, None),
    };
    database.execute(
        "INSERT INTO judgements VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        &[
            run.into(),
            i64::from(scenario).into(),
            place.into(),
            (&judgement.clause).into(),
            (&judgement.quantity).into(),
            (&reading.unit).into(),
            reading.value.into(),
            reading.uncertainty.into(),
            low.into(),
            high.into(),
            judgement.verdict.word().into(),
        ],
    )
}

#[cfg(test)]
mod tests {
    use super::{Place, Store, TABLES};

    #[test]
    fn a_history_of_the_version_before_is_brought_up_to_date() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("history.sqlite");
        let old = rusqlite::Connection::open(&file).unwrap();
        old.execute_batch(TABLES).unwrap();
        old.execute_batch(
            "INSERT INTO runs VALUES (7, '/runs/a', 'abc', '2026-01-02-abc', 0, '2026-01-02T03:04:05Z',
               '0.1.0', 0, '1', 'Pass', 1, 1, 0);
             PRAGMA user_version = 1",
        )
        .unwrap();
        for _ in 0..2 {
            let mut store = Store::open(&Place::named(&file)).unwrap();
            let run = store.named("7").unwrap();
            assert_eq!(
                (run.folder.as_str(), run.registered.as_str()),
                ("/runs/a", "")
            );
        }
    }

    #[test]
    fn a_history_of_a_later_rig_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("history.sqlite");
        let later = rusqlite::Connection::open(&file).unwrap();
        later.pragma_update(None, "user_version", 9).unwrap();
        let error = Store::open(&Place::named(&file)).err().unwrap().to_string();
        let told = error.replace(&file.display().to_string(), "FILE");
        assert_eq!(
            told,
            "FILE is a history of version 9, this rig reads version 2; name another, and `rig report RUN` registers runs anew"
        );
    }
}
