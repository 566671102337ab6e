//! Any bytes to any software instrument: it may refuse, it must not panic or fall silent for good.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sim::{
    Catalogue, Instrument, InstrumentSpec, ModelKind, PortLaw, PortState, Standalone, Surroundings,
    Terminals,
};
use std::sync::LazyLock;
use std::time::Duration;

static MODELS: LazyLock<Vec<(String, ModelKind)>> = LazyLock::new(|| {
    let models = Catalogue::built_in().models();
    models.into_iter().map(|one| (one.model, one.kind)).collect()
});

/// Standalone surroundings in which no time passes, so that a finding can be found again.
struct Still(Standalone);

impl Terminals for Still {
    fn now(&self) -> Duration {
        Duration::from_secs(1)
    }
    fn set_port(&mut self, channel: u16, law: PortLaw) {
        self.0.set_port(channel, law);
    }
    fn port(&mut self, channel: u16) -> PortState {
        self.0.port(channel)
    }
    fn clear_trip(&mut self, channel: u16) {
        self.0.clear_trip(channel);
    }
    fn set_relay(&mut self, channel: u16, closed: bool) {
        self.0.set_relay(channel, closed);
    }
    fn sense_voltage(&mut self, channel: u16) -> f64 {
        self.0.sense_voltage(channel)
    }
    fn sense_temperature(&mut self, channel: u16) -> f64 {
        self.0.sense_temperature(channel)
    }
    fn digital_in(&mut self, channel: u16) -> u8 {
        self.0.digital_in(channel)
    }
    fn set_digital_out(&mut self, channel: u16, lines: u8) {
        self.0.set_digital_out(channel, lines);
    }
    fn set_chamber(&mut self, _set_point_c: f64, _running: bool) {}
    fn chamber_temperature(&mut self) -> f64 {
        23.0
    }
}

fuzz_target!(|input: (u8, Vec<u8>)| {
    let (which, bytes) = input;
    let (model, kind) = &MODELS[usize::from(which) % MODELS.len()];
    let spec = InstrumentSpec {
        model: model.clone(),
        ..InstrumentSpec::default()
    };
    let terminals = Still(Standalone::new(*kind, Surroundings::default()));
    let mut unit = Instrument::new(&Catalogue::built_in(), &spec, Box::new(terminals))
        .expect("a built-in model");
    unit.receive(&bytes);
    // Whatever was begun ends here: a block has a length, a string ends with its line.
    for _ in 0..70_000 {
        unit.receive(b"\n");
        let mut answer = Vec::new();
        unit.take_output(&mut answer);
        unit.receive(if model == "espec-p300" {
            b"ROM?\n"
        } else {
            b"*IDN?\n"
        });
        unit.take_output(&mut answer);
        if answer.ends_with(b"\n") {
            return;
        }
    }
    panic!("{model} doesn't answer any more");
});
