//! Loops that sample until something is seen or the time is up.

use crate::bench::Bench;
use crate::{BenchError, Snapshot};
use std::ops::ControlFlow;
use std::time::Duration;

impl Bench {
    /// Takes a full snapshot every `period` until `look` breaks or `timeout` is over, the last one
    /// at the very end. `None` when the time ran out.
    ///
    /// # Errors
    /// As [`Bench::snapshot`].
    pub fn watch<T>(
        &mut self,
        period: Duration,
        timeout: Duration,
        look: impl FnMut(&Snapshot) -> ControlFlow<T>,
    ) -> Result<Option<T>, BenchError> {
        self.watch_mixed(period, 1, timeout, look)
    }

    /// As [`Bench::watch`], but contacts and telemetry only, with a full snapshot in between as
    /// often as the envelope guard needs it ([`Bench::sample_contacts`]).
    ///
    /// # Errors
    /// As [`Bench::snapshot`].
    pub fn watch_contacts<T>(
        &mut self,
        period: Duration,
        timeout: Duration,
        look: impl FnMut(&Snapshot) -> ControlFlow<T>,
    ) -> Result<Option<T>, BenchError> {
        self.watch_mixed(period, u32::MAX, timeout, look)
    }

    /// As [`Bench::watch`], but only the first and every `every`-th sample is a full snapshot; the
    /// others are contacts and telemetry.
    ///
    /// # Errors
    /// As [`Bench::snapshot`].
    pub fn watch_mixed<T>(
        &mut self,
        period: Duration,
        every: u32,
        timeout: Duration,
        mut look: impl FnMut(&Snapshot) -> ControlFlow<T>,
    ) -> Result<Option<T>, BenchError> {
        let deadline = self.now() + timeout;
        let mut due = self.now();
        let mut count = 0u32;
        loop {
            let full = count.is_multiple_of(every.max(1));
            count = count.wrapping_add(1);
            let snapshot = if full && (every != u32::MAX || !self.measured) {
                self.snapshot()?
            } else {
                self.sample_contacts()?
            };
            if let ControlFlow::Break(found) = look(snapshot) {
                return Ok(Some(found));
            }
            let now = self.now();
            if now >= deadline {
                return Ok(None);
            }
            // Samples keep their raster however long the instruments took; what was missed is
            // not caught up with.
            due = (due + period).max(now).min(deadline);
            self.sleep(due.saturating_sub(now).max(Duration::from_millis(1)))?;
        }
    }

    /// Lets `time` pass with a full snapshot every `period` and at the end.
    ///
    /// # Errors
    /// As [`Bench::snapshot`].
    pub fn settle(&mut self, time: Duration, period: Duration) -> Result<&Snapshot, BenchError> {
        self.watch(period, time, |_| ControlFlow::<()>::Continue(()))?;
        Ok(&self.snapshot)
    }
}
