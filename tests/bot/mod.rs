//! The whole bot over real HTTP: signed delivery in, comment out.

mod asking;
mod command_line;
mod crash;
mod documents;
mod downstream;
mod faults;
pub mod harness;
mod own_pack;
mod parity;
mod posted;
mod receipt;
mod replicas;
mod secrets;
mod serve;
mod stale;
mod triggers;
