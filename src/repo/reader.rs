//! Reads a commit: its tree and its blobs.
//!
//! In: a git folder and full hashes. Out: paths with their blobs, and the blobs' bytes. Never touches a work tree, so
//! links, submodules and filters stay names.

use std::{path::Path, process::Stdio, time::Duration};

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    process::{Child, ChildStdin, ChildStdout},
    task::JoinHandle,
};

use super::git::{Call, Git, GitError};
use crate::model::CommitId;

/// A path of a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreeEntry {
    /// Relative to the root, with `/`.
    pub path: String,
    pub kind: EntryKind,
    /// The object's hash, in hex.
    pub object: String,
    /// Bytes; 0 for submodules.
    pub size: u64,
}

/// What stands at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    File,
    /// The blob holds the link's target.
    Link,
    Submodule,
}

/// The most paths that are read of a commit; more are refused.
const MAX_ENTRIES: usize = 500_000;
/// The longest list of paths, in bytes.
const MAX_LISTING: u64 = 256 * 1024 * 1024;

/// Lists all paths of a commit in byte order. Names that are not UTF-8 are left out: nothing could name them.
pub async fn tree(git: &Git, git_dir: &Path, commit: &CommitId) -> Result<Vec<TreeEntry>, GitError> {
    let args = ["ls-tree", "-r", "-z", "--long", "--full-tree", "--end-of-options", commit.as_str()];
    let listing = git.run(Call { git_dir, args: &args, cap: MAX_LISTING, network: None }).await?;
    let mut entries: Vec<TreeEntry> =
        listing.split(|byte| *byte == 0).filter_map(entry).take(MAX_ENTRIES + 1).collect();
    if entries.len() > MAX_ENTRIES {
        return Err(GitError::TooLong { command: "ls-tree".to_owned(), limit: MAX_ENTRIES as u64 });
    }
    entries.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    Ok(entries)
}

/// Reads one record of `ls-tree --long`: `mode type object size<TAB>path` (git-ls-tree(1), output format).
fn entry(record: &[u8]) -> Option<TreeEntry> {
    let record = std::str::from_utf8(record).ok()?;
    let (head, path) = record.split_once('\t')?;
    let mut words = head.split_ascii_whitespace();
    let (mode, _kind, object, size) = (words.next()?, words.next()?, words.next()?, words.next()?);
    let (kind, size) = (kind_of(mode), size.parse().unwrap_or(0));
    Some(TreeEntry { path: path.to_owned(), kind, object: object.to_owned(), size })
}

/// What a file mode stands for.
pub fn kind_of(mode: &str) -> EntryKind {
    match mode {
        "120000" => EntryKind::Link,
        "160000" => EntryKind::Submodule,
        _ => EntryKind::File,
    }
}

/// The sizes of objects, in bytes, in the order of their hashes; 0 for missing ones.
pub async fn sizes(git: &Git, git_dir: &Path, objects: Vec<String>) -> Result<Vec<u64>, GitError> {
    let mut answers = Answers::to(git, git_dir, "--batch-check", objects)?;
    let mut sizes = Vec::new();
    while let Some(head) = answers.next_head().await? {
        sizes.push(head.unwrap_or(0));
    }
    Ok(sizes)
}

/// A running `git cat-file`: answers in the order of the wanted hashes.
struct Answers {
    from: BufReader<ChildStdout>,
    left: usize,
    timeout: Duration,
    feeding: JoinHandle<std::io::Result<()>>,
    _child: Child,
}

impl Answers {
    /// Asks about objects, by `--batch` or `--batch-check`.
    fn to(git: &Git, git_dir: &Path, mode: &str, objects: Vec<String>) -> Result<Self, GitError> {
        let call = Call { git_dir, args: &["cat-file", mode, "--buffer"], cap: 0, network: None };
        let mut child = git.spawn(call, Stdio::piped())?;
        let stdin = child.stdin.take().expect("the pipe was asked for");
        let stdout = child.stdout.take().expect("the pipe was asked for at the start");
        let left = objects.len();
        let feeding = tokio::spawn(feed(stdin, objects));
        let from = BufReader::with_capacity(256 * 1024, stdout);
        Ok(Self { from, left, timeout: git.timeout(), feeding, _child: child })
    }

    /// The size that the next answer begins with; `Some(None)` for a missing object, `None` after the last.
    async fn next_head(&mut self) -> Result<Option<Option<u64>>, GitError> {
        if self.left == 0 {
            return Ok(None);
        }
        self.left -= 1;
        timely(self.timeout, head(&mut self.from)).await.map(Some)
    }
}

impl Drop for Answers {
    fn drop(&mut self) {
        self.feeding.abort();
    }
}

/// The blobs of a running `git cat-file --batch`.
pub struct Blobs(Answers);

impl Blobs {
    /// Asks for blobs by hash.
    pub fn ask(git: &Git, git_dir: &Path, objects: Vec<String>) -> Result<Self, GitError> {
        Answers::to(git, git_dir, "--batch", objects).map(Self)
    }

    /// The next blob; `Some(None)` for one that is missing, `None` after the last.
    pub async fn next(&mut self) -> Result<Option<Option<Vec<u8>>>, GitError> {
        match self.0.next_head().await? {
            Some(Some(size)) => {
                timely(self.0.timeout, content(&mut self.0.from, size)).await.map(|blob| Some(Some(blob)))
            }
            other => Ok(other.map(|_| None)),
        }
    }
}

/// An answer within the time limit, or an error that says so.
async fn timely<T>(limit: Duration, work: impl Future<Output = Result<T, GitError>>) -> Result<T, GitError> {
    let late = |_| GitError::TimedOut { command: "cat-file".to_owned(), seconds: limit.as_secs() };
    tokio::time::timeout(limit, work).await.map_err(late)?
}

/// Writes the wanted hashes, a line each.
async fn feed(mut stdin: ChildStdin, objects: Vec<String>) -> std::io::Result<()> {
    for chunk in objects.chunks(512) {
        let lines = chunk.join("\n") + "\n";
        stdin.write_all(lines.as_bytes()).await?;
    }
    stdin.shutdown().await
}

/// Reads how an answer begins: `object SP type SP size LF`, or `object SP missing LF` (git-cat-file(1)).
async fn head(from: &mut (impl AsyncBufReadExt + Unpin)) -> Result<Option<u64>, GitError> {
    let mut head = String::new();
    from.read_line(&mut head).await?;
    if head.is_empty() {
        return Err(broken());
    }
    let mut words = head.split_ascii_whitespace();
    let (Some(_), Some(_), Some(size)) = (words.next(), words.next(), words.next()) else { return Ok(None) };
    size.parse().map(Some).map_err(|_| broken())
}

/// Reads the bytes of an object, which a line feed ends.
async fn content(from: &mut (impl AsyncReadExt + Unpin), size: u64) -> Result<Vec<u8>, GitError> {
    let mut bytes = Vec::new();
    from.take(size + 1).read_to_end(&mut bytes).await?;
    match bytes.pop() {
        Some(b'\n') if bytes.len() as u64 == size => Ok(bytes),
        _ => Err(broken()),
    }
}

fn broken() -> GitError {
    GitError::Failed { command: "cat-file".to_owned(), message: "answer ended early".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn listing_records_are_read() {
        let file = entry(b"100644 blob 0123 \t   12\tsrc/a b.rs");
        assert_eq!(file, None, "a tab ends the head");
        let file = entry(b"100644 blob 0123      12\tsrc/a\tb.rs").unwrap();
        assert_eq!((file.path.as_str(), file.kind, file.size), ("src/a\tb.rs", EntryKind::File, 12));
        let link = entry(b"120000 blob 0123       7\tlink").unwrap();
        assert_eq!(link.kind, EntryKind::Link);
        let module = entry(b"160000 commit 0123       -\tvendor/lib").unwrap();
        assert_eq!((module.kind, module.size), (EntryKind::Submodule, 0));
        assert_eq!(entry(b"100644 blob 0123      12\tsrc/\xff.rs"), None);
    }
}
