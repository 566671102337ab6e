//! Which drivers there are.

use crate::{Options, bk_8514b, ea_psb10000, espec_p300, keysight_34980a, rs_ngm202};
use api::Driver;
use wire::Link;

/// Makes a driver out of an id, a link and what the bench hands over.
type Opener = fn(&str, Box<dyn Link>, &Options) -> Result<Box<dyn Driver>, OpenError>;

/// A driver as lists show it.
#[derive(Debug, Clone, Copy)]
pub struct DriverInfo {
    /// As bench files name it.
    pub name: &'static str,
    /// The instruments it's for.
    pub models: &'static [&'static str],
    /// Whether it has ever talked to such an instrument rather than to its software twin.
    pub met_hardware: bool,
    /// Where its knowledge of commands and ratings comes from.
    pub source: &'static str,
    /// What ends a message to the instrument.
    pub terminator: &'static str,
    open: Opener,
}

/// Why a driver can't be opened. Nothing was sent to the instrument.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// No driver of that name.
    #[error("{instrument}: there is no driver `{driver}`{suggestion}; there are {known}")]
    NoDriver {
        /// Id from the bench file.
        instrument: String,
        /// As written.
        driver: String,
        /// `, did you mean …?`, or nothing.
        suggestion: String,
        /// All names.
        known: String,
    },
    /// A card that the driver doesn't know, in a slot that isn't there, or none at all.
    #[error(
        "{instrument}: {problem}; the cards of a {model} are written by slot, as in `1: 34921A`"
    )]
    Cards {
        /// Id from the bench file.
        instrument: String,
        /// What's wrong.
        problem: String,
        /// Of the switch unit.
        model: &'static str,
    },
}

static REGISTRY: [DriverInfo; 5] = [
    DriverInfo {
        name: "rs-ngm202",
        models: &["NGM202"],
        met_hardware: false,
        source: "commands from public drivers of the NGL/NGM/NGP family; ratings from the data sheet",
        terminator: "\n",
        open: |id, link, options| Ok(Box::new(rs_ngm202::RsNgm202::new(id, link, options))),
    },
    DriverInfo {
        name: "ea-psb10000",
        models: &["PSB 10060-120", "PSB 10060-170", "PSB 10060-1000"],
        met_hardware: false,
        source: "commands from public drivers of the PSB 10000 and the programming guide they cite; ratings from the model's name",
        terminator: "\n",
        open: |id, link, options| Ok(Box::new(ea_psb10000::EaPsb10000::new(id, link, options))),
    },
    DriverInfo {
        name: "bk-8514b",
        models: &["8514B"],
        met_hardware: false,
        source: "commands from a public driver that was tested on an 8514B; ratings from the data sheet",
        terminator: "\n",
        open: |id, link, options| Ok(Box::new(bk_8514b::Bk8514b::new(id, link, options))),
    },
    DriverInfo {
        name: "keysight-34980a",
        models: &["34980A"],
        met_hardware: false,
        source: "commands from the 34980A manual as public drivers cite it; ratings from the cards' data sheets",
        terminator: "\n",
        open: |id, link, options| {
            keysight_34980a::Keysight34980a::new(id, link, options)
                .map(|driver| Box::new(driver) as Box<dyn Driver>)
        },
    },
    DriverInfo {
        name: "espec-p300",
        models: &["P300"],
        met_hardware: false,
        source: "commands from the public ChamberConnectLibrary; range and ramp of a small chamber",
        terminator: "\r\n",
        open: |id, link, options| Ok(Box::new(espec_p300::EspecP300::new(id, link, options))),
    },
];

/// All drivers.
#[must_use]
pub fn registry() -> &'static [DriverInfo] {
    &REGISTRY
}

/// The driver of that name.
#[must_use]
pub fn find(name: &str) -> Option<&'static DriverInfo> {
    REGISTRY.iter().find(|info| info.name == name)
}

/// Puts a driver on a link. Sends nothing: taking control is `Instrument::prepare`.
///
/// # Errors
/// When there's no such driver, or the options don't fit it.
pub fn open(
    driver: &str,
    id: &str,
    link: Box<dyn Link>,
    options: &Options,
) -> Result<Box<dyn Driver>, OpenError> {
    let info = find(driver).ok_or_else(|| {
        let near = REGISTRY
            .iter()
            .map(|info| (strsim::damerau_levenshtein(driver, info.name), info.name))
            .min()
            .filter(|(distance, name)| *distance <= name.len() / 2);
        OpenError::NoDriver {
            instrument: id.to_owned(),
            driver: driver.to_owned(),
            suggestion: near
                .map(|(_, name)| format!(", did you mean `{name}`?"))
                .unwrap_or_default(),
            known: REGISTRY.map(|info| format!("`{}`", info.name)).join(", "),
        }
    })?;
    (info.open)(id, link, options)
}
