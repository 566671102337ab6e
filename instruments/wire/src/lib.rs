//! Messages to instruments and back, without sockets: links, sessions, transcripts, fault wrappers.
//!
//! This crate knows how SCPI exchanges are kept apart and recorded. It doesn't know any
//! instrument, and it opens no connection.

mod link;

pub use link::{Link, LinkError};
