//! Stock levels and the movements that explain them.

use sqlx::{PgPool, Postgres, Transaction};

use crate::error::ShopError;

/// How many of a product are on hand.
pub async fn on_hand(db: &PgPool, sku: &str) -> Result<i64, ShopError> {
    let level: Option<i64> = sqlx::query_scalar("SELECT on_hand FROM stock WHERE sku = $1")
        .bind(sku)
        .fetch_optional(db)
        .await?;
    Ok(level.unwrap_or(0))
}

/// Takes stock for an order, or says how many are left.
///
/// Called when an order is placed and not before: a cart holds nothing back.
pub async fn take(
    tx: &mut Transaction<'_, Postgres>,
    sku: &str,
    quantity: i64,
) -> Result<(), ShopError> {
    let level: Option<i64> =
        sqlx::query_scalar("SELECT on_hand FROM stock WHERE sku = $1 FOR UPDATE")
            .bind(sku)
            .fetch_optional(&mut **tx)
            .await?;
    let left = level.unwrap_or(0);
    if left < quantity {
        return Err(ShopError::OutOfStock { sku: sku.to_owned(), left });
    }
    book(tx, sku, -quantity, "order").await
}

/// Books a movement and moves the level with it.
pub async fn book(
    tx: &mut Transaction<'_, Postgres>,
    sku: &str,
    change: i64,
    reason: &str,
) -> Result<(), ShopError> {
    sqlx::query(
        "INSERT INTO stock (sku, on_hand) VALUES ($1, $2) \
         ON CONFLICT (sku) DO UPDATE SET on_hand = stock.on_hand + $2",
    )
    .bind(sku)
    .bind(change)
    .execute(&mut **tx)
    .await?;
    sqlx::query("INSERT INTO stock_movements (sku, change, reason) VALUES ($1, $2, $3)")
        .bind(sku)
        .bind(change)
        .bind(reason)
        .execute(&mut **tx)
        .await?;
    Ok(())
}
