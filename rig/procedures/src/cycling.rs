//! A charger that goes off and on because one cell is ahead of the others (6.2.1).

use crate::edge::Edge;
use std::time::Duration;

/// What one sample says of a charge.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChargeSample {
    /// When.
    pub at: Duration,
    /// Whether the charge contact allows charging.
    pub allowed: bool,
    /// Highest cell, in volts.
    pub highest_v: f64,
    /// Highest less lowest cell, in volts.
    pub spread_v: f64,
}

/// How long each part may take.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CyclingLimits {
    /// Full cycles (off and on again) to see.
    pub cycles: usize,
    /// From the start to the first interruption.
    pub first: Duration,
    /// From then on, for an interruption or for the time between two.
    pub each: Duration,
    /// A cell at it with the charger still on ends the charge, in volts.
    pub highest_v: f64,
}

/// The charger was stopped.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stop {
    /// When.
    pub edge: Edge,
    /// Highest cell in the last sample with the charger still on.
    pub highest_v: f64,
    /// How fast it rose then, in volts a second.
    pub rising_v_per_s: f64,
    /// Spread in the first sample with the charger off.
    pub spread_v: f64,
}

/// The charger came back.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Return {
    /// When.
    pub edge: Edge,
    /// Highest cell in the last sample with the charger still off.
    pub highest_v: f64,
    /// How fast it fell then, in volts a second (positive is falling).
    pub falling_v_per_s: f64,
    /// Spread in that sample.
    pub spread_v: f64,
}

/// What was seen so far.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Cycles {
    /// Each time the charger was stopped.
    pub stops: Vec<Stop>,
    /// Each time it came back.
    pub returns: Vec<Return>,
}

/// Where the cycling stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cycling {
    /// Charging; the last two samples of it.
    Charging {
        /// Since when.
        since: Duration,
        /// The newest sample.
        last: ChargeSample,
        /// Slope of the highest cell over the latest samples, in volts a second.
        slope: f64,
    },
    /// Stopped by the BMS.
    Stopped {
        /// Since when.
        since: Duration,
        /// The newest sample.
        last: ChargeSample,
        /// Slope of the highest cell, in volts a second.
        slope: f64,
    },
    /// It's over.
    Over(CyclingEnd),
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum CyclingEnd {
    /// As many cycles as asked for.
    Complete,
    /// The charger wasn't stopped (again) in time.
    NeverStopped,
    /// The charger didn't come back in time.
    NeverBack,
    /// The charger was still on with a cell far above where it must be off.
    NotObeyed {
        /// The cell, in volts.
        highest_v: f64,
        /// When.
        at: Duration,
    },
}

impl Cycling {
    /// From the first sample of the charge.
    #[must_use]
    pub fn start(first: ChargeSample) -> Self {
        if first.allowed {
            Self::Charging {
                since: first.at,
                last: first,
                slope: 0.0,
            }
        } else {
            Self::Stopped {
                since: first.at,
                last: first,
                slope: 0.0,
            }
        }
    }

    /// After one more sample; `seen` takes what it completes.
    #[must_use]
    pub fn next(self, limits: &CyclingLimits, sample: ChargeSample, seen: &mut Cycles) -> Self {
        if let Self::Over(_) = self {
            return self;
        }
        if sample.allowed && sample.highest_v >= limits.highest_v {
            return Self::Over(CyclingEnd::NotObeyed {
                highest_v: sample.highest_v,
                at: sample.at,
            });
        }
        match self {
            Self::Charging { since, last, slope } => {
                let patience = if seen.stops.is_empty() {
                    limits.first
                } else {
                    limits.each
                };
                if sample.allowed {
                    if sample.at >= since + patience {
                        return Self::Over(CyclingEnd::NeverStopped);
                    }
                    return Self::Charging {
                        since,
                        last: sample,
                        slope: smoothed(slope, last, sample),
                    };
                }
                seen.stops.push(Stop {
                    edge: between(last, sample),
                    highest_v: last.highest_v,
                    rising_v_per_s: slope.max(0.0),
                    spread_v: sample.spread_v,
                });
                if seen.stops.len() > limits.cycles && seen.returns.len() >= limits.cycles {
                    return Self::Over(CyclingEnd::Complete);
                }
                Self::Stopped {
                    since: sample.at,
                    last: sample,
                    slope: 0.0,
                }
            }
            Self::Stopped { since, last, slope } => {
                if !sample.allowed {
                    if sample.at >= since + limits.each {
                        return Self::Over(CyclingEnd::NeverBack);
                    }
                    return Self::Stopped {
                        since,
                        last: sample,
                        slope: smoothed(slope, last, sample),
                    };
                }
                seen.returns.push(Return {
                    edge: between(last, sample),
                    highest_v: last.highest_v,
                    falling_v_per_s: (-slope).max(0.0),
                    spread_v: last.spread_v,
                });
                Self::Charging {
                    since: sample.at,
                    last: sample,
                    slope: 0.0,
                }
            }
            Self::Over(_) => self,
        }
    }
}

fn between(last: ChargeSample, sample: ChargeSample) -> Edge {
    Edge {
        before: last.at,
        after: sample.at,
    }
}

/// The slope with the newest pair of samples, half of it from before: noise of one reading must
/// not pass for a slope.
fn smoothed(slope: f64, last: ChargeSample, sample: ChargeSample) -> f64 {
    let time = sample.at.saturating_sub(last.at).as_secs_f64();
    if time <= 0.0 {
        return slope;
    }
    f64::midpoint(slope, (sample.highest_v - last.highest_v) / time)
}

#[cfg(test)]
mod tests {
    use super::{ChargeSample, Cycles, Cycling, CyclingEnd, CyclingLimits};
    use proptest::prelude::*;
    use std::time::Duration;

    const LIMITS: CyclingLimits = CyclingLimits {
        cycles: 3,
        first: Duration::from_secs(600),
        each: Duration::from_secs(300),
        highest_v: 3.82,
    };

    /// A cell that rises by 10 mV/s while charged and falls by 2 mV/s while not; a charge contact
    /// that opens at 3.75 V and closes under `resume`.
    fn run(resume: f64) -> (Cycling, Cycles) {
        let mut cell = 3.30;
        let mut allowed = true;
        let mut seen = Cycles::default();
        let sample = |tick: u32, allowed: bool, cell: f64| ChargeSample {
            at: Duration::from_millis(500) * tick,
            allowed,
            highest_v: cell,
            spread_v: cell - 3.40,
        };
        let mut cycling = Cycling::start(sample(0, allowed, cell));
        for tick in 1..5000 {
            cell += if allowed { 0.005 } else { -0.001 };
            if cell >= 3.75 {
                allowed = false;
            } else if cell < resume {
                allowed = true;
            }
            cycling = cycling.next(&LIMITS, sample(tick, allowed, cell), &mut seen);
        }
        (cycling, seen)
    }

    #[test]
    fn three_cycles_have_four_stops_and_three_returns() {
        let (end, seen) = run(3.60);
        assert_eq!(end, Cycling::Over(CyclingEnd::Complete));
        assert_eq!((seen.stops.len(), seen.returns.len()), (4, 3));
        for stop in &seen.stops {
            assert!((stop.highest_v - 3.7475).abs() < 3e-3, "{stop:?}");
            assert!((stop.rising_v_per_s - 0.010).abs() < 1e-3, "{stop:?}");
        }
        for back in &seen.returns {
            assert!((back.highest_v - 3.60).abs() < 2e-3, "{back:?}");
            assert!((back.falling_v_per_s - 0.002).abs() < 1e-4, "{back:?}");
        }
        let spread = seen.stops[0].spread_v - seen.returns[0].spread_v;
        assert!(spread > 0.14, "{spread}");
    }

    #[test]
    fn a_charger_that_stays_away_or_on_ends_it() {
        let (end, seen) = run(0.0);
        assert_eq!(end, Cycling::Over(CyclingEnd::NeverBack));
        assert_eq!((seen.stops.len(), seen.returns.len()), (1, 0));
        let mut seen = Cycles::default();
        let sample = |at: u64| ChargeSample {
            at: Duration::from_secs(at),
            allowed: true,
            highest_v: 3.4,
            spread_v: 0.0,
        };
        let start = Cycling::start(sample(0));
        let hot = ChargeSample {
            highest_v: 3.83,
            ..sample(10)
        };
        let not_obeyed = CyclingEnd::NotObeyed {
            highest_v: 3.83,
            at: hot.at,
        };
        assert_eq!(
            start.next(&LIMITS, hot, &mut seen),
            Cycling::Over(not_obeyed)
        );
        let end = start.next(&LIMITS, sample(600), &mut seen);
        assert_eq!(end, Cycling::Over(CyclingEnd::NeverStopped));
        assert_eq!(end.next(&LIMITS, sample(700), &mut seen), end);
    }

    proptest! {
        /// No readings outlast the limits: 600 s to the first stop, then 300 s for each part.
        #[test]
        fn no_charge_outlasts_its_limits(allowed in prop::collection::vec(any::<bool>(), 1..60)) {
            let sample = |tick: u32, allowed: bool| ChargeSample {
                at: Duration::from_secs(10) * tick,
                allowed,
                highest_v: 3.5,
                spread_v: 0.1,
            };
            let mut seen = Cycles::default();
            let mut cycling = Cycling::start(sample(0, true));
            let longest = 600 + 7 * 300;
            for tick in 1..=longest / 10 + 7 {
                let state = allowed[(tick / 7) as usize % allowed.len()];
                cycling = cycling.next(&LIMITS, sample(tick, state), &mut seen);
            }
            prop_assert!(matches!(cycling, Cycling::Over(_)), "{cycling:?}");
        }
    }
}
