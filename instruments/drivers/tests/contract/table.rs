//! Every driver, the twin it is held against, and what it is asked to do there.

/// One driver and its twin.
pub(crate) struct Case {
    pub(crate) driver: &'static str,
    pub(crate) twin: &'static str,
    pub(crate) cards: &'static [(u8, &'static str)],
    pub(crate) does: Does,
}

/// What is tried, by role.
pub(crate) enum Does {
    Supply(Supply),
    Load,
    Scanner {
        inputs: &'static [u16],
        relays: &'static [u16],
        port: u16,
    },
    Meter,
    Resistor,
    Chamber,
}

/// A supply's outputs, and which protections it has.
pub(crate) struct Supply {
    pub(crate) outputs: u16,
    pub(crate) over_voltage: bool,
    pub(crate) over_current: bool,
    /// Whether a protection below the output's voltage is refused rather than tripping.
    pub(crate) refuses: bool,
    /// Whether it says what limits an output.
    pub(crate) tells: bool,
}

const PROTECTED: Supply = Supply {
    outputs: 1,
    over_voltage: true,
    over_current: true,
    refuses: false,
    tells: true,
};

const fn supply(driver: &'static str, supply: Supply) -> Case {
    Case {
        driver,
        twin: driver,
        cards: &[],
        does: Does::Supply(supply),
    }
}

const fn outputs(driver: &'static str, outputs: u16) -> Case {
    supply(
        driver,
        Supply {
            outputs,
            ..PROTECTED
        },
    )
}

const fn other(driver: &'static str, does: Does) -> Case {
    Case {
        driver,
        twin: driver,
        cards: &[],
        does,
    }
}

pub(crate) static CASES: [Case; 34] = [
    outputs("rs-ngm202", 2),
    outputs("rs-hmp4040", 4),
    outputs("rs-hmp4030", 3),
    outputs("ea-psb10000", 1),
    outputs("keysight-e36312a", 3),
    outputs("keysight-e36313a", 3),
    outputs("keysight-e36103a", 1),
    outputs("rigol-dp832", 3),
    outputs("rigol-dp831", 2),
    outputs("rs-hmp2030", 3),
    outputs("rigol-dp821", 2),
    outputs("rigol-dp811", 1),
    outputs("siglent-spd1168x", 1),
    outputs("siglent-spd1305x", 1),
    supply(
        "siglent-spd3303x",
        Supply {
            outputs: 2,
            over_voltage: false,
            over_current: false,
            ..PROTECTED
        },
    ),
    outputs("itech-it6512c", 1),
    outputs("itech-it6522c", 1),
    supply(
        "tdk-genesys",
        Supply {
            refuses: true,
            ..PROTECTED
        },
    ),
    supply(
        "keysight-n5700",
        Supply {
            refuses: true,
            ..PROTECTED
        },
    ),
    other("bk-8514b", Does::Load),
    other("itech-it8512", Does::Load),
    other("rigol-dl3021", Does::Load),
    other("rigol-dl3031", Does::Load),
    other("siglent-sdl1020x", Does::Load),
    other("siglent-sdl1030x", Does::Load),
    Case {
        driver: "keysight-34980a",
        twin: "keysight-34980a",
        cards: &[(1, "34921A"), (3, "34938A"), (5, "34950A")],
        does: Does::Scanner {
            inputs: &[1003, 1001, 1040],
            relays: &[3001, 3002, 3020],
            port: 5101,
        },
    },
    Case {
        driver: "keysight-daq970a",
        twin: "keysight-daq970a",
        cards: &[(1, "DAQM901A"), (2, "DAQM903A"), (3, "DAQM907A")],
        does: Does::Scanner {
            inputs: &[103, 101, 120],
            relays: &[201, 202, 220],
            port: 301,
        },
    },
    Case {
        driver: "keysight-34970a",
        twin: "keysight-34970a",
        cards: &[(1, "34901A"), (2, "34903A"), (3, "34907A")],
        does: Does::Scanner {
            inputs: &[103, 101, 120],
            relays: &[201, 202, 220],
            port: 301,
        },
    },
    other("keysight-34461a", Does::Meter),
    Case {
        driver: "keysight-34461a",
        twin: "keysight-34465a",
        cards: &[],
        does: Does::Meter,
    },
    other("meatest-m632", Does::Resistor),
    other("espec-p300", Does::Chamber),
    other("watlow-f4t", Does::Chamber),
    Case {
        driver: "rigol-dp832",
        twin: "rigol-dp832a",
        cards: &[],
        does: Does::Supply(Supply {
            outputs: 3,
            ..PROTECTED
        }),
    },
];

#[test]
fn every_driver_is_held_against_a_twin() {
    for info in drivers::registry() {
        let found = CASES.iter().any(|case| case.driver == info.name);
        assert!(found, "{} is in no case", info.name);
    }
}
