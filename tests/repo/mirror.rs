//! Mirrors over HTTP: a small server on loopback gives a bare repository's files (git's "dumb" protocol).

use std::{path::PathBuf, sync::Arc};

use secrecy::SecretString;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use super::world::{Still, World, settings, source, ticket};
use planwright::{
    repo::{ContextSource, RepoError, Repositories},
    trackers::CodeSource,
};

/// A host of one repository; with a login, it asks for it.
struct Host {
    address: String,
    serving: tokio::task::JoinHandle<()>,
}

impl Host {
    /// Serves the world's repository, cloned bare.
    async fn of(world: &World, login: Option<&'static str>) -> Self {
        let bare = world.root().join("served.git");
        let _ = std::fs::remove_dir_all(&bare);
        world.git(&["clone", "-q", "--bare", ".", &bare.to_string_lossy()]);
        world.git(&["--git-dir", &bare.to_string_lossy(), "update-server-info"]);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/shop.git", listener.local_addr().unwrap());
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer(stream, bare.clone(), login));
            }
        });
        Self { address, serving }
    }
}

/// Answers one request with a file.
async fn answer(mut stream: TcpStream, bare: PathBuf, login: Option<&'static str>) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return,
        }
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let path = head.split(' ').nth(1).unwrap_or_default().split('?').next().unwrap_or_default();
    let file = bare.join(path.trim_start_matches("/shop.git/"));
    let known = login.is_none_or(|login| head.contains(&format!("Basic {login}")));
    let (status, body) = match std::fs::read(&file) {
        _ if !known => ("401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"shop\"", Vec::new()),
        Ok(body) if path.starts_with("/shop.git/") => ("200 OK", body),
        _ => ("404 Not Found", Vec::new()),
    };
    let head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    let _ = stream.write_all(head.as_bytes()).await;
    let _ = stream.write_all(&body).await;
}

fn shop() -> World {
    World::with(&[("src/cart.rs", "pub fn cart_total() {}\n"), ("src/order.rs", "pub fn order() {}\n")])
}

#[tokio::test]
async fn a_remote_repository_is_mirrored_and_read_from_the_mirror() {
    let world = shop();
    let host = Host::of(&world, None).await;
    let repositories = world.repositories();
    let asked = ticket("cart total", "");
    let context = repositories.gather(&asked, &source(&host.address), None).await.unwrap();
    assert_eq!(context.ranked[0].path, "src/cart.rs");
    assert_eq!(context.branch.as_deref(), Some("main"));
    assert!(world.root().join("cache/mirrors").is_dir());
}

#[tokio::test]
async fn a_rewritten_branch_replaces_the_mirror_and_a_deleted_one_leaves_it_whole() {
    let world = shop();
    let asked = ticket("cart total", "");
    let stale = || {
        let always = planwright::repo::RepoSettings { fresh_secs: 0, ..settings(world.root()) };
        Repositories::new(always, Arc::new(Still))
    };
    let host = Host::of(&world, None).await;
    let repositories = stale();
    repositories.gather(&asked, &source(&host.address), None).await.unwrap();
    world.git(&["commit", "-q", "--amend", "-m", "Start again"]);
    let commit = world.commit("Basket", &[("src/basket.rs", "pub fn basket_total() {}\n")]);
    serve_again(&world);
    let context = repositories.gather(&ticket("basket total", ""), &source(&host.address), None).await.unwrap();
    assert_eq!((context.commit.as_str(), context.ranked[0].path.as_str()), (commit.as_str(), "src/basket.rs"));
    // The repository is deleted while what was read of it is in use.
    std::fs::remove_dir_all(world.root().join("served.git")).unwrap();
    let error = repositories.gather(&asked, &source(&host.address), None).await.map(drop).unwrap_err();
    assert!(matches!(error, RepoError::Missing { .. }), "{error}");
    assert_eq!(context.tree.text("src/basket.rs").as_deref(), Some("pub fn basket_total() {}\n"));
    let mirror = walk(&world.root().join("cache/mirrors")).into_iter().find(|path| path.ends_with("HEAD")).unwrap();
    world.git(&["--git-dir", &mirror.parent().unwrap().to_string_lossy(), "fsck", "--strict"]);
}

/// Copies the world's repository to where it is served from.
fn serve_again(world: &World) {
    let bare = world.root().join("served.git");
    std::fs::remove_dir_all(&bare).unwrap();
    world.git(&["clone", "-q", "--bare", ".", &bare.to_string_lossy()]);
    world.git(&["--git-dir", &bare.to_string_lossy(), "update-server-info"]);
}

/// An address that nobody serves.
const NOWHERE: &str = "http://127.0.0.1:1/shop.git";

#[tokio::test]
async fn a_fresh_mirror_needs_no_host() {
    let world = shop();
    let host = Host::of(&world, None).await;
    let address = host.address.clone();
    let repositories = world.repositories();
    let asked = ticket("cart total", "");
    repositories.gather(&asked, &source(&address), None).await.unwrap();
    host.serving.abort();
    let second = Repositories::new(settings(world.root()), Arc::new(Still));
    let context = second.gather(&asked, &source(&address), None).await.unwrap();
    assert_eq!(context.ranked[0].path, "src/cart.rs");
}

#[tokio::test]
async fn the_login_reaches_the_host_and_nothing_else() {
    let world = shop();
    // base64 of `x-access-token:canary-7`
    let host = Host::of(&world, Some("eC1hY2Nlc3MtdG9rZW46Y2FuYXJ5LTc=")).await;
    let asked = ticket("cart total", "");
    let with = |password: &str| CodeSource {
        credentials: Some(("x-access-token".to_owned(), SecretString::from(password.to_owned()))),
        ..source(&host.address)
    };
    let context = world.repositories().gather(&asked, &with("canary-7"), None).await.unwrap();
    assert_eq!(context.ranked[0].path, "src/cart.rs");
    for place in walk(&world.root().join("cache")) {
        let bytes = std::fs::read(&place).unwrap();
        assert!(!bytes.windows(8).any(|window| window == b"canary-7"), "{} holds the secret", place.display());
    }
    std::fs::remove_dir_all(world.root().join("cache")).unwrap();
    for refused in [with("wrong"), source(&host.address)] {
        let error = world.repositories().gather(&asked, &refused, None).await.map(drop).unwrap_err();
        assert!(matches!(error, RepoError::Missing { .. }), "{error}");
        assert!(!error.to_string().contains("wrong"), "{error}");
    }
}

#[tokio::test]
async fn a_host_that_is_gone_and_a_repository_that_never_was() {
    let world = shop();
    let asked = ticket("cart total", "");
    let error = world.repositories().gather(&asked, &source(NOWHERE), None).await.map(drop).unwrap_err();
    assert!(matches!(error, RepoError::Unavailable { .. }), "{error}");
    let host = Host::of(&world, None).await;
    let other = host.address.replace("shop.git", "none.git");
    let error = world.repositories().gather(&asked, &source(&other), None).await.map(drop).unwrap_err();
    assert!(matches!(error, RepoError::Missing { .. }), "{error}");
}

#[tokio::test]
async fn a_mirror_over_its_limit_is_refused_and_removed() {
    let world = shop();
    let host = Host::of(&world, None).await;
    let small = planwright::repo::RepoSettings { max_repository_bytes: 10, ..settings(world.root()) };
    let repositories = Repositories::new(small, Arc::new(Still));
    let error = repositories.gather(&ticket("cart", ""), &source(&host.address), None).await.map(drop).unwrap_err();
    assert!(matches!(error, RepoError::Refused { .. }), "{error}");
    assert!(walk(&world.root().join("cache")).iter().all(|path| !path.to_string_lossy().contains(".git/")));
}

/// All files below a folder.
fn walk(folder: &std::path::Path) -> Vec<PathBuf> {
    let (mut open, mut found) = (vec![folder.to_owned()], Vec::new());
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            if entry.path().is_dir() { open.push(entry.path()) } else { found.push(entry.path()) }
        }
    }
    found
}
