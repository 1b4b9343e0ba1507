//! Tests of `richtext`.

pub mod any;
mod hostile;
mod html;
mod laws;
mod markdown;
mod meaning;
