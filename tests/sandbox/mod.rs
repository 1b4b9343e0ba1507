//! Tests of `sandbox`.

mod acts;
mod faults;
mod fixture;
mod redelivery;
mod repositories;
mod rest;
