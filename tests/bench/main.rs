//! `cargo bench`: how long the parts of the bot take on this machine.
//!
//! Figures are medians; where a ratio is given, both sides were measured in this run, one beside the other. Machines
//! differ and are noisy: compare ratios, not figures.

mod answer;
mod context;
#[path = "../richtext/pieces.rs"]
mod pieces;
mod plan;
mod receipt;
mod richtext;

use std::time::{Duration, Instant};

/// The middle of several measurements.
pub fn median(mut all: Vec<Duration>) -> Duration {
    all.sort_unstable();
    all[all.len() / 2]
}

/// The measurement that all but a share of the others stay under.
pub fn percentile(mut all: Vec<Duration>, share: f64) -> Duration {
    all.sort_unstable();
    let last = all.len() - 1;
    all[((last as f64) * share).round() as usize]
}

/// Runs a piece of work many times and gives the median time of one run.
pub fn time<T>(rounds: usize, mut work: impl FnMut() -> T) -> Duration {
    let runs = (0..rounds).map(|_| {
        let started = Instant::now();
        std::hint::black_box(work());
        started.elapsed()
    });
    median(runs.collect())
}

fn main() {
    let only: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    let wanted = |name: &str| only.is_empty() || only.iter().any(|word| name.contains(word.as_str()));
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    if wanted("receipt") {
        runtime.block_on(receipt::run());
    }
    if wanted("context") {
        runtime.block_on(context::run());
    }
    if wanted("richtext") {
        richtext::run();
    }
    if wanted("plan") {
        runtime.block_on(plan::run());
    }
    if wanted("answer") {
        runtime.block_on(answer::run());
    }
}
