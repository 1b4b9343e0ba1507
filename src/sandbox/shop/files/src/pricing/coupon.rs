//! Coupons take a percentage or a fixed amount off.

use serde::Serialize;
use sqlx::PgPool;

use crate::{error::ShopError, money::Cents};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Discount {
    Percent(i64),
    Amount(Cents),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Coupon {
    pub code: String,
    pub discount: Discount,
}

impl Coupon {
    /// What the coupon takes off an amount: never more than the amount.
    pub fn discount_on(&self, amount: Cents) -> Cents {
        let off = match self.discount {
            Discount::Percent(percent) => amount.percent(percent),
            Discount::Amount(off) => off,
        };
        off.min(amount)
    }

    /// The coupon with this code, while it is valid.
    pub async fn find(db: &PgPool, code: &str) -> Result<Option<Self>, ShopError> {
        let row: Option<(Option<i64>, Option<i64>)> = sqlx::query_as(
            "SELECT percent, amount_cents FROM coupons WHERE code = $1 AND valid_until > now()",
        )
        .bind(code)
        .fetch_optional(db)
        .await?;
        Ok(row.and_then(|row| {
            let discount = match row {
                (Some(percent), _) => Discount::Percent(percent),
                (None, Some(amount)) => Discount::Amount(Cents(amount)),
                (None, None) => return None,
            };
            Some(Self { code: code.to_owned(), discount })
        }))
    }
}
