//! The runner's side: it starts the guard and shows that it lives.

use super::{ALIVE, BEAT, FAREWELL, SILENCE};
use crate::run::Control;
use anyhow::{Context as _, Result};
use std::io::Write as _;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;

/// Guarded as long as it lives; dropping it says farewell.
pub(crate) struct Watched {
    stop: Option<Sender<()>>,
    beats: Option<JoinHandle<()>>,
    guard: Child,
}

impl Watched {
    /// Starts a guard for this process, which runs on `bench` and records in `run`, if it does.
    ///
    /// # Errors
    /// When there can be none: nothing may be energised then.
    pub(crate) fn start(bench: &Path, run: Option<&Path>, control: Control) -> Result<Self> {
        let mut command = Command::new(own_binary()?);
        command
            .arg("guard")
            .arg("--bench")
            .arg(bench)
            .arg("--runner")
            .arg(std::process::id().to_string())
            .arg("--silence-ms")
            .arg(SILENCE.as_millis().to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::null());
        if let Some(run) = run {
            command.arg("--run").arg(run);
        }
        apart(&mut command);
        let mut guard = command
            .spawn()
            .context("can't start the guard process, without which no real bench is energised")?;
        let pipe = guard.stdin.take().context("the guard has no pipe")?;
        let (stop, stopped) = channel::<()>();
        let beats = std::thread::Builder::new()
            .name("beats".into())
            .spawn(move || {
                let mut pipe = pipe;
                while let Err(RecvTimeoutError::Timeout) = stopped.recv_timeout(BEAT) {
                    if let Err(error) = beat(&mut pipe, ALIVE) {
                        control.interrupt(&format!(
                            "the guard process is gone ({error}); without it the bench can't stay on"
                        ));
                        return;
                    }
                }
                // A guard that is gone already needs no farewell.
                let _gone = beat(&mut pipe, FAREWELL);
            })
            .context("can't start the thread that beats")?;
        Ok(Self {
            stop: Some(stop),
            beats: Some(beats),
            guard,
        })
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(beats) = self.beats.take() {
            let _its_panic_changes_nothing = beats.join();
        }
        let _reaped = self.guard.wait();
    }
}

fn beat(pipe: &mut ChildStdin, byte: u8) -> std::io::Result<()> {
    pipe.write_all(&[byte])
}

/// The binary that runs, also after another one was built in its place.
fn own_binary() -> Result<std::path::PathBuf> {
    let own = Path::new("/proc/self/exe");
    if own.exists() {
        return Ok(own.to_owned());
    }
    std::env::current_exe().context("can't find the binary of rig")
}

/// In a group of its own: what is typed at the terminal reaches the runner only.
fn apart(command: &mut Command) {
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    #[cfg(not(unix))]
    let _ = command;
}
