//! Instruments, clock, radio and operator for one scenario: the one place that asks whether they
//! are real.

use super::boards::{self, Flashers};
use super::control::{Beating, Control};
use super::fence::Fenced;
use super::lock::Fence;
use super::resume::Past;
use super::shelf::Shelf;
use super::wall_clock::WallClock;
use anyhow::{Context as _, Result, bail};
use api::{BoardKind, Cancel, Clock, Driver, FlashPermissions, Operator};
use bench::{ExchangeNote, OffOrder, Parts};
use config::{Fault, SearchPath};
use record::Recorder;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use wire::{Direction, Link, Printable, Transcript};

/// How many of the newest messages stand in the journal when an instrument failed.
const EXCHANGES_KEPT: usize = 8;

/// After so long without a message an instrument that can switches its outputs off by itself. The
/// guard is twice as fast; this is for the loss of the machine.
const WATCHDOG: Duration = Duration::from_secs(10);

/// What scenarios are equipped from.
#[derive(Clone)]
pub(crate) struct Stock {
    pub(crate) shelf: Shelf,
    pub(crate) clauses: Arc<config::Clauses>,
    pub(crate) faults: Vec<Fault>,
    #[cfg_attr(
        not(feature = "sim"),
        expect(dead_code, reason = "only a simulation has chance")
    )]
    pub(crate) seed: u64,
    pub(crate) lose_message: Option<u64>,
    pub(crate) wall: WallClock,
    /// What boards were programmed with before the run.
    pub(crate) boards: boards::Prepared,
    /// What may be done to boards.
    pub(crate) permissions: FlashPermissions,
    /// Whether a real bench is still ours.
    pub(crate) fence: Option<Fence>,
    /// How often scenarios were begun before.
    pub(crate) attempts: BTreeMap<u32, u32>,
    /// Whether a real bench does without its radio: somebody else listens already.
    pub(crate) deaf: bool,
    /// What was before the interruption of a run that is gone on with.
    pub(crate) past: Option<Arc<Past>>,
    #[cfg(feature = "sim")]
    pub(crate) catalogue: sim::Catalogue,
}

/// A fault that began: when, which, and what it does.
pub(crate) type Begun = (Duration, String, String);

/// Everything in a board's flash; the real world doesn't tell without a probe.
pub(crate) type FlashOf = Box<dyn Fn(BoardKind) -> Option<Vec<u8>>>;

/// What can be asked about a scenario's world besides its bench. A real world answers nothing.
#[derive(Default)]
pub(crate) struct Equipment {
    pub(crate) faults_begun: Option<Box<dyn FnMut() -> Vec<Begun>>>,
    pub(crate) energised: Option<Box<dyn Fn() -> Vec<String>>>,
    pub(crate) messages: Option<Box<dyn Fn() -> u64>>,
    pub(crate) failure: Option<Box<dyn Fn() -> Option<String>>>,
    /// The debug probes on its boards.
    pub(crate) flashers: Flashers,
    pub(crate) flash_of: Option<FlashOf>,
}

impl Equipment {
    /// Faults that began since the last call.
    pub(crate) fn faults_begun(&mut self) -> Vec<Begun> {
        self.faults_begun
            .as_mut()
            .map(|ask| ask())
            .unwrap_or_default()
    }

    /// Why the world itself can't be believed any more.
    pub(crate) fn failure(&self) -> Option<String> {
        self.failure.as_ref().and_then(|ask| ask())
    }

    /// Everything in a simulated board's flash.
    pub(crate) fn flash_of(&self, board: BoardKind) -> Option<Vec<u8>> {
        self.flash_of.as_ref().and_then(|ask| ask(board))
    }

    /// Outputs that are on in truth.
    pub(crate) fn energised(&self) -> Vec<String> {
        self.energised.as_ref().map(|ask| ask()).unwrap_or_default()
    }

    /// Messages exchanged with all instruments.
    pub(crate) fn messages(&self) -> u64 {
        self.messages.as_ref().map_or(0, |ask| ask())
    }
}

/// Makes a link to the instrument of this id; as often as asked, for each a new one.
pub(crate) type Links = dyn Fn(&str) -> Result<Box<dyn Link>> + Send + Sync;

/// Where a bench's instruments, clock, radio and operator come from.
pub(crate) struct Sources {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) links: Box<Links>,
    pub(crate) telemetry: Option<Box<dyn api::Telemetry>>,
    pub(crate) operator: Box<dyn Operator>,
    pub(crate) off_order: OffOrder,
    pub(crate) equipment: Equipment,
}

/// Whether a bench file asks for simulated instruments.
///
/// # Errors
/// When it mixes them with real ones.
pub fn is_simulated(bench: &config::Bench) -> Result<bool> {
    let simulated = |(id, instrument): (&String, &config::Instrument)| {
        let simulated = instrument.address.starts_with("sim:");
        (id.clone(), simulated)
    };
    let all: Vec<(String, bool)> = bench.instruments.iter().map(simulated).collect();
    let first = all.first().is_some_and(|(_, simulated)| *simulated);
    if let Some((other, _)) = all.iter().find(|(_, simulated)| *simulated != first) {
        let (one, _) = &all[0];
        bail!(
            "bench {}: `{one}` is {} and `{other}` is {}; a bench is simulated as a whole or not at all: correct the addresses",
            bench.name,
            if first { "simulated" } else { "real" },
            if first { "real" } else { "simulated" },
        );
    }
    Ok(first)
}

impl Stock {
    /// Files and instruments as they are, nothing wrong with them.
    ///
    /// # Errors
    /// When the clauses or the dialects can't be read.
    pub(crate) fn without_faults(search: SearchPath) -> Result<Self> {
        Ok(Self {
            clauses: Arc::new(search.clauses()?),
            shelf: Shelf::new(search),
            faults: Vec::new(),
            seed: 1,
            lose_message: None,
            wall: WallClock::start(),
            boards: boards::Prepared::default(),
            permissions: FlashPermissions::new(),
            fence: None,
            attempts: BTreeMap::new(),
            deaf: false,
            past: None,
            #[cfg(feature = "sim")]
            catalogue: super::simulated::catalogue()?,
        })
    }

    /// Everything for a fresh bench.
    ///
    /// # Errors
    /// When a product file is missing, an instrument can't be reached, or this build can't simulate.
    pub(crate) fn equip(
        &self,
        config: &Arc<config::Bench>,
        cancel: &Cancel,
        recorder: &Recorder,
        control: &Control,
    ) -> Result<(Parts, Equipment)> {
        if let Some(why) = self.boards.refusal(&config.name) {
            bail!("{why}");
        }
        let sources = self.sources(config, cancel, recorder, control)?;
        let clock: Arc<dyn Clock> = Arc::new(Beating {
            clock: sources.clock,
            control: control.clone(),
        });
        let transcript = Transcript::new(256, 64 * 1024);
        // What outlives the runner, its guard and the whole machine.
        let watchdog = (!is_simulated(config)?).then_some(WATCHDOG);
        let mut instruments = BTreeMap::new();
        for (id, instrument) in &config.instruments {
            let link = (sources.links)(id)?;
            let driver = open_driver(id, instrument, link, &clock, &transcript, watchdog)?;
            instruments.insert(id.clone(), driver);
        }
        control.arm(super::emergency::switch(config, sources.links));
        let parts = Parts {
            config: config.clone(),
            battery: self.shelf.battery_product(&config.device.battery)?,
            bms: self.shelf.bms_product(&config.device.bms)?,
            clauses: self.clauses.clone(),
            instruments,
            clock,
            cancel: cancel.clone(),
            telemetry: sources.telemetry,
            operator: sources.operator,
            recorder: recorder.clone(),
            exchanges: Box::new(move || newest(&transcript)),
            left: None,
            off_order: sources.off_order,
        };
        Ok((parts, sources.equipment))
    }

    pub(crate) fn sources(
        &self,
        config: &Arc<config::Bench>,
        cancel: &Cancel,
        recorder: &Recorder,
        control: &Control,
    ) -> Result<Sources> {
        if is_simulated(config)? {
            return self.simulated(config, cancel);
        }
        if !self.faults.is_empty() {
            bail!(
                "bench {} is real, and --fault builds faults into simulated devices only; leave --fault out or name a simulated bench",
                config.name
            );
        }
        self.real(config, cancel, recorder, control)
    }

    fn real(
        &self,
        config: &Arc<config::Bench>,
        cancel: &Cancel,
        recorder: &Recorder,
        control: &Control,
    ) -> Result<Sources> {
        let (bench, fence) = (config.clone(), self.fence.clone());
        let clock: Arc<dyn Clock> = Arc::new(self.wall.stopped_by(cancel.clone()));
        let watched = Arc::new(Beating {
            clock: clock.clone(),
            control: control.clone(),
        });
        let telemetry = match self.deaf {
            true => None,
            false => super::radio::open(config, &clock, recorder)
                .with_context(|| format!("bench {}", config.name))?,
        };
        Ok(Sources {
            operator: super::person::at_the_terminal(&config.lab.operators, watched),
            clock,
            links: Box::new(move |id| connect(&bench, id, fence.as_ref())),
            telemetry,
            off_order: OffOrder::AtOnce,
            equipment: Equipment {
                flashers: boards::real(config, self.permissions),
                ..Equipment::default()
            },
        })
    }

    #[cfg(feature = "sim")]
    fn simulated(&self, config: &Arc<config::Bench>, cancel: &Cancel) -> Result<Sources> {
        super::simulated::sources(self, config, cancel)
    }

    #[cfg(not(feature = "sim"))]
    fn simulated(&self, config: &Arc<config::Bench>, _cancel: &Cancel) -> Result<Sources> {
        bail!("{}", no_simulator(&config.name))
    }
}

/// What a laboratory build says when it's asked to simulate.
#[cfg(not(feature = "sim"))]
pub(crate) fn no_simulator(what: &str) -> String {
    format!(
        "{what} is simulated, and this build of rig contains no simulator; use a build with the feature `sim`, or a bench file with real addresses"
    )
}

pub(crate) fn connect(
    bench: &config::Bench,
    id: &str,
    fence: Option<&Fence>,
) -> Result<Box<dyn Link>> {
    let Some(instrument) = bench.instruments.get(id) else {
        bail!("bench {} has no instrument `{id}`", bench.name);
    };
    let link = drivers::connect(&instrument.address, &instrument.driver)
        .with_context(|| format!("{id} ({}) can't be reached", instrument.address))?;
    Ok(match fence {
        Some(fence) => Box::new(Fenced::new(link, fence.clone())),
        None => link,
    })
}

pub(crate) fn open_driver(
    id: &str,
    instrument: &config::Instrument,
    link: Box<dyn Link>,
    clock: &Arc<dyn Clock>,
    transcript: &Transcript,
    watchdog: Option<Duration>,
) -> Result<Box<dyn Driver>> {
    let mut options = drivers::Options::new(clock.clone(), Arc::new(transcript.clone()));
    options.limits = drivers::Limits {
        voltage: instrument.limits.voltage,
        current: instrument.limits.current,
    };
    options.cards = instrument.cards.clone();
    options.watchdog = watchdog;
    Ok(drivers::open(&instrument.driver, id, link, &options)?)
}

fn newest(transcript: &Transcript) -> Vec<ExchangeNote> {
    let mut notes: Vec<ExchangeNote> = Vec::new();
    let all = transcript.all();
    let from = all.len().saturating_sub(EXCHANGES_KEPT * 2);
    for message in &all[from..] {
        let text = Printable(&message.bytes).to_string();
        let instrument = message.instrument.to_string();
        match (message.direction, notes.last_mut()) {
            (Direction::Received, Some(last))
                if last.instrument == instrument
                    && last.received.is_empty()
                    && last.problem.is_empty() =>
            {
                last.received = text;
            }
            (direction, _) => {
                let mut note = ExchangeNote {
                    instrument,
                    ..ExchangeNote::default()
                };
                match direction {
                    Direction::Sent => note.sent = text,
                    Direction::Received => note.received = text,
                    Direction::Note => note.problem = text,
                }
                notes.push(note);
            }
        }
    }
    let surplus = notes.len().saturating_sub(EXCHANGES_KEPT);
    notes.split_off(surplus)
}
