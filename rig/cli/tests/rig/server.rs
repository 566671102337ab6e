//! `rig sim …`, running until the test is done with it.

use crate::command::{command, root};
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};

/// Software instruments in a process of their own.
pub(crate) struct Server {
    child: Child,
    /// Id, driver and address.
    pub(crate) instruments: Vec<(String, String, String)>,
}

impl Server {
    /// Starts it and waits until it's ready.
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let child = command(&root(), arguments)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut server = Self {
            child,
            instruments: Vec::new(),
        };
        let stdout = BufReader::new(server.child.stdout.take().unwrap());
        for line in stdout.lines() {
            let line = line.unwrap();
            if line == "ready" {
                return server;
            }
            let parts: Vec<&str> = line.split(' ').collect();
            let [id, driver, address] = parts[..] else {
                panic!("{line}");
            };
            let entry = (id.to_owned(), driver.to_owned(), address.to_owned());
            server.instruments.push(entry);
        }
        panic!("never ready: {:?}", server.instruments);
    }
}

impl Server {
    /// Ends it as a power cut would.
    pub(crate) fn kill(&mut self) {
        let _ended_already = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}
