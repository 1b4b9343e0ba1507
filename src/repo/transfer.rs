//! Runs git's network commands for one mirror.
//!
//! In: a mirror's folder, a login and how large the mirror may be. Out: what git says, or why there is nothing, sorted
//! by who acts next. A command under which the mirror grows too large is stopped.

use std::{fs, path::Path, time::Duration};

use super::{
    askpass::Login,
    git::{Call, Git, GitError},
    mirror::MirrorError,
    packs::folder_bytes,
};

/// Where a mirror's network commands go.
#[derive(Clone, Copy)]
pub struct Transfer<'a> {
    pub git: &'a Git,
    pub git_dir: &'a Path,
    pub login: &'a Login,
    /// Bytes of the mirror.
    pub limit: u64,
}

/// Why a network command gave no answer.
pub enum Halt {
    /// The mirror grew over what the command was allowed.
    TooLarge,
    Git(GitError),
}

/// How often the size of a growing mirror is looked at.
const SIZE_CHECK: Duration = Duration::from_millis(500);
/// The longest answer of a command, in bytes.
const LONGEST: u64 = 16 * 1024 * 1024;

impl Transfer<'_> {
    /// Runs a command within the limit; a mirror that is over it afterwards is removed.
    pub async fn run(&self, args: &[&str], input: &str) -> Result<String, MirrorError> {
        let said = self.watched(args, input, self.most()).await.map_err(|halt| self.halted(halt))?;
        fits(self.git_dir, self.limit)?;
        Ok(said)
    }

    /// The bytes that a mirror may grow to while a command runs.
    pub fn most(&self) -> u64 {
        self.limit.saturating_mul(2)
    }

    /// Runs a command and watches the mirror's size meanwhile: over `most` bytes it is stopped.
    pub async fn watched(&self, args: &[&str], input: &str, most: u64) -> Result<String, Halt> {
        let call = Call { git_dir: self.git_dir, args, cap: LONGEST, network: Some(self.login) };
        let run = self.git.feed(call, input.as_bytes());
        tokio::pin!(run);
        loop {
            tokio::select! {
                done = &mut run => return done.map(|out| String::from_utf8_lossy(&out).into_owned()).map_err(Halt::Git),
                () = tokio::time::sleep(SIZE_CHECK) => {
                    if folder_bytes(self.git_dir) > most {
                        return Err(Halt::TooLarge);
                    }
                }
            }
        }
    }

    /// The error of a command that gave no answer.
    pub fn halted(&self, halt: Halt) -> MirrorError {
        match halt {
            Halt::TooLarge => too_large(self.limit),
            Halt::Git(error) => failed(error),
        }
    }
}

/// Removes a mirror that is over its limit.
pub fn fits(git_dir: &Path, limit: u64) -> Result<(), MirrorError> {
    if folder_bytes(git_dir) > limit {
        fs::remove_dir_all(git_dir)?;
        return Err(too_large(limit));
    }
    Ok(())
}

fn too_large(limit: u64) -> MirrorError {
    MirrorError::Refused(format!("larger than {limit} bytes"))
}

/// Sorts a git error by who acts next.
pub fn failed(error: GitError) -> MirrorError {
    let text = error.to_string();
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    match &error {
        GitError::Failed { .. } if has(&["Authentication failed", "could not read", "error: 403", "error: 401"]) => {
            MirrorError::Missing("the credentials are refused, or it does not exist".to_owned())
        }
        GitError::Failed { .. } if has(&["not found", "error: 404", "does not appear to be a git", "not our ref"]) => {
            MirrorError::Missing("there is no such repository or commit".to_owned())
        }
        _ => MirrorError::Unavailable(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_an_address_are_no_status() {
        let check = |message: &str, is_missing: bool| {
            let error = failed(GitError::Failed { command: "fetch".to_owned(), message: message.to_owned() });
            assert_eq!(matches!(error, MirrorError::Missing(_)), is_missing, "{message}");
        };
        let at = "fatal: unable to access 'http://127.0.0.1:40404/acme-401/403.git/'";
        check(&format!("{at}: transfer closed with outstanding read data remaining"), false);
        check(&format!("{at}: The requested URL returned error: 404"), true);
        check(&format!("{at}: The requested URL returned error: 403"), true);
        check("fatal: repository 'https://git.example/acme/shop/' not found", true);
    }
}
