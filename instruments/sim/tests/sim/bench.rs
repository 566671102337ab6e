//! An instrument to talk to.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sim::{
    Catalogue, Instrument, InstrumentSpec, ModelKind, PortLaw, PortState, Standalone, Surroundings,
    Terminals,
};

/// An instrument alone, and what it says.
pub(crate) struct Bench {
    pub(crate) instrument: Instrument,
    pub(crate) hand: Hand,
}

/// Standalone terminals with a clock that only a test moves, and which it can look at.
#[derive(Clone)]
pub(crate) struct Hand(Arc<Mutex<Inside>>);

pub(crate) struct Inside {
    now: Duration,
    standalone: Standalone,
    /// Each law that was put on a port.
    pub(crate) laws: Vec<(u16, PortLaw)>,
    /// Each relay that moved.
    pub(crate) relays: Vec<(u16, bool)>,
    /// Each order to the chamber.
    pub(crate) chamber: Vec<(f64, bool)>,
    /// Each resistance that was put on the terminals.
    pub(crate) ohms: Vec<f64>,
    /// What digital inputs see.
    pub(crate) lines: u8,
    /// What a port is forced to look like.
    pub(crate) forced: Option<PortState>,
}

impl Hand {
    fn new(kind: ModelKind, surroundings: Surroundings) -> Self {
        Self(Arc::new(Mutex::new(Inside {
            now: Duration::ZERO,
            standalone: Standalone::new(kind, surroundings),
            laws: Vec::new(),
            relays: Vec::new(),
            chamber: Vec::new(),
            ohms: Vec::new(),
            lines: 0,
            forced: None,
        })))
    }

    pub(crate) fn with<T>(&self, look: impl FnOnce(&mut Inside) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn pass(&self, seconds: f64) {
        self.with(|inside| inside.now += Duration::from_secs_f64(seconds));
    }
}

impl Terminals for Hand {
    fn now(&self) -> Duration {
        self.with(|inside| inside.now)
    }
    fn set_port(&mut self, channel: u16, law: PortLaw) {
        self.with(|inside| {
            inside.laws.push((channel, law));
            inside.standalone.set_port(channel, law);
        });
    }
    fn port(&mut self, channel: u16) -> PortState {
        self.with(|inside| {
            let state = inside.standalone.port(channel);
            inside.forced.unwrap_or(state)
        })
    }
    fn clear_trip(&mut self, channel: u16) {
        self.with(|inside| inside.standalone.clear_trip(channel));
    }
    fn set_relay(&mut self, channel: u16, closed: bool) {
        self.with(|inside| inside.relays.push((channel, closed)));
    }
    fn sense_voltage(&mut self, channel: u16) -> f64 {
        self.with(|inside| inside.standalone.sense_voltage(channel))
    }
    fn sense_current(&mut self, channel: u16) -> f64 {
        self.with(|inside| inside.standalone.sense_current(channel))
    }
    fn sense_resistance(&mut self, channel: u16) -> f64 {
        self.with(|inside| inside.standalone.sense_resistance(channel))
    }
    fn sense_temperature(&mut self, channel: u16) -> f64 {
        self.with(|inside| inside.standalone.sense_temperature(channel))
    }
    fn digital_in(&mut self, _channel: u16) -> u8 {
        self.with(|inside| inside.lines)
    }
    fn set_digital_out(&mut self, channel: u16, lines: u8) {
        self.with(|inside| inside.standalone.set_digital_out(channel, lines));
    }
    fn set_chamber(&mut self, set_point_c: f64, running: bool) {
        self.with(|inside| inside.chamber.push((set_point_c, running)));
    }
    fn set_resistance(&mut self, _channel: u16, ohms: f64) {
        self.with(|inside| inside.ohms.push(ohms));
    }
    fn chamber_temperature(&mut self) -> f64 {
        23.0
    }
}

impl Bench {
    pub(crate) fn new(model: &str) -> Self {
        let catalogue = Catalogue::built_in();
        let info = catalogue
            .models()
            .into_iter()
            .find(|info| info.model == model)
            .unwrap();
        let spec = InstrumentSpec {
            model: model.to_owned(),
            ..InstrumentSpec::default()
        };
        let hand = Hand::new(info.kind, Surroundings::default());
        let instrument = Instrument::new(&catalogue, &spec, Box::new(hand.clone())).unwrap();
        Self { instrument, hand }
    }

    /// Sends each line and writes down what comes back; then the errors that are left.
    pub(crate) fn talk(&mut self, lines: &str) -> String {
        let mut text = String::new();
        for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let answer = self.ask(line);
            let gap = if answer.is_empty() { "" } else { " -> " };
            text += &format!("{line}{gap}{answer}\n");
        }
        text + &self
            .errors()
            .iter()
            .map(|error| format!("! {error}\n"))
            .collect::<String>()
    }

    /// As [`Bench::talk`], with the errors of each line right after it.
    pub(crate) fn talk_closely(&mut self, lines: &str) -> String {
        let mut text = String::new();
        for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let answer = self.ask(line);
            let mut all = if answer.is_empty() {
                Vec::new()
            } else {
                vec![answer]
            };
            all.extend(self.errors());
            let gap = if all.is_empty() { "" } else { " -> " };
            text += &format!("{line}{gap}{}\n", all.join("  "));
        }
        text
    }

    /// As [`Bench::talk`], for an instrument that keeps no errors.
    pub(crate) fn lines(&mut self, lines: &str) -> String {
        let mut text = String::new();
        for line in lines.lines().map(str::trim) {
            text += &format!("{line} -> {}\n", self.ask(line));
        }
        text
    }

    /// Empties the error queue.
    pub(crate) fn errors(&mut self) -> Vec<String> {
        let mut errors = Vec::new();
        loop {
            let error = self.ask("SYST:ERR?");
            let code = error.trim_start_matches('+');
            if code.starts_with("0,") || code.starts_with("0 ") {
                return errors;
            }
            errors.push(error);
        }
    }

    /// One line, and what has been answered to it, without its end.
    pub(crate) fn ask(&mut self, line: &str) -> String {
        self.instrument.receive(line.as_bytes());
        self.instrument.receive(b"\n");
        let mut answer = Vec::new();
        self.instrument.take_output(&mut answer);
        String::from_utf8_lossy(&answer)
            .trim_end()
            .replace('\n', "|")
    }
}
