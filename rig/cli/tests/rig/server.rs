//! `rig sim …`, running until the test is done with it.

use crate::command::{command, root};
use std::io::{BufRead as _, BufReader, Lines, Write as _};
use std::process::{Child, ChildStdout, Stdio};

/// Software instruments in a process of their own.
pub(crate) struct Server {
    child: Child,
    stdout: Option<Lines<BufReader<ChildStdout>>>,
    /// Id, driver and address.
    pub(crate) instruments: Vec<(String, String, String)>,
    /// The bench file's line for the radio, where there is one.
    pub(crate) radio: String,
}

impl Server {
    /// Starts it and waits until it's ready.
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let child = command(&root(), arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut server = Self {
            child,
            stdout: None,
            instruments: Vec::new(),
            radio: String::new(),
        };
        let mut stdout = BufReader::new(server.child.stdout.take().unwrap()).lines();
        while let Some(line) = stdout.next() {
            let line = line.unwrap();
            if line == "ready" {
                server.stdout = Some(stdout);
                return server;
            }
            if line.starts_with("radio: ") {
                server.radio = line;
                continue;
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
    /// Lets something happen to an instrument, and waits until it has.
    pub(crate) fn order(&mut self, order: &str) {
        let stdin = self.child.stdin.as_mut().unwrap();
        writeln!(stdin, "{order}").unwrap();
        let told = self.stdout.as_mut().unwrap().next().unwrap().unwrap();
        assert_eq!(told, format!("done: {order}"));
    }

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
