//! Software instruments from outside: messages in, answers out.

mod bench;
mod catalogue;
mod conversations;
mod defects;
mod errors;
mod families;
mod links;
mod robust;
mod status;
