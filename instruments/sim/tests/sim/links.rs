//! Instruments at the end of a link: in process and over TCP.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::bench::{Bench, Hand};
use sim::{
    Catalogue, InProcess, Instrument, InstrumentSpec, ModelKind, PortLaw, Standalone, Surroundings,
    serve,
};
use wire::{Dialect, Link, LinkError, NoTranscript, Pace, Session, Stopwatch};

fn instrument(model: &str) -> Arc<Mutex<Instrument>> {
    let spec = InstrumentSpec {
        model: model.to_owned(),
        ..InstrumentSpec::default()
    };
    let terminals = Box::new(Standalone::new(ModelKind::Supply, Surroundings::default()));
    let instrument = Instrument::new(&Catalogue::built_in(), &spec, terminals).unwrap();
    Arc::new(Mutex::new(instrument))
}

fn link(instrument: &Arc<Mutex<Instrument>>, pace: &Arc<Stopwatch>) -> InProcess {
    InProcess::new(instrument.clone(), pace.clone(), "sim:psu".to_owned())
}

fn ask(link: &mut InProcess, message: &str) -> String {
    link.write(message.as_bytes()).unwrap();
    let mut reply = Vec::new();
    link.read(&mut reply, Duration::from_secs(1)).unwrap();
    String::from_utf8(reply).unwrap()
}

#[test]
fn a_session_works_an_instrument_in_process() {
    let (pace, psu) = (Arc::new(Stopwatch::new()), instrument("rs-ngm202"));
    let link = Box::new(link(&psu, &pace));
    let mut session = Session::new(
        "psu",
        link,
        Dialect::SCPI,
        pace.clone(),
        Arc::new(NoTranscript),
    );
    session.command("VOLT 5").unwrap();
    assert_eq!(session.query("VOLT?").unwrap(), "5.000");
    assert_eq!(
        session.command("VOLT 99").unwrap_err().to_string(),
        "psu refused `VOLT 99`: Data out of range (-222)"
    );
    assert_eq!(pace.now(), Duration::ZERO, "exchanges take no time");
}

#[test]
fn a_read_without_a_query_times_out_on_the_pace() {
    let (pace, psu) = (Arc::new(Stopwatch::new()), instrument("rs-ngm202"));
    let mut link = link(&psu, &pace);
    let timeout = Duration::from_secs(2);
    assert_eq!(
        link.read(&mut Vec::new(), timeout),
        Err(LinkError::TimedOut { timeout })
    );
    assert_eq!(pace.now(), timeout);
    assert_eq!(ask(&mut link, "SYST:ERR?"), "-420,\"Query UNTERMINATED\"");
}

#[test]
fn an_answer_that_nobody_read_is_lost_to_the_next_message() {
    let (pace, psu) = (Arc::new(Stopwatch::new()), instrument("rs-ngm202"));
    let mut link = link(&psu, &pace);
    link.write(b"*IDN?").unwrap();
    assert_eq!(ask(&mut link, "VOLT?"), "0.000");
    assert_eq!(ask(&mut link, "SYST:ERR?"), "-410,\"Query INTERRUPTED\"");
    link.write(b"*IDN?").unwrap();
    link.clear().unwrap();
    assert_eq!(ask(&mut link, "SYST:ERR?"), "0,\"No error\"");
}

#[test]
fn two_links_do_not_hear_each_other() {
    let (pace, psu) = (Arc::new(Stopwatch::new()), instrument("rs-ngm202"));
    let (mut one, mut other) = (link(&psu, &pace), link(&psu, &pace));
    one.write(b"VOLT 3;VOLT?").unwrap();
    assert_eq!(ask(&mut other, "VOLT 4;VOLT?"), "4.000");
    let mut reply = Vec::new();
    one.read(&mut reply, Duration::ZERO).unwrap();
    assert_eq!(reply, b"3.000");
    assert_eq!(ask(&mut other, "SYST:ERR?"), "0,\"No error\"");
}

fn client(address: std::net::SocketAddr) -> BufReader<TcpStream> {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_nodelay(true).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    BufReader::new(stream)
}

fn exchange(client: &mut BufReader<TcpStream>, bytes: &[u8], lines: usize) -> String {
    client.get_mut().write_all(bytes).unwrap();
    let mut text = String::new();
    for _ in 0..lines {
        client.read_line(&mut text).unwrap();
    }
    text
}

#[test]
fn several_clients_share_an_instrument() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let server = serve(listener, instrument("rs-ngm202")).unwrap();
    let (mut one, mut other) = (client(server.address()), client(server.address()));
    assert_eq!(exchange(&mut one, b"VOLT 5;VOLT?\r\n", 1), "5.000\n");
    assert_eq!(exchange(&mut other, b"VOLT?\n", 1), "5.000\n");
    one.get_mut().write_all(b"VOLT 7;VO").unwrap();
    assert_eq!(
        exchange(&mut other, b"VOLT?;*OPC?\nCURR?\n", 2),
        "5.000;1\n0.1000\n"
    );
    assert_eq!(exchange(&mut one, b"LT?\n", 1), "7.000\n");
    assert_eq!(
        exchange(&mut one, b"DISP:TEXT #15a\nb\nc;TEXT?\n", 3),
        "\"a\nb\nc\"\n"
    );
}

#[test]
fn a_chamber_has_several_clients_too() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let server = serve(listener, instrument("espec-p300")).unwrap();
    let (mut one, mut other) = (client(server.address()), client(server.address()));
    assert_eq!(
        exchange(&mut one, b"TEMP,S-10.0\r\n", 1),
        "OK:TEMP,S-10.0\r\n"
    );
    assert_eq!(
        exchange(&mut other, b"TEMP?\r\n", 1),
        "23.0,-10.0,155.0,-45.0\r\n"
    );
}

#[test]
fn a_stopped_server_lets_its_clients_go() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut server = serve(listener, instrument("rs-ngm202")).unwrap();
    let address = server.address();
    let mut one = client(address);
    assert_eq!(exchange(&mut one, b"*OPC?\n", 1), "1\n");
    server.stop();
    assert_eq!(one.read(&mut [0; 8]).unwrap_or(0), 0);
    assert!(
        TcpStream::connect(address).is_err(),
        "the port is free again"
    );
}

/// A client that leaves Nagle's algorithm on, as pyvisa-py does, writes twice before it reads.
#[test]
#[expect(clippy::disallowed_methods, reason = "it's about real time")]
fn a_client_that_writes_twice_does_not_wait_for_acknowledgements() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let server = serve(listener, instrument("rs-ngm202")).unwrap();
    let mut one = client(server.address());
    one.get_mut().set_nodelay(false).unwrap();
    let mut times: Vec<Duration> = (0..41)
        .map(|_| {
            let start = std::time::Instant::now();
            one.get_mut().write_all(b"VOLT 5\n").unwrap();
            assert_eq!(exchange(&mut one, b"VOLT?\n", 1), "5.000\n");
            start.elapsed()
        })
        .collect();
    times.sort();
    assert!(
        times[20] < Duration::from_millis(20),
        "half of them take {:?}",
        times[20]
    );
}

#[test]
fn a_served_watchdog_bites_although_nobody_asks() {
    let Bench { instrument, hand } = Bench::new("keysight-e36312a");
    let psu = Arc::new(Mutex::new(instrument));
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut server = serve(listener, psu.clone()).unwrap();
    psu.lock()
        .unwrap()
        .receive(b"VOLT 5,(@1);:OUTP:PROT:WDOG:DEL 60;:OUTP:PROT:WDOG ON;:OUTP ON,(@1)\n");
    let last = |hand: &Hand| hand.with(|inside| inside.laws.last().copied());
    assert!(matches!(last(&hand), Some((1, PortLaw::Source(_)))));
    hand.pass(61.0);
    // Ten times as long as it should take.
    for _ in 0..50 {
        if last(&hand) == Some((1, PortLaw::Off)) {
            break;
        }
        std::thread::park_timeout(Duration::from_millis(10));
    }
    assert_eq!(last(&hand), Some((1, PortLaw::Off)));
    server.stop();
}
