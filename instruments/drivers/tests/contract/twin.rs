//! A driver on its twin, and a look at the twin past the driver.

use api::{Clock, Driver, Stopped};
use drivers::Options;
use sim::{
    Catalogue, InProcess, Instrument, InstrumentSpec, PortLaw, PortState, Standalone, Surroundings,
    Terminals,
};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use wire::{Link, NoTranscript, Pace, TranscriptSink};

/// Time that only moves when somebody waits.
#[derive(Debug, Default)]
pub(crate) struct Hand(Mutex<Duration>);

impl Hand {
    pub(crate) fn pass(&self, time: Duration) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) += time;
    }

    fn read(&self) -> Duration {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for Hand {
    fn now(&self) -> Duration {
        self.read()
    }
    fn sleep(&self, time: Duration) -> Result<(), Stopped> {
        self.pass(time);
        Ok(())
    }
    fn sleep_through(&self, time: Duration) {
        self.pass(time);
    }
}

impl Pace for Hand {
    fn now(&self) -> Duration {
        self.read()
    }
    fn wait(&self, time: Duration) {
        self.pass(time);
    }
}

/// Standalone surroundings on that time, with a view of what the instrument does to them.
#[derive(Clone)]
pub(crate) struct Surrounded {
    inside: Arc<Mutex<Inside>>,
    hand: Arc<Hand>,
}

struct Inside {
    standalone: Standalone,
    laws: BTreeMap<u16, PortLaw>,
    chamber: (f64, bool),
    ohms: f64,
}

impl Surrounded {
    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Terminals for Surrounded {
    fn now(&self) -> Duration {
        self.hand.read()
    }
    fn set_port(&mut self, channel: u16, law: PortLaw) {
        let mut inside = self.inside();
        inside.laws.insert(channel, law);
        inside.standalone.set_port(channel, law);
    }
    fn port(&mut self, channel: u16) -> PortState {
        self.inside().standalone.port(channel)
    }
    fn clear_trip(&mut self, channel: u16) {
        self.inside().standalone.clear_trip(channel);
    }
    fn set_relay(&mut self, channel: u16, closed: bool) {
        self.inside().standalone.set_relay(channel, closed);
    }
    fn sense_voltage(&mut self, channel: u16) -> f64 {
        self.inside().standalone.sense_voltage(channel)
    }
    fn sense_temperature(&mut self, channel: u16) -> f64 {
        self.inside().standalone.sense_temperature(channel)
    }
    fn digital_in(&mut self, channel: u16) -> u8 {
        self.inside().standalone.digital_in(channel)
    }
    fn set_digital_out(&mut self, channel: u16, lines: u8) {
        self.inside().standalone.set_digital_out(channel, lines);
    }
    fn set_chamber(&mut self, set_point_c: f64, running: bool) {
        self.inside().chamber = (set_point_c, running);
    }
    fn set_resistance(&mut self, _channel: u16, ohms: f64) {
        self.inside().ohms = ohms;
    }
    fn chamber_temperature(&mut self) -> f64 {
        23.0
    }
}

/// A software instrument of one model.
pub(crate) struct Twin {
    pub(crate) instrument: Arc<Mutex<Instrument>>,
    pub(crate) hand: Arc<Hand>,
    surrounded: Surrounded,
    cards: BTreeMap<u8, String>,
}

fn power_on(model: &str, cards: &BTreeMap<u8, String>, surrounded: &Surrounded) -> Instrument {
    let spec = InstrumentSpec {
        model: model.to_owned(),
        cards: cards.clone(),
        ..InstrumentSpec::default()
    };
    Instrument::new(&Catalogue::built_in(), &spec, Box::new(surrounded.clone())).expect("a twin")
}

impl Twin {
    pub(crate) fn new(model: &str, cards: &[(u8, &str)]) -> Self {
        let catalogue = Catalogue::built_in();
        let kind = catalogue
            .models()
            .into_iter()
            .find(|info| info.model == model)
            .unwrap_or_else(|| panic!("there is no twin `{model}`"))
            .kind;
        let hand = Arc::new(Hand::default());
        let surrounded = Surrounded {
            inside: Arc::new(Mutex::new(Inside {
                standalone: Standalone::new(kind, Surroundings::default()),
                laws: BTreeMap::new(),
                chamber: (23.0, false),
                ohms: 0.0,
            })),
            hand: hand.clone(),
        };
        let cards: BTreeMap<u8, String> = cards
            .iter()
            .map(|(slot, card)| (*slot, (*card).to_owned()))
            .collect();
        let instrument = power_on(model, &cards, &surrounded);
        Self {
            instrument: Arc::new(Mutex::new(instrument)),
            hand,
            surrounded,
            cards,
        }
    }

    /// The plug is pulled and put back, or put into another instrument.
    pub(crate) fn power_cycle(&self, model: &str) {
        *self
            .instrument
            .lock()
            .unwrap_or_else(PoisonError::into_inner) =
            power_on(model, &self.cards, &self.surrounded);
    }

    pub(crate) fn link(&self) -> InProcess {
        InProcess::new(
            self.instrument.clone(),
            self.hand.clone(),
            "sim:twin".to_owned(),
        )
    }

    pub(crate) fn options(&self, transcript: Arc<dyn TranscriptSink>) -> Options {
        Options {
            cards: self.cards.clone(),
            ..Options::new(self.hand.clone(), transcript)
        }
    }

    /// The driver of the same name on any link.
    pub(crate) fn driver_on(&self, name: &str, link: Box<dyn Link>) -> Box<dyn Driver> {
        let options = self.options(Arc::new(NoTranscript));
        drivers::open(name, "unit", link, &options).expect("a driver")
    }

    pub(crate) fn driver(&self, name: &str) -> Box<dyn Driver> {
        self.driver_on(name, Box::new(self.link()))
    }

    /// Whether any port or the chamber is on, as the world sees it.
    pub(crate) fn drives(&self) -> bool {
        let inside = self.surrounded.inside();
        inside.chamber.1 || inside.laws.values().any(|law| *law != PortLaw::Off)
    }

    /// What a programmable resistor has on its terminals.
    pub(crate) fn ohms(&self) -> f64 {
        self.surrounded.inside().ohms
    }

    /// One question past the driver.
    pub(crate) fn ask(&self, question: &str) -> String {
        let mut instrument = self
            .instrument
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        instrument.receive(format!("{question}\n").as_bytes());
        let mut answer = Vec::new();
        instrument.take_output(&mut answer);
        String::from_utf8_lossy(&answer).trim_end().to_owned()
    }
}
