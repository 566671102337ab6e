//! Where things stand, now and then, and whether they still do after an interruption.

use crate::bench::Bench;
use crate::parts::LeftBehind;
use crate::{BenchError, Measured};
use config::BenchKind;
use record::Event;
use std::collections::BTreeMap;
use std::time::Duration;

/// So often while a scenario lasts.
const EVERY: Duration = Duration::from_secs(3600);

/// A cell may have moved so far since, in volts: from the end of a charge to rest it falls by less.
const CELL_V: f64 = 0.30;
/// And a battery may have warmed up or cooled down by this, in kelvin.
const TEMPERATURE_K: f64 = 20.0;

impl Bench {
    /// Another part of a procedure begins: a checkpoint is written now, and others of this part
    /// every hour.
    pub fn enter_phase(&mut self, phase: &str) {
        phase.clone_into(&mut self.phase);
        self.checkpoint();
    }

    /// Writes a checkpoint if the last one is an hour old.
    pub(crate) fn checkpoint_now_and_then(&mut self) {
        if self.clock.now().saturating_sub(self.checkpointed) >= EVERY {
            self.checkpoint();
        }
    }

    fn checkpoint(&mut self) {
        self.checkpointed = self.clock.now();
        let value = |measured: &Measured| Some(measured.value).filter(|value| value.is_finite());
        let snapshot = &self.snapshot;
        self.event(&Event::Checkpoint {
            phase: self.phase.clone(),
            cells_v: snapshot
                .cells
                .iter()
                .map(|cells| cells.iter().map(value).collect())
                .collect(),
            pack_v: snapshot.pack.as_ref().and_then(value),
            current_a: snapshot.current.as_ref().and_then(value),
            temperature_c: snapshot.temperature.as_ref().and_then(value),
        });
    }

    /// Nothing is energised on a battery that isn't what it was when the run was interrupted, nor
    /// with other instruments: what they measured before and after belongs to one result.
    /// On a board bench the cells are supplies, which are off now.
    pub(crate) fn check_left(
        &mut self,
        left: Option<LeftBehind>,
        who: &BTreeMap<String, String>,
    ) -> Result<(), BenchError> {
        let Some(left) = left else {
            return Ok(());
        };
        let mut changed = Vec::new();
        for (id, was) in &left.instruments {
            if let Some(is) = who.get(id).filter(|is| *is != was) {
                changed.push(format!("{id} was a {was} and is a {is}"));
            }
        }
        let battery = self.config.kind == BenchKind::Battery;
        if battery {
            self.compare_battery(&left, &mut changed)?;
        }
        if !changed.is_empty() {
            return Err(BenchError::Changed {
                bench: self.config.name.clone(),
                changed,
            });
        }
        if battery {
            self.note("the battery is as it was left: every cell within 0.30 V, its temperature within 20 K");
        }
        Ok(())
    }

    /// Adds what is otherwise than it was left.
    fn compare_battery(
        &mut self,
        left: &LeftBehind,
        changed: &mut Vec<String>,
    ) -> Result<(), BenchError> {
        let snapshot = self.snapshot()?.clone();
        for (battery, (now, then)) in (1..).zip(snapshot.cells.iter().zip(&left.cells_v)) {
            for (cell, (now, then)) in (1..).zip(now.iter().zip(then)) {
                let moved = (now.value - then).abs();
                if moved.is_nan() || moved > CELL_V {
                    changed.push(format!(
                        "cell {cell} of battery {battery} was left at {then:.3} V and is at {:.3} V",
                        now.value
                    ));
                }
            }
        }
        if let (Some(now), Some(then)) = (&snapshot.temperature, left.temperature_c) {
            let moved = (now.value - then).abs();
            if moved.is_nan() || moved > TEMPERATURE_K {
                changed.push(format!(
                    "the battery was left at {then:.1} °C and is at {:.1} °C",
                    now.value
                ));
            }
        }
        Ok(())
    }
}
