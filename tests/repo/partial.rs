//! Mirrors without blobs: a host on loopback that speaks git's "smart" protocol through `git http-backend`
//! (git-http-backend(1)) and notes what it is asked for.

use std::{
    path::{Path, PathBuf},
    process::Stdio,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use secrecy::SecretString;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    process::Command,
    sync::Notify,
};

use super::world::{Still, World, settings, source, ticket};
use crate::bot::harness::{Options, TestBot};
use planwright::{
    repo::{ContextSource, RepoError, RepoSettings, Repositories},
    trackers::CodeSource,
};

/// One fetch that the host was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Asked {
    without_blobs: bool,
    wants: usize,
}

/// What the host can do.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Knows {
    All,
    /// Nothing about leaving blobs out.
    NoFilters,
    /// The first version of the protocol, in which it gives nothing by its hash.
    NoHashes,
}

/// How the host misbehaves.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Trouble {
    None,
    /// Answers break off in the middle.
    BreaksOff,
    /// After so many fetches, the packs of the next ones break off.
    PacksBreakOff(usize),
    /// After so many fetches, the pack of the next one stops until the client goes away.
    PackStops(usize),
}

/// What a host keeps.
struct Served {
    bare: PathBuf,
    knows: Knows,
    /// Does the answer to a fetch of everything stop in the middle? From a host that knows all, always; from others,
    /// which have no other answer, the first time.
    is_large: bool,
    asked: Mutex<Vec<Asked>>,
    trouble: Mutex<Trouble>,
    /// Has the answer to a fetch of everything stopped?
    has_stopped: AtomicBool,
    /// Told when an answer has stopped.
    stopped: Notify,
}

/// A host of one repository that wants a login.
struct Host {
    address: String,
    served: Arc<Served>,
}

/// base64 of `x-access-token:canary-7`
const LOGIN: &str = "Basic eC1hY2Nlc3MtdG9rZW46Y2FuYXJ5LTc=";
/// How much of an answer comes before it stops.
const HALF: usize = 1 << 20;

impl Host {
    async fn of(world: &World, knows: Knows, is_large: bool) -> Self {
        let bare = world.root().join("served.git");
        world.git(&["clone", "-q", "--bare", ".", &bare.to_string_lossy()]);
        let allow = if knows == Knows::NoFilters { "false" } else { "true" };
        world.git(&["--git-dir", &bare.to_string_lossy(), "config", "uploadpack.allowFilter", allow]);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/served.git", listener.local_addr().unwrap());
        let (asked, trouble, has_stopped) = (Mutex::default(), Mutex::new(Trouble::None), AtomicBool::new(false));
        let served = Arc::new(Served { bare, knows, is_large, asked, trouble, has_stopped, stopped: Notify::new() });
        let host = served.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer(stream, host.clone()));
            }
        });
        Self { address, served }
    }

    fn source(&self) -> CodeSource {
        let credentials = Some(("x-access-token".to_owned(), SecretString::from("canary-7")));
        CodeSource { credentials, ..source(&self.address) }
    }

    /// The fetches since the last time.
    fn asked(&self) -> Vec<Asked> {
        std::mem::take(&mut self.served.asked.lock().unwrap())
    }

    fn is_now(&self, trouble: Trouble) {
        *self.served.trouble.lock().unwrap() = trouble;
    }

    /// Takes over what was committed.
    fn update(&self, world: &World) {
        world.git(&["push", "-q", "--force", &self.served.bare.to_string_lossy(), "main"]);
    }
}

/// Answers one request.
async fn answer(stream: TcpStream, host: Arc<Served>) {
    let mut stream = BufReader::new(stream);
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
            return;
        }
        match line.trim_end() {
            "" => break,
            line => lines.push(line.to_owned()),
        }
    }
    let header = |name: &str| {
        let named = |line: &&String| line.to_ascii_lowercase().starts_with(&format!("{name}:"));
        lines.iter().find(named).map(|line| line[name.len() + 1..].trim().to_owned()).unwrap_or_default()
    };
    let mut body = vec![0; header("content-length").parse().unwrap_or(0)];
    stream.read_exact(&mut body).await.unwrap();
    if header("authorization") != LOGIN {
        let refusal = "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"shop\"\r\nContent-Length: 0\r\n";
        let _ = stream.write_all(format!("{refusal}Connection: close\r\n\r\n").as_bytes()).await;
        return;
    }
    let mut request = lines[0].split(' ');
    let (method, target) = (request.next().unwrap(), request.next().unwrap());
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let told =
        [("git-protocol", "GIT_PROTOCOL"), ("content-type", "CONTENT_TYPE"), ("content-length", "CONTENT_LENGTH")];
    let mut backend = Command::new("git")
        .arg("http-backend")
        .envs([("REQUEST_METHOD", method), ("PATH_INFO", path), ("QUERY_STRING", query)])
        .envs(told.map(|(name, variable)| (variable, header(name))))
        .envs((host.knows == Knows::NoHashes).then_some(("GIT_PROTOCOL", "")))
        .env("HTTP_CONTENT_ENCODING", header("content-encoding"))
        .envs([("GIT_HTTP_EXPORT_ALL", "1"), ("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_NOSYSTEM", "1")])
        .env("GIT_PROJECT_ROOT", host.bare.parent().unwrap())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    backend.stdin.take().unwrap().write_all(&body).await.unwrap();
    let out = backend.wait_with_output().await.unwrap().stdout;
    match note(&host, &body) {
        Sends::All => send(&mut stream, &out, out.len()).await,
        Sends::Half => send(&mut stream, &out, out.len() / 2).await,
        Sends::MostOfPack => send(&mut stream, &out, most(&out)).await,
        Sends::UntilStopped => {
            send(&mut stream, &out, most(&out)).await;
            host.stopped.notify_one();
            // Until the client goes away.
            let _ = stream.read_to_end(&mut Vec::new()).await;
        }
    }
}

/// How much of an answer is sent.
enum Sends {
    All,
    Half,
    MostOfPack,
    UntilStopped,
}

/// Notes a request, when it is a fetch (gitprotocol-v2(5), gitprotocol-pack(5)), and says how it is answered.
fn note(host: &Served, body: &[u8]) -> Sends {
    let body = String::from_utf8_lossy(body);
    let asked = Asked { without_blobs: body.contains("filter blob:none"), wants: body.matches("want ").count() };
    let mut trouble = host.trouble.lock().unwrap();
    if asked.wants == 0 {
        return if *trouble == Trouble::BreaksOff { Sends::Half } else { Sends::All };
    }
    let is_whole = host.is_large && !asked.without_blobs;
    host.asked.lock().unwrap().push(asked);
    match &mut *trouble {
        Trouble::BreaksOff => Sends::Half,
        _ if is_whole && (!host.has_stopped.swap(true, Ordering::Relaxed) || host.knows == Knows::All) => {
            Sends::UntilStopped
        }
        Trouble::PacksBreakOff(0) => Sends::MostOfPack,
        Trouble::PackStops(0) => {
            *trouble = Trouble::None;
            Sends::UntilStopped
        }
        Trouble::PacksBreakOff(after) | Trouble::PackStops(after) => {
            *after -= 1;
            Sends::All
        }
        Trouble::None => Sends::All,
    }
}

/// So much of an answer that its pack, which is at its end, is cut.
fn most(out: &[u8]) -> usize {
    let body = body(out);
    HALF.min(body + (out.len() - body) * 3 / 4)
}

/// Where the body of a CGI program's answer begins.
fn body(out: &[u8]) -> usize {
    out.windows(4).position(|window| window == b"\r\n\r\n").unwrap() + 4
}

/// Sends what a CGI program said (RFC 3875, section 6), or so many bytes of it.
async fn send(stream: &mut BufReader<TcpStream>, out: &[u8], length: usize) {
    let length_of_body = out.len() - body(out);
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {length_of_body}\r\nConnection: close\r\n");
    let _ = stream.write_all(head.as_bytes()).await;
    let _ = stream.write_all(&out[..length]).await;
    let _ = stream.flush().await;
}

/// Bytes that do not compress (xorshift, see Marsaglia 2003).
fn noise(bytes: usize) -> String {
    let mut state = 88_172_645_463_325_252_u64;
    let step = |_| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        char::from(b' ' + u8::try_from(state % 95).unwrap())
    };
    (0..bytes).map(step).collect()
}

/// A repository whose film outweighs its code.
fn shop() -> World {
    let film = noise(3 << 20);
    World::with(&[
        ("src/cart.rs", "pub fn cart_total() {}\n"),
        ("src/order.rs", "pub fn order() {}\n"),
        ("film.mp4", &film),
        (".gitattributes", "*.gen.rs linguist-generated\n"),
        ("src/made.gen.rs", "pub fn made() {}\n"),
        ("src/empty.rs", ""),
    ])
}

/// Repositories that keep whole mirrors up to three quarters of a megabyte, and always ask the host.
fn repositories(world: &World) -> Repositories {
    let settings = RepoSettings { max_repository_bytes: 6 << 20, fresh_secs: 0, ..settings(world.root()) };
    Repositories::new(settings, Arc::new(Still))
}

/// The one mirror in the cache.
fn mirror(root: &Path) -> PathBuf {
    let folders = std::fs::read_dir(root.join("cache/mirrors")).unwrap().map(|entry| entry.unwrap().path());
    folders.into_iter().find(|path| path.extension().is_some_and(|e| e == "git")).unwrap()
}

/// The paths of `main` whose blobs the mirror has not; the mirror is whole otherwise.
fn missing(world: &World) -> Vec<String> {
    missing_below(world.root(), world)
}

/// The same of the mirror in the cache of another folder.
fn missing_below(root: &Path, world: &World) -> Vec<String> {
    let mirror = mirror(root);
    let git_dir = mirror.to_string_lossy();
    world.git(&["--git-dir", &git_dir, "fsck", "--strict"]);
    let listing = world.git(&["--git-dir", &git_dir, "rev-list", "--objects", "--missing=print", "main"]);
    let lines: Vec<&str> = listing.lines().filter_map(|line| line.strip_prefix('?')).collect();
    let listing = world.git(&["ls-tree", "-r", "main"]);
    let paths = listing.lines().filter(|line| lines.iter().any(|object| line.contains(object)));
    paths.filter_map(|line| Some(line.split_once('\t')?.1.to_owned())).collect()
}

fn asked(without_blobs: bool, wants: usize) -> Asked {
    Asked { without_blobs, wants }
}

#[tokio::test]
async fn a_large_repository_is_kept_without_blobs_and_what_is_read_of_it_comes_at_once() {
    let world = shop();
    let host = Host::of(&world, Knows::All, true).await;
    let repositories = repositories(&world);
    let context = repositories.gather(&ticket("cart total", ""), &host.source(), None).await.unwrap();
    assert_eq!(context.ranked[0].path, "src/cart.rs");
    assert_eq!(context.tree.text("src/order.rs").as_deref(), Some("pub fn order() {}\n"));
    assert_eq!(missing(&world), ["film.mp4"]);
    let blobs = [asked(true, 1), asked(true, 2), asked(true, 1)];
    let expected = [[asked(false, 1), asked(true, 1)].as_slice(), &blobs].concat();
    assert_eq!(host.asked(), expected, "all, all but blobs; who made which files, what is read, what a change made");

    // A later commit costs its own blobs, also after a restart.
    for (name, repositories) in [("basket", repositories), ("voucher", self::repositories(&world))] {
        let path = format!("src/{name}.rs");
        world.commit(&format!("Add the {name} total"), &[(&path, &format!("pub fn {name}_total() {{}}\n"))]);
        host.update(&world);
        let asked_for = ticket(&format!("{name} total"), "");
        let context = repositories.gather(&asked_for, &host.source(), None).await.unwrap();
        assert_eq!(context.ranked[0].path, path);
        assert_eq!(host.asked(), [asked(true, 1), asked(true, 1)]);
        assert!(context.past.iter().any(|change| (change.added, change.deleted) == (1, 0)), "{:?}", context.past);
    }
    assert_eq!(missing(&world), ["film.mp4"]);
}

#[tokio::test]
async fn a_small_repository_is_kept_whole() {
    let world = World::with(&[("src/cart.rs", "pub fn cart_total() {}\n"), ("logo.png", "no picture")]);
    let host = Host::of(&world, Knows::All, false).await;
    let context = repositories(&world).gather(&ticket("cart total", ""), &host.source(), None).await.unwrap();
    assert_eq!(context.ranked[0].path, "src/cart.rs");
    assert_eq!((missing(&world), host.asked()), (Vec::new(), vec![asked(false, 1)]));
}

#[tokio::test]
async fn a_host_that_knows_no_filters_gives_everything() {
    let world = shop();
    let host = Host::of(&world, Knows::NoFilters, true).await;
    let context = repositories(&world).gather(&ticket("cart total", ""), &host.source(), None).await.unwrap();
    assert_eq!(context.ranked[0].path, "src/cart.rs");
    assert_eq!((missing(&world), host.asked()), (Vec::new(), vec![asked(false, 1), asked(false, 1)]));
}

#[tokio::test]
async fn an_answer_that_breaks_off_leaves_the_mirror_as_it_was() {
    let world = shop();
    let host = Host::of(&world, Knows::All, true).await;
    let repositories = repositories(&world);
    let cart = ticket("cart total", "");
    repositories.gather(&cart, &host.source(), None).await.unwrap();
    world.commit("Basket", &[("src/basket.rs", "pub fn basket_total() {}\n")]);
    host.update(&world);
    host.is_now(Trouble::BreaksOff);
    let error = repositories.gather(&cart, &host.source(), None).await.map(drop).unwrap_err();
    assert!(matches!(error, RepoError::Unavailable { .. }), "{error}");
    assert_eq!(missing(&world), ["film.mp4"]);
    host.is_now(Trouble::None);
    let context = repositories.gather(&ticket("basket total", ""), &host.source(), None).await.unwrap();
    assert_eq!(context.ranked[0].path, "src/basket.rs");
}

/// Where trouble can begin while a mirror is filled: with the first fetch without blobs, with the blob that says which
/// files count, with the blobs that are read.
const FILLING: std::ops::Range<usize> = 0..3;

#[tokio::test]
async fn a_pack_that_breaks_off_is_an_error_and_the_next_try_is_whole() {
    for after in FILLING {
        let world = shop();
        let host = Host::of(&world, Knows::All, true).await;
        let (repositories, cart) = (repositories(&world), ticket("cart total", ""));
        host.is_now(Trouble::PacksBreakOff(after));
        let error = repositories.gather(&cart, &host.source(), None).await.map(drop).unwrap_err();
        assert!(matches!(error, RepoError::Unavailable { .. }), "{after}: {error}");
        host.is_now(Trouble::None);
        let context = repositories.gather(&cart, &host.source(), None).await.unwrap();
        assert_eq!(context.ranked[0].path, "src/cart.rs");
        assert_eq!(missing(&world), ["film.mp4"], "{after}");
    }
}

#[tokio::test]
async fn a_first_pack_of_everything_that_breaks_off_is_fetched_again() {
    let world = World::with(&[("src/cart.rs", "pub fn cart_total() {}\n"), ("logo.png", "no picture")]);
    let host = Host::of(&world, Knows::All, false).await;
    let (repositories, cart) = (repositories(&world), ticket("cart total", ""));
    host.is_now(Trouble::PacksBreakOff(0));
    let error = repositories.gather(&cart, &host.source(), None).await.map(drop).unwrap_err();
    assert!(matches!(error, RepoError::Unavailable { .. }), "{error}");
    host.is_now(Trouble::None);
    let context = repositories.gather(&cart, &host.source(), None).await.unwrap();
    assert_eq!((context.ranked[0].path.as_str(), missing(&world)), ("src/cart.rs", Vec::new()));
}

#[tokio::test]
async fn without_the_blobs_of_past_changes_their_sizes_are_unknown() {
    let world = shop();
    let host = Host::of(&world, Knows::All, true).await;
    host.is_now(Trouble::PacksBreakOff(FILLING.end));
    let (repositories, start) = (repositories(&world), ticket("start", ""));
    let context = repositories.gather(&start, &host.source(), None).await.unwrap();
    assert_eq!((context.past.len(), context.past[0].added), (1, 0));
    assert_eq!(missing(&world), ["film.mp4", "src/made.gen.rs"]);
    host.is_now(Trouble::None);
    let context = repositories.gather(&start, &host.source(), None).await.unwrap();
    assert!(context.past[0].added > 0, "{:?}", context.past);
}

#[tokio::test]
async fn a_mirror_whose_filling_was_killed_is_filled_by_the_next_gathering() {
    for after in FILLING {
        let world = shop();
        let host = Host::of(&world, Knows::All, true).await;
        let cart = ticket("cart total", "");
        host.is_now(Trouble::PackStops(after));
        let killed = repositories(&world);
        let (source, none) = (host.source(), None);
        let gathering = killed.gather(&cart, &source, none);
        // What is dropped ends its git with SIGKILL.
        tokio::select! {
            _ = gathering => panic!("the host has stopped"),
            () = stopped_for_good(&host) => {}
        }
        drop(killed);
        let context = repositories(&world).gather(&cart, &host.source(), None).await.unwrap();
        assert_eq!(context.ranked[0].path, "src/cart.rs");
        assert_eq!(missing(&world), ["film.mp4"], "{after}");
    }
}

#[tokio::test]
async fn a_bot_that_is_killed_while_it_fills_a_mirror_fills_it_after_its_restart() {
    for after in FILLING {
        let world = shop();
        let host = Host::of(&world, Knows::All, true).await;
        host.is_now(Trouble::PackStops(after));
        let bot = TestBot::start_idle().await;
        let login = "user = \"x-access-token\"\ntoken = \"canary-7\"";
        let options = Options {
            repository: Some(format!("url = \"{}\"\n{login}", host.address)),
            cache: "max_repository_mb = 6".to_owned(),
            lease_secs: 2,
            write_timeout_secs: 1,
            ..Options::default()
        };
        let mut process = bot.spawn(&options).await;
        let issue = bot.open_bug().await;
        bot.ask(&issue).await;
        stopped_for_good(&host).await;
        // Its git lives on and waits for the host, in the mirror that the next process fills.
        process.kill();
        let mut process = bot.spawn(&options).await;
        let comment = bot.next_comment(&issue).await;
        assert!(comment.text.contains("src/cart.rs"), "{after}: {}", comment.text);
        assert_eq!(missing_below(bot.folder.path(), &world), ["film.mp4"], "{after}");
        process.kill();
        bot.finish().await;
    }
}

/// Waits until the trouble has come.
async fn stopped_for_good(host: &Host) {
    loop {
        host.served.stopped.notified().await;
        if *host.served.trouble.lock().unwrap() == Trouble::None {
            return;
        }
    }
}

#[tokio::test]
async fn a_repository_that_takes_too_long_is_kept_without_blobs() {
    let world = shop();
    let host = Host::of(&world, Knows::All, true).await;
    let settings = RepoSettings { git_timeout_secs: 4, ..settings(world.root()) };
    let repositories = Repositories::new(settings, Arc::new(Still));
    let context = repositories.gather(&ticket("cart total", ""), &host.source(), None).await.unwrap();
    assert_eq!(context.ranked[0].path, "src/cart.rs");
    assert_eq!(missing(&world), ["film.mp4"]);
}

#[tokio::test]
async fn from_a_host_that_gives_no_blob_by_its_hash_everything_comes() {
    let world = shop();
    let host = Host::of(&world, Knows::NoHashes, true).await;
    let repositories = repositories(&world);
    let context = repositories.gather(&ticket("cart total", ""), &host.source(), None).await.unwrap();
    assert_eq!(context.ranked[0].path, "src/cart.rs");
    assert_eq!(missing(&world), [""; 0]);
    world.commit("Basket", &[("src/basket.rs", "pub fn basket_total() {}\n")]);
    host.update(&world);
    host.asked();
    let context = repositories.gather(&ticket("basket total", ""), &host.source(), None).await.unwrap();
    assert_eq!(context.ranked[0].path, "src/basket.rs");
    assert!(host.asked().iter().all(|asked| !asked.without_blobs));
    assert_eq!(missing(&world), [""; 0]);
}

#[tokio::test]
async fn the_packs_of_a_mirror_stay_few() {
    let world = shop();
    let host = Host::of(&world, Knows::All, true).await;
    let repositories = repositories(&world);
    repositories.gather(&ticket("cart total", ""), &host.source(), None).await.unwrap();
    for number in 0..16 {
        let path = format!("src/part{number}.rs");
        world.commit("Part", &[(&path, &format!("pub fn part{number}_total() {{}}\n"))]);
        host.update(&world);
        let asked_for = ticket(&format!("part{number}_total"), "");
        let context = repositories.gather(&asked_for, &host.source(), None).await.unwrap();
        assert_eq!(context.ranked[0].path, path);
    }
    let packs = std::fs::read_dir(mirror(world.root()).join("objects/pack")).unwrap();
    let packs = packs.filter(|entry| entry.as_ref().unwrap().path().extension().is_some_and(|e| e == "pack")).count();
    assert!(packs < 40, "{packs} packs");
    assert_eq!(missing(&world), ["film.mp4"]);
}
