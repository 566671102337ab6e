//! A dialect made ready: header tree, rows, settings, as one model has them.

use std::collections::BTreeMap;

use crate::action::{Action, TreeName, quantity, trip};
use crate::chamber::Chambers;
use crate::pattern;
use crate::raw::{
    Ratings, RawCondition, RawDialect, RawNumberForm, RawRow, RawSetting, RawTable, RawVariant,
};
use crate::setting::{Context, Kind, Setting};
use crate::terminals::{PortMode, Trip};
use crate::tree::{Builder, Tree};
use crate::value::{NumberForm, Value};

/// One row: what a header does.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) command: Option<Action>,
    pub(crate) query: Option<Action>,
    /// Whether the command is taken without remote control.
    pub(crate) anytime: bool,
    /// How the query answers no and yes.
    pub(crate) booleans: [String; 2],
}

/// Everything a dialect says, for one of its models.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) raw: RawDialect,
    pub(crate) product: String,
    /// `*IDN?`, with its placeholders.
    pub(crate) identity: String,
    pub(crate) channels: u16,
    pub(crate) ratings: Ratings,
    pub(crate) tree: Tree,
    pub(crate) rows: Vec<Row>,
    pub(crate) settings: Vec<Setting>,
    pub(crate) names: BTreeMap<String, usize>,
    pub(crate) defaults: Vec<Value>,
    pub(crate) conditions: Vec<Condition>,
    pub(crate) forms: Forms,
    pub(crate) ports: Ports,
    pub(crate) chambers: Chambers,
}

/// How measured values are written.
#[derive(Debug)]
pub(crate) struct Forms {
    pub(crate) voltage: NumberForm,
    pub(crate) current: NumberForm,
    pub(crate) power: NumberForm,
    pub(crate) resistance: NumberForm,
}

/// A bit of a condition register or of the status word, and when it's set.
#[derive(Debug)]
pub(crate) struct Condition {
    pub(crate) register: Place,
    /// The only channel it's about.
    pub(crate) channel: Option<u16>,
    pub(crate) mask: u16,
    pub(crate) when: When,
}

/// Where a condition's bit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Top(TreeName),
    /// In the register of each channel.
    Each(TreeName),
    /// In the status word that some instruments have instead.
    Word,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum When {
    Mode(PortMode),
    On,
    Off,
    Remote,
    Local,
    Tripped(Trip),
    /// A setting is on, or at one of its choices.
    Is(usize, usize),
}

/// Where the settings are that make a port's law. Which of them a dialect has is its affair.
#[derive(Debug, Default)]
pub(crate) struct Ports {
    pub(crate) output: Option<usize>,
    pub(crate) select: Option<usize>,
    pub(crate) general: Option<usize>,
    pub(crate) voltage: Option<usize>,
    pub(crate) current: Option<usize>,
    pub(crate) power: Option<usize>,
    pub(crate) resistance: Option<usize>,
    pub(crate) sink_current: Option<usize>,
    pub(crate) sink_power: Option<usize>,
    pub(crate) ovp: Option<usize>,
    pub(crate) ovp_on: Option<usize>,
    pub(crate) ocp: Option<usize>,
    pub(crate) ocp_on: Option<usize>,
    pub(crate) sink_ocp: Option<usize>,
    pub(crate) opp: Option<usize>,
    pub(crate) opp_on: Option<usize>,
    pub(crate) fuse_on: Option<usize>,
    pub(crate) fuse_delay: Option<usize>,
    pub(crate) quadrants: Option<usize>,
    pub(crate) function: Option<usize>,
    pub(crate) short: Option<usize>,
    pub(crate) voltage_on: Option<usize>,
    pub(crate) watchdog_on: Option<usize>,
    pub(crate) watchdog_delay: Option<usize>,
    /// Those of them that act on the port at once.
    acting: Vec<bool>,
}

impl Ports {
    fn find(names: &BTreeMap<String, usize>) -> Self {
        let mut acting = vec![false; names.len()];
        let mut find = |name: &str| {
            let place = names.get(name).copied();
            if let Some(place) = place {
                acting[place] = true;
            }
            place
        };
        let mut ports = Self {
            output: find("output"),
            select: find("selected"),
            general: find("general"),
            voltage: find("voltage"),
            current: find("current"),
            power: find("power"),
            resistance: find("resistance"),
            sink_current: find("sink_current"),
            sink_power: find("sink_power"),
            ovp: find("ovp"),
            ovp_on: find("ovp_on"),
            ocp: find("ocp"),
            ocp_on: find("ocp_on"),
            sink_ocp: find("sink_ocp"),
            opp: find("opp"),
            opp_on: find("opp_on"),
            fuse_on: find("fuse_on"),
            fuse_delay: find("fuse_delay"),
            quadrants: find("quadrants"),
            function: find("function"),
            short: find("short"),
            voltage_on: find("voltage_on"),
            watchdog_on: find("watchdog_on"),
            watchdog_delay: find("watchdog_delay"),
            acting: Vec::new(),
        };
        ports.acting = acting;
        ports
    }

    pub(crate) fn acts(&self, setting: usize) -> bool {
        self.acting.get(setting).copied().unwrap_or(false)
    }
}

impl Table {
    /// Makes a dialect ready for one of its models.
    pub(crate) fn compile(
        raw: &RawDialect,
        variant: &RawVariant,
        includes: &BTreeMap<String, RawTable>,
    ) -> Result<Self, String> {
        let all = all_settings(raw, includes)?;
        let names: BTreeMap<String, usize> = all
            .keys()
            .enumerate()
            .map(|(at, name)| ((*name).to_owned(), at))
            .collect();
        let channels = variant.channels.unwrap_or(raw.channels);
        let context = Context {
            ratings: &variant.ratings,
            channels,
            booleans: &raw.booleans,
            numbers: &names,
        };
        let mut settings = Vec::new();
        let mut defaults = Vec::new();
        for (name, raw) in &all {
            let setting = Setting::compile(raw, &context, defaults.len())
                .map_err(|error| format!("setting `{name}`: {error}"))?;
            defaults.extend_from_slice(&setting.defaults);
            settings.push(setting);
        }
        check_sources(raw)?;
        let (tree, rows) = rows(raw, &names, includes)?;
        let conditions = raw
            .conditions
            .iter()
            .map(|raw| condition(raw, &names, &settings))
            .collect::<Result<Vec<_>, _>>()?;
        let table = Self {
            product: variant.product.clone(),
            identity: variant.identity.as_ref().unwrap_or(&raw.identity).clone(),
            channels,
            ratings: variant.ratings.clone(),
            tree,
            rows,
            ports: Ports::find(&names),
            chambers: Chambers {
                set_point: names.get("set_point").copied(),
                conditioning: names.get("conditioning").copied(),
                ramp_action: names.get("ramp_action").copied(),
                ramp_rate: names.get("ramp_rate").copied(),
                decade: names.get("decade").copied(),
            },
            settings,
            names,
            defaults,
            conditions,
            forms: Forms::compile(&raw.readings)?,
            raw: raw.clone(),
        };
        table.check_ports()?;
        Ok(table)
    }

    /// A port's settings must be of the kind that its law needs.
    fn check_ports(&self) -> Result<(), String> {
        for name in [
            "output",
            "selected",
            "general",
            "ovp_on",
            "ocp_on",
            "opp_on",
            "fuse_on",
            "watchdog_on",
        ] {
            if let Some(&at) = self.names.get(name)
                && !matches!(self.settings[at].kind, Kind::Switch(_))
            {
                return Err(format!("setting `{name}` must be a boolean"));
            }
        }
        for name in [
            "voltage",
            "current",
            "power",
            "ovp",
            "ocp",
            "opp",
            "fuse_delay",
            "watchdog_delay",
        ] {
            if let Some(&at) = self.names.get(name)
                && !matches!(self.settings[at].kind, Kind::Number(_))
            {
                return Err(format!("setting `{name}` must be a number"));
            }
        }
        Ok(())
    }
}

/// A dialect's own settings, and those of the tables it includes that it doesn't have itself.
fn all_settings<'a>(
    raw: &'a RawDialect,
    includes: &'a BTreeMap<String, RawTable>,
) -> Result<BTreeMap<&'a str, &'a RawSetting>, String> {
    let mut all = BTreeMap::new();
    for name in &raw.includes {
        let table = includes
            .get(name)
            .ok_or_else(|| format!("there is no table `{name}` to include"))?;
        all.extend(
            table
                .settings
                .iter()
                .map(|(name, raw)| (name.as_str(), raw)),
        );
    }
    all.extend(raw.settings.iter().map(|(name, raw)| (name.as_str(), raw)));
    Ok(all)
}

impl Forms {
    fn compile(raw: &BTreeMap<String, RawNumberForm>) -> Result<Self, String> {
        if let Some(name) = raw.keys().find(|name| quantity(name).is_none()) {
            return Err(format!("`{name}` isn't a quantity that is read"));
        }
        let form = |name: &str| {
            raw.get(name)
                .map_or_else(|| Ok(NumberForm::fixed(3)), NumberForm::from_raw)
        };
        Ok(Self {
            voltage: form("voltage")?,
            current: form("current")?,
            power: form("power")?,
            resistance: form("resistance")?,
        })
    }
}

fn condition(
    raw: &RawCondition,
    names: &BTreeMap<String, usize>,
    settings: &[Setting],
) -> Result<Condition, String> {
    let wrong = |what: &str, text: &str| format!("condition: `{text}` isn't {what}");
    let register = match raw.register.as_str() {
        "operation" => Place::Top(TreeName::Operation),
        "questionable" => Place::Top(TreeName::Questionable),
        "operation channel" => Place::Each(TreeName::Operation),
        "questionable channel" => Place::Each(TreeName::Questionable),
        "word" => Place::Word,
        other => return Err(wrong("a register", other)),
    };
    let when = match raw.when.as_str() {
        "constant-voltage" => When::Mode(PortMode::ConstantVoltage),
        "constant-current" => When::Mode(PortMode::ConstantCurrent),
        "constant-power" => When::Mode(PortMode::ConstantPower),
        "constant-resistance" => When::Mode(PortMode::ConstantResistance),
        "on" => When::On,
        "off" => When::Off,
        "remote" => When::Remote,
        "local" => When::Local,
        other => match other.split_once(' ') {
            Some(("tripped", kind)) => {
                When::Tripped(trip(kind).ok_or_else(|| wrong("a condition", other))?)
            }
            Some(("is", what)) => {
                is(what, names, settings).ok_or_else(|| wrong("a condition", other))?
            }
            _ => return Err(wrong("a condition", other)),
        },
    };
    if raw.bit > 14 {
        return Err(wrong("a bit", &raw.bit.to_string()));
    }
    Ok(Condition {
        register,
        channel: raw.channel,
        mask: 1 << raw.bit,
        when,
    })
}

/// `four_wire`, a switch that's on; `tracking SERies`, a choice.
fn is(what: &str, names: &BTreeMap<String, usize>, settings: &[Setting]) -> Option<When> {
    let (name, keyword) = what.split_once(' ').unwrap_or((what, ""));
    let at = *names.get(name)?;
    let value = match &settings.get(at)?.kind {
        Kind::Switch(_) if keyword.is_empty() => 1,
        Kind::Choice { of, .. } => of.iter().position(|one| one == keyword)?,
        _ => return None,
    };
    Some(When::Is(at, value))
}

/// Ratings, cards and conditions say where they come from, too.
fn check_sources(raw: &RawDialect) -> Result<(), String> {
    let variants = raw
        .variants
        .iter()
        .map(|variant| (&variant.product, &variant.source));
    let cards = raw.cards.iter().map(|(name, card)| (name, &card.source));
    let conditions = raw
        .conditions
        .iter()
        .map(|condition| (&condition.when, &condition.source));
    let mut all = variants.chain(cards).chain(conditions);
    match all.find(|(_, source)| !raw.sources.contains_key(*source)) {
        Some((what, source)) => Err(format!("`{what}`: `{source}` isn't among `sources`")),
        None => Ok(()),
    }
}

fn rows(
    raw: &RawDialect,
    names: &BTreeMap<String, usize>,
    includes: &BTreeMap<String, RawTable>,
) -> Result<(Tree, Vec<Row>), String> {
    let mut builder = Builder::new();
    let mut rows = Vec::new();
    let mut headers: Vec<&str> = Vec::new();
    let booleans = &raw.booleans;
    let own = (&raw.rows, &raw.sources, false);
    let mut tables = vec![own];
    for name in &raw.includes {
        let table = includes
            .get(name)
            .ok_or_else(|| format!("there is no table `{name}` to include"))?;
        tables.push((&table.rows, &table.sources, true));
    }
    for (raws, sources, included) in tables {
        for raw in raws {
            let fail = |error: String| format!("row `{}`: {error}", raw.header);
            let words = pattern::parse(&raw.header).map_err(fail)?;
            if !sources.contains_key(&raw.source) {
                return Err(fail(format!("`{}` isn't among `sources`", raw.source)));
            }
            let row = row(raw, names, booleans).map_err(fail)?;
            let sides = (row.command.is_some(), row.query.is_some());
            builder
                .insert(&words, rows.len(), sides, included)
                .map_err(|before| fail(format!("`{}` says the same header", headers[before])))?;
            headers.push(&raw.header);
            rows.push(row);
        }
    }
    Ok((builder.finish(), rows))
}

fn row(
    raw: &RawRow,
    names: &BTreeMap<String, usize>,
    booleans: &[String; 2],
) -> Result<Row, String> {
    let setting = |name: &Option<String>| match name {
        None => Ok(None),
        Some(name) => names
            .get(name)
            .copied()
            .map(Some)
            .ok_or_else(|| format!("no setting `{name}`")),
    };
    let action = |text: &Option<String>| text.as_deref().map(Action::parse).transpose();
    let both = setting(&raw.setting)?;
    let commands = [
        both.map(Action::Set),
        setting(&raw.set)?.map(Action::Set),
        action(&raw.command)?,
    ];
    let queries = [
        both.map(Action::Get),
        setting(&raw.get)?.map(Action::Get),
        action(&raw.query)?,
        raw.constant
            .as_ref()
            .map(|text| Action::Constant(text.clone().into_bytes())),
    ];
    let one = |all: Vec<Action>, side: &str| match <[Action; 1]>::try_from(all) {
        Ok([action]) => Ok(Some(action)),
        Err(all) if all.is_empty() => Ok(None),
        Err(_) => Err(format!("it says twice what the {side} does")),
    };
    let command = one(commands.into_iter().flatten().collect(), "command")?;
    let query = one(queries.into_iter().flatten().collect(), "query")?;
    if command.is_none() && query.is_none() {
        return Err("it does nothing".to_owned());
    }
    Ok(Row {
        command,
        query,
        anytime: raw.anytime,
        booleans: raw.booleans.as_ref().unwrap_or(booleans).clone(),
    })
}
