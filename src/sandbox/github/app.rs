//! Who the bot is on the sandbox's GitHub: one app, installed everywhere.

use serde_json::{Value, json};

/// The app's id.
pub(super) const ID: u64 = 1_204_417;
/// The app's client id, which may stand for the id in a token's `iss`.
pub(super) const CLIENT_ID: &str = "Iv23liSandboxPlanwrt";
/// The app's name in addresses.
pub(super) const SLUG: &str = "planwright-sandbox";
/// The login of the app's comments.
pub(super) const BOT: &str = "planwright-sandbox[bot]";
/// The only installation.
pub(super) const INSTALLATION: u64 = 58_301_992;
/// The app's webhook.
pub(super) const HOOK: u64 = 412_907_551;
/// 2026-01-05T09:00:00Z, in milliseconds since 1970.
pub(super) const CREATED_MS: i64 = 1_767_603_600_000;
/// The events that the app subscribes to.
pub(super) const EVENTS: [&str; 2] = ["issue_comment", "issues"];
/// Signs deliveries.
pub(super) const WEBHOOK_SECRET: &str = "the-sandbox-signs-with-this";
/// Signs the app's tokens. Made for this sandbox and public: it opens nothing else.
pub(super) const PRIVATE_KEY: &str = include_str!("public-test-key.pem");
/// Checks the app's tokens.
pub(super) const PUBLIC_KEY: &str = include_str!("public-test-key.pub.pem");

/// What the app may do.
pub(super) fn permissions() -> Value {
    json!({ "contents": "read", "issues": "write", "metadata": "read" })
}
