//! Programs the boards under test through a debug probe, and tells what they hold.
//!
//! [`ProbeFlasher`] does what [`api::Flasher`] promises, with `probe-rs`: whatever probe that finds
//! (CMSIS-DAP, J-Link, ST-Link …) and whatever chip it knows. Each call opens the probe, does its
//! work on a thread of its own and lets go again. Verifying can't be left out, flash is read back
//! into the rig besides, and the chip is asked who it is before anything is erased: `probe-rs` takes
//! our word for that.
//!
//! The crate knows nothing of bench files, batteries or simulations.

mod flasher;
mod image;
mod label;
mod link;
mod target;
mod work;

pub use flasher::{PATIENCE, ProbeFlasher, ProbeSetup};
pub use image::read_label;
pub use target::check_chip;
