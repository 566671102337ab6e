//! Checks the instruments of a bench.

use super::raw::{RawAccuracy, RawCalibration, RawInstrument, RawTerm};
use crate::source::{At, Source};
use crate::{Accuracy, AccuracyTerm, Calibration, Instrument, InstrumentLimits};
use std::collections::BTreeMap;
use units::{Percent, Quantity};

/// Beginnings of addresses.
const SCHEMES: [&str; 4] = ["tcp://", "serial://", "usbtmc://", "sim:"];
/// A reading that is wrong by more is no reading.
const WORST: Percent = Percent(10.0);

pub(super) fn check(
    raw: BTreeMap<String, At<RawInstrument>>,
    source: &mut Source,
) -> BTreeMap<String, Instrument> {
    let mut addresses: BTreeMap<String, String> = BTreeMap::new();
    let mut checked = BTreeMap::new();
    for (
        id,
        At {
            value, referenced, ..
        },
    ) in raw
    {
        if id.is_empty()
            || !id
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "-_".contains(c))
        {
            source.wrong(
                referenced,
                format!("`{id}` is no id for an instrument"),
                "use letters, digits, `-` and `_`",
            );
        }
        address(&id, &value.address, &mut addresses, source);
        checked.insert(id, value.checked(source));
    }
    checked
}

fn address(
    id: &str,
    address: &At<String>,
    known: &mut BTreeMap<String, String>,
    source: &mut Source,
) {
    let text = &address.value;
    let Some(scheme) = SCHEMES.iter().find(|scheme| text.starts_with(**scheme)) else {
        source.wrong(
            address.referenced,
            format!("`{text}` is no address"),
            "write `tcp://HOST:PORT`, `serial:///dev/…`, `usbtmc://…` or `sim:`",
        );
        return;
    };
    let port = || {
        text.rsplit(':')
            .next()
            .and_then(|port| port.parse::<u16>().ok())
    };
    if *scheme == "tcp://" && port().is_none_or(|port| port == 0) {
        source.wrong(
            address.referenced,
            format!("`{text}` has no port"),
            "write it after the host, as in `tcp://192.168.1.20:5025`",
        );
    }
    if *scheme == "sim:" {
        return;
    }
    if let Some(other) = known.insert(text.clone(), id.to_owned()) {
        source.wrong(
            address.referenced,
            format!("`{id}` has the address of `{other}`"),
            "two instruments can't answer at one address",
        );
    }
}

impl RawInstrument {
    fn checked(self, source: &mut Source) -> Instrument {
        for (slot, card) in &self.cards {
            if !(1..=8).contains(slot) {
                source.wrong(
                    card.referenced,
                    format!("there is no slot {slot}"),
                    "slots go from 1 to 8",
                );
            }
        }
        if let Some(voltage) = &self.limits.voltage {
            source.positive(voltage);
        }
        if let Some(current) = &self.limits.current {
            source.positive(current);
        }
        Instrument {
            driver: self.driver,
            address: self.address.value,
            serial: self.serial,
            calibration: self.calibration.map(|raw| raw.checked(source)),
            accuracy: self.accuracy.checked(source),
            limits: InstrumentLimits {
                voltage: self.limits.voltage.map(|at| at.value),
                current: self.limits.current.map(|at| at.value),
            },
            cards: self
                .cards
                .into_iter()
                .map(|(slot, card)| (slot, card.value))
                .collect(),
        }
    }
}

impl RawCalibration {
    fn checked(self, source: &mut Source) -> Calibration {
        if !is_date(&self.due.value) {
            source.wrong(
                self.due.referenced,
                format!("`{}` is no date", self.due.value),
                "write year, month and day, as in `2027-06-30`",
            );
        }
        Calibration {
            certificate: self.certificate,
            due: self.due.value,
        }
    }
}

fn is_date(text: &str) -> bool {
    let parts: Vec<_> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else {
        return false;
    };
    let number = |text: &str, digits: usize| {
        let plain = text.len() == digits && text.bytes().all(|b| b.is_ascii_digit());
        plain.then(|| text.parse::<u16>().ok()).flatten()
    };
    number(year, 4).is_some()
        && number(month, 2).is_some_and(|month| (1..=12).contains(&month))
        && number(day, 2).is_some_and(|day| (1..=31).contains(&day))
}

impl RawAccuracy {
    fn checked(self, source: &mut Source) -> Accuracy {
        Accuracy {
            voltage: term(self.voltage, source),
            current: term(self.current, source),
            temperature: term(self.temperature, source),
        }
    }
}

fn term<Q: Quantity>(raw: Option<At<RawTerm<Q>>>, source: &mut Source) -> AccuracyTerm {
    let Some(At {
        value: raw,
        referenced,
        ..
    }) = raw
    else {
        return AccuracyTerm::default();
    };
    for share in [&raw.of_reading, &raw.of_range].into_iter().flatten() {
        if share.value < Percent(0.0) || share.value > WORST {
            source.wrong(
                share.referenced,
                format!("an accuracy of `{}` is out of range", share.value),
                "it lies between 0 % and 10 %",
            );
        }
    }
    let parts = [&raw.constant, &raw.resolution, &raw.noise];
    for constant in parts
        .into_iter()
        .flatten()
        .filter(|at| at.value.value() < 0.0)
    {
        source.wrong(
            constant.referenced,
            format!("an accuracy of `{}` is negative", constant.value),
            "write how far a reading may be off, without a sign",
        );
    }
    let of_range = match (&raw.of_range, &raw.range) {
        (Some(share), Some(range)) => share.value.fraction() * range.value.value(),
        (None, None) => 0.0,
        _ => {
            source.wrong(
                referenced,
                "`of_range` and `range` go together",
                "write both, or the product of them as `constant`",
            );
            0.0
        }
    };
    let constant = raw.constant.map_or(0.0, |at| at.value.value()) + of_range;
    if raw.of_reading.is_none() && constant == 0.0 {
        source.wrong(
            referenced,
            "this accuracy says nothing",
            "write `of_reading`, `constant` or both; nothing measures without error",
        );
    }
    AccuracyTerm {
        of_reading: raw.of_reading.map_or(Percent(0.0), |at| at.value),
        constant,
        resolution: raw.resolution.map_or(0.0, |at| at.value.value()),
        noise: raw.noise.map_or(0.0, |at| at.value.value()),
    }
}
