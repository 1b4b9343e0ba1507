//! Makes git repositories of given commits, with the same hashes every time.
//!
//! In: commits with their authors, times and files. Out: a bare repository with one branch, `main`. One `git init` and
//! one `git fast-import`, whatever the size; the machine's git configuration has no say. The format is that of
//! git-fast-import(1).

use std::{
    io::{self, Write},
    path::Path,
    process::{Command, Stdio},
};

/// A commit on top of the one before it.
#[derive(Clone, Debug)]
pub(super) struct Commit {
    /// `Name <address>`, author and committer alike.
    pub by: String,
    /// Seconds since 1970.
    pub at: i64,
    /// The author's time zone: `+0200`.
    pub zone: String,
    pub message: String,
    /// Paths with their new content; none where the file goes.
    pub changes: Vec<(String, Option<Vec<u8>>)>,
}

/// Makes the repository in a directory that does not exist yet and gives the hash of its last commit. Commits are asked
/// for one after another while git reads.
pub(super) fn create(dir: &Path, commits: impl IntoIterator<Item = Commit>) -> io::Result<String> {
    let init = ["init", "--quiet", "--bare", "--initial-branch=main", "--object-format=sha1"];
    run(git(None).args(init).arg(dir), |_| Ok(()))?;
    let import = ["-c", "fastimport.unpackLimit=1", "fast-import", "--quiet", "--done"];
    let head = run(git(Some(dir)).args(import), |out| stream(commits, out))?;
    Ok(String::from_utf8_lossy(&head).trim().to_owned())
}

/// The commits in fast-import's format; the last line asks for the hash of the last.
fn stream(commits: impl IntoIterator<Item = Commit>, out: &mut dyn Write) -> io::Result<()> {
    let mut count = 0;
    for commit in commits {
        count += 1;
        let Commit { by, at, zone, message, changes } = commit;
        write!(out, "commit refs/heads/main\nmark :{count}\n")?;
        write!(out, "author {by} {at} {zone}\ncommitter {by} {at} {zone}\n")?;
        data(out, message.as_bytes())?;
        for (path, content) in changes {
            match content {
                Some(content) => {
                    writeln!(out, "M 100644 inline {path}")?;
                    data(out, &content)?;
                }
                None => writeln!(out, "D {path}")?,
            }
        }
    }
    write!(out, "get-mark :{count}\ndone\n")
}

fn data(out: &mut dyn Write, bytes: &[u8]) -> io::Result<()> {
    writeln!(out, "data {}", bytes.len())?;
    out.write_all(bytes)?;
    out.write_all(b"\n")
}

fn git(dir: Option<&Path>) -> Command {
    let mut git = Command::new("git");
    git.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_TEMPLATE_DIR", "");
    for inherited in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY"] {
        git.env_remove(inherited);
    }
    if let Some(dir) = dir {
        git.arg("--git-dir").arg(dir);
    }
    git
}

/// Runs git with the input that `write` makes, and gives what it printed, or what it complained of.
fn run(git: &mut Command, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<Vec<u8>> {
    let mut child = git.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    // The output is one line, so that writing all input before reading cannot block. A write that fails is explained
    // by what git says.
    let written = child.stdin.take().map_or(Ok(()), |stdin| {
        let mut stdin = io::BufWriter::with_capacity(1 << 20, stdin);
        write(&mut stdin).and_then(|()| stdin.flush())
    });
    let output = child.wait_with_output()?;
    if !output.status.success() {
        return Err(io::Error::other(String::from_utf8_lossy(&output.stderr).trim().to_owned()));
    }
    written.map(|()| output.stdout)
}
