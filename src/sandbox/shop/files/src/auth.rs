//! Staff show a token.

use axum::{
    extract::FromRequestParts,
    http::{header::AUTHORIZATION, request::Parts},
};
use subtle::ConstantTimeEq;

use crate::{Shop, error::ShopError};

/// The request came from staff. Put it among a handler's arguments to require it.
pub struct Staff;

impl FromRequestParts<Shop> for Staff {
    type Rejection = ShopError;

    async fn from_request_parts(parts: &mut Parts, shop: &Shop) -> Result<Self, ShopError> {
        let header = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = header.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
        let same = token.as_bytes().ct_eq(shop.config.staff_token.as_bytes());
        if bool::from(same) { Ok(Self) } else { Err(ShopError::Unauthorized) }
    }
}
