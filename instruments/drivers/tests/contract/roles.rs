//! The suite, by role.

use crate::table::{CASES, Case, Does, Supply};
use crate::twin::Twin;
use api::{
    Capability, ChannelId, Driver, InstrumentError, LoadMode, Protection, Regulation,
    ThermocoupleType,
};
use units::{Amps, Celsius, Ohms, Volts, Watts};

fn near(what: &str, found: f64, wanted: f64) {
    assert!(
        (found - wanted).abs() <= 0.01 * wanted.abs().max(1.0),
        "{what}: {found}, not {wanted}"
    );
}

#[test]
fn every_driver_works_its_twin() {
    for case in &CASES {
        let Case { driver, twin, .. } = case;
        println!("{driver} on {twin}");
        let twin = Twin::new(twin, case.cards);
        let mut unit = twin.driver(driver);
        unit.prepare().expect("prepared");
        let identity = unit.identity().expect("an identity");
        assert!(!identity.manufacturer.is_empty() && !identity.model.is_empty());
        match &case.does {
            Does::Supply(supply) => works_as_supply(unit.as_mut(), &twin, supply),
            Does::Load => works_as_load(unit.as_mut()),
            Does::Scanner {
                inputs,
                relays,
                port,
            } => works_as_scanner(unit.as_mut(), inputs, relays, *port),
            Does::Meter => works_as_meter(unit.as_mut()),
            Does::Resistor => works_as_resistor(unit.as_mut(), &twin),
            Does::Chamber => works_as_chamber(unit.as_mut(), &twin),
        }
        assert_eq!(
            unit.drain_errors().expect("a queue"),
            [""; 0],
            "{driver} leaves no error"
        );
        unit.all_off().expect("off");
        assert!(!twin.drives(), "{driver} leaves nothing on");
        assert_eq!(unit.capability(ChannelId(9999)), None);
    }
}

fn works_as_supply(unit: &mut dyn Driver, twin: &Twin, has: &Supply) {
    for channel in (1..=has.outputs).map(ChannelId) {
        let Some(Capability::Supply {
            voltage: highest,
            source_current: strongest,
            ..
        }) = unit.capability(channel)
        else {
            panic!("output {channel} is a supply");
        };
        let supply = unit.supply().expect("a supply");
        assert!(!supply.output(channel).expect("a state"));
        assert_eq!(supply.regulation(channel), Ok(Regulation::Off));
        let volts = Volts(highest.0.min(10.0) * 0.5);
        // Through a resistor of ten ohms.
        let amps = volts.0 / 10.0;
        if has.over_voltage {
            let over_voltage = Some(Volts(volts.0 * 1.5));
            supply
                .set_protection(
                    channel,
                    Protection {
                        over_voltage,
                        ..Protection::default()
                    },
                )
                .expect("protected");
        }
        supply.set_voltage(channel, volts).expect("set");
        supply
            .set_source_current(channel, Amps(amps * 1.5))
            .expect("limited");
        supply.set_output(channel, true).expect("on");
        assert!(supply.output(channel).expect("a state"));
        near(
            "voltage",
            supply.measure_voltage(channel).unwrap().0,
            volts.0,
        );
        near("current", supply.measure_current(channel).unwrap().0, amps);
        if has.tells {
            let holds = supply.regulation(channel);
            assert_eq!(holds, Ok(Regulation::ConstantVoltage));
            supply
                .set_source_current(channel, Amps(amps * 0.5))
                .expect("limited");
            let holds = supply.regulation(channel);
            assert_eq!(holds, Ok(Regulation::ConstantCurrent));
            near(
                "voltage at the limit",
                supply.measure_voltage(channel).unwrap().0,
                volts.0 * 0.5,
            );
            supply
                .set_source_current(channel, Amps(amps * 1.5))
                .expect("limited");
        }
        refuses_too_much(unit, channel, highest, strongest);
        if has.over_voltage {
            trips(unit, twin, channel, volts, has.refuses);
        } else {
            let protection = Protection {
                over_voltage: Some(volts),
                ..Protection::default()
            };
            let refused = unit.supply().unwrap().set_protection(channel, protection);
            assert!(matches!(refused, Err(InstrumentError::Capability { .. })));
        }
        if !has.over_current {
            let protection = Protection {
                over_current: Some(Amps(1.0)),
                ..Protection::default()
            };
            let refused = unit.supply().unwrap().set_protection(channel, protection);
            assert!(matches!(refused, Err(InstrumentError::Capability { .. })));
        }
        let supply = unit.supply().expect("a supply");
        supply.set_output(channel, false).expect("off");
        assert!(!supply.output(channel).expect("a state"));
        near("off", supply.measure_current(channel).unwrap().0, 0.0);
    }
    let beyond = ChannelId(has.outputs + 1);
    let refused = unit.supply().unwrap().set_voltage(beyond, Volts(1.0));
    assert!(matches!(refused, Err(InstrumentError::Capability { .. })));
}

/// Beyond the ratings nothing is sent.
fn refuses_too_much(unit: &mut dyn Driver, channel: ChannelId, highest: Volts, strongest: Amps) {
    let supply = unit.supply().expect("a supply");
    for refused in [
        supply.set_voltage(channel, Volts(highest.0 * 1.2)),
        supply.set_voltage(channel, Volts(-1.0)),
        supply.set_voltage(channel, Volts(f64::NAN)),
        supply.set_source_current(channel, Amps(strongest.0 * 1.2)),
    ] {
        assert!(
            matches!(refused, Err(InstrumentError::Capability { .. })),
            "{refused:?}"
        );
    }
}

/// A protection below the output's voltage turns it off or is refused; clearing leaves it off.
fn trips(unit: &mut dyn Driver, twin: &Twin, channel: ChannelId, volts: Volts, refuses: bool) {
    let supply = unit.supply().expect("a supply");
    let level = |volts: f64| Protection {
        over_voltage: Some(Volts(volts)),
        ..Protection::default()
    };
    let outcome = supply.set_protection(channel, level(volts.0 * 0.8));
    if refuses {
        assert!(matches!(outcome, Err(InstrumentError::Refused { .. })));
        assert!(supply.output(channel).expect("a state"));
        return;
    }
    outcome.expect("set");
    assert_eq!(supply.regulation(channel), Ok(Regulation::Tripped));
    assert!(!supply.output(channel).expect("a state"));
    assert!(supply.set_output(channel, true).is_err(), "it stays off");
    supply
        .set_protection(channel, level(volts.0 * 1.5))
        .expect("set");
    supply.clear_protection(channel).expect("cleared");
    assert_eq!(supply.regulation(channel), Ok(Regulation::Off));
    assert!(!twin.drives(), "clearing turns nothing on");
    supply.set_output(channel, true).expect("on again");
}

fn works_as_load(unit: &mut dyn Driver) {
    let channel = ChannelId(1);
    let load = unit.load().expect("a load");
    // A source of twelve volts behind fifty milliohms.
    assert!(!load.input(channel).expect("a state"));
    near("open", load.measure_voltage(channel).unwrap().0, 12.0);
    load.set_mode(channel, LoadMode::Current(Amps(4.0)))
        .expect("set");
    load.set_input(channel, true).expect("on");
    assert!(load.input(channel).expect("a state"));
    near("current", load.measure_current(channel).unwrap().0, 4.0);
    near("voltage", load.measure_voltage(channel).unwrap().0, 11.8);
    load.set_mode(channel, LoadMode::Resistance(Ohms(6.0)))
        .expect("set");
    near(
        "resistance",
        load.measure_current(channel).unwrap().0,
        12.0 / 6.05,
    );
    load.set_mode(channel, LoadMode::Power(Watts(24.0)))
        .expect("set");
    let volts = load.measure_voltage(channel).unwrap();
    near(
        "power",
        (volts * load.measure_current(channel).unwrap()).0,
        24.0,
    );
    load.set_mode(channel, LoadMode::Voltage(Volts(11.9)))
        .expect("set");
    near("voltage", load.measure_voltage(channel).unwrap().0, 11.9);
    for mode in [
        LoadMode::Current(Amps(9999.0)),
        LoadMode::Current(Amps(-1.0)),
        LoadMode::Voltage(Volts(9999.0)),
        LoadMode::Power(Watts(99_999.0)),
        LoadMode::Resistance(Ohms(0.0)),
    ] {
        let refused = load.set_mode(channel, mode);
        assert!(
            matches!(refused, Err(InstrumentError::Capability { .. })),
            "{mode:?}: {refused:?}"
        );
    }
    load.set_input(channel, false).expect("off");
    near("off", load.measure_current(channel).unwrap().0, 0.0);
}

fn works_as_scanner(unit: &mut dyn Driver, inputs: &[u16], relays: &[u16], port: u16) {
    let channels: Vec<_> = inputs.iter().copied().map(ChannelId).collect();
    let meter = unit.meter().expect("a meter");
    let volts = meter.measure_voltages(&channels).expect("readings");
    for (channel, volts) in inputs.iter().zip(&volts) {
        near("by channel", volts.0, 3.3 + f64::from(channel % 100) * 1e-3);
    }
    let degrees = meter
        .measure_temperatures(ThermocoupleType::K, &channels)
        .expect("readings");
    assert_eq!(degrees.len(), inputs.len());
    let relays: Vec<_> = relays.iter().copied().map(ChannelId).collect();
    let switch = unit.switch().expect("a switch");
    assert_eq!(switch.relays(&relays), Ok(vec![false; relays.len()]));
    switch.set_relays(&relays[1..], true).expect("closed");
    let states = switch.relays(&relays).expect("states");
    assert_eq!(states, [false, true, true]);
    switch.set_relays(&relays, false).expect("open");
    let refused = switch.set_relays(&channels, true);
    assert!(matches!(refused, Err(InstrumentError::Capability { .. })));
    let digital = unit.digital().expect("ports");
    digital.write_port(ChannelId(port), 0xa5).expect("written");
    assert_eq!(digital.read_port(ChannelId(port)), Ok(0xa5));
}

fn works_as_meter(unit: &mut dyn Driver) {
    let meter = unit.meter().expect("a meter");
    let volts = meter.measure_voltages(&[ChannelId(1)]).expect("a reading");
    near("voltage", volts[0].0, 3.301);
    for refused in [
        meter.measure_voltages(&[ChannelId(2)]).map(drop),
        meter
            .measure_temperatures(ThermocoupleType::K, &[ChannelId(1)])
            .map(drop),
    ] {
        assert!(matches!(refused, Err(InstrumentError::Capability { .. })));
    }
}

fn works_as_resistor(unit: &mut dyn Driver, twin: &Twin) {
    let channel = ChannelId(1);
    let resistor = unit.resistor().expect("a resistor");
    assert_eq!(twin.ohms(), f64::INFINITY);
    resistor
        .set_resistance(channel, Ohms(12_500.0))
        .expect("set");
    near("set", resistor.resistance(channel).unwrap().0, 12_500.0);
    assert_eq!(twin.ohms(), f64::INFINITY, "it isn't connected yet");
    resistor.set_connected(channel, true).expect("connected");
    near("at the terminals", twin.ohms(), 12_500.0);
    let refused = resistor.set_resistance(channel, Ohms(1e9));
    assert!(matches!(refused, Err(InstrumentError::Capability { .. })));
    resistor.set_connected(channel, false).expect("open");
    assert_eq!(twin.ohms(), f64::INFINITY);
}

fn works_as_chamber(unit: &mut dyn Driver, twin: &Twin) {
    let chamber = unit.chamber().expect("a chamber");
    near("air", chamber.temperature().unwrap().0, 23.0);
    chamber.set_temperature(Celsius(45.0)).expect("set");
    assert!(!twin.drives());
    chamber.set_running(true).expect("runs");
    assert!(twin.drives());
    let refused = chamber.set_temperature(Celsius(500.0));
    assert!(matches!(refused, Err(InstrumentError::Capability { .. })));
    chamber.set_running(false).expect("stands");
    assert!(!twin.drives());
}

#[test]
fn another_model_at_the_address_is_noticed() {
    for (driver, twin) in [
        ("rigol-dp832", "rigol-dp811"),
        ("keysight-e36312a", "keysight-e36313a"),
        ("rs-hmp4040", "rs-hmp4030"),
        ("rigol-dl3021", "rigol-dl3031"),
        ("keysight-34461a", "keysight-e36312a"),
        ("watlow-f4t", "keysight-34461a"),
    ] {
        let twin = Twin::new(twin, &[]);
        let refused = twin.driver(driver).prepare();
        assert!(
            matches!(refused, Err(InstrumentError::Identity { .. })),
            "{driver}: {refused:?}"
        );
    }
}
