//! `rig init`: a bench file to begin with, from what answers on the network and a few words.

mod discover;
mod template;

pub(crate) use discover::{Discovered, discover};
pub(crate) use template::Wanted;
