//! One bench, one runner.

use super::WallClock;
use anyhow::{Context as _, Result, bail};
use api::Clock as _;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// How often somebody who waits looks.
const LOOK: Duration = Duration::from_millis(100);

/// Held as long as a runner uses a bench; the operating system lets go of it when the process ends,
/// however it ends.
#[derive(Debug)]
pub struct BenchLock {
    _file: File,
    fence: Fence,
}

/// Tells whether a bench is still the one that was locked: a lock file can be deleted, moved or
/// overwritten under a runner, by a person or by a file server.
#[derive(Debug, Clone)]
pub(crate) struct Fence(Arc<Mark>);

#[derive(Debug)]
struct Mark {
    path: PathBuf,
    holder: String,
}

impl Fence {
    /// Whether the bench is still ours.
    ///
    /// # Errors
    /// When it isn't, with whose it is.
    pub(crate) fn check(&self) -> Result<(), String> {
        let lost = |whose: &str| {
            format!(
                "this runner lost the bench to {whose} ({}); nothing is written to its instruments any more",
                self.0.path.display()
            )
        };
        match std::fs::read_to_string(&self.0.path) {
            Ok(holder) if holder == self.0.holder => Ok(()),
            Ok(holder) => Err(lost(holder.trim())),
            Err(error) => Err(lost(&format!("nobody: its lock can't be read, {error}"))),
        }
    }
}

impl BenchLock {
    /// Takes the bench.
    ///
    /// # Errors
    /// When another process has it, naming that one; when the lock file can't be written.
    pub fn take(bench: &Path) -> Result<Self> {
        match Self::try_take(bench)? {
            Ok(lock) => Ok(lock),
            Err(holder) => bail!(
                "bench {} is in use by {holder}; wait until that ends (`--wait`), or stop it (it makes the bench safe)",
                bench.display()
            ),
        }
    }

    /// Takes the bench as soon as it is free.
    ///
    /// # Errors
    /// As [`BenchLock::take`], when it isn't free after `patience`.
    pub fn wait(bench: &Path, patience: Duration) -> Result<Self> {
        let clock = WallClock::start();
        loop {
            if let Ok(lock) = Self::try_take(bench)? {
                return Ok(lock);
            }
            if clock.now() >= patience {
                return Self::take(bench);
            }
            clock.sleep_through(LOOK);
        }
    }

    /// What tells whether the bench is still ours.
    pub(crate) fn fence(&self) -> Fence {
        self.fence.clone()
    }

    /// The lock, or who has it.
    fn try_take(bench: &Path) -> Result<std::result::Result<Self, String>> {
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
                return Ok(Err(match holder.trim() {
                    "" => "another process".to_owned(),
                    holder => holder.to_owned(),
                }));
            }
            Err(TryLockError::Error(error)) => {
                return Err(error)
                    .with_context(|| format!("can't lock the bench, {}", path.display()));
            }
        }
        let holder = holder();
        let said = file
            .set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| file.write_all(holder.as_bytes()))
            .and_then(|()| file.flush());
        said.with_context(|| format!("can't write the lock of the bench, {}", path.display()))?;
        Ok(Ok(Self {
            _file: file,
            fence: Fence(Arc::new(Mark { path, holder })),
        }))
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
    use super::{BenchLock, WallClock};
    use api::Clock as _;
    use std::time::Duration;

    #[test]
    fn the_second_runner_is_told_who_has_the_bench() {
        let folder = tempfile::tempdir().unwrap();
        let bench = folder.path().join("lab.yaml");
        std::fs::write(&bench, "").unwrap();
        let first = BenchLock::take(&bench).unwrap();
        let refused = BenchLock::take(&bench).unwrap_err().to_string();
        let me = format!("is in use by process {} of ", std::process::id());
        assert!(refused.contains(&me), "{refused}");
        let clock = WallClock::start();
        assert!(BenchLock::wait(&bench, Duration::from_millis(250)).is_err());
        assert!(clock.now() >= Duration::from_millis(250));
        drop(first);
        BenchLock::wait(&bench, Duration::ZERO).unwrap();
    }

    #[test]
    fn a_runner_whose_lock_file_was_taken_away_writes_nothing_more() {
        let folder = tempfile::tempdir().unwrap();
        let bench = folder.path().join("lab.yaml");
        std::fs::write(&bench, "").unwrap();
        let first = BenchLock::take(&bench).unwrap();
        first.fence().check().unwrap();
        let file = folder.path().join(".lab.yaml.lock");
        std::fs::remove_file(&file).unwrap();
        let told = first.fence().check().unwrap_err();
        assert!(told.contains("lost the bench to nobody"), "{told}");
        // Somebody else comes in the meantime.
        let second = BenchLock::take(&bench).unwrap();
        std::fs::write(&file, "process 1 of somebody").unwrap();
        for lock in [first, second] {
            let told = lock.fence().check().unwrap_err();
            assert!(
                told.contains("lost the bench to process 1 of somebody"),
                "{told}"
            );
            assert!(
                told.ends_with("nothing is written to its instruments any more"),
                "{told}"
            );
        }
    }
}
