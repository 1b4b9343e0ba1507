use std::{path::Path, sync::Arc};

use anyhow::Context;
use shop::{Shop, config::Config, routes};
use sqlx::{migrate::Migrator, postgres::PgPoolOptions};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    tracing_subscriber::fmt().json().init();
    let config = Config::load(Path::new("config/default.toml"))?;
    let db = PgPoolOptions::new()
        .max_connections(config.database.max_connections)
        .connect(&config.database_url)
        .await
        .context("cannot reach the database")?;
    Migrator::new(Path::new("migrations")).await?.run(&db).await.context("migration failed")?;

    let listener = TcpListener::bind(&config.http.listen).await?;
    tracing::info!(listen = %config.http.listen, "the shop is open");
    let app = routes::router(Shop { db, config: Arc::new(config) });
    axum::serve(listener, app).with_graceful_shutdown(stop()).await?;
    Ok(())
}

async fn stop() {
    // An error means that signals cannot be had here: run until killed.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
