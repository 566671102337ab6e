//! Against hangs: a bench that neither reads its clock nor sleeps on it gets nowhere.

use super::control::Control;
use super::escalate::escalate;
use super::station::GRACE;
use super::wall_clock::WallClock;
use api::Clock as _;
use record::Recorder;
use std::path::PathBuf;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::time::Duration;

/// How often it looks.
const PERIOD: Duration = Duration::from_millis(500);

/// Watches as long as it lives.
pub(crate) struct Watchdog {
    _stop: Sender<()>,
}

impl Watchdog {
    /// Begins to watch. A scenario that shows no sign of life for `patience` is cancelled, and every
    /// output is switched off over other connections; when it doesn't come back after that, `whole`,
    /// the run that it belongs to, ends.
    ///
    /// # Errors
    /// When the thread can't be started.
    pub(crate) fn watch(
        control: Control,
        whole: Control,
        recorder: Recorder,
        run: PathBuf,
        patience: Duration,
    ) -> std::io::Result<Self> {
        let (stop, stopped) = channel::<()>();
        let clock = WallClock::start();
        let watch = move || {
            let mut last = (control.pulse(), clock.now());
            let mut cancelled = false;
            while matches!(stopped.recv_timeout(PERIOD), Err(RecvTimeoutError::Timeout)) {
                let pulse = control.pulse();
                let (under_way, _) = pulse;
                if pulse != last.0 || !under_way {
                    last = (pulse, clock.now());
                    cancelled = false;
                    continue;
                }
                let silent = clock.now().saturating_sub(last.1);
                if silent >= patience && !cancelled {
                    cancelled = true;
                    control.cancel_scenario(&format!(
                        "the bench showed no sign of life for {patience:?} and was given up by the watchdog"
                    ));
                    // It may never come back to do this itself.
                    if let Some(off) = control.emergency() {
                        off();
                    }
                }
                // Making safe may take its own time, but not for ever.
                if silent >= patience + GRACE * 6 {
                    escalate(&whole, &recorder, &run, "the bench hangs (watchdog)");
                }
            }
        };
        std::thread::Builder::new()
            .name("watchdog".into())
            .spawn(watch)?;
        Ok(Self { _stop: stop })
    }
}
