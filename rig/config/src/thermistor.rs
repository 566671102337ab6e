//! A programmable resistor in place of a board's thermistor.

use crate::ChannelRef;
use units::{Celsius, Ohms};

/// Zero degrees, in kelvin.
const KELVIN: f64 = 273.15;

/// A programmable resistor that stands for a thermistor of negative coefficient.
#[derive(Debug, Clone, PartialEq)]
pub struct ThermistorRole {
    /// The resistor.
    pub channel: ChannelRef,
    /// What the board's thermistor has at which temperature, from cold to hot: two points or more.
    pub curve: Vec<(Celsius, Ohms)>,
}

impl ThermistorRole {
    /// The resistance that stands for a temperature: between two points of the curve its logarithm
    /// goes with the inverse temperature; beyond the last points so it goes on.
    #[must_use]
    pub fn resistance_at(&self, temperature: Celsius) -> Ohms {
        let (cold, hot) = self.around(|(_, (hot, _))| temperature <= *hot);
        let along = (inverse(temperature) - inverse(hot.0)) / (inverse(cold.0) - inverse(hot.0));
        Ohms(hot.1.0 * (cold.1.0 / hot.1.0).powf(along))
    }

    /// The temperature that a resistance stands for.
    #[must_use]
    pub fn temperature_of(&self, resistance: Ohms) -> Celsius {
        let (cold, hot) = self.around(|(_, (_, low))| resistance >= *low);
        let along = (resistance.0 / hot.1.0).ln() / (cold.1.0 / hot.1.0).ln();
        let inverse = inverse(hot.0) + along * (inverse(cold.0) - inverse(hot.0));
        Celsius(1.0 / inverse - KELVIN)
    }

    /// The two neighbouring points that `fit`, or the last two.
    fn around(&self, fit: impl Fn(&(Point, Point)) -> bool) -> (Point, Point) {
        let mut pairs = self.curve.windows(2).map(|two| (two[0], two[1]));
        let last = pairs.clone().next_back();
        let nothing = (Celsius(0.0), Ohms(f64::NAN));
        pairs.find(fit).or(last).unwrap_or((nothing, nothing))
    }
}

type Point = (Celsius, Ohms);

fn inverse(temperature: Celsius) -> f64 {
    1.0 / (temperature.0 + KELVIN)
}

#[cfg(test)]
mod tests {
    use super::ThermistorRole;
    use crate::ChannelRef;
    use units::{Celsius, Ohms};

    #[test]
    fn resistances_and_temperatures_belong_together() {
        let curve = [(0.0, 27_219.0), (25.0, 10_000.0), (50.0, 4_161.0)];
        let role = ThermistorRole {
            channel: ChannelRef {
                instrument: "decade".into(),
                channel: 1,
                bit: None,
            },
            curve: curve.map(|(at, has)| (Celsius(at), Ohms(has))).to_vec(),
        };
        for (at, has) in curve {
            let resistance = role.resistance_at(Celsius(at));
            assert!((resistance.0 - has).abs() < 1e-6, "{at}: {resistance}");
        }
        // Beyond the ends too, and always falling.
        let mut last = f64::INFINITY;
        for celsius in [-30.0, -1.0, 3.0, 24.0, 26.0, 49.0, 65.0] {
            let resistance = role.resistance_at(Celsius(celsius));
            assert!(resistance.0 < last, "{celsius}");
            last = resistance.0;
            assert!((role.temperature_of(resistance).0 - celsius).abs() < 1e-9);
        }
    }
}
