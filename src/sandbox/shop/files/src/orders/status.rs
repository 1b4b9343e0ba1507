//! The life of an order.

use serde::Serialize;

use crate::error::ShopError;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Placed,
    Paid,
    Shipped,
    Cancelled,
}

impl Status {
    pub fn name(self) -> &'static str {
        match self {
            Self::Placed => "placed",
            Self::Paid => "paid",
            Self::Shipped => "shipped",
            Self::Cancelled => "cancelled",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        [Self::Placed, Self::Paid, Self::Shipped, Self::Cancelled]
            .into_iter()
            .find(|status| status.name() == name)
    }

    /// Placed orders are paid or cancelled, paid ones are shipped.
    pub fn become_(self, next: Self) -> Result<Self, ShopError> {
        match (self, next) {
            (Self::Placed, Self::Paid | Self::Cancelled) | (Self::Paid, Self::Shipped) => Ok(next),
            _ => Err(ShopError::WrongStatus { from: self.name(), to: next.name() }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Status;

    #[test]
    fn a_shipped_order_cannot_be_cancelled() {
        assert!(Status::Shipped.become_(Status::Cancelled).is_err());
    }

    #[test]
    fn a_paid_order_ships() {
        assert_eq!(Status::Paid.become_(Status::Shipped).unwrap(), Status::Shipped);
    }
}
