//! A bench on its own thread.

use crate::rig::{Rig, secs};
use bench::{Actor, ActorError, Bench, BenchError};
use units::{Amps, Volts};

fn spawn(rig: &Rig) -> Actor {
    let parts = rig.parts();
    Actor::spawn("bench", move || Bench::open(parts)).expect("a thread")
}

#[test]
fn jobs_run_in_order_and_the_end_is_safe() {
    let rig = Rig::new("sim-battery");
    let actor = spawn(&rig);
    assert_eq!(actor.wait_opened(), Ok(()));
    actor
        .submit(Box::new(|bench| {
            bench
                .start_charging(Volts(14.2), Amps(50.0))
                .expect("charging");
        }))
        .expect("queued");
    let charging = actor.run(|bench| bench.last().outputs.charger);
    assert_eq!(charging, Ok(Some((Volts(14.2), Amps(50.0)))));
    assert_eq!(rig.state.energised(), ["charger/1"]);
    let state = actor.close().expect("was open");
    assert!(state.proven);
    assert_eq!(rig.state.energised(), Vec::<String>::new());
}

#[test]
fn a_panic_in_a_job_makes_safe_and_is_reported() {
    let rig = Rig::new("sim-battery");
    let actor = spawn(&rig);
    let outcome = actor.run(|bench| -> () {
        bench
            .start_charging(Volts(14.2), Amps(50.0))
            .expect("charging");
        panic!("index 7 out of 4");
    });
    let error = outcome.unwrap_err();
    insta::assert_snapshot!(error, @"panicked: index 7 out of 4; the bench is proven safe");
    assert_eq!(actor.last_panic(), Some(error));
    assert_eq!(rig.state.energised(), Vec::<String>::new());
    // The thread lives on.
    assert_eq!(actor.run(|bench| bench.batteries()), Ok(1));
    drop(actor);
    insta::assert_snapshot!(rig.story(6), @"0.0 made safe, proven true: panicked: index 7 out of 4");
}

#[test]
fn cancelling_ends_a_job_that_waits() {
    let rig = Rig::new("sim-battery");
    let actor = spawn(&rig);
    assert_eq!(actor.wait_opened(), Ok(()));
    let (started, begun) = std::sync::mpsc::channel();
    let (ended, end) = std::sync::mpsc::channel();
    let job = move |bench: &mut Bench| {
        started.send(()).expect("somebody waits");
        let outcome = loop {
            if let Err(error) = bench.sleep(secs(1.0)) {
                break error;
            }
        };
        ended.send(outcome).expect("somebody waits");
    };
    actor.submit(Box::new(job)).expect("queued");
    begun.recv().expect("begun");
    actor.cancel("interrupt (SIGINT)");
    let outcome = end.recv().expect("ended");
    assert!(matches!(outcome, BenchError::Stopped(_)), "{outcome}");
    assert!(actor.close().expect("was open").proven);
}

#[test]
fn a_bench_that_does_not_open_says_why_to_everybody() {
    let mut rig = Rig::new("sim-battery");
    rig.missing = Some("daq".into());
    let actor = spawn(&rig);
    let error = actor.wait_opened().unwrap_err();
    assert!(matches!(error, ActorError::NotOpened(_)), "{error}");
    assert_eq!(actor.run(|bench| bench.batteries()), Err(error));
    assert_eq!(actor.close(), None);
}

#[test]
fn a_panic_while_opening_is_no_bench() {
    let actor = Actor::spawn("bench", || panic!("no such file")).expect("a thread");
    insta::assert_snapshot!(actor.wait_opened().unwrap_err(), @"panicked: no such file; the bench was not open");
}
