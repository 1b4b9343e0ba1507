//! Reads the code around a change: uses, imports, branches, interfaces, routes, logs, tables.
//!
//! In: paths, symbols and lines of a context. Out: what they say. Plain text and the index, nothing is run or parsed anew;
//! every search is bounded.

pub mod conditions;
pub mod declared;
pub mod differs;
pub mod edges;
pub mod figures;
pub mod forms;
pub mod frames;
pub mod guards;
pub mod lacks;
pub mod layer;
pub mod logs;
pub mod models;
pub mod path;
pub mod ports;
pub mod reach;
pub mod related;
pub mod routed;
pub mod senders;
pub mod server;
pub mod through;
pub mod thrown;
pub mod uses;
