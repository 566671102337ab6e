//! What happens around the steps: a fresh bench before each scenario, a safe one after it, and the
//! record of both.

use super::console::Console;
use super::control::Control;
use super::equip::{Equipment, Stock};
use super::resume::Past;
use super::station::Station;
use super::verdict::Findings;
use super::{ScenarioResult, panics};
use crate::feature::{Placement, Planned};
use crate::world::RigWorld;
use crate::{StepError, StepResult};
use api::Clock;
use bench::Bench;
use record::{Event, Recorder, Scope, Verdict};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

/// One a run, on cucumber's thread.
pub(crate) struct Desk {
    recorder: Recorder,
    control: Control,
    console: Console,
    stock: Stock,
    limits: Limits,
    planned: Vec<Arc<Planned>>,
    current: RefCell<Option<Current>>,
    now: Cell<Duration>,
    results: RefCell<Vec<ScenarioResult>>,
}

/// When to stop.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// After the first scenario that doesn't pass.
    pub(crate) fail_fast: bool,
    /// How long a step may take on the wall clock.
    pub(crate) step_timeout: Duration,
}

/// The scenario under way.
struct Current {
    planned: Arc<Planned>,
    /// Whether its steps run at all.
    runs: bool,
    clock: Option<Arc<dyn Clock>>,
    station: Option<Arc<Station>>,
    equipment: Option<Equipment>,
    steps: usize,
    judged: usize,
    findings: Findings,
    unproven: Vec<String>,
    failed_step: bool,
}

impl Desk {
    pub(crate) fn new(
        recorder: Recorder,
        control: Control,
        console: Console,
        stock: Stock,
        limits: Limits,
        planned: Vec<Arc<Planned>>,
    ) -> Self {
        Self {
            recorder,
            control,
            console,
            stock,
            limits,
            planned,
            current: RefCell::new(None),
            now: Cell::new(Duration::ZERO),
            results: RefCell::new(Vec::new()),
        }
    }

    /// How every scenario ended, in the order in which they did.
    pub(crate) fn results(&self) -> Vec<ScenarioResult> {
        self.results.borrow().clone()
    }

    /// Newest time on the bench's clock.
    pub(crate) fn now(&self) -> Duration {
        let current = self.current.borrow();
        if let Some(clock) = current.as_ref().and_then(|current| current.clock.as_ref()) {
            self.now.set(clock.now());
        }
        self.now.get()
    }

    /// Whether the steps of the scenario under way run.
    pub(crate) fn runs(&self) -> bool {
        self.current
            .borrow()
            .as_ref()
            .is_some_and(|current| current.runs)
    }

    /// Of a run that is gone on with.
    fn past(&self) -> Option<&Past> {
        self.stock.past.as_deref()
    }

    fn event(&self, event: &Event) {
        self.recorder.event(self.now(), event);
    }

    /// Writes a line worth keeping.
    pub(crate) fn note(&self, text: &str) {
        self.event(&Event::Note {
            text: text.to_owned(),
        });
    }

    fn enter(&self, step: Option<usize>) {
        let scenario = self.current.borrow().as_ref().map(|c| c.planned.number);
        self.recorder.enter(Scope {
            scenario,
            step: step.and_then(|step| u32::try_from(step).ok()),
        });
    }

    fn find(&self, mut what: impl FnMut(&mut Findings)) {
        if let Some(current) = self.current.borrow_mut().as_mut() {
            what(&mut current.findings);
        }
    }

    /// Opens the bench of a scenario.
    pub(crate) async fn begin(self: Rc<Self>, number: usize, world: &mut RigWorld) {
        panics::remember();
        let Some(planned) = self.planned.get(number).cloned() else {
            return;
        };
        world.desk = Some(self.clone());
        world.scenario = Some(planned.clone());
        self.now.set(Duration::ZERO);
        *self.current.borrow_mut() = Some(Current::new(planned.clone()));
        self.enter(None);
        self.event(&Event::ScenarioStarted {
            path: planned.path.clone(),
            line: planned.line,
            feature: planned.feature.clone(),
            description: planned.description.clone(),
            name: planned.name.clone(),
            tags: planned.tags.clone(),
            bench: planned.bench_name().to_owned(),
            attempt: 1 + self.stock.attempts.get(&planned.number).unwrap_or(&0),
        });
        if let Placement::Skipped(reason) = &planned.placement {
            self.find(|findings| findings.add(Verdict::Skipped, reason));
            return;
        }
        let cancel = match self.control.begin_scenario() {
            Ok(cancel) => cancel,
            Err((verdict, why)) => {
                self.find(|findings| findings.add(verdict, &format!("not started: {why}")));
                return;
            }
        };
        let opened = match &planned.placement {
            Placement::On(bench) => self.open(bench.clone(), cancel, world).await,
            Placement::Anywhere | Placement::Skipped(_) => Ok(()),
        };
        match opened {
            Ok(()) => {
                if let Some(current) = self.current.borrow_mut().as_mut() {
                    current.runs = true;
                }
            }
            Err(error) => {
                let verdict = error.verdict();
                self.find(|findings| findings.add(verdict, &error.reason()));
            }
        }
    }

    async fn open(
        &self,
        config: Arc<config::Bench>,
        cancel: api::Cancel,
        world: &mut RigWorld,
    ) -> StepResult {
        let (mut parts, equipment) = self
            .stock
            .equip(&config, &cancel, &self.recorder, &self.control)
            .map_err(StepError::from)?;
        let number = self.current.borrow().as_ref().map(|c| c.planned.number);
        parts.left = self
            .past()
            .zip(number)
            .and_then(|(past, number)| past.left_by(number));
        if let Some(current) = self.current.borrow_mut().as_mut() {
            world.flashers = equipment.flashers.clone();
            current.clock = Some(parts.clock.clone());
            current.equipment = Some(equipment);
        }
        let (station, opened) = Station::open(parts, self.control.clone()).await;
        let station = Arc::new(station);
        if let Some(current) = self.current.borrow_mut().as_mut() {
            current.station = Some(station.clone());
        }
        opened?;
        world.station = Some(station);
        Ok(())
    }

    pub(crate) fn step_started(&self, step: &gherkin::Step) {
        // Another run may have begun or ended since, and swapped it.
        panics::remember();
        self.control.beat();
        let number = {
            let mut current = self.current.borrow_mut();
            current.as_mut().map_or(0, |current| {
                current.steps += 1;
                current.steps
            })
        };
        self.enter(Some(number));
        self.event(&Event::StepStarted {
            kind: crate::feature::kind_of(step.ty),
            keyword: step.keyword.trim().to_owned(),
            text: step.value.clone(),
            line: step.position.line,
        });
    }

    /// How long a step may take on the wall clock.
    pub(crate) fn step_timeout(&self) -> Duration {
        self.limits.step_timeout
    }

    /// Stops what the step left running on the bench.
    pub(crate) fn step_timed_out(&self) -> StepError {
        let reason = format!("step time-out after {:?}", self.limits.step_timeout);
        self.control.cancel_scenario(&reason);
        StepError::error(reason)
    }

    /// Records how a step ended: the worst of what it judged and of what it returned.
    pub(crate) async fn step_finished(&self, outcome: StepResult) -> StepResult {
        self.control.beat();
        let mut step = Findings::default();
        let outcome = outcome.map_err(|error| self.classed(error));
        if let Err(error) = &outcome {
            step.add(error.verdict(), &error.reason());
        }
        let (judgements, contradiction) = self.new_judgements().await;
        for (verdict, reason) in judgements {
            step.judge(verdict, &reason);
        }
        if let Some(reason) = contradiction {
            step.distrust(&reason);
        }
        self.note_side_events();
        let (verdict, reason) = match step.worst() {
            Some((verdict, reason)) => (verdict, reason),
            None => (Verdict::Pass, String::new()),
        };
        self.event(&Event::StepFinished { verdict, reason });
        if let Some(current) = self.current.borrow_mut().as_mut() {
            current.findings.take_in(step);
            current.failed_step |= outcome.is_err();
        }
        outcome
    }

    /// A stop that nobody asked the run for comes from the watchdog or a time-out: the rig could
    /// not tell.
    fn classed(&self, error: StepError) -> StepError {
        if error.verdict() == Verdict::Interrupted && self.control.stopped().is_none() {
            return StepError::error(error.reason());
        }
        error
    }

    /// What was judged since the last step, and whether the instruments contradict each other.
    async fn new_judgements(&self) -> (Vec<(Verdict, String)>, Option<String>) {
        let Some((station, from)) = self.current.borrow().as_ref().and_then(|current| {
            let station = current.station.clone()?;
            (!station.is_lost()).then_some((station, current.judged))
        }) else {
            return (Vec::new(), None);
        };
        let read = move |bench: &mut Bench| {
            let judgements: Vec<(Verdict, String)> = bench
                .judgements()
                .iter()
                .skip(from)
                .map(|judgement| (judgement.verdict, judgement.reason.clone()))
                .collect();
            let contradiction = bench.contradiction().map(ToString::to_string);
            (judgements, contradiction)
        };
        let (found, contradiction) = station.call(read).await.unwrap_or_default();
        if let Some(current) = self.current.borrow_mut().as_mut() {
            current.judged += found.len();
        }
        (found, contradiction)
    }

    /// Faults that began, and panics of other threads.
    fn note_side_events(&self) {
        let begun = self
            .current
            .borrow_mut()
            .as_mut()
            .and_then(|current| current.equipment.as_mut())
            .map(Equipment::faults_begun)
            .unwrap_or_default();
        for (at, fault, effect) in begun {
            self.recorder
                .event(at, &Event::FaultInjected { fault, effect });
        }
        let panics = self
            .current
            .borrow()
            .as_ref()
            .and_then(|current| current.station.as_ref())
            .map(|station| station.panics())
            .unwrap_or_default();
        for text in panics {
            self.event(&Event::Warning { text });
        }
    }

    /// Makes the bench safe, closes it, and says how the scenario ended.
    pub(crate) async fn end(self: Rc<Self>, world: Option<&mut RigWorld>) {
        if let Some(world) = world {
            world.station = None;
            world.flashers.clear();
        }
        self.skip_the_rest();
        self.enter(None);
        self.make_safe().await;
        self.note_side_events();
        self.control.end_scenario();
        // Reads the clock once more before it goes.
        self.now();
        let Some(current) = self.current.borrow_mut().take() else {
            return;
        };
        let result = current.conclude();
        self.recorder.enter(Scope {
            scenario: Some(result.planned.number),
            step: None,
        });
        self.event(&Event::ScenarioFinished {
            verdict: result.verdict,
            reason: result.reason.clone(),
        });
        self.recorder.enter(Scope::default());
        self.console.scenario(&result);
        if self.limits.fail_fast && !matches!(result.verdict, Verdict::Pass | Verdict::Skipped) {
            self.control.no_more(&format!(
                "--fail-fast, and `{}` ended with {}",
                result.planned.name, result.verdict
            ));
        }
        if let Err(error) = self.recorder.check() {
            self.control
                .interrupt(&format!("the run can't be recorded: {error}"));
        }
        self.results.borrow_mut().push(result);
    }

    fn skip_the_rest(&self) {
        let Some((planned, done)) = self
            .current
            .borrow()
            .as_ref()
            .map(|current| (current.planned.clone(), current.steps))
        else {
            return;
        };
        for (step, number) in planned.steps.iter().zip(1..).skip(done) {
            self.enter(Some(number));
            self.event(&Event::StepStarted {
                kind: step.kind,
                keyword: step.keyword.clone(),
                text: step.text.clone(),
                line: step.line,
            });
            self.event(&Event::StepFinished {
                verdict: Verdict::Skipped,
                reason: String::new(),
            });
        }
    }

    /// The bench's own thread can't say that it's safe: switch everything off past it.
    fn last_resort(&self, station: &Station, error: &StepError) -> Vec<String> {
        let reason = error.reason();
        let Some(off) = self.control.take_emergency() else {
            return vec![format!(
                "every output of bench {} ({reason})",
                station.config().name
            )];
        };
        let unproven = off();
        self.event(&Event::MadeSafe {
            why: format!("emergency off: {reason}"),
            proven: unproven.is_empty(),
            outputs: super::escalate::unknown_outputs(&unproven),
        });
        self.event(&Event::Warning {
            text: format!(
                "{reason}; every instrument was told over another connection to switch off, {}",
                if unproven.is_empty() {
                    "and obeyed"
                } else {
                    "and not all of them obeyed"
                }
            ),
        });
        unproven
    }

    async fn make_safe(&self) {
        let Some(station) = self
            .current
            .borrow()
            .as_ref()
            .and_then(|current| current.station.clone())
        else {
            return;
        };
        let unproven = match station.close().await {
            Ok(None) => Vec::new(),
            Ok(Some(state)) => {
                if let Some(current) = self.current.borrow_mut().as_mut() {
                    for id in &state.restarted {
                        let what = format!("{id} was switched off and on meanwhile");
                        current.findings.lead(Verdict::Error, &what);
                    }
                }
                state.unproven
            }
            Err(error) => self.last_resort(&station, &error),
        };
        if unproven.is_empty() {
            return;
        }
        if let Some(current) = self.current.borrow_mut().as_mut() {
            let list = unproven.join(", ");
            current.findings.add(
                Verdict::Error,
                &format!("the bench is not proven safe: {list}"),
            );
            current.unproven = unproven;
        }
    }
}

impl Current {
    fn new(planned: Arc<Planned>) -> Self {
        Self {
            planned,
            runs: false,
            clock: None,
            station: None,
            equipment: None,
            steps: 0,
            judged: 0,
            findings: Findings::default(),
            unproven: Vec::new(),
            failed_step: false,
        }
    }

    fn conclude(mut self) -> ScenarioResult {
        let failure = self.equipment.as_ref().and_then(Equipment::failure);
        if let Some(failure) = failure {
            self.findings.lead(Verdict::Error, &failure);
        }
        if self.runs && !self.failed_step {
            self.findings.require_a_judgement();
        }
        let (verdict, reason) = self.findings.verdict();
        let took = self.clock.as_ref().map_or(Duration::ZERO, |c| c.now());
        let (left_on, messages) = match &self.equipment {
            Some(equipment) => (equipment.energised(), equipment.messages()),
            None => (Vec::new(), 0),
        };
        ScenarioResult {
            planned: self.planned,
            verdict,
            reason,
            unproven: self.unproven,
            left_on,
            messages,
            took,
        }
    }
}
