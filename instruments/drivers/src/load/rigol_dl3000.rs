//! Rigol DL3000 series.
//!
//! Commands: a public driver that was tested on a DL3021 and a DL3031A; a mode is answered by another
//! name than it is set with. Ratings: data sheet.

use super::{Family, Mode, Model};
use units::{Amps, Ohms, Volts, Watts};

pub(crate) static DL3021: Model = Model {
    name: "DL3021",
    voltage: Volts(150.0),
    current: Amps(40.0),
    power: Watts(200.0),
    lowest_resistance: Ohms(0.08),
    highest_resistance: Ohms(15_000.0),
};

pub(crate) static DL3031: Model = Model {
    name: "DL3031",
    voltage: Volts(150.0),
    current: Amps(60.0),
    power: Watts(350.0),
    lowest_resistance: Ohms(0.08),
    highest_resistance: Ohms(15_000.0),
};

pub(crate) static RIGOL_DL3000: Family = Family {
    remote: &["SYST:REM"],
    current: Mode {
        name: "CURR",
        answers: &["CC"],
        level: "CURR:LEV:IMM",
    },
    voltage: Mode {
        name: "VOLT",
        answers: &["CV"],
        level: "VOLT:LEV:IMM",
    },
    power: Mode {
        name: "POW",
        answers: &["CP"],
        level: "POW:LEV:IMM",
    },
    resistance: Mode {
        name: "RES",
        answers: &["CR"],
        level: "RES:LEV:IMM",
    },
    input: "INP",
    voltage_step: Volts(0.011),
    current_step: Amps(0.011),
    power_step: Watts(0.11),
};
