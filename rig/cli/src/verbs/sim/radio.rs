//! What simulated batteries advertise, in a file that a bench follows as if a scanner wrote it.

use crate::run::WallClock;
use anyhow::{Context as _, Result};
use api::Clock as _;
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;
use telemetry::CapturedAdvert;
use world::World;

/// How often the air is listened to; boards advertise each second.
const PERIOD: Duration = Duration::from_millis(100);

/// Begins to write, and answers the line for the bench file.
///
/// # Errors
/// When the files can't be written.
pub(super) fn on_air(world: &World, file: &Path) -> Result<String> {
    let problem = |file: &Path| format!("can't write {}", file.display());
    let mut adverts = File::create(file).with_context(|| problem(file))?;
    let file = file.canonicalize().with_context(|| problem(file))?;
    let others: Vec<_> = [world.bms_radio(), world.monitor_radio()]
        .into_iter()
        .flatten()
        .collect();
    let secret = keys_file(&file);
    let keys = world
        .keys()
        .into_iter()
        .chain(others.iter().map(|(key, _)| *key));
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600);
    let mut out = options.open(&secret).with_context(|| problem(&secret))?;
    for key in keys {
        writeln!(out, "{}", hex::encode(key)).with_context(|| problem(&secret))?;
    }
    let mut radio = world.radio();
    std::thread::Builder::new()
        .name("radio".into())
        .spawn(move || {
            let clock = WallClock::start();
            loop {
                for advert in radio.take() {
                    let line = CapturedAdvert {
                        at_s: advert.at.as_secs_f64(),
                        address: advert.address,
                        data: hex::encode(advert.data),
                    };
                    let written = serde_json::to_string(&line)
                        .map_err(std::io::Error::from)
                        .and_then(|line| writeln!(adverts, "{line}"));
                    if written.is_err() {
                        return;
                    }
                }
                clock.sleep_through(PERIOD);
            }
        })
        .context("can't start the radio")?;
    let quoted = |addresses: Vec<String>| {
        let quoted: Vec<String> = addresses.iter().map(|one| format!("'{one}'")).collect();
        quoted.join(", ")
    };
    Ok(format!(
        "radio: {{ receiver: 'follow:{}', keys: 'file:{}', batteries: [{}], bms: [{}] }}",
        file.display(),
        secret.display(),
        quoted(world.addresses()),
        quoted(others.into_iter().map(|(_, address)| address).collect()),
    ))
}

fn keys_file(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".keys");
    name.into()
}
