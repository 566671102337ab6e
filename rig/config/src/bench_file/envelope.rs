//! Checks what must never be exceeded on a bench.

use super::raw::RawEnvelope;
use crate::source::{At, Source};
use crate::{BenchKind, Envelope, Range};
use units::{Amps, Celsius, Quantity, Volts};

/// Voltage of a cell that is neither full nor empty.
const NOMINAL_CELL: f64 = 3.2;

pub(super) fn check(
    raw: &At<RawEnvelope>,
    kind: BenchKind,
    cells_in_series: usize,
    source: &mut Source,
) -> Envelope {
    let place = raw.referenced;
    let raw = &raw.value;
    let envelope = Envelope {
        cell_voltage: source.range(&raw.cell_voltage, Volts(0.0), Volts(4.5)),
        pack_voltage: source.range(&raw.pack_voltage, Volts(0.0), Volts(75.0)),
        current: source.range(&raw.current, Amps(-2000.0), Amps(2000.0)),
        temperature: source.range(&raw.temperature, Celsius(-45.0), Celsius(85.0)),
        cell_spread: raw.cell_spread.as_ref().map(|at| at.value),
        temperature_rate: raw.temperature_rate.as_ref().map(|at| at.value),
    };
    if let Some(spread) = &raw.cell_spread {
        source.positive(spread);
    }
    if let Some(rate) = &raw.temperature_rate {
        source.positive(rate);
    }
    if kind == BenchKind::Battery && raw.cell_spread.is_none() {
        source.wrong(
            place,
            "the envelope of a battery bench has no `cell_spread`",
            "write how far cells of a battery may be apart, as in `cell_spread: 0.8 V`",
        );
    }
    if kind == BenchKind::Battery
        && !(envelope.current.from < Amps(0.0) && envelope.current.to > Amps(0.0))
    {
        source.wrong(
            raw.current.referenced,
            "a battery bench charges and discharges",
            "the lower end is the highest discharge current, negative; the upper end the highest charge current",
        );
    }
    let nominal = Volts(NOMINAL_CELL * cells_in_series as f64);
    let inside = envelope.pack_voltage.from < nominal && nominal < envelope.pack_voltage.to;
    if cells_in_series > 0 && !inside {
        source.wrong(
            raw.pack_voltage.referenced,
            format!(
                "{cells_in_series} cells in series stand at {nominal:.1}, outside these limits"
            ),
            "write limits of the whole bank",
        );
    }
    envelope
}

impl Source {
    fn range<Q: Quantity>(&mut self, at: &At<[Q; 2]>, lowest: Q, highest: Q) -> Range<Q> {
        let [from, to] = at.value;
        if from >= to {
            self.wrong(
                at.referenced,
                format!("`{from}` to `{to}` is no range"),
                "the lower end comes first",
            );
        } else if from < lowest || to > highest {
            self.wrong(
                at.referenced,
                format!("`{from}` to `{to}` is out of range"),
                &format!("its ends lie between {lowest} and {highest}"),
            );
        }
        Range { from, to }
    }
}
