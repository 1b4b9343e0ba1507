//! Where a repository is: a local folder below an allowed root, or an HTTPS address.
//!
//! In: the text of the configuration or of a tracker. Out: an [`Address`], or the reason it is refused. Only `https`
//! reaches the network (`http` on loopback alone), so `ext::`, `ssh` options, `--upload-pack`, `file://` and anything
//! that starts like an option never get to git.

use std::{
    fs,
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};
use url::{Host, Url};

/// A checked place of a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// The git folder of a repository on this machine, symbolic links resolved.
    Local { git_dir: PathBuf },
    /// An address without user, password, query or fragment.
    Remote { url: String, origin: String },
}

/// Why an address is not used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// The rules forbid it.
    #[error("{0}")]
    Refused(String),
    /// There is no such repository.
    #[error("{0}")]
    Missing(String),
}

impl Address {
    /// Checks an address; local paths must lie below one of `roots`.
    pub fn parse(text: &str, roots: &[PathBuf]) -> Result<Self, AddressError> {
        let refused = |why: &str| Err(AddressError::Refused(why.to_owned()));
        if text.is_empty() || text.starts_with('-') || text.chars().any(char::is_control) {
            return refused("the address is empty, starts with a dash or holds control characters");
        }
        if text.contains("://") {
            return remote(text);
        }
        if text.contains("::") || !Path::new(text).is_absolute() && text.contains(':') {
            return refused("only https addresses and local paths are allowed");
        }
        local(Path::new(text), roots)
    }

    /// A name for the cache: readable, unique, safe as a file name.
    pub fn slug(&self) -> String {
        let text = match self {
            Self::Local { git_dir } => git_dir.to_string_lossy().into_owned(),
            Self::Remote { url, .. } => url.clone(),
        };
        let readable = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' };
        let tail: String = text.trim_end_matches("/.git").trim_end_matches(".git").chars().rev().take(40).collect();
        let tail: String = tail.chars().rev().map(readable).collect();
        format!("{}-{}", tail.trim_matches('_'), &hex::encode(Sha256::digest(text.as_bytes()))[..16])
    }
}

/// Checks a network address.
fn remote(text: &str) -> Result<Address, AddressError> {
    let refused = |why: &str| AddressError::Refused(why.to_owned());
    let mut url = Url::parse(text).map_err(|_| refused("the address is not a URL"))?;
    let loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => return Err(refused("the address has no host")),
    };
    match url.scheme() {
        "https" => {}
        "http" if loopback => {}
        "file" => return Err(refused("file addresses are not allowed: give a path below an allowed root")),
        _ => return Err(refused("only https addresses are allowed, and http on loopback")),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refused("credentials do not belong into the address"));
    }
    url.set_query(None);
    url.set_fragment(None);
    let origin = url.origin().ascii_serialization();
    Ok(Address::Remote { url: url.to_string(), origin })
}

/// Finds the git folder of a local repository and checks that it lies below a root.
fn local(path: &Path, roots: &[PathBuf]) -> Result<Address, AddressError> {
    let missing = || AddressError::Missing("there is no such folder".to_owned());
    let roots: Vec<PathBuf> = roots.iter().filter_map(|root| fs::canonicalize(root).ok()).collect();
    let below = |path: &Path| roots.iter().any(|root| path.starts_with(root));
    let folder = fs::canonicalize(path).map_err(|_| missing())?;
    if !below(&folder) {
        return Err(AddressError::Refused("the path is not below an allowed root".to_owned()));
    }
    let git_dir = git_dir_of(&folder).ok_or_else(|| AddressError::Missing("not a git repository".to_owned()))?;
    if !below(&git_dir) {
        return Err(AddressError::Refused("its git folder is not below an allowed root".to_owned()));
    }
    Ok(Address::Local { git_dir })
}

/// The git folder of a work tree, linked work tree or bare repository, links resolved.
pub fn git_dir_of(folder: &Path) -> Option<PathBuf> {
    let dot = folder.join(".git");
    let candidate = match fs::read_to_string(&dot) {
        Ok(pointer) => folder.join(pointer.strip_prefix("gitdir:")?.trim()),
        Err(_) if dot.is_dir() => dot,
        Err(_) => folder.to_owned(),
    };
    let found = fs::canonicalize(candidate).ok()?;
    found.join("HEAD").exists().then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> bool {
        matches!(Address::parse(text, &[PathBuf::from("/")]), Err(AddressError::Refused(_)))
    }

    #[test]
    fn only_https_and_paths_below_roots_are_taken() {
        for text in [
            "",
            "-oProxyCommand=touch x",
            "--upload-pack=touch x",
            "ext::sh -c touch% x",
            "ext::https://example.org/a",
            "ssh://git@example.org/a.git",
            "ssh://-oProxyCommand=x/a",
            "git@example.org:a/b.git",
            "git://example.org/a.git",
            "http://example.org/a.git",
            "file:///etc",
            "https://user:secret@example.org/a.git",
            "https://",
            "https://example.org/a\nb",
            "ftp://example.org/a",
        ] {
            assert!(refused(text), "{text:?}");
        }
    }

    #[test]
    fn https_addresses_lose_query_and_fragment() {
        let parsed = Address::parse("https://example.org/a/b.git?x=1#y", &[]).unwrap();
        let Address::Remote { url, origin } = &parsed else { panic!("{parsed:?}") };
        assert_eq!((url.as_str(), origin.as_str()), ("https://example.org/a/b.git", "https://example.org"));
        assert!(parsed.slug().starts_with("https___example_org_a_b-"), "{}", parsed.slug());
    }
}
