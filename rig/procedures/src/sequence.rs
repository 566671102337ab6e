//! The warning and what follows it: pre-alarm on, loads off, pre-alarm off.

use crate::edge::{Edge, apart, seconds};
use bench::{Contact, Contacts};
use record::Reading;
use std::time::Duration;

/// How long the sequence may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SequenceLimits {
    /// When the cause was set.
    pub cause: Duration,
    /// Loads that are still on that long after the cause stay on.
    pub timeout: Duration,
    /// How long the pre-alarm is watched after the loads went off.
    pub linger: Duration,
}

/// Where the sequence stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sequence {
    /// Neither warning nor disconnect yet; the last sample that showed so.
    Quiet(Duration),
    /// The pre-alarm is on, the loads too.
    Warned {
        /// The pre-alarm came on.
        warning: Edge,
        /// Last sample with the loads on.
        loads_on: Duration,
    },
    /// The loads are off, the pre-alarm is still on.
    Cut {
        /// The pre-alarm came on.
        warning: Edge,
        /// The loads went off.
        cut: Edge,
        /// Last sample with the pre-alarm on.
        warning_on: Duration,
    },
    /// It's over.
    Over(SequenceEnd),
}

/// How the sequence ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SequenceEnd {
    /// All three changes were seen.
    Complete(Times),
    /// The loads went off without any warning before.
    Unannounced {
        /// The loads went off.
        cut: Edge,
    },
    /// Neither a warning nor a disconnect within the time-out.
    Nothing,
    /// The warning came, but the loads stayed on.
    NeverCut {
        /// The pre-alarm came on.
        warning: Edge,
    },
    /// The warning ended although the loads stayed on.
    TakenBack {
        /// The pre-alarm came on.
        warning: Edge,
        /// First sample with it off again.
        at: Duration,
    },
    /// The pre-alarm outlasted the disconnect.
    Lingers {
        /// The pre-alarm came on.
        warning: Edge,
        /// The loads went off.
        cut: Edge,
        /// Until when it was watched.
        until: Duration,
    },
    /// A contact that couldn't be read.
    Unreadable(Contact),
}

/// The three changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    /// The pre-alarm came on.
    pub warning: Edge,
    /// The loads went off.
    pub cut: Edge,
    /// The pre-alarm went off.
    pub end: Edge,
}

impl Sequence {
    /// The sequence after one more sample of the contacts.
    #[must_use]
    pub fn next(self, limits: &SequenceLimits, contacts: &Contacts) -> Self {
        if let Self::Over(_) = self {
            return self;
        }
        let Some(warning_on) = contacts.pre_alarm else {
            return Self::Over(SequenceEnd::Unreadable(Contact::PreAlarm));
        };
        let Some(loads_on) = contacts.load else {
            return Self::Over(SequenceEnd::Unreadable(Contact::Load));
        };
        let at = contacts.at;
        let next = self.seen(at, warning_on, loads_on);
        next.or_late(limits, at)
    }

    fn seen(self, at: Duration, warning_on: bool, loads_on: bool) -> Self {
        match self {
            Self::Quiet(before) => {
                let change = Edge { before, after: at };
                match (warning_on, loads_on) {
                    (false, true) => Self::Quiet(at),
                    (true, true) => Self::Warned {
                        warning: change,
                        loads_on: at,
                    },
                    (true, false) => Self::Cut {
                        warning: change,
                        cut: change,
                        warning_on: at,
                    },
                    (false, false) => Self::Over(SequenceEnd::Unannounced { cut: change }),
                }
            }
            Self::Warned {
                warning,
                loads_on: before,
            } => {
                let cut = Edge { before, after: at };
                match (warning_on, loads_on) {
                    (true, true) => Self::Warned {
                        warning,
                        loads_on: at,
                    },
                    (false, true) => Self::Over(SequenceEnd::TakenBack { warning, at }),
                    (true, false) => Self::Cut {
                        warning,
                        cut,
                        warning_on: at,
                    },
                    (false, false) => Self::Over(SequenceEnd::Complete(Times {
                        warning,
                        cut,
                        end: cut,
                    })),
                }
            }
            Self::Cut {
                warning,
                cut,
                warning_on: before,
            } => {
                if warning_on {
                    Self::Cut {
                        warning,
                        cut,
                        warning_on: at,
                    }
                } else {
                    Self::Over(SequenceEnd::Complete(Times {
                        warning,
                        cut,
                        end: Edge { before, after: at },
                    }))
                }
            }
            Self::Over(_) => self,
        }
    }

    fn or_late(self, limits: &SequenceLimits, at: Duration) -> Self {
        let late = at >= limits.cause + limits.timeout;
        match self {
            Self::Quiet(_) if late => Self::Over(SequenceEnd::Nothing),
            Self::Warned { warning, .. } if late => Self::Over(SequenceEnd::NeverCut { warning }),
            Self::Cut { warning, cut, .. } if at >= cut.after + limits.linger => {
                Self::Over(SequenceEnd::Lingers {
                    warning,
                    cut,
                    until: at,
                })
            }
            Self::Quiet(_) | Self::Warned { .. } | Self::Cut { .. } | Self::Over(_) => self,
        }
    }
}

/// The time between warning and disconnect as the manual's least delay is judged: from the first
/// sample with the pre-alarm on to the last one with the loads on. The true delay is never shorter
/// than that, and longer by less than the uncertainty.
#[must_use]
pub fn least_delay(warning: Edge, cut: Edge, instrument: &str) -> Reading {
    let sampling = (warning.after - warning.before) + (cut.after - cut.before);
    Reading {
        value: seconds(apart(warning.after, cut.before)),
        unit: "s".to_owned(),
        uncertainty: sampling.as_secs_f64(),
        instrument: instrument.to_owned(),
        at_s: cut.after.as_secs_f64(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Sequence, SequenceEnd, SequenceLimits, least_delay};
    use bench::Contacts;
    use proptest::prelude::*;
    use std::time::Duration;

    const LIMITS: SequenceLimits = SequenceLimits {
        cause: Duration::ZERO,
        timeout: Duration::from_secs(120),
        linger: Duration::from_secs(5),
    };

    fn contacts(at: Duration, pre_alarm: Option<bool>, load: Option<bool>) -> Contacts {
        Contacts {
            asked: at,
            at,
            charge: Some(true),
            load,
            pre_alarm,
            ..Contacts::default()
        }
    }

    /// Samples every 0.1 s; pre-alarm on from `on` to `off`, loads off from `cut` (seconds).
    fn run(on: f64, cut: f64, off: f64) -> Sequence {
        let mut sequence = Sequence::Quiet(Duration::ZERO);
        for tick in 1..2000_u32 {
            let at = Duration::from_millis(100) * tick;
            let t = at.as_secs_f64();
            let sample = contacts(at, Some(t >= on && t < off), Some(t < cut));
            sequence = sequence.next(&LIMITS, &sample);
        }
        sequence
    }

    fn check(on: f64, cut: f64, off: f64) -> String {
        match run(on, cut, off) {
            Sequence::Over(SequenceEnd::Complete(times)) => format!(
                "delay {}, pre-alarm off {} after the loads",
                least_delay(times.warning, times.cut, "daq"),
                times.end.after_edge(times.cut, "daq")
            ),
            Sequence::Over(end) => format!("{end:?}"),
            other => format!("not over: {other:?}"),
        }
    }

    #[test]
    fn the_delay_is_counted_from_first_on_to_last_on() {
        insta::assert_snapshot!(check(0.25, 32.25, 32.25), @"delay 31.90 s ± 0.20 s, pre-alarm off 0.00 s ± 0.10 s after the loads");
        insta::assert_snapshot!(check(0.25, 32.25, 32.65), @"delay 31.90 s ± 0.20 s, pre-alarm off 0.40 s ± 0.10 s after the loads");
        insta::assert_snapshot!(check(1.0, 21.0, 21.0), @"delay 19.90 s ± 0.20 s, pre-alarm off 0.00 s ± 0.10 s after the loads");
        // Both in one sample: less than nothing is proven.
        insta::assert_snapshot!(check(1.0, 1.0, 1.5), @"delay -0.10 s ± 0.20 s, pre-alarm off 0.50 s ± 0.10 s after the loads");
    }

    #[test]
    fn everything_else_has_a_name_of_its_own() {
        insta::assert_snapshot!(check(200.0, 0.95, 300.0), @"Unannounced { cut: Edge { before: 900ms, after: 1s } }");
        insta::assert_snapshot!(check(1.0, 500.0, 500.0), @"NeverCut { warning: Edge { before: 900ms, after: 1s } }");
        insta::assert_snapshot!(check(1.0, 500.0, 20.0), @"TakenBack { warning: Edge { before: 900ms, after: 1s }, at: 20s }");
        insta::assert_snapshot!(check(500.0, 500.0, 500.0), @"Nothing");
        insta::assert_snapshot!(check(1.0, 33.0, 500.0), @"Lingers { warning: Edge { before: 900ms, after: 1s }, cut: Edge { before: 32.9s, after: 33s }, until: 38s }");
    }

    #[test]
    fn a_contact_that_cannot_be_read_ends_it_at_once() {
        let at = Duration::from_secs(1);
        for (sample, end) in [
            (contacts(at, None, Some(true)), "Over(Unreadable(PreAlarm))"),
            (contacts(at, Some(false), None), "Over(Unreadable(Load))"),
        ] {
            let sequence = Sequence::Quiet(Duration::ZERO).next(&LIMITS, &sample);
            assert_eq!(format!("{sequence:?}"), end);
            // And stays so.
            let later = contacts(at * 2, Some(true), Some(true));
            assert_eq!(sequence.next(&LIMITS, &later), sequence);
        }
    }

    proptest! {
        /// No readings outlast the limits.
        #[test]
        fn no_readings_outlast_the_limits(
            samples in prop::collection::vec((any::<bool>(), any::<bool>()), 1300)
        ) {
            let mut sequence = Sequence::Quiet(Duration::ZERO);
            for (tick, (warning, load)) in (1_u32..).zip(samples) {
                let at = Duration::from_millis(100) * tick;
                sequence = sequence.next(&LIMITS, &contacts(at, Some(warning), Some(load)));
            }
            prop_assert!(matches!(sequence, Sequence::Over(_)), "{sequence:?}");
        }

        /// What is reported as the least delay is never longer than the true one.
        #[test]
        fn sampling_never_lengthens_the_delay(on in 0.05_f64..60.0, delay in 0.2_f64..50.0) {
            let end = run(on, on + delay, on + delay);
            let Sequence::Over(SequenceEnd::Complete(times)) = end else {
                return Err(TestCaseError::fail(format!("{end:?}")));
            };
            let reading = least_delay(times.warning, times.cut, "daq");
            prop_assert!(reading.value <= delay + 1e-9);
            prop_assert!(reading.value + reading.uncertainty >= delay - 1e-9);
        }
    }
}
