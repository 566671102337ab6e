//! Chambers that speak SCPI: set point, ramp, air.

use std::time::Duration;

use crate::action::ChamberAction;
use crate::fault::Fault;
use crate::scpi::Scpi;
use crate::table::Table;
use crate::value::{NumberForm, Value};

/// What a chamber is doing.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct ChamberMemory {
    /// Set point and whether it runs, as last told.
    told: Option<(f64, bool)>,
    /// Where a ramp goes.
    goal: Option<f64>,
    /// Where and when it began.
    from: (f64, Duration),
}

impl ChamberMemory {
    pub(crate) fn goal(&self) -> Option<f64> {
        self.goal
    }
}

/// The settings of a dialect that make a chamber or a resistor, by name.
#[derive(Debug, Default)]
pub(crate) struct Chambers {
    pub(crate) set_point: Option<usize>,
    /// On while the air is conditioned.
    pub(crate) conditioning: Option<usize>,
    /// When the set point moves at a rate instead of jumping.
    pub(crate) ramp_action: Option<usize>,
    /// In kelvin a minute.
    pub(crate) ramp_rate: Option<usize>,
    /// A resistor's, in ohms.
    pub(crate) decade: Option<usize>,
}

impl Scpi {
    pub(crate) fn chamber_action(
        &mut self,
        table: &Table,
        what: ChamberAction,
        out: &mut Vec<u8>,
    ) -> Result<(), Fault> {
        self.act_chamber(table);
        let celsius = match what {
            ChamberAction::Air => self.terminals.chamber_temperature(),
            ChamberAction::Working => self.chamber.told.map_or(0.0, |(set_point, _)| set_point),
        };
        NumberForm::fixed(2).write(celsius, out);
        Ok(())
    }

    /// Tells the chamber what it should do by now. A ramp advances whenever somebody talks to it.
    pub(crate) fn act_chamber(&mut self, table: &Table) {
        let chambers = &table.chambers;
        let Some(set_point) = chambers.set_point else {
            return;
        };
        let number = |which: Option<usize>| {
            which.map_or(0.0, |at| self.numeric_at(table.settings[at].place))
        };
        let value = |which: Option<usize>| which.map(|at| &self.values[table.settings[at].place]);
        let running = value(chambers.conditioning) == Some(&Value::Switch(true));
        let goal = number(Some(set_point));
        // The first choice is no ramp at all.
        let ramps = !matches!(value(chambers.ramp_action), None | Some(Value::Choice(0)));
        let rate = number(chambers.ramp_rate) / 60.0;
        let now = self.terminals.now();
        if self.chamber.goal != Some(goal) {
            let from = self.chamber.told.map_or(goal, |(told, _)| told);
            self.chamber.goal = Some(goal);
            self.chamber.from = (from, now);
        }
        let (from, since) = self.chamber.from;
        let working = if ramps && running && rate > 0.0 {
            let step = rate * now.saturating_sub(since).as_secs_f64();
            from + (goal - from).clamp(-step, step)
        } else {
            goal
        };
        if self.chamber.told != Some((working, running)) {
            self.chamber.told = Some((working, running));
            self.terminals.set_chamber(working, running);
        }
    }
}
