//! One advertisement as versioned JSON, for `rig decode`.

use crate::{
    COMPANY_ID, DecodeError, Decoded, Key, KeyError, LynxAlarms, LynxIo, LynxReport, MonitorRecord,
    Record, RecordType, decode, error_names, flag_names, looks_like_noise, model,
};
use api::{BalancerStatus, BatteryReport, CellVoltage};
use serde_json::{Value, json};

/// Name and version of the JSON. Keys are added without a new version, never changed or removed.
pub const FORMAT: &str = "rig.decode/1";

/// Why texts are no key and advertisement that fit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecodeTextError {
    /// The key.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// An odd number of digits, or something else than digits.
    #[error("the advertisement is no hexadecimal text: {reason}")]
    Hex {
        /// What stands where.
        reason: String,
    },
    /// What the bytes are.
    #[error(transparent)]
    Decode(#[from] DecodeError),
}

/// Decodes an advertisement given as text: hexadecimal, spaces allowed, with or without the company
/// id `e102` in front.
///
/// # Errors
/// When the key or the advertisement can't be read, or they don't belong together.
pub fn decode_to_json(key: &str, advert: &str) -> Result<Value, DecodeTextError> {
    decode_with(&key.parse()?, advert)
}

/// The same with a key that was read already.
///
/// # Errors
/// As [`decode_to_json`].
pub fn decode_with(key: &Key, advert: &str) -> Result<Value, DecodeTextError> {
    let digits: String = advert.split_whitespace().collect();
    let bytes = hex::decode(&digits).map_err(|error| DecodeTextError::Hex {
        reason: match error {
            hex::FromHexError::InvalidHexCharacter { c, index } => {
                format!("character {} is `{c}`", index + 1)
            }
            _ => format!("it has {} digits, two make a byte", digits.len()),
        },
    })?;
    let frame = bytes.strip_prefix(&COMPANY_ID).unwrap_or(&bytes);
    Ok(to_json(&decode(key, frame)?))
}

/// A decoded advertisement as JSON. Units are the last part of the keys; `null` is "not available".
#[must_use]
pub fn to_json(decoded: &Decoded) -> Value {
    let findings: Vec<Value> = decoded
        .findings
        .iter()
        .map(|finding| json!({ "code": finding.code(), "text": finding.to_string() }))
        .collect();
    let mut value = json!({
        "format": FORMAT,
        "model_id": format!("{:#06x}", decoded.model_id),
        "model": model(decoded.model_id).map(|model| model.name),
        "record_type": format!("{:#04x}", decoded.record_type.byte()),
        "record": record_word(decoded.record_type),
        "counter": decoded.counter,
        "payload": hex::encode(&decoded.payload),
        "extra_bytes": decoded.extra_bytes,
        "plausible": !looks_like_noise(&decoded.findings),
        "findings": findings,
    });
    match &decoded.record {
        Record::Battery(report) => value["battery"] = battery(report),
        Record::Lynx(report) => value["lynx"] = lynx(report),
        Record::Monitor(report) => value["monitor"] = monitor(report),
        Record::Raw => {}
    }
    value
}

const fn record_word(record: RecordType) -> &'static str {
    match record {
        RecordType::Battery => "battery",
        RecordType::LynxBms => "lynx-bms",
        RecordType::Monitor => "monitor",
        RecordType::SmartBms => "smart-bms",
        RecordType::Open(_) => "open",
        RecordType::Other(_) => "other",
    }
}

fn battery(report: &BatteryReport) -> Value {
    let cells: Vec<Value> = report
        .cells
        .iter()
        .map(|cell| match *cell {
            CellVoltage::Below(limit) => json!({ "below_v": limit.0 }),
            CellVoltage::At(value) => json!({ "voltage_v": value.0 }),
            CellVoltage::Above(limit) => json!({ "above_v": limit.0 }),
        })
        .collect();
    let codes: Vec<String> = report.codes.iter().map(ToString::to_string).collect();
    json!({
        "flags": format!("{:#010x}", report.flags),
        "flag_names": flag_names(report.flags),
        "errors": format!("{:#06x}", report.errors),
        "error_names": error_names(report.errors),
        "codes": codes,
        "codes_from": "flags; which flag stands for which code is partly inferred",
        "charge_allowed": report.charge_allowed,
        "discharge_allowed": report.discharge_allowed,
        "cells": cells,
        "voltage_v": report.voltage.map(|voltage| voltage.0),
        "balancer": report.balancer.map(balancer),
        "temperature_c": report.temperature.map(|temperature| temperature.0),
    })
}

fn balancer(status: BalancerStatus) -> String {
    match status {
        BalancerStatus::Unknown => "unknown".to_owned(),
        BalancerStatus::Balanced => "balanced".to_owned(),
        BalancerStatus::Balancing => "balancing".to_owned(),
        BalancerStatus::Imbalance => "imbalance".to_owned(),
        BalancerStatus::Other(value) => format!("other ({value})"),
    }
}

fn lynx(report: &LynxReport) -> Value {
    json!({
        "error": report.error,
        "error_text": report.error_text(),
        "time_to_go_min": report.time_to_go.map(|time| time.as_secs() / 60),
        "voltage_v": report.voltage.map(|voltage| voltage.0),
        "current_a": report.current.map(|current| current.0),
        "io": report.io.map(|io| lynx_io(&io)),
        "alarms": report.alarms.map(|alarms| lynx_alarms(&alarms)),
        "state_of_charge_pct": report.state_of_charge.map(|charge| charge.0),
        "consumed_ah": report.consumed.map(|charge| charge.0),
        "temperature_c": report.temperature.map(|temperature| temperature.0),
    })
}

fn monitor(report: &MonitorRecord) -> Value {
    json!({
        "time_to_go_min": report.time_to_go.map(|time| time.as_secs() / 60),
        "voltage_v": report.voltage.map(|voltage| voltage.0),
        "alarm": report.alarm,
        "current_a": report.current.map(|current| current.0),
        "consumed_ah": report.consumed.map(|charge| charge.0),
        "state_of_charge_pct": report.state_of_charge.map(|charge| charge.0),
    })
}

fn lynx_io(io: &LynxIo) -> Value {
    json!({
        "raw": format!("{:#06x}", io.raw),
        "contactor_closed": io.contactor_closed,
        "charge_allowed": io.charge_allowed,
        "discharge_allowed": io.discharge_allowed,
        "relay_active": io.relay_active,
        "auxiliary_on": io.auxiliary_on,
        "remote_enabled": io.remote_enabled,
        "alternator_allowed": io.alternator_allowed,
    })
}

fn lynx_alarms(alarms: &LynxAlarms) -> Value {
    json!({
        "raw": format!("{:#07x}", alarms.raw),
        "low_cell": alarms.low_cell.word(),
        "high_current": alarms.high_current.word(),
        "hot_bms": alarms.hot_bms.word(),
        "contactor": alarms.contactor.word(),
        "bms_cable": alarms.bms_cable.word(),
        "load_disconnect": alarms.load_disconnect.word(),
        "low_charge": alarms.low_charge.word(),
        "high_temperature": alarms.high_temperature.word(),
    })
}
