//! Decoding of what the batteries tell by radio.
