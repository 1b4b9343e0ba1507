use axum::{
    Json,
    extract::{Path, State},
};
use serde_json::{Value, json};

use crate::{Shop, catalog, error::ShopError, inventory};

/// `GET /products`
pub async fn list(State(shop): State<Shop>) -> Result<Json<Vec<catalog::Product>>, ShopError> {
    Ok(Json(catalog::on_sale(&shop.db).await?))
}

/// `GET /products/{sku}`
pub async fn show(
    State(shop): State<Shop>,
    Path(sku): Path<String>,
) -> Result<Json<Value>, ShopError> {
    let product = catalog::find(&shop.db, &sku).await?;
    let stock = inventory::on_hand(&shop.db, &sku).await?;
    Ok(Json(json!({ "product": product, "stock": stock })))
}
