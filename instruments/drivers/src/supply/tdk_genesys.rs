//! TDK-Lambda Genesys and the Keysight N5700, which is the same instrument.
//!
//! Commands: public drivers. A voltage above its protection and a protection below the voltage are
//! refused instead of tripping, so protections are set first and lowered last. Foldback is its
//! over-current protection: it trips when the current limit acts. Ratings: from the models' names;
//! isolation: data sheet of the 60 V models. The watchdog's headers are from memory.

use super::family::{
    Family, Model, Output, OutputWords, OverCurrent, Point, Protect, RegulationWords, Toggle,
};
use crate::core::Watchdog;
use std::time::Duration;
use units::{Amps, Volts, Watts};

const ISOLATION: Volts = Volts(60.0);

pub(crate) static GEN60_25: Model = Model {
    name: "GEN60-25",
    begins: "GEN60-25",
    outputs: &[Output {
        voltage: Volts(60.0),
        current: Amps(25.0),
        power: Watts(1500.0),
    }],
    isolation: ISOLATION,
};

pub(crate) static N5700: Model = Model {
    name: "N5747A",
    begins: "N5747A",
    outputs: &[Output {
        voltage: Volts(60.0),
        current: Amps(12.5),
        power: Watts(750.0),
    }],
    isolation: ISOLATION,
};

pub(crate) static GENESYS: Family = Family {
    remote: &["SYST:SET REM"],
    gap: Duration::ZERO,
    voltage: Point {
        set: "VOLT {v}",
        ask: "VOLT?",
    },
    current: Point {
        set: "CURR {v}",
        ask: "CURR?",
    },
    voltage_step: Volts(0.011),
    current_step: Amps(0.011),
    lowest_current: Amps(0.0),
    output: OutputWords::Own(Toggle {
        on: "OUTP:STAT ON",
        off: "OUTP:STAT OFF",
        ask: "OUTP:STAT?",
    }),
    measured_voltage: "MEAS:VOLT?",
    measured_current: "MEAS:CURR?",
    over_voltage: Some(Protect {
        level: Point {
            set: "VOLT:PROT:LEV {v}",
            ask: "VOLT:PROT:LEV?",
        },
        state: None,
    }),
    over_current: OverCurrent::AtLimit(Toggle {
        on: "CURR:PROT:STAT ON",
        off: "CURR:PROT:STAT OFF",
        ask: "CURR:PROT:STAT?",
    }),
    tripped: &["VOLT:PROT:TRIP?", "CURR:PROT:TRIP?"],
    clear: &["OUTP:PROT:CLE"],
    regulation: RegulationWords::Bits {
        ask: "STAT:OPER:COND?",
        voltage: 8,
        current: 10,
    },
    watchdog: Some(Watchdog {
        delay: "SYST:COMM:WATCH:DEL",
        state: "SYST:COMM:WATCH",
    }),
};
