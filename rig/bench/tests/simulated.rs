//! The bench on the simulated world: real drivers, SCPI text, boards and batteries behind it.

use api::{Answer, Cancel, LoadMode, Operator, OperatorError, Request};
use bench::{Bench, BenchError, ExchangeNote, OffOrder, Parts};
use config::SearchPath;
use record::Recorder;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use units::{Amps, Volts};
use wire::Transcript;
use world::{Devices, World, WorldOptions};

struct Nobody;

impl Operator for Nobody {
    fn ask(&mut self, request: &Request) -> Result<Answer, OperatorError> {
        Err(OperatorError::Absent {
            instruction: request.instruction.clone(),
        })
    }
}

fn secs(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds)
}

/// A bench file of the project with the world behind it; `lose` is a message that gets lost.
fn parts(name: &str, lose: Option<u64>) -> (Parts, World) {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
    let search = SearchPath::new(vec![fixtures]);
    let config = Arc::new(search.bench(name).expect("a bench of the project"));
    let devices = Devices {
        battery: search
            .battery_device(&config.device.battery)
            .expect("a device"),
        bms: search.bms_device(&config.device.bms).expect("a device"),
    };
    let options = WorldOptions {
        lose_message: lose,
        ..WorldOptions::default()
    };
    let world = World::build(&config, &devices, &[], &options).expect("a world");
    let cancel = Cancel::new();
    let clock = world.clock(cancel.clone());
    let transcript = Transcript::new(200, 20_000);
    let instruments: BTreeMap<_, _> = config
        .instruments
        .iter()
        .map(|(id, instrument)| {
            let options = drivers::Options {
                limits: drivers::Limits {
                    voltage: instrument.limits.voltage,
                    current: instrument.limits.current,
                },
                cards: instrument.cards.clone(),
                ..drivers::Options::new(clock.clone(), Arc::new(transcript.clone()))
            };
            let link = world.link(id).expect("a link");
            let driver = drivers::open(&instrument.driver, id, link, &options).expect("a driver");
            (id.clone(), driver)
        })
        .collect();
    let parts = Parts {
        battery: search
            .battery_product(&config.device.battery)
            .expect("a product"),
        bms: search.bms_product(&config.device.bms).expect("a product"),
        clauses: Arc::new(config::Clauses {
            clauses: BTreeMap::new(),
            ambiguities: BTreeMap::new(),
        }),
        instruments,
        clock,
        cancel,
        telemetry: None,
        operator: Box::new(Nobody),
        recorder: Recorder::into_writer(Box::new(std::io::sink())),
        exchanges: Box::new(move || {
            let newest = transcript.all();
            newest
                .iter()
                .rev()
                .take(3)
                .map(|exchange| ExchangeNote {
                    instrument: exchange.instrument.to_string(),
                    sent: exchange.to_string(),
                    ..ExchangeNote::default()
                })
                .collect()
        }),
        left: None,
        off_order: OffOrder::InTurn,
        config,
    };
    (parts, world)
}

/// All of what a board scenario does to its bench.
fn force_cells(bench: &mut Bench) -> Result<(), BenchError> {
    bench.power_bms()?;
    bench.plug_all()?;
    bench.energise_cells(Volts(3.3))?;
    bench.settle(secs(5.0), secs(1.0))?;
    bench.set_cell(1, 2, Volts(3.0))?;
    bench.watch_contacts(secs(0.1), secs(3.0), |_| ControlFlow::<()>::Continue(()))?;
    bench.set_cells(Volts(3.4))?;
    bench.snapshot()?;
    bench.de_energise_cells()?;
    bench.unpower_bms()
}

/// All of what a battery scenario does to its bench.
fn charge_and_discharge(bench: &mut Bench) -> Result<(), BenchError> {
    bench.plug_all()?;
    bench.connect_battery()?;
    bench.settle(secs(5.0), secs(1.0))?;
    bench.start_charging(Volts(14.2), Amps(50.0))?;
    bench.settle(secs(5.0), secs(1.0))?;
    bench.unplug_cable(1)?;
    bench.watch_contacts(secs(0.1), secs(2.0), |_| ControlFlow::<()>::Continue(()))?;
    bench.plug_cable(1)?;
    bench.settle(secs(2.0), secs(1.0))?;
    bench.stop_charging()?;
    bench.start_load(LoadMode::Current(Amps(20.0)))?;
    bench.snapshot()?;
    bench.stop_load()
}

#[test]
fn a_board_bench_does_what_it_is_told() {
    for name in ["sim-board-4s", "sim-board-8s"] {
        let (parts, world) = parts(name, None);
        let mut bench = Bench::open(parts).expect("a healthy bench");
        force_cells(&mut bench).expect("a healthy run");
        let state = bench.close("the end");
        assert!(state.proven, "{}", state.in_words());
        assert_eq!(world.energised(), Vec::<String>::new());
    }
}

#[test]
fn a_battery_bench_does_what_it_is_told() {
    for name in ["sim-battery", "sim-bank-2p"] {
        let (parts, world) = parts(name, None);
        let mut bench = Bench::open(parts).expect("a healthy bench");
        charge_and_discharge(&mut bench).expect("a healthy run");
        let state = bench.close("the end");
        assert!(state.proven, "{}", state.in_words());
        assert_eq!(world.energised(), Vec::<String>::new());
    }
}

#[test]
fn a_charge_flows_into_the_bank() {
    let (parts, world) = parts("sim-battery", None);
    let mut bench = Bench::open(parts).expect("a healthy bench");
    bench.plug_all().expect("cables");
    bench.settle(secs(5.0), secs(1.0)).expect("quiet");
    bench
        .start_charging(Volts(14.2), Amps(50.0))
        .expect("charging");
    let snapshot = bench
        .settle(secs(5.0), secs(1.0))
        .expect("charging")
        .clone();
    let current = snapshot.current.expect("a charger and a load");
    assert!((current.value - 50.0).abs() < 0.5, "{current:?}");
    assert_eq!(world.energised().len(), 1);
    // No proof without the charger: pull its plug for good.
    drop(bench);
    assert_eq!(world.energised(), Vec::<String>::new());
}

/// Loses each message of a whole run in turn: no output stays on that the bench doesn't name.
fn sweep(name: &str, run: fn(&mut Bench) -> Result<(), BenchError>) {
    let (whole, world) = parts(name, None);
    let mut bench = Bench::open(whole).expect("a healthy bench");
    run(&mut bench).expect("a healthy run");
    drop(bench);
    let messages = world.message_counter().count();
    assert!(messages > 100, "{messages}");
    for lost in (0..messages).step_by(4) {
        let (parts, world) = parts(name, Some(lost));
        if let Ok(mut bench) = Bench::open(parts) {
            let outcome = run(&mut bench);
            let state = bench.close("the end");
            assert!(
                state.proven,
                "message {lost} lost, {outcome:?}: {}",
                state.in_words()
            );
        }
        assert_eq!(
            world.energised(),
            Vec::<String>::new(),
            "message {lost} lost"
        );
    }
}

#[test]
fn no_lost_message_leaves_a_board_energised() {
    sweep("sim-board-4s", force_cells);
}

#[test]
fn no_lost_message_leaves_a_battery_connected() {
    sweep("sim-battery", charge_and_discharge);
}
