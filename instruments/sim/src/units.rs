//! Unit suffixes of IEEE 488.2 numbers: `10 mV`, `1.5KOHM`.

use crate::fault::Fault;

/// What a number with this suffix is multiplied with to be in `base` units.
///
/// `base` is empty where no suffix is allowed.
pub(crate) fn scale(base: &str, suffix: &[u8]) -> Result<f64, Fault> {
    if base.is_empty() {
        return Err(Fault::UNIT_NOT_ALLOWED);
    }
    let suffix = suffix.to_ascii_uppercase();
    for (unit, factor) in spellings(base) {
        if let Some(prefix) = suffix.strip_suffix(unit.as_bytes())
            && let Some(prefix) = multiplier(prefix, unit)
        {
            return Ok(prefix * factor);
        }
    }
    Err(Fault::INVALID_UNIT)
}

/// How a unit may be written, with its size in base units.
fn spellings(base: &str) -> &'static [(&'static str, f64)] {
    match base {
        "V" => &[("V", 1.0)],
        "A" => &[("A", 1.0)],
        "W" => &[("W", 1.0)],
        "OHM" => &[("OHM", 1.0)],
        "HZ" => &[("HZ", 1.0)],
        "S" => &[("MIN", 60.0), ("HR", 3600.0), ("S", 1.0)],
        "CEL" => &[("CEL", 1.0), ("C", 1.0)],
        "PCT" => &[("PCT", 1.0)],
        "AH" => &[("AH", 1.0)],
        "A/US" => &[("A/US", 1.0), ("A/MS", 1e-3), ("A/S", 1e-6)],
        "V/US" => &[("V/US", 1.0), ("V/MS", 1e-3), ("V/S", 1e-6)],
        _ => &[],
    }
}

/// Decimal multipliers; `M` is mega before OHM and HZ, milli elsewhere.
fn multiplier(prefix: &[u8], unit: &str) -> Option<f64> {
    Some(match prefix {
        b"" => 1.0,
        b"EX" => 1e18,
        b"PE" => 1e15,
        b"T" => 1e12,
        b"G" => 1e9,
        b"MA" => 1e6,
        b"M" if matches!(unit, "OHM" | "HZ") => 1e6,
        b"K" => 1e3,
        b"M" => 1e-3,
        b"U" => 1e-6,
        b"N" => 1e-9,
        b"P" => 1e-12,
        b"F" => 1e-15,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn multipliers_are_those_of_the_standard() {
        for (base, suffix, expected) in [
            ("V", "V", Ok(1.0)),
            ("V", "mV", Ok(1e-3)),
            ("V", "kv", Ok(1e3)),
            ("A", "uA", Ok(1e-6)),
            ("A", "MAA", Ok(1e6)),
            ("OHM", "MOHM", Ok(1e6)),
            ("OHM", "KOHM", Ok(1e3)),
            ("S", "ms", Ok(1e-3)),
            ("S", "min", Ok(60.0)),
            ("A/US", "A/MS", Ok(1e-3)),
            ("V", "A", Err(Fault::INVALID_UNIT)),
            ("V", "XV", Err(Fault::INVALID_UNIT)),
            ("V", "", Err(Fault::INVALID_UNIT)),
            ("", "V", Err(Fault::UNIT_NOT_ALLOWED)),
        ] {
            assert_eq!(
                scale(base, suffix.as_bytes()),
                expected,
                "{suffix} for {base}"
            );
        }
    }
}
