//! IEEE 488.2 arbitrary blocks: `#15hello` and `#0hello`.

/// Why a reply is no block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BlockError {
    /// It doesn't start with `#` and a digit.
    #[error("no `#` and digit at its start")]
    NoHeader,
    /// The length isn't written in digits.
    #[error("no length in digits after its header")]
    NoLength,
    /// Fewer bytes than announced.
    #[error("{announced} bytes announced, {there} there")]
    Short {
        /// As the header says.
        announced: usize,
        /// After the header.
        there: usize,
    },
    /// More bytes than announced.
    #[error("{extra} bytes after its end")]
    Long {
        /// After the announced ones.
        extra: usize,
    },
}

/// Where a definite block's payload starts and ends, both counted from its `#`.
///
/// `Ok(None)` when the header itself is still incomplete, or when the block is indefinite (`#0`).
pub(crate) fn extent(bytes: &[u8]) -> Result<Option<(usize, usize)>, BlockError> {
    let digits = match (bytes.first(), bytes.get(1)) {
        (Some(b'#'), Some(d @ b'0'..=b'9')) => usize::from(d - b'0'),
        (Some(b'#'), None) => return Ok(None),
        _ => return Err(BlockError::NoHeader),
    };
    if digits == 0 {
        return Ok(None);
    }
    let written = &bytes[2..bytes.len().min(2 + digits)];
    if !written.iter().all(u8::is_ascii_digit) {
        return Err(BlockError::NoLength);
    }
    if written.len() < digits {
        return Ok(None);
    }
    // Nine digits at most: it fits.
    let length = written
        .iter()
        .fold(0_usize, |sum, digit| sum * 10 + usize::from(digit - b'0'));
    Ok(Some((2 + digits, 2 + digits + length)))
}

/// The payload of a reply that is one block; an indefinite one ends with the message.
///
/// # Errors
/// When it isn't a block, or not just one.
pub fn parse_block(reply: &[u8]) -> Result<&[u8], BlockError> {
    if reply.starts_with(b"#0") {
        return Ok(&reply[2..]);
    }
    let Some((start, end)) = extent(reply)? else {
        return Err(BlockError::NoLength);
    };
    match reply.len().cmp(&end) {
        std::cmp::Ordering::Less => Err(BlockError::Short {
            announced: end - start,
            there: reply.len().saturating_sub(start),
        }),
        std::cmp::Ordering::Greater => Err(BlockError::Long {
            extra: reply.len() - end,
        }),
        std::cmp::Ordering::Equal => Ok(&reply[start..end]),
    }
}

#[cfg(test)]
mod tests {
    use super::{BlockError, parse_block};
    use proptest::prelude::*;

    #[test]
    fn texts() {
        let text = |reply: &[u8]| match parse_block(reply) {
            Ok(payload) => format!("{:?}", String::from_utf8_lossy(payload)),
            Err(error) => error.to_string(),
        };
        assert_eq!(text(b"#15hello"), "\"hello\"");
        assert_eq!(text(b"#214(@101,102,103)"), "\"(@101,102,103)\"");
        assert_eq!(text(b"#13(@)"), "\"(@)\"");
        assert_eq!(text(b"#0as it comes"), "\"as it comes\"");
        assert_eq!(text(b"#16hello"), "6 bytes announced, 5 there");
        assert_eq!(text(b"#14hello"), "1 bytes after its end");
        assert_eq!(text(b"hello"), "no `#` and digit at its start");
        assert_eq!(text(b"#H1F"), "no `#` and digit at its start");
        assert_eq!(text(b"#2x"), "no length in digits after its header");
        assert_eq!(text(b"#21"), "no length in digits after its header");
        assert_eq!(text(b"#"), "no length in digits after its header");
        assert_eq!(text(b""), "no `#` and digit at its start");
    }

    proptest! {
        #[test]
        fn any_payload_comes_back(payload in proptest::collection::vec(any::<u8>(), 0..2000)) {
            let length = payload.len().to_string();
            let mut reply = format!("#{}{length}", length.len()).into_bytes();
            reply.extend_from_slice(&payload);
            prop_assert_eq!(parse_block(&reply), Ok(&payload[..]));
            reply.push(b'!');
            prop_assert_eq!(parse_block(&reply), Err(BlockError::Long { extra: 1 }));
            reply.truncate(reply.len() - 1);
            if reply.pop().is_some() && !payload.is_empty() {
                let short = BlockError::Short { announced: payload.len(), there: payload.len() - 1 };
                prop_assert_eq!(parse_block(&reply), Err(short));
            }
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..50)) {
            if let Ok(payload) = parse_block(&bytes) {
                prop_assert!(payload.len() + 2 <= bytes.len());
            }
        }
    }
}
