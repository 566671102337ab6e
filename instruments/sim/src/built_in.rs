//! The dialects that come with this crate.

use std::sync::{Arc, OnceLock};

use crate::catalogue::Model;

/// A dialect file and the names that its models go by; it's read when one of them is asked for.
#[derive(Debug)]
pub(crate) struct BuiltIn {
    pub(crate) file: &'static str,
    pub(crate) names: &'static [&'static str],
    pub(crate) text: &'static str,
    pub(crate) model: OnceLock<Arc<Model>>,
}

/// A dialect file of the name of its first model.
macro_rules! dialect {
    ($first:literal $(, $further:literal)*) => {
        BuiltIn {
            file: concat!($first, ".yaml"),
            names: &[$first $(, $further)*],
            text: include_str!(concat!("../dialects/", $first, ".yaml")),
            model: OnceLock::new(),
        }
    };
}

pub(crate) static BUILT_IN: [BuiltIn; 19] = [
    dialect!("bk-8514b", "itech-it8512", "itech-it8511", "itech-it8514"),
    dialect!("ea-psb10000"),
    dialect!("espec-p300"),
    dialect!("itech-it6512c", "itech-it6522c", "itech-it6513c"),
    dialect!(
        "keysight-34461a",
        "keysight-34460a",
        "keysight-34465a",
        "keysight-34470a"
    ),
    dialect!("keysight-34970a", "keysight-34972a"),
    dialect!("keysight-34980a"),
    dialect!("keysight-daq970a", "keysight-daq973a"),
    dialect!("keysight-e36312a", "keysight-e36313a", "keysight-e36103a"),
    dialect!("meatest-m632"),
    dialect!(
        "rigol-dl3021",
        "rigol-dl3021a",
        "rigol-dl3031",
        "rigol-dl3031a"
    ),
    dialect!(
        "rigol-dp832",
        "rigol-dp832a",
        "rigol-dp831",
        "rigol-dp821",
        "rigol-dp811"
    ),
    dialect!("rs-hmp4040", "rs-hmp4030", "rs-hmp2030", "rs-hmp2020"),
    dialect!("rs-ngm202"),
    dialect!("siglent-sdl1020x", "siglent-sdl1030x", "siglent-sdl1030x-e"),
    dialect!("siglent-spd1168x", "siglent-spd1305x"),
    dialect!("siglent-spd3303x", "siglent-spd3303x-e"),
    dialect!(
        "tdk-genesys",
        "tdk-genesys-gen40-38",
        "tdk-genesys-gen80-65",
        "keysight-n5767a",
        "keysight-n5700"
    ),
    dialect!("watlow-f4t"),
];

pub(crate) static INCLUDES: [(&str, &str); 5] = [
    ("scpi-99", include_str!("../dialects/include/scpi-99.yaml")),
    (
        "keysight-sense",
        include_str!("../dialects/include/keysight-sense.yaml"),
    ),
    (
        "keysight-scan",
        include_str!("../dialects/include/keysight-scan.yaml"),
    ),
    ("lan", include_str!("../dialects/include/lan.yaml")),
    (
        "instrument-summary",
        include_str!("../dialects/include/instrument-summary.yaml"),
    ),
];
