//! Rigol DP800 series.
//!
//! Commands: public drivers, one of which cites the programming guide by page: outputs by name.
//! `OUTP:OVP:CLEAR` clears without turning on again, which `VOLT:PROT:CLE` doesn't. Ratings: data
//! sheet; isolation isn't in it, so it's taken as that of extra-low voltage.

use super::family::{
    Family, Model, Output, OutputWords, OverCurrent, Point, Protect, RegulationWords, Toggle,
};
use std::time::Duration;
use units::{Amps, Volts, Watts};

const ISOLATION: Volts = Volts(60.0);

pub(crate) static DP832: Model = Model {
    name: "DP832",
    begins: "DP832",
    outputs: &[
        output(30.0, 3.0, 90.0),
        output(30.0, 3.0, 90.0),
        output(5.0, 3.0, 15.0),
    ],
    isolation: ISOLATION,
};

pub(crate) static DP831: Model = Model {
    name: "DP831",
    begins: "DP831",
    outputs: &[
        output(8.0, 5.0, 40.0),
        output(30.0, 2.0, 60.0),
        // The third goes below zero, which this driver has no use for.
    ],
    isolation: ISOLATION,
};

pub(crate) static DP821: Model = Model {
    name: "DP821",
    begins: "DP821",
    outputs: &[output(60.0, 1.0, 60.0), output(8.0, 10.0, 80.0)],
    isolation: ISOLATION,
};

pub(crate) static DP811: Model = Model {
    name: "DP811",
    begins: "DP811",
    outputs: &[output(40.0, 5.0, 200.0)],
    isolation: ISOLATION,
};

const fn output(volts: f64, amps: f64, watts: f64) -> Output {
    Output {
        voltage: Volts(volts),
        current: Amps(amps),
        power: Watts(watts),
    }
}

pub(crate) static RIGOL_DP800: Family = Family {
    remote: &["SYST:REM"],
    gap: Duration::ZERO,
    voltage: Point {
        set: ":SOUR{c}:VOLT {v}",
        ask: ":SOUR{c}:VOLT?",
    },
    current: Point {
        set: ":SOUR{c}:CURR {v}",
        ask: ":SOUR{c}:CURR?",
    },
    voltage_step: Volts(0.0011),
    current_step: Amps(0.0011),
    lowest_current: Amps(0.0),
    output: OutputWords::Own(Toggle {
        on: ":OUTP CH{c},ON",
        off: ":OUTP CH{c},OFF",
        ask: ":OUTP? CH{c}",
    }),
    measured_voltage: ":MEAS:VOLT? CH{c}",
    measured_current: ":MEAS:CURR? CH{c}",
    over_voltage: Some(Protect {
        level: Point {
            set: ":OUTP:OVP:VAL CH{c},{v}",
            ask: ":OUTP:OVP:VAL? CH{c}",
        },
        state: Some(Toggle {
            on: ":OUTP:OVP CH{c},ON",
            off: ":OUTP:OVP CH{c},OFF",
            ask: ":OUTP:OVP? CH{c}",
        }),
    }),
    over_current: OverCurrent::Level(Protect {
        level: Point {
            set: ":OUTP:OCP:VAL CH{c},{v}",
            ask: ":OUTP:OCP:VAL? CH{c}",
        },
        state: Some(Toggle {
            on: ":OUTP:OCP CH{c},ON",
            off: ":OUTP:OCP CH{c},OFF",
            ask: ":OUTP:OCP? CH{c}",
        }),
    }),
    tripped: &[":OUTP:OVP:QUES? CH{c}", ":OUTP:OCP:QUES? CH{c}"],
    clear: &[":OUTP:OVP:CLEAR CH{c}", ":OUTP:OCP:CLEAR CH{c}"],
    regulation: RegulationWords::Name(":OUTP:CVCC? CH{c}"),
    watchdog: None,
};
