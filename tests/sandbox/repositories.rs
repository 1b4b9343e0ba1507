//! The repositories that the sandbox makes.

use std::{path::Path, process::Command, sync::Arc};

use planwright::{
    clock::SystemClock,
    sandbox::{demo, scale, shop},
};

fn git(repo: &Path, args: &[&str]) -> String {
    let output = Command::new("git").arg("--git-dir").arg(repo).args(args).output().unwrap();
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_shop_has_the_same_hash_every_time() {
    let dir = tempfile::tempdir().unwrap();
    let (one, two) = (dir.path().join("one.git"), dir.path().join("two.git"));
    let first = shop::create(&one).unwrap();
    assert_eq!(first.head, shop::create(&two).unwrap().head);
    insta::assert_snapshot!(first.head);
    assert_eq!(git(&one, &["rev-parse", "main"]).trim(), first.head);
    assert_eq!(git(&one, &["symbolic-ref", "HEAD"]).trim(), "refs/heads/main");
}

#[test]
fn the_shop_is_sound_and_ends_with_the_files_beside_its_history() {
    let dir = tempfile::tempdir().unwrap();
    let repo = shop::create(&dir.path().join("shop.git")).unwrap();
    git(&repo.path, &["fsck", "--strict", "--no-dangling"]);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/sandbox/shop/files");
    let paths = git(&repo.path, &["ls-tree", "-r", "--name-only", "main"]);
    assert_eq!(paths.lines().count(), 47);
    for path in paths.lines() {
        let there = std::fs::read_to_string(root.join(path)).unwrap();
        assert_eq!(git(&repo.path, &["show", &format!("main:{path}")]), there, "{path}");
    }
}

#[test]
fn the_shops_history_reads_like_a_teams() {
    let dir = tempfile::tempdir().unwrap();
    let repo = shop::create(&dir.path().join("shop.git")).unwrap();
    insta::assert_snapshot!(git(&repo.path, &["log", "--reverse", "--format=%aI %an: %s", "main"]));
    let together = git(&repo.path, &["log", "--format=%s", "main", "--", "src/pricing/totals.rs"]);
    insta::assert_snapshot!(together);
}

#[test]
fn every_commit_of_the_shop_changes_something() {
    let dir = tempfile::tempdir().unwrap();
    let repo = shop::create(&dir.path().join("shop.git")).unwrap();
    for commit in git(&repo.path, &["rev-list", "main"]).lines() {
        let changed = git(&repo.path, &["show", "--format=", "--name-only", commit]);
        assert!(!changed.trim().is_empty(), "{commit}");
    }
}

#[test]
fn what_the_tickets_name_is_in_the_shop() {
    let dir = tempfile::tempdir().unwrap();
    let repo = shop::create(&dir.path().join("shop.git")).unwrap();
    for (path, symbol) in [
        ("src/pricing/totals.rs", "pub fn cart_totals"),
        ("src/orders/receipt.rs", "pub fn of"),
        ("src/orders/store.rs", "checkout failed"),
        ("src/orders/store.rs", "pub async fn page"),
        ("src/inventory.rs", "pub async fn take"),
        ("docs/pricing.md", "means of payment"),
        ("docs/api.md", "GET /products/{sku}"),
    ] {
        assert!(git(&repo.path, &["show", &format!("main:{path}")]).contains(symbol), "{path}: {symbol}");
    }
}

#[test]
fn the_demos_people_have_the_roles_that_their_acts_need() {
    let dir = tempfile::tempdir().unwrap();
    let (world, repo) = demo::world(dir.path(), Arc::new(SystemClock)).unwrap();
    let project = world.project(demo::REPOSITORY).unwrap();
    assert_eq!(project.code.as_ref(), Some(&repo.path));
    let role = |login: &str| world.role(project, login).name();
    let roles = [demo::SUPPORT, demo::DEVELOPER, demo::PRODUCT, "passer-by"].map(role);
    assert_eq!(roles, ["triage", "maintain", "write", "none"]);
}

#[test]
fn a_repository_has_as_many_files_as_asked_for() {
    let dir = tempfile::tempdir().unwrap();
    for files in [1, 137, 1_000] {
        let (one, two) = (dir.path().join(format!("{files}.git")), dir.path().join(format!("{files}b.git")));
        assert_eq!(scale::repository_of(&one, files).unwrap(), scale::repository_of(&two, files).unwrap());
        assert_eq!(git(&one, &["ls-tree", "-r", "--name-only", "main"]).lines().count(), files);
        git(&one, &["fsck", "--strict", "--no-dangling"]);
    }
}
