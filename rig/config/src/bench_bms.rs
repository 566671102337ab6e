//! One bench, several BMS models.

use crate::search::slug;
use crate::{Bench, BmsProduct, ContactNature, InverterControl, RemoteStops};

impl Bench {
    /// This bench with another BMS model on it, under the name `BENCH+MODEL`, and fitted to it.
    #[must_use]
    pub fn with_bms(&self, product: &BmsProduct) -> Self {
        let mut bench = self.clone();
        bench.name = format!("{}+{}", self.name, slug(&product.name));
        bench.device.bms.clone_from(&product.name);
        bench.device.other_bms.clear();
        bench.fitted_to(product)
    }

    /// This bench without the roles that its BMS model has nothing for: a bench that is wired for
    /// several models leaves those leads hanging.
    #[must_use]
    pub fn fitted_to(&self, product: &BmsProduct) -> Self {
        let mut bench = self.clone();
        let wiring = &mut bench.wiring;
        if !product.pre_alarm {
            wiring.contacts.pre_alarm = None;
        }
        if !product.inverter_control.contains(&InverterControl::VeBus) {
            wiring.contacts.inverting = None;
            wiring.contacts.charging = None;
        }
        let stops = product.remote.map(|remote| remote.stops);
        if stops != Some(RemoteStops::Everything) {
            wiring.relays.remote_off = None;
        }
        if !product.alternator.is_some_and(|port| port.limited) {
            wiring.relays.alternator = None;
        }
        // Where the ports are the contacts, they are read as such.
        if product.ports.is_empty() || product.contacts == ContactNature::PowerPort {
            wiring.relays.system_port = None;
        }
        bench
    }
}
