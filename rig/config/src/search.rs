//! Files by name: where benches, products, devices and faults are looked for.

use crate::error::nearest;
use crate::{
    BatteryDevice, BatteryProduct, Bench, BmsDevice, BmsProduct, Clauses, ConfigError, Fault,
    load_battery_device, load_battery_product, load_bench, load_bms_device, load_bms_product,
    load_clauses, load_fault,
};
use std::path::{Path, PathBuf};

/// What kinds of file are found by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileKind {
    /// A bench.
    Bench,
    /// What the manual says of a battery.
    BatteryProduct,
    /// What the manual says of a BMS.
    BmsProduct,
    /// A simulated battery.
    BatteryDevice,
    /// A simulated BMS.
    BmsDevice,
    /// A fault.
    Fault,
    /// The statements of the manual.
    Clauses,
}

impl FileKind {
    /// As messages name it.
    #[must_use]
    pub fn what(self) -> &'static str {
        match self {
            Self::Bench => "bench",
            Self::BatteryProduct => "battery product",
            Self::BmsProduct => "BMS product",
            Self::BatteryDevice => "battery device",
            Self::BmsDevice => "BMS device",
            Self::Fault => "fault",
            Self::Clauses => "clause file",
        }
    }

    /// Its folder within each folder of the search path.
    #[must_use]
    pub fn folder(self) -> &'static str {
        match self {
            Self::Bench => "benches",
            Self::BatteryProduct => "products/batteries",
            Self::BmsProduct => "products/bms",
            Self::BatteryDevice => "devices/batteries",
            Self::BmsDevice => "devices/bms",
            Self::Fault => "faults",
            Self::Clauses => "manual",
        }
    }

    /// What a file is, told by the keys at its left margin.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let signs = [
            ("instruments:", Self::Bench),
            ("wiring:", Self::Bench),
            ("inject:", Self::Fault),
            ("clauses:", Self::Clauses),
            ("board:", Self::BatteryDevice),
            ("pre_alarm_delay:", Self::BmsDevice),
            ("nominal_voltage:", Self::BatteryProduct),
            ("refusing_leds:", Self::BmsProduct),
        ];
        text.lines().find_map(|line| {
            signs
                .iter()
                .find(|(sign, _)| line.starts_with(sign))
                .map(|(_, kind)| *kind)
        })
    }
}

/// Folders in which files are looked for by name. Each holds `benches`, `products/batteries`,
/// `products/bms`, `devices/batteries`, `devices/bms`, `faults` and `manual`, or some of them;
/// the first folder that has a name wins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchPath {
    dirs: Vec<PathBuf>,
}

impl SearchPath {
    /// Looks in these folders, in this order.
    #[must_use]
    pub fn new(dirs: Vec<PathBuf>) -> Self {
        Self { dirs }
    }

    /// The folders.
    #[must_use]
    pub fn dirs(&self) -> &[PathBuf] {
        &self.dirs
    }

    /// A bench by name, or by the path of its file.
    ///
    /// # Errors
    /// When there is none, or its file is wrong.
    pub fn bench(&self, name: &str) -> Result<Bench, ConfigError> {
        load_bench(&self.find(FileKind::Bench, name)?)
    }

    /// What the manual says of a battery, by name.
    ///
    /// # Errors
    /// When there is none, or its file is wrong.
    pub fn battery_product(&self, name: &str) -> Result<BatteryProduct, ConfigError> {
        load_battery_product(&self.find(FileKind::BatteryProduct, name)?)
    }

    /// What the manual says of a BMS, by name.
    ///
    /// # Errors
    /// When there is none, or its file is wrong.
    pub fn bms_product(&self, name: &str) -> Result<BmsProduct, ConfigError> {
        load_bms_product(&self.find(FileKind::BmsProduct, name)?)
    }

    /// A simulated battery by name.
    ///
    /// # Errors
    /// When there is none, or its file is wrong.
    pub fn battery_device(&self, name: &str) -> Result<BatteryDevice, ConfigError> {
        load_battery_device(&self.find(FileKind::BatteryDevice, name)?)
    }

    /// A simulated BMS by name.
    ///
    /// # Errors
    /// When there is none, or its file is wrong.
    pub fn bms_device(&self, name: &str) -> Result<BmsDevice, ConfigError> {
        load_bms_device(&self.find(FileKind::BmsDevice, name)?)
    }

    /// A fault by name, or by the path of its file.
    ///
    /// # Errors
    /// When there is none, or its file is wrong.
    pub fn fault(&self, name: &str) -> Result<Fault, ConfigError> {
        load_fault(&self.find(FileKind::Fault, name)?)
    }

    /// The statements of the manual.
    ///
    /// # Errors
    /// When there are none, or their file is wrong.
    pub fn clauses(&self) -> Result<Clauses, ConfigError> {
        load_clauses(&self.find(FileKind::Clauses, "clauses")?)
    }

    /// Every file of a kind with the name it goes by, in order of names; of two files of one name
    /// only the one that is found first.
    #[must_use]
    pub fn list(&self, kind: FileKind) -> Vec<(String, PathBuf)> {
        let mut found: Vec<(String, PathBuf)> = Vec::new();
        for dir in &self.dirs {
            for path in files(&dir.join(kind.folder())) {
                let name = name_inside(&path).unwrap_or_else(|| stem(&path));
                if !found.iter().any(|(known, _)| *known == name) {
                    found.push((name, path));
                }
            }
        }
        found.sort();
        found
    }

    /// The file that a name stands for.
    ///
    /// # Errors
    /// When there is none; the message names the nearest one.
    pub fn find(&self, kind: FileKind, name: &str) -> Result<PathBuf, ConfigError> {
        let as_path = Path::new(name);
        if is_yaml(as_path) && as_path.is_file() {
            return Ok(as_path.to_owned());
        }
        let known = self.list(kind);
        let wanted = slug(name);
        let hit = known
            .iter()
            .find(|(inside, _)| inside == name)
            .or_else(|| known.iter().find(|(_, path)| stem(path) == wanted));
        if let Some((_, path)) = hit {
            return Ok(path.clone());
        }
        let names = || known.iter().map(|(inside, _)| inside.as_str());
        let suggestion = match nearest(name, names()) {
            Some(near) => format!(", did you mean `{near}`?"),
            None if known.is_empty() => String::new(),
            None => format!(
                "; there are {}",
                names()
                    .map(|n| format!("`{n}`"))
                    .collect::<Vec<_>>()
                    .join(", ")
            ),
        };
        Err(ConfigError::Missing {
            what: kind.what(),
            name: name.to_owned(),
            suggestion,
            looked_in: self
                .dirs
                .iter()
                .map(|dir| dir.join(kind.folder()))
                .collect(),
        })
    }
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(dir) else {
        return Vec::new();
    };
    let mut paths: Vec<_> = entries
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| is_yaml(path))
        .collect();
    paths.sort();
    paths
}

fn is_yaml(path: &Path) -> bool {
    path.extension()
        .is_some_and(|end| end == "yaml" || end == "yml")
}

fn stem(path: &Path) -> String {
    path.file_stem()
        .map(|stem| stem.to_string_lossy().into_owned())
        .unwrap_or_default()
}

/// The name that a file gives itself.
fn name_inside(path: &Path) -> Option<String> {
    let text = std::fs::read_to_string(path).ok()?;
    let name = text.lines().find_map(|line| line.strip_prefix("name:"))?;
    let name = name.split(" #").next()?.trim().trim_matches(['"', '\'']);
    (!name.is_empty()).then(|| name.to_owned())
}

/// `LFP-Smart 12.8/100` → `lfp-smart-12.8-100`.
pub(crate) fn slug(name: &str) -> String {
    let dashed: String = name
        .chars()
        .map(|c| {
            if c.is_alphanumeric() || c == '.' {
                c
            } else {
                '-'
            }
        })
        .collect();
    dashed.to_lowercase()
}
