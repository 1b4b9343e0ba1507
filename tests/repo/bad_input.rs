//! Repositories and addresses that mean harm or are merely odd.

use std::os::unix::ffi::OsStrExt;

use super::world::{World, settings, source, ticket};
use planwright::repo::{ContextSource, RepoError};

#[tokio::test]
async fn addresses_that_run_programs_or_leave_the_roots_are_refused() {
    let world = World::with(&[("src/a.rs", "fn a() {}\n")]);
    let outside = World::with(&[("src/a.rs", "fn a() {}\n")]);
    let mark = world.root().join("pwned");
    let link = world.root().join("link");
    std::os::unix::fs::symlink(outside.path(), &link).unwrap();
    let pointer = world.root().join("pointer");
    std::fs::create_dir(&pointer).unwrap();
    std::fs::write(pointer.join(".git"), format!("gitdir: {}/.git\n", outside.path().display())).unwrap();
    let repositories = world.repositories();
    for url in [
        format!("ext::sh -c touch% {}", mark.display()),
        format!("--upload-pack=touch {}", mark.display()),
        "-oProxyCommand=x".to_owned(),
        format!("file://{}", outside.path().display()),
        outside.path().display().to_string(),
        format!("{}/../../{}", world.path().display(), outside.path().display()),
        link.display().to_string(),
        pointer.display().to_string(),
        "ssh://example.org/a.git".to_owned(),
        "http://example.org/a.git".to_owned(),
        "/etc".to_owned(),
    ] {
        let error = repositories.gather(&ticket("a", ""), &source(&url), None).await.map(drop).unwrap_err();
        assert!(matches!(error, RepoError::Refused { .. } | RepoError::Missing { .. }), "{url}: {error}");
    }
    assert!(!mark.exists(), "nothing was run");
}

#[tokio::test]
async fn a_repository_cannot_make_git_run_its_programs() {
    let world = World::with(&[
        ("src/cart.rs", "pub fn total() {}\n"),
        (".gitattributes", "*.rs filter=evil diff=evil\n"),
        (".gitmodules", "[submodule \"x\"]\n\tpath = x\n\turl = ext::sh -c false\n"),
    ]);
    let mark = world.root().join("pwned");
    let script = world.root().join("evil.sh");
    std::fs::write(&script, format!("#!/bin/sh\ntouch {}\ncat\n", mark.display())).unwrap();
    std::process::Command::new("chmod").arg("+x").arg(&script).status().unwrap();
    let script = script.to_string_lossy().into_owned();
    for key in [
        "core.fsmonitor",
        "core.pager",
        "core.sshCommand",
        "filter.evil.smudge",
        "filter.evil.clean",
        "diff.evil.command",
        "diff.evil.textconv",
        "diff.external",
        "gpg.program",
        "credential.helper",
        "core.alternateRefsCommand",
    ] {
        world.git(&["config", key, &script]);
    }
    world.git(&["config", "log.showSignature", "true"]);
    world.git(&["config", "core.hooksPath", &world.root().to_string_lossy()]);
    let context = world.gather("Cart total", "").await.unwrap();
    assert_eq!(context.ranked[0].path, "src/cart.rs");
    assert!(!mark.exists(), "nothing was run");
}

#[tokio::test]
async fn odd_names_links_and_pointers_are_survived() {
    let world = World::with(&[
        ("src/cart.rs", "pub fn total() {}\n"),
        ("src/Cart.rs", "pub fn other_total() {}\n"),
        ("src/sp ace \u{e9}\n.rs", "pub fn spaced_total() {}\n"),
        ("big.bin", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n"),
        ("empty.rs", ""),
    ]);
    let raw = std::ffi::OsStr::from_bytes(b"src/bad\xff.rs");
    std::fs::write(world.path().join(raw), "pub fn unnamed() {}\n").unwrap();
    std::fs::write(world.path().join("src/latin.rs"), b"// gr\xfc\xdfe\npub fn latin_total() {}\n").unwrap();
    std::os::unix::fs::symlink("loop", world.path().join("loop")).unwrap();
    std::os::unix::fs::symlink("/etc/passwd", world.path().join("passwd.rs")).unwrap();
    world.commit("Odd names", &[]);
    let hash = world.git(&["rev-parse", "HEAD"]);
    world.git(&["update-index", "--add", "--cacheinfo", &format!("160000,{hash},vendor-module")]);
    world.git(&["commit", "-q", "-m", "Add a submodule"]);
    let context = world.gather("total", "`latin_total` and `src/cart.rs`").await.unwrap();
    let paths: Vec<&str> = context.tree.paths().collect();
    assert!(paths.contains(&"src/cart.rs") && paths.contains(&"src/Cart.rs"));
    assert!(paths.contains(&"src/sp ace \u{e9}\n.rs"));
    for absent in ["passwd.rs", "loop", "vendor-module"] {
        assert!(!paths.contains(&absent), "{absent} is no file of the repository");
    }
    assert_eq!(context.tree.definitions("latin_total", 2).len(), 1, "text that is not UTF-8 is still read");
    assert_eq!(context.tree.text("big.bin"), None);
    assert_eq!(context.tree.file("empty.rs").unwrap().lines, 0);
}

#[tokio::test]
async fn unborn_detached_and_shallow_repositories() {
    let world = World::with(&[("src/cart.rs", "pub fn total() {}\n")]);
    let commit = world.commit("More", &[("src/order.rs", "pub fn order() {}\n")]);
    world.git(&["checkout", "-q", "--detach"]);
    let context = world.gather("total", "").await.unwrap();
    assert_eq!((context.commit.as_str(), context.branch), (commit.as_str(), None));
    world.git(&["symbolic-ref", "HEAD", "refs/heads/none"]);
    let context = world.gather("total", "").await.unwrap();
    assert_eq!(context.branch.as_deref(), Some("main"), "main stands in for a missing default branch");
    world.git(&["branch", "-m", "main", "a"]);
    world.git(&["branch", "b", "a"]);
    let error = world.gather("total", "").await.map(drop).unwrap_err();
    assert!(error.to_string().contains("no default branch"), "{error}");
    let shallow = world.root().join("shallow");
    let from = format!("file://{}", world.path().display());
    world.git(&["clone", "-q", "--depth", "1", "--branch", "a", &from, &shallow.to_string_lossy()]);
    let asked = ticket("total", "");
    let context = world.repositories().gather(&asked, &source(&shallow.to_string_lossy()), None).await.unwrap();
    assert_eq!(context.commit.as_str(), commit);
}

#[tokio::test]
async fn a_repository_that_vanishes_is_an_error_and_what_was_read_still_answers() {
    let world = World::with(&[("src/cart.rs", "pub fn total() {}\n")]);
    let repositories = world.repositories();
    let context = repositories.gather(&ticket("total", ""), &world.source(), None).await.unwrap();
    std::fs::remove_dir_all(world.path()).unwrap();
    assert!(repositories.gather(&ticket("total", ""), &world.source(), None).await.is_err());
    assert_eq!(context.tree.text("src/cart.rs").as_deref(), Some("pub fn total() {}\n"));
}

#[tokio::test]
async fn minified_generated_and_marked_files_are_not_ranked() {
    let long = format!("var total={};", "1+".repeat(20_000));
    let world = World::with(&[
        ("src/cart.js", "export function total() {}\n"),
        ("src/bundle.js", &long),
        ("src/made.js", "// Code generated by x. DO NOT EDIT.\nexport function total() {}\n"),
        ("src/marked.js", "export function total() {}\n"),
        (".gitattributes", "src/marked.js linguist-generated\n"),
    ]);
    let context = world.gather("total", "").await.unwrap();
    assert_eq!(context.ranked.iter().map(|file| file.path.as_str()).collect::<Vec<_>>(), ["src/cart.js"]);
}

#[tokio::test]
async fn an_empty_repository_and_a_missing_commit_are_told() {
    let world = World::empty();
    let error = world.gather("total", "").await.map(drop).unwrap_err();
    assert!(matches!(error, RepoError::Missing { .. }), "{error}");
    world.commit("Start", &[("src/cart.rs", "pub fn total() {}\n")]);
    for rev in ["0123456789012345678901234567890123456789", "no-such-branch"] {
        let asked = ticket("total", "");
        let error = world.repositories().gather(&asked, &world.source(), Some(rev)).await.map(drop).unwrap_err();
        assert!(matches!(error, RepoError::Missing { .. }), "{rev}: {error}");
    }
}

/// Feeds `git fast-import` with a stream that is made while it reads.
fn import(world: &World, write: impl FnOnce(&mut dyn std::io::Write) -> std::io::Result<()>) {
    let mut child = std::process::Command::new("git")
        .args(["-c", "fastimport.unpackLimit=1", "-c", "core.bigFileThreshold=1m", "fast-import", "--quiet", "--done"])
        .current_dir(world.path())
        .stdin(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut out = std::io::BufWriter::new(child.stdin.take().unwrap());
    write(&mut out).unwrap();
    std::io::Write::flush(&mut out).unwrap();
    drop(out);
    assert!(child.wait().unwrap().success());
}

const HEAD: &str = "commit refs/heads/main\ncommitter Ann <ann@example.org> 1600000000 +0000\ndata 5\nStart\n";

#[tokio::test]
async fn a_blob_of_a_gigabyte_is_listed_and_not_read() {
    const GIGABYTE: usize = 1 << 30;
    let world = World::empty();
    import(&world, |out| {
        write!(out, "{HEAD}M 100644 inline src/cart.rs\ndata 18\npub fn total() {{}}\n\n")?;
        write!(out, "M 100644 inline src/huge.rs\ndata {GIGABYTE}\n")?;
        let zeros = vec![0; 1 << 20];
        (0..GIGABYTE / zeros.len()).try_for_each(|_| out.write_all(&zeros))?;
        write!(out, "\ndone\n")
    });
    let before = peak_kilobytes();
    let context = world.gather("total", "").await.unwrap();
    assert_eq!(context.ranked[0].path, "src/cart.rs");
    let huge = context.tree.file("src/huge.rs").unwrap();
    assert_eq!((huge.size, huge.lines), (GIGABYTE as u64, 0));
    assert_eq!(context.tree.text("src/huge.rs"), None);
    assert!(peak_kilobytes() - before < 512 * 1024, "the blob was read whole");
}

/// The most memory that this process ever held (proc(5), `VmHWM`).
fn peak_kilobytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap();
    line.split_ascii_whitespace().nth(1).unwrap().parse().unwrap()
}

#[tokio::test]
async fn a_folder_of_two_hundred_thousand_files_is_read_in_time() {
    let world = World::empty();
    import(&world, |out| {
        write!(out, "blob\nmark :1\ndata 18\npub fn total() {{}}\n\n")?;
        write!(out, "{HEAD}M 100644 inline cart.rs\ndata 17\npub fn cart() {{}}\n\n")?;
        (0..200_000).try_for_each(|number| writeln!(out, "M 100644 :1 flat/part{number:06}.rs"))?;
        writeln!(out, "done")
    });
    let context = world.gather("The cart is lost", "").await.unwrap();
    assert_eq!(context.ranked[0].path, "cart.rs");
    assert_eq!(context.tree.paths().count(), 200_001);
    assert!(context.tree.has_folder("flat"));
}

#[tokio::test]
async fn a_branch_that_was_rewritten_is_read_as_it_is_now() {
    let world = World::with(&[("src/cart.rs", "pub fn total() {}\n")]);
    let repositories = world.repositories();
    let asked = ticket("total", "");
    let old = repositories.gather(&asked, &world.source(), None).await.unwrap();
    world.git(&["checkout", "-q", "--orphan", "again"]);
    world.git(&["rm", "-rfq", "."]);
    let commit = world.commit("Anew", &[("src/basket.rs", "pub fn total() {}\n")]);
    world.git(&["branch", "-M", "again", "main"]);
    world.git(&["reflog", "expire", "--expire=now", "--all"]);
    world.git(&["gc", "-q", "--prune=now"]);
    let new = repositories.gather(&asked, &world.source(), None).await.unwrap();
    assert_eq!((new.commit.as_str(), new.ranked[0].path.as_str()), (commit.as_str(), "src/basket.rs"));
    let gone = repositories.gather(&asked, &world.source(), Some(old.commit.as_str())).await;
    let anew = planwright::repo::Repositories::new(settings(world.root()), std::sync::Arc::new(super::world::Still));
    let error = anew.gather(&asked, &world.source(), Some(old.commit.as_str())).await.map(drop).unwrap_err();
    assert!(matches!(error, RepoError::Missing { .. }), "{error}");
    assert!(gone.map(drop).is_err_and(|error| matches!(error, RepoError::Missing { .. })));
}
