//! Instruments that switch themselves off in silence hear from the bench.

use crate::rig::Rig;
use api::Request;
use std::time::Duration;

const WATCHDOG: Duration = Duration::from_secs(9);

fn watched() -> Rig {
    let rig = Rig::new("sim-battery");
    rig.state.lock().watchdog = Some(WATCHDOG);
    rig
}

fn kicks(rig: &Rig) -> usize {
    let log = rig.state.take_log();
    log.iter().filter(|line| *line == "charger kick").count()
}

#[test]
fn a_long_sleep_is_broken_by_words() {
    let rig = watched();
    let mut bench = rig.open().unwrap();
    rig.state.take_log();
    bench.sleep(Duration::from_secs(3600)).unwrap();
    // Three in the time of the watchdog, to the second.
    assert_eq!(kicks(&rig), 3600 / 3);
    assert_eq!(bench.now(), Duration::from_secs(3600));
    rig.state.lock().watchdog = None;
    bench.sleep(Duration::from_secs(3600)).unwrap();
    assert_eq!(kicks(&rig), 0);
}

#[test]
fn somebody_who_thinks_long_does_not_let_the_bench_go_dark() {
    let rig = Rig::new("sim-battery");
    rig.state.lock().watchdog = Some(Duration::from_millis(30));
    rig.state.lock().thinks = Duration::from_millis(300);
    let mut bench = rig.open().unwrap();
    rig.state.take_log();
    let request = Request {
        kind: "confirm".into(),
        instruction: "Look at the LEDs".into(),
        expected: "yes".into(),
        within: Duration::from_secs(60),
    };
    bench.ask(&request).unwrap();
    assert!(kicks(&rig) >= 3);
}
