//! One fault against the suite.

use super::stage::{Ended, Run, Stage};
use crate::feature::Planned;
use config::{Expectation, Fault};
use record::Verdict;
use std::sync::Arc;

/// What became of a fault.
#[derive(Debug, Clone)]
pub(crate) struct Kill {
    /// Its name.
    pub(crate) fault: String,
    /// What it is, for people.
    pub(crate) about: String,
    /// Statements that it breaks; none for a fault of the rig itself.
    pub(crate) violates: Vec<String>,
    /// What it asked of scenarios, and what they did.
    pub(crate) shots: Vec<Shot>,
    /// Scenarios that should have passed all the same, and didn't.
    pub(crate) not_spared: Vec<Ended>,
    /// Verdicts against the device although the rig was at fault.
    pub(crate) blamed: Vec<Ended>,
    /// Outputs that stayed on.
    pub(crate) left_on: Vec<String>,
}

/// A scenario that was to notice.
#[derive(Debug, Clone)]
pub(crate) struct Shot {
    /// Its name.
    pub(crate) scenario: String,
    /// The verdict that was asked for; empty for any that isn't a pass.
    pub(crate) wanted: String,
    /// Words of the reason that were asked for.
    pub(crate) words: String,
    /// How it ended on the bench that did as asked, else on the last one; none when it ran nowhere.
    pub(crate) ended: Option<Ended>,
    /// Whether it did as asked.
    pub(crate) hit: bool,
}

impl Kill {
    fn new(fault: &Fault) -> Self {
        Self {
            fault: fault.name.clone(),
            about: fault.about.clone(),
            violates: fault.violates.clone(),
            shots: Vec::new(),
            not_spared: Vec::new(),
            blamed: Vec::new(),
            left_on: Vec::new(),
        }
    }

    /// A fault whose scenarios have yet to run.
    pub(super) fn named(fault: &Fault) -> Self {
        Self {
            shots: fault.expect.iter().map(Shot::new).collect(),
            ..Self::new(fault)
        }
    }

    /// Takes note of how scenarios ended.
    pub(super) fn take(&mut self, ended: &[Ended]) {
        self.look_at(ended);
        for shot in self.shots.iter_mut().filter(|shot| !shot.hit) {
            shot.take(ended);
        }
    }

    /// Whether a scenario noticed as it was asked to.
    pub(crate) fn is_killed(&self) -> bool {
        self.shots.iter().any(|shot| shot.hit)
    }

    /// Whether everything went as the fault file says.
    pub(crate) fn is_fine(&self) -> bool {
        self.trouble().is_empty()
    }

    /// What is wrong, worst first; empty when nothing is.
    pub(crate) fn trouble(&self) -> String {
        let missed = self.shots.iter().filter(|shot| !shot.hit).count();
        if !self.is_killed() {
            "SURVIVED".to_owned()
        } else if !self.left_on.is_empty() {
            format!("left on: {}", self.left_on.join(", "))
        } else if !self.blamed.is_empty() {
            "the device was blamed for a fault of the rig".to_owned()
        } else if missed > 0 {
            format!("{missed} of {} scenarios missed it", self.shots.len())
        } else if !self.not_spared.is_empty() {
            "a scenario that has nothing to do with it did not pass".to_owned()
        } else {
            String::new()
        }
    }

    /// Takes note of what every run shows, whatever it was asked for.
    fn look_at(&mut self, ended: &[Ended]) {
        for one in ended {
            self.left_on.extend(one.left_on.iter().cloned());
            if self.violates.is_empty() && self.is_of_instrument() && one.verdict == Verdict::Fail {
                self.blamed.push(one.clone());
            }
        }
    }

    fn is_of_instrument(&self) -> bool {
        self.shots.iter().all(|shot| shot.wanted != "fail")
    }
}

/// Lets the suite find a fault.
pub(super) fn attempt(stage: &Stage, fault: &Fault) -> Kill {
    let mut kill = Kill::new(fault);
    if fault.expect.is_empty() {
        hunt(stage, fault, &mut kill);
    } else {
        shoot(stage, fault, &mut kill);
    }
    let spared: Vec<Arc<Planned>> = fault
        .spares
        .iter()
        .filter_map(|name| stage.places(name, fault).into_iter().next())
        .collect();
    let ended = with_fault(stage, fault, spared, false);
    kill.look_at(&ended);
    kill.not_spared = ended
        .into_iter()
        .filter(|one| one.verdict != Verdict::Pass)
        .collect();
    let missing = fault
        .spares
        .iter()
        .filter(|name| stage.places(name, fault).is_empty());
    kill.not_spared.extend(missing.map(|name| nowhere(name)));
    kill
}

/// A scenario that ran nowhere: nothing missing looks like a pass.
fn nowhere(scenario: &str) -> Ended {
    Ended {
        scenario: scenario.to_owned(),
        bench: String::new(),
        verdict: Verdict::Error,
        reason: "no scenario of that name runs where this fault can be".to_owned(),
        left_on: Vec::new(),
    }
}

fn with_fault(
    stage: &Stage,
    fault: &Fault,
    planned: Vec<Arc<Planned>>,
    until_noticed: bool,
) -> Vec<Ended> {
    stage.run(Run {
        planned,
        faults: std::slice::from_ref(fault),
        seed: 1,
        until_noticed,
    })
}

/// Runs the scenarios that the fault names: on one bench each, then those that missed it on the
/// next one, until there are no more benches.
fn shoot(stage: &Stage, fault: &Fault, kill: &mut Kill) {
    let places: Vec<Vec<Arc<Planned>>> = fault
        .expect
        .iter()
        .map(|expected| stage.places(&expected.scenario, fault))
        .collect();
    kill.shots = fault.expect.iter().map(Shot::new).collect();
    let most = places.iter().map(Vec::len).max().unwrap_or_default();
    for round in 0..most {
        let mut open = Vec::new();
        for (shot, places) in kill.shots.iter().zip(&places) {
            let place = places.get(round).filter(|_| !shot.hit);
            let again = |one: &Arc<Planned>| open.iter().any(|other| Arc::ptr_eq(other, one));
            if let Some(one) = place.filter(|one| !again(one)) {
                open.push(one.clone());
            }
        }
        let ended = with_fault(stage, fault, open, false);
        kill.look_at(&ended);
        for shot in kill.shots.iter_mut().filter(|shot| !shot.hit) {
            shot.take(&ended);
        }
    }
}

/// For a fault that names no scenario: those of the statements that it breaks, then all others,
/// until one notices.
fn hunt(stage: &Stage, fault: &Fault, kill: &mut Kill) {
    let fits = |one: &Planned| {
        let mut clauses = one
            .tags
            .iter()
            .filter_map(|tag| tag.strip_prefix("clause:"));
        clauses.any(|clause| fault.violates.iter().any(|broken| broken == clause))
    };
    let all = |near: bool| -> Vec<Arc<Planned>> {
        stage
            .planned()
            .filter(|one| fits(one) == near)
            .filter(|one| {
                super::stage::bench_of(one).is_none_or(|bench| super::target::is_on(fault, bench))
            })
            .cloned()
            .collect()
    };
    for near in [true, false] {
        let ended = with_fault(stage, fault, all(near), true);
        kill.look_at(&ended);
        let noticed = ended.into_iter().find(|one| notices(fault, one.verdict));
        if let Some(ended) = noticed {
            kill.shots.push(Shot {
                scenario: ended.scenario.clone(),
                wanted: String::new(),
                words: String::new(),
                ended: Some(ended),
                hit: true,
            });
            return;
        }
    }
}

/// A faulty device must fail; a faulty rig must say that it could not tell.
fn notices(fault: &Fault, verdict: Verdict) -> bool {
    match verdict {
        Verdict::Fail => !fault.violates.is_empty(),
        Verdict::Error | Verdict::Inconclusive => true,
        Verdict::Pass | Verdict::Skipped | Verdict::Interrupted => false,
    }
}

impl Shot {
    fn new(expected: &Expectation) -> Self {
        Self {
            scenario: expected.scenario.clone(),
            wanted: expected.verdict.clone(),
            words: expected.reason.clone(),
            ended: None,
            hit: false,
        }
    }

    fn take(&mut self, ended: &[Ended]) {
        for one in ended.iter().filter(|one| one.scenario == self.scenario) {
            self.hit = one.verdict.word().eq_ignore_ascii_case(&self.wanted)
                && one.reason.contains(&self.words);
            self.ended = Some(one.clone());
            if self.hit {
                return;
            }
        }
    }
}
