//! Instruments, clock, radio and operator out of a simulated world.

use super::equip::{Equipment, Sources, Stock};
use super::lost::Losses;
use anyhow::{Context as _, Result};
use api::{Cancel, TelemetryError};
use bench::OffOrder;
use std::sync::Arc;
use std::time::Duration;
use telemetry::{Advert, AdvertSource, Key, RadioDevice, Receiver, ReceiverSetup, Sender};
use world::{Devices, Radio, World, WorldOptions};

/// The instruments that can be simulated: the built-in ones, and those in `dialects` folders of the
/// search path.
///
/// # Errors
/// When one of the files is wrong.
pub(crate) fn catalogue() -> Result<sim::Catalogue> {
    let mut catalogue = sim::Catalogue::built_in();
    for folder in crate::search::fixture_folders() {
        let dialects = folder.join("dialects");
        if dialects.is_dir() {
            catalogue
                .read_dir(&dialects)
                .with_context(|| format!("in {}", dialects.display()))?;
        }
    }
    Ok(catalogue)
}

/// A fresh world as the bench file wires it.
///
/// # Errors
/// When a device file is missing, or the world can't be built from these files.
pub(crate) fn build(stock: &Stock, config: &config::Bench) -> Result<World> {
    let devices = Devices {
        battery: stock.shelf.battery_device(&config.device.battery)?,
        bms: stock.shelf.bms_device(&config.device.bms)?,
    };
    let options = WorldOptions {
        seed: stock.seed,
        catalogue: stock.catalogue.clone(),
        lose_message: stock.lose_message,
        firmware: super::simulated_boards::images(config)?,
    };
    World::build(config, &devices, &stock.faults, &options)
        .with_context(|| format!("bench {} can't be simulated", config.name))
}

/// The sources of a simulated bench.
///
/// # Errors
/// As [`build`].
pub(crate) fn sources(
    stock: &Stock,
    config: &Arc<config::Bench>,
    cancel: &Cancel,
) -> Result<Sources> {
    let world = build(stock, config)?;
    let boards = super::simulated_boards::plug(stock, &world, config)?;
    let telemetry = config
        .wiring
        .radio
        .as_ref()
        .map(|role| receiver(&world, &role.receiver));
    let losses = Losses::default();
    let links = {
        let (world, losses, lost) = (world.clone(), losses.clone(), stock.lose_message);
        Box::new(move |id: &str| {
            let link = world.link(id)?;
            Ok(match lost {
                Some(number) => losses.witness(link, id, number, &world),
                None => link,
            })
        })
    };
    let (faults, truth, physics) = (world.clone(), world.clone(), world.clone());
    let counter = world.message_counter();
    let mut told = 0;
    let news = move || {
        let begun = faults.faults_begun();
        let mut new = begun.get(told..).map(<[_]>::to_vec).unwrap_or_default();
        told = begun.len();
        new.extend(losses.take());
        new
    };
    Ok(Sources {
        clock: world.clock(cancel.clone()),
        links,
        telemetry,
        operator: world.operator(),
        off_order: OffOrder::InTurn,
        equipment: Equipment {
            faults_begun: Some(Box::new(news)),
            energised: Some(Box::new(move || truth.energised())),
            messages: Some(Box::new(move || counter.count())),
            failure: Some(Box::new(move || {
                physics.check().err().map(|error| error.to_string())
            })),
            flashers: boards.flashers.clone(),
            flash_of: Some(Box::new(move |board| boards.flash(board))),
        },
    })
}

fn receiver(world: &World, name: &str) -> Box<dyn api::Telemetry> {
    let batteries = world
        .keys()
        .into_iter()
        .zip(1..)
        .map(|(key, number)| RadioDevice {
            name: format!("battery {number}"),
            key: Key::new(key),
            address: None,
        })
        .collect();
    let bms = world.bms_radio();
    let monitor = world.monitor_radio();
    let source = SoftwareRadio {
        radio: world.radio(),
        addresses: world.addresses(),
        others: [&bms, &monitor]
            .into_iter()
            .flatten()
            .map(|(_, address)| address.clone())
            .collect(),
    };
    let mut setup = ReceiverSetup::new(name, batteries);
    for (name, radio) in [("the BMS", bms), ("the battery monitor", monitor)] {
        setup.bms.extend(radio.map(|(key, _)| RadioDevice {
            name: name.to_owned(),
            key: Key::new(key),
            address: None,
        }));
    }
    Box::new(Receiver::new(source, setup))
}

/// Adverts of the simulated world, as the receiver takes them.
struct SoftwareRadio {
    radio: Radio,
    addresses: Vec<String>,
    /// Of the BMS and the battery monitor, as far as they have a radio.
    others: Vec<String>,
}

impl AdvertSource for SoftwareRadio {
    fn drain(&mut self, out: &mut Vec<Advert>) -> Result<(), TelemetryError> {
        for advert in self.radio.take() {
            let known = self
                .addresses
                .iter()
                .position(|address| *address == advert.address);
            let other = || {
                let mut others = self.others.iter();
                others.position(|address| *address == advert.address)
            };
            // Anything else is somebody else's.
            let sender = known
                .map(Sender::Battery)
                .or_else(|| other().map(Sender::Bms));
            if let Some(sender) = sender {
                let received: Duration = advert.at;
                out.push(Advert {
                    received,
                    sender,
                    data: advert.data,
                });
            }
        }
        Ok(())
    }
}
