//! Record 0x02: a battery monitor.

use crate::Finding;
use crate::bits::fields;
use std::time::Duration;
use units::{AmpHours, Amps, Percent, Volts};

/// One decoded report. A field is `None` where the record says "not available" or ends too early.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MonitorRecord {
    /// Until empty, to a minute.
    pub time_to_go: Option<Duration>,
    /// Battery voltage, to 10 mV.
    pub voltage: Option<Volts>,
    /// Why it raises an alarm, bit by bit; 0 for no alarm.
    pub alarm: Option<u16>,
    /// Current, positive into the battery, to 1 mA.
    pub current: Option<Amps>,
    /// Charge since full, negative when taken out, to 0.1 Ah.
    pub consumed: Option<AmpHours>,
    /// State of charge, to 0.1 %.
    pub state_of_charge: Option<Percent>,
}

/// What the auxiliary input measures is left alone: none of the batteries' business.
const FIELDS: [(&str, usize, usize); 6] = [
    ("time to go", 0, 16),
    ("voltage", 16, 16),
    ("alarm", 32, 16),
    ("current", 66, 22),
    ("consumed charge", 88, 20),
    ("state of charge", 108, 10),
];

/// A number of `bits` bits in two's complement.
fn signed(raw: u32, bits: u32) -> f64 {
    let value = f64::from(raw);
    if raw >> (bits - 1) & 1 == 1 {
        value - f64::from(1_u32 << bits)
    } else {
        value
    }
}

/// Decodes the decrypted payload of record 0x02, any length: fields beyond its end are absent and
/// named in the findings.
#[must_use]
pub fn decode_monitor(payload: &[u8]) -> (MonitorRecord, Vec<Finding>) {
    let mut findings = Vec::new();
    let raw = fields(payload, FIELDS, &mut findings);
    let [time_to_go, voltage, alarm, current, consumed, charge] = raw;
    let report = MonitorRecord {
        time_to_go: time_to_go
            .filter(|&raw| raw != 0xffff)
            .map(|minutes| Duration::from_secs(u64::from(minutes) * 60)),
        voltage: voltage
            .filter(|&raw| raw != 0x7fff)
            .map(|raw| Volts(signed(raw, 16) / 100.0)),
        alarm: alarm.and_then(|raw| u16::try_from(raw).ok()),
        current: current
            .filter(|&raw| raw != 0x1f_ffff)
            .map(|raw| Amps(signed(raw, 22) / 1000.0)),
        consumed: consumed
            .filter(|&raw| raw != 0xf_ffff)
            // Zero stays zero: no "-0.0 Ah" in a report.
            .map(|raw| AmpHours(0.0 - f64::from(raw) / 10.0)),
        state_of_charge: charge
            .filter(|&raw| raw != 0x3ff)
            .map(|raw| Percent(f64::from(raw) / 10.0)),
    };
    (report, findings)
}

#[cfg(test)]
mod tests {
    use super::{MonitorRecord, decode_monitor};
    use std::time::Duration;
    use units::{AmpHours, Amps, Percent, Volts};

    /// Fields from their first bit on, least significant first, as the record is printed.
    fn packed(fields: [(u32, usize, usize); 6]) -> [u8; 16] {
        let mut bytes = [0_u8; 16];
        for (value, start, count) in fields {
            for bit in 0..count {
                let on = u8::from(value >> bit & 1 == 1);
                bytes[(start + bit) / 8] |= on << ((start + bit) % 8);
            }
        }
        bytes
    }

    #[test]
    fn fields_come_with_sign_scale_and_absence() {
        let half = packed([
            (1500, 0, 16),
            (1337, 16, 16),
            (4, 32, 16),
            ((1 << 22) - 2_500, 66, 22),
            (505, 88, 20),
            (495, 108, 10),
        ]);
        let expected = MonitorRecord {
            time_to_go: Some(Duration::from_secs(90_000)),
            voltage: Some(Volts(13.37)),
            alarm: Some(4),
            current: Some(Amps(-2.5)),
            consumed: Some(AmpHours(-50.5)),
            state_of_charge: Some(Percent(49.5)),
        };
        assert_eq!(decode_monitor(&half), (expected, Vec::new()));

        let nothing = packed([
            (0xffff, 0, 16),
            (0x7fff, 16, 16),
            (0, 32, 16),
            (0x1f_ffff, 66, 22),
            (0xf_ffff, 88, 20),
            (0x3ff, 108, 10),
        ]);
        let expected = MonitorRecord {
            time_to_go: None,
            voltage: None,
            alarm: Some(0),
            current: None,
            consumed: None,
            state_of_charge: None,
        };
        assert_eq!(decode_monitor(&nothing), (expected, Vec::new()));
    }

    #[test]
    fn a_record_that_ends_too_early_says_what_is_missing() {
        let (report, findings) = decode_monitor(&[0; 12]);
        assert_eq!(report.current, Some(Amps(0.0)));
        assert_eq!((report.consumed, report.state_of_charge), (None, None));
        assert_eq!(findings.len(), 2, "{findings:?}");
    }
}
