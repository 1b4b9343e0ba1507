//! Reads a project's repository by the git binary.

use std::{path::Path, process::Stdio};

use tokio::process::Command;

/// What git prints; none where it fails. Arguments that come from outside stand behind `--end-of-options`.
pub async fn git(code: &Path, args: &[&str]) -> Option<Vec<u8>> {
    let mut git = Command::new("git");
    git.arg("-C").arg(code).args(args).stdin(Stdio::null()).kill_on_drop(true);
    let output = git.output().await.ok()?;
    output.status.success().then_some(output.stdout)
}
