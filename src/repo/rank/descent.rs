//! Learns the weights of signals from lists of which some entries are right.
//!
//! In: lists of rows with gold marks, and what is known of the signals. Out: one weight for each signal. Deterministic:
//! no random numbers.
//!
//! The loss is the mean over gold rows of the cross entropy against all rows that are not gold (ListNet's top-one form,
//! Cao et al. 2007), minimised by Adam (Kingma and Ba 2015) from zero, with a quadratic penalty.

/// A list to learn from.
#[derive(Clone, Debug)]
pub struct Listed<const N: usize> {
    pub rows: Vec<[f64; N]>,
    /// Which rows are gold; at least one.
    pub gold: Vec<bool>,
}

/// What is known of the signals before anything is learned.
pub struct Shape<const N: usize> {
    pub names: [&'static str; N],
    /// How strongly weights are pulled to zero.
    pub penalty: f64,
    /// Signals that few cases show, though they say much when they are there: weight and strength of the pull to it.
    pub priors: &'static [(&'static str, f64, f64)],
    /// Signals that may speak against an entry; all others weigh nothing at worst.
    pub may_be_negative: &'static [&'static str],
}

/// Steps of Adam, and their size.
const STEPS: u32 = 600;
const RATE: f64 = 0.08;

/// Learns one weight for each signal.
pub fn weights<const N: usize>(lists: &[Listed<N>], shape: &Shape<N>) -> [f64; N] {
    let mut at = [0.0; N];
    let (mut first, mut second) = ([0.0; N], [0.0; N]);
    for step in 1..=STEPS {
        let slope = slope(lists, shape, &at);
        let power = i32::try_from(step).unwrap_or(i32::MAX);
        for column in 0..N {
            first[column] = 0.9 * first[column] + 0.1 * slope[column];
            second[column] = 0.999 * second[column] + 0.001 * slope[column].powi(2);
            let mean = first[column] / (1.0 - 0.9_f64.powi(power));
            let spread = second[column] / (1.0 - 0.999_f64.powi(power));
            at[column] -= RATE * mean / (spread.sqrt() + 1e-8);
            if at[column] < 0.0 && !shape.may_be_negative.contains(&shape.names[column]) {
                at[column] = 0.0;
            }
        }
    }
    at
}

/// The weighted sum of a row.
pub fn score<const N: usize>(weights: &[f64; N], row: &[f64; N]) -> f64 {
    weights.iter().zip(row).map(|(weight, value)| weight * value).sum()
}

/// The gradient of the loss.
fn slope<const N: usize>(lists: &[Listed<N>], shape: &Shape<N>, at: &[f64; N]) -> [f64; N] {
    let mut slope: [f64; N] = std::array::from_fn(|column| {
        let prior = shape.priors.iter().find(|(name, ..)| *name == shape.names[column]);
        let (centre, strength) = prior.map_or((0.0, shape.penalty), |(_, centre, strength)| (*centre, *strength));
        2.0 * strength * (at[column] - centre)
    });
    for list in lists {
        let scores: Vec<f64> = list.rows.iter().map(|row| score(at, row)).collect();
        let most = scores.iter().copied().fold(f64::MIN, f64::max);
        let powers: Vec<f64> = scores.iter().map(|score| (score - most).exp()).collect();
        let others: f64 = powers.iter().zip(&list.gold).filter(|(_, gold)| !**gold).map(|(power, _)| power).sum();
        let golds = list.gold.iter().filter(|gold| **gold).count() as f64;
        let share = 1.0 / (golds * lists.len() as f64);
        let mut pull = 0.0;
        for (own, _) in powers.iter().zip(&list.gold).filter(|(_, gold)| **gold) {
            pull += share / (own + others);
        }
        for ((row, power), gold) in list.rows.iter().zip(&powers).zip(&list.gold) {
            let factor = match gold {
                true => share * (power / (power + others) - 1.0),
                false => pull * power,
            };
            for (slope, value) in slope.iter_mut().zip(row) {
                *slope += factor * value;
            }
        }
    }
    slope
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_telling_signal_is_learned_and_a_prior_holds_where_nothing_is_seen() {
        let shape = Shape {
            names: ["telling", "noise", "unseen"],
            penalty: 0.001,
            priors: &[("unseen", 2.0, 0.05)],
            may_be_negative: &[],
        };
        let list = |number: usize| Listed {
            rows: vec![[0.2, (number % 3) as f64 / 2.0, 0.0], [0.9, (number % 2) as f64, 0.0], [0.4, 0.5, 0.0]],
            gold: vec![false, true, false],
        };
        let [telling, noise, unseen] = weights(&(0..12).map(list).collect::<Vec<_>>(), &shape);
        assert!(telling > 5.0 * noise, "{telling} {noise}");
        assert!((unseen - 2.0).abs() < 0.1, "{unseen}");
    }
}
