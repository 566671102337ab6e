//! The recovery on the bench.

use super::{Recovery, RecoveryEnd, RecoveryPlan, RecoverySample};
use crate::ProcedureError;
use crate::charge::hours;
use crate::charge::pull::{self, Unplugged};
use bench::{Bench, Contact, Snapshot};
use std::collections::VecDeque;
use std::time::Duration;
use units::{Amps, Volts};

/// Samples of the small current and of rests are so far apart …
const SLOW: Duration = Duration::from_secs(60);
/// … those of a charge so far …
const BRISK: Duration = Duration::from_secs(10);
/// … and those with a cell above the next number so far.
const FAST: Duration = Duration::from_secs(1);
/// The BMS may stop the charger any moment.
const CLOSE: Volts = Volts(3.60);
/// Over this time the warming is measured: within less, noise would look like it.
const WARMING: Duration = Duration::from_secs(300);
/// What noise makes of it, in kelvin a minute: the same sensor twice, so its offset goes.
pub(crate) const WARMING_NOISE: f64 = 0.02;
/// Voltages are written down so often.
const NOTES: Duration = Duration::from_secs(240);
/// How long the small current may flow …
const LONGEST_TRICKLE: Duration = Duration::from_secs(48 * 3600);
/// … and the larger one.
const LONGEST_SLOW: Duration = Duration::from_secs(24 * 3600);
/// Each wait lasts longer than it must by this.
const SPARE: Duration = Duration::from_secs(60);
/// Time for the current to flow before the first look at it.
const SETTLE: Duration = Duration::from_secs(10);

/// What a recovery showed.
#[derive(Debug, Clone, PartialEq)]
pub struct Recovered {
    /// Voltage and current that were set first.
    pub set_first: (Volts, Amps),
    /// The small current flows.
    pub trickle: Option<Snapshot>,
    /// The lowest cell is up.
    pub awake: Option<Snapshot>,
    /// Each cable unplugged for a moment.
    pub unplugged: Vec<Unplugged>,
    /// From the record of the voltages at the start to the charger.
    pub record_age: Option<Duration>,
    /// The larger current flows; and when.
    pub slow: Option<Snapshot>,
    /// Half an hour later, or the end if that came first.
    pub risen: Option<Snapshot>,
    /// The end of the slow charge.
    pub up: Option<Snapshot>,
    /// Voltage and current that were set then.
    pub set_full: Option<(Volts, Amps)>,
    /// Highest current of the full charge, with its sample.
    pub most: Option<Snapshot>,
    /// The end of the full charge, and its beginning.
    pub full: Option<(Duration, Snapshot)>,
    /// The end of the first rest, and its beginning.
    pub few: Option<(Duration, Snapshot)>,
    /// The end of the second.
    pub day: Option<(Duration, Snapshot)>,
    /// How often the BMS stopped the charger.
    pub interruptions: usize,
    /// How often the current stopped although the BMS allowed it.
    pub unexplained: usize,
    /// How often current flowed on although the BMS did not allow it.
    pub ignored: usize,
    /// The fastest warming, in kelvin a minute, and when.
    pub warming: (f64, Duration),
    /// The longest time without a note of the voltages.
    pub interval: Duration,
    /// How it ended.
    pub end: RecoveryEnd,
}

/// Goes through the steps, or as far as they lead.
///
/// # Errors
/// When anything that they look at can't be measured; whatever the bench says.
pub fn run(bench: &mut Bench) -> Result<Recovered, ProcedureError> {
    let settings = Settings::of(bench)?;
    let mut watch = Watch::new(&settings, bench.now());
    // Until the BMS has power nothing but the rig can stop the charger, and the rig watches it.
    bench.bridge_contacts()?;
    bench.connect_battery()?;
    watch.note(bench)?;
    let mut state = Recovery::start(&settings.plan, &watch.sample(bench)?);
    bench.enter_phase(state.name());
    enter(bench, &settings, &mut watch, &state)?;
    loop {
        let period = match &state {
            Recovery::Trickle { .. } | Recovery::Few { .. } | Recovery::Day { .. } => SLOW,
            _ if highest(bench.last()) >= CLOSE.0 => FAST,
            _ => BRISK,
        };
        bench.sleep(period)?;
        bench.snapshot()?;
        let sample = watch.sample(bench)?;
        watch.follow(bench, &state)?;
        let before = std::mem::discriminant(&state);
        let next = state.clone().next(&settings.plan, &sample);
        if std::mem::discriminant(&next) != before {
            watch.leave(bench, &state, &next);
            if let Recovery::Over(end) = next {
                if state.charges() {
                    bench.stop_charging()?;
                }
                bench.note(end.in_words());
                watch.recovered.end = end;
                return Ok(watch.recovered);
            }
            state = next;
            bench.enter_phase(state.name());
            if let Some(anew) = enter(bench, &settings, &mut watch, &state)? {
                state = anew;
            }
        } else {
            if let (Recovery::Slow { risen: true, .. }, Recovery::Slow { risen: false, .. }) =
                (&next, &state)
            {
                watch.recovered.risen = Some(bench.last().clone());
            }
            state = next;
        }
    }
}

/// What a phase begins with; the phase anew where its clock starts later.
fn enter(
    bench: &mut Bench,
    settings: &Settings,
    watch: &mut Watch,
    state: &Recovery,
) -> Result<Option<Recovery>, ProcedureError> {
    match state {
        Recovery::Trickle { .. } => {
            bench.start_charging(settings.low, settings.trickle)?;
            bench.settle(SETTLE, SETTLE)?;
            watch.recovered.trickle = Some(bench.last().clone());
        }
        Recovery::Slow { .. } => {
            if watch.recovered.awake.is_none() {
                watch.recovered.awake = Some(bench.last().clone());
            }
            give_to_bms(bench, settings, watch)?;
            bench.settle(SETTLE, SETTLE)?;
            watch.recovered.slow = Some(bench.last().clone());
            return Ok(Some(Recovery::slow(&watch.sample(bench)?)));
        }
        Recovery::Full { .. } => {
            bench.start_charging(settings.high, settings.full)?;
            watch.recovered.set_full = bench.last().outputs.charger;
        }
        Recovery::Few { .. } => bench.stop_charging()?,
        Recovery::Day { .. } | Recovery::Over(_) => {}
    }
    Ok(None)
}

/// Steps 4 to 6: the BMS is connected, shown to have the charger in its hand, and the voltages
/// are written down.
fn give_to_bms(
    bench: &mut Bench,
    settings: &Settings,
    watch: &mut Watch,
) -> Result<(), ProcedureError> {
    if bench.last().outputs.charger.is_some() {
        bench.stop_charging()?;
    }
    bench.unbridge_contacts()?;
    bench.plug_all()?;
    bench.settle(SPARE, SETTLE)?;
    bench.snapshot()?;
    watch.note(bench)?;
    let noted = bench.now();
    bench.start_charging(settings.low, settings.slow)?;
    watch.recovered.record_age = Some(bench.now().saturating_sub(noted));
    bench.settle(SETTLE, SETTLE)?;
    for cable in 1..=bench.cables() {
        watch.recovered.unplugged.push(pull::one(bench, cable)?);
    }
    Ok(())
}

/// Share of its set current under which a charger has stopped, and above which it had not.
const STOPPED: f64 = 0.01;
const FLOWED: f64 = 0.2;

struct Settings {
    plan: RecoveryPlan,
    low: Volts,
    high: Volts,
    trickle: Amps,
    slow: Amps,
    full: Amps,
}

impl Settings {
    fn of(bench: &Bench) -> Result<Self, ProcedureError> {
        if bench.batteries() > 1 {
            return Err(ProcedureError::NothingFound {
                hint: "one battery at a time is recovered, this bench has several".into(),
            });
        }
        let wide = bench.battery().cells == 8;
        let name = |four: &'static str, eight: &'static str| if wide { eight } else { four };
        let low = bench.nominal("6.1.5-04", name("charge_12v", "charge_24v"))?;
        let tolerance = bench.bounds("6.1.5-14", name("reached_12v", "reached_24v"))?;
        let capacity = bench.battery().capacity.0;
        let share = bench.nominal("6.1.5-07", "current_share")? / 100.0;
        Ok(Self {
            plan: RecoveryPlan {
                // A little more than the meter may be off: past the mark for certain.
                awake_v: bench.nominal("6.1.5-05", "until")? + 0.002,
                longest_trickle: LONGEST_TRICKLE,
                rise_v: bench.bounds("6.1.5-12", "rise")?.0,
                window: bench.limit_time("6.1.5-12", "window")?,
                slow_until_v: f64::midpoint(low, tolerance.0),
                longest_slow: LONGEST_SLOW,
                full: bench.limit_time("6.1.5-15", "hold")? + SPARE,
                spread_v: bench.bounds("6.1.5-16", "spread")?.1,
                few: bench.limit_time("6.1.5-17", "hold")? + SPARE,
                day: bench.limit_time("6.1.5-19", "hold")? + SPARE,
                rested_v: bench.bounds("6.1.5-18", name("pack_12v", "pack_24v"))?.0,
                warming: bench.bounds("6.1.5-13", "temperature_rate")?.1 + WARMING_NOISE,
                abort_v: bench.bounds("6.1.3-02", "abort")?.1,
            },
            low: Volts(low),
            high: Volts(bench.nominal("6.1.5-14", name("charge_12v", "charge_24v"))?),
            trickle: Amps(bench.nominal("6.1.5-05", "current")?),
            slow: Amps(capacity * share),
            full: bench.battery().recommended_charge_current,
        })
    }
}

struct Watch {
    recovered: Recovered,
    temperatures: VecDeque<(Duration, f64)>,
    noted: Duration,
    since: Duration,
    allowed: bool,
    /// What the charger gave in the sample before.
    amps: f64,
}

impl Watch {
    fn new(settings: &Settings, now: Duration) -> Self {
        Self {
            recovered: Recovered {
                set_first: (settings.low, settings.trickle),
                trickle: None,
                awake: None,
                unplugged: Vec::new(),
                record_age: None,
                slow: None,
                risen: None,
                up: None,
                set_full: None,
                most: None,
                full: None,
                few: None,
                day: None,
                interruptions: 0,
                unexplained: 0,
                ignored: 0,
                warming: (0.0, now),
                interval: Duration::ZERO,
                end: RecoveryEnd::NeverAwake,
            },
            temperatures: VecDeque::new(),
            noted: now,
            since: now,
            allowed: true,
            amps: 0.0,
        }
    }

    /// The newest snapshot, looked at for the steps.
    fn sample(&mut self, bench: &Bench) -> Result<RecoverySample, ProcedureError> {
        let missing = |quantity: &str| ProcedureError::NotMeasured {
            quantity: quantity.to_owned(),
        };
        let snapshot = bench.last();
        let temperature = snapshot.temperature.as_ref();
        let temperature = temperature.ok_or_else(|| missing("the battery's temperature"))?;
        self.temperatures
            .push_back((snapshot.at, temperature.value));
        while let Some((at, _)) = self.temperatures.get(1)
            && snapshot.at >= *at + WARMING
        {
            self.temperatures.pop_front();
        }
        let warming = self.temperatures.front().and_then(|(at, then)| {
            let time = snapshot.at.saturating_sub(*at);
            let minutes = time.as_secs_f64() / 60.0;
            (time >= WARMING).then_some((temperature.value - then) / minutes)
        });
        if let Some(rate) = warming.filter(|rate| *rate > self.recovered.warming.0) {
            self.recovered.warming = (rate, snapshot.at);
        }
        let battery = snapshot
            .pack
            .as_ref()
            .ok_or_else(|| missing("the battery"))?;
        Ok(RecoverySample {
            at: snapshot.at,
            battery_v: battery.value,
            cells_v: snapshot
                .all_cells()
                .map(|cell| cell.voltage.value)
                .collect(),
            warming,
        })
    }

    /// What every sample of a phase is looked at for.
    fn follow(&mut self, bench: &mut Bench, state: &Recovery) -> Result<(), ProcedureError> {
        let snapshot = bench.last();
        if let Recovery::Slow { .. } | Recovery::Full { .. } = state {
            let allowed = snapshot.contact(Contact::Charge) != Some(false);
            let (_, set) = snapshot.outputs.charger.unwrap_or_default();
            let amps = snapshot
                .charger
                .as_ref()
                .map_or(0.0, |port| port.current.value);
            let flows = amps > STOPPED * set.0;
            let steady = self.allowed == allowed;
            let recovered = &mut self.recovered;
            recovered.interruptions += usize::from(self.allowed && !allowed);
            // A current on its way to nothing at the end of a charge doesn't stop.
            let stopped = self.amps > FLOWED * set.0 && !flows;
            recovered.unexplained += usize::from(stopped && steady && allowed);
            recovered.ignored += usize::from(flows && steady && !allowed);
            (self.allowed, self.amps) = (allowed, amps);
        }
        let current = |snapshot: &Snapshot| {
            snapshot
                .charger
                .as_ref()
                .map_or(0.0, |port| port.current.value)
        };
        if let Recovery::Full { .. } = state
            && self
                .recovered
                .most
                .as_ref()
                .is_none_or(|most| current(snapshot) > current(most))
        {
            self.recovered.most = Some(snapshot.clone());
        }
        if snapshot.at >= self.noted + NOTES {
            self.note(bench)?;
        }
        Ok(())
    }

    fn note(&mut self, bench: &mut Bench) -> Result<(), ProcedureError> {
        if bench.last().cells.is_empty() {
            bench.snapshot()?;
        }
        let snapshot = bench.last();
        let cells: Vec<String> = snapshot
            .all_cells()
            .map(|cell| format!("{:.3}", cell.voltage.value))
            .collect();
        let battery = snapshot.pack.as_ref().map_or(f64::NAN, |pack| pack.value);
        bench.note(format!(
            "battery {battery:.3} V, cells {} V",
            cells.join(", ")
        ));
        let now = bench.now();
        self.recovered.interval = self.recovered.interval.max(now.saturating_sub(self.noted));
        self.noted = now;
        Ok(())
    }

    /// A phase is over.
    fn leave(&mut self, bench: &Bench, state: &Recovery, next: &Recovery) {
        let snapshot = bench.last().clone();
        let took = snapshot.at.saturating_sub(self.since);
        let recovered = &mut self.recovered;
        let name = match state {
            Recovery::Trickle { .. } => {
                if let Recovery::Slow { .. } = next {
                    recovered.awake = Some(snapshot);
                }
                "the small current"
            }
            Recovery::Slow { since, .. } => {
                if recovered.risen.is_none() && snapshot.at > *since {
                    recovered.risen = Some(snapshot.clone());
                }
                if let Recovery::Full { .. } = next {
                    recovered.up = Some(snapshot);
                }
                "the slow charge"
            }
            Recovery::Full { since } => {
                recovered.full = Some((*since, snapshot));
                "the full charge"
            }
            Recovery::Few { since } => {
                recovered.few = Some((*since, snapshot));
                "the first rest"
            }
            Recovery::Day { since } => {
                recovered.day = Some((*since, snapshot));
                "the second rest"
            }
            Recovery::Over(_) => return,
        };
        bench.note(format!("{name} took {}", hours(took)));
        self.since = bench.now();
    }
}

fn highest(snapshot: &Snapshot) -> f64 {
    snapshot
        .highest_cell()
        .map_or(0.0, |cell| cell.voltage.value)
}
