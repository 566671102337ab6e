//! One bench, one runner.

use anyhow::{Context as _, Result, bail};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};

/// Held as long as a runner uses a bench; the operating system lets go of it when the process ends,
/// however it ends.
#[derive(Debug)]
pub struct BenchLock {
    _file: File,
}

impl BenchLock {
    /// Takes the bench.
    ///
    /// # Errors
    /// When another process has it, naming that one; when the lock file can't be written.
    pub fn take(bench: &Path) -> Result<Self> {
        let path = beside(bench)?;
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .with_context(|| format!("can't open the lock of the bench, {}", path.display()))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                let _unknown_holder_is_told_too = file.read_to_string(&mut holder);
                let holder = match holder.trim() {
                    "" => "another process",
                    holder => holder,
                };
                bail!(
                    "bench {} is in use by {holder}; wait until that ends, or stop it (it makes the bench safe)",
                    bench.display()
                );
            }
            Err(TryLockError::Error(error)) => {
                return Err(error)
                    .with_context(|| format!("can't lock the bench, {}", path.display()));
            }
        }
        let said = file
            .set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| file.write_all(holder().as_bytes()))
            .and_then(|()| file.flush());
        said.with_context(|| format!("can't write the lock of the bench, {}", path.display()))?;
        Ok(Self { _file: file })
    }
}

fn beside(bench: &Path) -> Result<PathBuf> {
    let bench = bench
        .canonicalize()
        .with_context(|| format!("can't find bench file {}", bench.display()))?;
    let name = bench.file_name().unwrap_or_default().to_string_lossy();
    Ok(bench.with_file_name(format!(".{name}.lock")))
}

fn holder() -> String {
    let variable = |name: &str| std::env::var(name).unwrap_or_default();
    let user = match variable("USER") {
        user if user.is_empty() => "someone".to_owned(),
        user => user,
    };
    let host = std::fs::read_to_string("/etc/hostname").unwrap_or_default();
    let at = match host.trim() {
        "" => String::new(),
        host => format!(" on {host}"),
    };
    format!(
        "process {} of {user}{at} since {}",
        std::process::id(),
        super::stamp::rfc3339(super::stamp::now())
    )
}

#[cfg(test)]
mod tests {
    use super::BenchLock;

    #[test]
    fn the_second_runner_is_told_who_has_the_bench() {
        let folder = tempfile::tempdir().unwrap();
        let bench = folder.path().join("lab.yaml");
        std::fs::write(&bench, "").unwrap();
        let first = BenchLock::take(&bench).unwrap();
        let refused = BenchLock::take(&bench).unwrap_err().to_string();
        let me = format!("is in use by process {} of ", std::process::id());
        assert!(refused.contains(&me), "{refused}");
        drop(first);
        BenchLock::take(&bench).unwrap();
    }
}
