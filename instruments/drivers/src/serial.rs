//! SCPI over a serial line.

use crate::address::{Address, Parity, SerialSettings};
use serialport::{ClearBuffer, DataBits, FlowControl, SerialPort, StopBits};
use std::io::ErrorKind;
use std::time::{Duration, Instant};
use wire::{Framer, Link, LinkError};

/// Longest reply in bytes; at 115,200 baud that's a minute and a half.
const CAP: usize = 1 << 20;
/// A line on which nothing came for so long counts as drained.
const SILENCE: Duration = Duration::from_millis(100);
/// Draining ends then, silent or not.
const LONGEST_DRAIN: Duration = Duration::from_secs(2);

/// A serial line to one instrument.
pub struct Serial {
    address: String,
    terminator: &'static str,
    port: Box<dyn SerialPort>,
    /// How to open the line again; `None` for a line that was handed in open.
    reopen: Option<(String, SerialSettings)>,
    framer: Framer,
    outgoing: Vec<u8>,
    chunk: Box<[u8; 1024]>,
}

impl Serial {
    /// Opens a line.
    ///
    /// # Errors
    /// [`LinkError::Connect`] with what the system said.
    pub fn open(
        path: &str,
        settings: SerialSettings,
        terminator: &'static str,
    ) -> Result<Self, LinkError> {
        let address = Address::Serial {
            path: path.to_owned(),
            settings,
        }
        .to_string();
        let port = open(path, settings).map_err(|reason| LinkError::Connect {
            address: address.clone(),
            reason,
        })?;
        let mut link = Self::over(port, &address, terminator);
        link.reopen = Some((path.to_owned(), settings));
        Ok(link)
    }

    /// Takes a line that's open already.
    #[must_use]
    pub fn over(port: Box<dyn SerialPort>, address: &str, terminator: &'static str) -> Self {
        Self {
            address: address.to_owned(),
            terminator,
            port,
            reopen: None,
            framer: Framer::new(CAP),
            outgoing: Vec::with_capacity(256),
            chunk: Box::new([0; 1024]),
        }
    }

    /// Reads what there is until `deadline`; `false` when nothing came.
    #[expect(clippy::disallowed_methods, reason = "a line's time-out is wall time")]
    fn receive(&mut self, deadline: Instant) -> Result<bool, LinkError> {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(false);
        }
        self.port
            .set_timeout(left.max(Duration::from_millis(1)))
            .map_err(|error| LinkError::Io(error.to_string()))?;
        match self.port.read(&mut self.chunk[..]) {
            Ok(0) => Err(LinkError::Closed),
            Ok(count) => {
                self.framer.push(&self.chunk[..count]);
                Ok(true)
            }
            Err(error) => match error.kind() {
                ErrorKind::TimedOut | ErrorKind::WouldBlock => Ok(false),
                ErrorKind::Interrupted => Ok(true),
                ErrorKind::BrokenPipe | ErrorKind::UnexpectedEof => Err(LinkError::Closed),
                _ => Err(LinkError::Io(error.to_string())),
            },
        }
    }
}

fn open(path: &str, settings: SerialSettings) -> Result<Box<dyn SerialPort>, String> {
    serialport::new(path, settings.baud)
        .data_bits(match settings.bits {
            5 => DataBits::Five,
            6 => DataBits::Six,
            7 => DataBits::Seven,
            _ => DataBits::Eight,
        })
        .parity(match settings.parity {
            Parity::None => serialport::Parity::None,
            Parity::Even => serialport::Parity::Even,
            Parity::Odd => serialport::Parity::Odd,
        })
        .stop_bits(if settings.stop == 2 {
            StopBits::Two
        } else {
            StopBits::One
        })
        .flow_control(FlowControl::None)
        .timeout(Duration::from_secs(1))
        .open()
        .map_err(|error| error.to_string())
}

impl Link for Serial {
    fn write(&mut self, message: &[u8]) -> Result<(), LinkError> {
        // A line that nobody waited for isn't the answer to what is asked now.
        self.framer.clear();
        self.outgoing.clear();
        self.outgoing.extend_from_slice(message);
        self.outgoing.extend_from_slice(self.terminator.as_bytes());
        self.port
            .write_all(&self.outgoing)
            .map_err(|error| match error.kind() {
                ErrorKind::BrokenPipe => LinkError::Closed,
                _ => LinkError::Io(error.to_string()),
            })
    }

    #[expect(clippy::disallowed_methods, reason = "a line's time-out is wall time")]
    fn read(&mut self, reply: &mut Vec<u8>, timeout: Duration) -> Result<(), LinkError> {
        let deadline = Instant::now() + timeout;
        loop {
            if self.framer.take(reply)? {
                return Ok(());
            }
            if !self.receive(deadline)? {
                return Err(LinkError::TimedOut { timeout });
            }
        }
    }

    #[expect(clippy::disallowed_methods, reason = "a line's silence is wall time")]
    fn clear(&mut self) -> Result<(), LinkError> {
        if let Some((path, settings)) = &self.reopen {
            // A converter that was unplugged comes back as a new device file.
            if self.port.bytes_to_read().is_err() {
                self.port = open(path, *settings).map_err(|reason| LinkError::Connect {
                    address: self.address.clone(),
                    reason,
                })?;
            }
        }
        self.port
            .clear(ClearBuffer::All)
            .map_err(|error| LinkError::Io(error.to_string()))?;
        let give_up = Instant::now() + LONGEST_DRAIN;
        while Instant::now() < give_up && self.receive(Instant::now() + SILENCE)? {
            self.framer.clear();
        }
        self.framer.clear();
        Ok(())
    }

    fn address(&self) -> &str {
        &self.address
    }
}
