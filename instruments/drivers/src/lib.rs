//! Instrument drivers: the bench's traits on one side, SCPI text on the other, one module per
//! family, and the links that carry the text.
//!
//! A driver translates and adds nothing but proof: every command is followed by the instrument's
//! own error report, every set-point and every switch is read back. It knows its model's ratings
//! from the data sheet and refuses what is beyond them, or beyond the bench file's limits, before
//! anything is sent. It doesn't know whether the instrument is real.

mod address;
mod connect;
mod core;
mod ea_psb10000;
mod espec_p300;
mod keysight_34461a;
mod keysight_34980a;
mod load;
mod meatest_m632;
mod options;
mod proving;
mod registry;
mod rs_ngm202;
mod serial;
mod supply;
mod table;
mod tcp;
mod usbtmc;
mod watlow_f4t;

pub use address::{Address, AddressError, Parity, SerialSettings};
pub use connect::{ConnectError, connect};
pub use options::{Limits, Options};
pub use proving::proving_session;
pub use registry::{DriverInfo, LinkKind, OpenError, Role, find, open, registry};
pub use serial::Serial;
pub use tcp::{TcpRaw, TcpSettings};
pub use usbtmc::Usbtmc;
