use axum::{
    Json,
    extract::{Path, State},
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    Shop,
    auth::Staff,
    error::ShopError,
    orders::{Order, store},
};

#[derive(Deserialize)]
pub struct Checkout {
    email: String,
}

/// `POST /carts/{id}/checkout`
pub async fn checkout(
    State(shop): State<Shop>,
    Path(cart): Path<i64>,
    Json(body): Json<Checkout>,
) -> Result<Json<Value>, ShopError> {
    if !body.email.contains('@') {
        return Err(ShopError::Invalid("an e-mail address has an @".to_owned()));
    }
    Ok(Json(json!({ "order": store::place(&shop, cart, &body.email).await? })))
}

/// `GET /orders/{id}`
pub async fn show(State(shop): State<Shop>, Path(id): Path<i64>) -> Result<Json<Order>, ShopError> {
    Ok(Json(store::find(&shop.db, id).await?))
}

/// `POST /orders/{id}/paid`
pub async fn paid(
    _: Staff,
    State(shop): State<Shop>,
    Path(id): Path<i64>,
) -> Result<(), ShopError> {
    store::mark_paid(&shop.db, id).await
}
