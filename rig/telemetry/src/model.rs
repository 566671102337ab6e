//! Product ids.

/// What a product id stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Model {
    /// Product id in the advertisement.
    pub id: u16,
    /// Name of the product.
    pub name: &'static str,
    /// Cells in series; 0 for what is no battery.
    pub cells: usize,
}

const fn battery(id: u16, name: &'static str, cells: usize) -> Model {
    Model { id, name, cells }
}

const fn bms(id: u16, name: &'static str) -> Model {
    Model { id, name, cells: 0 }
}

/// Product lists of node-red-contrib-victron-ble and the register headers of gui-v2. Some capacities
/// have several ids, one a hardware generation.
const MODELS: [Model; 25] = [
    battery(0xa0e0, "LFP-Smart 12.8/90", 4),
    battery(0xa0e1, "LFP-Smart 12.8/60", 4),
    battery(0xa0e2, "LFP-Smart 12.8/160", 4),
    battery(0xa0e3, "LFP-Smart 12.8/200", 4),
    battery(0xa0e4, "LFP-Smart 12.8/300", 4),
    battery(0xa0e5, "LFP-Smart 12.8/100", 4),
    battery(0xa0e6, "LFP-Smart 12.8/200", 4),
    battery(0xa0e7, "LFP-Smart 12.8/300", 4),
    battery(0xa0e8, "LFP-Smart 12.8/100", 4),
    battery(0xa0e9, "LFP-Smart 12.8/150", 4),
    battery(0xa0ea, "LFP-Smart 25.6/200", 8),
    battery(0xa0eb, "LFP-Smart 12.8/200", 4),
    battery(0xa0ec, "LFP-Smart 12.8/160", 4),
    battery(0xa0ed, "LFP-Smart 12.8/50", 4),
    battery(0xa0ee, "LFP-Smart 25.6/200", 8),
    battery(0xa0ef, "LFP-Smart 25.6/100", 8),
    battery(0xa0f0, "LFP-Smart 12.8/330", 4),
    battery(0xa0f1, "LFP-Smart 25.6/330", 8),
    battery(0xa0f2, "LFP-Smart 12.8/300", 4),
    bms(0xa3e0, "Smart BMS CL 12/100"),
    bms(0xa3e5, "Lynx Smart BMS 500"),
    bms(0xa3e6, "Lynx Smart BMS 1000"),
    bms(0xa3e7, "Lynx Smart BMS NG"),
    bms(0xa3e8, "Smart BMS 12/200"),
    bms(0xa3ec, "smallBMS"),
];

/// Looks a product id up. Unknown ids are no fault: products are added every year.
#[must_use]
pub fn model(id: u16) -> Option<Model> {
    MODELS.into_iter().find(|model| model.id == id)
}

#[cfg(test)]
mod tests {
    use super::{MODELS, model};

    #[test]
    fn ids_are_unique_and_cells_follow_the_nominal_voltage() {
        for known in MODELS {
            assert_eq!(model(known.id), Some(known), "{:#06x}", known.id);
            let cells = match known.name.get(..15) {
                Some("LFP-Smart 12.8/") => 4,
                Some("LFP-Smart 25.6/") => 8,
                _ => 0,
            };
            assert_eq!(known.cells, cells, "{}", known.name);
        }
        assert_eq!(model(0xa0df), None);
    }
}
