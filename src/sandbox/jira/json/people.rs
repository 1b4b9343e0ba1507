//! The JSON of users.

use serde_json::{Value, json};

use super::Show;
use crate::sandbox::{deliver::guid, jira::auth::email, world::User};

impl Show<'_> {
    /// A user by login; null where the account is gone.
    pub fn user(&self, login: &str) -> Value {
        self.world.user(login).map_or(Value::Null, |user| self.account(user))
    }

    fn account(&self, user: &User) -> Value {
        let mut shown = json!({
            "self": self.rest(&self.user_path(user)),
            "emailAddress": email(&user.login),
            "avatarUrls": self.avatars(user),
            "displayName": user.name,
            "active": true,
            "timeZone": "Etc/UTC"
        });
        if self.is_cloud() {
            shown["accountId"] = account_id(&user.login).into();
            shown["accountType"] = match user {
                user if user.is_bot => "app",
                user if self.own.customers.contains(&user.login) => "customer",
                _ => "atlassian",
            }
            .into();
        } else {
            shown["name"] = user.login.as_str().into();
            shown["key"] = user_key(user).into();
        }
        shown
    }

    fn user_path(&self, user: &User) -> String {
        if self.is_cloud() {
            format!("user?accountId={}", account_id(&user.login))
        } else {
            format!("user?username={}", user.login)
        }
    }

    fn avatars(&self, user: &User) -> Value {
        let at = |size: u32| format!("{}/secure/useravatar?ownerId={}&s={size}", self.base, user.id);
        json!({ "48x48": at(48), "24x24": at(24), "16x16": at(16), "32x32": at(32) })
    }
}

/// The account of a login on Cloud: the site's number and a GUID.
pub fn account_id(login: &str) -> String {
    format!("712020:{}", guid(&format!("account {login}")))
}

/// The key of a user on Data Center, which outlives the name.
pub fn user_key(user: &User) -> String {
    format!("JIRAUSER{}", user.id)
}
