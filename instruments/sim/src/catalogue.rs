//! The dialects there are.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use crate::SimError;
use crate::built_in::{BUILT_IN, BuiltIn, INCLUDES};
use serde::Deserialize;

use crate::raw::{RawDialect, RawLanguage, RawTable};
use crate::table::Table;

/// What sort of instrument a model is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ModelKind {
    /// A power supply, one or two quadrants.
    Supply,
    /// An electronic load.
    Load,
    /// A switch and measurement unit with cards.
    Switch,
    /// A meter on the bench.
    Meter,
    /// A resistor that can be set.
    Resistor,
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
    /// Channels of a supply or load; 1 of anything else.
    pub channels: u16,
}

/// A dialect and what was made of it.
#[derive(Debug)]
pub(crate) struct Model {
    pub(crate) raw: RawDialect,
    /// One a variant.
    tables: Vec<Arc<Table>>,
}

/// What stands behind a name: a dialect, and which of its variants the name is for.
#[derive(Debug, Clone)]
enum Entry {
    /// Comes with this crate; read when it's first asked for.
    BuiltIn(&'static BuiltIn),
    Added(Arc<Model>),
}

/// All dialect tables: the built-in ones and those a user adds.
#[derive(Debug, Clone)]
pub struct Catalogue {
    models: BTreeMap<String, Entry>,
}

impl Entry {
    /// # Panics
    /// Never: a test reads every built-in dialect.
    fn model(&self) -> &Arc<Model> {
        match self {
            Self::Added(model) => model,
            Self::BuiltIn(built_in) => built_in.model.get_or_init(|| {
                let model = Model::read(built_in.file, built_in.text);
                Arc::new(model.expect("a test reads the built-in dialects"))
            }),
        }
    }
}

impl Catalogue {
    /// The tables that come with this crate.
    #[must_use]
    pub fn built_in() -> Self {
        let mut models = BTreeMap::new();
        for built_in in &BUILT_IN {
            for name in built_in.names {
                models.insert((*name).to_owned(), Entry::BuiltIn(built_in));
            }
        }
        Self { models }
    }

    /// Adds each `*.yaml` of a folder; a model that is already known is replaced.
    ///
    /// # Errors
    /// [`SimError::Read`] or [`SimError::Dialect`], at the first file that is wrong.
    pub fn read_dir(&mut self, dir: &Path) -> Result<(), SimError> {
        let read = |path: &Path, source| SimError::Read {
            path: path.display().to_string(),
            source,
        };
        let mut files = Vec::new();
        for entry in std::fs::read_dir(dir).map_err(|error| read(dir, error))? {
            let path = entry.map_err(|error| read(dir, error))?.path();
            if path
                .extension()
                .is_some_and(|extension| extension == "yaml")
            {
                files.push(path);
            }
        }
        files.sort();
        for path in files {
            let text = std::fs::read_to_string(&path).map_err(|error| read(&path, error))?;
            self.add(&path.display().to_string(), &text)?;
        }
        Ok(())
    }

    fn add(&mut self, file: &str, text: &str) -> Result<(), SimError> {
        let model = Arc::new(Model::read(file, text)?);
        for name in model.names() {
            self.models
                .insert(name.to_owned(), Entry::Added(model.clone()));
        }
        Ok(())
    }

    /// What there is, by name.
    #[must_use]
    pub fn models(&self) -> Vec<ModelInfo> {
        let info = |(name, entry): (&String, &Entry)| {
            let model = entry.model();
            let variant = &model.raw.variants[model.variant_named(name)];
            ModelInfo {
                model: name.clone(),
                about: model.raw.about.clone(),
                kind: model.raw.kind,
                variants: if *name == model.raw.model {
                    model.products().cloned().collect()
                } else {
                    vec![variant.product.clone()]
                },
                channels: variant.channels.unwrap_or(model.raw.channels),
            }
        };
        self.models.iter().map(info).collect()
    }

    /// A model and the place of one of its variants, the name's own when none is asked for.
    pub(crate) fn find(
        &self,
        name: &str,
        variant: Option<&str>,
    ) -> Result<(Arc<Model>, usize), SimError> {
        let model = self
            .models
            .get(name)
            .ok_or_else(|| SimError::UnknownModel {
                model: name.to_owned(),
                known: list(self.models.keys()),
            })?
            .model();
        let at = match variant {
            None => model.variant_named(name),
            Some(wanted) => model
                .products()
                .position(|product| product.eq_ignore_ascii_case(wanted))
                .ok_or_else(|| SimError::UnknownVariant {
                    model: name.to_owned(),
                    variant: wanted.to_owned(),
                    known: list(model.products()),
                })?,
        };
        Ok((model.clone(), at))
    }
}

impl Model {
    fn read(file: &str, text: &str) -> Result<Self, SimError> {
        let wrong = |message: String| SimError::Dialect {
            file: file.to_owned(),
            message,
        };
        let raw: RawDialect =
            serde_yaml::from_str(text).map_err(|error| wrong(error.to_string()))?;
        let mut tables = Vec::new();
        if raw.variants.is_empty() {
            return Err(wrong("it has no `variants`".to_owned()));
        }
        if raw.language == RawLanguage::Scpi {
            let includes = includes().map_err(wrong)?;
            for variant in &raw.variants {
                let table = Table::compile(&raw, variant, includes).map_err(wrong)?;
                tables.push(Arc::new(table));
            }
        }
        Ok(Self { raw, tables })
    }

    /// The names it goes by: the dialect's, then those of variants that have their own.
    fn names(&self) -> impl Iterator<Item = &str> {
        let variants = self.raw.variants.iter();
        std::iter::once(self.raw.model.as_str())
            .chain(variants.filter_map(|variant| variant.model.as_deref()))
    }

    fn variant_named(&self, name: &str) -> usize {
        let mut variants = self.raw.variants.iter();
        variants
            .position(|variant| variant.model.as_deref() == Some(name))
            .unwrap_or(0)
    }

    fn products(&self) -> impl Iterator<Item = &String> {
        self.raw.variants.iter().map(|variant| &variant.product)
    }

    /// The table of a variant of an instrument that speaks SCPI.
    pub(crate) fn table(&self, variant: usize) -> Option<Arc<Table>> {
        self.tables.get(variant).cloned()
    }
}

fn list<'a>(names: impl Iterator<Item = &'a String>) -> String {
    names
        .map(|name| format!("`{name}`"))
        .collect::<Vec<_>>()
        .join(", ")
}

fn includes() -> Result<&'static BTreeMap<String, RawTable>, String> {
    static TABLES: OnceLock<Result<BTreeMap<String, RawTable>, String>> = OnceLock::new();
    TABLES
        .get_or_init(|| {
            let mut tables = BTreeMap::new();
            for (name, text) in INCLUDES {
                let table =
                    serde_yaml::from_str(text).map_err(|error| format!("{name}: {error}"))?;
                tables.insert(name.to_owned(), table);
            }
            Ok(tables)
        })
        .as_ref()
        .map_err(Clone::clone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_names_are_those_of_the_dialects() {
        for built_in in &BUILT_IN {
            let model = Model::read(built_in.file, built_in.text).unwrap();
            let names: Vec<&str> = model.names().collect();
            assert_eq!(names, built_in.names, "{}", built_in.file);
        }
    }
}
