//! The instrument's own watchdog: armed by the driver, biting in the twin.

use crate::twin::Twin;
use api::{ChannelId, InstrumentError};
use drivers::Options;
use std::sync::Arc;
use std::time::Duration;
use units::{Amps, Volts};
use wire::NoTranscript;

const OUTPUT: ChannelId = ChannelId(1);

fn open(twin: &Twin, driver: &str, watchdog: Option<Duration>) -> Box<dyn api::Driver> {
    let options = Options {
        watchdog,
        ..twin.options(Arc::new(NoTranscript))
    };
    drivers::open(driver, "unit", Box::new(twin.link()), &options).expect("a driver")
}

#[test]
fn it_ends_what_is_on_when_nobody_talks() {
    for driver in [
        "keysight-e36312a",
        "tdk-genesys",
        "keysight-n5700",
        "ea-psb10000",
    ] {
        let twin = Twin::new(driver, &[]);
        let mut unit = open(&twin, driver, Some(Duration::from_secs(5)));
        unit.prepare().expect("prepared");
        assert_eq!(unit.watchdog(), Some(Duration::from_secs(5)));
        let supply = unit.supply().expect("a supply");
        supply.set_voltage(OUTPUT, Volts(4.0)).expect("set");
        supply.set_source_current(OUTPUT, Amps(1.0)).expect("set");
        supply.set_output(OUTPUT, true).expect("on");
        for _ in 0..4 {
            twin.hand.pass(Duration::from_secs(4));
            unit.kick().expect("a word");
            assert!(twin.drives(), "{driver} is talked to");
        }
        twin.hand.pass(Duration::from_secs(6));
        twin.instrument.lock().expect("nobody panicked").tick();
        assert!(!twin.drives(), "{driver} ends by itself");
        let supply = unit.supply().expect("a supply");
        assert!(!supply.output(OUTPUT).expect("a state"));
        let refused = supply.set_output(OUTPUT, true);
        assert!(
            matches!(refused, Err(InstrumentError::Refused { .. })),
            "{driver} stays off: {refused:?}"
        );
        supply.clear_protection(OUTPUT).expect("cleared");
        supply.set_output(OUTPUT, true).expect("on again");
        unit.all_off().expect("off");
        unit.disarm().expect("disarmed");
        twin.hand.pass(Duration::from_secs(60));
        twin.instrument.lock().expect("nobody panicked").tick();
        let supply = unit.supply().expect("a supply");
        supply.set_output(OUTPUT, true).expect("nothing has bitten");
        unit.all_off().expect("off");
    }
}

#[test]
fn nothing_is_armed_where_nothing_was_asked_for_or_there_is_none() {
    let twin = Twin::new("keysight-e36312a", &[]);
    let mut unit = open(&twin, "keysight-e36312a", None);
    unit.prepare().expect("prepared");
    assert_eq!(unit.watchdog(), None);
    assert_eq!(twin.ask("OUTP:PROT:WDOG?"), "0");
    let twin = Twin::new("rigol-dp832", &[]);
    let mut unit = open(&twin, "rigol-dp832", Some(Duration::from_secs(5)));
    unit.prepare().expect("prepared");
    assert_eq!(unit.watchdog(), None, "a DP832 has none");
}
