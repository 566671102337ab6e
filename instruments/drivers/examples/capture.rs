//! Captures a session at a real instrument: `capture DRIVER ADDRESS CHANNELS FILE [SLOT:CARD …]`.
//!
//! `capture rigol-dp832 tcp://192.168.1.20:5555 1,2 dp832.txt` energises nothing: it takes control,
//! sets small set-points with the outputs off, reads, and turns everything off. Put the file into
//! `instruments/drivers/tests/transcripts`, and every test run replays it.

use api::{ChannelId, Clock, Stopped};
use drivers::{Options, connect, proving_session};
use std::error::Error;
use std::io::{BufWriter, Cursor};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use wire::{Capture, TranscriptSink};

struct Wall(Instant);

#[expect(
    clippy::disallowed_methods,
    reason = "a real instrument lives in real time"
)]
impl Clock for Wall {
    fn now(&self) -> Duration {
        self.0.elapsed()
    }
    fn sleep(&self, time: Duration) -> Result<(), Stopped> {
        std::thread::sleep(time);
        Ok(())
    }
    fn sleep_through(&self, time: Duration) {
        std::thread::sleep(time);
    }
}

/// The lines are written once what was found is known, which belongs above them.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Cursor<Vec<u8>>>>);

impl std::io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .write(bytes)
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [driver, address, channels, file, cards @ ..] = &arguments[..] else {
        return Err("capture DRIVER ADDRESS CHANNELS FILE [SLOT:CARD …]".into());
    };
    let numbers = channels
        .split(',')
        .map(|number| number.parse().map(ChannelId))
        .collect::<Result<Vec<_>, _>>()?;
    let lines = Lines::default();
    let capture = Arc::new(Capture::new(Box::new(lines.clone()), &[])?);
    let sink: Arc<dyn TranscriptSink> = capture.clone();
    #[expect(
        clippy::disallowed_methods,
        reason = "a real instrument lives in real time"
    )]
    let clock = Arc::new(Wall(Instant::now()));
    let mut options = Options::new(clock, sink);
    for card in cards {
        let (slot, name) = card.split_once(':').ok_or("a card is SLOT:CARD")?;
        options.cards.insert(slot.parse()?, name.to_owned());
    }
    let link = connect(address, driver)?;
    let mut unit = drivers::open(driver, "unit", link, &options)?;
    let found = proving_session(unit.as_mut(), &numbers)?;
    capture.finish()?;
    let mut about = vec![
        format!("driver: {driver}"),
        format!("channels: {}", channels.replace(',', " ")),
        format!("cards: {}", cards.join(" ")),
        format!("from: {}", found.first().map_or("", String::as_str)),
    ];
    about.extend(found.iter().map(|line| format!("found: {line}")));
    let about: Vec<&str> = about.iter().map(String::as_str).collect();
    let head = BufWriter::new(std::fs::File::create(file)?);
    Capture::new(Box::new(head), &about)?.finish()?;
    let captured = lines.0.lock().unwrap_or_else(PoisonError::into_inner);
    let text = String::from_utf8_lossy(captured.get_ref()).into_owned();
    let messages = text.split_once('\n').map_or("", |(_, rest)| rest);
    use std::io::Write as _;
    std::fs::OpenOptions::new()
        .append(true)
        .open(file)?
        .write_all(messages.as_bytes())?;
    for line in found {
        println!("{line}");
    }
    Ok(())
}
