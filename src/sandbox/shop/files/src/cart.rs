//! Carts: lines, and the coupon and gift card that the customer entered.

use serde::Serialize;
use sqlx::PgPool;

use crate::{
    catalog,
    error::ShopError,
    money::Cents,
    pricing::{Coupon, GiftCard},
};

/// The most of one product that a cart takes.
const MAX_QUANTITY: i64 = 99;

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CartLine {
    pub sku: String,
    pub name: String,
    pub price: Cents,
    pub quantity: i64,
}

#[derive(Clone, Debug, Default, Serialize)]
pub struct Cart {
    pub id: i64,
    pub lines: Vec<CartLine>,
    pub coupon: Option<Coupon>,
    pub gift_card: Option<GiftCard>,
}

impl Cart {
    pub fn merchandise(&self) -> Cents {
        self.lines.iter().map(|line| line.price.times(line.quantity)).sum()
    }
}

pub async fn create(db: &PgPool) -> Result<i64, ShopError> {
    Ok(sqlx::query_scalar("INSERT INTO carts DEFAULT VALUES RETURNING id").fetch_one(db).await?)
}

pub async fn load(db: &PgPool, id: i64) -> Result<Cart, ShopError> {
    let row: Option<(Option<String>, Option<String>)> =
        sqlx::query_as("SELECT coupon, gift_card FROM carts WHERE id = $1")
            .bind(id)
            .fetch_optional(db)
            .await?;
    let (coupon, gift_card) = row.ok_or(ShopError::NotFound("cart"))?;
    let lines: Vec<(String, String, i64, i64)> = sqlx::query_as(
        "SELECT l.sku, p.name, p.price_cents, l.quantity FROM cart_lines l \
         JOIN products p USING (sku) WHERE l.cart_id = $1 ORDER BY l.sku",
    )
    .bind(id)
    .fetch_all(db)
    .await?;
    let line = |(sku, name, price, quantity)| CartLine { sku, name, price: Cents(price), quantity };
    Ok(Cart {
        id,
        lines: lines.into_iter().map(line).collect(),
        coupon: match coupon {
            Some(code) => Coupon::find(db, &code).await?,
            None => None,
        },
        gift_card: match gift_card {
            Some(code) => GiftCard::find(db, &code).await?,
            None => None,
        },
    })
}

pub async fn set_quantity(db: &PgPool, id: i64, sku: &str, quantity: i64) -> Result<(), ShopError> {
    if !(0..=MAX_QUANTITY).contains(&quantity) {
        return Err(ShopError::Invalid(format!("a quantity is 0 to {MAX_QUANTITY}")));
    }
    load(db, id).await?;
    catalog::find(db, sku).await?;
    if quantity == 0 {
        sqlx::query("DELETE FROM cart_lines WHERE cart_id = $1 AND sku = $2")
            .bind(id)
            .bind(sku)
            .execute(db)
            .await?;
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO cart_lines (cart_id, sku, quantity) VALUES ($1, $2, $3) \
         ON CONFLICT (cart_id, sku) DO UPDATE SET quantity = $3",
    )
    .bind(id)
    .bind(sku)
    .bind(quantity)
    .execute(db)
    .await?;
    Ok(())
}

pub async fn apply_coupon(db: &PgPool, id: i64, code: &str) -> Result<(), ShopError> {
    if Coupon::find(db, code).await?.is_none() {
        return Err(ShopError::Invalid("the coupon is unknown or over".to_owned()));
    }
    let done = sqlx::query("UPDATE carts SET coupon = $2 WHERE id = $1").bind(id).bind(code);
    match done.execute(db).await?.rows_affected() {
        0 => Err(ShopError::NotFound("cart")),
        _ => Ok(()),
    }
}

pub async fn apply_gift_card(db: &PgPool, id: i64, code: &str) -> Result<(), ShopError> {
    if GiftCard::find(db, code).await?.is_none() {
        return Err(ShopError::Invalid("the gift card is unknown".to_owned()));
    }
    let done = sqlx::query("UPDATE carts SET gift_card = $2 WHERE id = $1").bind(id).bind(code);
    match done.execute(db).await?.rows_affected() {
        0 => Err(ShopError::NotFound("cart")),
        _ => Ok(()),
    }
}
