//! The pages: each reads the store, makes a view of plain texts and renders it.

pub mod changes;
pub mod dashboard;
pub mod delivery;
mod difference;
pub mod job;
pub mod plan;
mod rows;
mod words;
