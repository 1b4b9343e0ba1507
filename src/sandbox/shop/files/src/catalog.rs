//! Products and their prices.

use serde::Serialize;
use sqlx::PgPool;

use crate::{error::ShopError, money::Cents};

#[derive(Clone, Debug, Serialize)]
pub struct Product {
    pub sku: String,
    pub name: String,
    pub price: Cents,
}

type Row = (String, String, i64);

fn product((sku, name, price): Row) -> Product {
    Product { sku, name, price: Cents(price) }
}

pub async fn on_sale(db: &PgPool) -> Result<Vec<Product>, ShopError> {
    let rows: Vec<Row> =
        sqlx::query_as("SELECT sku, name, price_cents FROM products WHERE on_sale ORDER BY name")
            .fetch_all(db)
            .await?;
    Ok(rows.into_iter().map(product).collect())
}

pub async fn find(db: &PgPool, sku: &str) -> Result<Product, ShopError> {
    let row: Option<Row> =
        sqlx::query_as("SELECT sku, name, price_cents FROM products WHERE sku = $1 AND on_sale")
            .bind(sku)
            .fetch_optional(db)
            .await?;
    row.map(product).ok_or(ShopError::NotFound("product"))
}
