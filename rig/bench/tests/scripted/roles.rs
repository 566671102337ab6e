//! The role checks on the project's own bench files.

use crate::rig::{Rig, fixtures};
use api::Capability;
use bench::check_roles;
use config::{Bench, ChannelRef, SearchPath};
use units::{Amps, Celsius, Volts, Watts};

/// Ratings as the data sheets give them.
fn rated(bench: &Bench, at: &ChannelRef) -> Option<Capability> {
    let supply = |voltage, current, sink, power, isolation| Capability::Supply {
        voltage: Volts(voltage),
        source_current: Amps(current),
        sink_current: Amps(sink),
        power: Watts(power),
        isolation: Volts(isolation),
    };
    Some(
        match bench.instruments.get(&at.instrument)?.driver.as_str() {
            "rs-ngm202" => supply(20.0, 6.0, 3.0, 60.0, 250.0),
            "ea-psb10000" => supply(60.0, 120.0, 120.0, 3000.0, 400.0),
            "bk-8514b" => Capability::Load {
                voltage: Volts(120.0),
                current: Amps(240.0),
                power: Watts(1500.0),
            },
            "espec-p300" => Capability::Chamber {
                lowest: Celsius(-40.0),
                highest: Celsius(100.0),
            },
            _ => match at.channel / 1000 {
                1..=3 => Capability::VoltageInput {
                    voltage: Volts(300.0),
                    isolation: Volts(300.0),
                },
                5 => Capability::DigitalPort { bits: 8 },
                6 => Capability::Relay {
                    current: Amps(1.0),
                    voltage: Volts(300.0),
                },
                _ => Capability::Relay {
                    current: Amps(5.0),
                    voltage: Volts(250.0),
                },
            },
        },
    )
}

fn problems(bench: &Bench) -> String {
    let search = SearchPath::new(vec![fixtures()]);
    let product = search
        .battery_product(&bench.device.battery)
        .expect("a product of the project");
    check_roles(bench, &|at| rated(bench, at), &product)
        .iter()
        .map(|problem| format!("{problem}\n"))
        .collect()
}

#[test]
fn every_bench_of_the_project_can_do_its_roles() {
    for name in [
        "sim-board-4s",
        "sim-board-8s",
        "sim-battery",
        "sim-battery-imbalance",
        "sim-bank-2s",
        "sim-bank-2p",
        "sim-bank-2s2p",
        "lab-example",
    ] {
        assert_eq!(problems(&Rig::new(name).config), "", "{name}");
    }
}

#[test]
fn a_charger_must_reach_the_recommended_current() {
    let mut bench = Rig::new("sim-bank-2s2p").config;
    let charger = bench.instruments.get_mut("charger").expect("wired");
    charger.limits.current = Some(Amps(60.0));
    charger.limits.voltage = Some(Volts(28.0));
    insta::assert_snapshot!(problems(&bench), @r"
    charger on charger/1: gives 28 V, absorption of this bank is at 28.4 V
    charger on charger/1: gives 60 A, 100 A are recommended for this bank
    charger on charger/1: is rated 28 V, the bank may put 29.6 V on its output while that is off
    ");
}

#[test]
fn channels_of_the_wrong_kind_are_named() {
    let mut bench = Rig::new("sim-battery").config;
    bench.wiring.load = bench.wiring.charger.clone();
    bench.wiring.contacts.load = bench.wiring.sense.pack.clone().expect("wired");
    bench.wiring.contacts.charge.bit = Some(9);
    bench.wiring.relays.safety = Some(bench.wiring.contacts.charge.clone());
    bench.wiring.sense.cells[0].pop();
    bench.wiring.chamber = Some("daq".into());
    insta::assert_snapshot!(problems(&bench), @r"
    sense leads of battery 1: 3 are wired, a LFP-Smart 12.8/100 has 4
    load on charger/1: must be an electronic load, but is a supply output
    safety relay on daq/5101.9: must be a relay, but is a digital port
    charge contact on daq/5101.9: bit 9 is wired, the port has 0 to 7
    load contact on daq/1031: must be a digital port, but is an input that measures
    chamber on daq/1: must be a chamber, but is a relay
    ");
}

#[test]
fn a_stack_needs_isolation_and_all_its_cells() {
    let mut bench = Rig::new("sim-board-8s").config;
    bench.envelope.cell_voltage.to = Volts(32.0);
    bench.wiring.cells.pop();
    insta::assert_snapshot!(problems(&bench), @r"
    cells: 7 are wired, 1 × LFP-Smart 25.6/100 has 8
    cell 1 on cells_a/1: gives 4.2 V, the envelope lets a cell have 32 V
    cell 2 on cells_a/2: gives 4.2 V, the envelope lets a cell have 32 V
    cell 3 on cells_b/1: gives 4.2 V, the envelope lets a cell have 32 V
    cell 4 on cells_b/2: gives 4.2 V, the envelope lets a cell have 32 V
    cell 5 on cells_c/1: gives 4.2 V, the envelope lets a cell have 32 V
    cell 6 on cells_c/2: gives 4.2 V, the envelope lets a cell have 32 V
    cell 7 on cells_d/1: gives 4.2 V, the envelope lets a cell have 32 V
    ");
}
