use axum::{
    Json,
    extract::{Path, State},
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{Shop, cart, error::ShopError, pricing::cart_totals};

#[derive(Deserialize)]
pub struct Quantity {
    quantity: i64,
}

#[derive(Deserialize)]
pub struct Code {
    code: String,
}

/// `POST /carts`
pub async fn create(State(shop): State<Shop>) -> Result<Json<Value>, ShopError> {
    Ok(Json(json!({ "id": cart::create(&shop.db).await? })))
}

/// `GET /carts/{id}`
pub async fn show(State(shop): State<Shop>, Path(id): Path<i64>) -> Result<Json<Value>, ShopError> {
    let cart = cart::load(&shop.db, id).await?;
    let totals = cart_totals(&cart, shop.config.pricing);
    Ok(Json(json!({ "cart": cart, "totals": totals })))
}

/// `PUT /carts/{id}/lines/{sku}`
pub async fn set_quantity(
    State(shop): State<Shop>,
    Path((id, sku)): Path<(i64, String)>,
    Json(body): Json<Quantity>,
) -> Result<Json<Value>, ShopError> {
    cart::set_quantity(&shop.db, id, &sku, body.quantity).await?;
    show(State(shop), Path(id)).await
}

/// `PUT /carts/{id}/coupon`
pub async fn apply_coupon(
    State(shop): State<Shop>,
    Path(id): Path<i64>,
    Json(body): Json<Code>,
) -> Result<Json<Value>, ShopError> {
    cart::apply_coupon(&shop.db, id, &body.code).await?;
    show(State(shop), Path(id)).await
}

/// `PUT /carts/{id}/gift-card`
pub async fn apply_gift_card(
    State(shop): State<Shop>,
    Path(id): Path<i64>,
    Json(body): Json<Code>,
) -> Result<Json<Value>, ShopError> {
    cart::apply_gift_card(&shop.db, id, &body.code).await?;
    show(State(shop), Path(id)).await
}
