//! Who the bot is on the sandbox's GitHub: one app, installed everywhere.

use serde_json::{Value, json};

/// The app's id.
pub const ID: u64 = 1_204_417;
/// The app's client id, which may stand for the id in a token's `iss`.
pub const CLIENT_ID: &str = "Iv23liSandboxPlanwrt";
/// The app's name in addresses.
pub const SLUG: &str = "planwright-sandbox";
/// The login of the app's comments.
pub const BOT: &str = "planwright-sandbox[bot]";
/// The only installation.
pub const INSTALLATION: u64 = 58_301_992;
/// The app's webhook.
pub const HOOK: u64 = 412_907_551;
/// 2026-01-05T09:00:00Z, in milliseconds since 1970.
pub const CREATED_MS: i64 = 1_767_603_600_000;
/// The events that the app subscribes to.
pub const EVENTS: [&str; 2] = ["issue_comment", "issues"];
/// Signs deliveries.
pub const WEBHOOK_SECRET: &str = "the-sandbox-signs-with-this";
/// Signs the app's tokens. Made for this sandbox and public: it opens nothing else.
pub const PRIVATE_KEY: &str = include_str!("public-test-key.pem");
/// Checks the app's tokens.
pub const PUBLIC_KEY: &str = include_str!("public-test-key.pub.pem");

/// What the app may do.
pub fn permissions() -> Value {
    json!({ "contents": "read", "issues": "write", "metadata": "read" })
}
