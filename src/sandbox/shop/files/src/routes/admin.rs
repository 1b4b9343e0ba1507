//! What staff may do.

use axum::{
    Json,
    extract::{Path, Query, State},
};
use serde::Deserialize;

use crate::{
    Shop,
    auth::Staff,
    catalog,
    error::ShopError,
    inventory,
    orders::{Order, store},
};

#[derive(Deserialize)]
pub struct Page {
    #[serde(default = "first")]
    page: i64,
}

fn first() -> i64 {
    1
}

#[derive(Deserialize)]
pub struct Movement {
    change: i64,
    reason: String,
}

/// `GET /admin/orders`
pub async fn orders(
    _: Staff,
    State(shop): State<Shop>,
    Query(query): Query<Page>,
) -> Result<Json<Vec<Order>>, ShopError> {
    let size = shop.config.orders.page_size;
    Ok(Json(store::page(&shop.db, query.page, size).await?))
}

/// `POST /admin/stock/{sku}`
pub async fn book_stock(
    _: Staff,
    State(shop): State<Shop>,
    Path(sku): Path<String>,
    Json(movement): Json<Movement>,
) -> Result<(), ShopError> {
    if movement.change == 0 || movement.reason.trim().is_empty() {
        return Err(ShopError::Invalid("a movement has a change and a reason".to_owned()));
    }
    catalog::find(&shop.db, &sku).await?;
    let mut tx = shop.db.begin().await?;
    inventory::book(&mut tx, &sku, movement.change, &movement.reason).await?;
    tx.commit().await?;
    Ok(())
}
