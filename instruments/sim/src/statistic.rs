//! Mean, minimum and maximum of what a port has read.

use crate::action::{Quantity, Statistic};
use crate::table::Forms;
use crate::terminals::PortState;

/// Readings of one port since the last reset.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Statistics {
    pub(crate) count: u32,
    voltage: Range,
    current: Range,
    power: Range,
}

#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Range {
    sum: f64,
    least: f64,
    most: f64,
}

impl Range {
    fn take(&mut self, value: f64, first: bool) {
        if first {
            *self = Self {
                sum: value,
                least: value,
                most: value,
            };
        } else {
            self.sum += value;
            self.least = self.least.min(value);
            self.most = self.most.max(value);
        }
    }
}

impl Statistics {
    pub(crate) fn take(&mut self, state: &PortState) {
        let first = self.count == 0;
        self.count = self.count.saturating_add(1);
        self.voltage.take(state.voltage_v, first);
        self.current.take(state.current_a, first);
        self.power.take(state.voltage_v * state.current_a, first);
    }

    pub(crate) fn write(
        &self,
        quantity: Quantity,
        statistic: Statistic,
        forms: &Forms,
        out: &mut Vec<u8>,
    ) {
        let (range, form) = match quantity {
            Quantity::Voltage => (&self.voltage, &forms.voltage),
            Quantity::Current => (&self.current, &forms.current),
            Quantity::Power | Quantity::Resistance => (&self.power, &forms.power),
        };
        let mean = range.sum / f64::from(self.count.max(1));
        match statistic {
            Statistic::Mean => form.write(mean, out),
            Statistic::Minimum => form.write(range.least, out),
            Statistic::Maximum => form.write(range.most, out),
            Statistic::All => {
                form.write(mean, out);
                out.push(b',');
                form.write(range.least, out);
                out.push(b',');
                form.write(range.most, out);
            }
        }
    }
}
