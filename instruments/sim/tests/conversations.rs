//! What instruments answer, line by line.

use sim::{Catalogue, Instrument, InstrumentSpec, Standalone, Surroundings};

/// A snapshot without the lines that were sent, which it repeats anyway.
macro_rules! check {
    ($text:expr) => {
        insta::with_settings!({ omit_expression => true }, {
            insta::assert_snapshot!($text);
        });
    };
}

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

    /// As [`Bench::talk`], for an instrument that keeps no errors.
    fn lines(&mut self, lines: &str) -> String {
        let mut text = String::new();
        for line in lines.lines().map(str::trim) {
            text += &format!("{line} -> {}\n", self.ask(line).trim_end());
        }
        text
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
    check!(bench.talk(
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

#[test]
fn a_switch_unit_switches_and_scans() {
    let mut bench = Bench::new("keysight-34980a");
    check!(bench.talk(
        "SYST:CTYP? 2
         SYST:CTYP? 4
         SYSTEM:MODule:TERMinal:TYPE? 2
         ROUT:CLOS (@2101, 7001:7003)
         ROUT:CLOS? (@2101,7001:7004)
         ROUT:OPEN? (@2101,7004)
         ROUT:CLOS (@4001)
         ROUT:CLOS (@7021)
         ROUT:CLOS (@5101)
         ROUT:CLOS:EXCL (@7005)
         ROUT:CLOS? (@7001:7005)
         DIAG:REL:CYCL? (@7001,7020)
         ROUT:OPEN:ALL 7
         ROUT:CLOS? (@7005,2101)
         ROUT:OPEN:ALL
         ROUT:CLOS? (@2101)
         MEAS:VOLT:DC? AUTO,DEF,(@1001,1003)
         MEAS:TEMP? TC,K,(@1002)
         MEAS:CURR:DC? (@1041)
         MEAS:VOLT? (@1041)
         CONF:VOLT:DC 10,(@1005,1001:1002)
         CONF? (@1005)
         ROUT:SCAN?
         ROUT:SCAN:SIZE?
         READ?
         FORM:READ:UNIT ON;:FORM:READ:CHAN ON
         INIT
         FETC?
         DATA:POIN?
         DATA:REM? 2
         R?
         DATA:LAST? (@1005)
         TRIG:SOUR BUS;COUN 2
         INIT;*TRG;:DATA:POIN?
         INIT
         *TRG
         *TRG
         ROUT:MON (@1004);:ROUT:MON?
         ROUT:MON:DATA?
         ROUT:MON:STAT ON;DATA?
         SENS:FUNC \"RES\",(@1006);FUNC? (@1005:1006)
         VOLT:DC:NPLC 10,(@1005);NPLC? (@1005)
         SOUR:DIG:DATA:BYTE #HA5,(@5101)
         SENS:DIG:DATA:BYTE? (@5101)
         SENS:DIG:DATA:BIT? 7,(@5101)
         SOUR:DIG:DATA:BIT 0,7,(@5101);:SENS:DIG:DATA? (@5101)
         CONF:DIG:DIR? (@5101:5102)
         SOUR:DIG:DATA:WORD 513,(@5103);:DIG:DATA:WORD? (@5103)
         DIG:DATA:WORD? (@5104)
         SYST:MOD:ROW:PROT 2,ISO;PROT? 2
         ROUT:CHAN:LAB \"cell 1\",(@1001);LAB? (@1001:1002)"
    ));
}

#[test]
fn a_chamber_answers_each_line() {
    let mut bench = Bench::new("espec-p300");
    check!(bench.lines(
        "ROM?
         TYPE?
         TEMP?
         MODE?
         TEMP, S25.0 H60.0 L-10.0
         TEMP,S-20.0
         TEMP,S999
         TEMP,X1
         TEMP,S
         MODE,CONSTANT
         MODE?
         1,MODE?
         mode,standby
         MON?
         ALARM?
         HUMI?
         POWER,ON
         MODE?
         PRGM,RUN,RAM:1,STEP1
         RUN PRGM, TEMP10.0 TIME1:40 GOTEMP30.0
         MODE?,DETAIL
         RUN PRGM?
         TEMP?
         PRGM,END,STANDBY
         CONSTANT SET?,TEMP
         KEYPROTECT,ON
         KEYPROTECT?
         *IDN?
         VOLT 5"
    ));
}
