//! From a journal to a [`Run`].

use crate::conclude;
use crate::error::ReportError;
use crate::model::{
    BenchRecord, Judged, Logged, MadeSafe, Run, SafeState, SampleFile, Scenario, Start, Step,
};
use crate::safety::Outputs;
use record::{Entry, Event, JournalError, RunDirectory, Verdict, read_journal};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::Path;

/// Format of journals that this version reads.
const FORMAT: &str = "rig.journal/1";

/// Reads the journal of a run.
///
/// A journal that stops early, even in the middle of its last line, gives an interrupted run.
///
/// # Errors
/// When there is no journal, when its chain is broken, or when it has another format.
pub fn read(run_dir: &Path) -> Result<Run, ReportError> {
    let directory = RunDirectory(run_dir.to_owned());
    let path = directory.journal();
    let shown = path.display().to_string();
    let io = |source| ReportError::Io {
        path: shown.clone(),
        source,
    };
    let mut file = File::open(&path).map_err(io)?;
    let tail = Tail::of(&mut file).map_err(io)?;
    let mut collector = Collector::default();
    let read = read_journal(&shown, BufReader::with_capacity(1 << 16, file), |entry| {
        collector.take(entry);
    });
    match read {
        Ok(()) => {}
        Err(JournalError::Line { .. }) if tail.cut => collector
            .gaps
            .push("the journal ends in the middle of a line; that entry is lost".into()),
        Err(error) => return Err(error.into()),
    }
    if let Some((found, rig)) = collector.foreign.take() {
        return Err(ReportError::Format {
            path: shown,
            found,
            rig,
        });
    }
    let mut run = collector.finish();
    run.head = tail.head;
    conclude::conclude(&mut run);
    find_samples(run_dir, &mut run);
    Ok(run)
}

/// The end of a journal.
struct Tail {
    /// Whether the last line lacks its line feed.
    cut: bool,
    /// SHA-256 of the last whole line.
    head: String,
}

impl Tail {
    fn of(file: &mut File) -> std::io::Result<Self> {
        let length = file.metadata()?.len();
        let mut window = 1u64 << 16;
        let tail = loop {
            let from = length.saturating_sub(window);
            let mut bytes = Vec::new();
            file.seek(SeekFrom::Start(from))?;
            file.by_ref().take(length - from).read_to_end(&mut bytes)?;
            // Two line feeds bracket the last whole line, unless the file has one line only.
            let feeds = bytes.iter().filter(|&&byte| byte == b'\n').count();
            if feeds >= 2 || from == 0 {
                break bytes;
            }
            window *= 4;
        };
        file.seek(SeekFrom::Start(0))?;
        let cut = tail.last().is_some_and(|&byte| byte != b'\n');
        let whole = tail.iter().rposition(|&byte| byte == b'\n').unwrap_or(0);
        let last = tail[..whole]
            .rsplit(|&byte| byte == b'\n')
            .next()
            .unwrap_or_default();
        let head = if last.is_empty() {
            String::new()
        } else {
            hex(&Sha256::digest(last))
        };
        Ok(Self { cut, head })
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[derive(Default)]
struct Collector {
    start: Option<Start>,
    foreign: Option<(String, String)>,
    scenarios: Vec<Scenario>,
    benches: Vec<BenchRecord>,
    log: Vec<Logged>,
    judgements: Vec<Judged>,
    outputs: Outputs,
    gaps: Vec<String>,
    ended: Option<Verdict>,
    entries: u64,
}

impl Collector {
    fn take(&mut self, entry: Entry) {
        self.entries += 1;
        self.outputs.see(&entry, self.scenarios.last());
        if let Event::RunStarted {
            rig,
            format,
            simulated,
            seed,
            started,
            options,
            inputs,
        } = entry.event
        {
            if format != FORMAT {
                self.foreign = Some((format, rig.clone()));
            }
            self.start = Some(Start {
                rig,
                simulated,
                seed,
                started,
                options,
                inputs,
            });
            return;
        }
        if let Event::RunFinished { verdict, .. } = entry.event {
            self.ended = Some(verdict);
            return;
        }
        if let Event::ScenarioStarted { .. } = entry.event {
            self.begin_scenario(entry);
            return;
        }
        if let Event::BenchOpened { .. } = entry.event {
            self.open_bench(entry);
            return;
        }
        // Whoever closes a sample file may be in the next scenario already: its name counts.
        let named = match &entry.event {
            Event::Samples { path, .. } => numbered(path),
            _ => None,
        };
        let number = named.or(entry.scope.scenario);
        let scenario = number.and_then(|n| self.scenarios.iter_mut().rev().find(|s| s.number == n));
        match scenario {
            Some(scenario) => scenario.take(entry),
            None => self.take_outside(entry),
        }
    }

    fn take_outside(&mut self, entry: Entry) {
        let Entry {
            at_s, scope, event, ..
        } = entry;
        match event {
            Event::Judgement(judgement) => {
                self.judgements.push(Judged {
                    step: scope.step,
                    judgement,
                });
            }
            event => self.log.push(Logged {
                at_s,
                step: scope.step,
                event,
            }),
        }
    }

    fn begin_scenario(&mut self, entry: Entry) {
        let next = self.scenarios.last().map_or(1, |last| last.number + 1);
        let number = entry.scope.scenario.unwrap_or(next);
        let Event::ScenarioStarted {
            path,
            line,
            feature,
            description,
            name,
            tags,
            bench,
            attempt,
        } = entry.event
        else {
            return;
        };
        self.scenarios.push(Scenario {
            number,
            path,
            line,
            feature,
            description,
            name,
            tags,
            bench,
            attempt,
            superseded: false,
            began_s: entry.at_s,
            ended_s: entry.at_s,
            finished: false,
            verdict: Verdict::Interrupted,
            reason: String::new(),
            steps: Vec::new(),
            judgements: Vec::new(),
            log: Vec::new(),
            made_safe: Vec::new(),
            samples: Vec::new(),
        });
    }

    fn open_bench(&mut self, entry: Entry) {
        let Event::BenchOpened {
            bench,
            roles,
            instruments,
        } = entry.event
        else {
            return;
        };
        let scenario = entry.scope.scenario;
        let known = self.benches.iter_mut().find(|known| {
            known.bench == bench && known.roles == roles && known.instruments == instruments
        });
        match known {
            Some(known) => known.scenarios.extend(scenario),
            None => self.benches.push(BenchRecord {
                bench,
                roles,
                instruments,
                scenarios: scenario.into_iter().collect(),
            }),
        }
    }

    fn finish(self) -> Run {
        let mut gaps = self.gaps;
        if self.start.is_none() {
            gaps.push("the journal doesn't tell how the run was started".into());
        }
        let safe_state: SafeState = self.outputs.finish();
        Run {
            dossier: crate::dossier::Dossier::default(),
            amendments: Vec::new(),
            start: self.start,
            finished: self.ended.is_some(),
            verdict: self.ended.unwrap_or(Verdict::Interrupted),
            scenarios: self.scenarios,
            benches: self.benches,
            log: self.log,
            judgements: self.judgements,
            safe_state,
            gaps,
            head: String::new(),
            entries: self.entries,
        }
    }
}

impl Scenario {
    fn take(&mut self, entry: Entry) {
        let Entry {
            at_s, scope, event, ..
        } = entry;
        self.ended_s = self.ended_s.max(at_s);
        match event {
            Event::StepStarted {
                kind,
                keyword,
                text,
                line,
            } => {
                let next = self.steps.last().map_or(1, |last| last.number + 1);
                self.steps.push(Step {
                    number: scope.step.unwrap_or(next),
                    kind,
                    keyword,
                    text,
                    line,
                    began_s: at_s,
                    ended_s: at_s,
                    verdict: Verdict::Interrupted,
                    reason: String::new(),
                    finished: false,
                });
            }
            Event::StepFinished { verdict, reason } => {
                self.end_step(scope.step, at_s, verdict, reason);
            }
            Event::ScenarioFinished { verdict, reason } => {
                self.finished = true;
                self.verdict = verdict;
                self.reason = reason;
            }
            event => self.take_evidence(at_s, scope.step, event),
        }
    }

    fn end_step(&mut self, number: Option<u32>, at_s: f64, verdict: Verdict, reason: String) {
        let mut latest_first = self.steps.iter_mut().rev();
        let step = latest_first.find(|step| number.is_none_or(|number| step.number == number));
        if let Some(step) = step {
            step.ended_s = at_s;
            step.verdict = verdict;
            step.reason = reason;
            step.finished = true;
        }
    }

    fn take_evidence(&mut self, at_s: f64, step: Option<u32>, event: Event) {
        match event {
            Event::Judgement(judgement) => self.judgements.push(Judged { step, judgement }),
            Event::MadeSafe {
                why,
                proven,
                outputs,
            } => self.made_safe.push(MadeSafe {
                at_s,
                bench: self.bench.clone(),
                why,
                proven,
                outputs,
            }),
            Event::Samples { path, rows } => self.samples.push(SampleFile {
                path,
                rows: Some(rows),
            }),
            event => self.log.push(Logged { at_s, step, event }),
        }
    }
}

/// Finds the sample file of a scenario that ended before it could name it, and tells which named
/// ones are gone.
fn find_samples(run_dir: &Path, run: &mut Run) {
    for scenario in &mut run.scenarios {
        let usual = format!("samples/{:04}.csv", scenario.number);
        if scenario.samples.is_empty() && !scenario.finished && run_dir.join(&usual).is_file() {
            scenario.samples.push(SampleFile {
                path: usual,
                rows: None,
            });
        }
        for file in &scenario.samples {
            if !inside(&file.path) {
                run.gaps.push(format!(
                    "scenario {}: samples named outside the run, not read: {}",
                    scenario.number, file.path
                ));
            } else if !run_dir.join(&file.path).is_file() {
                run.gaps.push(format!(
                    "scenario {}: samples missing: {}",
                    scenario.number, file.path
                ));
            }
        }
    }
}

/// The scenario that a sample file is named after: `samples/0012.csv`.
fn numbered(path: &str) -> Option<u32> {
    path.strip_prefix("samples/")?
        .strip_suffix(".csv")?
        .parse()
        .ok()
}

/// Whether a path of the journal stays inside the run.
pub(crate) fn inside(path: &str) -> bool {
    use std::path::Component;
    !path.is_empty()
        && Path::new(path)
            .components()
            .all(|part| matches!(part, Component::Normal(_)))
}
