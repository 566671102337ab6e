//! Addresses as bench files write them.

use std::fmt;
use std::str::FromStr;

/// Where an instrument is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    /// `tcp://192.168.1.20:5025`, raw SCPI over TCP.
    Tcp {
        /// Name or number; IPv6 numbers stand in brackets.
        host: String,
        /// Port.
        port: u16,
    },
    /// `serial:///dev/ttyUSB0?baud=19200`.
    Serial {
        /// Device file.
        path: String,
        /// Line settings.
        settings: SerialSettings,
    },
    /// `usbtmc:///dev/usbtmc0`.
    Usbtmc {
        /// The kernel's device file.
        path: String,
    },
    /// `sim:`, a software instrument that the caller provides.
    Sim,
}

/// Settings of a serial line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SerialSettings {
    /// Bits a second.
    pub baud: u32,
    /// Data bits, 5 to 8.
    pub bits: u8,
    /// Parity.
    pub parity: Parity,
    /// Stop bits, 1 or 2.
    pub stop: u8,
}

impl Default for SerialSettings {
    /// 9600 8N1.
    fn default() -> Self {
        Self {
            baud: 9600,
            bits: 8,
            parity: Parity::None,
            stop: 1,
        }
    }
}

/// Parity of a serial line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parity {
    /// None.
    None,
    /// Even.
    Even,
    /// Odd.
    Odd,
}

/// Why a text is no address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Another scheme, or none.
    #[error(
        "`{address}` is no address of an instrument: write `tcp://HOST:PORT`, `serial:///dev/ttyUSB0?baud=19200`, `usbtmc:///dev/usbtmc0` or `sim:`"
    )]
    Scheme {
        /// As written.
        address: String,
    },
    /// No host or no port.
    #[error("`{address}`: {problem}; write `tcp://HOST:PORT`, as in `tcp://192.168.1.20:5025`")]
    Tcp {
        /// As written.
        address: String,
        /// What's wrong.
        problem: String,
    },
    /// No device, or a setting that makes no sense.
    #[error(
        "`{address}`: {problem}; write `serial:///dev/ttyUSB0?baud=19200&bits=8&parity=none&stop=1`"
    )]
    Serial {
        /// As written.
        address: String,
        /// What's wrong.
        problem: String,
    },
    /// No absolute path.
    #[error("`{address}`: the device's path must be absolute; write `usbtmc:///dev/usbtmc0`")]
    Usbtmc {
        /// As written.
        address: String,
    },
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        if let Some(rest) = text.strip_prefix("tcp://") {
            return tcp(rest).map_err(|problem| AddressError::Tcp {
                address: text.to_owned(),
                problem,
            });
        }
        if let Some(rest) = text.strip_prefix("serial://") {
            return serial(rest).map_err(|problem| AddressError::Serial {
                address: text.to_owned(),
                problem,
            });
        }
        if let Some(path) = text.strip_prefix("usbtmc://") {
            return if path.starts_with('/') {
                Ok(Self::Usbtmc {
                    path: path.to_owned(),
                })
            } else {
                Err(AddressError::Usbtmc {
                    address: text.to_owned(),
                })
            };
        }
        // What follows names the software instrument for people; it changes nothing.
        if text.starts_with("sim:") {
            return Ok(Self::Sim);
        }
        Err(AddressError::Scheme {
            address: text.to_owned(),
        })
    }
}

fn tcp(rest: &str) -> Result<Address, String> {
    let rest = rest.trim_end_matches('/');
    let (host, port) = match rest.rsplit_once(':') {
        Some((host, port)) if !host.starts_with('[') || host.ends_with(']') => (host, port),
        _ => return Err("the port is missing".into()),
    };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    if host.is_empty() {
        return Err("the host is missing".into());
    }
    match port.parse() {
        Ok(port) if port != 0 => Ok(Address::Tcp {
            host: host.to_owned(),
            port,
        }),
        _ => Err(format!("`{port}` is no port (1 to 65535)")),
    }
}

fn serial(rest: &str) -> Result<Address, String> {
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    if !path.starts_with('/') {
        return Err("the device's path must be absolute, after three slashes".into());
    }
    let mut settings = SerialSettings::default();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        let wrong = |allowed: &str| format!("`{pair}`: {key} is {allowed}");
        match key {
            "baud" => {
                settings.baud = value
                    .parse()
                    .ok()
                    .filter(|baud| (50..=4_000_000).contains(baud))
                    .ok_or_else(|| wrong("a number of bits a second, 50 to 4000000"))?;
            }
            "bits" => {
                settings.bits = value
                    .parse()
                    .ok()
                    .filter(|bits| (5..=8).contains(bits))
                    .ok_or_else(|| wrong("5, 6, 7 or 8"))?;
            }
            "parity" => {
                settings.parity = match value {
                    "none" => Parity::None,
                    "even" => Parity::Even,
                    "odd" => Parity::Odd,
                    _ => return Err(wrong("none, even or odd")),
                };
            }
            "stop" => {
                settings.stop = match value {
                    "1" => 1,
                    "2" => 2,
                    _ => return Err(wrong("1 or 2")),
                };
            }
            _ => return Err(format!("`{key}` is none of baud, bits, parity, stop")),
        }
    }
    Ok(Address::Serial {
        path: path.to_owned(),
        settings,
    })
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp { host, port } if host.contains(':') => write!(f, "tcp://[{host}]:{port}"),
            Self::Tcp { host, port } => write!(f, "tcp://{host}:{port}"),
            Self::Serial { path, settings } => {
                let SerialSettings {
                    baud,
                    bits,
                    parity,
                    stop,
                } = settings;
                let parity = match parity {
                    Parity::None => "none",
                    Parity::Even => "even",
                    Parity::Odd => "odd",
                };
                write!(
                    f,
                    "serial://{path}?baud={baud}&bits={bits}&parity={parity}&stop={stop}"
                )
            }
            Self::Usbtmc { path } => write!(f, "usbtmc://{path}"),
            Self::Sim => f.write_str("sim:"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Address;
    use std::fmt::Write;

    #[test]
    fn addresses() {
        let mut table = String::new();
        for text in [
            "tcp://192.168.1.20:5025",
            "tcp://ngm-left.lab:5025/",
            "tcp://[fe80::1]:5025",
            "serial:///dev/ttyUSB0",
            "serial:///dev/ttyUSB0?baud=19200&parity=even&stop=2&bits=7",
            "sim:",
            "usbtmc:///dev/usbtmc0",
            "usbtmc://usbtmc0",
            "tcp://192.168.1.20",
            "tcp://[fe80::1]",
            "tcp://:5025",
            "tcp://host:70000",
            "tcp://host:0",
            "serial://ttyUSB0",
            "serial:///dev/ttyUSB0?baud=fast",
            "serial:///dev/ttyUSB0?parity=mark",
            "serial:///dev/ttyUSB0?speed=9600",
            "192.168.1.20:5025",
            "gpib0::7",
            "",
        ] {
            let read = match text.parse::<Address>() {
                Ok(address) => address.to_string(),
                Err(error) => format!("error: {error}"),
            };
            writeln!(table, "{text}\n    {read}").expect("a string takes it");
        }
        insta::assert_snapshot!(table);
    }

    #[test]
    fn what_is_shown_can_be_read_again() {
        for text in [
            "tcp://[::1]:1",
            "serial:///dev/x?bits=7",
            "usbtmc:///dev/usbtmc3",
            "sim:",
        ] {
            let address: Address = text.parse().expect("an address");
            assert_eq!(address.to_string().parse(), Ok(address));
        }
    }
}
