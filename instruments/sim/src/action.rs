//! What rows of a dialect can do, by the names they have there.

mod switch;

use crate::terminals::Trip;
use switch::switch;

/// What a header does when it comes as a command or as a query.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Action {
    /// Sets a setting.
    Set(usize),
    /// Asks for a setting.
    Get(usize),
    /// Always the same answer.
    Constant(Vec<u8>),
    /// Taken, without effect; any data.
    Nothing,
    Common(Common),
    Register(RegisterAction),
    Control(Control),
    Port(PortAction),
    Switch(SwitchAction),
    Chamber(ChamberAction),
}

/// IEEE 488.2 and the error queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Common {
    Identity,
    ClearStatus,
    EventEnable,
    EventStatus,
    ServiceEnable,
    StatusByte,
    OperationComplete,
    Reset,
    Wait,
    SelfTest,
    Save,
    Recall,
    Trigger,
    PowerOnClear,
    NextError,
    AllErrors,
    ErrorCount,
    NextErrorCode,
    AllErrorCodes,
    StatusPreset,
    /// Everything in one number, where there are no registers.
    StatusWord,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RegisterAction {
    pub(crate) tree: TreeName,
    pub(crate) level: Level,
    pub(crate) part: Part,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TreeName {
    Operation,
    Questionable,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Level {
    Top,
    Instrument,
    Channel,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Event,
    Condition,
    Enable,
    Rising,
    Falling,
}

/// Who is in control, and of which channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Control {
    /// Remote control on, the keys still work.
    Remote,
    /// Remote control on, the keys locked.
    RemoteLocked,
    /// Back to the keys.
    Local,
    /// Remote control by a boolean, its owner, or both.
    Lock,
    LockOwner,
    /// Remote, locked or local by one word.
    RemoteMode,
    /// The channel that commands without suffix are for, by number.
    SelectNumber,
    /// The same by name: `OUT1`, `CH1`.
    SelectName,
}

/// Supplies and loads.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum PortAction {
    Output,
    OutputSelect,
    OutputGeneral,
    /// Measured quantities, joined by commas.
    Measure(Vec<Quantity>),
    /// What readings since the last reset come to.
    Statistic(Quantity, Statistic),
    StatisticCount,
    StatisticReset,
    /// Whether one of these protections has tripped; any when empty.
    Tripped(Vec<Trip>),
    ClearTrip(Vec<Trip>),
    /// The same, and the output is on again if it was on before.
    ClearTripRestore(Vec<Trip>),
    /// What the port holds, as the words for off, voltage, current, power, resistance.
    Regulation(Vec<String>),
    /// Voltage and current in one command.
    Apply,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Statistic {
    Mean,
    Minimum,
    Maximum,
    /// Mean, minimum and maximum.
    All,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quantity {
    Voltage,
    Current,
    Power,
    Resistance,
}

/// A chamber that speaks SCPI.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ChamberAction {
    /// The air's temperature.
    Air,
    /// The set point as a ramp has it now.
    Working,
}

/// A switch and measurement unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SwitchAction {
    Close,
    CloseExclusive,
    Open,
    OpenAll,
    RelayCycles,
    CardType,
    CardDescription,
    CardReset,
    TerminalType,
    RowProtection,
    Scan,
    ScanSize,
    ScanAdd,
    ScanRemove,
    ScanOrdered,
    Date,
    Time,
    Monitor,
    MonitorState,
    MonitorData,
    ChannelDelay,
    ChannelDelayAuto,
    ChannelLabel,
    Configure(Function),
    Configuration,
    Measure(Function),
    SenseFunction,
    Range(Function),
    RangeAuto(Function),
    Resolution(Function),
    Cycles(Function),
    Aperture(Function),
    ZeroAuto(Function),
    Transducer,
    ThermocoupleType,
    ThermistorType,
    JunctionType,
    JunctionTemperature,
    TemperatureUnit,
    TriggerSource,
    TriggerTimer,
    TriggerCount,
    Initiate,
    Abort,
    Fetch,
    Read,
    Points,
    /// What the readings in the memory come to.
    Summary(Statistic),
    Remove,
    Block,
    Last,
    /// Bytes read at once.
    DigitalRead(u8),
    DigitalReadBit,
    /// Bytes written at once.
    DigitalWrite(u8),
    DigitalWriteBit,
    DigitalDirection,
    DigitalWidth,
    DigitalPolarity,
    DigitalState,
}

/// What a multiplexer channel measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Function {
    Voltage,
    VoltageAc,
    Current,
    CurrentAc,
    Resistance,
    FourWireResistance,
    Temperature,
    Frequency,
    Period,
    Diode,
    Continuity,
    Capacitance,
}

impl Action {
    /// Reads what a row of a dialect says.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let unknown = || format!("nothing is known that does `{text}`");
        if text == "nothing" {
            return Ok(Action::Nothing);
        }
        if let Some(common) = common(text) {
            return Ok(Action::Common(common));
        }
        if let Some(control) = control(text) {
            return Ok(Action::Control(control));
        }
        match text {
            "chamber-air" => return Ok(Action::Chamber(ChamberAction::Air)),
            "chamber-working" => return Ok(Action::Chamber(ChamberAction::Working)),
            _ => {}
        }
        let mut words = text.split_ascii_whitespace();
        let first = words.next().unwrap_or_default();
        let rest: Vec<&str> = words.collect();
        if first == "register" {
            return register(&rest).map(Action::Register).ok_or_else(unknown);
        }
        if let Some(port) = port(first, &rest) {
            return Ok(Action::Port(port));
        }
        switch(first, &rest).map(Action::Switch).ok_or_else(unknown)
    }
}

fn common(text: &str) -> Option<Common> {
    Some(match text {
        "identity" => Common::Identity,
        "clear-status" => Common::ClearStatus,
        "event-enable" => Common::EventEnable,
        "event-status" => Common::EventStatus,
        "service-enable" => Common::ServiceEnable,
        "status-byte" => Common::StatusByte,
        "operation-complete" => Common::OperationComplete,
        "reset" => Common::Reset,
        "wait" => Common::Wait,
        "self-test" => Common::SelfTest,
        "save" => Common::Save,
        "recall" => Common::Recall,
        "trigger" => Common::Trigger,
        "power-on-clear" => Common::PowerOnClear,
        "next-error" => Common::NextError,
        "all-errors" => Common::AllErrors,
        "error-count" => Common::ErrorCount,
        "next-error-code" => Common::NextErrorCode,
        "all-error-codes" => Common::AllErrorCodes,
        "status-preset" => Common::StatusPreset,
        "status-word" => Common::StatusWord,
        _ => return None,
    })
}

fn control(text: &str) -> Option<Control> {
    Some(match text {
        "remote" => Control::Remote,
        "remote-locked" => Control::RemoteLocked,
        "local" => Control::Local,
        "lock" => Control::Lock,
        "lock-owner" => Control::LockOwner,
        "remote-mode" => Control::RemoteMode,
        "select-number" => Control::SelectNumber,
        "select-name" => Control::SelectName,
        _ => return None,
    })
}

fn register(words: &[&str]) -> Option<RegisterAction> {
    let [tree, level, part] = words else {
        return None;
    };
    Some(RegisterAction {
        tree: match *tree {
            "operation" => TreeName::Operation,
            "questionable" => TreeName::Questionable,
            _ => return None,
        },
        level: match *level {
            "top" => Level::Top,
            "instrument" => Level::Instrument,
            "channel" => Level::Channel,
            _ => return None,
        },
        part: match *part {
            "event" => Part::Event,
            "condition" => Part::Condition,
            "enable" => Part::Enable,
            "rising" => Part::Rising,
            "falling" => Part::Falling,
            _ => return None,
        },
    })
}

fn port(first: &str, rest: &[&str]) -> Option<PortAction> {
    Some(match first {
        "output" if rest.is_empty() => PortAction::Output,
        "output-select" => PortAction::OutputSelect,
        "output-general" => PortAction::OutputGeneral,
        "apply" => PortAction::Apply,
        "statistic" => {
            let [what, which] = rest else { return None };
            PortAction::Statistic(quantity(what)?, statistic(which)?)
        }
        "statistic-count" => PortAction::StatisticCount,
        "statistic-reset" => PortAction::StatisticReset,
        "reading" => PortAction::Measure(
            rest.iter()
                .map(|word| quantity(word))
                .collect::<Option<_>>()?,
        ),
        "tripped" => PortAction::Tripped(trips(rest)?),
        "clear-trip" => PortAction::ClearTrip(trips(rest)?),
        "clear-trip-restores" => PortAction::ClearTripRestore(trips(rest)?),
        "regulation" if rest.len() >= 3 => {
            PortAction::Regulation(rest.iter().map(|word| (*word).to_owned()).collect())
        }
        _ => return None,
    })
}

fn trips(words: &[&str]) -> Option<Vec<Trip>> {
    words.iter().map(|word| trip(word)).collect()
}

fn statistic(word: &str) -> Option<Statistic> {
    Some(match word {
        "mean" => Statistic::Mean,
        "minimum" => Statistic::Minimum,
        "maximum" => Statistic::Maximum,
        "all" => Statistic::All,
        _ => return None,
    })
}

pub(crate) fn quantity(word: &str) -> Option<Quantity> {
    Some(match word {
        "voltage" => Quantity::Voltage,
        "current" => Quantity::Current,
        "power" => Quantity::Power,
        "resistance" => Quantity::Resistance,
        _ => return None,
    })
}

pub(crate) fn trip(word: &str) -> Option<Trip> {
    Some(match word {
        "over-voltage" => Trip::OverVoltage,
        "over-current" => Trip::OverCurrent,
        "over-power" => Trip::OverPower,
        "fuse" => Trip::Fuse,
        "over-temperature" => Trip::OverTemperature,
        "watchdog" => Trip::Watchdog,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read() {
        assert_eq!(Action::parse("nothing"), Ok(Action::Nothing));
        assert_eq!(
            Action::parse("tripped over-current fuse"),
            Ok(Action::Port(PortAction::Tripped(vec![
                Trip::OverCurrent,
                Trip::Fuse
            ])))
        );
        assert_eq!(
            Action::parse("measure voltage"),
            Ok(Action::Switch(SwitchAction::Measure(Function::Voltage)))
        );
        assert_eq!(
            Action::parse("reading voltage current"),
            Ok(Action::Port(PortAction::Measure(vec![
                Quantity::Voltage,
                Quantity::Current
            ])))
        );
        for text in [
            "",
            "dance",
            "register operation",
            "measure love",
            "close 1 2",
            "tripped x",
        ] {
            assert_eq!(
                Action::parse(text),
                Err(format!("nothing is known that does `{text}`"))
            );
        }
    }
}
