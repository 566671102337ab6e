//! Raw SCPI over TCP, as on port 5025.

use socket2::{SockRef, TcpKeepalive};
use std::io::{ErrorKind, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::{Duration, Instant};
use wire::{Framer, Link, LinkError};

/// How a connection is made and kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TcpSettings {
    /// How long connecting may take, and how long the other side may refuse to take bytes.
    pub connect_timeout: Duration,
    /// Longest reply in bytes.
    pub cap: usize,
    /// What ends a message to the instrument. Replies end with `\n` or `\r\n`.
    pub terminator: &'static str,
}

impl Default for TcpSettings {
    /// 3 s, 16 MiB, line feed.
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(3),
            cap: 16 << 20,
            terminator: "\n",
        }
    }
}

/// A raw TCP connection to one instrument.
pub struct TcpRaw {
    address: String,
    host: String,
    port: u16,
    settings: TcpSettings,
    stream: Option<TcpStream>,
    framer: Framer,
    outgoing: Vec<u8>,
    chunk: Box<[u8; 4096]>,
    /// The time-out that the socket has now; setting it costs a system call.
    armed: Option<Duration>,
}

impl TcpRaw {
    /// Connects.
    ///
    /// # Errors
    /// [`LinkError::Connect`] when nobody answers at the address.
    pub fn connect(host: &str, port: u16, settings: TcpSettings) -> Result<Self, LinkError> {
        let address = crate::Address::Tcp {
            host: host.to_owned(),
            port,
        };
        let mut link = Self {
            address: address.to_string(),
            host: host.to_owned(),
            port,
            settings,
            stream: None,
            framer: Framer::new(settings.cap),
            outgoing: Vec::with_capacity(256),
            chunk: Box::new([0; 4096]),
            armed: None,
        };
        link.reconnect()?;
        Ok(link)
    }

    fn reconnect(&mut self) -> Result<(), LinkError> {
        let refused = |reason: String| LinkError::Connect {
            address: self.address.clone(),
            reason,
        };
        let candidates = (self.host.as_str(), self.port)
            .to_socket_addrs()
            .map_err(|error| refused(error.to_string()))?;
        let mut reason = "the name stands for no address".to_owned();
        for candidate in candidates {
            match open(&candidate, self.settings.connect_timeout) {
                Ok(stream) => {
                    self.stream = Some(stream);
                    self.armed = None;
                    self.framer.clear();
                    return Ok(());
                }
                Err(error) => reason = error.to_string(),
            }
        }
        Err(refused(reason))
    }

    fn fail(&mut self, error: &std::io::Error) -> LinkError {
        self.stream = None;
        match error.kind() {
            ErrorKind::ConnectionReset
            | ErrorKind::ConnectionAborted
            | ErrorKind::BrokenPipe
            | ErrorKind::UnexpectedEof => LinkError::Closed,
            _ => LinkError::Io(error.to_string()),
        }
    }
}

fn open(to: &std::net::SocketAddr, timeout: Duration) -> std::io::Result<TcpStream> {
    let stream = TcpStream::connect_timeout(to, timeout)?;
    // Nagle's algorithm and delayed acknowledgement together cost 40 ms a question.
    stream.set_nodelay(true)?;
    stream.set_write_timeout(Some(timeout))?;
    let keepalive = TcpKeepalive::new()
        .with_time(Duration::from_secs(10))
        .with_interval(Duration::from_secs(5));
    SockRef::from(&stream).set_tcp_keepalive(&keepalive)?;
    Ok(stream)
}

impl Link for TcpRaw {
    fn write(&mut self, message: &[u8]) -> Result<(), LinkError> {
        let Some(stream) = &mut self.stream else {
            return Err(LinkError::Closed);
        };
        // A line that nobody waited for isn't the answer to what is asked now.
        self.framer.clear();
        // One segment a message: some instruments reset the connection otherwise.
        self.outgoing.clear();
        self.outgoing.extend_from_slice(message);
        self.outgoing
            .extend_from_slice(self.settings.terminator.as_bytes());
        let written = stream.write_all(&self.outgoing);
        written.map_err(|error| self.fail(&error))
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "a socket's time-out is wall time"
    )]
    fn read(&mut self, reply: &mut Vec<u8>, timeout: Duration) -> Result<(), LinkError> {
        // The kernel takes no zero, and rounds to its own ticks.
        let timeout = timeout.max(Duration::from_millis(1));
        let deadline = Instant::now() + timeout;
        let mut left = timeout;
        loop {
            let Some(stream) = &mut self.stream else {
                return Err(LinkError::Closed);
            };
            if self.framer.take(reply)? {
                return Ok(());
            }
            if self.armed != Some(left) {
                if let Err(error) = stream.set_read_timeout(Some(left)) {
                    return Err(self.fail(&error));
                }
                self.armed = Some(left);
            }
            match stream.read(&mut self.chunk[..]) {
                Ok(0) => {
                    self.stream = None;
                    return Err(LinkError::Closed);
                }
                Ok(count) => {
                    self.framer.push(&self.chunk[..count]);
                    if self.framer.take(reply)? {
                        return Ok(());
                    }
                }
                Err(error)
                    if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(self.fail(&error)),
            }
            left = deadline.saturating_duration_since(Instant::now());
            if left < Duration::from_millis(1) {
                return Err(LinkError::TimedOut { timeout });
            }
        }
    }

    fn clear(&mut self) -> Result<(), LinkError> {
        // Answers under way die with the connection; nothing less is certain. An instrument that
        // takes one client only must see the old one go first.
        if let Some(stream) = self.stream.take() {
            let _already_gone = stream.shutdown(std::net::Shutdown::Both);
        }
        self.reconnect()
    }

    fn address(&self) -> &str {
        &self.address
    }
}
