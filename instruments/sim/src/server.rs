//! Software instruments on TCP.
//!
//! One blocking thread a client: with two processor cores and a handful of clients it answers
//! faster than an async runtime, because the kernel wakes the one thread that has work, without
//! a reactor in between.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::{Instrument, SimError};

/// How often an instrument that waits for nobody is looked after.
const TICK: Duration = Duration::from_millis(50);

/// A running server. Dropping it ends the service.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    stop: Arc<AtomicBool>,
    clients: Arc<Mutex<Vec<TcpStream>>>,
    thread: Option<JoinHandle<()>>,
    /// Dropped, it ends the thread that ticks.
    ticking: Option<Sender<()>>,
}

/// Serves an instrument to any number of clients of `listener`.
///
/// # Errors
/// [`SimError::Serve`] when the listener has no address or no thread can be had.
pub fn serve(
    listener: TcpListener,
    instrument: Arc<Mutex<Instrument>>,
) -> Result<Server, SimError> {
    let address = listener.local_addr().map_err(SimError::Serve)?;
    let stop = Arc::new(AtomicBool::new(false));
    let clients = Arc::new(Mutex::new(Vec::new()));
    let (ticking, until) = channel();
    let ticked = instrument.clone();
    std::thread::Builder::new()
        .name(format!("time of {address}"))
        .spawn(move || tick(&until, &ticked))
        .map_err(SimError::Serve)?;
    let (ended, known) = (stop.clone(), clients.clone());
    let thread = std::thread::Builder::new()
        .name(format!("instrument {address}"))
        .spawn(move || accept(&listener, &instrument, &ended, &known))
        .map_err(SimError::Serve)?;
    Ok(Server {
        address,
        stop,
        clients,
        thread: Some(thread),
        ticking: Some(ticking),
    })
}

impl Server {
    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Breaks every connection there is; new ones are taken.
    pub fn hang_up(&self) {
        for client in self
            .clients
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .drain(..)
        {
            // A client that has gone already is what we want.
            let _ = client.shutdown(std::net::Shutdown::Both);
        }
    }

    /// Ends the service: no new clients, and the connections of the present ones are closed.
    pub fn stop(&mut self) {
        if self.stop.swap(true, Ordering::SeqCst) {
            return;
        }
        self.ticking = None;
        self.hang_up();
        // Wakes the thread that waits for clients.
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Lets happen what happens by time alone: a watchdog bites although nobody asks.
fn tick(until: &Receiver<()>, instrument: &Mutex<Instrument>) {
    while until.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
        let mut instrument = instrument.lock().unwrap_or_else(PoisonError::into_inner);
        if instrument.next_wakeup().is_some() {
            instrument.tick();
        }
    }
}

fn accept(
    listener: &TcpListener,
    instrument: &Arc<Mutex<Instrument>>,
    stop: &AtomicBool,
    clients: &Mutex<Vec<TcpStream>>,
) {
    for stream in listener.incoming() {
        if stop.load(Ordering::SeqCst) {
            return;
        }
        let Ok(stream) = stream else { continue };
        let _ = stream.set_nodelay(true);
        let mut known = clients.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|client| client.peer_addr().is_ok());
        if let Ok(copy) = stream.try_clone() {
            known.push(copy);
        }
        drop(known);
        let instrument = instrument.clone();
        let spawned = std::thread::Builder::new()
            .name("client".to_owned())
            .spawn(move || attend(stream, &instrument));
        drop(spawned);
    }
}

/// One client, until it goes.
fn attend(mut stream: TcpStream, instrument: &Mutex<Instrument>) {
    let mut conversation = instrument
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .conversation();
    let mut buffer = vec![0; 1 << 14];
    loop {
        let Ok(count @ 1..) = stream.read(&mut buffer) else {
            return;
        };
        instrument
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .receive_on(&mut conversation, &buffer[..count]);
        if conversation.output.is_empty() {
            // An answer carries the acknowledgement along. Where there is none, the kernel would
            // hold it back for 40 ms, and with it the next message of a client that leaves
            // Nagle's algorithm on. The option wears off: it's set after every such read.
            let _ = socket2::SockRef::from(&stream).set_tcp_quickack(true);
            continue;
        }
        if stream.write_all(&conversation.output).is_err() {
            return;
        }
        conversation.output.clear();
    }
}
