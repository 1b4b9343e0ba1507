//! Rules and commands: event → decision.
//!
//! In: what a tracker's `decode` made of a delivery, and the rules. Out: a decision with its reason. Never reads a
//! clock, a network or a store: who may ask, caps and doubles are decided by those who know.

pub mod comment;
pub mod grammar;
pub mod help;
mod nearest;
pub mod rules;

pub use grammar::{Command, Said};
pub use help::{help, wrong_text};
pub use nearest::nearest;
pub use rules::{ProjectRule, Rules, Switches, decide, review};
