//! Each message lost once: whatever happens, nothing stays on.

use crate::table::{CASES, Does};
use crate::twin::Twin;
use api::{ChannelId, Driver, LoadMode};
use units::{Amps, Celsius, Volts};
use wire::{LoseOne, MessageCounter};

/// What is done while a message is lost; how it ends doesn't matter.
fn use_it(unit: &mut dyn Driver) -> Result<(), api::InstrumentError> {
    unit.prepare()?;
    let channel = ChannelId(1);
    if let Some(supply) = unit.supply() {
        supply.set_voltage(channel, Volts(3.0))?;
        supply.set_source_current(channel, Amps(1.0))?;
        supply.set_output(channel, true)?;
        supply.measure_current(channel)?;
    }
    if let Some(load) = unit.load() {
        load.set_mode(channel, LoadMode::Current(Amps(1.0)))?;
        load.set_input(channel, true)?;
        load.measure_voltage(channel)?;
    }
    if let Some(chamber) = unit.chamber() {
        chamber.set_temperature(Celsius(30.0))?;
        chamber.set_running(true)?;
    }
    Ok(())
}

#[test]
fn no_lost_message_leaves_anything_on() {
    for case in &CASES {
        if matches!(
            case.does,
            Does::Scanner { .. } | Does::Meter | Does::Resistor
        ) {
            continue;
        }
        for nth in 0.. {
            let twin = Twin::new(case.twin, case.cards);
            let counter = MessageCounter::new();
            let link = LoseOne::wrap(twin.link(), nth, counter.clone(), twin.hand.clone());
            let mut unit = twin.driver_on(case.driver, Box::new(link));
            let used = use_it(unit.as_mut());
            let off = unit.all_off();
            let driver = case.driver;
            assert!(off.is_ok(), "{driver}, message {nth} lost: {off:?}");
            assert!(!twin.drives(), "{driver}, message {nth} lost: it is on");
            if counter.count() <= nth {
                assert!(used.is_ok(), "{driver}: nothing was lost, but {used:?}");
                break;
            }
        }
    }
}

/// A power cycle loses every setting: going on as if nothing had happened would be a lie.
#[test]
fn an_instrument_that_was_switched_off_and_on_is_noticed() {
    for case in &CASES {
        // Its controller has nothing that would tell.
        if case.driver == "espec-p300" {
            continue;
        }
        let prepared = |lost: u64| {
            let twin = Twin::new(case.twin, case.cards);
            let counter = MessageCounter::new();
            let link = LoseOne::wrap(twin.link(), lost, counter.clone(), twin.hand.clone());
            let mut unit = twin.driver_on(case.driver, Box::new(link));
            unit.prepare().expect("prepared");
            (twin, unit, counter.count())
        };
        let (_, _, messages) = prepared(u64::MAX);
        let (twin, mut unit, _) = prepared(messages);
        unit.identity().expect_err("its message is lost");
        twin.power_cycle(case.twin);
        let driver = case.driver;
        let error = unit.identity().expect_err("it was off");
        assert!(
            error.to_string().contains("switched off and on"),
            "{driver}: {error}"
        );
        unit.identity().expect("said once");
        unit.all_off().expect("off");
    }
}

#[test]
fn another_instrument_behind_the_same_link_is_noticed() {
    let twin = Twin::new("rigol-dp832", &[]);
    let counter = MessageCounter::new();
    let link = LoseOne::wrap(twin.link(), 2, counter, twin.hand.clone());
    let mut unit = twin.driver_on("rigol-dp832", Box::new(link));
    unit.identity().expect("an identity");
    unit.identity().expect_err("its message is lost");
    twin.power_cycle("rigol-dp832a");
    let error = unit.identity().expect_err("it's another one");
    assert!(
        error
            .to_string()
            .contains("expected what it answered before"),
        "{error}"
    );
}
