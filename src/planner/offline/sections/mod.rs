//! The sections of a plan that stand beside its steps, one module each.
//!
//! In: the survey and the files of the finished steps. Out: a section, filled from evidence or absent in one line.

pub mod aftermath;
pub mod confidence;
pub mod contract;
pub mod data;
pub mod dependencies;
pub mod design;
pub mod fields;
pub mod given;
pub mod interface;
pub mod overview;
pub mod owners;
mod parameters;
pub mod pattern;
pub mod questions;
pub mod reliability;
pub mod risks;
pub mod rollout;
pub mod security;
pub mod speed;
