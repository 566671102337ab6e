//! What a real bench hears: the radio receiver of its file, and a battery monitor on a line.

use anyhow::{Result, anyhow, bail};
use api::{BmsReport, Clock, MonitorReport, Telemetry, TelemetryError, TelemetrySample};
use config::RadioRole;
use record::{Event, Recorder};
use std::mem::{Discriminant, discriminant};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use telemetry::vedirect::MonitorLine;
use telemetry::{
    AdvertSource, Follow, Key, KeyPlace, Observation, RadioDevice, Receiver, ReceiverLog,
    ReceiverSetup, Replay, parse_address,
};

/// What a bench file may name as a receiver.
const RECEIVERS: &str = "`bluez:hci0`, `capture:FILE` or `follow:FILE`";
const KINDS: [&str; 3] = ["bluez", "capture", "follow"];

/// Opens what a bench file names; nothing where it names nothing.
///
/// # Errors
/// When the receiver, the keys or the monitor's line can't be had.
pub(crate) fn open(
    config: &config::Bench,
    clock: &Arc<dyn Clock>,
    recorder: &Recorder,
) -> Result<Option<Box<dyn Telemetry>>> {
    let radio = match &config.wiring.radio {
        Some(role) if role.receiver.starts_with("sim:") => {
            let text = "radio: the receiver of this bench is simulated and its instruments are real, so nothing that batteries report is heard".to_owned();
            recorder.event(clock.now(), &Event::Warning { text });
            None
        }
        Some(role) => Some(receiver(config, role, clock)?),
        None => None,
    };
    let monitor = match &config.wiring.monitor {
        Some(role) => Some(MonitorLine::open(&role.ve_direct, clock.clone())?),
        None => None,
    };
    if radio.is_none() && monitor.is_none() {
        return Ok(None);
    }
    if let Some(file) = config
        .wiring
        .radio
        .as_ref()
        .and_then(|role| role.receiver.strip_prefix("capture:"))
    {
        let text = format!(
            "radio: what batteries report is played back from {file}; it isn't what the batteries on this bench say today"
        );
        recorder.event(clock.now(), &Event::Warning { text });
    }
    let topology = config.device.topology;
    Ok(Some(Box::new(Ears {
        batteries: topology.series * topology.parallel,
        log: radio.as_ref().map(Receiver::log).unwrap_or_default(),
        radio,
        monitor,
        recorder: recorder.clone(),
        told: Vec::new(),
        lost: false,
    })))
}

fn receiver(
    config: &config::Bench,
    role: &RadioRole,
    clock: &Arc<dyn Clock>,
) -> Result<Receiver<Box<dyn AdvertSource>>> {
    let setup = setup(config, role)?;
    Ok(Receiver::new(source(&role.receiver, clock)?, setup))
}

/// What is wrong with a bench file's words about the radio, keys apart; nothing for a simulated one.
pub(crate) fn problem(config: &config::Bench) -> Option<String> {
    let role = config.wiring.radio.as_ref()?;
    if role.receiver.starts_with("sim:") {
        return None;
    }
    addresses(config, role)
        .err()
        .map(|error| format!("{error:#}"))
}

type Addresses = Vec<[u8; 6]>;

/// Radio addresses of the batteries, and of the others.
fn addresses(config: &config::Bench, role: &RadioRole) -> Result<(Addresses, Addresses)> {
    let known = role.receiver.split_once(':');
    if !known.is_some_and(|(kind, rest)| KINDS.contains(&kind) && !rest.is_empty()) {
        bail!(
            "radio receiver `{}` is none that rig knows; write {RECEIVERS}",
            role.receiver
        );
    }
    let topology = config.device.topology;
    let count = topology.series * topology.parallel;
    if role.batteries.len() != count {
        bail!(
            "wiring.radio: {} radio addresses for {count} batteries; list one a battery under `batteries`, in the bench's order (`bluetoothctl devices`, or the app, shows them)",
            role.batteries.len()
        );
    }
    let parse = |texts: &[String]| -> Result<Addresses> {
        let parsed = texts.iter().map(|text| parse_address(text));
        let parsed: Result<Vec<_>, String> = parsed.collect();
        parsed.map_err(|problem| anyhow!("wiring.radio: {problem}"))
    };
    Ok((parse(&role.batteries)?, parse(&role.bms)?))
}

/// Whom the receiver listens to: the batteries in the bench's order, then the others.
///
/// # Errors
/// When keys or addresses are missing, wrong, or not as many as there are devices.
pub(crate) fn setup(config: &config::Bench, role: &RadioRole) -> Result<ReceiverSetup> {
    let (batteries, others) = addresses(config, role)?;
    let Some(place) = &role.keys else {
        bail!(
            "wiring.radio: adverts can't be read without keys; say where they are: `keys: 'env:NAME'` or `keys: 'file:PATH'`"
        );
    };
    let keys = place.parse::<KeyPlace>()?.read()?;
    let listened = batteries.len() + others.len();
    if keys.len() != listened {
        bail!(
            "wiring.radio: {place} holds {} keys, and {listened} devices are listened to; give one a device: the batteries' in the bench's order, then those of `bms`",
            keys.len()
        );
    }
    let devices = |addresses: &[[u8; 6]], what: &str, keys: &[Key]| -> Vec<RadioDevice> {
        let device = |(number, (address, key)): (usize, (&[u8; 6], &Key))| RadioDevice {
            name: format!("{what} {number}"),
            key: *key,
            address: Some(*address),
        };
        (1..).zip(addresses.iter().zip(keys)).map(device).collect()
    };
    let (of_batteries, of_others) = keys.split_at(batteries.len());
    let mut setup =
        ReceiverSetup::new(&role.receiver, devices(&batteries, "battery", of_batteries));
    setup.bms = devices(&others, "BMS or monitor", of_others);
    Ok(setup)
}

fn source(receiver: &str, clock: &Arc<dyn Clock>) -> Result<Box<dyn AdvertSource>> {
    Ok(match receiver.split_once(':') {
        Some(("capture", file)) => Box::new(Replay::open(Path::new(file), clock.clone())?),
        Some(("follow", file)) => Box::new(Follow::open(receiver, Path::new(file), clock.clone())?),
        Some(("bluez", adapter)) => bluez(adapter, clock)?,
        _ => bail!("radio receiver `{receiver}` is none that rig knows; write {RECEIVERS}"),
    })
}

#[cfg(feature = "bluez")]
fn bluez(adapter: &str, clock: &Arc<dyn Clock>) -> Result<Box<dyn AdvertSource>> {
    Ok(Box::new(telemetry::Bluez::open(adapter, clock.clone())?))
}

#[cfg(not(feature = "bluez"))]
fn bluez(adapter: &str, _clock: &Arc<dyn Clock>) -> Result<Box<dyn AdvertSource>> {
    bail!(
        "radio receiver bluez:{adapter}: this rig was built without BlueZ; build it with `--features bluez`, or let a scanner write a file and follow it (`follow:FILE`)"
    )
}

/// Radio and line together; what the receiver finds odd goes into the record, each kind once.
struct Ears {
    batteries: usize,
    radio: Option<Receiver<Box<dyn AdvertSource>>>,
    monitor: Option<MonitorLine>,
    log: ReceiverLog,
    recorder: Recorder,
    told: Vec<(String, Discriminant<Observation>)>,
    /// Whether it was told that observations were lost.
    lost: bool,
}

impl Ears {
    fn tell(&mut self, now: Duration) {
        let (entries, dropped) = self.log.take();
        for entry in entries {
            let kind = (entry.device.clone(), discriminant(&entry.observation));
            if !self.told.contains(&kind) {
                let text = format!("radio: {entry}");
                self.recorder.event(entry.at, &Event::Warning { text });
                self.told.push(kind);
            }
        }
        if dropped > 0 && !self.lost {
            self.lost = true;
            let text = format!("radio: {dropped} observations more than can be kept");
            self.recorder.event(now, &Event::Warning { text });
        }
    }
}

impl Telemetry for Ears {
    fn latest(&mut self, now: Duration) -> Result<Vec<Option<TelemetrySample>>, TelemetryError> {
        let Some(radio) = &mut self.radio else {
            return Ok(vec![None; self.batteries]);
        };
        let heard = radio.latest(now);
        self.tell(now);
        heard
    }

    fn bms(&mut self, now: Duration) -> Result<Option<BmsReport>, TelemetryError> {
        match &mut self.radio {
            Some(radio) => radio.bms(now),
            None => Ok(None),
        }
    }

    fn monitor(&mut self, now: Duration) -> Result<Option<MonitorReport>, TelemetryError> {
        match (&self.monitor, &mut self.radio) {
            (Some(line), _) => line.latest(now),
            (None, Some(radio)) => radio.monitor(now),
            (None, None) => Ok(None),
        }
    }
}
