//! A battery monitor on a serial line, read on a thread of its own.

use super::{Block, BlockParser, monitor_reading};
use crate::FRESH_FOR;
use api::{Clock, MonitorReport, TelemetryError};
use std::io::{ErrorKind, Read};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// Speed of VE.Direct.
const BAUD: u32 = 19_200;
/// How long one read waits.
const PATIENCE: Duration = Duration::from_millis(200);

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
    /// Opens a serial port and listens to it: 19200 baud, eight bits, no parity, one stop bit.
    ///
    /// # Errors
    /// When the port can't be opened, or no thread can be started.
    pub fn open(path: &str, clock: Arc<dyn Clock>) -> Result<Self, TelemetryError> {
        let opened = serialport::new(path, BAUD).timeout(PATIENCE).open();
        let wrong = |reason: String| TelemetryError::Receiver {
            receiver: path.to_owned(),
            reason: format!("{reason}; is the path right, and may you use it (group dialout)?"),
        };
        let port = opened.map_err(|error| wrong(error.to_string()))?;
        Self::listen(path, port, clock).map_err(|error| wrong(error.to_string()))
    }

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

#[cfg(test)]
mod tests {
    use super::MonitorLine;
    use api::{Clock, MonitorReport, Stopped, TelemetryError};
    use serialport::{SerialPort as _, TTYPort};
    use std::io::Write as _;
    use std::sync::Arc;
    use std::time::Duration;

    /// A clock that stands still.
    struct Still;

    impl Clock for Still {
        fn now(&self) -> Duration {
            Duration::from_secs(100)
        }
        fn sleep(&self, _: Duration) -> Result<(), Stopped> {
            Ok(())
        }
        fn sleep_through(&self, _: Duration) {}
    }

    const BLOCK: &[u8] = b"\r\nV\t13200\r\nI\t-500\r\nChecksum\t\x16";

    /// What the line says once it says something, at most after some seconds.
    fn wait(
        line: &MonitorLine,
        at: u64,
        until: impl Fn(&Result<Option<MonitorReport>, TelemetryError>) -> bool,
    ) -> Result<Option<MonitorReport>, TelemetryError> {
        let (sender, receiver) = std::sync::mpsc::channel::<()>();
        for _ in 0..500 {
            let said = line.latest(Duration::from_secs(at));
            if until(&said) {
                return said;
            }
            let _ = receiver.recv_timeout(Duration::from_millis(10));
        }
        drop(sender);
        line.latest(Duration::from_secs(at))
    }

    #[test]
    fn a_monitor_at_a_serial_port() {
        let (mut monitor, ours) = TTYPort::pair().unwrap();
        let path = ours.name().unwrap();
        let line = MonitorLine::open(&path, Arc::new(Still)).unwrap();
        assert_eq!(line.latest(Duration::from_secs(100)), Ok(None));
        monitor.write_all(BLOCK).unwrap();
        let said = wait(&line, 100, |said| said != &Ok(None)).unwrap().unwrap();
        assert_eq!(said.received, Duration::from_secs(100));
        assert_eq!(said.voltage.map(|volts| volts.0), Some(13.2));
        assert_eq!(said.current.map(|amps| amps.0), Some(-0.5));
        // It doesn't stand for the present for ever.
        assert_eq!(line.latest(Duration::from_secs(111)), Ok(None));
        // Nothing but rubbish is no silence.
        let mut altered = BLOCK.to_vec();
        altered[5] += 1;
        monitor.write_all(&altered).unwrap();
        let said = wait(&line, 111, Result::is_err).unwrap_err().to_string();
        assert_eq!(
            said,
            format!(
                "radio receiver {path}: 1 blocks in a row couldn't be read: the checksum of a block is off by 1, so bytes were lost or altered on the line"
            )
        );
        // A monitor that is unplugged is no silence either.
        drop((monitor, ours));
        let gone = |told: &Result<_, TelemetryError>| {
            told.as_ref()
                .is_err_and(|error| !error.to_string().contains("blocks"))
        };
        let said = wait(&line, 111, gone).unwrap_err();
        assert!(!said.to_string().contains("blocks"), "{said}");
    }

    #[test]
    fn a_port_that_is_not_there_is_told() {
        let error = MonitorLine::open("/dev/nowhere", Arc::new(Still)).unwrap_err();
        assert_eq!(
            error.to_string(),
            "radio receiver /dev/nowhere: No such file or directory; is the path right, and may you use it (group dialout)?"
        );
    }
}
