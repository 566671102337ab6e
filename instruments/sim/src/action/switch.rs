//! What rows about switch units and meters can do.

use super::{Function, SwitchAction, statistic};

fn function(word: &str) -> Option<Function> {
    Some(match word {
        "voltage" => Function::Voltage,
        "voltage-ac" => Function::VoltageAc,
        "current" => Function::Current,
        "current-ac" => Function::CurrentAc,
        "resistance" => Function::Resistance,
        "four-wire-resistance" => Function::FourWireResistance,
        "temperature" => Function::Temperature,
        "frequency" => Function::Frequency,
        "period" => Function::Period,
        "diode" => Function::Diode,
        "continuity" => Function::Continuity,
        "capacitance" => Function::Capacitance,
        _ => return None,
    })
}

pub(super) fn switch(first: &str, rest: &[&str]) -> Option<SwitchAction> {
    if let [word] = rest {
        let bytes = match *word {
            "byte" => Some(1),
            "word" => Some(2),
            "long" => Some(4),
            _ => None,
        };
        match (first, bytes) {
            ("digital-read", Some(bytes)) => return Some(SwitchAction::DigitalRead(bytes)),
            ("digital-write", Some(bytes)) => return Some(SwitchAction::DigitalWrite(bytes)),
            ("summary", _) => return statistic(word).map(SwitchAction::Summary),
            _ => {}
        }
        let function = function(word)?;
        return Some(match first {
            "configure" => SwitchAction::Configure(function),
            "measure" => SwitchAction::Measure(function),
            "range" => SwitchAction::Range(function),
            "range-auto" => SwitchAction::RangeAuto(function),
            "resolution" => SwitchAction::Resolution(function),
            "cycles" => SwitchAction::Cycles(function),
            "aperture" => SwitchAction::Aperture(function),
            "zero-auto" => SwitchAction::ZeroAuto(function),
            _ => return None,
        });
    }
    if !rest.is_empty() {
        return None;
    }
    Some(match first {
        "close" => SwitchAction::Close,
        "close-exclusive" => SwitchAction::CloseExclusive,
        "open" => SwitchAction::Open,
        "open-all" => SwitchAction::OpenAll,
        "relay-cycles" => SwitchAction::RelayCycles,
        "card-type" => SwitchAction::CardType,
        "card-description" => SwitchAction::CardDescription,
        "card-reset" => SwitchAction::CardReset,
        "terminal-type" => SwitchAction::TerminalType,
        "row-protection" => SwitchAction::RowProtection,
        "scan" => SwitchAction::Scan,
        "scan-size" => SwitchAction::ScanSize,
        "scan-add" => SwitchAction::ScanAdd,
        "scan-remove" => SwitchAction::ScanRemove,
        "scan-ordered" => SwitchAction::ScanOrdered,
        "date" => SwitchAction::Date,
        "time" => SwitchAction::Time,
        "monitor" => SwitchAction::Monitor,
        "monitor-state" => SwitchAction::MonitorState,
        "monitor-data" => SwitchAction::MonitorData,
        "channel-delay" => SwitchAction::ChannelDelay,
        "channel-delay-auto" => SwitchAction::ChannelDelayAuto,
        "channel-label" => SwitchAction::ChannelLabel,
        "configuration" => SwitchAction::Configuration,
        "sense-function" => SwitchAction::SenseFunction,
        "transducer" => SwitchAction::Transducer,
        "thermocouple-type" => SwitchAction::ThermocoupleType,
        "thermistor-type" => SwitchAction::ThermistorType,
        "junction-type" => SwitchAction::JunctionType,
        "junction-temperature" => SwitchAction::JunctionTemperature,
        "temperature-unit" => SwitchAction::TemperatureUnit,
        "trigger-source" => SwitchAction::TriggerSource,
        "trigger-timer" => SwitchAction::TriggerTimer,
        "trigger-count" => SwitchAction::TriggerCount,
        "initiate" => SwitchAction::Initiate,
        "abort" => SwitchAction::Abort,
        "fetch" => SwitchAction::Fetch,
        "read" => SwitchAction::Read,
        "points" => SwitchAction::Points,
        "remove" => SwitchAction::Remove,
        "block" => SwitchAction::Block,
        "last" => SwitchAction::Last,
        "digital-read-bit" => SwitchAction::DigitalReadBit,
        "digital-write-bit" => SwitchAction::DigitalWriteBit,
        "digital-direction" => SwitchAction::DigitalDirection,
        "digital-width" => SwitchAction::DigitalWidth,
        "digital-polarity" => SwitchAction::DigitalPolarity,
        "digital-state" => SwitchAction::DigitalState,
        _ => return None,
    })
}
