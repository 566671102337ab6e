//! Physical quantities: a newtype each, the arithmetic we mean between them, and nothing else.
//!
//! In files people write, the unit stands in the value (`14.2 V`, `30 s`): [`Deserialize`] reads
//! just that. In files machines read the unit is the last part of the key, and the bare number is
//! written by whoever owns the file's schema.

mod text;

pub use text::{ParseQuantityError, Written, duration};

use core::fmt;
use core::ops::{Add, AddAssign, Div, Mul, Neg, Sub};
use serde::{Deserialize, Deserializer, de};

/// What every quantity can do: be named, be written with its unit, and be read back.
pub trait Quantity: Copy + PartialOrd + fmt::Debug + fmt::Display + 'static {
    /// Symbol of the unit, as in `14.2 V`.
    const UNIT: &'static str;
    /// The quantity as messages name it: `a voltage`.
    const WHAT: &'static str;
    /// From a value in [`Quantity::UNIT`].
    fn new(value: f64) -> Self;
    /// The value in [`Quantity::UNIT`].
    fn value(self) -> f64;
}

macro_rules! quantity {
    ($(#[$doc:meta])* $name:ident, $unit:literal, $what:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default)]
        pub struct $name(pub f64);

        impl Quantity for $name {
            const UNIT: &'static str = $unit;
            const WHAT: &'static str = $what;
            fn new(value: f64) -> Self {
                Self(value)
            }
            fn value(self) -> f64 {
                self.0
            }
        }
        impl $name {
            /// The magnitude.
            #[must_use]
            pub const fn abs(self) -> Self {
                Self(self.0.abs())
            }
            /// The smaller of two.
            #[must_use]
            pub const fn min(self, other: Self) -> Self {
                Self(self.0.min(other.0))
            }
            /// The larger of two.
            #[must_use]
            pub const fn max(self, other: Self) -> Self {
                Self(self.0.max(other.0))
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                text::write(f, self.0, $unit)
            }
        }
        impl core::str::FromStr for $name {
            type Err = ParseQuantityError;
            fn from_str(text: &str) -> Result<Self, ParseQuantityError> {
                text::parse(text)
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Written::<$name>::deserialize(deserializer).map(|written| written.0)
            }
        }
    };
}

/// Quantities of which sums, differences, multiples and ratios mean something.
macro_rules! linear {
    ($($name:ident),+) => {$(
        impl Add for $name {
            type Output = Self;
            fn add(self, other: Self) -> Self {
                Self(self.0 + other.0)
            }
        }
        impl AddAssign for $name {
            fn add_assign(&mut self, other: Self) {
                self.0 += other.0;
            }
        }
        impl Sub for $name {
            type Output = Self;
            fn sub(self, other: Self) -> Self {
                Self(self.0 - other.0)
            }
        }
        impl Neg for $name {
            type Output = Self;
            fn neg(self) -> Self {
                Self(-self.0)
            }
        }
        impl Mul<f64> for $name {
            type Output = Self;
            fn mul(self, factor: f64) -> Self {
                Self(self.0 * factor)
            }
        }
        impl Div<f64> for $name {
            type Output = Self;
            fn div(self, divisor: f64) -> Self {
                Self(self.0 / divisor)
            }
        }
        impl Div for $name {
            type Output = f64;
            fn div(self, other: Self) -> f64 {
                self.0 / other.0
            }
        }
    )+};
}

quantity! {
    /// Electric potential difference in volts.
    Volts, "V", "a voltage"
}
quantity! {
    /// Electric current in amperes; positive into the battery wherever a battery is meant.
    Amps, "A", "a current"
}
quantity! {
    /// Resistance in ohms.
    Ohms, "Ω", "a resistance"
}
quantity! {
    /// Power in watts.
    Watts, "W", "a power"
}
quantity! {
    /// Charge in ampere-hours.
    AmpHours, "Ah", "a charge"
}
quantity! {
    /// Energy in watt-hours.
    WattHours, "Wh", "an energy"
}
quantity! {
    /// Temperature on the Celsius scale. Sums of temperatures mean nothing, so there are none.
    Celsius, "°C", "a temperature"
}
quantity! {
    /// Temperature difference in kelvin.
    Kelvin, "K", "a temperature difference"
}
quantity! {
    /// Rate of change of a temperature in kelvin a minute.
    KelvinPerMinute, "K/min", "a temperature rate"
}
quantity! {
    /// Rate of change of a voltage in volts a second.
    VoltsPerSecond, "V/s", "a voltage rate"
}
quantity! {
    /// A part of a whole; written in percent, kept as a fraction of one in [`Percent::fraction`].
    Percent, "%", "a percentage"
}
linear!(
    Volts,
    Amps,
    Ohms,
    Watts,
    AmpHours,
    WattHours,
    Kelvin,
    KelvinPerMinute,
    VoltsPerSecond,
    Percent
);

impl Percent {
    /// `0.5` for `50 %`.
    #[must_use]
    pub fn fraction(self) -> f64 {
        self.0 / 100.0
    }
}
impl Sub for Celsius {
    type Output = Kelvin;
    fn sub(self, other: Self) -> Kelvin {
        Kelvin(self.0 - other.0)
    }
}
impl Add<Kelvin> for Celsius {
    type Output = Self;
    fn add(self, difference: Kelvin) -> Self {
        Self(self.0 + difference.0)
    }
}
impl Sub<Kelvin> for Celsius {
    type Output = Self;
    fn sub(self, difference: Kelvin) -> Self {
        Self(self.0 - difference.0)
    }
}
impl Mul<Amps> for Volts {
    type Output = Watts;
    fn mul(self, current: Amps) -> Watts {
        Watts(self.0 * current.0)
    }
}
impl Div<Amps> for Volts {
    type Output = Ohms;
    fn div(self, current: Amps) -> Ohms {
        Ohms(self.0 / current.0)
    }
}
impl Mul<Ohms> for Amps {
    type Output = Volts;
    fn mul(self, resistance: Ohms) -> Volts {
        Volts(self.0 * resistance.0)
    }
}
impl Div<Ohms> for Volts {
    type Output = Amps;
    fn div(self, resistance: Ohms) -> Amps {
        Amps(self.0 / resistance.0)
    }
}
impl Mul<core::time::Duration> for VoltsPerSecond {
    type Output = Volts;
    fn mul(self, time: core::time::Duration) -> Volts {
        Volts(self.0 * time.as_secs_f64())
    }
}

impl<'de, Q: Quantity> Deserialize<'de> for Written<Q> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor<Q>(core::marker::PhantomData<Q>);
        impl<Q: Quantity> de::Visitor<'_> for Visitor<Q> {
            type Value = Written<Q>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{} with its unit, as in `14.2 {}`", Q::WHAT, Q::UNIT)
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Written<Q>, E> {
                text::parse(text).map(Written).map_err(E::custom)
            }
            fn visit_f64<E: de::Error>(self, value: f64) -> Result<Written<Q>, E> {
                Err(E::custom(ParseQuantityError::missing::<Q>(
                    &value.to_string(),
                )))
            }
            fn visit_i64<E: de::Error>(self, value: i64) -> Result<Written<Q>, E> {
                Err(E::custom(ParseQuantityError::missing::<Q>(
                    &value.to_string(),
                )))
            }
            fn visit_u64<E: de::Error>(self, value: u64) -> Result<Written<Q>, E> {
                Err(E::custom(ParseQuantityError::missing::<Q>(
                    &value.to_string(),
                )))
            }
        }
        // `str` rather than `any`: a bare number then reaches us as its text, unit missing.
        deserializer.deserialize_str(Visitor(core::marker::PhantomData))
    }
}
