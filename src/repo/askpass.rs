//! Gives git a login without putting it into arguments, addresses, files or logs.
//!
//! In: user, password and the host they are for. Out: environment for one git command. The helper is a fixed script in
//! a private folder and holds no secret: it prints variables that only this one command and its children have, and
//! only when git asks for the host that the login belongs to. (Files would survive a kill -9; arguments show in `ps`.)

use std::{fs, io, os::unix::fs::PermissionsExt, path::Path};

use secrecy::{ExposeSecret, SecretString};
use tempfile::TempDir;
use tokio::process::Command;

/// Answers git's two questions, for the right host only.
const SCRIPT: &str = r#"#!/bin/sh
case "$1" in
  *"'$PLANWRIGHT_GIT_ORIGIN'"*|*"@$PLANWRIGHT_GIT_HOST'"*) ;;
  *) exit 1 ;;
esac
case "$1" in
  Username*) printf '%s\n' "$PLANWRIGHT_GIT_USER" ;;
  Password*) printf '%s\n' "$PLANWRIGHT_GIT_PASSWORD" ;;
  *) exit 1 ;;
esac
"#;

/// What a network command may use.
#[derive(Debug)]
pub struct Login {
    origin: String,
    host: String,
    credentials: Option<(String, SecretString)>,
    helper: TempDir,
}

impl Login {
    /// Prepares a login for `origin` (`https://host[:port]`).
    pub fn new(origin: &str, credentials: Option<(String, SecretString)>) -> io::Result<Self> {
        let helper = tempfile::Builder::new().prefix("planwright-askpass").tempdir()?;
        fs::set_permissions(helper.path(), fs::Permissions::from_mode(0o700))?;
        write_script(&helper.path().join("askpass"))?;
        let host = origin.split_once("://").map_or(origin, |(_, host)| host).to_owned();
        Ok(Self { origin: origin.to_owned(), host, credentials, helper })
    }

    /// Lets a command use the network and this login.
    pub fn apply(&self, command: &mut Command) {
        command.env("GIT_ALLOW_PROTOCOL", if self.origin.starts_with("https:") { "https" } else { "http" });
        command.env("GIT_ASKPASS", self.helper.path().join("askpass"));
        command.env("PLANWRIGHT_GIT_ORIGIN", &self.origin).env("PLANWRIGHT_GIT_HOST", &self.host);
        if let Some((user, password)) = &self.credentials {
            command.env("PLANWRIGHT_GIT_USER", user).env("PLANWRIGHT_GIT_PASSWORD", password.expose_secret());
        }
    }
}

/// Writes the helper, executable by its owner alone.
fn write_script(path: &Path) -> io::Result<()> {
    fs::write(path, SCRIPT)?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o700))
}
