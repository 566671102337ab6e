//! The guard's side: it waits for silence.

use super::FAREWELL;
use super::takeover::{TakeOver, take_over};
use crate::run::say;
use anyhow::{Context as _, Result};
use rustix::process::{Pid, Signal, getppid, kill_process};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use std::io::Read;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

/// How long a killed process may take to go.
const GOING: Duration = Duration::from_secs(3);
const LOOK: Duration = Duration::from_millis(5);

/// Whom to watch, and what to take over.
pub(crate) struct Watch {
    /// The bench file.
    pub(crate) bench: PathBuf,
    /// The run's folder, if it is recorded.
    pub(crate) run: Option<PathBuf>,
    /// The runner, which is our parent.
    pub(crate) runner: i32,
    /// How long it may be silent.
    pub(crate) silence: Duration,
}

/// Why the guard acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Why {
    Died,
    Silent(Duration),
}

/// Watches until the runner says farewell, or doesn't. Returns whether the bench is known safe.
///
/// # Errors
/// When the guard itself can't work.
pub(crate) fn watch(watch: &Watch) -> Result<bool> {
    // Whoever stops the runner doesn't mean the guard: it ends when the runner has.
    let ignored = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM, SIGHUP] {
        signal_hook::flag::register(signal, ignored.clone())
            .context("the guard can't ignore signals")?;
    }
    let Some(why) = wait(&listen(std::io::stdin())?, watch.silence) else {
        return Ok(true);
    };
    kill(watch.runner)?;
    let what = match why {
        Why::Died => format!("the runner (process {}) died", watch.runner),
        Why::Silent(silence) => format!(
            "the runner (process {}) showed no sign of life for {silence:?} and was killed",
            watch.runner
        ),
    };
    let done = take_over(&watch.bench, watch.run.as_deref(), &what)?;
    say(&told(&what, &done));
    for output in &done.unproven {
        say(&format!("MAY STILL BE ENERGISED: {output}"));
    }
    Ok(done.unproven.is_empty())
}

fn told(what: &str, done: &TakeOver) -> String {
    let bench = if done.unproven.is_empty() {
        "is proven safe"
    } else {
        "is NOT proven safe: switch it off by hand and look"
    };
    let report = match &done.report {
        Ok(Some(path)) => format!("report: {}", path.display()),
        Ok(None) => "nothing was recorded".to_owned(),
        Err(error) => format!("no reports: {error}"),
    };
    format!(
        "rig: {what}; the guard took over, and bench {} {bench}\n{report}",
        done.bench
    )
}

/// What comes through the pipe, one byte at a time; closed when the pipe is.
fn listen(mut pipe: impl Read + Send + 'static) -> Result<Receiver<u8>> {
    let (tell, told) = channel();
    let read = move || {
        let mut bytes = [0; 64];
        while let Ok(count @ 1..) = pipe.read(&mut bytes) {
            for byte in &bytes[..count] {
                if tell.send(*byte).is_err() {
                    return;
                }
            }
        }
    };
    std::thread::Builder::new()
        .name("listens".into())
        .spawn(read)
        .context("the guard can't listen")?;
    Ok(told)
}

/// Waits for a reason to act; none after a farewell.
fn wait(signs: &Receiver<u8>, silence: Duration) -> Option<Why> {
    loop {
        match signs.recv_timeout(silence) {
            Ok(FAREWELL) => return None,
            Ok(_) => {}
            Err(RecvTimeoutError::Disconnected) => return Some(Why::Died),
            Err(RecvTimeoutError::Timeout) => return Some(Why::Silent(silence)),
        }
    }
}

/// Kills the runner if it's still there, and waits until it isn't: some instruments talk to one
/// client only, and two must never command at a time. A process whose parent died has another one,
/// so the number can't have passed to somebody else.
fn kill(runner: i32) -> Result<()> {
    let runner = Pid::from_raw(runner).context("the guard was told of no runner")?;
    let lives = || getppid() == Some(runner);
    if lives() {
        // It may have gone this very moment.
        let _gone = kill_process(runner, Signal::KILL);
    }
    let (_keep, never) = channel::<()>();
    let looks = GOING.as_millis() / LOOK.as_millis();
    for _ in 0..looks {
        if !lives() {
            return Ok(());
        }
        let _timed_out = never.recv_timeout(LOOK);
    }
    anyhow::bail!("the runner can't be killed; its bench was left alone: switch it off by hand")
}

#[cfg(test)]
mod tests {
    use super::{Why, wait};
    use std::sync::mpsc::channel;
    use std::time::Duration;

    #[test]
    fn only_a_farewell_is_a_good_end() {
        let silence = Duration::from_millis(40);
        for (signs, keep_open, expected) in [
            (&b"...!"[..], false, None),
            (b"...", false, Some(Why::Died)),
            (b"", false, Some(Why::Died)),
            (b"...", true, Some(Why::Silent(silence))),
            (b"!", true, None),
        ] {
            let (tell, told) = channel();
            for sign in signs {
                tell.send(*sign).unwrap();
            }
            let kept = keep_open.then_some(tell);
            assert_eq!(wait(&told, silence), expected, "{signs:?}");
            drop(kept);
        }
    }
}
