//! Repositories and addresses that mean harm or are merely odd.

use std::os::unix::ffi::OsStrExt;

use super::world::{World, source, ticket};
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
