//! A programmable resistor in place of a board's thermistor: temperatures without a chamber, and
//! without its hours.

use crate::BenchError;
use crate::bench::Bench;
use crate::instruments::channel;
use units::{Kelvin, KelvinPerMinute};

/// How far what it stands for may be from its set point, and its fastest ramp: it has none.
pub(crate) const ABILITIES: (Kelvin, KelvinPerMinute) = (Kelvin(0.1), KelvinPerMinute(600.0));

impl Bench {
    /// Has the resistor stand for a temperature. Its driver reads back both, value and connection.
    pub(crate) fn set_thermistor(
        &mut self,
        role: &config::ThermistorRole,
        temperature: units::Celsius,
    ) -> Result<(), BenchError> {
        let resistance = role.resistance_at(temperature);
        self.command("thermistor", format!("{temperature:.1}, {resistance:.1}"));
        self.touched = true;
        let connected = self.snapshot.outputs.chamber.is_some();
        let at = channel(&role.channel);
        let resistor = self.instruments.resistor(&role.channel.instrument);
        let outcome = resistor.and_then(|resistor| {
            resistor.set_resistance(at, resistance)?;
            if !connected {
                resistor.set_connected(at, true)?;
            }
            Ok(())
        });
        self.noted(outcome)?;
        self.snapshot.outputs.chamber = Some(temperature);
        Ok(())
    }

    /// A board without a thermistor takes no charge: before its cells are on it's at room temperature.
    pub(crate) fn thermistor_at_rest(&mut self) -> Result<(), BenchError> {
        match self.config.wiring.thermistor.clone() {
            Some(role) if self.snapshot.outputs.chamber.is_none() => {
                let room = self.config.device.ambient;
                self.set_thermistor(&role, room)
            }
            _ => Ok(()),
        }
    }
}
