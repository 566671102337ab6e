//! Siglent SDL1000X series.
//!
//! Commands: public drivers. A mode is answered in its long form. Ratings: data sheet.

use super::{Family, Mode, Model};
use units::{Amps, Ohms, Volts, Watts};

pub(crate) static SDL1020X: Model = Model {
    name: "SDL1020X",
    voltage: Volts(150.0),
    current: Amps(30.0),
    power: Watts(200.0),
    lowest_resistance: Ohms(0.08),
    highest_resistance: Ohms(10_000.0),
};

pub(crate) static SDL1030X: Model = Model {
    name: "SDL1030X",
    voltage: Volts(150.0),
    current: Amps(30.0),
    power: Watts(300.0),
    lowest_resistance: Ohms(0.08),
    highest_resistance: Ohms(10_000.0),
};

pub(crate) static SIGLENT_SDL1000X: Family = Family {
    remote: &["SYST:REM"],
    current: Mode {
        name: "CURR",
        answers: &["CURRENT", "CURR"],
        level: "CURR:LEV:IMM",
    },
    voltage: Mode {
        name: "VOLT",
        answers: &["VOLTAGE", "VOLT"],
        level: "VOLT:LEV:IMM",
    },
    power: Mode {
        name: "POW",
        answers: &["POWER", "POW"],
        level: "POW:LEV:IMM",
    },
    resistance: Mode {
        name: "RES",
        answers: &["RESISTANCE", "RES"],
        level: "RES:LEV:IMM",
    },
    input: "INP",
    voltage_step: Volts(0.011),
    current_step: Amps(0.011),
    power_step: Watts(0.11),
};
