//! A bench file of the project with the simulated world behind it.

use api::{Cancel, TelemetryError};
use bench::{Bench, OffOrder, Parts};
use config::{Fault, Injection, SearchPath};
use record::Recorder;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use telemetry::{Advert, AdvertSource, Key, RadioDevice, Receiver, ReceiverSetup, Sender};
use wire::Transcript;
use world::{Devices, Radio, World, WorldOptions};

/// What is different from a healthy bench.
#[derive(Default)]
pub(crate) struct Twist {
    /// `(target, parameter, value)` as a fault file has them.
    pub(crate) faults: Vec<(&'static str, &'static str, String)>,
    /// Whether nobody listens to the batteries.
    pub(crate) deaf: bool,
    /// Ends procedures.
    pub(crate) cancel: Cancel,
}

impl Twist {
    pub(crate) fn fault(target: &'static str, parameter: &'static str, value: &str) -> Self {
        Self::default().and(target, parameter, value)
    }

    pub(crate) fn and(
        mut self,
        target: &'static str,
        parameter: &'static str,
        value: &str,
    ) -> Self {
        self.faults.push((target, parameter, value.to_owned()));
        self
    }
}

/// Opens a bench of the project.
pub(crate) fn open(name: &str, twist: Twist) -> (Bench, World) {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
    let search = SearchPath::new(vec![fixtures]);
    let config = Arc::new(search.bench(name).expect("a bench of the project"));
    let devices = Devices {
        battery: search
            .battery_device(&config.device.battery)
            .expect("a device"),
        bms: search.bms_device(&config.device.bms).expect("a device"),
    };
    let fault = Fault {
        name: "twist".into(),
        about: String::new(),
        violates: Vec::new(),
        inject: twist
            .faults
            .iter()
            .map(|(target, parameter, value)| Injection {
                target: (*target).into(),
                parameter: (*parameter).into(),
                value: value.clone(),
                onset: Duration::ZERO,
            })
            .collect(),
        expect: Vec::new(),
        spares: Vec::new(),
    };
    let world = World::build(&config, &devices, &[fault], &WorldOptions::default())
        .expect("a world with this fault");
    let clock = world.clock(twist.cancel.clone());
    let transcript = Transcript::new(20, 10_000);
    let instruments: BTreeMap<_, _> = config
        .instruments
        .iter()
        .map(|(id, instrument)| {
            let options = drivers::Options {
                limits: drivers::Limits {
                    voltage: instrument.limits.voltage,
                    current: instrument.limits.current,
                },
                cards: instrument.cards.clone(),
                ..drivers::Options::new(clock.clone(), Arc::new(transcript.clone()))
            };
            let link = world.link(id).expect("a link");
            let driver = drivers::open(&instrument.driver, id, link, &options).expect("a driver");
            (id.clone(), driver)
        })
        .collect();
    let telemetry: Option<Box<dyn api::Telemetry>> = if twist.deaf {
        None
    } else {
        Some(Box::new(receiver(&world)))
    };
    let parts = Parts {
        battery: search
            .battery_product(&config.device.battery)
            .expect("a product"),
        bms: search.bms_product(&config.device.bms).expect("a product"),
        clauses: Arc::new(search.clauses().expect("the statements")),
        instruments,
        clock,
        cancel: twist.cancel,
        telemetry,
        operator: world.operator(),
        recorder: Recorder::into_writer(Box::new(std::io::sink())),
        exchanges: Box::new(Vec::new),
        left: None,
        off_order: OffOrder::InTurn,
        config,
    };
    let bench = Bench::open(parts).expect("a bench that opens");
    (bench, world)
}

fn receiver(world: &World) -> Receiver<Air> {
    let batteries = (1..)
        .zip(world.keys())
        .map(|(number, key): (usize, _)| RadioDevice {
            name: format!("battery {number}"),
            key: Key::new(key),
            address: None,
        })
        .collect();
    let air = Air {
        radio: world.radio(),
        addresses: world.addresses(),
    };
    Receiver::new(air, ReceiverSetup::new("sim:", batteries))
}

struct Air {
    radio: Radio,
    addresses: Vec<String>,
}

impl AdvertSource for Air {
    fn drain(&mut self, out: &mut Vec<Advert>) -> Result<(), TelemetryError> {
        for advert in self.radio.take() {
            let sender = self
                .addresses
                .iter()
                .position(|address| *address == advert.address);
            out.extend(sender.map(|battery| Advert {
                received: advert.at,
                sender: Sender::Battery(battery),
                data: advert.data,
            }));
        }
        Ok(())
    }
}
