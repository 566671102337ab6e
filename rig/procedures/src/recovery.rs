//! Charging a deeply discharged battery in the manual's eighteen steps (6.1.5).
//!
//! Pure: a sample and a plan give the next phase, aborts first. [`drive`] owns the bench.

pub mod drive;
pub mod judge;

use std::time::Duration;

/// What one sample says of a recovery.
#[derive(Debug, Clone, PartialEq)]
pub struct RecoverySample {
    /// When.
    pub at: Duration,
    /// Voltage of the battery, in volts.
    pub battery_v: f64,
    /// Its cells, in volts.
    pub cells_v: Vec<f64>,
    /// How fast it warms up, in kelvin a minute; nothing while that can't be told.
    pub warming: Option<f64>,
}

/// Numbers of the steps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RecoveryPlan {
    /// The tenth of an ampere flows until the lowest cell is at this, in volts.
    pub awake_v: f64,
    /// How long that may take.
    pub longest_trickle: Duration,
    /// Each cell gains so much, in volts …
    pub rise_v: f64,
    /// … within this time of the larger current.
    pub window: Duration,
    /// The slow charge goes on to this, in volts.
    pub slow_until_v: f64,
    /// How long that may take.
    pub longest_slow: Duration,
    /// The full charge lasts so long.
    pub full: Duration,
    /// No two cells are further apart than this, in volts, afterwards.
    pub spread_v: f64,
    /// The first rest.
    pub few: Duration,
    /// The second rest.
    pub day: Duration,
    /// After both the battery is at this or above, in volts.
    pub rested_v: f64,
    /// It warms up no faster than this, in kelvin a minute.
    pub warming: f64,
    /// A cell at it ends the charge, in volts.
    pub abort_v: f64,
}

/// Where a recovery stands.
#[derive(Debug, Clone, PartialEq)]
pub enum Recovery {
    /// Step 2: a tenth of an ampere.
    Trickle {
        /// Since when.
        since: Duration,
    },
    /// Steps 3 to 10: a tenth of the capacity an hour.
    Slow {
        /// Since when.
        since: Duration,
        /// The cells when the current had begun to flow, in volts.
        first_v: Vec<f64>,
        /// Whether the time in which each must gain is over.
        risen: bool,
    },
    /// Steps 11 to 13: the absorption voltage and half of C.
    Full {
        /// Since when.
        since: Duration,
    },
    /// Step 15: some hours of rest.
    Few {
        /// Since when.
        since: Duration,
    },
    /// Step 17: a day of rest.
    Day {
        /// Since when.
        since: Duration,
    },
    /// It's over.
    Over(RecoveryEnd),
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum RecoveryEnd {
    /// All steps were gone through; what they showed is for the judge.
    Through,
    /// The battery warmed up too fast, in kelvin a minute.
    TooHot(f64),
    /// A cell went too high, in volts.
    TooHigh(f64),
    /// The lowest cell never came up to where the larger current may flow.
    NeverAwake,
    /// A cell (from 1) gained too little in the first half hour.
    NotRisen {
        /// Which one.
        cell: usize,
        /// What it gained, in volts.
        gained_v: f64,
    },
    /// The battery never got to where the full charge begins.
    NeverUp,
    /// Cells too far apart after the full charge, in volts.
    Apart(f64),
    /// Too little voltage after a rest, in volts.
    Low(f64),
}

impl RecoveryEnd {
    /// As a sentence.
    #[must_use]
    pub fn in_words(self) -> String {
        match self {
            Self::Through => "all steps were gone through".into(),
            Self::TooHot(rate) => format!("given up: the battery warmed up by {rate:.2} K/min"),
            Self::TooHigh(volts) => format!("given up: a cell was at {volts:.3} V"),
            Self::NeverAwake => "given up: the lowest cell never came up under 0.1 A".into(),
            Self::NotRisen { cell, gained_v } => format!(
                "given up: cell {cell} gained {:.1} mV in the first half hour",
                gained_v * 1e3
            ),
            Self::NeverUp => "given up: the slow charge never came to its end".into(),
            Self::Apart(volts) => format!("given up: cells {volts:.3} V apart"),
            Self::Low(volts) => format!("given up: only {volts:.2} V after a rest"),
        }
    }
}

impl Recovery {
    /// At the start: a battery with a cell under the mark begins with the small current.
    #[must_use]
    pub fn start(plan: &RecoveryPlan, sample: &RecoverySample) -> Self {
        if sample.lowest() < plan.awake_v {
            Self::Trickle { since: sample.at }
        } else {
            Self::slow(sample)
        }
    }

    fn slow(sample: &RecoverySample) -> Self {
        Self::Slow {
            since: sample.at,
            first_v: sample.cells_v.clone(),
            risen: false,
        }
    }

    /// Its name, for the record.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Trickle { .. } => "a tenth of an ampere",
            Self::Slow { .. } => "slow charge",
            Self::Full { .. } => "full charge",
            Self::Few { .. } => "some hours of rest",
            Self::Day { .. } => "a day of rest",
            Self::Over(_) => "over",
        }
    }

    /// Whether the charger is on.
    #[must_use]
    pub fn charges(&self) -> bool {
        matches!(
            self,
            Self::Trickle { .. } | Self::Slow { .. } | Self::Full { .. }
        )
    }

    /// After one more sample. Aborts come first.
    #[must_use]
    pub fn next(self, plan: &RecoveryPlan, sample: &RecoverySample) -> Self {
        if let Self::Over(_) = self {
            return self;
        }
        if let Some(rate) = sample.warming.filter(|rate| *rate > plan.warming) {
            return Self::Over(RecoveryEnd::TooHot(rate));
        }
        if sample.highest() >= plan.abort_v {
            return Self::Over(RecoveryEnd::TooHigh(sample.highest()));
        }
        match self {
            Self::Trickle { since } => {
                if sample.lowest() >= plan.awake_v {
                    Self::slow(sample)
                } else if sample.at >= since + plan.longest_trickle {
                    Self::Over(RecoveryEnd::NeverAwake)
                } else {
                    Self::Trickle { since }
                }
            }
            Self::Slow {
                since,
                first_v,
                risen,
            } => {
                if !risen && sample.at >= since + plan.window {
                    if let Some(end) = not_risen(plan, &first_v, sample) {
                        return Self::Over(end);
                    }
                    return Self::Slow {
                        since,
                        first_v,
                        risen: true,
                    };
                }
                if risen && sample.battery_v >= plan.slow_until_v {
                    Self::Full { since: sample.at }
                } else if sample.at >= since + plan.longest_slow {
                    Self::Over(RecoveryEnd::NeverUp)
                } else {
                    Self::Slow {
                        since,
                        first_v,
                        risen,
                    }
                }
            }
            Self::Full { since } if sample.at < since + plan.full => self,
            Self::Full { .. } if sample.spread() > plan.spread_v => {
                Self::Over(RecoveryEnd::Apart(sample.spread()))
            }
            Self::Full { .. } => Self::Few { since: sample.at },
            Self::Few { since } if sample.at < since + plan.few => self,
            Self::Day { since } if sample.at < since + plan.day => self,
            Self::Few { .. } | Self::Day { .. } if sample.battery_v < plan.rested_v => {
                Self::Over(RecoveryEnd::Low(sample.battery_v))
            }
            Self::Few { .. } | Self::Day { .. } if sample.spread() > plan.spread_v => {
                Self::Over(RecoveryEnd::Apart(sample.spread()))
            }
            Self::Few { .. } => Self::Day { since: sample.at },
            Self::Day { .. } => Self::Over(RecoveryEnd::Through),
            Self::Over(_) => self,
        }
    }
}

/// A cell that wasn't measured hasn't risen.
fn not_risen(plan: &RecoveryPlan, first_v: &[f64], sample: &RecoverySample) -> Option<RecoveryEnd> {
    let gains = first_v
        .iter()
        .zip(&sample.cells_v)
        .map(|(first, now)| now - first);
    (1..)
        .zip(gains)
        .find(|(_, gained_v)| gained_v.is_nan() || *gained_v < plan.rise_v)
        .map(|(cell, gained_v)| RecoveryEnd::NotRisen { cell, gained_v })
}

impl RecoverySample {
    fn lowest(&self) -> f64 {
        self.cells_v.iter().copied().fold(f64::INFINITY, f64::min)
    }

    fn highest(&self) -> f64 {
        self.cells_v
            .iter()
            .copied()
            .fold(f64::NEG_INFINITY, f64::max)
    }

    fn spread(&self) -> f64 {
        self.highest() - self.lowest()
    }
}

#[cfg(test)]
mod tests {
    use super::{Recovery, RecoveryEnd, RecoveryPlan, RecoverySample};
    use proptest::prelude::*;
    use std::time::Duration;

    const fn hours(hours: u64) -> Duration {
        Duration::from_secs(hours * 3600)
    }

    const PLAN: RecoveryPlan = RecoveryPlan {
        awake_v: 2.5,
        longest_trickle: hours(48),
        rise_v: 0.003,
        window: Duration::from_secs(1800),
        slow_until_v: 13.8,
        longest_slow: hours(24),
        full: hours(6),
        spread_v: 0.1,
        few: hours(3),
        day: hours(24),
        rested_v: 12.8,
        warming: 1.0,
        abort_v: 3.85,
    };

    fn sample(at_h: f64, cells_v: [f64; 4], warming: f64) -> RecoverySample {
        RecoverySample {
            at: Duration::from_secs_f64(at_h * 3600.0),
            battery_v: cells_v.iter().sum(),
            cells_v: cells_v.to_vec(),
            warming: Some(warming),
        }
    }

    /// Phases after samples of (hours, all four cells or the last one apart, K/min).
    fn run(samples: &[(f64, f64, f64, f64)]) -> Vec<String> {
        let made = |(at, cells, last, warming): &(f64, f64, f64, f64)| {
            sample(*at, [*cells, *cells, *cells, *last], *warming)
        };
        let mut state: Option<Recovery> = None;
        samples
            .iter()
            .map(|one| {
                let one = made(one);
                let next = match state.take() {
                    None => Recovery::start(&PLAN, &one),
                    Some(state) => state.next(&PLAN, &one),
                };
                let name = match &next {
                    Recovery::Over(end) => end.in_words(),
                    Recovery::Trickle { .. } => "trickle".into(),
                    Recovery::Slow { risen, .. } => format!("slow, risen {risen}"),
                    Recovery::Full { .. } => "full".into(),
                    Recovery::Few { .. } => "few".into(),
                    Recovery::Day { .. } => "day".into(),
                };
                state = Some(next);
                name
            })
            .collect()
    }

    #[test]
    fn all_steps_in_turn() {
        let phases = run(&[
            (0.0, 1.8, 1.8, 0.0),
            (13.9, 2.49, 2.51, 0.0),
            (14.0, 2.5, 2.5, 0.0),
            (14.5, 3.0, 3.0, 0.1),
            (23.0, 3.45, 3.45, 0.1),
            (28.9, 3.55, 3.55, 0.0),
            (29.0, 3.55, 3.55, 0.0),
            (32.0, 3.50, 3.48, 0.0),
            (56.0, 3.40, 3.39, 0.0),
        ]);
        let wanted = [
            "trickle",
            "trickle",
            "slow, risen false",
            "slow, risen true",
            "full",
            "full",
            "few",
            "day",
            "all steps were gone through",
        ];
        assert_eq!(phases, wanted);
    }

    #[test]
    fn every_abort() {
        let slow = (0.0, 2.6, 2.6, 0.0);
        let up = (0.5, 3.0, 3.0, 0.0);
        let full = (9.0, 3.45, 3.45, 0.0);
        for (samples, end) in [
            (
                vec![(0.0, 1.8, 1.8, 0.0), (48.0, 2.4, 2.4, 0.0)],
                RecoveryEnd::NeverAwake,
            ),
            (vec![slow, (0.1, 2.7, 2.7, 1.5)], RecoveryEnd::TooHot(1.5)),
            (vec![slow, (0.1, 3.0, 3.9, 0.0)], RecoveryEnd::TooHigh(3.9)),
            (
                vec![slow, (0.5, 3.0, 2.6, 0.0)],
                RecoveryEnd::NotRisen {
                    cell: 4,
                    gained_v: 0.0,
                },
            ),
            (vec![slow, up, (24.0, 3.3, 3.3, 0.0)], RecoveryEnd::NeverUp),
            (
                vec![slow, up, full, (15.0, 3.6, 3.25, 0.0)],
                RecoveryEnd::Apart(3.6 - 3.25),
            ),
            (
                vec![slow, up, full, (15.0, 3.5, 3.5, 0.0), (18.0, 3.1, 3.1, 0.0)],
                RecoveryEnd::Low(12.4),
            ),
            (
                vec![
                    slow,
                    up,
                    full,
                    (15.0, 3.5, 3.5, 0.0),
                    (18.0, 3.4, 3.4, 0.0),
                    (42.0, 3.4, 3.25, 0.0),
                ],
                RecoveryEnd::Apart(3.4 - 3.25),
            ),
        ] {
            let phases = run(&samples);
            assert_eq!(phases.last(), Some(&end.in_words()), "{phases:?}");
        }
    }

    proptest! {
        /// Whatever the battery does, it ends within the sum of what its steps may take.
        #[test]
        fn no_recovery_outlasts_its_plan(
            cells in prop::collection::vec((1.0..3.8f64, 1.0..3.8f64, 0.0..1.1f64), 1..50),
        ) {
            let longest = 48 + 24 + 6 + 3 + 24 + 5;
            let (one, other, warming) = cells[0];
            let mut state = Recovery::start(&PLAN, &sample(0.0, [one, one, one, other], warming));
            for tick in 1..=longest * 4u32 {
                let (one, other, warming) = cells[tick as usize / 3 % cells.len()];
                let now = sample(f64::from(tick) / 4.0, [one, one, one, other], warming);
                let was_over = matches!(state, Recovery::Over(_));
                let before = state.clone();
                state = state.next(&PLAN, &now);
                prop_assert!(!was_over || before == state);
            }
            prop_assert!(matches!(state, Recovery::Over(_)), "{:?}", state);
        }
    }
}
