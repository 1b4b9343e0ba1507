//! Settings: `config/default.toml`, with secrets from the environment.

use std::{env, fs, path::Path};

use anyhow::Context;
use serde::Deserialize;

use crate::money::Cents;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub http: Http,
    pub database: Database,
    pub pricing: Pricing,
    pub orders: Orders,
    #[serde(skip)]
    pub database_url: String,
    #[serde(skip)]
    pub staff_token: String,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Http {
    pub listen: String,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Database {
    pub max_connections: u32,
}

#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Pricing {
    pub free_shipping_from: Cents,
    pub shipping: Cents,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Orders {
    pub page_size: i64,
}

impl Config {
    pub fn load(path: &Path) -> anyhow::Result<Self> {
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {path:?}"))?;
        let mut config: Self = toml::from_str(&text)?;
        config.database_url =
            env::var("SHOP_DATABASE_URL").context("SHOP_DATABASE_URL is unset")?;
        config.staff_token = env::var("SHOP_STAFF_TOKEN").context("SHOP_STAFF_TOKEN is unset")?;
        anyhow::ensure!(config.staff_token.len() >= 12, "SHOP_STAFF_TOKEN is too short");
        Ok(config)
    }
}
