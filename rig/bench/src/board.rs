//! Commands of a board bench: cells and the supply of the BMS.

use crate::bench::{Bench, refused};
use crate::roles::BMS_SUPPLY_CURRENT;
use crate::{BenchError, Measured};
use api::{Capability, Protection};
use config::ChannelRef;
use std::sync::Arc;
use units::{Amps, Volts};

/// Room of a cell's current limits above the balancing current.
const CELL_CURRENT_ROOM: f64 = 1.5;
/// Least current limit of a cell, for a board that hardly balances.
const LEAST_CELL_CURRENT: Amps = Amps(0.5);
/// Hardware protection stands this much above the envelope or set-point.
pub(crate) const PROTECTION_ROOM: f64 = 1.02;
const SUPPLY_PROTECTION_ROOM: f64 = 1.1;

/// How a supply output is set up before it turns on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Setup {
    pub(crate) voltage: Volts,
    pub(crate) source: Amps,
    pub(crate) sink: Amps,
    pub(crate) over_voltage: Volts,
    pub(crate) over_current: Amps,
}

impl Bench {
    /// Turns the supply of the BMS on, protections first.
    ///
    /// # Errors
    /// When the bench has none, when cancelled, or when the supply refuses or reads back otherwise.
    pub fn power_bms(&mut self) -> Result<(), BenchError> {
        self.ready()?;
        let (at, voltage) = self.bms_supply()?;
        let setup = Setup {
            voltage,
            source: BMS_SUPPLY_CURRENT,
            sink: Amps(0.0),
            over_voltage: voltage * SUPPLY_PROTECTION_ROOM,
            over_current: BMS_SUPPLY_CURRENT,
        };
        self.command(
            "BMS supply",
            format!("{voltage:.3}, at most {BMS_SUPPLY_CURRENT}"),
        );
        self.arm(&at, setup)?;
        self.command("BMS supply", "on");
        self.touched = true;
        self.on_supply(&at, |supply, channel| supply.set_output(channel, true))?;
        self.snapshot.outputs.bms_supply = true;
        Ok(())
    }

    /// Turns the supply of the BMS off. Like everything that switches off, it is sent even when
    /// the run is cancelled.
    ///
    /// # Errors
    /// As [`Bench::power_bms`].
    pub fn unpower_bms(&mut self) -> Result<(), BenchError> {
        let (at, _) = self.bms_supply()?;
        self.command("BMS supply", "off");
        self.on_supply(&at, |supply, channel| supply.set_output(channel, false))?;
        self.snapshot.outputs.bms_supply = false;
        Ok(())
    }

    fn bms_supply(&self) -> Result<(ChannelRef, Volts), BenchError> {
        self.config
            .wiring
            .bms_supply
            .clone()
            .ok_or_else(|| self.no_role("BMS supply", "wire one as `bms_supply`"))
    }

    /// Turns all cells on at `voltage`, together: every output is set up and protected before the
    /// first one turns on. If any fails, the bench is made safe.
    ///
    /// # Errors
    /// Refused beyond the envelope and on a bench without cell supplies; else as
    /// [`Bench::power_bms`].
    pub fn energise_cells(&mut self, voltage: Volts) -> Result<(), BenchError> {
        self.ready()?;
        self.cell_allowed("cells", voltage)?;
        let supplies = self.cell_supplies()?;
        self.thermistor_at_rest()?;
        self.command("cells", format!("{voltage:.3}"));
        for at in &supplies {
            let setup = self.cell_setup(at, voltage);
            self.arm(at, setup)?;
        }
        self.command("cells", "on");
        self.touched = true;
        for at in &supplies {
            let outcome = self.on_supply(at, |supply, channel| supply.set_output(channel, true));
            if let Err(error) = outcome {
                self.make_safe(&format!("a cell did not turn on: {error}"));
                return Err(error);
            }
        }
        let cells = self.battery.cells.max(1);
        self.snapshot.outputs.cells = supplies
            .chunks(cells)
            .map(|battery| vec![voltage; battery.len()])
            .collect();
        Ok(())
    }

    /// Turns all cells off, together: every one is tried even if one fails.
    ///
    /// # Errors
    /// The first failure.
    pub fn de_energise_cells(&mut self) -> Result<(), BenchError> {
        let supplies = self.cell_supplies()?;
        self.command("cells", "off");
        let mut first = None;
        for at in &supplies {
            let outcome = self.on_supply(at, |supply, channel| supply.set_output(channel, false));
            if let Err(error) = outcome {
                first.get_or_insert(error);
            }
        }
        self.snapshot.outputs.cells.clear();
        first.map_or(Ok(()), Err)
    }

    /// Sets one cell; battery and cell count from 1, the most negative cell first.
    ///
    /// # Errors
    /// Refused beyond the envelope, while the cells are off, and for a cell that isn't there.
    pub fn set_cell(
        &mut self,
        battery: usize,
        cell: usize,
        voltage: Volts,
    ) -> Result<(), BenchError> {
        self.ready()?;
        let role = if self.batteries() > 1 {
            format!("battery {battery} cell {cell}")
        } else {
            format!("cell {cell}")
        };
        self.cell_allowed(&role, voltage)?;
        self.cells_on(&role, voltage)?;
        let cells = self.battery.cells;
        let place = battery
            .checked_sub(1)
            .zip(cell.checked_sub(1).filter(|cell| *cell < cells))
            .map(|(battery, cell)| battery * cells + cell);
        let at = place
            .and_then(|place| self.config.wiring.cells.get(place))
            .map(|role| role.supply.clone())
            .ok_or_else(|| self.no_role(&role, "cells and batteries count from 1"))?;
        self.command(&role, format!("{voltage:.3}"));
        self.touched = true;
        self.on_supply(&at, |supply, channel| supply.set_voltage(channel, voltage))?;
        self.snapshot.outputs.cells[battery - 1][cell - 1] = voltage;
        Ok(())
    }

    /// Sets all cells of the bench to one voltage.
    ///
    /// # Errors
    /// As [`Bench::set_cell`].
    pub fn set_cells(&mut self, voltage: Volts) -> Result<(), BenchError> {
        self.ready()?;
        self.cell_allowed("cells", voltage)?;
        self.cells_on("cells", voltage)?;
        let supplies = self.cell_supplies()?;
        self.command("cells", format!("{voltage:.3}"));
        self.touched = true;
        for at in &supplies {
            self.on_supply(at, |supply, channel| supply.set_voltage(channel, voltage))?;
        }
        for battery in &mut self.snapshot.outputs.cells {
            battery.fill(voltage);
        }
        Ok(())
    }

    /// Current of each cell's supply, positive out of it: what the board draws from the cell, or
    /// less than nothing where it charges the cell.
    ///
    /// # Errors
    /// On a bench without cell supplies; when one doesn't answer.
    pub fn cell_currents(&mut self) -> Result<Vec<Measured>, BenchError> {
        self.ready()?;
        let mut currents = Vec::new();
        for at in self.cell_supplies()? {
            let current = self.on_supply(&at, |supply, channel| supply.measure_current(channel))?;
            let instrument = self.config.instruments.get(&at.instrument);
            let accuracy = instrument.map(|instrument| instrument.accuracy.current);
            let id: Arc<str> = Arc::from(at.instrument.as_str());
            let now = self.clock.now();
            currents.push(Measured::new(
                current.0,
                accuracy.unwrap_or_default(),
                now,
                &id,
            ));
        }
        Ok(currents)
    }

    pub(crate) fn cell_supplies(&self) -> Result<Vec<ChannelRef>, BenchError> {
        let cells = &self.config.wiring.cells;
        if cells.is_empty() {
            return Err(self.no_role(
                "cell supplies",
                "cell voltages can only be forced on a board bench",
            ));
        }
        Ok(cells.iter().map(|cell| cell.supply.clone()).collect())
    }

    fn cell_allowed(&self, role: &str, voltage: Volts) -> Result<(), BenchError> {
        let range = self.config.envelope.cell_voltage;
        if (range.from.0..=range.to.0).contains(&voltage.0) {
            return Ok(());
        }
        Err(refused(
            role,
            format!("{voltage:.3}"),
            format!(
                "the envelope lets a cell have {} to {}",
                range.from, range.to
            ),
        ))
    }

    fn cells_on(&self, role: &str, voltage: Volts) -> Result<(), BenchError> {
        if self.snapshot.outputs.cells.is_empty() {
            return Err(refused(
                role,
                format!("{voltage:.3}"),
                "the cells are off: energise them all together first",
            ));
        }
        Ok(())
    }

    fn cell_setup(&self, at: &ChannelRef, voltage: Volts) -> Setup {
        let wanted = (self.battery.balancing_current * CELL_CURRENT_ROOM).max(LEAST_CELL_CURRENT);
        let (source, sink) = match self.rating(at) {
            Some(Capability::Supply {
                source_current,
                sink_current,
                ..
            }) => (wanted.min(source_current), wanted.min(sink_current)),
            _ => (wanted, wanted),
        };
        Setup {
            voltage,
            source,
            sink,
            over_voltage: self.config.envelope.cell_voltage.to * PROTECTION_ROOM,
            over_current: source,
        }
    }

    /// Protections, then set-points; the output stays as it is. Each is read back by the driver.
    pub(crate) fn arm(&mut self, at: &ChannelRef, setup: Setup) -> Result<(), BenchError> {
        self.on_supply(at, |supply, channel| {
            supply.set_protection(
                channel,
                Protection {
                    over_voltage: Some(setup.over_voltage),
                    over_current: Some(setup.over_current),
                    over_power: None,
                },
            )?;
            supply.set_voltage(channel, setup.voltage)?;
            supply.set_source_current(channel, setup.source)?;
            supply.set_sink_current(channel, setup.sink)
        })
    }

    /// Sets the chamber's air temperature and lets it run.
    ///
    /// # Errors
    /// Refused beyond the envelope and on a bench without chamber.
    pub fn set_chamber(&mut self, air: units::Celsius) -> Result<(), BenchError> {
        self.ready()?;
        let range = self.config.envelope.temperature;
        if !(range.from.0..=range.to.0).contains(&air.0) {
            let reason = format!("the envelope is {} to {}", range.from, range.to);
            return Err(refused("chamber", air.to_string(), reason));
        }
        if let Some(role) = self.config.wiring.thermistor.clone() {
            return self.set_thermistor(&role, air);
        }
        let id = self.chamber_id()?;
        self.command("chamber", format!("{air:.1}"));
        self.touched = true;
        let running = self.snapshot.outputs.chamber.is_some();
        let outcome = self.instruments.chamber(&id).and_then(|chamber| {
            chamber.set_temperature(air)?;
            if !running {
                chamber.set_running(true)?;
            }
            Ok(())
        });
        self.noted(outcome)?;
        self.snapshot.outputs.chamber = Some(air);
        Ok(())
    }

    /// Puts the chamber into standby.
    ///
    /// # Errors
    /// As [`Bench::set_chamber`].
    pub fn stop_chamber(&mut self) -> Result<(), BenchError> {
        if let Some(role) = self.config.wiring.thermistor.clone() {
            let room = self.config.device.ambient;
            return self.set_thermistor(&role, room);
        }
        let id = self.chamber_id()?;
        self.command("chamber", "standby");
        let outcome = self
            .instruments
            .chamber(&id)
            .and_then(|chamber| Ok(chamber.set_running(false)?));
        self.noted(outcome)?;
        self.snapshot.outputs.chamber = None;
        Ok(())
    }

    /// How far the chamber's air may be from its set point when settled, and its fastest ramp.
    ///
    /// # Errors
    /// On a bench without chamber.
    pub fn chamber_abilities(
        &mut self,
    ) -> Result<(units::Kelvin, units::KelvinPerMinute), BenchError> {
        if self.config.wiring.thermistor.is_some() {
            return Ok(crate::thermistor::ABILITIES);
        }
        let id = self.chamber_id()?;
        let chamber = self.instruments.chamber(&id)?;
        Ok((chamber.stability(), chamber.fastest_ramp()))
    }

    fn chamber_id(&self) -> Result<String, BenchError> {
        let config = Arc::clone(&self.config);
        config.wiring.chamber.clone().ok_or_else(|| {
            self.no_role("chamber", "scenarios that need one carry `@needs:chamber`")
        })
    }
}
