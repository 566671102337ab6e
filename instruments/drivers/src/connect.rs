//! From an address to a link.

use crate::{Address, AddressError, Serial, TcpRaw, TcpSettings, Usbtmc};
use wire::{Link, LinkError};

/// Why there is no link.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConnectError {
    /// The text is no address.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// `sim:`, which only a caller with a simulated world can provide.
    #[error("`sim:` is an instrument of the simulated world, and there's none here")]
    Simulated,
    /// Nobody answers.
    #[error(transparent)]
    Link(#[from] LinkError),
}

/// Connects to `address` with the line ends that `driver` wants (line feed where it isn't known).
///
/// # Errors
/// When the address makes no sense, is `sim:`, or nobody answers there.
pub fn connect(address: &str, driver: &str) -> Result<Box<dyn Link>, ConnectError> {
    let terminator = crate::find(driver).map_or("\n", |info| info.terminator);
    Ok(match address.parse()? {
        Address::Tcp { host, port } => {
            let settings = TcpSettings {
                terminator,
                ..TcpSettings::default()
            };
            Box::new(TcpRaw::connect(&host, port, settings)?)
        }
        Address::Serial { path, settings } => Box::new(Serial::open(&path, settings, terminator)?),
        Address::Usbtmc { path } => Box::new(Usbtmc::open(&path)?),
        Address::Sim => return Err(ConnectError::Simulated),
    })
}
