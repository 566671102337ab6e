//! Fields that are packed through bytes, least significant bit first.

use crate::Finding;

/// The field of `count` bits (1 to 32) from bit `start`; `None` where the bytes end before it does.
pub(crate) fn field(bytes: &[u8], start: usize, count: usize) -> Option<u32> {
    debug_assert!((1..=32).contains(&count), "a field of {count} bits");
    if start + count > bytes.len() * 8 {
        return None;
    }
    let mut value = 0;
    for offset in 0..count {
        let at = start + offset;
        let bit = bytes[at / 8] >> (at % 8) & 1;
        value |= u32::from(bit) << offset;
    }
    Some(value)
}

/// Fields of a record by name, first bit and number of bits; those beyond the payload's end are absent
/// and named in the findings.
pub(crate) fn fields<const N: usize>(
    payload: &[u8],
    layout: [(&'static str, usize, usize); N],
    findings: &mut Vec<Finding>,
) -> [Option<u32>; N] {
    layout.map(|(name, start, count)| {
        let value = field(payload, start, count);
        if value.is_none() {
            findings.push(Finding::Truncated {
                field: name,
                bytes: payload.len(),
            });
        }
        value
    })
}

#[cfg(test)]
mod tests {
    use super::field;

    #[test]
    fn the_first_bit_is_the_least_significant_of_the_first_byte() {
        for (start, count, expected) in [
            (0, 1, Some(1)),
            (1, 1, Some(0)),
            (0, 8, Some(0x01)),
            (4, 8, Some(0x30)),
            (4, 12, Some(0x230)),
            (7, 10, Some(0x246)),
            (0, 32, Some(0x8765_2301)),
            (31, 1, Some(1)),
            (31, 2, None),
            (32, 1, None),
        ] {
            let bytes = [0x01, 0x23, 0x65, 0x87];
            assert_eq!(
                field(&bytes, start, count),
                expected,
                "{count} bits from {start}"
            );
        }
        assert_eq!(field(&[], 0, 1), None);
    }
}
