//! One bench, one runner.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;

/// The right to run a bench, for as long as this lives. The system gives it back when the process
/// ends, however it does.
#[derive(Debug)]
pub struct BenchLock {
    _file: File,
}

/// Why a bench can't be had.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Somebody else runs it.
    #[error("the bench is in use by {holder} ({path}); two runners on one bench are never safe")]
    Busy {
        /// The lock file.
        path: String,
        /// What the holder wrote about itself.
        holder: String,
    },
    /// The file system refused.
    #[error("{path}: {source}")]
    Io {
        /// The lock file.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
}

impl BenchLock {
    /// Takes the lock at once or not at all, and writes into it who holds it: who, where, which
    /// process.
    ///
    /// # Errors
    /// When somebody else holds it, with their identity; when the file can't be made.
    pub fn take(path: &Path, holder: &str) -> Result<Self, LockError> {
        let shown = path.display().to_string();
        let io = |source| LockError::Io {
            path: path.display().to_string(),
            source,
        };
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(io)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                // Whoever holds it may not have written yet.
                if file.read_to_string(&mut holder).is_err() || holder.trim().is_empty() {
                    holder = "somebody who didn't say who".into();
                }
                return Err(LockError::Busy {
                    path: shown,
                    holder: holder.trim().to_owned(),
                });
            }
            Err(TryLockError::Error(source)) => return Err(io(source)),
        }
        file.set_len(0).map_err(io)?;
        file.rewind().map_err(io)?;
        writeln!(file, "{holder}").map_err(io)?;
        file.flush().map_err(io)?;
        Ok(Self { _file: file })
    }
}

#[cfg(test)]
mod tests {
    use super::BenchLock;

    #[test]
    fn the_second_runner_hears_who_has_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("bench.lock");
        let first = BenchLock::take(&path, "A. Tester, process 4711").expect("free");
        let text = BenchLock::take(&path, "B. Tester")
            .expect_err("taken")
            .to_string();
        let text = text.replace(&path.display().to_string(), "bench.lock");
        insta::assert_snapshot!(text, @"the bench is in use by A. Tester, process 4711 (bench.lock); two runners on one bench are never safe");
        drop(first);
        assert!(BenchLock::take(&path, "B").is_ok());
        assert_eq!(std::fs::read_to_string(&path).expect("written"), "B\n");
        let nowhere = folder.path().join("no/such/bench.lock");
        assert!(BenchLock::take(&nowhere, "B").is_err());
    }
}
