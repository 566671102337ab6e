//! Any bytes at all.

mod common;

use api::CellVoltage;
use common::{key, key_bytes, put, seal};
use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};
use proptest::{collection, option};
use telemetry::{Record, decode, decode_battery, decode_lynx, decode_to_json};

/// A cell code and what it must decode to.
fn cell(raw: u32) -> Option<CellVoltage> {
    use units::Volts;
    match raw {
        0x7f => None,
        0x7e => Some(CellVoltage::Above(Volts(3.85))),
        0 => Some(CellVoltage::Below(Volts(2.61))),
        raw => Some(CellVoltage::At(Volts(f64::from(260 + raw) / 100.0))),
    }
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in collection::vec(any::<u8>(), 0..40)) {
        // With the right header in front it gets past the checks; without, it mostly doesn't.
        let _ = decode(&key(), &bytes);
        for record in [0x05, 0x0a, 0x0e, 0x42, 0xff] {
            let _ = decode(&key(), &seal(key_bytes(), 0xa0ed, record, 3, &bytes));
        }
    }

    #[test]
    fn no_text_makes_it_panic(key in ".{0,40}", advert in ".{0,80}") {
        let _ = decode_to_json(&key, &advert);
    }

    #[test]
    fn what_a_short_payload_tells_the_whole_one_tells_too(
        whole in collection::vec(any::<u8>(), 16),
        length in 6usize..16,
    ) {
        let (all, _) = decode_battery(0x1234, 1, &whole).expect("long enough");
        let (some, findings) = decode_battery(0x1234, 1, &whole[..length]).expect("long enough");
        prop_assert_eq!(some.flags, all.flags);
        prop_assert_eq!(some.errors, all.errors);
        prop_assert_eq!(&some.cells[..], &all.cells[..some.cells.len()]);
        prop_assert!(some.voltage.is_none() || some.voltage == all.voltage);
        prop_assert!(some.balancer.is_none() || some.balancer == all.balancer);
        prop_assert!(some.temperature.is_none(), "byte 16 is missing");
        prop_assert!(findings.iter().any(|finding| finding.code() == "truncated"));
    }

    #[test]
    fn fields_come_back_as_they_were_put(
        flags in any::<u32>(),
        errors in any::<u16>(),
        cells in collection::vec(0u32..0x7f, 4),
        voltage in option::of(0u32..0xfff),
        temperature in option::of(0u32..0x7f),
        counter in any::<u16>(),
    ) {
        let mut payload = [0xff; 16];
        put(&mut payload, 0, 32, flags);
        put(&mut payload, 32, 16, u32::from(errors));
        for (index, raw) in cells.iter().enumerate() {
            put(&mut payload, 48 + 7 * index, 7, *raw);
        }
        put(&mut payload, 104, 12, voltage.unwrap_or(0xfff));
        put(&mut payload, 120, 7, temperature.unwrap_or(0x7f));
        let decoded = decode(&key(), &seal(key_bytes(), 0xa0ed, 0x05, counter, &payload));
        let decoded = decoded.expect("a whole frame");
        let Record::Battery(report) = decoded.record else {
            panic!("0x05 is a battery");
        };
        prop_assert_eq!(report.counter, counter);
        prop_assert_eq!(report.flags, flags);
        prop_assert_eq!(report.errors, errors);
        let expected: Vec<CellVoltage> = cells.iter().filter_map(|raw| cell(*raw)).collect();
        prop_assert_eq!(report.cells, expected);
        prop_assert_eq!(report.voltage.map(|v| (v.0 * 100.0).round()), voltage.map(f64::from));
        prop_assert_eq!(
            report.temperature.map(|t| t.0 + 40.0),
            temperature.map(f64::from)
        );
        prop_assert_eq!(report.balancer, None);
    }

    #[test]
    fn lynx_numbers_come_back_as_they_were_put(
        voltage in any::<i16>(),
        current in any::<i16>(),
        consumed in 0u32..0xf_ffff,
        charge in 0u32..0x3ff,
    ) {
        let mut payload = [0xff; 16];
        put(&mut payload, 24, 16, u32::from(voltage.cast_unsigned()));
        put(&mut payload, 40, 16, u32::from(current.cast_unsigned()));
        put(&mut payload, 90, 10, charge);
        put(&mut payload, 100, 20, consumed);
        let (report, _) = decode_lynx(&payload);
        let known = |raw: i16| (raw != i16::MAX).then(|| f64::from(raw));
        prop_assert_eq!(report.voltage.map(|v| (v.0 * 100.0).round()), known(voltage));
        prop_assert_eq!(report.current.map(|a| (a.0 * 10.0).round()), known(current));
        prop_assert_eq!(report.consumed.map(|ah| (ah.0 * -10.0).round()), Some(f64::from(consumed)));
        prop_assert_eq!(
            report.state_of_charge.map(|soc| (soc.0 * 10.0).round()),
            Some(f64::from(charge))
        );
    }
}
