//! Asks git for its log, and reads what it says.
//!
//! In: commits. Out: records of them, newest first, as git has them: what they mean, `history` knows. Names that are not
//! UTF-8 are passed over.

use std::path::Path;

use super::git::{Call, Git, GitError};
use crate::model::CommitId;

/// A commit as the log tells it.
pub struct Record<'a> {
    pub id: CommitId,
    /// Seconds since 1970, by its committer.
    pub time: i64,
    pub author: String,
    pub subject: String,
    pub body: String,
    /// What it touched.
    pub paths: Vec<&'a str>,
}

/// The longest log, in bytes.
const MAX_LOG: u64 = 256 * 1024 * 1024;
/// The longest list of changed lines, in bytes.
const MAX_SIZES: u64 = 4 * 1024 * 1024;
/// The most files kept of one commit.
const MAX_FILES: usize = 400;

/// Asks for the log of commits, by which commits `which` and `revisions` say.
pub async fn read(git: &Git, git_dir: &Path, which: &[&str], revisions: &[&str]) -> Result<Vec<u8>, GitError> {
    let shape = [
        "log",
        "-z",
        "--no-merges",
        "--no-renames",
        "--no-ext-diff",
        "--no-textconv",
        "--ignore-submodules",
        "--name-only",
        "--format=%x01%H%x00%ct%x00%an%x00%s%x00%b%x00",
    ];
    let args = [&shape, which, &["--end-of-options"], revisions, &["--"]].concat();
    git.run(Call { git_dir, args: &args, cap: MAX_LOG, network: None }).await
}

/// The commits of the log, newest first. Git need not look at what they changed.
pub async fn order(git: &Git, git_dir: &Path, commit: &CommitId, limit: u32) -> Result<Vec<CommitId>, GitError> {
    let count = format!("--max-count={limit}");
    let args = ["rev-list", "--no-merges", &count, "--end-of-options", commit.as_str(), "--"];
    let listing = git.run(Call { git_dir, args: &args, cap: MAX_LOG, network: None }).await?;
    Ok(String::from_utf8_lossy(&listing).lines().filter_map(|line| CommitId::parse(line).ok()).collect())
}

/// The records of a log.
pub fn records(log: &[u8]) -> impl Iterator<Item = Record<'_>> {
    let mut fields = log.split(|byte| *byte == 0).peekable();
    std::iter::from_fn(move || {
        let id = fields.by_ref().find_map(header)?;
        let mut text = || String::from_utf8_lossy(fields.next().unwrap_or_default()).into_owned();
        let (time, author, subject, body) = (text(), text(), text(), text());
        let mut paths = Vec::new();
        while let Some(path) = fields.next_if(|field| header(field).is_none()) {
            let path = path.strip_prefix(b"\n").unwrap_or(path);
            if let Ok(path) = std::str::from_utf8(path)
                && !path.is_empty()
                && paths.len() < MAX_FILES
            {
                paths.push(path);
            }
        }
        Some(Record { id, time: time.parse().unwrap_or(0), author, subject, body, paths })
    })
}

/// The hash at the start of a record.
fn header(field: &[u8]) -> Option<CommitId> {
    let text = std::str::from_utf8(field.strip_prefix(b"\x01")?).ok()?;
    CommitId::parse(text).ok()
}

/// Lines added and deleted by some commits, but for some paths.
pub async fn sizes(
    git: &Git,
    git_dir: &Path,
    commits: &[&str],
    but: &[String],
) -> Result<Vec<(CommitId, (u32, u32))>, GitError> {
    let flags = ["log", "--no-walk=unsorted", "--no-renames", "--no-ext-diff", "--no-textconv", "--numstat"];
    let but: Vec<&str> = but.iter().map(String::as_str).collect();
    let args = [flags.as_slice(), &["--format=%x01%H", "--end-of-options"], commits, &["--"], &but].concat();
    let out = git.run(Call { git_dir, args: &args, cap: MAX_SIZES, network: None }).await?;
    Ok(numstat(&String::from_utf8_lossy(&out)))
}

/// Sums added and deleted lines of each commit (git-diff(1), `--numstat`).
fn numstat(out: &str) -> Vec<(CommitId, (u32, u32))> {
    let mut found: Vec<(CommitId, (u32, u32))> = Vec::new();
    for line in out.lines() {
        if let Some(commit) = header(line.as_bytes()) {
            found.push((commit, (0, 0)));
        } else if let Some((_, size)) = found.last_mut() {
            let mut numbers = line.split('\t').map(|number| number.parse::<u32>().unwrap_or(0));
            size.0 = size.0.saturating_add(numbers.next().unwrap_or(0));
            size.1 = size.1.saturating_add(numbers.next().unwrap_or(0));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_summed() {
        let hash = "c".repeat(40);
        let out = format!("\x01{hash}\n\n3\t1\tsrc/a.rs\n-\t-\tlogo.png\n2\t0\tsrc/b.rs\n");
        assert_eq!(numstat(&out)[0].1, (5, 1));
    }
}
