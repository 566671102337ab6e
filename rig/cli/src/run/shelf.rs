//! Product and device files, read once a run however many scenarios need them.

use config::{BatteryProduct, BmsProduct, ConfigError, SearchPath};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Files by name. Clones share what was read.
#[derive(Debug, Clone)]
pub(crate) struct Shelf {
    pub(crate) search: SearchPath,
    battery_products: Kept<BatteryProduct>,
    bms_products: Kept<BmsProduct>,
    #[cfg(feature = "sim")]
    battery_devices: Kept<config::BatteryDevice>,
    #[cfg(feature = "sim")]
    bms_devices: Kept<config::BmsDevice>,
}

#[derive(Debug, Clone)]
struct Kept<T>(Arc<Mutex<BTreeMap<String, T>>>);

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<T: Clone> Kept<T> {
    fn get(
        &self,
        name: &str,
        read: impl FnOnce(&str) -> Result<T, ConfigError>,
    ) -> Result<T, ConfigError> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = kept.get(name) {
            return Ok(known.clone());
        }
        let value = read(name)?;
        kept.insert(name.to_owned(), value.clone());
        Ok(value)
    }
}

impl Shelf {
    pub(crate) fn new(search: SearchPath) -> Self {
        Self {
            search,
            battery_products: Kept::default(),
            bms_products: Kept::default(),
            #[cfg(feature = "sim")]
            battery_devices: Kept::default(),
            #[cfg(feature = "sim")]
            bms_devices: Kept::default(),
        }
    }

    /// What the manual says of a battery.
    ///
    /// # Errors
    /// When there's no such file, or it's wrong.
    pub(crate) fn battery_product(&self, name: &str) -> Result<BatteryProduct, ConfigError> {
        self.battery_products
            .get(name, |name| self.search.battery_product(name))
    }

    /// What the manual says of a BMS.
    ///
    /// # Errors
    /// When there's no such file, or it's wrong.
    pub(crate) fn bms_product(&self, name: &str) -> Result<BmsProduct, ConfigError> {
        self.bms_products
            .get(name, |name| self.search.bms_product(name))
    }

    /// A simulated battery.
    ///
    /// # Errors
    /// When there's no such file, or it's wrong.
    #[cfg(feature = "sim")]
    pub(crate) fn battery_device(&self, name: &str) -> Result<config::BatteryDevice, ConfigError> {
        self.battery_devices
            .get(name, |name| self.search.battery_device(name))
    }

    /// A simulated BMS.
    ///
    /// # Errors
    /// When there's no such file, or it's wrong.
    #[cfg(feature = "sim")]
    pub(crate) fn bms_device(&self, name: &str) -> Result<config::BmsDevice, ConfigError> {
        self.bms_devices
            .get(name, |name| self.search.bms_device(name))
    }
}
