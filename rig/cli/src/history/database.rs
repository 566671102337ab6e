//! Where the history is kept: a file of SQLite, or a laboratory's PostgreSQL. Both understand the
//! same statements; parameters are written `?1`, `?2`.

use anyhow::{Context as _, Result, bail};
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Whose addresses name a server.
const SCHEMES: [&str; 2] = ["postgresql://", "postgres://"];

/// How long another run that registers is waited for.
const BUSY: Duration = Duration::from_secs(10);

/// Where a history is.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Place {
    /// A file.
    File(PathBuf),
    /// The address of a PostgreSQL database.
    Server(String),
}

impl Place {
    /// A file's name, or `postgresql://user@host/database`.
    pub(crate) fn named(name: impl AsRef<Path>) -> Self {
        let name = name.as_ref();
        match name.to_str() {
            Some(text) if SCHEMES.iter().any(|scheme| text.starts_with(scheme)) => {
                Self::Server(text.to_owned())
            }
            _ => Self::File(name.to_owned()),
        }
    }
}

/// An address is shown without its password.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(file) => write!(f, "{}", file.display()),
            Self::Server(address) => {
                let (scheme, rest) = address.split_once("://").unwrap_or(("", address));
                // What follows `?` may hold a password too.
                let rest = rest.split('?').next().unwrap_or_default();
                let (user, host) = rest.rsplit_once('@').unwrap_or(("", rest));
                let user = user.split(':').next().unwrap_or_default();
                let at = if user.is_empty() { "" } else { "@" };
                write!(f, "{scheme}://{user}{at}{host}")
            }
        }
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What is stored.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Int(i64),
    Real(f64),
    Text(String),
    Null,
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Self {
        Self::Real(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<&String> for Value {
    fn from(value: &String) -> Self {
        Self::Text(value.clone())
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// One answer's values.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row(pub(super) Vec<Value>);

impl Row {
    pub(super) fn int(&self, at: usize) -> Result<i64> {
        match self.0.get(at) {
            Some(Value::Int(value)) => Ok(*value),
            other => bail!("value {at} of a row of the history is {other:?}, no whole number"),
        }
    }

    pub(super) fn real(&self, at: usize) -> Result<f64> {
        match self.0.get(at) {
            Some(Value::Real(value)) => Ok(*value),
            other => bail!("value {at} of a row of the history is {other:?}, no number"),
        }
    }

    pub(super) fn maybe_real(&self, at: usize) -> Result<Option<f64>> {
        match self.0.get(at) {
            Some(Value::Null) => Ok(None),
            _ => self.real(at).map(Some),
        }
    }

    pub(super) fn text(&self, at: usize) -> Result<String> {
        match self.0.get(at) {
            Some(Value::Text(value)) => Ok(value.clone()),
            other => bail!("value {at} of a row of the history is {other:?}, no text"),
        }
    }
}

/// An open database.
pub(super) enum Database {
    Sqlite(rusqlite::Connection),
    #[cfg(feature = "postgres")]
    Postgres(super::server::Server),
}

impl Database {
    /// Opens it; makes the file where there is none.
    ///
    /// # Errors
    /// When it can't be reached, or this build can't speak to it.
    pub(super) fn open(place: &Place) -> Result<Self> {
        match place {
            Place::File(file) => {
                let connection = rusqlite::Connection::open(file)?;
                connection.busy_timeout(BUSY)?;
                connection.pragma_update(None, "foreign_keys", true)?;
                connection.pragma_update(None, "synchronous", "FULL")?;
                Ok(Self::Sqlite(connection))
            }
            #[cfg(feature = "postgres")]
            Place::Server(address) => Ok(Self::Postgres(super::server::Server::open(address)?)),
            #[cfg(not(feature = "postgres"))]
            Place::Server(_) => bail!(
                "this rig was built without PostgreSQL; build it with `--features postgres`, or name a file"
            ),
        }
    }

    /// Runs what follows alone and in one go: all of it counts, or nothing.
    ///
    /// # Errors
    /// What `work` says; when the database can't.
    pub(super) fn in_one_go<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        self.batch(match self {
            Self::Sqlite(_) => "BEGIN IMMEDIATE",
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => super::server::BEGIN,
        })?;
        match work(self) {
            Ok(done) => {
                self.batch("COMMIT")?;
                Ok(done)
            }
            Err(problem) => {
                // A connection that is lost has rolled back by itself.
                let _ = self.batch("ROLLBACK");
                Err(problem)
            }
        }
    }

    /// Version of the tables; 0 where there are none.
    pub(super) fn version(&mut self) -> Result<i64> {
        match self {
            Self::Sqlite(connection) => {
                Ok(connection.pragma_query_value(None, "user_version", |row| row.get(0))?)
            }
            #[cfg(feature = "postgres")]
            Self::Postgres(server) => server.version(),
        }
    }

    /// Notes the version of the tables.
    pub(super) fn set_version(&mut self, version: i64) -> Result<()> {
        match self {
            Self::Sqlite(connection) => {
                Ok(connection.pragma_update(None, "user_version", version)?)
            }
            #[cfg(feature = "postgres")]
            Self::Postgres(server) => server.set_version(version),
        }
    }

    /// Several statements without parameters, in SQLite's words for types.
    pub(super) fn batch(&mut self, statements: &str) -> Result<()> {
        match self {
            Self::Sqlite(connection) => Ok(connection.execute_batch(statements)?),
            #[cfg(feature = "postgres")]
            Self::Postgres(server) => server.batch(statements),
        }
    }

    /// One statement that answers nothing.
    pub(super) fn execute(&mut self, statement: &str, values: &[Value]) -> Result<()> {
        match self {
            Self::Sqlite(connection) => {
                let mut prepared = connection.prepare_cached(statement)?;
                prepared.execute(rusqlite::params_from_iter(values))?;
                Ok::<_, anyhow::Error>(())
            }
            #[cfg(feature = "postgres")]
            Self::Postgres(server) => server.execute(statement, values),
        }
        .with_context(|| format!("the statement `{}`", first_line(statement)))
    }

    /// Every row that a statement answers.
    pub(super) fn rows(&mut self, statement: &str, values: &[Value]) -> Result<Vec<Row>> {
        match self {
            Self::Sqlite(connection) => sqlite_rows(connection, statement, values),
            #[cfg(feature = "postgres")]
            Self::Postgres(server) => server.rows(statement, values),
        }
        .with_context(|| format!("the statement `{}`", first_line(statement)))
    }
}

fn sqlite_rows(
    connection: &rusqlite::Connection,
    statement: &str,
    values: &[Value],
) -> Result<Vec<Row>> {
    let mut prepared = connection.prepare_cached(statement)?;
    let columns = prepared.column_count();
    let rows = prepared.query_map(rusqlite::params_from_iter(values), |row| {
        let values = (0..columns).map(|at| row.get::<_, Value>(at));
        Ok(Row(values.collect::<rusqlite::Result<_>>()?))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn first_line(statement: &str) -> &str {
    statement.trim().lines().next().unwrap_or_default()
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        match self {
            Self::Int(value) => value.to_sql(),
            Self::Real(value) => value.to_sql(),
            Self::Text(value) => value.to_sql(),
            Self::Null => rusqlite::types::Null.to_sql(),
        }
    }
}

impl rusqlite::types::FromSql for Value {
    fn column_result(value: rusqlite::types::ValueRef<'_>) -> rusqlite::types::FromSqlResult<Self> {
        use rusqlite::types::{FromSqlError, ValueRef};
        match value {
            ValueRef::Null => Ok(Self::Null),
            ValueRef::Integer(value) => Ok(Self::Int(value)),
            ValueRef::Real(value) => Ok(Self::Real(value)),
            ValueRef::Text(_) => value.as_str().map(|text| Self::Text(text.to_owned())),
            ValueRef::Blob(_) => Err(FromSqlError::InvalidType),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Place;

    #[test]
    fn an_address_is_shown_without_what_is_secret() {
        for (name, shown) in [
            ("runs/history.sqlite", "runs/history.sqlite"),
            (
                "postgresql://lab:se:cr@t@db.lab:5432/rig?password=x",
                "postgresql://lab@db.lab:5432/rig",
            ),
            ("postgres://db.lab/rig", "postgres://db.lab/rig"),
            (
                "postgresql:///rig?host=/run/postgresql",
                "postgresql:///rig",
            ),
        ] {
            let place = Place::named(name);
            assert_eq!(place.to_string(), shown);
            assert_eq!(format!("{place:?}"), shown);
        }
    }
}
