//! Keysight E36300 and E36100 series.
//!
//! Commands: public drivers, one of which was tested on an E36312A: channel lists at the end.
//! Over-current protection has no level: it trips when the current limit acts. Ratings: data
//! sheets. The watchdog's headers are from memory of the programming guide.

use super::family::{
    Family, Model, Output, OutputWords, OverCurrent, Point, Protect, RegulationWords, Toggle,
};
use crate::core::Watchdog;
use std::time::Duration;
use units::{Amps, Volts, Watts};

const ISOLATION: Volts = Volts(240.0);

pub(crate) static E36312A: Model = Model {
    name: "E36312A",
    begins: "E36312A",
    outputs: &[
        output(6.0, 5.0, 30.0),
        output(25.0, 1.0, 25.0),
        output(25.0, 1.0, 25.0),
    ],
    isolation: ISOLATION,
};

pub(crate) static E36313A: Model = Model {
    name: "E36313A",
    begins: "E36313A",
    outputs: &[
        output(6.0, 10.0, 60.0),
        output(25.0, 2.0, 50.0),
        output(25.0, 2.0, 50.0),
    ],
    isolation: ISOLATION,
};

pub(crate) static E36103A: Model = Model {
    name: "E36103A",
    begins: "E36103",
    outputs: &[output(20.0, 2.0, 40.0)],
    isolation: ISOLATION,
};

const fn output(volts: f64, amps: f64, watts: f64) -> Output {
    Output {
        voltage: Volts(volts),
        current: Amps(amps),
        power: Watts(watts),
    }
}

pub(crate) static KEYSIGHT_E36300: Family = Family {
    remote: &["SYST:REM"],
    gap: Duration::ZERO,
    voltage: Point {
        set: "VOLT {v},(@{c})",
        ask: "VOLT? (@{c})",
    },
    current: Point {
        set: "CURR {v},(@{c})",
        ask: "CURR? (@{c})",
    },
    voltage_step: Volts(0.0011),
    current_step: Amps(0.0011),
    lowest_current: Amps(0.001),
    output: OutputWords::Own(Toggle {
        on: "OUTP 1,(@{c})",
        off: "OUTP 0,(@{c})",
        ask: "OUTP? (@{c})",
    }),
    measured_voltage: "MEAS:VOLT? (@{c})",
    measured_current: "MEAS:CURR? (@{c})",
    over_voltage: Some(Protect {
        level: Point {
            set: "VOLT:PROT {v},(@{c})",
            ask: "VOLT:PROT? (@{c})",
        },
        state: Some(Toggle {
            on: "VOLT:PROT:STAT 1,(@{c})",
            off: "VOLT:PROT:STAT 0,(@{c})",
            ask: "VOLT:PROT:STAT? (@{c})",
        }),
    }),
    over_current: OverCurrent::AtLimit(Toggle {
        on: "CURR:PROT:STAT 1,(@{c})",
        off: "CURR:PROT:STAT 0,(@{c})",
        ask: "CURR:PROT:STAT? (@{c})",
    }),
    tripped: &["VOLT:PROT:TRIP? (@{c})", "CURR:PROT:TRIP? (@{c})"],
    clear: &["OUTP:PROT:CLE (@{c})"],
    regulation: RegulationWords::Bits {
        ask: "STAT:QUES:INST:ISUM{c}:COND?",
        current: 0,
        voltage: 1,
    },
    watchdog: Some(Watchdog {
        delay: "OUTP:PROT:WDOG:DEL",
        state: "OUTP:PROT:WDOG",
    }),
};
