//! The kill matrix, for people and for programs.

use super::corner::Visit;
use super::kill::{Kill, Shot};
use super::stage::Ended;
use record::Verdict;
use serde_json::{Value, json};
use std::time::Duration;

/// Name and version of the JSON.
const FORMAT: &str = "rig.qualify/1";

/// What came of everything.
#[derive(Debug, Clone, Default)]
pub(crate) struct Matrix {
    pub(crate) kills: Vec<Kill>,
    pub(crate) controls: Vec<Ended>,
    pub(crate) corners: Vec<Visit>,
    pub(crate) seeds: u64,
    /// On the wall clock.
    pub(crate) took: Duration,
}

impl Matrix {
    /// Whether the suite noticed every fault as it was asked to, and no healthy device failed.
    #[must_use]
    pub(crate) fn is_qualified(&self) -> bool {
        self.kills.iter().all(Kill::is_fine)
            && self.controls_astray().next().is_none()
            && self.corners_astray().next().is_none()
    }

    /// Survivors first, then what else went wrong, then the rest.
    pub(crate) fn sorted(&self) -> Vec<&Kill> {
        let mut kills: Vec<&Kill> = self.kills.iter().collect();
        kills.sort_by_key(|kill| (kill.is_killed(), kill.is_fine(), kill.fault.clone()));
        kills
    }

    pub(crate) fn controls_astray(&self) -> impl Iterator<Item = &Ended> {
        let all = self.controls.iter();
        all.filter(|ended| ended.verdict != Verdict::Pass)
    }

    pub(crate) fn corners_astray(&self) -> impl Iterator<Item = &Visit> {
        let all = self.corners.iter();
        all.filter(|visit| visit.ended.verdict != Verdict::Pass)
    }

    /// The table for people.
    #[must_use]
    pub(crate) fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for kill in self.sorted() {
            lines.extend(lines_of(kill));
        }
        for ended in self.controls_astray() {
            lines.push(format!("CONTROL    {}", told(ended)));
        }
        for visit in self.corners_astray() {
            lines.push(format!("CORNER {:<3} {}", visit.seed, told(&visit.ended)));
            lines.push(format!("             {}", visit.off.join("; ")));
        }
        lines.extend(self.summary());
        lines
    }

    /// The last lines.
    pub(crate) fn summary(&self) -> Vec<String> {
        let count = |wanted: fn(&&Kill) -> bool| self.kills.iter().filter(wanted).count();
        let killed = count(|kill| kill.is_killed());
        let trouble = count(|kill| kill.is_killed() && !kill.is_fine());
        vec![
            format!(
                "{} faults: {killed} killed, {} survived, {trouble} not as their files say",
                self.kills.len(),
                self.kills.len() - killed
            ),
            format!(
                "control: {} scenarios on healthy devices, {} did not pass",
                self.controls.len(),
                self.controls_astray().count()
            ),
            format!(
                "corners: {} seeds, {} scenarios within tolerances, {} did not pass",
                self.seeds,
                self.corners.len(),
                self.corners_astray().count()
            ),
            format!(
                "{} in {}",
                if self.is_qualified() {
                    "QUALIFIED"
                } else {
                    "NOT QUALIFIED"
                },
                super::minutes(self.took)
            ),
        ]
    }

    /// The same for programs.
    #[must_use]
    pub(crate) fn to_json(&self) -> Value {
        let visits = self.corners_astray().map(|visit| {
            json!({ "seed": visit.seed, "ended": ended_json(&visit.ended), "off": visit.off })
        });
        json!({
            "format": FORMAT,
            "qualified": self.is_qualified(),
            "took_s": self.took.as_secs_f64(),
            "counts": {
                "faults": self.kills.len(),
                "killed": self.kills.iter().filter(|kill| kill.is_killed()).count(),
                "fine": self.kills.iter().filter(|kill| kill.is_fine()).count(),
                "controls": self.controls.len(),
                "seeds": self.seeds,
                "corners": self.corners.len(),
            },
            "survivors": self.sorted().into_iter()
                .filter(|kill| !kill.is_killed())
                .map(|kill| kill.fault.as_str())
                .collect::<Vec<_>>(),
            "faults": self.sorted().into_iter().map(kill_json).collect::<Vec<_>>(),
            "controls_astray": self.controls_astray().map(ended_json).collect::<Vec<_>>(),
            "corners_astray": visits.collect::<Vec<_>>(),
        })
    }
}

/// How a scenario ended, in one line.
pub(super) fn told(ended: &Ended) -> String {
    let bench = match ended.bench.as_str() {
        "" => String::new(),
        bench => format!(" on {bench}"),
    };
    let mut line = format!("{}{bench}: {}", ended.scenario, ended.verdict.word());
    if !ended.reason.is_empty() {
        line.push_str(&format!(", {}", ended.reason));
    }
    line
}

fn lines_of(kill: &Kill) -> Vec<String> {
    let word = match (kill.is_killed(), kill.is_fine()) {
        (false, _) => "SURVIVED",
        (true, false) => "TROUBLE",
        (true, true) => "killed",
    };
    let hit = kill.shots.iter().filter(|shot| shot.hit).count();
    let mut lines = vec![format!(
        "{word:<10} {:<42} {hit}/{}  {}",
        kill.fault,
        kill.shots.len(),
        kill.about
    )];
    if kill.is_fine() {
        return lines;
    }
    let mut add = |text: String| lines.push(format!("           {text}"));
    add(kill.trouble());
    for shot in kill.shots.iter().filter(|shot| !shot.hit) {
        add(missed(shot));
    }
    for ended in &kill.blamed {
        add(format!("blamed the device: {}", told(ended)));
    }
    for ended in &kill.not_spared {
        add(format!("not spared: {}", told(ended)));
    }
    lines
}

/// What a scenario should have said, and what it said.
pub(super) fn missed(shot: &Shot) -> String {
    let said = match &shot.ended {
        None => "runs on no bench where this fault can be".to_owned(),
        Some(ended) => told(ended),
    };
    format!(
        "`{}` must end with {} and say `{}`; {said}",
        shot.scenario, shot.wanted, shot.words
    )
}

fn ended_json(ended: &Ended) -> Value {
    json!({
        "scenario": ended.scenario,
        "bench": ended.bench,
        "verdict": ended.verdict,
        "reason": ended.reason,
    })
}

fn kill_json(kill: &Kill) -> Value {
    let shots = kill.shots.iter().map(|shot| {
        json!({
            "scenario": shot.scenario,
            "wanted": { "verdict": shot.wanted, "reason": shot.words },
            "ended": shot.ended.as_ref().map(ended_json),
            "hit": shot.hit,
        })
    });
    json!({
        "name": kill.fault,
        "about": kill.about,
        "violates": kill.violates,
        "killed": kill.is_killed(),
        "trouble": kill.trouble(),
        "scenarios": shots.collect::<Vec<_>>(),
        "not_spared": kill.not_spared.iter().map(ended_json).collect::<Vec<_>>(),
        "blamed": kill.blamed.iter().map(ended_json).collect::<Vec<_>>(),
        "left_on": kill.left_on,
    })
}
