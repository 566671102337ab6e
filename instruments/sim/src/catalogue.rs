//! The dialects there are.

use std::path::Path;

use crate::SimError;

/// What sort of instrument a model is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ModelKind {
    /// A power supply, one or two quadrants.
    Supply,
    /// An electronic load.
    Load,
    /// A switch and measurement unit with cards.
    Switch,
    /// A temperature chamber.
    Chamber,
}

/// What a catalogue says of a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelInfo {
    /// Its name, as in `driver:` of a bench file.
    pub model: String,
    /// One line about it.
    pub about: String,
    /// What sort of instrument.
    pub kind: ModelKind,
    /// What it comes as; the first one unless asked otherwise.
    pub variants: Vec<String>,
    /// Channels of a supply or load, slots of a switch unit, 1 for a chamber.
    pub channels: u16,
}

/// All dialect tables: the built-in ones and those a user adds.
#[derive(Debug, Clone)]
pub struct Catalogue {}

impl Catalogue {
    /// The tables that come with this crate.
    #[must_use]
    pub fn built_in() -> Self {
        Self {}
    }

    /// Adds each `*.yaml` of a folder; a model that is already known is replaced.
    ///
    /// # Errors
    /// [`SimError::Read`] or [`SimError::Dialect`], at the first file that is wrong.
    pub fn read_dir(&mut self, dir: &Path) -> Result<(), SimError> {
        let _ = dir;
        Ok(())
    }

    /// What there is, by name.
    #[must_use]
    pub fn models(&self) -> Vec<ModelInfo> {
        Vec::new()
    }
}
