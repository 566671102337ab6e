//! What all drivers share: a session, limits, and the translation of errors.

use crate::options::{ClockPace, Limits, Options};
use api::{ChannelId, Identity, InstrumentError};
use std::sync::Arc;
use std::time::Duration;
use units::Quantity;
use wire::{Dialect, Link, Session, WireError};

pub(crate) type Result<T> = std::result::Result<T, InstrumentError>;

/// How often making an output safe is tried before its failure counts.
const TRIES: usize = 3;

/// The headers of an instrument's own watchdog: without a message for so long it turns its outputs
/// off.
pub(crate) struct Watchdog {
    /// In seconds.
    pub(crate) delay: &'static str,
    pub(crate) state: &'static str,
}

pub(crate) struct Core {
    pub(crate) session: Session,
    pub(crate) limits: Limits,
    /// Nothing was heard in all tries of the last effort: the next one gets one try only, so that
    /// making safe ends in bounded time on a dead link.
    deaf: bool,
}

impl Core {
    pub(crate) fn new(id: &str, link: Box<dyn Link>, dialect: Dialect, options: &Options) -> Self {
        let dialect = Dialect {
            timeout: options.timeout.unwrap_or(dialect.timeout),
            ..dialect
        };
        let pace = Arc::new(ClockPace(options.clock.clone()));
        Self {
            session: Session::new(id, link, dialect, pace, options.transcript.clone()),
            limits: options.limits,
            deaf: false,
        }
    }

    pub(crate) fn id(&self) -> &str {
        self.session.id()
    }

    pub(crate) fn identity(&mut self) -> Result<Identity> {
        let answer = self.query("*IDN?")?;
        let mut fields = answer.split(',').map(|field| field.trim().to_owned());
        let mut next = || fields.next().filter(|field| !field.is_empty());
        match (next(), next(), next(), next()) {
            (Some(manufacturer), Some(model), serial, firmware) => Ok(Identity {
                manufacturer,
                model,
                serial: serial.unwrap_or_default(),
                firmware: firmware.unwrap_or_default(),
            }),
            _ => Err(self.nonsense("*IDN?", "manufacturer,model,serial,firmware")),
        }
    }

    pub(crate) fn drain_errors(&mut self) -> Result<Vec<String>> {
        self.session.drain_errors().map_err(translate)
    }

    pub(crate) fn command(&mut self, command: &str) -> Result<()> {
        self.session.command(command).map_err(translate)
    }

    pub(crate) fn query(&mut self, query: &str) -> Result<String> {
        self.session.query(query).map_err(translate)
    }

    pub(crate) fn quantity<Q: Quantity>(&mut self, query: &str) -> Result<Q> {
        self.session.query_quantity(query).map_err(translate)
    }

    pub(crate) fn integer(&mut self, query: &str) -> Result<i64> {
        self.session.query_integer(query).map_err(translate)
    }

    pub(crate) fn is_on(&mut self, query: &str) -> Result<bool> {
        self.session.query_bool(query).map_err(translate)
    }

    pub(crate) fn set<Q: Quantity>(
        &mut self,
        command: &str,
        query: &str,
        wanted: Q,
        tolerance: Q,
    ) -> Result<()> {
        self.session
            .set_and_verify(command, query, wanted, tolerance)
            .map_err(translate)
    }

    pub(crate) fn switch(&mut self, command: &str, query: &str, on: bool) -> Result<()> {
        self.session
            .switch_and_verify(command, query, on)
            .map_err(translate)
    }

    pub(crate) fn nonsense(&mut self, query: &str, expected: &str) -> InstrumentError {
        translate(self.session.nonsense(query, expected))
    }

    pub(crate) fn read_back(&self, command: &str, wanted: &str, found: &str) -> InstrumentError {
        translate(self.session.read_back(command, wanted, found))
    }

    /// Tries until it succeeds, clearing the link in between; what failed stays in the transcript.
    ///
    /// For switching off: a message lost on the way must not leave an output on.
    pub(crate) fn persist(&mut self, attempt: impl Fn(&mut Self) -> Result<()>) -> Result<()> {
        let mut first = None;
        let tries = if self.deaf { 1 } else { TRIES };
        self.deaf = true;
        for _ in 0..tries {
            match attempt(self) {
                Ok(()) => {
                    self.deaf = false;
                    return Ok(());
                }
                Err(error) => {
                    self.session.remark(&format!("not yet off: {error}"));
                    self.session.distrust();
                    self.deaf &= error.is_deaf();
                    first.get_or_insert(error);
                }
            }
        }
        first.map_or(Ok(()), Err)
    }

    /// Says these at once where the link is suspect; see [`Session::say_before_clearing`].
    pub(crate) fn say_before_clearing(&mut self, commands: &[String]) {
        self.session.say_before_clearing(commands);
    }

    /// Arms the instrument's own watchdog, so that it doesn't outlive whoever watches over it.
    pub(crate) fn arm(&mut self, delay: Duration, words: &Watchdog) -> Result<()> {
        let seconds = delay.as_secs_f64().ceil().max(1.0);
        let command = format!("{} {seconds:.0}", words.delay);
        self.command(&command)?;
        let query = format!("{}?", words.delay);
        let found = self.session.query_number(&query, "s").map_err(translate)?;
        if (found.value - seconds).abs() > 0.5 {
            let (wanted, found) = (format!("{seconds} s"), format!("{} s", found.value));
            return Err(self.read_back(&command, &wanted, &found));
        }
        let command = format!("{} ON", words.state);
        self.switch(&command, &format!("{}?", words.state), true)
    }

    /// Disarms it again.
    pub(crate) fn disarm(&mut self, words: &Watchdog) -> Result<()> {
        let command = format!("{} OFF", words.state);
        self.switch(&command, &format!("{}?", words.state), false)
    }

    pub(crate) fn beyond(&self, reason: String) -> InstrumentError {
        InstrumentError::Capability {
            instrument: self.id().to_owned(),
            reason,
        }
    }

    pub(crate) fn no_channel(&self, channel: ChannelId, what: &str) -> InstrumentError {
        self.beyond(format!("channel {channel} is no {what}"))
    }

    /// Whether a set-point is between zero, the model's rating and the bench file's limit.
    pub(crate) fn within<Q: Quantity>(
        &self,
        wanted: Q,
        rating: Q,
        model: &str,
        limit: Option<Q>,
    ) -> Result<()> {
        if wanted.value().is_nan() || wanted.value() < 0.0 {
            return Err(self.beyond(format!("{wanted} is no magnitude")));
        }
        if let Some(limit) = limit.filter(|limit| wanted > *limit) {
            let reason = format!("{wanted} is more than the {limit} that the bench file allows");
            return Err(self.beyond(reason));
        }
        if wanted > rating {
            let reason = format!("{wanted} is more than the {rating} that the {model} can");
            return Err(self.beyond(reason));
        }
        Ok(())
    }
}

/// The same words, for callers who know no wire.
pub(crate) fn translate(error: WireError) -> InstrumentError {
    match error {
        WireError::Link {
            instrument,
            address,
            asked,
            source,
        } => InstrumentError::Link {
            instrument: format!("{instrument} at {address}"),
            asked,
            reason: source.to_string(),
        },
        WireError::Refused {
            instrument,
            asked,
            code,
            message,
        } => InstrumentError::Refused {
            instrument,
            asked,
            code,
            message,
        },
        WireError::Nonsense {
            instrument,
            asked,
            answered,
            expected,
        } => InstrumentError::Nonsense {
            instrument,
            asked,
            answered,
            expected,
        },
        WireError::Restarted { instrument, asked } => {
            InstrumentError::Restarted { instrument, asked }
        }
        WireError::Stranger {
            instrument,
            found,
            before,
            ..
        } => InstrumentError::Identity {
            instrument,
            found,
            expected: format!("the {before} that it was before"),
        },
        WireError::ReadBack {
            instrument,
            asked,
            wanted,
            read_back,
        } => InstrumentError::ReadBack {
            instrument,
            asked,
            wanted,
            read_back,
        },
    }
}

/// The first failure of several steps that are all taken.
#[derive(Default)]
pub(crate) struct First(Option<InstrumentError>);

impl First {
    pub(crate) fn note(&mut self, outcome: Result<()>) {
        if let Err(error) = outcome {
            self.0.get_or_insert(error);
        }
    }

    pub(crate) fn outcome(self) -> Result<()> {
        self.0.map_or(Ok(()), Err)
    }
}

/// The methods of `Instrument` that are the same in every driver with a `core` field.
macro_rules! instrument_basics {
    () => {
        fn id(&self) -> &str {
            self.core.id()
        }
        fn drain_errors(&mut self) -> crate::core::Result<Vec<String>> {
            self.core.drain_errors()
        }
        fn take_restart(&mut self) -> bool {
            self.core.session.take_restart()
        }
    };
}
pub(crate) use instrument_basics;
