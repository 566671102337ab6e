//! What an instrument without a bench is wired to.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use crate::{LoadMode, ModelKind, PortLaw, PortMode, PortState, SourceLaw, Terminals, Trip};

/// What surrounds an instrument that stands alone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Surroundings {
    /// The resistor on each channel of a supply, in ohms; 0 leaves it open.
    pub load_ohms: f64,
    /// The source a load sees: its open-circuit voltage in volts.
    pub emf_v: f64,
    /// The source's series resistance in ohms; more than zero.
    pub series_ohms: f64,
}

impl Default for Surroundings {
    fn default() -> Self {
        Self {
            load_ohms: 10.0,
            emf_v: 12.0,
            series_ohms: 0.05,
        }
    }
}

/// Terminals of an instrument that stands alone: each supply channel on a resistor, a load on a
/// source, plausible values at a switch unit, an empty chamber.
#[derive(Debug)]
pub struct Standalone {
    kind: ModelKind,
    surroundings: Surroundings,
    started: Instant,
    ports: BTreeMap<u16, Port>,
    relays: BTreeMap<u16, bool>,
    lines: BTreeMap<u16, u8>,
    chamber: Chamber,
}

#[derive(Debug, Clone, Copy)]
struct Port {
    law: PortLaw,
    tripped: Option<Trip>,
    limiting_since: Option<Duration>,
}

#[derive(Debug, Clone, Copy)]
struct Chamber {
    set_point_c: f64,
    running: bool,
    air_c: f64,
    at: Duration,
}

const ROOM_C: f64 = 23.0;
/// How fast the chamber's air follows, in kelvin a second.
const CHAMBER_RATE: f64 = 3.0 / 60.0;

impl Standalone {
    /// Starts the clock.
    #[must_use]
    #[expect(
        clippy::disallowed_methods,
        reason = "an instrument alone lives in real time"
    )]
    pub fn new(kind: ModelKind, surroundings: Surroundings) -> Self {
        Self {
            kind,
            surroundings,
            started: Instant::now(),
            ports: BTreeMap::new(),
            relays: BTreeMap::new(),
            lines: BTreeMap::new(),
            chamber: Chamber {
                set_point_c: ROOM_C,
                running: false,
                air_c: ROOM_C,
                at: Duration::ZERO,
            },
        }
    }

    /// The port's state as its law and the surroundings make it, trips apart.
    fn solve(&self, law: PortLaw) -> PortState {
        let around = &self.surroundings;
        match (law, self.kind) {
            (PortLaw::Source(law), _) => source_on_resistor(&law, around.load_ohms),
            (PortLaw::Load(law), _) => {
                let (emf, series) = (around.emf_v, around.series_ohms.max(1e-6));
                load_on_source(&law, emf, series)
            }
            (PortLaw::Off, ModelKind::Load) => PortState::open(around.emf_v),
            (PortLaw::Off, _) => PortState::open(0.0),
        }
    }

    fn settle(&mut self) {
        let now = self.now();
        let chamber = &mut self.chamber;
        let passed = now.saturating_sub(chamber.at).as_secs_f64();
        let goal = if chamber.running {
            chamber.set_point_c
        } else {
            ROOM_C
        };
        let step = CHAMBER_RATE * passed;
        chamber.air_c += (goal - chamber.air_c).clamp(-step, step);
        chamber.at = now;
    }
}

fn source_on_resistor(law: &SourceLaw, ohms: f64) -> PortState {
    let voltage_v = law.voltage_v.max(0.0);
    if ohms <= 0.0 {
        let mode = PortMode::ConstantVoltage;
        return PortState {
            voltage_v,
            current_a: 0.0,
            mode,
            tripped: None,
        };
    }
    let by_power = (law.source_limit_w.max(0.0) / ohms).sqrt();
    let mut current_a = voltage_v / ohms;
    let mut mode = PortMode::ConstantVoltage;
    if current_a > law.source_limit_a {
        (current_a, mode) = (law.source_limit_a, PortMode::ConstantCurrent);
    }
    if current_a > by_power {
        (current_a, mode) = (by_power, PortMode::ConstantPower);
    }
    PortState {
        voltage_v: current_a * ohms,
        current_a,
        mode,
        tripped: None,
    }
}

fn load_on_source(law: &crate::LoadLaw, emf: f64, series: f64) -> PortState {
    if emf < law.voltage_on_v {
        return PortState {
            mode: PortMode::ConstantCurrent,
            ..PortState::open(emf)
        };
    }
    let (wanted, mode) = match law.mode {
        LoadMode::Current(amps) => (amps, PortMode::ConstantCurrent),
        LoadMode::Voltage(volts) => ((emf - volts) / series, PortMode::ConstantVoltage),
        LoadMode::Resistance(ohms) => {
            (emf / (ohms.max(0.0) + series), PortMode::ConstantResistance)
        }
        LoadMode::Power(watts) => {
            // The larger root of (emf − i·series)·i = watts would be the unstable one.
            let under = emf * emf - 4.0 * series * watts;
            let amps = if under < 0.0 {
                emf / (2.0 * series)
            } else {
                (emf - under.sqrt()) / (2.0 * series)
            };
            (amps, PortMode::ConstantPower)
        }
        LoadMode::Short => (emf / series, PortMode::ConstantResistance),
    };
    let mut drawn = wanted.clamp(0.0, law.limit_a.max(0.0).min(emf / series));
    let mut mode = if drawn < wanted {
        PortMode::ConstantCurrent
    } else {
        mode
    };
    let watts = (emf - drawn * series) * drawn;
    if watts > law.limit_w {
        let under = (emf * emf - 4.0 * series * law.limit_w).max(0.0);
        (drawn, mode) = (
            (emf - under.sqrt()) / (2.0 * series),
            PortMode::ConstantPower,
        );
    }
    PortState {
        voltage_v: emf - drawn * series,
        current_a: -drawn,
        mode,
        tripped: None,
    }
}

/// What the protections of a law say to a state; a fuse needs time and is looked at apart.
fn trip_of(law: &PortLaw, state: &PortState) -> Option<Trip> {
    let over = |level: Option<f64>, value: f64| level.is_some_and(|level| value > level + 1e-9);
    let (volts, amps) = (state.voltage_v, state.current_a);
    let (ovp, ocp, opp) = match law {
        PortLaw::Off => return None,
        PortLaw::Source(law) => (
            law.ovp_v,
            over(law.ocp_a, amps) || over(law.sink_ocp_a, -amps),
            law.opp_w,
        ),
        PortLaw::Load(law) => (law.ovp_v, over(law.ocp_a, -amps), law.opp_w),
    };
    if over(ovp, volts) {
        Some(Trip::OverVoltage)
    } else if ocp {
        Some(Trip::OverCurrent)
    } else if over(opp, (volts * amps).abs()) {
        Some(Trip::OverPower)
    } else {
        None
    }
}

impl Terminals for Standalone {
    #[expect(
        clippy::disallowed_methods,
        reason = "an instrument alone lives in real time"
    )]
    fn now(&self) -> Duration {
        Instant::now().saturating_duration_since(self.started)
    }

    fn set_port(&mut self, channel: u16, law: PortLaw) {
        let now = self.now();
        let before = self.ports.get(&channel).copied();
        let tripped = before.and_then(|port| port.tripped);
        let state = self.solve(law);
        let tripped = tripped.or_else(|| trip_of(&law, &state));
        let limiting = matches!(law, PortLaw::Source(_)) && state.mode == PortMode::ConstantCurrent;
        let limiting_since =
            limiting.then(|| before.and_then(|port| port.limiting_since).unwrap_or(now));
        self.ports.insert(
            channel,
            Port {
                law,
                tripped,
                limiting_since,
            },
        );
    }

    fn port(&mut self, channel: u16) -> PortState {
        let now = self.now();
        let mut port = self.ports.get(&channel).copied().unwrap_or(Port {
            law: PortLaw::Off,
            tripped: None,
            limiting_since: None,
        });
        if let (
            PortLaw::Source(SourceLaw {
                fuse: Some(delay), ..
            }),
            Some(since),
            None,
        ) = (port.law, port.limiting_since, port.tripped)
            && now.saturating_sub(since) >= delay
        {
            port.tripped = Some(Trip::Fuse);
            self.ports.insert(channel, port);
        }
        match port.tripped {
            None => self.solve(port.law),
            tripped => PortState {
                tripped,
                ..self.solve(PortLaw::Off)
            },
        }
    }

    fn clear_trip(&mut self, channel: u16) {
        if let Some(port) = self.ports.get_mut(&channel)
            && port.tripped.take().is_some()
        {
            port.law = PortLaw::Off;
            port.limiting_since = None;
        }
    }

    fn set_relay(&mut self, channel: u16, closed: bool) {
        self.relays.insert(channel, closed);
    }

    fn sense_voltage(&mut self, channel: u16) -> f64 {
        3.3 + f64::from(channel % 100) * 1e-3
    }

    fn sense_current(&mut self, channel: u16) -> f64 {
        0.01 + f64::from(channel % 100) * 1e-5
    }

    fn sense_resistance(&mut self, channel: u16) -> f64 {
        1000.0 + f64::from(channel % 100)
    }

    fn sense_temperature(&mut self, channel: u16) -> f64 {
        ROOM_C + f64::from(channel % 100) * 1e-2
    }

    fn digital_in(&mut self, channel: u16) -> u8 {
        self.lines.get(&channel).copied().unwrap_or(0)
    }

    fn set_digital_out(&mut self, channel: u16, lines: u8) {
        self.lines.insert(channel, lines);
    }

    fn set_chamber(&mut self, set_point_c: f64, running: bool) {
        self.settle();
        self.chamber.set_point_c = set_point_c;
        self.chamber.running = running;
    }

    fn chamber_temperature(&mut self) -> f64 {
        self.settle();
        self.chamber.air_c
    }
}
