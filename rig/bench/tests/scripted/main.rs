//! Benches on scripted instruments.

mod actor;
mod alive;
mod commands;
mod left;
mod limits;
mod observe;
mod open;
mod rig;
mod roles;
mod safe;
