//! How the refs stand that decide what a revision means, read without git.
//!
//! In: a git folder and a revision. Out: a value that is equal as long as the revision means the same commit, or
//! nothing where that cannot be told cheaply. Never decides itself what a revision means: git does (see `revision`).

use std::{
    fs::{self, File},
    io::Read,
    os::unix::fs::MetadataExt,
    path::Path,
};

use super::revision::Revision;

/// The files that a revision depends on, as they stand. The rules are those of gitrevisions(7) and
/// gitrepository-layout(5) for refs kept in files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refs {
    head: Vec<u8>,
    /// Inode, size, and seconds and nanoseconds of the last change: git replaces the file, never edits it.
    packed: Option<(u64, u64, i64, i64)>,
    /// What stands at each place where the name may be.
    loose: Vec<Option<Vec<u8>>>,
    /// The branch that HEAD names; only asked for without a revision.
    branch: Option<String>,
}

/// Where git looks for a name.
const PLACES: &[&str] = &["", "refs/", "refs/tags/", "refs/heads/", "refs/remotes/"];
/// The longest file of one ref, in bytes.
const MAX_REF: u64 = 4096;

impl Refs {
    /// Reads them. Nothing for refs kept otherwise than in files of this folder, and for expressions (`HEAD~2`).
    pub fn read(git_dir: &Path, rev: Option<&str>) -> Option<Self> {
        if git_dir.join("reftable").exists() || git_dir.join("commondir").exists() {
            return None;
        }
        let head = content(&git_dir.join("HEAD"))?;
        let branch = match rev {
            Some(_) => None,
            None => branch_of(&head),
        };
        let names: Vec<String> = match (rev, &branch) {
            (Some(rev), _) if is_plain(rev) => PLACES.iter().map(|place| format!("{place}{rev}")).collect(),
            (Some(_), _) => return None,
            (None, Some(branch)) if is_plain(branch) => vec![format!("refs/heads/{branch}")],
            (None, _) => Vec::new(),
        };
        let loose: Vec<Option<Vec<u8>>> = names.iter().map(|name| content(&git_dir.join(name))).collect();
        let is_link = |text: &Option<Vec<u8>>| text.as_ref().is_some_and(|text| text.starts_with(b"ref:"));
        if loose.iter().any(is_link) {
            return None;
        }
        let packed = fs::metadata(git_dir.join("packed-refs")).ok();
        let packed = packed.map(|data| (data.ino(), data.size(), data.mtime(), data.mtime_nsec()));
        Some(Self { head, packed, loose, branch })
    }

    /// Do these files alone decide the revision? Not when HEAD's branch is unborn and another one stands in for it.
    pub fn decide(&self, revision: &Revision) -> bool {
        self.branch.is_none() || self.branch == revision.branch
    }
}

/// The branch that HEAD names.
fn branch_of(head: &[u8]) -> Option<String> {
    let name = std::str::from_utf8(head).ok()?.strip_prefix("ref: refs/heads/")?;
    Some(name.trim_end().to_owned())
}

/// A name that stays below its folder and is no expression.
fn is_plain(name: &str) -> bool {
    let clean = |b: u8| b.is_ascii_alphanumeric() || b"/._-+#".contains(&b);
    let parts = || name.split('/');
    name.bytes().all(clean) && parts().all(|part| !part.is_empty() && !part.starts_with('.')) && !name.contains("..")
}

/// A small file's bytes.
fn content(path: &Path) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let file = File::open(path).ok().filter(|file| file.metadata().is_ok_and(|data| data.is_file()))?;
    file.take(MAX_REF).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(folder: &Path, name: &str, text: &str) {
        fs::create_dir_all(folder.join(name).parent().unwrap()).unwrap();
        fs::write(folder.join(name), text).unwrap();
    }

    #[test]
    fn a_moved_branch_a_new_tag_and_another_head_are_seen() {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path();
        let read = |rev| Refs::read(at, rev).unwrap();
        write(at, "HEAD", "ref: refs/heads/main\n");
        let mut last = (read(None), read(Some("v1")));
        assert_eq!((read(None), read(Some("v1"))), last);
        for (name, text) in [
            ("refs/heads/main", "0123\n"),
            ("refs/heads/main", "4567\n"),
            ("packed-refs", "# pack-refs\n"),
            ("HEAD", "ref: refs/heads/next\n"),
        ] {
            write(at, name, text);
            assert_ne!(read(None), last.0, "{name}");
            last.0 = read(None);
        }
        write(at, "refs/tags/v1", "89ab\n");
        assert_ne!(read(Some("v1")), last.1);
    }

    #[test]
    fn expressions_and_linked_refs_are_left_to_git() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "HEAD", "ref: refs/heads/main\n");
        for rev in ["HEAD~2", "main@{1}", "../x", "a/../b", ":/fix", ""] {
            assert_eq!(Refs::read(folder.path(), Some(rev)), None, "{rev}");
        }
        write(folder.path(), "refs/heads/alias", "ref: refs/heads/main\n");
        assert_eq!(Refs::read(folder.path(), Some("alias")), None);
        fs::create_dir(folder.path().join("reftable")).unwrap();
        assert_eq!(Refs::read(folder.path(), None), None);
    }
}
