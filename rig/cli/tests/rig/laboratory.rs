//! A bench with real addresses, whose instruments another process serves.

use crate::between::Between;
use crate::command::{Done, fixtures, rig_in};
use crate::server::Server;
use api::Clock as _;
use record::{Event, Verdict, read_journal};
use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// `sim-board-4s`, reached over TCP.
pub(crate) struct Laboratory {
    pub(crate) folder: TempDir,
    bench: PathBuf,
    pub(crate) server: Server,
    /// What the runner's messages pass through.
    pub(crate) between: Between,
    on_a_battery: bool,
}

impl Laboratory {
    pub(crate) fn new() -> Self {
        Self::of("sim-board-4s")
    }

    /// Another bench of the fixtures.
    pub(crate) fn of(name: &str) -> Self {
        Self::with(name, &[])
    }

    /// With further arguments of `rig sim serve`.
    pub(crate) fn with(name: &str, more: &[&str]) -> Self {
        let mut arguments = vec!["sim", "serve", "--bench", name, "--orders"];
        arguments.extend(more);
        let server = Server::start(&arguments);
        let between = Between::new(&server.instruments);
        let file = fixtures().join(format!("benches/{name}.yaml"));
        let text = std::fs::read_to_string(file).unwrap();
        let mut out = String::new();
        let mut address = String::new();
        for line in text.lines() {
            let id = line.trim().split(':').next().unwrap_or_default();
            if let Some(at) = between.addresses.get(id) {
                address = at.to_string();
            }
            if line.trim() == "address: 'sim:'" {
                writeln!(out, "    address: 'tcp://{address}'").unwrap();
            } else {
                writeln!(out, "{line}").unwrap();
            }
        }
        for (id, at) in &between.addresses {
            assert!(out.contains(&at.to_string()), "{id}: {out}");
        }
        let folder = tempfile::tempdir().unwrap();
        let bench = folder.path().join("lab.yaml");
        std::fs::write(&bench, out).unwrap();
        Self {
            folder,
            on_a_battery: text.contains("kind: battery"),
            bench,
            server,
            between,
        }
    }

    pub(crate) fn bench(&self) -> &str {
        self.bench.to_str().unwrap()
    }

    /// The same laboratory with a bench file that differs.
    pub(crate) fn change(&self, from: &str, to: &str) {
        let text = std::fs::read_to_string(&self.bench).unwrap();
        assert!(text.contains(from), "{from}");
        std::fs::write(&self.bench, text.replace(from, to)).unwrap();
    }

    /// The bench file asks for this unit from now on.
    pub(crate) fn expect_serial(&self, id: &str, serial: &str) {
        let (from, at) = (format!("  {id}:"), format!("    serial: '{serial}'\n"));
        let text = std::fs::read_to_string(&self.bench).unwrap();
        let mut out = String::new();
        for line in text.lines() {
            writeln!(out, "{line}").unwrap();
            if line.starts_with(&from) {
                out.push_str(&at);
            }
        }
        assert!(out.contains(&at), "{id}");
        std::fs::write(&self.bench, out).unwrap();
    }

    /// Says something to an instrument over a connection of our own.
    pub(crate) fn tell(&self, id: &str, message: &str) {
        let known = self
            .server
            .instruments
            .iter()
            .find(|(known, ..)| known == id);
        let (_, _, address) = known.unwrap();
        let mut stream = BufReader::new(TcpStream::connect(address).unwrap());
        stream
            .get_mut()
            .write_all(format!("{message};*OPC?\n").as_bytes())
            .unwrap();
        stream.read_line(&mut String::new()).unwrap();
    }

    pub(crate) fn feature(&self, steps: &str) -> PathBuf {
        let path = self.folder.path().join("a.feature");
        let kind = if self.on_a_battery {
            "battery"
        } else {
            "board"
        };
        let text = format!("Feature: f\n  @bench:{kind}\n  Scenario: s\n{steps}");
        std::fs::write(&path, text).unwrap();
        path
    }

    /// A feature that asks for nothing but a bench that is on for so long.
    pub(crate) fn stays_on(&self, time: &str) -> PathBuf {
        self.feature(&format!(
            "    Given a bench that is on, as a drill\n    When it stays on for {time}, as a drill\n"
        ))
    }

    /// A whole run.
    pub(crate) fn run(&self, feature: &Path, out: &Path) -> Done {
        let (out, feature) = (out.to_str().unwrap(), feature.to_str().unwrap());
        let arguments = ["run", "--bench", self.bench(), "--out", out, feature];
        rig_in(self.folder.path(), &arguments)
    }

    /// `rig safe`.
    pub(crate) fn safe(&self) -> Done {
        rig_in(self.folder.path(), &["safe", "--bench", self.bench()])
    }

    /// Starts a run and waits until the cells are on.
    pub(crate) fn run_until_cells_are_on(&self) -> (Child, PathBuf) {
        let feature = self.stays_on("30 s");
        let run = self.run_until(&feature, r#""role":"cells","action":"on""#);
        // The command is in the record before the last of them is on.
        let clock = rig::run::WallClock::start();
        while self.on().len() < 4 && clock.now() < Duration::from_secs(5) {
            clock.sleep_through(Duration::from_millis(20));
        }
        run
    }

    /// Starts a run.
    pub(crate) fn start(&self, feature: &Path, out: &Path) -> Child {
        // A full disk is an error to the runner, not the end of it.
        Command::new("sh")
            .args([
                "-c",
                "trap '' XFSZ; exec \"$0\" run --bench \"$1\" --out \"$2\" \"$3\"",
            ])
            .arg(env!("CARGO_BIN_EXE_rig"))
            .args([
                self.bench(),
                out.to_str().unwrap(),
                feature.to_str().unwrap(),
            ])
            .current_dir(self.folder.path())
            .env_remove("RIG_FIXTURES")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap()
    }

    /// Starts a run and waits until its journal tells this.
    pub(crate) fn run_until(&self, feature: &Path, told: &str) -> (Child, PathBuf) {
        let out = self.folder.path().join("run");
        let mut child = self.start(feature, &out);
        let clock = rig::run::WallClock::start();
        for _ in 0..600 {
            let journal = std::fs::read_to_string(out.join("journal.ndjson")).unwrap_or_default();
            if journal.contains(told) {
                return (child, out);
            }
            clock.sleep_through(Duration::from_millis(50));
        }
        // A run that hangs must not outlive the test.
        child.kill().unwrap();
        let status = child.wait().unwrap();
        panic!("{told} was never told; {status}");
    }
}

impl Laboratory {
    /// The outputs of the supplies that are on, asked over a connection of our own.
    pub(crate) fn on(&self) -> Vec<String> {
        let supplies = self
            .server
            .instruments
            .iter()
            .filter(|(_, driver, _)| driver == "rs-ngm202");
        let mut on = Vec::new();
        for (id, _, address) in supplies {
            let mut stream = BufReader::new(TcpStream::connect(address).unwrap());
            let limit = Some(Duration::from_secs(5));
            stream.get_ref().set_read_timeout(limit).unwrap();
            for channel in 1..=2 {
                let question = format!("INST:NSEL {channel};:OUTP:SEL?;:OUTP:GEN?\n");
                stream.get_mut().write_all(question.as_bytes()).unwrap();
                let mut answer = String::new();
                stream.read_line(&mut answer).unwrap();
                match answer.trim() {
                    "1;1" => on.push(format!("{id}/{channel}")),
                    "0;0" | "0;1" | "1;0" => {}
                    other => panic!("{id}: {other}"),
                }
            }
        }
        on
    }

    /// Asks an instrument over a connection of our own.
    pub(crate) fn asked(&self, id: &str, question: &str) -> String {
        let known = self
            .server
            .instruments
            .iter()
            .find(|(known, ..)| known == id);
        let (_, _, address) = known.unwrap();
        let mut stream = BufReader::new(TcpStream::connect(address).unwrap());
        stream
            .get_mut()
            .write_all(format!("{question}\n").as_bytes())
            .unwrap();
        let mut answer = String::new();
        stream.read_line(&mut answer).unwrap();
        answer.trim().to_owned()
    }

    /// Waits until nothing is on; how long that took.
    pub(crate) fn off_after(&self, patience: Duration) -> Duration {
        let clock = rig::run::WallClock::start();
        while clock.now() < patience {
            if self.on().is_empty() {
                return clock.now();
            }
            clock.sleep_through(Duration::from_millis(20));
        }
        panic!("after {patience:?} still on: {:?}", self.on());
    }

    /// Makes the bench safe as the next one who has it; whoever had it may take a moment to end.
    pub(crate) fn is_free(&self) {
        let clock = rig::run::WallClock::start();
        loop {
            let safe = self.safe();
            if safe.code == 0 {
                return;
            }
            let told = format!("{}{}", safe.stdout, safe.stderr);
            assert!(told.contains("is in use by"), "{told}");
            assert!(clock.now() < Duration::from_secs(5), "{told}");
        }
    }

    /// Waits until the journal in this folder ends with the end of the run.
    pub(crate) fn finished(&self, run: &Path) -> Vec<Event> {
        let clock = rig::run::WallClock::start();
        while clock.now() < Duration::from_secs(20) {
            let text = std::fs::read_to_string(run.join("journal.ndjson")).unwrap();
            if text.contains(r#""event":"run-finished""#) && run.join("report.html").is_file() {
                return events(run);
            }
            clock.sleep_through(Duration::from_millis(50));
        }
        panic!("the guard never closed the record");
    }
}

/// How the scenario ended, and whether the bench was proven safe after it began.
pub(crate) fn verdict_and_proof(events: &[Event]) -> (Option<(Verdict, String)>, Option<bool>) {
    let verdict = events.iter().rev().find_map(|event| match event {
        Event::ScenarioFinished { verdict, reason } => Some((*verdict, reason.clone())),
        _ => None,
    });
    let proof = events.iter().rev().find_map(|event| match event {
        Event::MadeSafe { proven, .. } => Some(*proven),
        _ => None,
    });
    (verdict, proof)
}

pub(crate) fn events(run: &Path) -> Vec<Event> {
    let text = std::fs::read(run.join("journal.ndjson")).unwrap();
    let mut events = Vec::new();
    read_journal("journal", &text[..], |entry| events.push(entry.event)).unwrap();
    events
}
