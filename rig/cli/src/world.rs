//! What a step holds: the bench of its scenario, and what earlier steps left for it.

use crate::notes::Notes;
use crate::{StepError, StepResult};
use bench::Bench;
use std::any::{Any, type_name};
use std::fmt;
use std::panic::AssertUnwindSafe;
use std::rc::Rc;
use std::sync::Arc;

/// cucumber's world: one a scenario.
///
/// A step says the sentence and makes one call: [`RigWorld::with`] runs it on the bench's own
/// thread. What a later step needs of the outcome is left with [`RigWorld::keep`].
#[derive(Default, cucumber::World)]
pub struct RigWorld {
    pub(crate) station: Option<Arc<crate::run::Station>>,
    pub(crate) scenario: Option<Arc<crate::feature::Planned>>,
    pub(crate) desk: Option<Rc<crate::run::Desk>>,
    pub(crate) flashers: crate::run::Flashers,
    notes: Notes,
}

impl RigWorld {
    /// Runs `work` on the bench's thread and waits for it.
    ///
    /// The wait ends early when the run is cancelled or the bench no longer answers; then the
    /// bench's thread is left to itself and making safe takes over.
    ///
    /// # Errors
    /// What `work` says; Interrupted when cancelled; Error when the scenario has no bench, the
    /// bench hangs, or `work` panics.
    pub async fn with<T, E, F>(&mut self, work: F) -> StepResult<T>
    where
        T: Send + 'static,
        E: Into<StepError> + Send + 'static,
        F: FnOnce(&mut Bench) -> Result<T, E> + Send + 'static,
    {
        let station = self.station()?.clone();
        let work = move |bench: &mut Bench| {
            std::panic::catch_unwind(AssertUnwindSafe(|| work(&mut *bench)))
                .map_err(|payload| {
                    let reason = format!("panicked: {}", panic_text(&*payload));
                    bench.make_safe(&reason);
                    StepError::error(reason)
                })
                .and_then(|outcome| outcome.map_err(Into::into))
        };
        station.call(work).await?
    }

    /// Leaves `value` for later steps of this scenario; a later value of the same type replaces it.
    pub fn keep<T: Any + Send>(&mut self, value: T) {
        self.notes.keep(value);
    }

    /// What an earlier step of this scenario left.
    ///
    /// # Errors
    /// When no step did.
    pub fn kept<T: Any>(&self) -> StepResult<&T> {
        self.notes.get().ok_or_else(|| {
            let name = type_name::<T>().rsplit("::").next().unwrap_or_default();
            StepError::error(format_args!(
                "no earlier step of this scenario found a `{name}`; a step that does belongs before this one"
            ))
        })
    }

    /// What an earlier step of this scenario left, if one did.
    #[must_use]
    pub fn kept_if_any<T: Any>(&self) -> Option<&T> {
        self.notes.get()
    }

    /// Writes a line into the record of the run.
    pub fn note(&self, text: &str) {
        if let Some(desk) = &self.desk {
            desk.note(text);
        }
    }

    /// The bench file of this scenario.
    ///
    /// # Errors
    /// When the scenario has no bench.
    pub fn bench_file(&self) -> StepResult<&config::Bench> {
        Ok(self.station()?.config())
    }

    /// The debug probe on a board of this scenario's bench.
    ///
    /// # Errors
    /// When there is none.
    pub(crate) fn flasher(&self, board: api::BoardKind) -> StepResult<crate::run::SharedFlasher> {
        let bench = self.bench_file()?;
        let found = self.flashers.get(&board).cloned();
        found.ok_or_else(|| StepError::error(crate::run::unprogrammable(bench, board)))
    }

    /// Tags of the scenario, inherited ones included, without `@`.
    #[must_use]
    pub fn tags(&self) -> &[String] {
        self.scenario
            .as_ref()
            .map_or(&[], |scenario| &scenario.tags[..])
    }

    /// Statements of the manual that the scenario is tagged with, `3.2.1-02`.
    pub fn clauses(&self) -> impl Iterator<Item = &str> {
        self.tags()
            .iter()
            .filter_map(|tag| tag.strip_prefix("clause:"))
    }

    fn station(&self) -> StepResult<&Arc<crate::run::Station>> {
        self.station.as_ref().ok_or_else(|| {
            StepError::error(
                "this step needs a bench, and the scenario names none; tag it @bench:board or @bench:battery",
            )
        })
    }
}

impl fmt::Debug for RigWorld {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RigWorld")
            .field("notes", &self.notes)
            .finish_non_exhaustive()
    }
}

/// The text of a panic.
pub(crate) fn panic_text(payload: &(dyn Any + Send)) -> String {
    payload
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| payload.downcast_ref::<&str>().copied())
        .unwrap_or("a panic without text")
        .to_owned()
}
