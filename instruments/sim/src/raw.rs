//! Dialect files as they are written.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::catalogue::ModelKind;
use crate::switch::Kind;

/// One dialect file of an instrument that speaks SCPI.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawDialect {
    pub(crate) model: String,
    pub(crate) about: String,
    pub(crate) kind: ModelKind,
    /// How it is spoken to.
    #[serde(default)]
    pub(crate) language: RawLanguage,
    /// `*IDN?`, with `{product}`, `{serial}` and `{firmware}`.
    pub(crate) identity: String,
    pub(crate) serial: String,
    pub(crate) firmware: String,
    #[serde(default = "one")]
    pub(crate) channels: u16,
    /// How a channel is told besides by a suffix of the header.
    #[serde(default)]
    pub(crate) addressing: RawAddressing,
    /// What a channel is called in answers, before its number.
    #[serde(default = "out")]
    pub(crate) channel_name: String,
    /// Further names of channels: `P6V`.
    #[serde(default)]
    pub(crate) aliases: BTreeMap<String, u16>,
    /// Answer to `APPL?`, with `{channel}`, `{voltage}`, `{current}` and ratings as `{max_voltage}`.
    #[serde(default = "apply")]
    pub(crate) apply: String,
    /// How the status word is written, with `{hex}`.
    #[serde(default = "hex")]
    pub(crate) word: String,
    #[serde(default)]
    pub(crate) errors: RawErrors,
    #[serde(default = "zero_one")]
    pub(crate) booleans: [String; 2],
    #[serde(default)]
    pub(crate) remote: Option<RawRemote>,
    /// How measured values are answered, by quantity.
    #[serde(default)]
    pub(crate) readings: BTreeMap<String, RawNumberForm>,
    pub(crate) variants: Vec<RawVariant>,
    #[serde(default)]
    pub(crate) settings: BTreeMap<String, RawSetting>,
    #[serde(default)]
    pub(crate) conditions: Vec<RawCondition>,
    #[serde(default)]
    pub(crate) cards: BTreeMap<String, RawCard>,
    /// Cards by slot where the bench names none.
    #[serde(default)]
    pub(crate) slots: BTreeMap<u8, String>,
    #[serde(default)]
    pub(crate) frame: RawFrame,
    /// Where rows come from: short name and what it stands for.
    pub(crate) sources: BTreeMap<String, String>,
    /// Other tables whose rows hold unless this one says otherwise.
    #[serde(default)]
    pub(crate) includes: Vec<String>,
    #[serde(default)]
    pub(crate) rows: Vec<RawRow>,
    #[serde(default)]
    pub(crate) lines: Vec<RawLine>,
}

fn one() -> u16 {
    1
}

fn out() -> String {
    "OUT".to_owned()
}

fn apply() -> String {
    "{voltage}, {current}".to_owned()
}

fn hex() -> String {
    "0x{hex}".to_owned()
}

fn zero_one() -> [String; 2] {
    ["0".to_owned(), "1".to_owned()]
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum RawAddressing {
    /// By header and selection only.
    #[default]
    None,
    /// By a channel list at the end: `VOLT 5,(@1)`.
    List,
    /// By name among the data: `OUTP CH1,ON`.
    Name,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum RawLanguage {
    #[default]
    Scpi,
    /// Lines of ASCII that are each answered.
    Lines,
}

/// A table of rows that dialects include, with the settings that its rows need.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawTable {
    pub(crate) sources: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) settings: BTreeMap<String, RawSetting>,
    pub(crate) rows: Vec<RawRow>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawErrors {
    /// Answer to `SYST:ERR?` when there is none.
    #[serde(default = "clean")]
    pub(crate) clean: String,
    /// An entry, with `{code}` (`{signed}`: with its sign) and `{text}`.
    #[serde(default = "entry")]
    pub(crate) entry: String,
    /// Entries the queue holds.
    #[serde(default = "capacity")]
    pub(crate) capacity: usize,
    /// The instrument's own texts, by number.
    #[serde(default)]
    pub(crate) texts: BTreeMap<i16, String>,
    /// The error of turning on what a protection has turned off.
    #[serde(default = "settings_conflict")]
    pub(crate) tripped: i16,
}

fn clean() -> String {
    "0,\"No error\"".to_owned()
}

fn entry() -> String {
    "{code},\"{text}\"".to_owned()
}

fn capacity() -> usize {
    20
}

fn settings_conflict() -> i16 {
    -221
}

impl Default for RawErrors {
    fn default() -> Self {
        Self {
            clean: clean(),
            entry: entry(),
            capacity: capacity(),
            texts: BTreeMap::new(),
            tripped: settings_conflict(),
        }
    }
}

/// An instrument that refuses to be set until remote control has been asked for.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawRemote {
    /// The error of a command that comes before.
    pub(crate) refuses: i16,
    /// Whether giving remote control back turns outputs off.
    #[serde(default)]
    pub(crate) output_off_after: bool,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawVariant {
    pub(crate) product: String,
    /// The name under which it is a model of its own.
    #[serde(default)]
    pub(crate) model: Option<String>,
    /// Its `*IDN?`, where it differs.
    #[serde(default)]
    pub(crate) identity: Option<String>,
    #[serde(default)]
    pub(crate) channels: Option<u16>,
    /// What the model can do, in base units.
    #[serde(default)]
    pub(crate) ratings: Ratings,
    pub(crate) source: String,
}

/// What a model can do, by name.
pub(crate) type Ratings = BTreeMap<String, Rating>;

/// A rating of all channels, or one of each.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
pub(crate) enum Rating {
    All(f64),
    Each(Vec<f64>),
}

impl Rating {
    /// Of a channel from 1.
    pub(crate) fn of(&self, channel: u16) -> f64 {
        match self {
            Self::All(rating) => *rating,
            Self::Each(ratings) => {
                let at = usize::from(channel).saturating_sub(1);
                ratings.get(at).or(ratings.last()).copied().unwrap_or(0.0)
            }
        }
    }
}

/// How a number is answered.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawNumberForm {
    /// Digits after the point.
    #[serde(default)]
    pub(crate) decimals: Option<usize>,
    /// Digits after the point of a number with sign and exponent.
    #[serde(default)]
    pub(crate) scientific: Option<usize>,
    /// What follows the number.
    #[serde(default)]
    pub(crate) suffix: String,
}

/// A number, or a rating with an optional factor: `voltage * 1.1`.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(crate) enum RawAmount {
    Number(f64),
    Text(String),
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct RawSetting {
    /// `number`, `integer`, `boolean`, `choice`, `text` or `raw`.
    pub(crate) kind: RawSettingKind,
    #[serde(default)]
    pub(crate) unit: String,
    #[serde(default)]
    pub(crate) min: Option<RawAmount>,
    #[serde(default)]
    pub(crate) max: Option<RawAmount>,
    #[serde(default)]
    pub(crate) default: Option<RawAmount>,
    #[serde(default)]
    pub(crate) decimals: Option<usize>,
    #[serde(default)]
    pub(crate) scientific: Option<usize>,
    #[serde(default)]
    pub(crate) suffix: String,
    /// Keywords of a choice, short form in capitals.
    #[serde(default)]
    pub(crate) of: Vec<String>,
    /// What a choice is answered with, where that isn't its keyword.
    #[serde(default)]
    pub(crate) answers: Vec<String>,
    /// Whether a choice is answered in its long form.
    #[serde(default)]
    pub(crate) long: bool,
    /// How a boolean is answered, where it differs.
    #[serde(default)]
    pub(crate) booleans: Option<[String; 2]>,
    /// Whether each channel has its own.
    #[serde(default)]
    pub(crate) each: bool,
    /// How many there are of it, told apart by the header's `<n>`; 0 when it's one.
    #[serde(default)]
    pub(crate) lines: u16,
    /// Whether `*RST` leaves it alone.
    #[serde(default)]
    pub(crate) keeps: bool,
    /// The setting that says how far `UP` and `DOWN` go.
    #[serde(default)]
    pub(crate) step: Option<String>,
    /// Settings that bound this one: lower, upper.
    #[serde(default)]
    pub(crate) within: Option<[String; 2]>,
    /// The boolean setting that makes `within` act.
    #[serde(default)]
    pub(crate) within_when: Option<String>,
    /// A lower maximum while another setting is above a value.
    #[serde(default)]
    pub(crate) derated: Option<RawDerating>,
    /// The error of setting it while the output is on.
    #[serde(default)]
    pub(crate) only_off: Option<i16>,
    /// Settings it may not pass, and the error of trying.
    #[serde(default)]
    pub(crate) not_above: Option<RawFence>,
    #[serde(default)]
    pub(crate) not_below: Option<RawFence>,
}

/// Another setting, times a factor, that may not be passed.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawFence {
    pub(crate) setting: String,
    #[serde(default = "unity")]
    pub(crate) factor: f64,
    pub(crate) error: i16,
}

fn unity() -> f64 {
    1.0
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawDerating {
    pub(crate) setting: String,
    pub(crate) above: f64,
    pub(crate) max: RawAmount,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum RawSettingKind {
    Number,
    Integer,
    Boolean,
    Choice,
    Text,
    /// Whatever was sent, answered as it came.
    Raw,
}

/// A bit of a condition register.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawCondition {
    /// `operation`, `questionable`, either with `channel` behind it, or `word`.
    pub(crate) register: String,
    /// The only channel it's about.
    #[serde(default)]
    pub(crate) channel: Option<u16>,
    pub(crate) bit: u8,
    pub(crate) when: String,
    pub(crate) source: String,
}

/// A frame that cards go into, or a meter without slots.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawFrame {
    /// None at a meter on the bench.
    pub(crate) slots: u8,
    /// How far the channel numbers of two slots are apart.
    #[serde(default)]
    pub(crate) span: u16,
    /// What `SYST:CTYP?` answers, with `{card}` and `{serial}`.
    #[serde(default)]
    pub(crate) card: String,
    /// The same for an empty slot.
    #[serde(default)]
    pub(crate) empty: String,
    /// The meter's ranges by function, smallest first.
    #[serde(default)]
    pub(crate) ranges: BTreeMap<String, Vec<f64>>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawCard {
    /// What `SYST:CTYP?` calls it.
    pub(crate) name: String,
    pub(crate) about: String,
    #[serde(default)]
    pub(crate) terminal: Option<String>,
    pub(crate) banks: Vec<RawBank>,
    pub(crate) source: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawBank {
    pub(crate) kind: Kind,
    pub(crate) first: u16,
    pub(crate) last: u16,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawRow {
    pub(crate) header: String,
    /// A setting that the command sets and the query asks for.
    #[serde(default)]
    pub(crate) setting: Option<String>,
    /// A setting that can only be set.
    #[serde(default)]
    pub(crate) set: Option<String>,
    /// A setting that can only be asked for.
    #[serde(default)]
    pub(crate) get: Option<String>,
    /// What the command does.
    #[serde(default)]
    pub(crate) command: Option<String>,
    /// What the query asks for.
    #[serde(default)]
    pub(crate) query: Option<String>,
    /// A query with always the same answer.
    #[serde(default)]
    pub(crate) constant: Option<String>,
    /// Whether the command is taken without remote control.
    #[serde(default)]
    pub(crate) anytime: bool,
    /// How the query answers no and yes, where it differs.
    #[serde(default)]
    pub(crate) booleans: Option<[String; 2]>,
    pub(crate) source: String,
}

/// One command of a language of lines.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawLine {
    /// The words before the first value, joined by commas: `MODE,CONSTANT`.
    pub(crate) command: String,
    pub(crate) does: String,
    pub(crate) source: String,
}
