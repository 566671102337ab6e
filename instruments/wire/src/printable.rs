//! Bytes as people can read them.

use std::fmt::{self, Write};

/// Longest text shown of one message, in bytes; a memory dump helps nobody in an error message.
const SHOWN: usize = 200;

/// Shows bytes as text: printable ASCII as it is, everything else escaped, long messages cut.
#[derive(Debug, Clone, Copy)]
pub struct Printable<'a>(pub &'a [u8]);

impl fmt::Display for Printable<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for &byte in self.0.iter().take(SHOWN) {
            match byte {
                b' '..=b'~' => f.write_char(char::from(byte))?,
                b'\n' => f.write_str("\\n")?,
                b'\r' => f.write_str("\\r")?,
                b'\t' => f.write_str("\\t")?,
                _ => write!(f, "\\x{byte:02x}")?,
            }
        }
        if self.0.len() > SHOWN {
            write!(f, "… ({} bytes)", self.0.len())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Printable, SHOWN};

    #[test]
    fn escapes_what_a_terminal_would_act_on() {
        assert_eq!(
            Printable(b"+0,\"No error\"\r\n\x1b[2J\xff").to_string(),
            "+0,\"No error\"\\r\\n\\x1b[2J\\xff"
        );
    }

    #[test]
    fn long_messages_are_cut_and_say_so() {
        let text = Printable(&[b'7'; SHOWN + 1]).to_string();
        assert!(text.ends_with("7… (201 bytes)"), "{text}");
    }
}
