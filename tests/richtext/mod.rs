//! Tests of `richtext`.

mod adf;
pub mod any;
mod hostile;
mod html;
mod laws;
mod linear;
mod markdown;
mod meaning;
mod schema;
