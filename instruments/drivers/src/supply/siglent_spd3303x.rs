//! Siglent SPD3303X: two outputs that can be set.
//!
//! Commands: public drivers. There is no protection and no question for an output's state but the
//! status word. The third output can't be set or read, so it's none for this driver. Gap and
//! isolation as for its smaller sisters. Ratings: data sheet.

use super::family::{
    Family, Model, Output, OutputWords, OverCurrent, Point, RegulationWords, Toggle,
};
use std::time::Duration;
use units::{Amps, Volts, Watts};

const OUTPUT: Output = Output {
    voltage: Volts(32.0),
    current: Amps(3.2),
    power: Watts(102.4),
};

pub(crate) static SPD3303X: Model = Model {
    name: "SPD3303X",
    begins: "SPD3303X",
    outputs: &[OUTPUT, OUTPUT],
    isolation: Volts(60.0),
};

pub(crate) static SIGLENT_SPD3303X: Family = Family {
    remote: &["*LOCK"],
    gap: Duration::from_millis(100),
    voltage: Point {
        set: "CH{c}:VOLT {v}",
        ask: "CH{c}:VOLT?",
    },
    current: Point {
        set: "CH{c}:CURR {v}",
        ask: "CH{c}:CURR?",
    },
    voltage_step: Volts(0.0011),
    current_step: Amps(0.0011),
    lowest_current: Amps(0.0),
    output: OutputWords::Word {
        words: Toggle {
            on: "OUTP CH{c},ON",
            off: "OUTP CH{c},OFF",
            ask: "SYST:STAT?",
        },
        bits: &[4, 5],
    },
    measured_voltage: "MEAS:VOLT? CH{c}",
    measured_current: "MEAS:CURR? CH{c}",
    over_voltage: None,
    over_current: OverCurrent::None,
    tripped: &[],
    clear: &[],
    regulation: RegulationWords::Word {
        ask: "SYST:STAT?",
        current: &[0, 1],
    },
    watchdog: None,
};
