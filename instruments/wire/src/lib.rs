//! Messages to instruments and back, without sockets: links, sessions, transcripts, fault wrappers.
//!
//! This crate knows how SCPI exchanges are kept apart and recorded. It doesn't know any
//! instrument, and it opens no connection.

mod block;
mod capture;
mod dialect;
mod error;
mod faulty;
mod framer;
mod link;
mod number;
mod pace;
mod printable;
mod replay;
mod session;
mod transcript;

pub use block::{BlockError, parse_block};
pub use capture::Capture;
pub use dialect::{Dialect, ErrorReport};
pub use error::WireError;
pub use faulty::{Fault, Faulty, LoseOne, MessageCounter, Rule, Schedule, When};
pub use framer::Framer;
pub use link::{Link, LinkError};
pub use number::{Number, parse_bool, parse_number};
pub use pace::{Pace, Stopwatch};
pub use printable::Printable;
pub use replay::{Replay, ReplayError};
pub use session::Session;
pub use transcript::{
    Direction, Exchange, Mark, Message, NoTranscript, Transcript, TranscriptSink,
};
