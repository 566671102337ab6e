//! Which drivers there are.

use crate::Options;
use crate::table::REGISTRY;
use api::Driver;
use wire::Link;

/// Makes a driver out of an id, a link and what the bench hands over.
pub(crate) type Opener = fn(&str, Box<dyn Link>, &Options) -> Result<Box<dyn Driver>, OpenError>;

/// A driver as lists show it.
#[derive(Debug, Clone, Copy)]
pub struct DriverInfo {
    /// As bench files name it.
    pub name: &'static str,
    /// The instruments it's for.
    pub models: &'static [&'static str],
    /// What it can be on a bench.
    pub roles: &'static [Role],
    /// What it can be reached by.
    pub links: &'static [LinkKind],
    /// Whether it has ever talked to such an instrument rather than to its software twin.
    pub met_hardware: bool,
    /// Where its knowledge of commands and ratings comes from.
    pub source: &'static str,
    /// What ends a message to the instrument.
    pub terminator: &'static str,
    pub(crate) open: Opener,
}

/// What an instrument can be on a bench.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A power supply.
    Supply,
    /// An electronic load.
    Load,
    /// A meter, behind a scanner or alone.
    Meter,
    /// A switch unit.
    Switch,
    /// Digital ports.
    Digital,
    /// A programmable resistor.
    Resistor,
    /// A temperature chamber.
    Chamber,
}

impl Role {
    /// One word, as lists show it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Supply => "supply",
            Self::Load => "load",
            Self::Meter => "meter",
            Self::Switch => "switch",
            Self::Digital => "digital",
            Self::Resistor => "resistor",
            Self::Chamber => "chamber",
        }
    }
}

/// What an instrument can be reached by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkKind {
    /// A raw socket.
    Tcp,
    /// A serial line.
    Serial,
    /// USB, through the kernel's device.
    Usbtmc,
}

impl LinkKind {
    /// The scheme of its addresses.
    #[must_use]
    pub fn scheme(self) -> &'static str {
        match self {
            Self::Tcp => "tcp",
            Self::Serial => "serial",
            Self::Usbtmc => "usbtmc",
        }
    }
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
            known: REGISTRY
                .each_ref()
                .map(|info| format!("`{}`", info.name))
                .join(", "),
        }
    })?;
    (info.open)(id, link, options)
}
