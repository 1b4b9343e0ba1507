//! The interface. docs/api.md lists it.

mod admin;
mod cart;
mod catalog;
mod orders;

use axum::{
    Router,
    routing::{get, post, put},
};

use crate::Shop;

pub fn router(shop: Shop) -> Router {
    Router::new()
        .route("/healthz", get(|| async { "ok" }))
        .route("/products", get(catalog::list))
        .route("/products/{sku}", get(catalog::show))
        .route("/carts", post(cart::create))
        .route("/carts/{id}", get(cart::show))
        .route("/carts/{id}/lines/{sku}", put(cart::set_quantity))
        .route("/carts/{id}/coupon", put(cart::apply_coupon))
        .route("/carts/{id}/gift-card", put(cart::apply_gift_card))
        .route("/carts/{id}/checkout", post(orders::checkout))
        .route("/orders/{id}", get(orders::show))
        .route("/orders/{id}/paid", post(orders::paid))
        .route("/admin/orders", get(admin::orders))
        .route("/admin/stock/{sku}", post(admin::book_stock))
        .with_state(shop)
}
