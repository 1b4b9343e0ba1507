//! What the interface refuses before it asks the database.

use std::sync::Arc;

use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use shop::{Shop, config, money::Cents, routes};
use sqlx::postgres::PgPoolOptions;
use tower::ServiceExt;

fn shop() -> Shop {
    let config = config::Config {
        http: config::Http { listen: String::new() },
        database: config::Database { max_connections: 1 },
        pricing: config::Pricing { free_shipping_from: Cents(5000), shipping: Cents(490) },
        orders: config::Orders { page_size: 50 },
        database_url: String::new(),
        staff_token: "a-token-for-tests".to_owned(),
    };
    let db = PgPoolOptions::new().connect_lazy("postgres://nobody@localhost:1/none").unwrap();
    Shop { db, config: Arc::new(config) }
}

async fn status(request: Request<Body>) -> StatusCode {
    routes::router(shop()).oneshot(request).await.unwrap().status()
}

#[tokio::test]
async fn staff_pages_need_the_staff_token() {
    for token in ["", "Bearer wrong", "a-token-for-tests"] {
        let request = Request::get("/admin/orders").header("authorization", token);
        assert_eq!(status(request.body(Body::empty()).unwrap()).await, StatusCode::UNAUTHORIZED);
    }
}

#[tokio::test]
async fn a_checkout_needs_an_address() {
    let request = Request::post("/carts/1/checkout").header("content-type", "application/json");
    let body = Body::from(r#"{"email": "nobody"}"#);
    assert_eq!(status(request.body(body).unwrap()).await, StatusCode::UNPROCESSABLE_ENTITY);
}
