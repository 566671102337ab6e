//! ITECH IT6500C series, as a source.
//!
//! Commands: a public driver. Sinking needs the maker's load units and isn't driven. Ratings: data
//! sheet; isolation isn't in it, so it's taken as that of extra-low voltage.

use super::family::{
    Family, Model, Output, OutputWords, OverCurrent, Point, Protect, RegulationWords, Toggle,
};
use std::time::Duration;
use units::{Amps, Volts, Watts};

const ISOLATION: Volts = Volts(60.0);

pub(crate) static IT6512C: Model = Model {
    name: "IT6512C",
    begins: "IT6512C",
    outputs: &[Output {
        voltage: Volts(80.0),
        current: Amps(60.0),
        power: Watts(1200.0),
    }],
    isolation: ISOLATION,
};

pub(crate) static IT6522C: Model = Model {
    name: "IT6522C",
    begins: "IT6522C",
    outputs: &[Output {
        voltage: Volts(80.0),
        current: Amps(120.0),
        power: Watts(3000.0),
    }],
    isolation: ISOLATION,
};

pub(crate) static ITECH_IT6500C: Family = Family {
    remote: &["SYST:REM"],
    gap: Duration::ZERO,
    voltage: Point {
        set: "VOLT {v}",
        ask: "VOLT?",
    },
    current: Point {
        set: "CURR {v}",
        ask: "CURR?",
    },
    voltage_step: Volts(0.0021),
    current_step: Amps(0.011),
    lowest_current: Amps(0.0),
    output: OutputWords::Own(Toggle {
        on: "OUTP 1",
        off: "OUTP 0",
        ask: "OUTP?",
    }),
    measured_voltage: "MEAS:VOLT?",
    measured_current: "MEAS:CURR?",
    over_voltage: Some(Protect {
        level: Point {
            set: "VOLT:PROT {v}",
            ask: "VOLT:PROT?",
        },
        state: Some(Toggle {
            on: "VOLT:PROT:STAT 1",
            off: "VOLT:PROT:STAT 0",
            ask: "VOLT:PROT:STAT?",
        }),
    }),
    over_current: OverCurrent::Level(Protect {
        level: Point {
            set: "CURR:PROT {v}",
            ask: "CURR:PROT?",
        },
        state: Some(Toggle {
            on: "CURR:PROT:STAT 1",
            off: "CURR:PROT:STAT 0",
            ask: "CURR:PROT:STAT?",
        }),
    }),
    tripped: &["PROT:TRIG?"],
    clear: &["PROT:CLE"],
    regulation: RegulationWords::Bits {
        ask: "STAT:OPER:COND?",
        voltage: 3,
        current: 4,
    },
    watchdog: None,
};
