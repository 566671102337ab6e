//! Sets a test report as PDF/A: data as JSON and pictures in, bytes out.
//!
//! The crate knows no run and no bench: what the report says is decided where its data are put
//! together. The same data give the same bytes, on every machine: the faces are part of the crate,
//! no file and no clock is read. Without the feature `typeset` it is empty.

#[cfg(feature = "typeset")]
mod world;

#[cfg(feature = "typeset")]
pub use world::{TypesetError, typeset};
