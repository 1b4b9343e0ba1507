//! The nouns: what every room of the program passes to the next.
//!
//! Plain data with documented meaning. No I/O, no clocks, no knowledge of any tracker, database or web framework.

pub mod context;
pub mod delivery;
pub mod event;
pub mod ids;
pub mod job;
pub mod plan;
pub mod plan_record;
pub mod publication;
pub mod ticket;

pub use ids::*;
