//! Reads the product files of batteries.

use crate::source::{At, Source, Time};
use crate::{BatteryProduct, ConfigError, DataSheet, InitialCharge, Scalar};
use serde::Deserialize;
use std::path::Path;
use units::{AmpHours, Amps, Quantity, Volts, WattHours};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawBattery {
    name: String,
    cells: At<usize>,
    nominal_voltage: At<Volts>,
    capacity: At<AmpHours>,
    recommended_charge_current: At<Amps>,
    maximum_charge_current: At<Amps>,
    recommended_discharge_current: At<Amps>,
    maximum_discharge_current: At<Amps>,
    absorption_voltage: At<Volts>,
    float_voltage: At<Volts>,
    discharge_end_voltage: At<Volts>,
    balancing_current: At<Amps>,
    energy: Option<At<WattHours>>,
    capacity_at_0: Option<At<AmpHours>>,
    capacity_at_minus_20: Option<At<AmpHours>>,
    thread: Option<String>,
    torque: Option<At<Scalar>>,
    dimensions: Option<At<[Scalar; 3]>>,
    weight: Option<At<Scalar>>,
    on_side: Option<bool>,
    initial_charge: Option<RawInitialCharge>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawInitialCharge {
    current: At<Amps>,
    absorption: At<Volts>,
    absorption_time: Time,
    float: At<Volts>,
    storage: At<Volts>,
}

/// Reads what the manual says of a battery.
///
/// # Errors
/// When the file can't be read, or something in it is wrong.
pub fn load_battery_product(path: &Path) -> Result<BatteryProduct, ConfigError> {
    check_battery(Source::read(path)?)
}

/// The same from text; `path` is for messages.
///
/// # Errors
/// When something in it is wrong.
pub fn parse_battery_product(text: &str, path: &Path) -> Result<BatteryProduct, ConfigError> {
    check_battery(Source::new(path, text.to_owned()))
}

fn check_battery(mut source: Source) -> Result<BatteryProduct, ConfigError> {
    let raw: RawBattery = source.parse()?;
    source.cells(&raw.cells);
    source.positive(&raw.nominal_voltage);
    source.positive(&raw.capacity);
    source.positive(&raw.recommended_charge_current);
    source.positive(&raw.recommended_discharge_current);
    source.positive(&raw.discharge_end_voltage);
    source.positive(&raw.balancing_current);
    let same = |low: &At<Amps>, high: &At<Amps>| low.value > high.value;
    if same(&raw.recommended_charge_current, &raw.maximum_charge_current) {
        source.wrong(
            raw.recommended_charge_current.referenced,
            format!(
                "the recommended charge current, {}, is above the highest, {}",
                raw.recommended_charge_current.value, raw.maximum_charge_current.value
            ),
            "compare both with the table of chapter 7",
        );
    }
    if same(
        &raw.recommended_discharge_current,
        &raw.maximum_discharge_current,
    ) {
        source.wrong(
            raw.recommended_discharge_current.referenced,
            format!(
                "the recommended discharge current, {}, is above the highest, {}",
                raw.recommended_discharge_current.value, raw.maximum_discharge_current.value
            ),
            "compare both with the table of chapter 7",
        );
    }
    source.ascending(&[
        ("discharge_end_voltage", &raw.discharge_end_voltage),
        ("nominal_voltage", &raw.nominal_voltage),
        ("float_voltage", &raw.float_voltage),
        ("absorption_voltage", &raw.absorption_voltage),
    ]);
    let product = BatteryProduct {
        sheet: DataSheet {
            energy: raw.energy.map(|at| at.value),
            capacity_at_0: raw.capacity_at_0.map(|at| at.value),
            capacity_at_minus_20: raw.capacity_at_minus_20.map(|at| at.value),
            thread: raw.thread,
            torque: raw.torque.map(|at| source.in_unit(&at, "Nm")),
            dimensions: raw.dimensions.map(|at| at.value),
            weight: raw.weight.map(|at| source.in_unit(&at, "kg")),
            on_side: raw.on_side,
            initial_charge: raw.initial_charge.map(|raw| raw.checked(&mut source)),
        },
        name: raw.name,
        cells: raw.cells.value,
        nominal_voltage: raw.nominal_voltage.value,
        capacity: raw.capacity.value,
        recommended_charge_current: raw.recommended_charge_current.value,
        maximum_charge_current: raw.maximum_charge_current.value,
        recommended_discharge_current: raw.recommended_discharge_current.value,
        maximum_discharge_current: raw.maximum_discharge_current.value,
        absorption_voltage: raw.absorption_voltage.value,
        float_voltage: raw.float_voltage.value,
        discharge_end_voltage: raw.discharge_end_voltage.value,
        balancing_current: raw.balancing_current.value,
    };
    source.finish(product)
}

impl RawInitialCharge {
    fn checked(self, source: &mut Source) -> InitialCharge {
        source.positive(&self.current);
        source.positive(&self.absorption);
        InitialCharge {
            current: self.current.value,
            absorption: self.absorption.value,
            absorption_time: self.absorption_time.0,
            float: self.float.value,
            storage: self.storage.value,
        }
    }
}

impl Source {
    /// A number in this unit.
    fn in_unit(&mut self, at: &At<Scalar>, unit: &str) -> Scalar {
        if at.value.unit != unit || at.value.value <= 0.0 {
            self.wrong(
                at.referenced,
                format!("`{}` is out of place", at.value),
                &format!("a number above zero in {unit} belongs here"),
            );
        }
        at.value
    }

    pub(crate) fn cells(&mut self, cells: &At<usize>) {
        if !matches!(cells.value, 4 | 8) {
            self.wrong(
                cells.referenced,
                format!("a battery has no {} cells", cells.value),
                "write 4 for a 12.8 V battery, 8 for a 25.6 V one",
            );
        }
    }

    pub(crate) fn positive<Q: Quantity>(&mut self, quantity: &At<Q>) {
        if quantity.value.value() <= 0.0 {
            self.wrong(
                quantity.referenced,
                format!("`{}` is out of range", quantity.value),
                &format!("{} above zero belongs here", Q::WHAT),
            );
        }
    }

    /// Each named value above the one before it.
    pub(crate) fn ascending<Q: Quantity>(&mut self, values: &[(&str, &At<Q>)]) {
        for pair in values.windows(2) {
            let [(low_name, low), (high_name, high)] = pair else {
                continue;
            };
            if low.value >= high.value {
                self.wrong(
                    high.referenced,
                    format!(
                        "`{high_name}`, {}, must be above `{low_name}`, {}",
                        high.value, low.value
                    ),
                    "exchange them, or correct one",
                );
            }
        }
    }
}
