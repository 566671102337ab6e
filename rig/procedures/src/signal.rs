//! What procedures wait for, and how it shows in a snapshot.

use api::AlarmCode;
use bench::{Contact, Snapshot};
use std::fmt;
use std::time::Duration;

/// Something the BMS or a battery can say. Contacts decide actions, reports decide codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Signal {
    /// The BMS's pre-alarm contact is on.
    PreAlarm,
    /// The BMS's load contact is open.
    LoadsOff,
    /// The BMS's charge contact is open.
    ChargersOff,
    /// The first battery's report shows this code.
    Code(AlarmCode),
}

impl Signal {
    /// Whether it's there; `None` where that can't be told. A report from before `since` can't
    /// tell, for it knows nothing of what was done then.
    #[must_use]
    pub fn in_snapshot(self, snapshot: &Snapshot, since: Duration) -> Option<bool> {
        match self {
            Self::PreAlarm => snapshot.contact(Contact::PreAlarm),
            Self::LoadsOff => snapshot.contact(Contact::Load).map(|on| !on),
            Self::ChargersOff => snapshot.contact(Contact::Charge).map(|on| !on),
            Self::Code(code) => snapshot
                .battery(1)
                .filter(|sample| sample.received > since)
                .map(|sample| sample.report.codes.contains(&code)),
        }
    }

    /// The instant that [`Signal::in_snapshot`] speaks of.
    #[must_use]
    pub fn instant(self, snapshot: &Snapshot) -> Duration {
        match self {
            Self::PreAlarm | Self::LoadsOff | Self::ChargersOff => snapshot.contacts.at,
            Self::Code(_) => snapshot
                .battery(1)
                .map_or(snapshot.at, |sample| sample.received),
        }
    }

    /// Who or what it is: `pre-alarm contact`, `A-SL11`.
    #[must_use]
    pub fn subject(self) -> String {
        match self {
            Self::PreAlarm => Contact::PreAlarm.to_string(),
            Self::LoadsOff => Contact::Load.to_string(),
            Self::ChargersOff => Contact::Charge.to_string(),
            Self::Code(code) => code.to_string(),
        }
    }

    /// Its state in one word: `on`, `open`, `shown`.
    #[must_use]
    pub fn state(self, present: bool) -> &'static str {
        match (self, present) {
            (Self::PreAlarm, true) => "on",
            (Self::PreAlarm, false) => "off",
            (Self::LoadsOff | Self::ChargersOff, true) => "open",
            (Self::LoadsOff | Self::ChargersOff, false) => "closed",
            (Self::Code(_), true) => "shown",
            (Self::Code(_), false) => "not shown",
        }
    }
}

impl fmt::Display for Signal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PreAlarm => f.write_str("pre-alarm"),
            Self::LoadsOff => f.write_str("load disconnect"),
            Self::ChargersOff => f.write_str("charge disconnect"),
            Self::Code(code) => code.fmt(f),
        }
    }
}

/// A signal in a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Goal {
    /// Which signal.
    pub signal: Signal,
    /// Whether it must be there.
    pub present: bool,
}

impl Goal {
    /// The signal there.
    #[must_use]
    pub fn shown(signal: Signal) -> Self {
        Self {
            signal,
            present: true,
        }
    }

    /// The signal gone.
    #[must_use]
    pub fn gone(signal: Signal) -> Self {
        Self {
            signal,
            present: false,
        }
    }
}

impl fmt::Display for Goal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {}",
            self.signal.subject(),
            self.signal.state(self.present)
        )
    }
}

/// What the contacts say together when nothing is the matter.
pub const ALL_QUIET: [Goal; 3] = [
    Goal {
        signal: Signal::ChargersOff,
        present: false,
    },
    Goal {
        signal: Signal::LoadsOff,
        present: false,
    },
    Goal {
        signal: Signal::PreAlarm,
        present: false,
    },
];

#[cfg(test)]
mod tests {
    use super::{ALL_QUIET, Goal, Signal};
    use api::{AlarmCode, BatteryReport, TelemetrySample};
    use bench::{Contacts, Snapshot};
    use std::time::Duration;

    fn report(received: u64, codes: Vec<AlarmCode>) -> TelemetrySample {
        TelemetrySample {
            received: Duration::from_secs(received),
            battery: 0,
            report: BatteryReport {
                model_id: 0xA0E5,
                counter: 1,
                flags: 0,
                errors: 0,
                codes,
                charge_allowed: true,
                discharge_allowed: true,
                cells: Vec::new(),
                voltage: None,
                balancer: None,
                temperature: None,
            },
        }
    }

    #[test]
    fn an_open_contact_is_the_disconnect_and_a_missing_one_is_unknown() {
        let mut snapshot = Snapshot {
            contacts: Contacts {
                charge: Some(true),
                load: Some(false),
                ..Contacts::default()
            },
            ..Snapshot::default()
        };
        let seen =
            |signal: Signal, snapshot: &Snapshot| signal.in_snapshot(snapshot, Duration::ZERO);
        assert_eq!(seen(Signal::ChargersOff, &snapshot), Some(false));
        assert_eq!(seen(Signal::LoadsOff, &snapshot), Some(true));
        assert_eq!(seen(Signal::PreAlarm, &snapshot), None);
        snapshot.contacts.pre_alarm = Some(true);
        assert_eq!(seen(Signal::PreAlarm, &snapshot), Some(true));
    }

    #[test]
    fn only_a_report_from_after_the_cause_says_something() {
        let code = Signal::Code(AlarmCode::ASl11);
        let mut snapshot = Snapshot::default();
        assert_eq!(code.in_snapshot(&snapshot, Duration::ZERO), None);
        snapshot.batteries = vec![Some(report(5, vec![AlarmCode::ASl11]))];
        for (since, seen) in [(4, Some(true)), (5, None), (6, None)] {
            assert_eq!(
                code.in_snapshot(&snapshot, Duration::from_secs(since)),
                seen
            );
        }
        snapshot.batteries = vec![Some(report(5, vec![AlarmCode::WSl11]))];
        assert_eq!(code.in_snapshot(&snapshot, Duration::ZERO), Some(false));
    }

    #[test]
    fn goals_read_as_sentences() {
        let all: Vec<String> = ALL_QUIET.iter().map(ToString::to_string).collect();
        assert_eq!(
            all.join(", "),
            "charge contact closed, load contact closed, pre-alarm contact off"
        );
        assert_eq!(
            Goal::gone(Signal::Code(AlarmCode::ASl9)).to_string(),
            "A-SL9 not shown"
        );
    }
}
