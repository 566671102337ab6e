//! Errors an instrument keeps for whoever asks: SCPI numbers and their texts.

use scpi::error::ErrorCode;

/// One entry for the error queue, by its SCPI number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fault(pub(crate) i16);

impl Fault {
    pub(crate) const INVALID_CHARACTER: Self = Self(-101);
    pub(crate) const SYNTAX: Self = Self(-102);
    pub(crate) const INVALID_SEPARATOR: Self = Self(-103);
    pub(crate) const DATA_TYPE: Self = Self(-104);
    pub(crate) const PARAMETER_NOT_ALLOWED: Self = Self(-108);
    pub(crate) const MISSING_PARAMETER: Self = Self(-109);
    pub(crate) const HEADER: Self = Self(-110);
    pub(crate) const HEADER_SEPARATOR: Self = Self(-111);
    pub(crate) const MNEMONIC_TOO_LONG: Self = Self(-112);
    pub(crate) const UNDEFINED_HEADER: Self = Self(-113);
    pub(crate) const SUFFIX_OUT_OF_RANGE: Self = Self(-114);
    pub(crate) const NUMERIC_DATA: Self = Self(-120);
    pub(crate) const INVALID_IN_NUMBER: Self = Self(-121);
    pub(crate) const EXPONENT_TOO_LARGE: Self = Self(-123);
    pub(crate) const TOO_MANY_DIGITS: Self = Self(-124);
    pub(crate) const INVALID_UNIT: Self = Self(-131);
    pub(crate) const UNIT_NOT_ALLOWED: Self = Self(-138);
    pub(crate) const INVALID_WORD: Self = Self(-141);
    pub(crate) const INVALID_EXPRESSION: Self = Self(-171);
    pub(crate) const TRIGGER_IGNORED: Self = Self(-211);
    pub(crate) const INIT_IGNORED: Self = Self(-213);
    pub(crate) const SETTINGS_CONFLICT: Self = Self(-221);
    pub(crate) const OUT_OF_RANGE: Self = Self(-222);
    pub(crate) const TOO_MUCH_DATA: Self = Self(-223);
    pub(crate) const ILLEGAL_VALUE: Self = Self(-224);
    pub(crate) const STALE_DATA: Self = Self(-230);
    pub(crate) const HARDWARE_MISSING: Self = Self(-241);
    pub(crate) const SAVE_LOST: Self = Self(-314);
    pub(crate) const QUEUE_OVERFLOW: Self = Self(-350);
    pub(crate) const INPUT_OVERRUN: Self = Self(-363);
    pub(crate) const INTERRUPTED: Self = Self(-410);
    pub(crate) const UNTERMINATED: Self = Self(-420);
    pub(crate) const DEADLOCKED: Self = Self(-430);
    pub(crate) const AFTER_INDEFINITE: Self = Self(-440);

    /// The bit this error sets in the standard event status register.
    pub(crate) fn event_bit(self) -> u8 {
        match self.0 {
            -199..=-100 => 1 << 5,
            -299..=-200 => 1 << 4,
            -499..=-400 => 1 << 2,
            -399..=-300 | 1.. => 1 << 3,
            -599..=-500 => 1 << 7,
            -699..=-600 => 1 << 6,
            -799..=-700 => 1 << 1,
            -899..=-800 => 1,
            _ => 0,
        }
    }

    /// A syntax error: what follows in the same message can't be trusted.
    pub(crate) fn ends_message(self) -> bool {
        (-199..=-100).contains(&self.0)
    }

    /// The standard's words for the number.
    pub(crate) fn standard_text(self) -> &'static str {
        ErrorCode::get_error(self.0)
            .and_then(|code| std::str::from_utf8(code.get_message()).ok())
            .unwrap_or("Device-specific error")
    }
}

impl From<ErrorCode> for Fault {
    fn from(code: ErrorCode) -> Self {
        Self(code.get_code())
    }
}

impl From<scpi::error::Error> for Fault {
    fn from(error: scpi::error::Error) -> Self {
        Self(error.get_code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_class_sets_its_own_bit() {
        for (code, bit) in [
            (-113, 5),
            (-222, 4),
            (-350, 3),
            (-363, 3),
            (301, 3),
            (-410, 2),
            (-500, 7),
            (-800, 0),
        ] {
            assert_eq!(Fault(code).event_bit(), 1 << bit, "{code}");
        }
        assert_eq!(Fault(0).event_bit(), 0);
    }

    #[test]
    fn texts_are_the_standards() {
        assert_eq!(Fault::UNDEFINED_HEADER.standard_text(), "Undefined header");
        assert_eq!(Fault::OUT_OF_RANGE.standard_text(), "Data out of range");
        assert_eq!(Fault::INPUT_OVERRUN.standard_text(), "Input buffer overrun");
        assert_eq!(Fault(17).standard_text(), "Device-specific error");
    }
}
