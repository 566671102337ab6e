//! The envelope: what must never be exceeded while the bench is energised.

use crate::{Measured, Snapshot};
use config::{Envelope, Range};
use std::time::Duration;
use units::{KelvinPerMinute, Quantity, Volts};

/// Shortest time over which a rate means something: within it noise would look like a ramp.
const RATE_WINDOW: Duration = Duration::from_secs(60);

/// A measurement outside the envelope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Exceeded {
    pub(crate) what: String,
    pub(crate) found: String,
    pub(crate) allowed: String,
}

/// What the guard remembers between snapshots.
#[derive(Debug, Default)]
pub(crate) struct Guard {
    /// Where the running window of the temperature began.
    temperature: Option<(Duration, f64)>,
}

impl Guard {
    /// The first thing in `snapshot` outside the envelope. `cells_live` tells whether cell
    /// voltages mean anything: supplies that stand for cells read zero while off.
    pub(crate) fn check(
        &mut self,
        envelope: &Envelope,
        snapshot: &Snapshot,
        cells_live: bool,
    ) -> Option<Exceeded> {
        let rate = self.rate(snapshot);
        let cells = if cells_live {
            cells(envelope, snapshot)
        } else {
            None
        };
        cells
            .or_else(|| {
                let pack = snapshot.pack.as_ref()?;
                outside("bank voltage", pack, envelope.pack_voltage)
            })
            .or_else(|| {
                let current = snapshot.current.as_ref()?;
                outside("current into the bank", current, envelope.current)
            })
            .or_else(|| {
                let sensor = snapshot.temperature.as_ref()?;
                outside("temperature", sensor, envelope.temperature)
            })
            .or_else(|| {
                let air = snapshot.chamber.as_ref()?;
                outside("chamber air", air, envelope.temperature)
            })
            .or_else(|| {
                let (rate, highest) = (rate?, envelope.temperature_rate?);
                (rate > highest).then(|| Exceeded {
                    what: "temperature rate".into(),
                    found: format!("{rate:.2}"),
                    allowed: format!("at most {highest}"),
                })
            })
    }

    /// Magnitude of the temperature's slope, once per window.
    fn rate(&mut self, snapshot: &Snapshot) -> Option<KelvinPerMinute> {
        let sensor = snapshot.temperature.as_ref()?;
        let Some((since, then)) = self.temperature else {
            self.temperature = Some((sensor.at, sensor.value));
            return None;
        };
        let passed = sensor.at.saturating_sub(since);
        if passed < RATE_WINDOW {
            return None;
        }
        self.temperature = Some((sensor.at, sensor.value));
        let minutes = passed.as_secs_f64() / 60.0;
        Some(KelvinPerMinute((sensor.value - then).abs() / minutes))
    }
}

fn cells(envelope: &Envelope, snapshot: &Snapshot) -> Option<Exceeded> {
    let several = snapshot.cells.len() > 1;
    let single = snapshot.all_cells().find_map(|cell| {
        let name = if several {
            format!("battery {} cell {}", cell.battery, cell.cell)
        } else {
            format!("cell {}", cell.cell)
        };
        outside(&name, cell.voltage, envelope.cell_voltage)
    });
    single.or_else(|| {
        let highest = envelope.cell_spread?;
        (1..=snapshot.cells.len()).find_map(|battery| {
            let spread = snapshot.spread(battery)?;
            (spread.value > highest.0).then(|| Exceeded {
                what: format!("cell spread of battery {battery}"),
                found: format!("{:.3}", Volts(spread.value)),
                allowed: format!("at most {highest}"),
            })
        })
    })
}

/// A value that is no number is outside: nothing can be said for it.
fn outside<Q: Quantity>(what: &str, measured: &Measured, range: Range<Q>) -> Option<Exceeded> {
    let inside = (range.from.value()..=range.to.value()).contains(&measured.value);
    (!inside).then(|| Exceeded {
        what: what.to_owned(),
        found: format!("{:.3}", Q::new(measured.value)),
        allowed: format!("{} to {}", range.from, range.to),
    })
}
