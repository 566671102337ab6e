//! A session that shows whether a driver and an instrument understand each other.

use crate::core::Result;
use api::{Capability, ChannelId, Driver, LoadMode};
use std::fmt::Display;
use units::{Amps, Celsius, Volts};

/// Goes through what a driver can do without energising anything: identity, control taken, small
/// set-points read back with outputs off, measurements, everything off.
///
/// Captured at a real instrument ([`wire::Capture`]) it's a proof that others can replay without
/// the instrument; replayed, each message and each answer must be the same. Returns what was found,
/// a line each.
///
/// # Errors
/// The first exchange that went wrong; nothing was switched on.
pub fn proving_session(unit: &mut dyn Driver, channels: &[ChannelId]) -> Result<Vec<String>> {
    let mut found = Vec::new();
    found.push(unit.identity()?.to_string());
    unit.prepare()?;
    for &channel in channels {
        match unit.capability(channel) {
            Some(Capability::Supply { .. }) => prove_supply(unit, channel, &mut found)?,
            Some(Capability::Load { .. }) => prove_load(unit, channel, &mut found)?,
            Some(Capability::VoltageInput { .. }) => {
                if let Some(meter) = unit.meter() {
                    let volts = meter.measure_voltages(&[channel])?;
                    note(&mut found, channel, "reads", volts[0]);
                }
            }
            Some(Capability::Relay { .. }) => {
                if let Some(switch) = unit.switch() {
                    let states = switch.relays(&[channel])?;
                    note(&mut found, channel, "closed", states[0]);
                }
            }
            Some(Capability::DigitalPort { .. }) => {
                if let Some(digital) = unit.digital() {
                    let lines = digital.read_port(channel)?;
                    note(&mut found, channel, "lines", lines);
                }
            }
            Some(Capability::Resistor { lowest, .. }) => {
                if let Some(resistor) = unit.resistor() {
                    resistor.set_resistance(channel, lowest * 2.0)?;
                    let ohms = resistor.resistance(channel)?;
                    note(&mut found, channel, "is set to", ohms);
                }
            }
            Some(Capability::Chamber { .. }) => {
                if let Some(chamber) = unit.chamber() {
                    chamber.set_temperature(Celsius(25.0))?;
                    let air = chamber.temperature()?;
                    note(&mut found, channel, "air", air);
                }
            }
            None => note(&mut found, channel, "there", false),
        }
    }
    for error in unit.drain_errors()? {
        found.push(format!("error left: {error}"));
    }
    unit.all_off()?;
    Ok(found)
}

fn note(found: &mut Vec<String>, channel: ChannelId, what: &str, value: impl Display) {
    found.push(format!("{channel} {what} {value}"));
}

fn prove_supply(unit: &mut dyn Driver, channel: ChannelId, found: &mut Vec<String>) -> Result<()> {
    let Some(supply) = unit.supply() else {
        return Ok(());
    };
    supply.set_voltage(channel, Volts(1.0))?;
    supply.set_source_current(channel, Amps(0.1))?;
    let on = supply.output(channel)?;
    note(found, channel, "on", on);
    let holds = supply.regulation(channel)?;
    found.push(format!("{channel} holds {holds:?}"));
    let volts = supply.measure_voltage(channel)?;
    note(found, channel, "reads", volts);
    let amps = supply.measure_current(channel)?;
    note(found, channel, "reads", amps);
    Ok(())
}

fn prove_load(unit: &mut dyn Driver, channel: ChannelId, found: &mut Vec<String>) -> Result<()> {
    let Some(load) = unit.load() else {
        return Ok(());
    };
    load.set_mode(channel, LoadMode::Current(Amps(0.1)))?;
    let on = load.input(channel)?;
    note(found, channel, "on", on);
    let volts = load.measure_voltage(channel)?;
    note(found, channel, "reads", volts);
    let amps = load.measure_current(channel)?;
    note(found, channel, "reads", amps);
    Ok(())
}
