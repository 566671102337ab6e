//! The serial link over a pair of pseudo-terminals.
#![cfg(unix)]

use api::{ChannelId, Clock, Stopped};
use drivers::{Options, Serial, Usbtmc};
use serialport::{SerialPort, TTYPort};
use sim::{Catalogue, Instrument, InstrumentSpec, ModelKind, Standalone, Surroundings};
use std::io::{Read, Write};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;
use units::{Amps, Volts};
use wire::{Link, LinkError, NoTranscript};

fn pair() -> (Serial, TTYPort) {
    let (mut instrument, rig) = TTYPort::pair().expect("a pair of pseudo-terminals");
    instrument
        .set_timeout(Duration::from_secs(5))
        .expect("a time-out");
    (
        Serial::over(Box::new(rig), "serial:///dev/pts/test", "\r\n"),
        instrument,
    )
}

fn received(instrument: &mut TTYPort, count: usize) -> String {
    let mut bytes = vec![0; count];
    instrument.read_exact(&mut bytes).expect("bytes");
    String::from_utf8_lossy(&bytes).into_owned()
}

#[test]
fn questions_and_answers_pass() {
    let (mut link, mut instrument) = pair();
    link.write(b"TEMP?").expect("written");
    assert_eq!(received(&mut instrument, 7), "TEMP?\r\n");
    instrument
        .write_all(b"25.0,25.0,100.0,-40.0\r\n")
        .expect("sent");
    let mut reply = Vec::new();
    link.read(&mut reply, Duration::from_secs(5))
        .expect("a reply");
    assert_eq!(String::from_utf8_lossy(&reply), "25.0,25.0,100.0,-40.0");
}

#[test]
fn an_answer_that_comes_too_late_is_drained() {
    let (mut link, mut instrument) = pair();
    link.write(b"TEMP?").expect("written");
    let timeout = Duration::from_millis(30);
    let mut reply = Vec::new();
    assert_eq!(
        link.read(&mut reply, timeout),
        Err(LinkError::TimedOut { timeout })
    );
    instrument.write_all(b"99.9\r\n").expect("sent");
    link.clear().expect("drained");
    link.write(b"MODE?").expect("written");
    instrument.write_all(b"STANDBY\r\n").expect("sent");
    link.read(&mut reply, Duration::from_secs(5))
        .expect("a reply");
    assert_eq!(String::from_utf8_lossy(&reply), "STANDBY");
}

#[test]
fn a_line_that_is_gone_is_said() {
    let error = Serial::open(
        "/dev/does-not-exist",
        drivers::SerialSettings::default(),
        "\n",
    )
    .err()
    .expect("there is no such line");
    insta::assert_snapshot!(error.to_string(), @"cannot connect to serial:///dev/does-not-exist?baud=9600&bits=8&parity=none&stop=1: No such file or directory");
}

/// The kernel's USB device is a file that takes a message a write and gives an answer a read. A
/// pseudo-terminal in raw mode does the same.
#[test]
fn a_usb_device_file_is_written_and_read() {
    let (mut instrument, rig) = TTYPort::pair().expect("a pair of pseudo-terminals");
    let path = rig.name().expect("a device file");
    instrument
        .set_timeout(Duration::from_secs(5))
        .expect("a time-out");
    let mut link = Usbtmc::open(&path).expect("opened");
    assert_eq!(link.address(), format!("usbtmc://{path}"));
    link.write(b"*IDN?").expect("written");
    assert_eq!(received(&mut instrument, 6), "*IDN?\n");
    // Without a line feed: the transfer's end is the message's.
    instrument.write_all(b"ACME,X,1,2").expect("sent");
    let mut reply = Vec::new();
    link.read(&mut reply, Duration::from_secs(5))
        .expect("a reply");
    assert_eq!(reply, b"ACME,X,1,2");
    let timeout = Duration::from_millis(30);
    assert_eq!(
        link.read(&mut reply, timeout),
        Err(LinkError::TimedOut { timeout })
    );
    link.clear().expect("opened anew");
    link.write(b"OUTP?").expect("written");
    assert_eq!(received(&mut instrument, 6), "OUTP?\n");
    drop(rig);
}

#[test]
fn a_usb_device_that_is_not_there_is_said() {
    let error = Usbtmc::open("/dev/usbtmc99").err().expect("there is none");
    insta::assert_snapshot!(error.to_string(), @"cannot connect to usbtmc:///dev/usbtmc99: No such file or directory (os error 2)");
}

/// Time that doesn't pass: nothing here waits on it.
struct Still;

impl Clock for Still {
    fn now(&self) -> Duration {
        Duration::ZERO
    }
    fn sleep(&self, _time: Duration) -> Result<(), Stopped> {
        Ok(())
    }
    fn sleep_through(&self, _time: Duration) {}
}

/// Puts a twin at the other end of a line until that is closed.
fn attend(mut line: TTYPort, model: &str) -> JoinHandle<()> {
    let spec = InstrumentSpec {
        model: model.to_owned(),
        ..InstrumentSpec::default()
    };
    let terminals = Standalone::new(ModelKind::Supply, Surroundings::default());
    let twin = Instrument::new(&Catalogue::built_in(), &spec, Box::new(terminals));
    let mut twin = twin.expect("a twin");
    std::thread::spawn(move || {
        let mut buffer = [0; 256];
        let mut answer = Vec::new();
        while let Ok(count @ 1..) = line.read(&mut buffer) {
            twin.receive(&buffer[..count]);
            twin.take_output(&mut answer);
            if line.write_all(&answer).is_err() {
                return;
            }
            answer.clear();
        }
    })
}

fn charges(link: Box<dyn Link>) {
    let options = Options::new(Arc::new(Still), Arc::new(NoTranscript));
    let mut unit = drivers::open("rs-hmp4040", "psu", link, &options).expect("a driver");
    unit.prepare().expect("prepared");
    let supply = unit.supply().expect("a supply");
    let output = ChannelId(4);
    supply.set_voltage(output, Volts(5.0)).expect("set");
    supply.set_source_current(output, Amps(1.0)).expect("set");
    supply.set_output(output, true).expect("on");
    assert_eq!(supply.measure_current(output), Ok(Amps(0.5)));
    unit.all_off().expect("off");
}

#[test]
fn a_driver_works_its_twin_over_a_serial_line() {
    let (mut instrument, rig) = TTYPort::pair().expect("a pair of pseudo-terminals");
    instrument
        .set_timeout(Duration::from_secs(5))
        .expect("a time-out");
    let thread = attend(instrument, "rs-hmp4040");
    charges(Box::new(Serial::over(
        Box::new(rig),
        "serial:///dev/pts/test",
        "\n",
    )));
    thread.join().expect("it ended with the line");
}

#[test]
fn a_driver_works_its_twin_over_a_device_file() {
    let (mut instrument, rig) = TTYPort::pair().expect("a pair of pseudo-terminals");
    instrument
        .set_timeout(Duration::from_secs(5))
        .expect("a time-out");
    let path = rig.name().expect("a device file");
    let link = Usbtmc::open(&path).expect("opened");
    // Not needed any longer, and nobody else shall read the answers.
    drop(rig);
    let thread = attend(instrument, "rs-hmp4040");
    charges(Box::new(link));
    drop(thread);
}
