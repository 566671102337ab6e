//! Whether each channel can do what its role asks.

use api::Capability;
use config::{BatteryProduct, Bench, BenchKind, ChannelRef, InstrumentLimits};
use std::fmt;
use units::{Amps, Volts, Watts};

/// A channel that can't play its role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The role: `cell 3`, `charger`.
    pub role: String,
    /// Instrument and channel; empty where nothing is wired.
    pub channel: String,
    /// What's missing, with both numbers.
    pub reason: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.channel.as_str() {
            "" => write!(f, "{}: {}", self.role, self.reason),
            channel => write!(f, "{} on {channel}: {}", self.role, self.reason),
        }
    }
}

/// What the BMS's supply must give: the BMS itself and what its outputs drive on a bench.
pub(crate) const BMS_SUPPLY_CURRENT: Amps = Amps(1.0);

/// Compares the wiring with what the channels can do. `capability` tells what a channel of an
/// instrument can do, as its driver knows it; limits of the bench file are taken off here.
///
/// What it asks of a channel:
/// - **cell**: a supply with the envelope's cell voltage, source *and* sink current for the active
///   balancer, and isolated for its place in the stack;
/// - **charger**: the product's recommended current at its absorption voltage for this bank, and a
///   rating above the highest voltage that the bank may put on its output;
/// - **load**: a rating above the bank's highest voltage, and a twentieth of the capacity an hour;
/// - **relays**: relays; where they switch the bank, for its voltage;
/// - **contacts**: a bit that the port has;
/// - **sense points**: inputs rated for what they measure and for where in the stack they are.
#[must_use]
pub fn check_roles(
    bench: &Bench,
    capability: &dyn Fn(&ChannelRef) -> Option<Capability>,
    product: &BatteryProduct,
) -> Vec<Problem> {
    let mut check = Check {
        bench,
        capability,
        product,
        problems: Vec::new(),
    };
    check.counts();
    check.cells();
    check.bms_supply();
    check.charger();
    check.load();
    check.relays();
    check.contacts();
    check.sense();
    check.chamber();
    check.thermistor();
    check.problems
}

struct Check<'a> {
    bench: &'a Bench,
    capability: &'a dyn Fn(&ChannelRef) -> Option<Capability>,
    product: &'a BatteryProduct,
    problems: Vec<Problem>,
}

impl Check<'_> {
    fn problem(&mut self, role: &str, at: Option<&ChannelRef>, reason: impl Into<String>) {
        self.problems.push(Problem {
            role: role.to_owned(),
            channel: at.map(ToString::to_string).unwrap_or_default(),
            reason: reason.into(),
        });
    }

    fn capability(&self, at: &ChannelRef) -> Option<Capability> {
        let limits = self.bench.instruments.get(&at.instrument)?.limits;
        (self.capability)(at).map(|capability| tightened(capability, limits))
    }

    fn wrong_kind(&mut self, role: &str, at: &ChannelRef, wanted: &str, found: Option<Capability>) {
        let found = found.map_or("has no such channel", |found| match found {
            Capability::Supply { .. } => "is a supply output",
            Capability::Load { .. } => "is an electronic load",
            Capability::VoltageInput { .. } => "is an input that measures",
            Capability::Relay { .. } => "is a relay",
            Capability::DigitalPort { .. } => "is a digital port",
            Capability::Resistor { .. } => "is a resistor",
            Capability::Chamber { .. } => "is a chamber",
        });
        self.problem(role, Some(at), format!("must be {wanted}, but {found}"));
    }

    /// Everything of the bank's voltage, at the very highest.
    fn highest(&self) -> Volts {
        self.bench.envelope.pack_voltage.to
    }

    fn counts(&mut self) {
        let (wiring, product) = (&self.bench.wiring, self.product);
        let batteries = self.bench.device.topology.batteries();
        match self.bench.kind {
            BenchKind::Board if wiring.cells.len() != product.cells * batteries => {
                let reason = format!(
                    "{} are wired, {batteries} × {} has {}",
                    wiring.cells.len(),
                    product.name,
                    product.cells * batteries
                );
                self.problem("cells", None, reason);
            }
            BenchKind::Battery => {
                if wiring.charger.is_none() {
                    self.problem("charger", None, "a battery bench needs one, none is wired");
                }
                if wiring.load.is_none() {
                    self.problem("load", None, "a battery bench needs one, none is wired");
                }
            }
            BenchKind::Board => {}
        }
        let counts: Vec<usize> = wiring.sense.cells.iter().map(Vec::len).collect();
        for (battery, count) in (1..).zip(counts) {
            if count != product.cells {
                let reason = format!(
                    "{count} are wired, a {} has {}",
                    product.name, product.cells
                );
                self.problem(&format!("sense leads of battery {battery}"), None, reason);
            }
        }
    }

    fn cells(&mut self) {
        let cell_highest = self.bench.envelope.cell_voltage.to;
        let balancing = self.product.balancing_current;
        for (place, role) in self.bench.wiring.cells.iter().enumerate() {
            let name = format!("cell {}", place + 1);
            #[expect(clippy::cast_precision_loss, reason = "a stack has few cells")]
            let above_minus = cell_highest * (place + 1) as f64;
            self.input(
                &format!("{name} sense"),
                &role.sense,
                cell_highest,
                above_minus,
            );
            let at = &role.supply;
            let found = self.capability(at);
            let Some(Capability::Supply {
                voltage,
                source_current,
                sink_current,
                isolation,
                ..
            }) = found
            else {
                self.wrong_kind(&name, at, "a supply output", found);
                continue;
            };
            if voltage < cell_highest {
                let reason =
                    format!("gives {voltage}, the envelope lets a cell have {cell_highest}");
                self.problem(&name, Some(at), reason);
            }
            if source_current < balancing {
                let reason = format!("gives {source_current}, the balancer draws {balancing}");
                self.problem(&name, Some(at), reason);
            }
            if sink_current < balancing {
                let reason = format!(
                    "takes {sink_current}, the balancer pushes {balancing} into it: a cell needs two quadrants"
                );
                self.problem(&name, Some(at), reason);
            }
            if isolation < above_minus {
                let reason = format!(
                    "is isolated for {isolation}, at its place in the stack it is {above_minus:.1} above minus"
                );
                self.problem(&name, Some(at), reason);
            }
        }
    }

    fn bms_supply(&mut self) {
        let Some((at, needed)) = &self.bench.wiring.bms_supply else {
            return;
        };
        let found = self.capability(at);
        match found {
            Some(Capability::Supply {
                voltage,
                source_current,
                ..
            }) => {
                if voltage < *needed {
                    let reason = format!("gives {voltage}, the BMS gets {needed}");
                    self.problem("BMS supply", Some(at), reason);
                }
                if source_current < BMS_SUPPLY_CURRENT {
                    let reason =
                        format!("gives {source_current}, the BMS may need {BMS_SUPPLY_CURRENT}");
                    self.problem("BMS supply", Some(at), reason);
                }
            }
            other => self.wrong_kind("BMS supply", at, "a supply output", other),
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "a bank has few batteries")]
    fn charger(&mut self) {
        let Some(at) = &self.bench.wiring.charger else {
            return;
        };
        let found = self.capability(at);
        let Some(Capability::Supply {
            voltage,
            source_current,
            power,
            isolation,
            ..
        }) = found
        else {
            return self.wrong_kind("charger", at, "a supply output", found);
        };
        let topology = self.bench.device.topology;
        let absorption = self.product.absorption_voltage * topology.series as f64;
        let recommended = self.product.recommended_charge_current * topology.parallel as f64;
        let needed: Watts = absorption * recommended;
        let highest = self.highest();
        if voltage < absorption {
            let reason = format!("gives {voltage}, absorption of this bank is at {absorption}");
            self.problem("charger", Some(at), reason);
        }
        if source_current < recommended {
            let reason =
                format!("gives {source_current}, {recommended} are recommended for this bank");
            self.problem("charger", Some(at), reason);
        }
        if power < needed {
            let reason = format!("gives {power:.0}, {recommended} at {absorption} are {needed:.0}");
            self.problem("charger", Some(at), reason);
        }
        if voltage < highest {
            let reason = format!(
                "is rated {voltage}, the bank may put {highest} on its output while that is off"
            );
            self.problem("charger", Some(at), reason);
        }
        if isolation < highest {
            let reason = format!("is isolated for {isolation}, the bank may have {highest}");
            self.problem("charger", Some(at), reason);
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "a bank has few batteries")]
    fn load(&mut self) {
        let Some(at) = &self.bench.wiring.load else {
            return;
        };
        let found = self.capability(at);
        let Some(Capability::Load {
            voltage,
            current,
            power,
        }) = found
        else {
            return self.wrong_kind("load", at, "an electronic load", found);
        };
        let highest = self.highest();
        let parallel = self.bench.device.topology.parallel as f64;
        let least = Amps(self.product.capacity.0 / 20.0 * parallel);
        let least_power: Watts = highest * least;
        if voltage < highest {
            let reason = format!("takes {voltage}, the bank may have {highest}");
            self.problem("load", Some(at), reason);
        }
        if current < least {
            let reason = format!("takes {current}, a twentieth of the capacity an hour is {least}");
            self.problem("load", Some(at), reason);
        }
        if power < least_power {
            let reason = format!("takes {power:.0}, {least} at {highest} are {least_power:.0}");
            self.problem("load", Some(at), reason);
        }
    }

    fn relays(&mut self) {
        let relays = &self.bench.wiring.relays;
        let highest = self.highest();
        let mut wired: Vec<(String, &ChannelRef, Volts)> = Vec::new();
        for (name, at) in [
            ("charger contactor", &relays.charger_contactor),
            ("load contactor", &relays.load_contactor),
            ("safety relay", &relays.safety),
            ("alternator port", &relays.alternator),
            ("system port", &relays.system_port),
        ] {
            wired.extend(at.iter().map(|at| (name.to_owned(), at, highest)));
        }
        for (name, at) in [
            ("remote terminals", &relays.remote_off),
            ("bridge of the contacts", &relays.bridge),
        ] {
            wired.extend(at.iter().map(|at| (name.to_owned(), at, Volts(0.0))));
        }
        // Poles and bypasses carry signals of the battery's own level.
        for (number, cable) in (1..).zip(&relays.cables) {
            for (pole, at) in [
                ("charge pole", &cable.charge),
                ("discharge pole", &cable.discharge),
                ("pre-alarm pole", &cable.pre_alarm),
            ] {
                wired.push((format!("cable {number} {pole}"), at, Volts(0.0)));
            }
        }
        for (number, at) in (1..).zip(&relays.bypass) {
            wired.push((format!("bypass {number}"), at, Volts(0.0)));
        }
        for (name, at, needed) in wired {
            match self.capability(at) {
                Some(Capability::Relay { voltage, .. }) if voltage < needed => {
                    let reason = format!("switches {voltage}, the bank may have {needed}");
                    self.problem(&name, Some(at), reason);
                }
                Some(Capability::Relay { .. }) => {}
                other => self.wrong_kind(&name, at, "a relay", other),
            }
        }
    }

    fn contacts(&mut self) {
        let contacts = &self.bench.wiring.contacts;
        let wired = [
            ("charge contact", Some(&contacts.charge)),
            ("load contact", Some(&contacts.load)),
            ("pre-alarm contact", contacts.pre_alarm.as_ref()),
            ("inverter's status", contacts.inverting.as_ref()),
            ("charger's status", contacts.charging.as_ref()),
        ];
        for (name, at) in wired {
            let Some(at) = at else { continue };
            match (self.capability(at), at.bit) {
                (Some(Capability::DigitalPort { bits }), Some(bit)) if bit >= bits => {
                    let reason = format!("bit {bit} is wired, the port has 0 to {}", bits - 1);
                    self.problem(name, Some(at), reason);
                }
                (Some(Capability::DigitalPort { .. }), Some(_)) => {}
                (Some(Capability::DigitalPort { .. }), None) => {
                    self.problem(
                        name,
                        Some(at),
                        "no bit is named: write it as in `daq/5101.2`",
                    );
                }
                (other, _) => self.wrong_kind(name, at, "a digital port", other),
            }
        }
    }

    fn input(&mut self, role: &str, at: &ChannelRef, needed: Volts, above_minus: Volts) {
        match self.capability(at) {
            Some(Capability::VoltageInput { voltage, isolation }) => {
                if voltage < needed {
                    let reason = format!("measures up to {voltage}, {needed} may come");
                    self.problem(role, Some(at), reason);
                }
                if isolation < above_minus {
                    let reason = format!(
                        "is isolated for {isolation}, its place in the stack is {above_minus:.1} above minus"
                    );
                    self.problem(role, Some(at), reason);
                }
            }
            other => self.wrong_kind(role, at, "an input that measures", other),
        }
    }

    fn sense(&mut self) {
        let sense = &self.bench.wiring.sense;
        let highest = self.highest();
        let cell_highest = self.bench.envelope.cell_voltage.to;
        for (battery, cells) in (1..).zip(&sense.cells) {
            for (cell, at) in (1..).zip(cells) {
                let role = format!("sense leads of battery {battery} cell {cell}");
                self.input(&role, at, cell_highest, highest);
            }
        }
        if let Some(at) = &sense.pack {
            self.input("bank voltage", at, highest, highest);
        }
        if let Some(at) = &sense.charger_side {
            self.input("voltage on the charger's side", at, highest, highest);
        }
        if let Some(residual) = &sense.residual {
            let role = "resistor across the safety relay";
            self.input(role, &residual.channel, highest, highest);
        }
        if let Some(contacts) = &sense.contacts {
            let supply = self.bench.wiring.bms_supply.as_ref();
            let needed = supply.map_or(highest, |(_, volts)| *volts);
            for (role, at) in [
                ("BMS supply sense", &contacts.supply),
                ("charge contact sense", &contacts.charge),
                ("load contact sense", &contacts.load),
            ] {
                self.input(role, at, needed, needed);
            }
        }
        if let Some(thermocouple) = &sense.board_temperature {
            let at = &thermocouple.channel;
            self.input("thermocouple", at, Volts(0.0), Volts(0.0));
            if !matches!(thermocouple.kind, 'T' | 'K' | 'J') {
                let reason = format!("type {} is wired, known are K, T and J", thermocouple.kind);
                self.problem("thermocouple", Some(at), reason);
            }
        }
    }

    fn thermistor(&mut self) {
        let Some(role) = &self.bench.wiring.thermistor else {
            return;
        };
        let at = &role.channel;
        let range = self.bench.envelope.temperature;
        let (cold, hot) = (role.resistance_at(range.from), role.resistance_at(range.to));
        match self.capability(at) {
            Some(Capability::Resistor { lowest, highest }) if hot >= lowest && cold <= highest => {}
            Some(Capability::Resistor { lowest, highest }) => {
                let reason = format!(
                    "the envelope's temperatures ask for {hot:.0} to {cold:.0}, and it can do {lowest:.0} to {highest:.0}"
                );
                self.problem("thermistor", Some(at), reason);
            }
            found => self.wrong_kind("thermistor", at, "a programmable resistor", found),
        }
    }

    fn chamber(&mut self) {
        let Some(id) = &self.bench.wiring.chamber else {
            return;
        };
        let at = chamber_channel(id);
        let found = self.capability(&at);
        if !matches!(found, Some(Capability::Chamber { .. })) {
            self.wrong_kind("chamber", &at, "a chamber", found);
        }
    }
}

/// A chamber has one channel.
pub(crate) fn chamber_channel(id: &str) -> ChannelRef {
    ChannelRef {
        instrument: id.to_owned(),
        channel: 1,
        bit: None,
    }
}

/// A rating with the limits of the bench file taken off.
pub(crate) fn tightened(capability: Capability, limits: InstrumentLimits) -> Capability {
    let volts = |rating: Volts| limits.voltage.map_or(rating, |limit| rating.min(limit));
    let amps = |rating: Amps| limits.current.map_or(rating, |limit| rating.min(limit));
    match capability {
        Capability::Supply {
            voltage,
            source_current,
            sink_current,
            power,
            isolation,
        } => Capability::Supply {
            voltage: volts(voltage),
            source_current: amps(source_current),
            sink_current: amps(sink_current),
            power,
            isolation,
        },
        Capability::Load {
            voltage,
            current,
            power,
        } => Capability::Load {
            voltage: volts(voltage),
            current: amps(current),
            power,
        },
        other @ (Capability::VoltageInput { .. }
        | Capability::Relay { .. }
        | Capability::DigitalPort { .. }
        | Capability::Resistor { .. }
        | Capability::Chamber { .. }) => other,
    }
}
