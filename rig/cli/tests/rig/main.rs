//! Tests of the whole program.

mod arrows;
#[cfg(feature = "sim")]
mod between;
#[cfg(feature = "sim")]
mod broken_lines;
#[cfg(feature = "sim")]
mod cli;
mod command;
mod doctor;
#[cfg(feature = "sim")]
mod events;
#[cfg(feature = "sim")]
mod filing;
#[cfg(feature = "sim")]
mod flash;
#[cfg(feature = "sim")]
mod kill;
#[cfg(not(feature = "sim"))]
mod lab;
#[cfg(feature = "sim")]
mod laboratory;
#[cfg(all(feature = "sim", target_os = "linux"))]
mod memory;
#[cfg(feature = "sim")]
mod outside;
#[cfg(feature = "sim")]
mod papers;
#[cfg(feature = "sim")]
mod radio;
#[cfg(feature = "sim")]
mod resume;
#[cfg(feature = "sim")]
mod server;
#[cfg(feature = "sim")]
mod signals;
#[cfg(feature = "sim")]
mod sim;
#[cfg(feature = "sim")]
mod tcp;
#[cfg(feature = "sim")]
mod twin;
