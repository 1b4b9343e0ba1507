//! What can go wrong, and how the interface says so.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::money::Cents;

#[derive(Debug, thiserror::Error)]
pub enum ShopError {
    #[error("there is no such {0}")]
    NotFound(&'static str),
    #[error("{0}")]
    Invalid(String),
    #[error("only {left} of {sku} left")]
    OutOfStock { sku: String, left: i64 },
    #[error("amount mismatch: charged {charged}, receipt says {receipt}")]
    AmountMismatch { charged: Cents, receipt: Cents },
    #[error("an order that is {from} cannot become {to}")]
    WrongStatus { from: &'static str, to: &'static str },
    #[error("the staff token is missing or wrong")]
    Unauthorized,
    #[error("something went wrong on our side")]
    Database(#[from] sqlx::Error),
}

impl ShopError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "not_found",
            Self::Invalid(_) => "invalid",
            Self::OutOfStock { .. } => "out_of_stock",
            Self::AmountMismatch { .. } => "amount_mismatch",
            Self::WrongStatus { .. } => "wrong_status",
            Self::Unauthorized => "unauthorized",
            Self::Database(_) => "internal",
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::OutOfStock { .. } | Self::AmountMismatch { .. } | Self::WrongStatus { .. } => {
                StatusCode::CONFLICT
            }
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::Database(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl IntoResponse for ShopError {
    fn into_response(self) -> Response {
        if let Self::Database(error) = &self {
            tracing::error!(%error, "database");
        }
        let body = json!({ "error": { "code": self.code(), "message": self.to_string() } });
        (self.status(), Json(body)).into_response()
    }
}
