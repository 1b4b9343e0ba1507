//! Tests of `richtext`.

mod adf;
pub mod any;
mod azure;
mod hostile;
mod html;
mod laws;
mod linear;
mod markdown;
mod meaning;
mod pieces;
pub mod schema;
mod wiki;
