//! The whole bot over real HTTP: signed delivery in, comment out.

mod asking;
mod crash;
mod documents;
mod downstream;
mod faults;
pub mod harness;
mod parity;
mod posted;
mod receipt;
mod replicas;
mod secrets;
mod serve;
mod triggers;
