//! Reads a project's repository by the git binary, and adds commits to it.

use std::{path::Path, process::Stdio};

use tokio::{io::AsyncWriteExt, process::Command};

/// What git prints; none where it fails. Arguments that come from outside stand behind `--end-of-options`.
pub async fn git(code: &Path, args: &[&str]) -> Option<Vec<u8>> {
    let mut git = Command::new("git");
    git.arg("-C").arg(code).args(args).stdin(Stdio::null()).kill_on_drop(true);
    let output = git.output().await.ok()?;
    output.status.success().then_some(output.stdout)
}

/// A commit of one file on top of another one.
pub struct NewCommit<'c> {
    pub branch: &'c str,
    pub parent: &'c str,
    pub by: &'c str,
    pub message: &'c str,
    pub path: &'c str,
    pub bytes: Vec<u8>,
}

/// Adds a commit; false where the branch has moved on from the parent, or git does not take it.
pub async fn commit(code: &Path, new: &NewCommit<'_>) -> bool {
    let NewCommit { branch, parent, by, message, path, bytes } = new;
    let head = format!(
        "commit refs/heads/{branch}\ncommitter {by} <{by}@sandbox.invalid> now\ndata {}\n{message}\nfrom {parent}\n\
         M 100644 inline {path}\ndata {}\n",
        message.len(),
        bytes.len()
    );
    let mut git = Command::new("git");
    git.arg("-C").arg(code).args(["fast-import", "--quiet", "--done", "--date-format=now"]);
    git.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
    let Ok(mut running) = git.spawn() else { return false };
    let Some(mut input) = running.stdin.take() else { return false };
    let script = [head.as_bytes(), bytes, b"\ndone\n"].concat();
    let written = input.write_all(&script).await;
    drop(input);
    written.is_ok() && running.wait().await.is_ok_and(|status| status.success())
}
