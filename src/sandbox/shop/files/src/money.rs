//! Amounts of money in cents.

use std::{fmt, iter::Sum, ops};

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cents(pub i64);

impl Cents {
    pub const ZERO: Self = Self(0);

    /// So many percent of the amount, rounded half up.
    pub fn percent(self, percent: i64) -> Self {
        Self((self.0 * percent + 50) / 100)
    }

    pub fn times(self, quantity: i64) -> Self {
        Self(self.0 * quantity)
    }
}

impl ops::Add for Cents {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl ops::Sub for Cents {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Sum for Cents {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, |sum, amount| sum + amount)
    }
}

impl fmt::Display for Cents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

#[cfg(test)]
mod tests {
    use super::Cents;

    #[test]
    fn percentages_round_half_up() {
        assert_eq!(Cents(333).percent(50), Cents(167));
        assert_eq!(Cents(1).percent(20), Cents::ZERO);
    }
}
