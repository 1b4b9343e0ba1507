//! Runs the git binary, hardened.
//!
//! In: a git folder and arguments made by this room. Out: bytes, within a time and a size limit. Never runs hooks,
//! filters, pagers, file-system monitors or remote helpers, never reads the machine's or the user's configuration,
//! never asks on a terminal, never fetches by the way, and never puts a secret into an argument.

use std::{
    path::{Path, PathBuf},
    process::Stdio,
    sync::LazyLock,
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    process::{Child, ChildStdin, Command},
};

use super::askpass::Login;

/// Settings that every command gets, whatever a repository's own configuration says.
const SETTINGS: &[&str] = &[
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.askPass=",
    "core.quotePath=false",
    "credential.helper=",
    "protocol.ext.allow=never",
    "submodule.recurse=false",
    "fetch.recurseSubmodules=false",
    "http.followRedirects=false",
    "log.showSignature=false",
    "log.mailmap=false",
    "gc.auto=0",
    "maintenance.auto=false",
    "transfer.bundleURI=false",
];

/// Variables that reach git: where programs are, and how this machine reaches the network.
const PASSED: &[&str] = &[
    "PATH",
    "TMPDIR",
    "https_proxy",
    "HTTPS_PROXY",
    "no_proxy",
    "NO_PROXY",
    "all_proxy",
    "ALL_PROXY",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "GIT_SSL_CAINFO",
];

/// The most that is kept of what git says on standard error, in bytes.
const STDERR_CAP: u64 = 16 * 1024;

/// Why a git command gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// The program could not be started or its pipes broke.
    #[error("git did not run: {0}")]
    Io(#[from] std::io::Error),
    /// The command was killed at its time limit.
    #[error("git {command} took longer than {seconds} s")]
    TimedOut { command: String, seconds: u64 },
    /// The answer is longer than allowed; the command was killed.
    #[error("git {command} answered more than {limit} bytes")]
    TooLong { command: String, limit: u64 },
    /// Git ended with an error.
    #[error("git {command} failed: {message}")]
    Failed { command: String, message: String },
}

/// The git binary, with a time limit for every command.
#[derive(Clone, Debug)]
pub struct Git {
    timeout: Duration,
}

/// One command: where it runs and what it may use.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    /// The git folder (`.git`, or a bare repository).
    pub git_dir: &'a Path,
    /// The subcommand and its arguments; names of strangers stand behind `--end-of-options` or `--`.
    pub args: &'a [&'a str],
    /// The longest answer, in bytes.
    pub cap: u64,
    /// What the command may log in with; `None` forbids the network.
    pub network: Option<&'a Login>,
}

impl Git {
    /// Git with a time limit for each command, in seconds.
    pub fn new(timeout_secs: u64) -> Self {
        Self { timeout: Duration::from_secs(timeout_secs.max(1)) }
    }

    /// The time limit of a command.
    pub fn timeout(&self) -> Duration {
        self.timeout
    }

    /// Runs a command to its end and returns its standard output.
    pub async fn run(&self, call: Call<'_>) -> Result<Vec<u8>, GitError> {
        self.feed(call, &[]).await
    }

    /// Runs a command that reads `input` to its end and returns its standard output.
    pub async fn feed(&self, call: Call<'_>, input: &[u8]) -> Result<Vec<u8>, GitError> {
        let name = subcommand(call.args);
        let work = async {
            let mut child = self.spawn(call, if input.is_empty() { Stdio::null() } else { Stdio::piped() })?;
            let stdin = child.stdin.take();
            let (read, ()) = tokio::join!(read_both(&mut child, call.cap), write(stdin, input));
            let (out, err) = read?;
            if out.len() as u64 > call.cap {
                child.kill().await?;
                return Err(GitError::TooLong { command: name.to_owned(), limit: call.cap });
            }
            match child.wait().await?.success() {
                true => Ok(out),
                false => Err(GitError::Failed { command: name.to_owned(), message: first_words(&err) }),
            }
        };
        let late = || GitError::TimedOut { command: name.to_owned(), seconds: self.timeout.as_secs() };
        tokio::time::timeout(self.timeout, work).await.map_err(|_| late())?
    }

    /// Runs a command and returns its standard output as trimmed text.
    pub async fn line(&self, git_dir: &Path, args: &[&str]) -> Result<String, GitError> {
        let out = self.run(Call { git_dir, args, cap: 64 * 1024, network: None }).await?;
        Ok(String::from_utf8_lossy(&out).trim().to_owned())
    }

    /// Starts a command. It dies when the returned child is dropped.
    pub fn spawn(&self, call: Call<'_>, stdin: Stdio) -> Result<Child, GitError> {
        let mut command = Command::new(program());
        command.env_clear().envs(PASSED.iter().filter_map(|name| Some((*name, std::env::var_os(name)?))));
        command
            .env("LC_ALL", "C")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_ATTR_NOSYSTEM", "1")
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("GIT_OPTIONAL_LOCKS", "0")
            .env("GIT_NO_REPLACE_OBJECTS", "1")
            .env("GIT_NO_LAZY_FETCH", "1")
            .env("GIT_PROTOCOL_FROM_USER", "0");
        match call.network {
            Some(login) => login.apply(&mut command),
            None => {
                command.env("GIT_ALLOW_PROTOCOL", "");
            }
        }
        SETTINGS.iter().for_each(|setting| {
            command.args(["-c", setting]);
        });
        // When git is killed, its helper for HTTP goes on until its host says something, or nothing for this long.
        command.args(["-c", "http.lowSpeedLimit=1", "-c", &format!("http.lowSpeedTime={}", self.timeout.as_secs())]);
        command.arg("--no-pager").arg("--git-dir").arg(call.git_dir).args(call.args);
        command.current_dir(existing(call.git_dir)).process_group(0).kill_on_drop(true);
        Ok(command.stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?)
    }
}

/// Where git is: looked for once. A program that is named by its path is started without copying this process's page
/// tables, which with a large index in memory takes longer than most commands.
fn program() -> &'static Path {
    static PROGRAM: LazyLock<PathBuf> = LazyLock::new(|| {
        let name = Path::new("git").with_extension(std::env::consts::EXE_EXTENSION);
        let folders = std::env::var_os("PATH").unwrap_or_default();
        let found = std::env::split_paths(&folders).map(|folder| folder.join(&name)).find(|path| path.is_file());
        found.and_then(|path| std::path::absolute(path).ok()).unwrap_or(name)
    });
    &PROGRAM
}

/// The folder itself, or the nearest one above it that exists.
fn existing(dir: &Path) -> PathBuf {
    dir.ancestors().find(|dir| dir.is_dir()).unwrap_or(Path::new("/")).to_owned()
}

/// The subcommand among arguments, which one setting may precede.
fn subcommand<'a>(args: &[&'a str]) -> &'a str {
    match args {
        ["-c", _, name, ..] | [name, ..] => name,
        [] => "",
    }
}

/// Writes a command's input. One that ends early says why by itself.
async fn write(stdin: Option<ChildStdin>, input: &[u8]) {
    if let Some(mut stdin) = stdin {
        let _ = stdin.write_all(input).await;
    }
}

/// Reads both pipes to their end, one byte further than `cap` at most.
async fn read_both(child: &mut Child, cap: u64) -> Result<(Vec<u8>, Vec<u8>), GitError> {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let stdout = child.stdout.take().expect("the pipe was asked for at the start");
    let stderr = child.stderr.take().expect("the pipe was asked for at the start");
    let mut stdout = stdout.take(cap.saturating_add(1));
    let (read, _) = tokio::join!(stdout.read_to_end(&mut out), drain(stderr, &mut err));
    read?;
    Ok((out, err))
}

/// Reads a pipe to its end and keeps its beginning, so that the writer never blocks.
async fn drain(mut pipe: impl AsyncReadExt + Unpin, kept: &mut Vec<u8>) {
    let mut sink = tokio::io::sink();
    let _ = (&mut pipe).take(STDERR_CAP).read_to_end(kept).await;
    let _ = tokio::io::copy(&mut pipe, &mut sink).await;
    let _ = sink.flush().await;
}

/// The first line that says what went wrong, without control characters, at most 300 characters.
fn first_words(stderr: &[u8]) -> String {
    let text = String::from_utf8_lossy(stderr);
    let said = |line: &&str| line.starts_with("fatal:") || line.starts_with("error:");
    let line = text.lines().find(said).or(text.lines().next()).unwrap_or("no message");
    line.chars().filter(|c| !c.is_control()).take(300).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_telling_line_of_an_error_is_kept() {
        let said = b"warning: redirecting\nfatal: could not read \x1b[31mUsername\nmore".as_slice();
        assert_eq!(first_words(said), "fatal: could not read [31mUsername");
        assert_eq!(first_words(b""), "no message");
    }
}
