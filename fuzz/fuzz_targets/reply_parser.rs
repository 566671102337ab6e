//! Any bytes from an instrument: the session may call them nonsense, and must not panic or mix
//! them up with the answer to another question.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;
use units::{Amps, Volts};
use wire::{Dialect, Framer, Link, LinkError, NoTranscript, Session, Stopwatch};

/// Answers every read with the next of these replies.
struct Parrot(VecDeque<Vec<u8>>);

impl Link for Parrot {
    fn write(&mut self, _message: &[u8]) -> Result<(), LinkError> {
        Ok(())
    }
    fn read(&mut self, reply: &mut Vec<u8>, timeout: Duration) -> Result<(), LinkError> {
        match self.0.pop_front() {
            Some(next) => {
                reply.extend(next);
                Ok(())
            }
            None => Err(LinkError::TimedOut { timeout }),
        }
    }
    fn clear(&mut self) -> Result<(), LinkError> {
        Ok(())
    }
    fn address(&self) -> &str {
        "parrot"
    }
}

fuzz_target!(|bytes: &[u8]| {
    let mut framer = Framer::new(1 << 12);
    let mut replies = VecDeque::new();
    for piece in bytes.chunks(7) {
        framer.push(piece);
        loop {
            let mut reply = Vec::new();
            match framer.take(&mut reply) {
                Ok(true) => replies.push_back(reply),
                Ok(false) => break,
                Err(_) => {
                    framer.clear();
                    break;
                }
            }
        }
    }
    let whole = bytes.to_vec();
    replies.push_front(whole.clone());
    let _ = (wire::parse_block(&whole), wire::Printable(&whole).to_string());
    if let Ok(text) = std::str::from_utf8(&whole) {
        let _ = (wire::parse_number(text, "V"), wire::parse_bool(text));
    }
    let mut session = Session::new(
        "unit",
        Box::new(Parrot(replies)),
        Dialect::SCPI,
        Arc::new(Stopwatch::new()),
        Arc::new(NoTranscript),
    );
    let _ = session.query("*IDN?");
    if let Ok(volts) = session.query_quantity::<Volts>("MEAS:VOLT?") {
        assert!(volts.0.is_finite());
    }
    let _ = session.query_numbers("MEAS?", "V", 2);
    let _ = session.query_block("DATA?");
    let _ = session.query_bool("OUTP?");
    let _ = session.command("OUTP OFF");
    let _ = session.set_and_verify("CURR 1", "CURR?", Amps(1.0), Amps(0.1));
    let _ = session.drain_errors();
});
