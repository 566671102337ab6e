//! cucumber, wrapped: our parser hands it what was planned, our hooks open and close the benches,
//! our dispatcher runs the steps.

use super::control::Control;
use super::desk::{Desk, Limits};
use super::prepare::Prepared;
use super::{ScenarioResult, Settings, dispatch, panics};
use crate::feature::{Loaded, Planned};
use crate::world::RigWorld;
use anyhow::{Context as _, Result};
use cucumber::event::{self, Event};
use cucumber::{Cucumber, Parser, Writer, cli, parser, runner};
use futures::FutureExt as _;
use futures::stream::{self, Iter};
use record::Recorder;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

/// Prefix of the tag that tells our hooks which planned scenario they are in.
const PLAN_TAG: &str = "rig.plan:";

/// Runs everything that was planned and returns how each ended, and the newest time on the bench's
/// clock.
///
/// # Errors
/// When the runtime can't be started. A panic of the runner itself still switches everything off.
pub(crate) fn run_all(
    prepared: Prepared,
    settings: &Settings,
    control: &Control,
    recorder: &Recorder,
) -> Result<(Vec<ScenarioResult>, Duration)> {
    panics::steps_run_here();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .context("can't start the runtime")?;
    let features = planned_features(&prepared.files, &prepared.planned);
    let desk = Rc::new(Desk::new(
        recorder.clone(),
        control.clone(),
        settings.console,
        prepared.stock,
        Limits {
            fail_fast: settings.fail_fast,
            step_timeout: settings.step_timeout,
        },
        prepared.planned,
    ));
    let (before, after) = (desk.clone(), desk.clone());
    let runner = runner::Basic::default()
        .max_concurrent_scenarios(1)
        .steps(dispatch::collection())
        .before(move |_, _, scenario, world: &mut RigWorld| {
            let desk = before.clone();
            let number = plan_number(scenario);
            async move { desk.begin(number, world).await }.boxed_local()
        })
        .after(move |_, _, _, _, world| {
            let desk = after.clone();
            desk.end(world).boxed_local()
        });
    let run = Cucumber::<_, _, _, _, _, cli::Empty>::custom(Planner, runner, Silent)
        .with_cli(cli::Opts::<_, _, _, cli::Empty>::default())
        .filter_run(features, |_, _, _| true);
    let ended = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| runtime.block_on(run)));
    if ended.is_err() {
        // The runner broke: the bench's thread was dropped with it and has made safe; this is the
        // second belt.
        if let Some(off) = control.take_emergency() {
            off();
        }
        anyhow::bail!("cucumber's runner panicked; the outputs were switched off");
    }
    Ok((desk.results(), desk.now()))
}

fn plan_number(scenario: &gherkin::Scenario) -> usize {
    scenario
        .tags
        .iter()
        .find_map(|tag| tag.strip_prefix(PLAN_TAG)?.parse().ok())
        .unwrap_or(usize::MAX)
}

/// The features as cucumber gets them: each scenario as often as it was planned.
fn planned_features(files: &[Loaded], planned: &[Arc<Planned>]) -> Vec<gherkin::Feature> {
    let mut features: Vec<gherkin::Feature> = Vec::new();
    for (index, file) in files.iter().enumerate() {
        if !planned.iter().any(|one| one.source.0 == index) {
            continue;
        }
        let mut feature = (*file.feature).clone();
        feature.scenarios.clear();
        for rule in &mut feature.rules {
            rule.scenarios.clear();
        }
        let here = planned.iter().enumerate();
        for (number, one) in here.filter(|(_, one)| one.source.0 == index) {
            let Some(case) = file.cases.get(one.source.1) else {
                continue;
            };
            let mut scenario = case.scenario.clone();
            scenario.tags.push(format!("{PLAN_TAG}{number}"));
            let list = match case.rule.and_then(|rule| feature.rules.get_mut(rule)) {
                Some(rule) => &mut rule.scenarios,
                None => &mut feature.scenarios,
            };
            list.push(scenario);
        }
        feature.rules.retain(|rule| !rule.scenarios.is_empty());
        if !feature.scenarios.is_empty() || !feature.rules.is_empty() {
            features.push(feature);
        }
    }
    features
}

/// Hands on features that were parsed and checked before.
struct Planner;

impl Parser<Vec<gherkin::Feature>> for Planner {
    type Cli = cli::Empty;
    type Output = Iter<std::vec::IntoIter<parser::Result<gherkin::Feature>>>;

    fn parse(self, features: Vec<gherkin::Feature>, _: cli::Empty) -> Self::Output {
        let features: Vec<_> = features.into_iter().map(Ok).collect();
        stream::iter(features)
    }
}

/// Says nothing: cucumber's events come late, so everything is recorded where it happens.
struct Silent;

impl Writer<RigWorld> for Silent {
    type Cli = cli::Empty;

    async fn handle_event(
        &mut self,
        _: parser::Result<Event<event::Cucumber<RigWorld>>>,
        _: &Self::Cli,
    ) {
    }
}

impl cucumber::writer::Normalized for Silent {}
