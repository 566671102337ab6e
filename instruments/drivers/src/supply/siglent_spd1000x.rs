//! Siglent SPD1000X series.
//!
//! Commands: public drivers; protections from memory of the manual. Messages that follow each other
//! at once get lost, as several programs found, hence the gap. Ratings: data sheet; isolation isn't
//! in it, so it's taken as that of extra-low voltage.

use super::family::{
    Family, Model, Output, OutputWords, OverCurrent, Point, Protect, RegulationWords, Toggle,
};
use std::time::Duration;
use units::{Amps, Volts, Watts};

const ISOLATION: Volts = Volts(60.0);

pub(crate) static SPD1168X: Model = Model {
    name: "SPD1168X",
    begins: "SPD1168X",
    outputs: &[Output {
        voltage: Volts(16.0),
        current: Amps(8.0),
        power: Watts(128.0),
    }],
    isolation: ISOLATION,
};

pub(crate) static SPD1305X: Model = Model {
    name: "SPD1305X",
    begins: "SPD1305X",
    outputs: &[Output {
        voltage: Volts(30.0),
        current: Amps(5.0),
        power: Watts(150.0),
    }],
    isolation: ISOLATION,
};

pub(crate) static SIGLENT_SPD1000X: Family = Family {
    remote: &["*LOCK"],
    gap: Duration::from_millis(100),
    voltage: Point {
        set: "CH1:VOLT {v}",
        ask: "CH1:VOLT?",
    },
    current: Point {
        set: "CH1:CURR {v}",
        ask: "CH1:CURR?",
    },
    voltage_step: Volts(0.0011),
    current_step: Amps(0.0011),
    lowest_current: Amps(0.0),
    output: OutputWords::Word {
        words: Toggle {
            on: "OUTP CH1,ON",
            off: "OUTP CH1,OFF",
            ask: "SYST:STAT?",
        },
        bits: &[4],
    },
    measured_voltage: "MEAS:VOLT? CH1",
    measured_current: "MEAS:CURR? CH1",
    over_voltage: Some(Protect {
        level: Point {
            set: "OVP {v}",
            ask: "OVP?",
        },
        state: Some(Toggle {
            on: "OVP:STAT ON",
            off: "OVP:STAT OFF",
            ask: "OVP:STAT?",
        }),
    }),
    over_current: OverCurrent::Level(Protect {
        level: Point {
            set: "OCP {v}",
            ask: "OCP?",
        },
        state: Some(Toggle {
            on: "OCP:STAT ON",
            off: "OCP:STAT OFF",
            ask: "OCP:STAT?",
        }),
    }),
    tripped: &["OUTP:PROT:TRIP?"],
    clear: &["OUTP:RESE:PROT"],
    regulation: RegulationWords::Word {
        ask: "SYST:STAT?",
        current: &[0],
    },
    watchdog: None,
};
