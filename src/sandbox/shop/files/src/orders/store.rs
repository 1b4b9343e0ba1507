//! Orders in the database.

use sqlx::{PgPool, Postgres, Transaction};

use super::{Order, Receipt, Status};
use crate::{
    Shop,
    cart::{self, Cart, CartLine},
    error::ShopError,
    inventory,
    money::Cents,
    pricing::{CartTotals, cart_totals},
};

/// Places an order for a cart: all of it, or nothing and the reason.
pub async fn place(shop: &Shop, cart_id: i64, email: &str) -> Result<i64, ShopError> {
    let cart = cart::load(&shop.db, cart_id).await?;
    if cart.lines.is_empty() {
        return Err(ShopError::Invalid("the cart is empty".to_owned()));
    }
    let totals = cart_totals(&cart, shop.config.pricing);
    let receipt = Receipt::of(&cart, shop.config.pricing);
    if totals.to_pay != receipt.to_pay {
        let error = ShopError::AmountMismatch { charged: totals.to_pay, receipt: receipt.to_pay };
        tracing::error!(cart = cart_id, %error, "checkout failed");
        return Err(error);
    }
    let mut tx = shop.db.begin().await?;
    for line in &cart.lines {
        inventory::take(&mut tx, &line.sku, line.quantity).await?;
    }
    let id = write(&mut tx, &cart, totals, email).await?;
    if let Some(card) = &cart.gift_card {
        card.spend(&mut tx, totals.gift_card).await?;
    }
    sqlx::query("DELETE FROM carts WHERE id = $1").bind(cart_id).execute(&mut *tx).await?;
    tx.commit().await?;
    tracing::info!(order = id, to_pay = %totals.to_pay, "order placed");
    Ok(id)
}

async fn write(
    tx: &mut Transaction<'_, Postgres>,
    cart: &Cart,
    totals: CartTotals,
    email: &str,
) -> Result<i64, ShopError> {
    let id: i64 = sqlx::query_scalar(
        "INSERT INTO orders (email, discount_cents, gift_card_cents, to_pay_cents) \
         VALUES ($1, $2, $3, $4) RETURNING id",
    )
    .bind(email)
    .bind(totals.discount.0)
    .bind(totals.gift_card.0)
    .bind(totals.to_pay.0)
    .fetch_one(&mut **tx)
    .await?;
    for line in &cart.lines {
        sqlx::query(
            "INSERT INTO order_lines (order_id, sku, name, price_cents, quantity) \
             VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(id)
        .bind(&line.sku)
        .bind(&line.name)
        .bind(line.price.0)
        .bind(line.quantity)
        .execute(&mut **tx)
        .await?;
    }
    Ok(id)
}

type Row = (i64, String, String, i64, i64, i64, i64);

pub async fn find(db: &PgPool, id: i64) -> Result<Order, ShopError> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT id, email, status, discount_cents, gift_card_cents, to_pay_cents, \
         (extract(epoch FROM placed_at) * 1000)::bigint FROM orders WHERE id = $1",
    )
    .bind(id)
    .fetch_optional(db)
    .await?;
    with_lines(db, row.ok_or(ShopError::NotFound("order"))?).await
}

/// A page of orders for staff, newest first. Pages count from 1.
pub async fn page(db: &PgPool, page: i64, size: i64) -> Result<Vec<Order>, ShopError> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT id, email, status, discount_cents, gift_card_cents, to_pay_cents, \
         (extract(epoch FROM placed_at) * 1000)::bigint FROM orders \
         ORDER BY placed_at DESC LIMIT $1 OFFSET $2",
    )
    .bind(size)
    .bind((page.max(1) - 1) * size)
    .fetch_all(db)
    .await?;
    let mut orders = Vec::with_capacity(rows.len());
    for row in rows {
        orders.push(with_lines(db, row).await?);
    }
    Ok(orders)
}

async fn with_lines(db: &PgPool, row: Row) -> Result<Order, ShopError> {
    let (id, email, status, discount, gift_card, to_pay, placed_at) = row;
    let lines: Vec<(String, String, i64, i64)> = sqlx::query_as(
        "SELECT sku, name, price_cents, quantity FROM order_lines WHERE order_id = $1 ORDER BY sku",
    )
    .bind(id)
    .fetch_all(db)
    .await?;
    let line = |(sku, name, price, quantity)| CartLine { sku, name, price: Cents(price), quantity };
    Ok(Order {
        id,
        email,
        status: Status::parse(&status).unwrap_or(Status::Placed),
        discount: Cents(discount),
        gift_card: Cents(gift_card),
        to_pay: Cents(to_pay),
        placed_at,
        lines: lines.into_iter().map(line).collect(),
    })
}

/// The payment service says that an order is paid.
pub async fn mark_paid(db: &PgPool, id: i64) -> Result<(), ShopError> {
    let order = find(db, id).await?;
    let next = order.status.become_(Status::Paid)?;
    sqlx::query("UPDATE orders SET status = $2 WHERE id = $1 AND status = $3")
        .bind(id)
        .bind(next.name())
        .bind(order.status.name())
        .execute(db)
        .await?;
    Ok(())
}
