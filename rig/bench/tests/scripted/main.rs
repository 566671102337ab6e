//! Benches on scripted instruments.

mod actor;
mod commands;
mod left;
mod limits;
mod observe;
mod open;
mod rig;
mod roles;
mod safe;
