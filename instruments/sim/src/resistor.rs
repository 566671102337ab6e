//! Programmable resistors: a resistance at the terminals, or nothing.

use crate::scpi::Scpi;
use crate::table::Table;
use crate::value::Value;

impl Scpi {
    /// Puts on the terminals what the settings say, if it's something else than before.
    pub(crate) fn act_resistor(&mut self, table: &Table) {
        let Some(decade) = table.chambers.decade else {
            return;
        };
        let switch = |name: &str| {
            let at = table.names.get(name).map(|&at| table.settings[at].place);
            at.is_some_and(|place| self.values[place] == Value::Switch(true))
        };
        let ohms = if !switch("connected") {
            f64::INFINITY
        } else if switch("shorted") {
            0.0
        } else {
            self.numeric_at(table.settings[decade].place)
        };
        if self.ohms != Some(ohms) {
            self.ohms = Some(ohms);
            self.terminals.set_resistance(1, ohms);
        }
    }
}
