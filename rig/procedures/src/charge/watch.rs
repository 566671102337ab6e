//! What the samples of a charge are looked at for.

use super::{
    AtWork, BRISK, BUSY, CLOSE, Charge, FAST, Interruption, LASTING, Late, Passed, SLOW, STEEP,
    Settings, hours, widest,
};
use crate::ProcedureError;
use crate::edge::Edge;
use crate::profile::{Profile, ProfileEnd, ProfileSample, Stage};
use api::BalancerStatus;
use bench::{Bench, Snapshot};
use std::time::Duration;

pub(super) struct Watch {
    pub(super) charge: Charge,
    stage_since: Duration,
    last: Option<ProfileSample>,
    busy_until: Duration,
    /// Since when the current has been one that means "nearly done".
    nearly_since: Option<Duration>,
}

impl Watch {
    pub(super) fn new(begun: Duration, settings: &Settings) -> Self {
        Self {
            charge: Charge {
                begun,
                current: settings.current,
                flowing: None,
                passed: Vec::new(),
                interruptions: Vec::new(),
                late: None,
                nearly_done: None,
                complete: None,
                absorbed: None,
                floated: None,
                balancing: AtWork::default(),
                held_off: AtWork::default(),
                end: ProfileEnd::TooSlow(Stage::Bulk),
                ended: begun,
            },
            stage_since: begun,
            last: None,
            busy_until: Duration::ZERO,
            nearly_since: None,
        }
    }

    pub(super) fn period(&self, profile: &Profile, sample: &ProfileSample) -> Duration {
        let busy = !sample.allowed || sample.at < self.busy_until || sample.highest_v >= CLOSE.0;
        match profile.stage() {
            // The leading cell falls slowly and rises fast.
            Some(Stage::Bulk | Stage::Absorption) if !sample.allowed => BRISK,
            Some(Stage::Bulk | Stage::Absorption) if busy => FAST,
            Some(Stage::Bulk) if sample.highest_v >= STEEP.0 => BRISK,
            Some(_) | None => SLOW,
        }
    }

    pub(super) fn take(
        &mut self,
        settings: &Settings,
        profile: &Profile,
        sample: &ProfileSample,
        snapshot: &Snapshot,
    ) {
        let Some(stage) = profile.stage() else { return };
        self.interruption(stage, sample);
        self.at_work(settings, stage, sample, snapshot);
        let charge = &mut self.charge;
        if charge.flowing.is_none() && sample.current_a >= 0.5 {
            charge.flowing = Some((sample.at, snapshot.clone()));
        }
        match stage {
            Stage::Bulk => {}
            Stage::Absorption => {
                let complete = settings.plan.is_complete(sample);
                if complete {
                    charge.complete.get_or_insert(sample.at);
                }
                if !(sample.allowed && sample.is_surely_at_most(settings.nearly_a)) {
                    self.nearly_since = None;
                } else if charge.nearly_done.is_none() {
                    let since = *self.nearly_since.get_or_insert(sample.at);
                    // With the cells together a small current means what it says at once:
                    // absorption may end before it has lasted.
                    if complete || sample.at >= since + LASTING {
                        charge.nearly_done = Some(snapshot.clone());
                    }
                }
                let end = self.stage_since + settings.plan.absorption;
                if sample.at + settings.late >= end {
                    late(&mut charge.late, sample, snapshot);
                }
                charge.absorbed = Some(snapshot.clone());
            }
            Stage::Float => charge.floated = Some(snapshot.clone()),
        }
        self.last = Some(*sample);
    }

    fn interruption(&mut self, stage: Stage, sample: &ProfileSample) {
        let Some(last) = self.last else { return };
        if last.allowed == sample.allowed {
            return;
        }
        self.busy_until = sample.at + BUSY;
        let edge = Edge {
            before: last.at,
            after: sample.at,
        };
        if !sample.allowed {
            self.charge.interruptions.push(Interruption {
                stage,
                off: edge,
                back: None,
            });
        } else if let Some(interruption) = self.charge.interruptions.last_mut() {
            interruption.back = Some(edge);
        }
    }

    /// While the current says that cells are being balanced, or the BMS holds the charger off. A
    /// moment after a change the report may still be the one from before.
    fn at_work(
        &mut self,
        settings: &Settings,
        stage: Stage,
        sample: &ProfileSample,
        snapshot: &Snapshot,
    ) {
        let steady = self.last.is_some_and(|last| last.allowed == sample.allowed)
            && sample.at >= self.stage_since + BUSY
            && self
                .last
                .is_some_and(|last| last.spread_v > 2.0 * settings.plan.together_v)
            && sample.spread_v > 2.0 * settings.plan.together_v;
        if !steady || stage == Stage::Float {
            return;
        }
        let apart_up_there = sample.highest_v >= STEEP.0 + 0.1;
        let tally = if !sample.allowed && apart_up_there {
            &mut self.charge.held_off
        } else if stage == Stage::Absorption && sample.current_a >= settings.works_at_a {
            &mut self.charge.balancing
        } else {
            return;
        };
        for heard in snapshot.batteries.iter().flatten() {
            if heard.received + BRISK * 2 < sample.at {
                continue;
            }
            match heard.report.balancer {
                Some(BalancerStatus::Balancing) => tally.reported += 1,
                Some(other) => {
                    tally.otherwise.get_or_insert((other, heard.received));
                }
                None => {}
            }
        }
    }

    pub(super) fn stage_over(
        &mut self,
        settings: &Settings,
        from: &Profile,
        to: &Profile,
        bench: &mut Bench,
    ) -> Result<(), ProcedureError> {
        let now = bench.last().contacts.at;
        if let Some(stage) = from.stage() {
            self.charge.passed.push(Passed {
                stage,
                from: self.stage_since,
                to: now,
            });
            bench.note(format!(
                "{} took {}",
                stage.name(),
                hours(now.saturating_sub(self.stage_since))
            ));
        }
        self.stage_since = now;
        match to.stage() {
            Some(Stage::Bulk) => bench.start_charging(settings.absorption, settings.current)?,
            Some(Stage::Absorption) => {
                self.charge.late = None;
                self.charge.nearly_done = None;
            }
            Some(Stage::Float) => bench.start_charging(settings.float, settings.current)?,
            None => {}
        }
        Ok(())
    }
}

fn late(late: &mut Option<Late>, sample: &ProfileSample, snapshot: &Snapshot) {
    let extreme = |snapshot: &Snapshot| {
        (
            snapshot
                .lowest_cell()
                .map_or(f64::NAN, |cell| cell.voltage.value),
            snapshot
                .highest_cell()
                .map_or(f64::NAN, |cell| cell.voltage.value),
            widest(snapshot).map_or(f64::NAN, |spread| spread.value),
        )
    };
    let Some(known) = late else {
        *late = Some(Late {
            since: sample.at,
            lowest: snapshot.clone(),
            highest: snapshot.clone(),
            widest: snapshot.clone(),
        });
        return;
    };
    let now = extreme(snapshot);
    if now.0 < extreme(&known.lowest).0 {
        known.lowest = snapshot.clone();
    }
    if now.1 > extreme(&known.highest).1 {
        known.highest = snapshot.clone();
    }
    if now.2 > extreme(&known.widest).2 {
        known.widest = snapshot.clone();
    }
}
