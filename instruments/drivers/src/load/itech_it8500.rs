//! ITECH IT8500+, also sold as B&K Precision 8500B.
//!
//! Commands: a public driver that was tested on an 8514B. Ratings: data sheets.

use super::{Family, Mode, Model};
use units::{Amps, Ohms, Volts, Watts};

pub(crate) static BK_8514B: Model = Model {
    name: "8514B",
    voltage: Volts(120.0),
    current: Amps(240.0),
    power: Watts(1500.0),
    lowest_resistance: Ohms(0.05),
    highest_resistance: Ohms(7500.0),
};

pub(crate) static IT8512: Model = Model {
    name: "IT8512",
    voltage: Volts(150.0),
    current: Amps(30.0),
    power: Watts(300.0),
    lowest_resistance: Ohms(0.05),
    highest_resistance: Ohms(7500.0),
};

pub(crate) static ITECH_IT8500: Family = Family {
    remote: &["SYST:REM"],
    current: Mode {
        name: "CURR",
        answers: &["CURR", "CURRENT", "CC"],
        level: "CURR",
    },
    voltage: Mode {
        name: "VOLT",
        answers: &["VOLT", "VOLTAGE", "CV"],
        level: "VOLT",
    },
    power: Mode {
        name: "POW",
        answers: &["POW", "POWER", "CP", "CW"],
        level: "POW",
    },
    resistance: Mode {
        name: "RES",
        answers: &["RES", "RESISTANCE", "CR"],
        level: "RES",
    },
    input: "INP",
    voltage_step: Volts(0.011),
    current_step: Amps(0.011),
    power_step: Watts(0.11),
};
