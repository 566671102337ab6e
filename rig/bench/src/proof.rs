//! Proof by read-back that nothing is energised any more.

use crate::bench::{Bench, NO_CURRENT};
use crate::instruments::channel;
use crate::safe::Effort;
use config::ChannelRef;
use record::OutputProof;
use std::sync::Arc;
use std::time::Duration;
use units::Volts;

/// Below it a voltage counts as decayed.
const NO_VOLTAGE: Volts = Volts(0.5);
/// How long voltages may take to decay.
const DECAY_PATIENCE: Duration = Duration::from_secs(10);
const DECAY_PERIOD: Duration = Duration::from_millis(100);

/// Something that could be energised.
struct Suspect {
    role: String,
    at: String,
    instrument: String,
    kind: Kind,
}

enum Kind {
    /// A supply whose own terminals must be without voltage.
    Alone(ChannelRef),
    /// A supply with a live battery behind a contactor, and where the voltage on its own side is
    /// measured. `isolated` tells whether anything separates it at all.
    Charger {
        at: ChannelRef,
        side: Option<ChannelRef>,
        isolated: bool,
    },
    Load(ChannelRef),
    Relay(ChannelRef),
    Chamber(String),
}

/// What reading back gave.
enum Finding {
    Safe(String),
    /// Off, but a voltage hasn't gone yet.
    Decaying(String),
    Unsafe(String),
}

impl Bench {
    /// One proof for everything that could be energised; waits for voltages to decay.
    pub(crate) fn prove(&mut self, effort: &mut Effort) -> Vec<OutputProof> {
        let deadline = self.clock.now() + DECAY_PATIENCE;
        self.suspects()
            .into_iter()
            .map(|suspect| {
                let (safe, found) = loop {
                    match self.look_at(&suspect, effort) {
                        Ok(Finding::Safe(found)) => break (true, found),
                        Ok(Finding::Decaying(_)) if self.clock.now() < deadline => {
                            self.clock.sleep_through(DECAY_PERIOD);
                        }
                        Ok(Finding::Decaying(found) | Finding::Unsafe(found)) | Err(found) => {
                            break (false, found);
                        }
                    }
                };
                OutputProof {
                    role: suspect.role,
                    instrument: suspect.at,
                    safe,
                    found,
                }
            })
            .collect()
    }

    fn suspects(&self) -> Vec<Suspect> {
        let config = Arc::clone(&self.config);
        let wiring = &config.wiring;
        let relays = &wiring.relays;
        let mut suspects = Vec::new();
        let mut add = |role: String, at: &ChannelRef, kind: Kind| {
            suspects.push(Suspect {
                role,
                at: at.to_string(),
                instrument: at.instrument.clone(),
                kind,
            });
        };
        for (number, cell) in (1..).zip(&wiring.cells) {
            let at = &cell.supply;
            add(format!("cell {number}"), at, Kind::Alone(at.clone()));
        }
        if let Some((at, _)) = &wiring.bms_supply {
            add("BMS supply".into(), at, Kind::Alone(at.clone()));
        }
        if let Some(at) = &wiring.charger {
            let kind = Kind::Charger {
                at: at.clone(),
                side: wiring.sense.charger_side.clone(),
                isolated: relays.charger_contactor.is_some() || relays.safety.is_some(),
            };
            add("charger".into(), at, kind);
        }
        if let Some(at) = &wiring.load {
            add("load".into(), at, Kind::Load(at.clone()));
        }
        for (role, at) in [
            ("charger contactor", &relays.charger_contactor),
            ("load contactor", &relays.load_contactor),
            ("safety relay", &relays.safety),
            ("alternator port", &relays.alternator),
            ("system port", &relays.system_port),
        ] {
            if let Some(at) = at {
                add(role.into(), at, Kind::Relay(at.clone()));
            }
        }
        if let Some(id) = &wiring.chamber {
            suspects.push(Suspect {
                role: "chamber".into(),
                at: id.clone(),
                instrument: id.clone(),
                kind: Kind::Chamber(id.clone()),
            });
        }
        suspects
    }

    fn look_at(&mut self, suspect: &Suspect, effort: &mut Effort) -> Result<Finding, String> {
        let id = &suspect.instrument;
        if let Some(why) = self.foreign.get(id) {
            return Ok(Finding::Unsafe(why.clone()));
        }
        match &suspect.kind {
            Kind::Alone(at) => self.look_at_supply(at, effort),
            Kind::Charger { at, side, isolated } => {
                self.look_at_charger(at, side.as_ref().filter(|_| *isolated), *isolated, effort)
            }
            Kind::Load(at) => self.look_at_load(at, effort),
            Kind::Relay(at) => {
                let closed = effort.persist(id, || {
                    Ok(self.instruments.switch(id)?.relays(&[channel(at)])?)
                })?;
                Ok(match closed.first() {
                    Some(false) => Finding::Safe("open".into()),
                    Some(true) => Finding::Unsafe("closed".into()),
                    None => Finding::Unsafe("no state was read back".into()),
                })
            }
            Kind::Chamber(id) => effort
                .persist(id, || {
                    Ok(self.instruments.chamber(id)?.set_running(false)?)
                })
                .map(|()| Finding::Safe("in standby".into())),
        }
    }

    fn look_at_supply(&mut self, at: &ChannelRef, effort: &mut Effort) -> Result<Finding, String> {
        let id = &at.instrument;
        let on = effort.persist(id, || {
            Ok(self.instruments.supply(id)?.output(channel(at))?)
        })?;
        let voltage = effort.persist(id, || {
            Ok(self.instruments.supply(id)?.measure_voltage(channel(at))?)
        })?;
        Ok(if on {
            Finding::Unsafe(format!("output on, {voltage:.3}"))
        } else if voltage.abs() <= NO_VOLTAGE {
            Finding::Safe(format!("output off, {voltage:.3}"))
        } else {
            Finding::Decaying(format!("output off, but still {voltage:.3}"))
        })
    }

    fn look_at_charger(
        &mut self,
        at: &ChannelRef,
        side: Option<&ChannelRef>,
        isolated: bool,
        effort: &mut Effort,
    ) -> Result<Finding, String> {
        let id = &at.instrument;
        let on = effort.persist(id, || {
            Ok(self.instruments.supply(id)?.output(channel(at))?)
        })?;
        let current = effort.persist(id, || {
            Ok(self.instruments.supply(id)?.measure_current(channel(at))?)
        })?;
        if on {
            return Ok(Finding::Unsafe(format!("output on, {current:.3}")));
        }
        let found = format!("output off, {current:.3}");
        if current.abs() > NO_CURRENT {
            return Ok(Finding::Unsafe(found));
        }
        let Some(side) = side else {
            let why = if isolated {
                "the voltage on its side of the contactor is not measured on this bench"
            } else {
                "no contactor separates it from the battery"
            };
            return Ok(Finding::Safe(format!("{found}; {why}")));
        };
        let voltages = effort.persist(&side.instrument, || {
            let meter = self.instruments.meter(&side.instrument)?;
            Ok(meter.measure_voltages(&[channel(side)])?)
        })?;
        let Some(voltage) = voltages.first() else {
            return Ok(Finding::Unsafe(format!("{found}; no voltage was read")));
        };
        let found = format!("{found}, {voltage:.3} on its side of the contactor");
        Ok(if voltage.abs() <= NO_VOLTAGE {
            Finding::Safe(found)
        } else {
            Finding::Decaying(found)
        })
    }

    fn look_at_load(&mut self, at: &ChannelRef, effort: &mut Effort) -> Result<Finding, String> {
        let id = &at.instrument;
        let on = effort.persist(id, || Ok(self.instruments.load(id)?.input(channel(at))?))?;
        let current = effort.persist(id, || {
            Ok(self.instruments.load(id)?.measure_current(channel(at))?)
        })?;
        let state = if on { "on" } else { "off" };
        let found = format!("input {state}, {current:.3}");
        Ok(if on || current.abs() > NO_CURRENT {
            Finding::Unsafe(found)
        } else {
            Finding::Safe(found)
        })
    }
}
