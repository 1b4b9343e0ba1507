//! Tests of `sandbox`.

mod acts;
mod client;
mod faults;
mod fixture;
mod reading;
mod redelivery;
mod repositories;
mod rest;
