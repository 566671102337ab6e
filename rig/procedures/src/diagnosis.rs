//! Which part gives an alarm that nothing explains (6.2.5).
//!
//! One battery after the other is left out of the chain. If that doesn't end the alarm, all are
//! left out: an alarm that goes on then is the BMS's or its cables'. One that has gone comes from
//! several batteries; each is put back alone to see which.

use crate::words;
use std::fmt;

/// Which batteries are left out now, or what was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Diagnosis {
    /// None is left out.
    Whole,
    /// This one is left out (from 1).
    Without(usize),
    /// All are left out.
    Empty,
    /// All but this one are left out.
    Only {
        /// From 1.
        battery: usize,
        /// Those that brought the alarm back so far.
        faulty: Vec<usize>,
    },
    /// It's over.
    Over(Culprit),
}

/// What was found to be faulty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Culprit {
    /// There's no alarm at all.
    Nothing,
    /// These batteries (from 1).
    Batteries(Vec<usize>),
    /// With every battery left out the alarm goes on.
    BmsOrCables,
    /// What was seen doesn't fit together: an alarm that comes and goes.
    Fickle,
}

impl Diagnosis {
    /// For each of `batteries`, whether it is to be left out; none when it's over.
    #[must_use]
    pub fn left_out(&self, batteries: usize) -> Option<Vec<bool>> {
        let all = 1..=batteries;
        match *self {
            Self::Whole => Some(all.map(|_| false).collect()),
            Self::Without(battery) => Some(all.map(|number| number == battery).collect()),
            Self::Empty => Some(all.map(|_| true).collect()),
            Self::Only { battery, .. } => Some(all.map(|number| number != battery).collect()),
            Self::Over(_) => None,
        }
    }

    /// The diagnosis after the BMS was looked at in this arrangement.
    #[must_use]
    pub fn next(self, batteries: usize, alarm: bool) -> Self {
        match self {
            Self::Whole if !alarm => Self::Over(Culprit::Nothing),
            // With one battery, leaving it out and leaving all out are the same.
            Self::Whole if batteries <= 1 => Self::Empty,
            Self::Whole => Self::Without(1),
            Self::Without(battery) if !alarm => Self::Over(Culprit::Batteries(vec![battery])),
            Self::Without(battery) if battery < batteries => Self::Without(battery + 1),
            Self::Without(_) => Self::Empty,
            Self::Empty if alarm => Self::Over(Culprit::BmsOrCables),
            Self::Empty if batteries <= 1 => Self::Over(Culprit::Batteries(vec![1])),
            Self::Empty => Self::Only {
                battery: 1,
                faulty: Vec::new(),
            },
            Self::Only {
                battery,
                mut faulty,
            } => {
                if alarm {
                    faulty.push(battery);
                }
                if battery < batteries {
                    Self::Only {
                        battery: battery + 1,
                        faulty,
                    }
                } else if faulty.len() >= 2 {
                    Self::Over(Culprit::Batteries(faulty))
                } else {
                    Self::Over(Culprit::Fickle)
                }
            }
            Self::Over(_) => self,
        }
    }
}

impl fmt::Display for Culprit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => f.write_str("nothing"),
            Self::Batteries(numbers) => f.write_str(&words::batteries(numbers)),
            Self::BmsOrCables => f.write_str("the BMS or its cables"),
            Self::Fickle => f.write_str("an alarm that comes and goes"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Culprit, Diagnosis};
    use proptest::prelude::*;
    use std::fmt::Write as _;

    /// Runs the diagnosis against a bank with these faulty batteries and a BMS that may be faulty.
    fn run(batteries: usize, faulty: &[usize], bms_faulty: bool) -> (Culprit, String) {
        let mut diagnosis = Diagnosis::Whole;
        let mut seen = String::new();
        for _ in 0..100 {
            let Some(left_out) = diagnosis.left_out(batteries) else {
                break;
            };
            let alarm = bms_faulty
                || faulty
                    .iter()
                    .any(|number| !left_out.get(number - 1).copied().unwrap_or(true));
            let chain: String = left_out
                .iter()
                .map(|out| if *out { '-' } else { 'o' })
                .collect();
            let mark = if alarm { "!" } else { "" };
            write!(seen, "{chain}{mark} ").expect("a string takes everything");
            diagnosis = diagnosis.next(batteries, alarm);
        }
        match diagnosis {
            Diagnosis::Over(culprit) => (culprit, seen),
            other => panic!("not over after 100 looks: {other:?}"),
        }
    }

    fn check(batteries: usize, faulty: &[usize], bms_faulty: bool) -> String {
        let (culprit, seen) = run(batteries, faulty, bms_faulty);
        format!("{seen}-> {culprit}")
    }

    #[test]
    fn a_single_battery_and_the_loop_test() {
        insta::assert_snapshot!(check(1, &[], false), @"o -> nothing");
        insta::assert_snapshot!(check(1, &[1], false), @"o! - -> battery 1");
        insta::assert_snapshot!(check(1, &[], true), @"o! -! -> the BMS or its cables");
    }

    #[test]
    fn a_bank_of_four_with_each_kind_of_trouble() {
        insta::assert_snapshot!(check(4, &[], false), @"oooo -> nothing");
        insta::assert_snapshot!(check(4, &[1], false), @"oooo! -ooo -> battery 1");
        insta::assert_snapshot!(check(4, &[2], false), @"oooo! -ooo! o-oo -> battery 2");
        insta::assert_snapshot!(check(4, &[3], false), @"oooo! -ooo! o-oo! oo-o -> battery 3");
        insta::assert_snapshot!(check(4, &[4], false), @"oooo! -ooo! o-oo! oo-o! ooo- -> battery 4");
        insta::assert_snapshot!(check(4, &[2, 4], false), @"oooo! -ooo! o-oo! oo-o! ooo-! ---- o--- -o--! --o- ---o! -> batteries 2 and 4");
        insta::assert_snapshot!(check(4, &[], true), @"oooo! -ooo! o-oo! oo-o! ooo-! ----! -> the BMS or its cables");
        insta::assert_snapshot!(check(4, &[2], true), @"oooo! -ooo! o-oo! oo-o! ooo-! ----! -> the BMS or its cables");
    }

    #[test]
    fn an_alarm_that_comes_and_goes_accuses_nobody() {
        // In alarm whatever single battery is left out, quiet without any, quiet with each alone.
        let mut diagnosis = Diagnosis::Whole;
        for alarm in [true, true, true, false, false, false] {
            diagnosis = diagnosis.next(2, alarm);
        }
        assert_eq!(diagnosis, Diagnosis::Over(Culprit::Fickle));
        assert_eq!(diagnosis.clone().next(2, true), diagnosis);
    }

    proptest! {
        /// In a bank of any size, whichever batteries are faulty are named, and no others.
        #[test]
        fn the_faulty_ones_are_named_and_no_others(
            sick in prop::collection::vec(any::<bool>(), 1..20)
        ) {
            let batteries = sick.len();
            let faulty: Vec<usize> = (1..).zip(&sick).filter(|(_, sick)| **sick).map(|(n, _)| n).collect();
            let expected = if faulty.is_empty() {
                Culprit::Nothing
            } else {
                Culprit::Batteries(faulty.clone())
            };
            prop_assert_eq!(run(batteries, &faulty, false).0, expected);
        }

        /// Whatever the BMS shows, the diagnosis ends after two rounds at most.
        #[test]
        fn no_alarms_outlast_the_diagnosis(
            batteries in 1_usize..20, alarms in prop::collection::vec(any::<bool>(), 50)
        ) {
            let mut diagnosis = Diagnosis::Whole;
            let mut looks = 0;
            for alarm in alarms {
                if diagnosis.left_out(batteries).is_none() {
                    break;
                }
                diagnosis = diagnosis.next(batteries, alarm);
                looks += 1;
            }
            prop_assert!(matches!(diagnosis, Diagnosis::Over(_)));
            prop_assert!(looks <= 2 * batteries + 2);
        }
    }
}
