//! What stands in the braces of a sentence.

use api::AlarmCode;
use cucumber::Parameter;
use std::convert::Infallible;
use std::str::FromStr;
use std::time::Duration;
use units::{Amps, ParseQuantityError, Volts};

/// `3.30 V`.
#[derive(Debug, Clone, Copy, Parameter)]
#[param(name = "volts", regex = r"-?\d+(?:\.\d+)? V")]
pub(super) struct InVolts(pub(super) Volts);

impl FromStr for InVolts {
    type Err = ParseQuantityError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// `20 A`.
#[derive(Debug, Clone, Copy, Parameter)]
#[param(name = "amps", regex = r"\d+(?:\.\d+)? A")]
pub(super) struct InAmps(pub(super) Amps);

impl FromStr for InAmps {
    type Err = ParseQuantityError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// `60 s`, `15 min`, `1 h`.
#[derive(Debug, Clone, Copy, Parameter)]
#[param(name = "duration", regex = r"\d+(?:\.\d+)? (?:ms|s|min|h)")]
pub(super) struct Lasting(pub(super) Duration);

impl FromStr for Lasting {
    type Err = ParseQuantityError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        units::duration::parse(text).map(Self)
    }
}

/// `A-SL11`.
#[derive(Debug, Clone, Copy, Parameter)]
#[param(name = "code", regex = r"[WAE]-SL\d+")]
pub(super) struct Code(pub(super) AlarmCode);

impl FromStr for Code {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// `charge pole`, `discharge pole`, `pre-alarm pole`.
#[derive(Debug, Clone, Copy, Parameter)]
#[param(name = "pole", regex = "charge pole|discharge pole|pre-alarm pole")]
pub(super) struct OnePole(pub(super) bench::Pole);

impl FromStr for OnePole {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(match text {
            "charge pole" => bench::Pole::Charge,
            "discharge pole" => bench::Pole::Discharge,
            // The expression lets nothing else through.
            _ => bench::Pole::PreAlarm,
        }))
    }
}
