//! The learned weights of the signals, with where they come from.
//!
//! In: `weights.toml`, part of the program. Out: a score for a row of signals, and what a place in the list is worth.
//! The file is written by `planwright learn weights` (see `learning`), never by hand.

use std::{collections::BTreeMap, sync::LazyLock};

use serde::{Deserialize, Serialize};

use super::{
    calibration::Calibration,
    concerned,
    signals::{NAMES, Row},
};

/// What the file holds.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weights {
    /// Where the weights come from, in plain words.
    pub provenance: String,
    /// For the signals of files.
    pub signals: BTreeMap<String, f64>,
    /// For the signals of a file's symbols.
    pub symbols: BTreeMap<String, f64>,
    pub calibration: Calibration,
}

static BUILT_IN: LazyLock<Weights> =
    LazyLock::new(|| toml::from_str(include_str!("weights.toml")).expect("a test reads the file"));

impl Weights {
    /// The weights that the program carries.
    pub fn built_in() -> &'static Self {
        &BUILT_IN
    }

    /// The weights of files in the order of their signals' columns; signals that are not named weigh nothing.
    pub fn columns(&self) -> Row {
        in_order(&self.signals, NAMES)
    }

    /// The weights of symbols in the order of their signals' columns.
    pub fn symbol_columns(&self) -> concerned::signals::Row {
        in_order(&self.symbols, concerned::signals::NAMES)
    }
}

/// Weights by name.
pub fn named<const N: usize>(names: [&str; N], weights: [f64; N]) -> BTreeMap<String, f64> {
    names.into_iter().map(str::to_owned).zip(weights.map(|weight| (weight * 1e4).round() / 1e4)).collect()
}

fn in_order<const N: usize>(named: &BTreeMap<String, f64>, names: [&str; N]) -> [f64; N] {
    names.map(|name| named.get(name).copied().unwrap_or(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_names_every_signal_and_no_other() {
        let weights = Weights::built_in();
        let is_complete = |weights: &BTreeMap<String, f64>, names: &[&str]| {
            let mut names = names.to_vec();
            names.sort_unstable();
            assert_eq!(weights.keys().map(String::as_str).collect::<Vec<_>>(), names);
        };
        is_complete(&weights.signals, &NAMES);
        is_complete(&weights.symbols, &concerned::signals::NAMES);
    }
}
