//! Advertisements from a file: a recording that is played back, or one that a scanner is writing.
//!
//! A line is a JSON object: `{"at_s": 12.5, "address": "c0:11:22:33:44:55", "data": "10…"}`. `data` is
//! the manufacturer data after the company id; with the id `e102` in front it is understood too.

use crate::{Advert, AdvertSource, COMPANY_ID, Sender};
use api::{Clock, TelemetryError};
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// Longest line that is taken; an advertisement has 31 bytes.
const LONGEST: u64 = 1024;

/// One advertisement in a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CapturedAdvert {
    /// Seconds since the recording began.
    #[serde(default)]
    pub at_s: f64,
    /// Radio address of the sender.
    pub address: String,
    /// Manufacturer data in hexadecimal digits.
    pub data: String,
}

/// Why a line of a capture, or the file, can't be used.
#[derive(Debug, thiserror::Error)]
pub enum CaptureError {
    /// The file can't be read.
    #[error("capture {file} can't be read: {source}")]
    Unreadable {
        /// Which.
        file: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// A line isn't what it must be.
    #[error(
        "{file}, line {line}: {problem}; a line is {{\"at_s\": 0.5, \"address\": \"c0:11:22:33:44:55\", \"data\": \"10…\"}}"
    )]
    Line {
        /// Which file.
        file: String,
        /// Which line, from 1.
        line: u64,
        /// What is wrong with it.
        problem: String,
    },
}

impl CapturedAdvert {
    /// Makes the advertisement of a line.
    ///
    /// # Errors
    /// What is wrong with the line, in words.
    pub fn advert(&self) -> Result<Advert, String> {
        if !self.at_s.is_finite() || self.at_s < 0.0 || self.at_s > 1e9 {
            return Err(format!(
                "at_s is {}, no time since the beginning",
                self.at_s
            ));
        }
        let data = hex::decode(&self.data).map_err(|error| format!("data: {error}"))?;
        let id = COMPANY_ID;
        Ok(Advert {
            received: Duration::from_secs_f64(self.at_s),
            sender: Sender::Address(parse_address(&self.address)?),
            data: data
                .strip_prefix(&id[..])
                .map_or(data.clone(), <[u8]>::to_vec),
        })
    }
}

/// Reads `c0:11:22:33:44:55`, in capitals or not.
///
/// # Errors
/// What it must look like.
pub fn parse_address(text: &str) -> Result<[u8; 6], String> {
    let wrong = || format!("`{text}` is no radio address, which looks like c0:11:22:33:44:55");
    let mut address = [0; 6];
    let mut parts = text.split(':');
    for byte in &mut address {
        let part = parts
            .next()
            .filter(|part| part.len() == 2)
            .ok_or_else(wrong)?;
        *byte = u8::from_str_radix(part, 16).map_err(|_| wrong())?;
    }
    match parts.next() {
        None => Ok(address),
        Some(_) => Err(wrong()),
    }
}

fn parse_line(file: &Path, number: u64, line: &str) -> Result<Advert, CaptureError> {
    let read = serde_json::from_str::<CapturedAdvert>(line).map_err(|error| error.to_string());
    let advert = read.and_then(|captured| captured.advert());
    advert.map_err(|problem| CaptureError::Line {
        file: file.display().to_string(),
        line: number,
        problem,
    })
}

/// Reads a whole capture.
///
/// # Errors
/// When the file can't be read, or a line isn't an advertisement.
pub fn read_capture(file: &Path) -> Result<Vec<Advert>, CaptureError> {
    let unreadable = |source| CaptureError::Unreadable {
        file: file.display().to_string(),
        source,
    };
    let reader = BufReader::new(File::open(file).map_err(unreadable)?);
    let mut adverts = Vec::new();
    for (number, line) in (1..).zip(reader.lines()) {
        let line = line.map_err(unreadable)?;
        if !line.trim().is_empty() {
            adverts.push(parse_line(file, number, &line)?);
        }
    }
    Ok(adverts)
}

/// A recording, played back: what came 12 s after its beginning comes 12 s after this one's.
pub struct Replay {
    left: VecDeque<Advert>,
    begun: Duration,
    clock: Arc<dyn Clock>,
}

impl Replay {
    /// Begins now.
    ///
    /// # Errors
    /// As [`read_capture`].
    pub fn open(file: &Path, clock: Arc<dyn Clock>) -> Result<Self, CaptureError> {
        let mut adverts = read_capture(file)?;
        adverts.sort_by_key(|advert| advert.received);
        Ok(Self {
            left: adverts.into(),
            begun: clock.now(),
            clock,
        })
    }
}

impl AdvertSource for Replay {
    fn drain(&mut self, out: &mut Vec<Advert>) -> Result<(), TelemetryError> {
        let since = self.clock.now().saturating_sub(self.begun);
        while self.left.front().is_some_and(|next| next.received <= since) {
            out.extend(self.left.pop_front().map(|advert| Advert {
                received: advert.received + self.begun,
                ..advert
            }));
        }
        Ok(())
    }
}

/// A file that a scanner is writing: what is added to it comes when it's added.
pub struct Follow {
    name: String,
    file: PathBuf,
    reader: BufReader<File>,
    /// The beginning of a line that isn't written to its end yet.
    line: String,
    number: u64,
    clock: Arc<dyn Clock>,
}

impl Follow {
    /// Begins at the file's end.
    ///
    /// # Errors
    /// When the file can't be opened.
    pub fn open(name: &str, file: &Path, clock: Arc<dyn Clock>) -> Result<Self, CaptureError> {
        let opened = || -> std::io::Result<BufReader<File>> {
            let mut file = File::open(file)?;
            // A pipe has no end to go to.
            if file.metadata()?.is_file() {
                file.seek(SeekFrom::End(0))?;
            }
            Ok(BufReader::new(file))
        };
        let reader = opened().map_err(|source| CaptureError::Unreadable {
            file: file.display().to_string(),
            source,
        })?;
        Ok(Self {
            name: name.to_owned(),
            file: file.to_owned(),
            reader,
            line: String::new(),
            number: 0,
            clock,
        })
    }

    fn trouble(&self, reason: impl ToString) -> TelemetryError {
        TelemetryError::Receiver {
            receiver: self.name.clone(),
            reason: reason.to_string(),
        }
    }
}

impl AdvertSource for Follow {
    fn drain(&mut self, out: &mut Vec<Advert>) -> Result<(), TelemetryError> {
        loop {
            let mut limited = (&mut self.reader).take(LONGEST);
            let read = limited.read_line(&mut self.line);
            let count = read.map_err(|error| self.trouble(error))?;
            if self.line.len() as u64 >= LONGEST {
                return Err(self.trouble(format!(
                    "{} has a line of more than {LONGEST} bytes, which is no advertisement",
                    self.file.display()
                )));
            }
            if count == 0 || !self.line.ends_with('\n') {
                return Ok(());
            }
            let line = std::mem::take(&mut self.line);
            self.number += 1;
            let advert = parse_line(&self.file, self.number, line.trim_end());
            out.push(Advert {
                received: self.clock.now(),
                ..advert.map_err(|error| self.trouble(error))?
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{CapturedAdvert, Follow, Replay, parse_address, read_capture};
    use crate::{AdvertSource, Sender};
    use api::{Clock, Stopped};
    use std::io::Write as _;
    use std::sync::{Arc, Mutex};
    use std::time::Duration;

    /// A clock that is set by hand.
    #[derive(Debug, Default)]
    struct Hand(Mutex<Duration>);

    impl Clock for Hand {
        fn now(&self) -> Duration {
            *self.0.lock().unwrap()
        }
        fn sleep(&self, time: Duration) -> Result<(), Stopped> {
            self.sleep_through(time);
            Ok(())
        }
        fn sleep_through(&self, time: Duration) {
            *self.0.lock().unwrap() += time;
        }
    }

    const LINES: &str = r#"{"at_s":0.5,"address":"C0:11:22:33:44:55","data":"1000"}

{"at_s":2,"address":"c0:11:22:33:44:56","data":"e1021001"}
"#;

    fn file(text: &str) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        file
    }

    #[test]
    fn a_recording_comes_as_it_came() {
        let (capture, clock) = (file(LINES), Arc::new(Hand::default()));
        clock.sleep_through(Duration::from_secs(100));
        let mut replay = Replay::open(capture.path(), clock.clone()).unwrap();
        let mut came = Vec::new();
        for (wait, count) in [(0, 0), (1, 1), (0, 1), (1, 2), (9, 2)] {
            clock.sleep_through(Duration::from_secs(wait));
            replay.drain(&mut came).unwrap();
            assert_eq!(came.len(), count);
        }
        assert_eq!(came[0].received, Duration::from_millis(100_500));
        assert_eq!(came[1].data, [0x10, 0x01]);
        let address = [0xC0, 0x11, 0x22, 0x33, 0x44, 0x56];
        assert_eq!(came[1].sender, Sender::Address(address));
    }

    #[test]
    fn a_scanner_s_file_is_followed_line_by_line() {
        let (mut capture, clock) = (file(LINES), Arc::new(Hand::default()));
        let mut follow = Follow::open("hall", capture.path(), clock.clone()).unwrap();
        let mut came = Vec::new();
        let mut drained = |came: &mut Vec<_>| follow.drain(came).map_err(|error| error.to_string());
        // What stands there already is over.
        assert_eq!((drained(&mut came), came.len()), (Ok(()), 0));
        clock.sleep_through(Duration::from_secs(7));
        write!(capture, r#"{{"address":"c0:11:22:33:44:55","#).unwrap();
        assert_eq!((drained(&mut came), came.len()), (Ok(()), 0));
        writeln!(capture, r#""data":"1002"}}"#).unwrap();
        assert_eq!((drained(&mut came), came.len()), (Ok(()), 1));
        assert_eq!(came[0].received, Duration::from_secs(7));
        writeln!(capture, "scanning…").unwrap();
        let error = drained(&mut came).unwrap_err();
        assert!(error.contains("radio receiver hall: "), "{error}");
        assert!(
            error.contains(", line 2: expected value at line 1 column 1; a line is"),
            "{error}"
        );
        write!(capture, "{}", "x".repeat(2000)).unwrap();
        let error = drained(&mut came).unwrap_err();
        assert!(error.contains("more than 1024 bytes"), "{error}");
    }

    #[test]
    fn mistakes_in_a_capture_are_told_with_their_line() {
        for (line, problem) in [
            (
                r#"{"address":"c0:11:22:33:44","data":"10"}"#,
                "`c0:11:22:33:44` is no radio address, which looks like c0:11:22:33:44:55",
            ),
            (
                r#"{"address":"c0:11:22:33:44:55","data":"1"}"#,
                "data: Odd number of digits",
            ),
            (
                r#"{"at_s":-1,"address":"c0:11:22:33:44:55","data":"10"}"#,
                "at_s is -1, no time since the beginning",
            ),
        ] {
            let capture = file(line);
            let error = read_capture(capture.path()).unwrap_err().to_string();
            assert!(error.contains(&format!(", line 1: {problem}; ")), "{error}");
        }
        for wrong in [
            "",
            "c0",
            "c0:11:22:33:44:5",
            "c0:11:22:33:44:55:66",
            "c0:11:22:33:44:gg",
        ] {
            assert!(parse_address(wrong).is_err(), "{wrong}");
        }
        let line = CapturedAdvert {
            at_s: f64::NAN,
            address: "c0:11:22:33:44:55".into(),
            data: "10".into(),
        };
        assert!(line.advert().is_err());
    }
}
