//! What a block of a battery monitor means.

use super::Block;
use units::{AmpHours, Amps, Percent, Volts};

/// A field that isn't the number it must be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the field {label} says `{value}`, which is no whole number")]
pub struct ValueError {
    /// Which.
    pub label: &'static str,
    /// What it says.
    pub value: String,
}

/// What a monitor measures; `None` where it says nothing, or that it can't.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct MonitorReading {
    /// Voltage of the bank, to 1 mV.
    pub voltage: Option<Volts>,
    /// Current, positive into the bank, to 1 mA.
    pub current: Option<Amps>,
    /// Charge since full, negative when taken out, to 1 mAh.
    pub consumed: Option<AmpHours>,
    /// State of charge, to 0.1 %.
    pub state_of_charge: Option<Percent>,
}

/// Reads a monitor's block; `None` for a block without a voltage, like that of its history.
///
/// # Errors
/// When a field isn't a number.
pub fn monitor_reading(block: &Block) -> Result<Option<MonitorReading>, ValueError> {
    let thousandths = |label| Ok(number(block, label)?.map(|number| number / 1000.0));
    let Some(voltage) = thousandths("V")? else {
        return Ok(None);
    };
    Ok(Some(MonitorReading {
        voltage: Some(Volts(voltage)),
        current: thousandths("I")?.map(Amps),
        consumed: thousandths("CE")?.map(AmpHours),
        // In thousandths of the whole.
        state_of_charge: number(block, "SOC")?.map(|share| Percent(share / 10.0)),
    }))
}

fn number(block: &Block, label: &'static str) -> Result<Option<f64>, ValueError> {
    match block.get(label) {
        None | Some("---") => Ok(None),
        Some(value) => match value.parse::<i32>() {
            Ok(number) => Ok(Some(f64::from(number))),
            Err(_) => Err(ValueError {
                label,
                value: value.to_owned(),
            }),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::{MonitorReading, monitor_reading};
    use crate::vedirect::Block;
    use units::{AmpHours, Amps, Percent, Volts};

    fn block(fields: &[(&str, &str)]) -> Block {
        let owned = |(label, value): &(&str, &str)| ((*label).to_owned(), (*value).to_owned());
        Block {
            fields: fields.iter().map(owned).collect(),
        }
    }

    #[test]
    fn a_block_in_units() {
        let said = block(&[
            ("V", "12282"),
            ("I", "-2288"),
            ("CE", "-74900"),
            ("SOC", "916"),
        ]);
        assert_eq!(
            monitor_reading(&said),
            Ok(Some(MonitorReading {
                voltage: Some(Volts(12.282)),
                current: Some(Amps(-2.288)),
                consumed: Some(AmpHours(-74.9)),
                state_of_charge: Some(Percent(91.6)),
            }))
        );
    }

    #[test]
    fn what_a_monitor_does_not_know_is_not_told() {
        let said = block(&[("V", "12282"), ("SOC", "---")]);
        let read = monitor_reading(&said).unwrap().unwrap();
        assert_eq!((read.current, read.state_of_charge), (None, None));
        assert_eq!(monitor_reading(&block(&[("H1", "-149322")])), Ok(None));
        let wrong = monitor_reading(&block(&[("V", "12.2")])).unwrap_err();
        assert_eq!(
            wrong.to_string(),
            "the field V says `12.2`, which is no whole number"
        );
    }
}
