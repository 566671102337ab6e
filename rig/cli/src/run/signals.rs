//! Signals, on a thread of their own: the first one cancels, the second one doesn't wait.

use super::control::Control;
use super::escalate::escalate;
use record::Recorder;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::{Handle, Signals};
use std::path::PathBuf;

/// Listens as long as it lives.
pub(crate) struct SignalGuard(Option<Handle>);

impl SignalGuard {
    /// Begins to listen.
    ///
    /// # Errors
    /// When the system refuses the handlers.
    pub(crate) fn listen(
        control: Control,
        recorder: Recorder,
        run: PathBuf,
    ) -> std::io::Result<Self> {
        let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP])?;
        let handle = signals.handle();
        let watch = move || {
            let mut first: Option<&str> = None;
            for signal in signals.forever() {
                let name = name(signal);
                match first {
                    None => {
                        first = Some(name);
                        eprintln_quietly(&format!(
                            "rig: {name}: making the bench safe; once more to switch everything off at once"
                        ));
                        control.interrupt(name);
                    }
                    Some(_) => escalate(&control, &recorder, &run, name),
                }
            }
        };
        std::thread::Builder::new()
            .name("signals".into())
            .spawn(watch)?;
        Ok(Self(Some(handle)))
    }
}

impl Drop for SignalGuard {
    fn drop(&mut self) {
        if let Some(handle) = self.0.take() {
            handle.close();
        }
    }
}

fn name(signal: i32) -> &'static str {
    match signal {
        SIGINT => "interrupt (SIGINT)",
        SIGTERM => "termination (SIGTERM)",
        SIGHUP => "hang-up (SIGHUP)",
        _ => "a signal",
    }
}

/// A terminal that went away is no reason to stop.
pub(crate) fn eprintln_quietly(text: &str) {
    use std::io::Write as _;
    let _gone_terminal = writeln!(std::io::stderr(), "{text}");
}
