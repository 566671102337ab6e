//! One bench file, several BMS models.

use crate::feature::Offer;
use anyhow::Result;
use config::SearchPath;
use std::sync::Arc;

/// The address of a software instrument.
const SIMULATED: &str = "sim:";

/// The bench of a file as it is, fitted to its BMS, and the same with each other BMS that the file
/// names.
///
/// # Errors
/// When there is no such bench or no such BMS, or a file is wrong.
pub(crate) fn all(search: &SearchPath, name: &str) -> Result<Vec<Offer>> {
    let mut bench = search.bench(name)?;
    if bench.boards.have_images() {
        // Emulated boards only repeat, more slowly, what native ones found; whoever wants that names
        // the bench.
        bench.only.extend(bench.boards.words());
    }
    let own = search.bms_product(&bench.device.bms)?;
    let mut offers = vec![offer(bench.fitted_to(&own), false)];
    for other in &bench.device.other_bms {
        let product = search.bms_product(other)?;
        offers.push(offer(bench.with_bms(&product), true));
    }
    Ok(offers)
}

/// One bench: `NAME` or `FILE`, or `NAME+BMS` for the same with another BMS model.
///
/// # Errors
/// As [`all`].
pub(crate) fn one(search: &SearchPath, name: &str) -> Result<Offer> {
    if let Some((name, bms)) = name.rsplit_once('+') {
        let bench = search.bench(name)?.with_bms(&search.bms_product(bms)?);
        return Ok(offer(bench, false));
    }
    let bench = search.bench(name)?;
    let own = search.bms_product(&bench.device.bms)?;
    Ok(offer(bench.fitted_to(&own), false))
}

/// The same bench with the software twin of each instrument, and a software radio. Serial numbers,
/// wiring, device, limits and envelope stay as they are.
pub(crate) fn twin(offer: Offer) -> Offer {
    let mut bench = (*offer.bench).clone();
    for instrument in bench.instruments.values_mut() {
        SIMULATED.clone_into(&mut instrument.address);
    }
    if let Some(radio) = &mut bench.wiring.radio {
        SIMULATED.clone_into(&mut radio.receiver);
    }
    // A simulated monitor is heard by radio.
    bench.wiring.monitor = None;
    Offer {
        bench: Arc::new(bench),
        ..offer
    }
}

fn offer(bench: config::Bench, on_demand: bool) -> Offer {
    let gives = bench.gives();
    Offer {
        bench: Arc::new(bench),
        gives,
        on_demand,
    }
}
