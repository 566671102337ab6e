//! Roles, snapshots, envelope guard and safe state of a bench.
