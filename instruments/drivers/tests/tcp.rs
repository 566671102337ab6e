//! The TCP link against servers that behave as instruments on a bad day.

use drivers::{TcpRaw, TcpSettings};
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::thread::JoinHandle;
use std::time::Duration;
use wire::{Link, LinkError};

/// Serves `connections` clients one after the other, each by `serve`.
fn server(
    connections: usize,
    serve: impl Fn(usize, TcpStream) + Send + 'static,
) -> (u16, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let thread = std::thread::spawn(move || {
        for number in 0..connections {
            let (stream, _) = listener.accept().expect("a client");
            serve(number, stream);
        }
    });
    (port, thread)
}

fn link(port: u16, cap: usize) -> TcpRaw {
    let settings = TcpSettings {
        cap,
        ..TcpSettings::default()
    };
    TcpRaw::connect("127.0.0.1", port, settings).expect("a connection")
}

fn line(stream: &TcpStream) -> String {
    let mut text = String::new();
    BufReader::new(stream).read_line(&mut text).expect("a line");
    text
}

fn ask(link: &mut dyn Link, question: &str, timeout: Duration) -> Result<String, LinkError> {
    link.write(question.as_bytes())?;
    let mut reply = Vec::new();
    link.read(&mut reply, timeout)?;
    Ok(String::from_utf8_lossy(&reply).into_owned())
}

const SOON: Duration = Duration::from_millis(50);
const LONG: Duration = Duration::from_secs(5);

#[test]
fn a_question_has_its_answer_whatever_the_line_end() {
    let (port, thread) = server(1, |_, mut stream| {
        assert_eq!(line(&stream), "*IDN?\n");
        stream.write_all(b"EA,PSB\r\n").expect("sent");
        assert_eq!(line(&stream), "MEAS:VOLT?\n");
        // In two pieces, as a slow instrument sends.
        stream.write_all(b"14.").expect("sent");
        stream.write_all(b"2 V\n").expect("sent");
    });
    let mut link = link(port, 1 << 10);
    assert_eq!(ask(&mut link, "*IDN?", LONG), Ok("EA,PSB".into()));
    assert_eq!(ask(&mut link, "MEAS:VOLT?", LONG), Ok("14.2 V".into()));
    thread.join().expect("a server");
}

#[test]
fn a_late_answer_never_belongs_to_the_next_question() {
    let (port, thread) = server(2, |number, mut stream| {
        let asked = line(&stream);
        if number == 0 {
            assert_eq!(asked, "MEAS:VOLT?\n");
            // Too late: the client has given up. It may have gone already.
            std::thread::park_timeout(Duration::from_millis(150));
            let _gone = stream.write_all(b"99.9\n");
        } else {
            assert_eq!(asked, "MEAS:CURR?\n");
            stream.write_all(b"1.0\n").expect("sent");
        }
    });
    let mut link = link(port, 1 << 10);
    let late = ask(&mut link, "MEAS:VOLT?", SOON);
    assert_eq!(late, Err(LinkError::TimedOut { timeout: SOON }));
    link.clear().expect("a new connection");
    assert_eq!(ask(&mut link, "MEAS:CURR?", LONG), Ok("1.0".into()));
    thread.join().expect("a server");
}

#[test]
fn a_closed_connection_is_said_and_mended_by_clearing() {
    let (port, thread) = server(2, |number, mut stream| {
        let _asked = line(&stream);
        if number == 1 {
            stream.write_all(b"1\n").expect("sent");
        }
    });
    let mut link = link(port, 1 << 10);
    assert_eq!(ask(&mut link, "OUTP?", LONG), Err(LinkError::Closed));
    // Nothing is sent on a connection that is gone.
    assert_eq!(link.write(b"OUTP?"), Err(LinkError::Closed));
    link.clear().expect("a new connection");
    assert_eq!(ask(&mut link, "OUTP?", LONG), Ok("1".into()));
    thread.join().expect("a server");
}

#[test]
fn blocks_are_taken_whole_and_endless_answers_are_not() {
    let (port, thread) = server(1, |_, mut stream| {
        let _asked = line(&stream);
        stream.write_all(b"#15a\nb\nc\n").expect("sent");
        let _asked = line(&stream);
        let _gone = stream.write_all(&[b'x'; 200]);
    });
    let mut link = link(port, 100);
    assert_eq!(ask(&mut link, "DATA?", LONG), Ok("#15a\nb\nc".into()));
    assert_eq!(
        ask(&mut link, "DATA?", LONG),
        Err(LinkError::TooLong { cap: 100 })
    );
    thread.join().expect("a server");
}

#[test]
fn nobody_there_is_said_with_the_address() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    drop(listener);
    let error = TcpRaw::connect("127.0.0.1", port, TcpSettings::default())
        .err()
        .expect("nobody is there");
    assert_eq!(
        error.to_string(),
        format!("cannot connect to tcp://127.0.0.1:{port}: Connection refused (os error 111)")
    );
}
