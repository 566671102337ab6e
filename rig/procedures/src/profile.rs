//! A charge in three stages, bulk, absorption and float, begun anew while cells are apart.
//!
//! Pure: the samples come from [`crate::charge`], which owns the bench.

use std::time::Duration;

/// What one sample says of a charge.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ProfileSample {
    /// When.
    pub at: Duration,
    /// Whether the charge contact allows charging.
    pub allowed: bool,
    /// Voltage of the bank, in volts.
    pub bank_v: f64,
    /// Into the bank, in amperes.
    pub current_a: f64,
    /// Expanded uncertainty of that (k = 2), in amperes.
    pub uncertainty_a: f64,
    /// Highest cell, in volts.
    pub highest_v: f64,
    /// Highest less lowest cell of the battery where that is most, in volts.
    pub spread_v: f64,
}

impl ProfileSample {
    /// Whether no more than this flows, in amperes, however far the reading is off.
    #[must_use]
    pub fn is_surely_at_most(&self, limit_a: f64) -> bool {
        self.current_a + self.uncertainty_a <= limit_a
    }
}

/// What ends the stages and the charge.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ProfilePlan {
    /// Bulk ends with the bank at this, in volts.
    pub absorbs_at_v: f64,
    /// How long absorption lasts.
    pub absorption: Duration,
    /// How long float lasts before the charge begins anew.
    pub float: Duration,
    /// How long float lasts after the last charge.
    pub last_float: Duration,
    /// How long bulk may last.
    pub longest_bulk: Duration,
    /// How long all of it may last.
    pub longest: Duration,
    /// Charges to make at least.
    pub charges: usize,
    /// Charges to make at most, for as long as cells are apart.
    pub most_charges: usize,
    /// Cells are together up to this spread, in volts …
    pub together_v: f64,
    /// … with no more than this into the bank, in amperes.
    pub complete_a: f64,
    /// A cell at it with the charger still on ends the charge, in volts.
    pub abort_v: f64,
}

/// A stage of a charge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// As much current as the charger is set to.
    Bulk,
    /// At the absorption voltage.
    Absorption,
    /// At the float voltage.
    Float,
}

impl Stage {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Bulk => "bulk",
            Self::Absorption => "absorption",
            Self::Float => "float",
        }
    }
}

/// Where a charge stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Profile {
    /// In a stage.
    In {
        /// Which one.
        stage: Stage,
        /// Since when.
        since: Duration,
        /// When the very first stage began.
        begun: Duration,
        /// The number of this charge, from 1.
        charge: usize,
        /// Whether cells were together in this charge's absorption.
        together: bool,
    },
    /// It's over.
    Over(ProfileEnd),
}

/// How a charge ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ProfileEnd {
    /// In float, with the cells together if that was asked for.
    Full,
    /// As many charges as may be made, and cells still apart.
    NeverTogether,
    /// Bulk, or all of it, took too long.
    TooSlow(Stage),
    /// The charger was still on with a cell far above where it must be off.
    NotObeyed {
        /// The cell, in volts.
        highest_v: f64,
        /// When.
        at: Duration,
    },
}

impl Profile {
    /// At the start of bulk.
    #[must_use]
    pub fn start(at: Duration) -> Self {
        Self::In {
            stage: Stage::Bulk,
            since: at,
            begun: at,
            charge: 1,
            together: false,
        }
    }

    /// The stage it's in.
    #[must_use]
    pub fn stage(&self) -> Option<Stage> {
        match self {
            Self::In { stage, .. } => Some(*stage),
            Self::Over(_) => None,
        }
    }

    /// After one more sample. Aborts come first.
    #[must_use]
    pub fn next(self, plan: &ProfilePlan, sample: &ProfileSample) -> Self {
        let Self::In {
            stage,
            since,
            begun,
            charge,
            together,
        } = self
        else {
            return self;
        };
        if sample.allowed && sample.highest_v >= plan.abort_v {
            return Self::Over(ProfileEnd::NotObeyed {
                highest_v: sample.highest_v,
                at: sample.at,
            });
        }
        if sample.at >= begun + plan.longest {
            return Self::Over(ProfileEnd::TooSlow(stage));
        }
        let to = |stage, charge, together| Self::In {
            stage,
            since: sample.at,
            begun,
            charge,
            together,
        };
        match stage {
            Stage::Bulk if sample.allowed && sample.bank_v >= plan.absorbs_at_v => {
                to(Stage::Absorption, charge, false)
            }
            Stage::Bulk if sample.at >= since + plan.longest_bulk => {
                Self::Over(ProfileEnd::TooSlow(stage))
            }
            Stage::Absorption if sample.at >= since + plan.absorption => {
                to(Stage::Float, charge, plan.is_complete(sample))
            }
            Stage::Float => {
                let last = charge >= plan.charges && (together || charge >= plan.most_charges);
                let lasts = if last { plan.last_float } else { plan.float };
                if sample.at < since + lasts {
                    self
                } else if !last {
                    to(Stage::Bulk, charge + 1, false)
                } else if together || plan.charges == plan.most_charges {
                    Self::Over(ProfileEnd::Full)
                } else {
                    Self::Over(ProfileEnd::NeverTogether)
                }
            }
            Stage::Bulk | Stage::Absorption => self,
        }
    }
}

impl ProfilePlan {
    /// Whether the cells are together and surely next to nothing flows: a charge that ended on a
    /// current which can't be told from the limit would leave nothing to judge.
    #[must_use]
    pub fn is_complete(&self, sample: &ProfileSample) -> bool {
        sample.allowed
            && sample.spread_v <= self.together_v
            && sample.is_surely_at_most(self.complete_a)
    }
}

#[cfg(test)]
mod tests {
    use super::{Profile, ProfileEnd, ProfilePlan, ProfileSample, Stage};
    use proptest::prelude::*;
    use std::time::Duration;

    const PLAN: ProfilePlan = ProfilePlan {
        absorbs_at_v: 14.15,
        absorption: Duration::from_secs(7200),
        float: Duration::from_secs(600),
        last_float: Duration::from_secs(3600),
        longest_bulk: Duration::from_secs(14_400),
        longest: Duration::from_secs(200_000),
        charges: 1,
        most_charges: 3,
        together_v: 0.01,
        complete_a: 1.0,
        abort_v: 3.85,
    };

    fn sample(at: u64, bank_v: f64, current_a: f64, spread_v: f64) -> ProfileSample {
        ProfileSample {
            at: Duration::from_secs(at),
            allowed: true,
            bank_v,
            current_a,
            uncertainty_a: 0.1,
            highest_v: bank_v / 4.0,
            spread_v,
        }
    }

    /// Each line is a sample: seconds, bank, current, spread; and the stage after it.
    fn run(plan: &ProfilePlan, samples: &[(u64, f64, f64, f64)]) -> Vec<String> {
        let mut profile = Profile::start(Duration::ZERO);
        samples
            .iter()
            .map(|(at, bank_v, current_a, spread_v)| {
                profile = profile.next(plan, &sample(*at, *bank_v, *current_a, *spread_v));
                match profile {
                    Profile::In { stage, charge, .. } => format!("{charge} {}", stage.name()),
                    Profile::Over(end) => format!("{end:?}"),
                }
            })
            .collect()
    }

    #[test]
    fn bulk_absorption_float() {
        let stages = run(
            &PLAN,
            &[
                (10, 13.3, 50.0, 0.01),
                (7500, 14.2, 50.0, 0.03),
                (14_699, 14.2, 0.1, 0.004),
                (14_700, 14.2, 0.1, 0.004),
                (15_300, 14.1, 0.0, 0.004),
                (18_300, 14.1, 0.0, 0.004),
            ],
        );
        let wanted = [
            "1 bulk",
            "1 absorption",
            "1 absorption",
            "1 float",
            "1 float",
            "Full",
        ];
        assert_eq!(stages, wanted);
    }

    #[test]
    fn cells_apart_begin_it_anew_until_that_was_often_enough() {
        let apart: Vec<(u64, f64, f64, f64)> = (0..3)
            .flat_map(|charge| {
                let from = charge * 10_000;
                [
                    (from + 100, 14.2, 1.8, 0.2),
                    (from + 7300, 14.2, 1.8, 0.2),
                    (from + 7900, 13.9, 0.0, 0.2),
                ]
            })
            .collect();
        let mut stages = run(&PLAN, &apart);
        let wanted = [
            "1 absorption",
            "1 float",
            "2 bulk",
            "2 absorption",
            "2 float",
            "3 bulk",
            "3 absorption",
            "3 float",
            "3 float",
        ];
        assert_eq!(stages, wanted);
        let mut more = apart;
        more.push((31_000, 13.9, 0.0, 0.2));
        stages = run(&PLAN, &more);
        assert_eq!(stages.last().map(String::as_str), Some("NeverTogether"));
    }

    #[test]
    fn aborts_come_first() {
        for (at, bank_v, end) in [
            (10, 15.4, "NotObeyed { highest_v: 3.85, at: 10s }"),
            (14_400, 13.0, "TooSlow(Bulk)"),
            (200_000, 14.2, "TooSlow(Bulk)"),
        ] {
            assert_eq!(run(&PLAN, &[(at, bank_v, 1.0, 0.0)]), [end]);
        }
        // A charger that the BMS holds off is none that doesn't obey.
        let held = ProfileSample {
            allowed: false,
            ..sample(10, 15.4, 0.0, 0.0)
        };
        let next = Profile::start(Duration::ZERO).next(&PLAN, &held);
        assert_eq!(next.stage(), Some(Stage::Bulk));
    }

    proptest! {
        /// No readings outlast the longest time, and nothing leads out of an end.
        #[test]
        fn no_charge_outlasts_its_plan(
            volts in prop::collection::vec((13.0..14.9f64, any::<bool>(), 0.0..60.0f64), 1..40),
        ) {
            let mut profile = Profile::start(Duration::ZERO);
            let mut over: Option<ProfileEnd> = None;
            for tick in 0..=4001u64 {
                let (bank_v, allowed, current_a) = volts[(tick / 9) as usize % volts.len()];
                let sample = ProfileSample { allowed, ..sample(tick * 50, bank_v, current_a, 0.02) };
                profile = profile.next(&PLAN, &sample);
                if let (Some(end), Profile::Over(now)) = (over, profile) {
                    prop_assert_eq!(end, now);
                }
                if let Profile::Over(end) = profile {
                    over = Some(end);
                }
            }
            prop_assert!(over.is_some());
        }
    }
}
