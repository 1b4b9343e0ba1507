//! The whole bot over real HTTP: signed delivery in, comment out.

mod crash;
mod faults;
mod harness;
mod receipt;
mod triggers;
