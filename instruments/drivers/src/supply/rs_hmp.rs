//! Rohde & Schwarz HMP series.
//!
//! Commands: public drivers: an output is selected within the message that is for it, so that a
//! lost selection can't send a set-point to its neighbour. Ratings: data sheet.

use super::family::{
    Family, Model, Output, OutputWords, OverCurrent, Point, Protect, RegulationWords, Toggle,
};
use std::time::Duration;
use units::{Amps, Volts, Watts};

const ISOLATION: Volts = Volts(250.0);
const OUTPUT: Output = Output {
    voltage: Volts(32.0),
    current: Amps(10.0),
    power: Watts(160.0),
};

const SMALL: Output = Output {
    voltage: Volts(32.0),
    current: Amps(5.0),
    power: Watts(80.0),
};

pub(crate) static HMP4040: Model = Model {
    name: "HMP4040",
    begins: "HMP4040",
    outputs: &[OUTPUT, OUTPUT, OUTPUT, OUTPUT],
    isolation: ISOLATION,
};

pub(crate) static HMP2030: Model = Model {
    name: "HMP2030",
    begins: "HMP2030",
    outputs: &[SMALL, SMALL, SMALL],
    isolation: ISOLATION,
};

pub(crate) static HMP4030: Model = Model {
    name: "HMP4030",
    begins: "HMP4030",
    outputs: &[OUTPUT, OUTPUT, OUTPUT],
    isolation: ISOLATION,
};

pub(crate) static RS_HMP: Family = Family {
    remote: &["SYST:REM"],
    gap: Duration::ZERO,
    voltage: Point {
        set: "INST:NSEL {c};:VOLT {v}",
        ask: "INST:NSEL {c};:VOLT?",
    },
    current: Point {
        set: "INST:NSEL {c};:CURR {v}",
        ask: "INST:NSEL {c};:CURR?",
    },
    voltage_step: Volts(0.0011),
    current_step: Amps(0.0011),
    lowest_current: Amps(0.001),
    output: OutputWords::Selected {
        own: Toggle {
            on: "INST:NSEL {c};:OUTP:SEL 1",
            off: "INST:NSEL {c};:OUTP:SEL 0",
            ask: "INST:NSEL {c};:OUTP:SEL?",
        },
        all: Toggle {
            on: "OUTP:GEN 1",
            off: "OUTP:GEN 0",
            ask: "OUTP:GEN?",
        },
        state: "INST:NSEL {c};:OUTP?",
    },
    measured_voltage: "INST:NSEL {c};:MEAS:VOLT?",
    measured_current: "INST:NSEL {c};:MEAS:CURR?",
    over_voltage: Some(Protect {
        level: Point {
            set: "INST:NSEL {c};:VOLT:PROT {v}",
            ask: "INST:NSEL {c};:VOLT:PROT?",
        },
        state: None,
    }),
    over_current: OverCurrent::AtLimit(Toggle {
        on: "INST:NSEL {c};:FUSE 1",
        off: "INST:NSEL {c};:FUSE 0",
        ask: "INST:NSEL {c};:FUSE?",
    }),
    tripped: &[
        "INST:NSEL {c};:VOLT:PROT:TRIP?",
        "INST:NSEL {c};:FUSE:TRIP?",
    ],
    clear: &[
        "INST:NSEL {c};:VOLT:PROT:CLE",
        "INST:NSEL {c};:FUSE:TRIP:CLE",
    ],
    regulation: RegulationWords::Bits {
        ask: "STAT:QUES:INST:ISUM{c}:COND?",
        current: 0,
        voltage: 1,
    },
    watchdog: None,
};
