//! The learned weights of the signals, with where they come from.
//!
//! In: `weights.toml`, part of the program. Out: a score for a row of signals, and what a place in the list is worth.
//! The file is written by `planwright learn weights` (see `learning`), never by hand.

use std::{collections::BTreeMap, sync::LazyLock};

use serde::{Deserialize, Serialize};

use super::{
    calibration::Calibration,
    signals::{NAMES, Row},
};

/// What the file holds.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weights {
    /// Where the weights come from, in plain words.
    pub provenance: String,
    pub signals: BTreeMap<String, f64>,
    pub calibration: Calibration,
}

static BUILT_IN: LazyLock<Weights> =
    LazyLock::new(|| toml::from_str(include_str!("weights.toml")).expect("a test reads the file"));

impl Weights {
    /// The weights that the program carries.
    pub fn built_in() -> &'static Self {
        &BUILT_IN
    }

    /// The weights in the order of the signals' columns; signals that are not named weigh nothing.
    pub fn columns(&self) -> Row {
        let mut row = [0.0; NAMES.len()];
        for (value, name) in row.iter_mut().zip(NAMES) {
            *value = self.signals.get(name).copied().unwrap_or(0.0);
        }
        row
    }
}

/// The weighted sum of a row.
pub fn score(weights: &Row, row: &Row) -> f64 {
    weights.iter().zip(row).map(|(weight, value)| weight * value).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_names_every_signal_and_no_other() {
        let weights = Weights::built_in();
        let mut names: Vec<&str> = NAMES.to_vec();
        names.sort_unstable();
        assert_eq!(weights.signals.keys().map(String::as_str).collect::<Vec<_>>(), names);
    }
}
