//! The web shop of Acme Outdoor. docs/architecture.md shows the way around.

pub mod auth;
pub mod cart;
pub mod catalog;
pub mod config;
pub mod error;
pub mod inventory;
pub mod money;
pub mod orders;
pub mod pricing;
pub mod routes;

use std::sync::Arc;

use sqlx::PgPool;

use crate::config::Config;

/// What every request needs.
#[derive(Clone)]
pub struct Shop {
    pub db: PgPool,
    pub config: Arc<Config>,
}
