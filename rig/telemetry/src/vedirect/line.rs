//! A battery monitor on a serial line, read on a thread of its own.

use super::{Block, BlockParser, monitor_reading};
use crate::FRESH_FOR;
use api::{Clock, MonitorReport, TelemetryError};
use std::io::{ErrorKind, Read};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// What the thread knows.
#[derive(Debug, Default)]
struct Known {
    report: Option<MonitorReport>,
    /// Blocks that couldn't be read, and why the newest couldn't.
    bad: u32,
    problem: String,
    /// Why nothing comes any more.
    ended: Option<String>,
}

/// A monitor that is listened to until this is dropped.
#[derive(Debug)]
pub struct MonitorLine {
    name: String,
    known: Arc<Mutex<Known>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl MonitorLine {
    /// Listens to a line. Reading must give up after a moment where nothing comes: with an error of
    /// the kind `TimedOut`, as serial ports do.
    ///
    /// # Errors
    /// When no thread can be started.
    pub fn listen(
        name: impl Into<String>,
        line: impl Read + Send + 'static,
        clock: Arc<dyn Clock>,
    ) -> std::io::Result<Self> {
        let known = Arc::new(Mutex::new(Known::default()));
        let stop = Arc::new(AtomicBool::new(false));
        let (theirs, stopped) = (known.clone(), stop.clone());
        let thread = std::thread::Builder::new()
            .name("battery monitor".into())
            .spawn(move || read(line, &*clock, &theirs, &stopped))?;
        Ok(Self {
            name: name.into(),
            known,
            stop,
            thread: Some(thread),
        })
    }

    /// The newest report; `None` where none is fresh.
    ///
    /// # Errors
    /// When the line is gone, or when all that comes is unreadable.
    pub fn latest(&self, now: Duration) -> Result<Option<MonitorReport>, TelemetryError> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = |report: &MonitorReport| now.saturating_sub(report.received) <= FRESH_FOR;
        let report = known.report.filter(fresh);
        let wrong = |reason: String| TelemetryError::Receiver {
            receiver: self.name.clone(),
            reason,
        };
        match (&known.ended, report) {
            (Some(reason), _) => Err(wrong(reason.clone())),
            (None, None) if known.bad > 0 => Err(wrong(format!(
                "{} blocks in a row couldn't be read: {}",
                known.bad, known.problem
            ))),
            (None, report) => Ok(report),
        }
    }
}

impl Drop for MonitorLine {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // It waits for no longer than a read does.
            let _ = thread.join();
        }
    }
}

fn read(mut line: impl Read, clock: &dyn Clock, known: &Mutex<Known>, stop: &AtomicBool) {
    let mut parser = BlockParser::new();
    let mut bytes = [0; 256];
    let ended = loop {
        if stop.load(Ordering::Relaxed) {
            return;
        }
        let count = match line.read(&mut bytes) {
            Ok(0) => break "the line ended".to_owned(),
            Ok(count) => count,
            Err(error)
                if matches!(
                    error.kind(),
                    ErrorKind::TimedOut | ErrorKind::Interrupted | ErrorKind::WouldBlock
                ) =>
            {
                continue;
            }
            Err(error) => break error.to_string(),
        };
        for byte in &bytes[..count] {
            let Some(block) = parser.push(*byte) else {
                continue;
            };
            let block = block.map_err(|error| error.to_string());
            let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
            known.learn(clock.now(), block);
        }
    };
    let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
    known.ended = Some(ended);
}

impl Known {
    fn learn(&mut self, now: Duration, block: Result<Block, String>) {
        let read =
            block.and_then(|block| monitor_reading(&block).map_err(|error| error.to_string()));
        match read {
            Ok(Some(reading)) => {
                self.bad = 0;
                self.report = Some(MonitorReport {
                    received: now,
                    voltage: reading.voltage,
                    current: reading.current,
                    consumed: reading.consumed,
                    state_of_charge: reading.state_of_charge,
                });
            }
            // The monitor's history.
            Ok(None) => {}
            Err(problem) => {
                self.bad = self.bad.saturating_add(1);
                self.problem = problem;
            }
        }
    }
}
