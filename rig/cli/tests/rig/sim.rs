//! The software instruments as other programs meet them.

use crate::command::rig;
use crate::server::Server;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;

fn ask(address: &str, question: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream
        .write_all(format!("{question}\n").as_bytes())
        .unwrap();
    let mut answer = String::new();
    BufReader::new(stream).read_line(&mut answer).unwrap();
    answer.trim().to_owned()
}

#[test]
fn one_instrument_answers_on_tcp() {
    for (model, who) in [
        ("rs-ngm202", "NGM202"),
        ("ea-psb10000", "PSB 10"),
        ("bk-8514b", "8514B"),
        ("keysight-34980a", "34980A"),
    ] {
        let server = Server::start(&["sim", "instrument", model, "--listen", "127.0.0.1:0"]);
        let [(id, driver, address)] = &server.instruments[..] else {
            panic!("{:?}", server.instruments);
        };
        assert_eq!((id.as_str(), driver.as_str()), (model, model));
        let identity = ask(address, "*IDN?");
        assert!(identity.contains(who), "{identity}");
    }
}

#[test]
fn a_whole_bench_is_served_and_its_world_goes_on() {
    let server = Server::start(&["sim", "serve", "--bench", "sim-board-4s", "--speed", "10"]);
    let ids: Vec<&str> = server
        .instruments
        .iter()
        .map(|(id, ..)| id.as_str())
        .collect();
    assert_eq!(ids, ["bms_supply", "cells_a", "cells_b", "chamber", "daq"]);
    let (_, _, cells) = &server.instruments[1];
    assert!(ask(cells, "*IDN?").contains("NGM202"));
    let mut stream = TcpStream::connect(cells).unwrap();
    stream
        .write_all(b"INST:NSEL 1\nVOLT 3.3\nCURR 1\nOUTP:SEL 1\nOUTP:GEN 1\nMEAS:VOLT?\n")
        .unwrap();
    let mut answer = String::new();
    BufReader::new(stream).read_line(&mut answer).unwrap();
    let volts: f64 = answer.trim().parse().unwrap();
    assert!((volts - 3.3).abs() < 0.02, "{answer}");
}

#[test]
fn models_that_are_not_there_are_told_with_the_nearest() {
    let done = rig(&["sim", "instrument", "rs-ngm22"]);
    assert_eq!(done.code, 64);
    assert!(
        done.stderr.contains("did you mean `rs-ngm202`?"),
        "{}",
        done.stderr
    );
    let list = rig(&["sim", "instrument", "list"]);
    for model in ["rs-ngm202", "keysight-e36312a", "rigol-dp832", "watlow-f4t"] {
        let line = format!("\n{model}  ");
        assert!(
            format!("\n{}", list.stdout).contains(&line),
            "{model}: {}",
            list.stdout
        );
    }
}
