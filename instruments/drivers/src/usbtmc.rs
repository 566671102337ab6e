//! USBTMC through the kernel's device file, `/dev/usbtmc0`.
//!
//! The kernel speaks the protocol: each write is one message, each read one answer, whole or in the
//! pieces that fit the buffer. Its reads block for as long as it likes, and nobody may wait longer
//! than asked; so a thread of its own reads.

use crate::Address;
use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::{Duration, Instant};
use wire::{Framer, Link, LinkError};

/// Longest reply in bytes.
const CAP: usize = 16 << 20;

/// Bytes read at once.
const PIECE: usize = 1 << 16;

/// One instrument on USB.
pub struct Usbtmc {
    address: String,
    path: String,
    port: Option<Port>,
    framer: Framer,
    outgoing: Vec<u8>,
}

/// An open device, and the thread that reads from it when asked.
struct Port {
    device: File,
    ask: SyncSender<()>,
    pieces: Receiver<std::io::Result<Vec<u8>>>,
    /// Whether the thread reads now.
    reading: bool,
}

impl Usbtmc {
    /// Opens a device.
    ///
    /// # Errors
    /// [`LinkError::Connect`] with what the system said.
    pub fn open(path: &str) -> Result<Self, LinkError> {
        let address = Address::Usbtmc {
            path: path.to_owned(),
        };
        let mut link = Self {
            address: address.to_string(),
            path: path.to_owned(),
            port: None,
            framer: Framer::new(CAP),
            outgoing: Vec::with_capacity(256),
        };
        link.reopen()?;
        Ok(link)
    }

    fn reopen(&mut self) -> Result<(), LinkError> {
        let port = Port::open(&self.path).map_err(|error| LinkError::Connect {
            address: self.address.clone(),
            reason: error.to_string(),
        })?;
        self.port = Some(port);
        self.framer.clear();
        Ok(())
    }
}

impl Port {
    fn open(path: &str) -> std::io::Result<Self> {
        let device = OpenOptions::new().read(true).write(true).open(path)?;
        let mut from = device.try_clone()?;
        let (ask, asked) = sync_channel::<()>(1);
        let (give, pieces) = sync_channel(1);
        std::thread::Builder::new()
            .name(path.to_owned())
            .spawn(move || {
                // Ends when the port is dropped: then nobody asks.
                while asked.recv().is_ok() {
                    let mut buffer = vec![0; PIECE];
                    let piece = from.read(&mut buffer).map(|count| {
                        buffer.truncate(count);
                        buffer
                    });
                    if give.send(piece).is_err() {
                        return;
                    }
                }
            })?;
        Ok(Self {
            device,
            ask,
            pieces,
            reading: false,
        })
    }

    /// What the device sends next; `None` when nothing came in time.
    fn piece(&mut self, timeout: Duration) -> Result<Option<Vec<u8>>, LinkError> {
        if !self.reading {
            self.ask.send(()).map_err(|_| LinkError::Closed)?;
            self.reading = true;
        }
        match self.pieces.recv_timeout(timeout) {
            Ok(piece) => {
                self.reading = false;
                match piece {
                    Ok(bytes) if bytes.is_empty() => Err(LinkError::Closed),
                    Ok(bytes) => Ok(Some(bytes)),
                    // The kernel gave up sooner than we would.
                    Err(error) if error.kind() == std::io::ErrorKind::TimedOut => Ok(None),
                    Err(error) => Err(LinkError::Io(error.to_string())),
                }
            }
            Err(RecvTimeoutError::Timeout) => Ok(None),
            Err(RecvTimeoutError::Disconnected) => Err(LinkError::Closed),
        }
    }
}

impl Link for Usbtmc {
    fn write(&mut self, message: &[u8]) -> Result<(), LinkError> {
        let Some(port) = &mut self.port else {
            return Err(LinkError::Closed);
        };
        self.framer.clear();
        self.outgoing.clear();
        self.outgoing.extend_from_slice(message);
        self.outgoing.push(b'\n');
        // One call, one message.
        port.device.write_all(&self.outgoing).map_err(|error| {
            self.port = None;
            LinkError::Io(error.to_string())
        })
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "a device's time-out is wall time"
    )]
    fn read(&mut self, reply: &mut Vec<u8>, timeout: Duration) -> Result<(), LinkError> {
        let deadline = Instant::now() + timeout;
        loop {
            if self.framer.take(reply)? {
                return Ok(());
            }
            let Some(port) = &mut self.port else {
                return Err(LinkError::Closed);
            };
            let left = deadline.saturating_duration_since(Instant::now());
            let piece = if left.is_zero() {
                Ok(None)
            } else {
                port.piece(left)
            };
            match piece {
                Ok(Some(bytes)) => {
                    self.framer.push(&bytes);
                    // A transfer that doesn't fill the buffer is the message's end, with or
                    // without a line feed.
                    if bytes.len() < PIECE && bytes.last() != Some(&b'\n') {
                        self.framer.push(b"\n");
                    }
                }
                Ok(None) if left.is_zero() => return Err(LinkError::TimedOut { timeout }),
                Ok(None) => {}
                Err(error) => {
                    self.port = None;
                    return Err(error);
                }
            }
        }
    }

    /// Opens the device anew: a read that still hangs ends with the old one.
    fn clear(&mut self) -> Result<(), LinkError> {
        self.port = None;
        self.reopen()
    }

    fn address(&self) -> &str {
        &self.address
    }
}
