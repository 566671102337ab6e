//! One measured value and how far it can be trusted.

use config::AccuracyTerm;
use record::Reading;
use std::sync::Arc;
use std::time::Duration;

/// One measured value with its uncertainty, instant and instrument.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// In volts, amperes or °C, as the field says that holds it.
    pub value: f64,
    /// Expanded uncertainty (k = 2) in the same unit (kelvin for °C), from the bench file's
    /// accuracy, resolution and noise of the instrument.
    pub uncertainty: f64,
    /// When the answer came, on the bench's clock.
    pub at: Duration,
    /// Id of the instrument; of both, where the value was calculated from two.
    pub instrument: Arc<str>,
}

impl Measured {
    pub(crate) fn new(value: f64, accuracy: AccuracyTerm, at: Duration, by: &Arc<str>) -> Self {
        Self {
            value,
            uncertainty: record::expanded(
                value.abs() * accuracy.of_reading.fraction() + accuracy.constant,
                accuracy.resolution,
                accuracy.noise,
            ),
            at,
            instrument: Arc::clone(by),
        }
    }

    /// For the record, in the given unit: `V`, `A`, `°C`.
    #[must_use]
    pub fn reading(&self, unit: &str) -> Reading {
        Reading {
            value: self.value,
            unit: unit.to_owned(),
            uncertainty: self.uncertainty,
            instrument: self.instrument.to_string(),
            at_s: self.at.as_secs_f64(),
        }
    }

    /// The difference of two measurements of independent instruments or channels: uncertainties
    /// add as squares, the instant is the later one.
    #[must_use]
    pub fn minus(&self, other: &Self) -> Self {
        let instrument = if self.instrument == other.instrument {
            Arc::clone(&self.instrument)
        } else {
            Arc::from(format!("{}, {}", self.instrument, other.instrument))
        };
        Self {
            value: self.value - other.value,
            uncertainty: self.uncertainty.hypot(other.uncertainty),
            at: self.at.max(other.at),
            instrument,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Measured;
    use config::AccuracyTerm;
    use std::sync::Arc;
    use std::time::Duration;
    use units::Percent;

    /// Each part of an accuracy makes a reading more uncertain, by its rule.
    #[test]
    fn accuracy_resolution_and_noise_are_in_the_uncertainty() {
        let off = |of_reading: f64, constant, resolution, noise| {
            let accuracy = AccuracyTerm {
                of_reading: Percent(of_reading),
                constant,
                resolution,
                noise,
            };
            Measured::new(-10.0, accuracy, Duration::ZERO, &Arc::from("dmm")).uncertainty
        };
        for (found, expected) in [
            (off(0.1, 0.0, 0.0, 0.0), 0.01),
            (off(0.1, 0.02, 0.0, 0.0), 0.03),
            (off(0.0, 0.0, 0.01, 0.0), 0.01 / 3.0_f64.sqrt()),
            (off(0.0, 0.0, 0.0, 0.01), 0.02),
            (off(0.1, 0.02, 0.0, 0.02), 0.05),
        ] {
            assert!((found - expected).abs() < 1e-12, "{found} {expected}");
        }
    }
}
