//! What instruments answer, line by line.

use sim::{Catalogue, Instrument, InstrumentSpec, Standalone, Surroundings};

/// An instrument alone, and what it says.
struct Bench {
    instrument: Instrument,
}

impl Bench {
    fn new(model: &str) -> Self {
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
        let terminals = Box::new(Standalone::new(info.kind, Surroundings::default()));
        Self {
            instrument: Instrument::new(&catalogue, &spec, terminals).unwrap(),
        }
    }

    /// Sends each line and writes down what comes back; then the errors that are left.
    fn talk(&mut self, lines: &str) -> String {
        let mut text = String::new();
        for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let answer = self.ask(line);
            let gap = if answer.is_empty() { "" } else { " -> " };
            text += &format!("{line}{gap}{}\n", answer.trim_end().replace('\n', "|"));
        }
        loop {
            let error = self.ask("SYST:ERR?");
            if error.trim_start_matches('+').starts_with("0,") {
                return text;
            }
            text += &format!("! {error}");
        }
    }

    fn ask(&mut self, line: &str) -> String {
        self.instrument.receive(line.as_bytes());
        self.instrument.receive(b"\n");
        let mut answer = Vec::new();
        self.instrument.take_output(&mut answer);
        String::from_utf8(answer).unwrap()
    }
}

#[test]
fn a_supply_is_set_and_read() {
    let mut bench = Bench::new("rs-ngm202");
    insta::assert_snapshot!(bench.talk(
        "*IDN?
         *OPT?
         SYST:VERS?
         INST:NSEL 2;:VOLT 4.2;:CURR 1.5
         VOLT?;CURR?
         OUTP?
         OUTP ON
         OUTP?;:OUTP:GEN?
         MEAS:VOLT?
         MEAS:CURR?;POW?
         meas:scalar:voltage:dc?
         INST?
         INST OUT1;:VOLT?
         SOUR2:VOLT?
         VOLT MAX;VOLT?;VOLT? MIN;VOLT? DEF
         CURR? MAX
         VOLT 6;CURR? MAX
         CURR 5;CURR?
         VOLT 7
         CURR 3;:VOLT 7;CURR? MAX
         CURR 3.5
         VOLT 12500 mV;VOLT?
         VOLT:STEP 0.5;:VOLT UP;VOLT?;VOLT DOWN;VOLT?
         APPL 5,1
         APPL?
         APPL 5,99
         VOLT?"
    ));
}
