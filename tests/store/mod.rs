//! Tests of `store`: one contract, run on every engine.

pub mod bed;
mod contract;
mod deliveries;
mod files;
mod inbox;
mod jobs;
mod plans;
mod publications;
mod replicas;
mod requests;
mod reviews;
mod starts;
