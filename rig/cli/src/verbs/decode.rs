//! `rig decode`.

use crate::args::Decode;
use crate::exit::Usage;
use anyhow::Result;
use serde_json::{Value, json};
use std::path::Path;
use telemetry::{Advert, DecodeTextError, Key, KeyPlace, Sender, decode_with, read_capture};

pub(crate) fn perform(arguments: &Decode) -> Result<u8> {
    let keys = keys(arguments)?;
    if let Some(file) = &arguments.capture {
        return capture(&keys, file);
    }
    let advert = arguments.advert.as_deref().unwrap_or_default();
    super::print_json(&with_one_of(&keys, advert).map_err(|error| match error {
        // The texts themselves are wrong; what they stand for may be anything.
        DecodeTextError::Key(_) | DecodeTextError::Hex { .. } => {
            anyhow::Error::new(Usage::new(error))
        }
        DecodeTextError::Decode(_) => anyhow::Error::new(error),
    })?);
    Ok(0)
}

fn keys(arguments: &Decode) -> Result<Vec<Key>> {
    let wrong = |error: &dyn std::error::Error| Usage::new(error.to_string());
    if let Some(place) = &arguments.keys {
        let place: KeyPlace = place.parse().map_err(|error| wrong(&error))?;
        return Ok(place.read().map_err(|error| wrong(&error))?);
    }
    let key = arguments.key.as_deref().unwrap_or_default();
    Ok(vec![key.parse().map_err(|error| wrong(&error))?])
}

/// Decodes with the key that fits: it decrypts to what makes sense. Without such a key, what the last
/// one makes of it.
fn with_one_of(keys: &[Key], advert: &str) -> Result<Value, DecodeTextError> {
    let mut last = None;
    for key in keys {
        let decoded = decode_with(key, advert);
        if decoded
            .as_ref()
            .is_ok_and(|value| value["plausible"] == true)
        {
            return decoded;
        }
        last = Some(decoded);
    }
    last.unwrap_or_else(|| decode_with(&Key::new([0; 16]), advert))
}

/// A line of JSON an advertisement; what can't be decoded says why.
fn capture(keys: &[Key], file: &Path) -> Result<u8> {
    let adverts = read_capture(file).map_err(|error| Usage::new(error.to_string()))?;
    for advert in &adverts {
        let decoded = with_one_of(keys, &hex::encode(&advert.data));
        let mut line = decoded.unwrap_or_else(|error| json!({ "problem": error.to_string() }));
        line["at_s"] = advert.received.as_secs_f64().into();
        line["address"] = address(advert).into();
        println!("{line}");
    }
    Ok(0)
}

fn address(advert: &Advert) -> String {
    match advert.sender {
        Sender::Address(bytes) => bytes.map(|byte| format!("{byte:02x}")).join(":"),
        Sender::Battery(index) | Sender::Bms(index) => index.to_string(),
    }
}
