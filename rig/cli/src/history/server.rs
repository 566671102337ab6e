//! A laboratory's PostgreSQL. Its tables are in a schema of their own, `rig`.

use super::database::{Row, Value};
use anyhow::{Context as _, Result, bail};
use postgres::types::{ToSql, Type};
use postgres::{Client, Config, NoTls};
use std::time::Duration;

/// How long a server that doesn't answer is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// Runs side by side register one after the other.
pub(super) const BEGIN: &str = "BEGIN; LOCK TABLE history IN EXCLUSIVE MODE";

/// A connection.
pub(super) struct Server(Client);

impl Server {
    pub(super) fn open(address: &str) -> Result<Self> {
        let mut config: Config = address
            .parse()
            .context("the address can't be read; write postgresql://user@host/database")?;
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(PATIENCE);
        }
        config.application_name("rig");
        let mut client = config
            .connect(NoTls)
            .context("the server can't be reached, or refuses")?;
        // Two that are the first at once: the lock makes one of them the second.
        client.batch_execute(
            "BEGIN;
             SELECT pg_advisory_xact_lock(7247);
             CREATE SCHEMA IF NOT EXISTS rig;
             SET search_path TO rig;
             CREATE TABLE IF NOT EXISTS history (version BIGINT NOT NULL);
             INSERT INTO history SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM history);
             COMMIT",
        )?;
        Ok(Self(client))
    }

    pub(super) fn version(&mut self) -> Result<i64> {
        Ok(self
            .0
            .query_one("SELECT version FROM history", &[])?
            .try_get(0)?)
    }

    pub(super) fn set_version(&mut self, version: i64) -> Result<()> {
        self.0
            .execute("UPDATE history SET version = $1", &[&version])?;
        Ok(())
    }

    pub(super) fn batch(&mut self, statements: &str) -> Result<()> {
        Ok(self.0.batch_execute(&in_its_words(statements))?)
    }

    pub(super) fn execute(&mut self, statement: &str, values: &[Value]) -> Result<()> {
        let values = parameters(values);
        self.0.execute(&in_its_words(statement), &lent(&values))?;
        Ok(())
    }

    pub(super) fn rows(&mut self, statement: &str, values: &[Value]) -> Result<Vec<Row>> {
        let values = parameters(values);
        let rows = self.0.query(&in_its_words(statement), &lent(&values))?;
        rows.iter().map(row).collect()
    }
}

/// SQLite's statements in PostgreSQL's words.
fn in_its_words(statement: &str) -> String {
    statement
        .replace('?', "$")
        .replace("INTEGER", "BIGINT")
        .replace("REAL", "DOUBLE PRECISION")
        .replace(") STRICT", ")")
}

type Parameter = Box<dyn ToSql + Sync>;

fn parameters(values: &[Value]) -> Vec<Parameter> {
    let parameter = |value: &Value| -> Parameter {
        match value {
            Value::Int(value) => Box::new(*value),
            Value::Real(value) => Box::new(*value),
            Value::Text(value) => Box::new(value.clone()),
            // Only limits may be missing, and they are numbers.
            Value::Null => Box::new(None::<f64>),
        }
    };
    values.iter().map(parameter).collect()
}

fn lent(parameters: &[Parameter]) -> Vec<&(dyn ToSql + Sync)> {
    parameters.iter().map(AsRef::as_ref).collect()
}

fn row(row: &postgres::Row) -> Result<Row> {
    let value = |(at, column): (usize, &postgres::Column)| -> Result<Value> {
        Ok(match *column.type_() {
            Type::INT8 => row.try_get::<_, Option<i64>>(at)?.into(),
            Type::FLOAT8 => row.try_get::<_, Option<f64>>(at)?.into(),
            Type::TEXT => row.try_get::<_, Option<&str>>(at)?.into(),
            ref other => bail!("column {} is of the type {other}", column.name()),
        })
    };
    let values = row.columns().iter().enumerate().map(value);
    Ok(Row(values.collect::<Result<_>>()?))
}

#[cfg(test)]
mod tests {
    use super::in_its_words;

    #[test]
    fn statements_in_the_servers_words() {
        assert_eq!(
            in_its_words("CREATE TABLE a (b INTEGER NOT NULL, c REAL) STRICT; SELECT ?1"),
            "CREATE TABLE a (b BIGINT NOT NULL, c DOUBLE PRECISION); SELECT $1"
        );
    }
}
