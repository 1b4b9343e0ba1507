//! Gift cards pay; what they do not pay stays on them.

use serde::Serialize;
use sqlx::{PgPool, Postgres, Transaction};

use crate::{error::ShopError, money::Cents};

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GiftCard {
    pub code: String,
    pub balance: Cents,
}

impl GiftCard {
    /// What the card pays of an amount.
    pub fn pays(&self, amount: Cents) -> Cents {
        self.balance.min(amount)
    }

    pub async fn find(db: &PgPool, code: &str) -> Result<Option<Self>, ShopError> {
        let balance: Option<i64> =
            sqlx::query_scalar("SELECT balance_cents FROM gift_cards WHERE code = $1")
                .bind(code)
                .fetch_optional(db)
                .await?;
        Ok(balance.map(|balance| Self { code: code.to_owned(), balance: Cents(balance) }))
    }

    /// Takes an amount off the card's balance.
    pub async fn spend(
        &self,
        tx: &mut Transaction<'_, Postgres>,
        amount: Cents,
    ) -> Result<(), ShopError> {
        sqlx::query("UPDATE gift_cards SET balance_cents = balance_cents - $2 WHERE code = $1")
            .bind(&self.code)
            .bind(amount.0)
            .execute(&mut **tx)
            .await?;
        Ok(())
    }
}
