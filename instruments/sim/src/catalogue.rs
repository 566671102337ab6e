//! The dialects there are.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use crate::SimError;
use crate::raw::{RawDialect, RawKind, RawLanguage, RawTable};
use crate::table::Table;

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

impl From<RawKind> for ModelKind {
    fn from(raw: RawKind) -> Self {
        match raw {
            RawKind::Supply => Self::Supply,
            RawKind::Load => Self::Load,
            RawKind::Switch => Self::Switch,
            RawKind::Chamber => Self::Chamber,
        }
    }
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

/// All dialect tables: the built-in ones and those a user adds.
#[derive(Debug, Clone)]
pub struct Catalogue {
    models: BTreeMap<String, Arc<Model>>,
}

static BUILT_IN: [(&str, &str); 5] = [
    ("bk-8514b.yaml", include_str!("../dialects/bk-8514b.yaml")),
    (
        "espec-p300.yaml",
        include_str!("../dialects/espec-p300.yaml"),
    ),
    (
        "ea-psb10000.yaml",
        include_str!("../dialects/ea-psb10000.yaml"),
    ),
    (
        "keysight-34980a.yaml",
        include_str!("../dialects/keysight-34980a.yaml"),
    ),
    ("rs-ngm202.yaml", include_str!("../dialects/rs-ngm202.yaml")),
];

static INCLUDES: [(&str, &str); 2] = [
    ("scpi-99", include_str!("../dialects/include/scpi-99.yaml")),
    (
        "instrument-summary",
        include_str!("../dialects/include/instrument-summary.yaml"),
    ),
];

impl Catalogue {
    /// The tables that come with this crate.
    ///
    /// # Panics
    /// Never: a test reads them all.
    #[must_use]
    pub fn built_in() -> Self {
        static CATALOGUE: OnceLock<Catalogue> = OnceLock::new();
        CATALOGUE
            .get_or_init(|| {
                let mut catalogue = Self {
                    models: BTreeMap::new(),
                };
                for (file, text) in BUILT_IN {
                    catalogue
                        .add(file, text)
                        .expect("a test reads the built-in dialects");
                }
                catalogue
            })
            .clone()
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
        self.models
            .insert(raw.model.clone(), Arc::new(Model { raw, tables }));
        Ok(())
    }

    /// What there is, by name.
    #[must_use]
    pub fn models(&self) -> Vec<ModelInfo> {
        let info = |model: &Arc<Model>| ModelInfo {
            model: model.raw.model.clone(),
            about: model.raw.about.clone(),
            kind: model.raw.kind.into(),
            variants: model
                .raw
                .variants
                .iter()
                .map(|variant| variant.product.clone())
                .collect(),
            channels: model.raw.variants[0].channels.unwrap_or(model.raw.channels),
        };
        self.models.values().map(info).collect()
    }

    /// A model and the place of one of its variants, the first when none is asked for.
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
            })?;
        let products = || model.raw.variants.iter().map(|variant| &variant.product);
        let at = match variant {
            None => 0,
            Some(wanted) => products()
                .position(|product| product.eq_ignore_ascii_case(wanted))
                .ok_or_else(|| SimError::UnknownVariant {
                    model: name.to_owned(),
                    variant: wanted.to_owned(),
                    known: list(products()),
                })?,
        };
        Ok((model.clone(), at))
    }
}

impl Model {
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
