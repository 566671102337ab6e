//! Tables, writing and reading.

use anyhow::{Context as _, Result, bail};
use record::{Limit, Observed};
use reports::{Judged, Run, Scenario};
use rusqlite::{Connection, OptionalExtension as _, Transaction, params};
use std::path::Path;
use std::time::Duration;

/// Version of the tables.
const VERSION: i64 = 1;

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

/// The database.
pub(crate) struct Store(pub(super) Connection);

/// A run as it is listed.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub(crate) struct RunRow {
    pub(crate) id: i64,
    pub(crate) folder: String,
    pub(crate) head: String,
    pub(crate) number: String,
    pub(crate) revision: i64,
    pub(crate) started: String,
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
    /// When the file is no history of this version.
    pub(crate) fn open(file: &Path) -> Result<Self> {
        let opened = || -> rusqlite::Result<Connection> {
            let connection = Connection::open(file)?;
            // Runs side by side register one after the other.
            connection.busy_timeout(Duration::from_secs(10))?;
            connection.pragma_update(None, "foreign_keys", true)?;
            connection.pragma_update(None, "synchronous", "FULL")?;
            Ok(connection)
        };
        let mut connection = opened().with_context(|| shown(file))?;
        // The version is read within the lock: two processes may be the first.
        let transaction = connection
            .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)
            .with_context(|| shown(file))?;
        let version: i64 = transaction
            .pragma_query_value(None, "user_version", |row| row.get(0))
            .with_context(|| shown(file))?;
        match version {
            0 => {
                transaction
                    .execute_batch(TABLES)
                    .with_context(|| shown(file))?;
                transaction.pragma_update(None, "user_version", VERSION)?;
            }
            VERSION => {}
            other => bail!(
                "{} is a history of version {other}, this rig reads version {VERSION}; name another file, and `rig report RUN` registers runs anew",
                file.display()
            ),
        }
        transaction.commit().with_context(|| shown(file))?;
        Ok(Self(connection))
    }

    /// Registers a run, in one go.
    ///
    /// # Errors
    /// When it can't be written.
    pub(crate) fn register(&mut self, folder: &Path, run: &Run) -> Result<()> {
        let folder = folder.display().to_string();
        let transaction = self.0.transaction()?;
        let known: Option<i64> = transaction
            .query_row("SELECT id FROM runs WHERE folder = ?1", [&folder], |row| {
                row.get(0)
            })
            .optional()?;
        if let Some(id) = known {
            transaction.execute("DELETE FROM runs WHERE id = ?1", [id])?;
        }
        let id = insert_run(&transaction, known, &folder, run)?;
        for scenario in run.counted() {
            insert_scenario(&transaction, id, run, scenario)?;
        }
        transaction.commit()?;
        Ok(())
    }

    /// Every run, the oldest first.
    ///
    /// # Errors
    /// When the history can't be read.
    pub(crate) fn runs(&self) -> Result<Vec<RunRow>> {
        let mut query = self.0.prepare(
            "SELECT id, folder, head, number, revision, started, rig, simulated, verdict, scenarios, passed, failed
             FROM runs ORDER BY started, id",
        )?;
        let rows = query.query_map([], |row| {
            Ok(RunRow {
                id: row.get(0)?,
                folder: row.get(1)?,
                head: row.get(2)?,
                number: row.get(3)?,
                revision: row.get(4)?,
                started: row.get(5)?,
                rig: row.get(6)?,
                simulated: row.get(7)?,
                verdict: row.get(8)?,
                scenarios: row.get(9)?,
                passed: row.get(10)?,
                failed: row.get(11)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The run that somebody named: by number, folder, or the beginning of its hash.
    ///
    /// # Errors
    /// When there is none, or more than one.
    pub(crate) fn named(&self, name: &str) -> Result<RunRow> {
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

fn shown(file: &Path) -> String {
    format!("the history {} can't be used", file.display())
}

fn insert_run(
    transaction: &Transaction<'_>,
    id: Option<i64>,
    folder: &str,
    run: &Run,
) -> Result<i64> {
    let start = run.start.as_ref();
    let count = |verdict| {
        let count = run.counted().filter(|one| one.verdict == verdict).count();
        i64::try_from(count).unwrap_or(i64::MAX)
    };
    let all = i64::try_from(run.counted().count()).unwrap_or(i64::MAX);
    transaction.execute(
        "INSERT INTO runs VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
        params![
            id,
            folder,
            run.head,
            run.number(),
            run.revision(),
            start.map_or("", |start| &start.started),
            start.map_or("", |start| &start.rig),
            run.simulated(),
            start
                .map(|start| start.seed.to_string())
                .unwrap_or_default(),
            run.verdict.word(),
            all,
            count(record::Verdict::Pass),
            count(record::Verdict::Fail),
        ],
    )?;
    Ok(transaction.last_insert_rowid())
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
    transaction: &Transaction<'_>,
    run_id: i64,
    run: &Run,
    scenario: &Scenario,
) -> Result<()> {
    let mut insert = transaction
        .prepare_cached("INSERT INTO scenarios VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")?;
    insert.execute(params![
        run_id,
        scenario.number,
        scenario.path,
        i64::try_from(scenario.line).unwrap_or(0),
        scenario.name,
        scenario.bench,
        device(run, scenario),
        scenario.verdict.word(),
        scenario.reason,
    ])?;
    for (place, judged) in (1i64..).zip(&scenario.judgements) {
        insert_judgement(transaction, run_id, scenario.number, place, judged)?;
    }
    Ok(())
}

/// Numbers only: states have no drift.
fn insert_judgement(
    transaction: &Transaction<'_>,
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
    let mut insert = transaction.prepare_cached(
        "INSERT INTO judgements VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    )?;
    insert.execute(params![
        run,
        scenario,
        place,
        judgement.clause,
        judgement.quantity,
        reading.unit,
        reading.value,
        reading.uncertainty,
        low,
        high,
        judgement.verdict.word(),
    ])?;
    Ok(())
}
