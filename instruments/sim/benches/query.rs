//! What a query costs: in process with transcript, and over loopback TCP next to a line echo
//! between the same two threads.

use std::hint::black_box;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use sim::{
    Catalogue, InProcess, Instrument, InstrumentSpec, ModelKind, Standalone, Surroundings, serve,
};
use wire::{Dialect, Session, Stopwatch, Transcript};

fn instrument(model: &str) -> Arc<Mutex<Instrument>> {
    let spec = InstrumentSpec {
        model: model.to_owned(),
        ..InstrumentSpec::default()
    };
    let terminals = Box::new(Standalone::new(ModelKind::Supply, Surroundings::default()));
    let instrument = Instrument::new(&Catalogue::built_in(), &spec, terminals)
        .expect("a built-in model with its own cards");
    Arc::new(Mutex::new(instrument))
}

fn in_process(criterion: &mut Criterion) {
    let pace = Arc::new(Stopwatch::new());
    let link = InProcess::new(instrument("rs-ngm202"), pace.clone(), "sim:psu".to_owned());
    let transcript = Arc::new(Transcript::default());
    let mut session = Session::new("psu", Box::new(link), Dialect::SCPI, pace, transcript);
    let mut group = criterion.benchmark_group("in process, with transcript");
    group.throughput(Throughput::Elements(1));
    for query in [
        "MEAS:VOLT?",
        "VOLT?",
        "*IDN?",
        "SYST:ERR?",
        "STAT:QUES:COND?",
    ] {
        group.bench_function(query, |bencher| {
            bencher.iter(|| {
                black_box(session.query_text(query).expect("it answers").len());
            });
        });
    }
    group.bench_function("INST:NSEL 1;:MEAS:VOLT?", |bencher| {
        bencher.iter(|| {
            let answer = session.query_text("INST:NSEL 1;:MEAS:VOLT?");
            black_box(answer.expect("it answers").len());
        });
    });
    group.finish();
}

/// A line echo: the least that any server must do.
fn echo() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("bound");
    std::thread::spawn(move || {
        let (stream, _) = listener.accept().expect("a client");
        stream.set_nodelay(true).expect("a socket");
        let mut reader = BufReader::new(stream);
        let mut line = String::new();
        while reader.read_line(&mut line).is_ok_and(|count| count > 0) {
            if reader.get_mut().write_all(line.as_bytes()).is_err() {
                return;
            }
            line.clear();
        }
    });
    address
}

struct Client {
    reader: BufReader<TcpStream>,
    line: String,
}

impl Client {
    fn new(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).expect("somebody listens");
        stream.set_nodelay(true).expect("a socket");
        Self {
            reader: BufReader::new(stream),
            line: String::new(),
        }
    }

    fn ask(&mut self, message: &[u8]) {
        self.reader
            .get_mut()
            .write_all(message)
            .expect("it's there");
        self.line.clear();
        self.reader.read_line(&mut self.line).expect("it answers");
        black_box(&self.line);
    }
}

fn over_tcp(criterion: &mut Criterion) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let server = serve(listener, instrument("rs-ngm202")).expect("a thread");
    let mut served = Client::new(server.address());
    let mut echoed = Client::new(echo());
    let mut group = criterion.benchmark_group("loopback TCP");
    group.throughput(Throughput::Elements(1));
    group.bench_function("echo", |bencher| {
        bencher.iter(|| echoed.ask(b"MEAS:VOLT?\n"))
    });
    group.bench_function("instrument", |bencher| {
        bencher.iter(|| served.ask(b"MEAS:VOLT?\n"))
    });
    group.finish();
    compare(&mut echoed, &mut served);
}

/// Echo and instrument in turn, so that whatever else the machine does befalls both.
#[expect(clippy::disallowed_methods, reason = "a benchmark measures real time")]
fn compare(echoed: &mut Client, served: &mut Client) {
    const ROUNDS: usize = 41;
    const QUERIES: u32 = 1000;
    let rate = |client: &mut Client| {
        let start = Instant::now();
        for _ in 0..QUERIES {
            client.ask(b"MEAS:VOLT?\n");
        }
        f64::from(QUERIES) / start.elapsed().as_secs_f64()
    };
    let mut rounds: Vec<(f64, f64)> = (0..ROUNDS).map(|_| (rate(echoed), rate(served))).collect();
    rounds.sort_by(|a, b| (a.1 / a.0).total_cmp(&(b.1 / b.0)));
    let (echo, instrument) = rounds[ROUNDS / 2];
    println!(
        "loopback TCP: instrument {instrument:.0}/s, echo {echo:.0}/s, ratio {:.2} \
         (median of {ROUNDS} rounds in turn; {:.2} to {:.2})",
        instrument / echo,
        rounds[ROUNDS / 10].1 / rounds[ROUNDS / 10].0,
        rounds[ROUNDS * 9 / 10].1 / rounds[ROUNDS * 9 / 10].0,
    );
}

criterion_group!(benches, in_process, over_tcp);
criterion_main!(benches);
