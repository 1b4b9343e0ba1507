//! From a commit to its context: the first index, a restart, a new commit, and tickets on a warm repository.
//!
//! The repository is made: 10,000 files of 10 KB, or as many as `PLANWRIGHT_BENCH_FILES` says. `PLANWRIGHT_BENCH_REPO`
//! names a real one (a git folder) instead. Every figure of reading stands beside `git cat-file --batch` reading the
//! same blobs in this run.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use planwright::{
    clock::SystemClock,
    model::{
        CommitId, ConnectionName, RepoName,
        ids::{TicketId, TicketKey},
        ticket::Ticket,
    },
    repo::{
        RepoSettings, Repositories, gathered::Gathered, git::Git, kept::Kept, query::Reading, snapshot::Snapshot,
        timings::Timings,
    },
    richtext::{Block, Doc, Inline},
    sandbox::scale,
    trackers::CodeSource,
};

use super::{median, time};

const FILES: usize = 10_000;
/// Kilobytes of a made file, about.
const PARTS: usize = 10;
const ROUNDS: usize = 40;
const CHANGED: usize = 50;

pub async fn run() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let git_dir = repository(folder.path());
    let head = text(&git_dir, &["rev-parse", "HEAD"]);
    let (plain, bytes) = cat_file(&git_dir, &head);
    let megabytes = bytes as f64 / 1e6;
    println!("context: {} files, {megabytes:.1} MB", text(&git_dir, &["ls-tree", "-r", &head]).lines().count());
    let speed = |time: Duration| megabytes / time.as_secs_f64();
    println!("  git cat-file --batch       {plain:>10.1?}  {:.0} MB/s", speed(plain));

    let first = Repositories::new(settings(folder.path(), &git_dir), Arc::new(SystemClock));
    let cold = gather(&first, &git_dir, &ticket(0), None).await;
    println!(
        "  first index and context    {cold:>10.1?}  {:.0} MB/s, {:.2} of git alone",
        speed(cold),
        ratio(cold, plain)
    );
    println!("  memory at most until here  {:>7} MB", peak_megabytes());
    let second = Repositories::new(settings(folder.path(), &git_dir), Arc::new(SystemClock));
    let restart = gather(&second, &git_dir, &ticket(0), None).await;
    println!("  first after a restart      {restart:>10.1?}  {:.2} of the first", ratio(restart, cold));

    let mut warm = Vec::new();
    for round in 0..ROUNDS {
        warm.push(gather(&second, &git_dir, &ticket(round), None).await);
    }
    println!("  a ticket, all is warm      {:>10.1?}", median(warm));
    let next = next_commit(&git_dir, &head);
    let (changed, phases) = gather_timed(&second, &git_dir, &ticket(0), Some(&next)).await;
    println!("  a commit of {CHANGED} files       {changed:>10.1?}  {}", told(&phases));
    println!("  ranking alone              {:>10.1?}", ranking(&git_dir, &head).await);
}

/// The real repository of the environment, or a made one.
fn repository(folder: &Path) -> PathBuf {
    let made = folder.join("large.git");
    match std::env::var_os("PLANWRIGHT_BENCH_REPO") {
        // A copy without objects of its own: the bench adds a commit.
        Some(real) => {
            let run =
                Command::new("git").args(["clone", "--quiet", "--bare", "--shared"]).arg(real).arg(&made).status();
            assert!(run.expect("git runs").success(), "the repository can be borrowed from");
        }
        None => {
            let files = std::env::var("PLANWRIGHT_BENCH_FILES").ok().and_then(|files| files.parse().ok());
            drop(scale::repository_with(&made, files.unwrap_or(FILES), PARTS).expect("the repository can be made"));
        }
    }
    made
}

/// The most memory that this process ever held (proc(5), `VmHWM`).
fn peak_megabytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default();
    line.split_ascii_whitespace().nth(1).and_then(|kilobytes| kilobytes.parse::<u64>().ok()).unwrap_or(0) / 1024
}

/// A made repository of so many files.
pub fn made(folder: &Path, files: usize) -> PathBuf {
    let made = folder.join("large.git");
    drop(scale::repository_of(&made, files).expect("the repository can be made"));
    made
}

pub fn settings(folder: &Path, git_dir: &Path) -> RepoSettings {
    RepoSettings {
        cache: folder.join("cache"),
        local_roots: vec![git_dir.parent().expect("it lies in a folder").to_owned()],
        git_timeout_secs: 300,
        max_repository_bytes: 1 << 40,
        max_cache_bytes: 1 << 40,
        history_commits: 2_000,
        fresh_secs: 60,
    }
}

pub fn ticket(round: usize) -> Ticket {
    let body = "After a restart the settings are gone: `export_invoice` does not write them.";
    Ticket {
        key: TicketKey::new(ConnectionName::new("bench"), TicketId::new("1")),
        reference: "bench#1".into(),
        url: None,
        project: "bench".into(),
        title: format!("Module {round} loses the discount of an order"),
        body: Doc { blocks: vec![Block::Paragraph { content: vec![Inline::text(body)] }] },
        fields: Vec::new(),
        type_name: None,
        labels: Vec::new(),
        places: Vec::new(),
        priority: None,
        milestone: None,
        state: Default::default(),
        author: None,
        assignees: Vec::new(),
        parent: None,
        children: Vec::new(),
        links: Vec::new(),
        comments: Vec::new(),
        attachments: Vec::new(),
    }
}

/// How long one context takes.
async fn gather(from: &Repositories, git_dir: &Path, ticket: &Ticket, rev: Option<&str>) -> Duration {
    gather_timed(from, git_dir, ticket, rev).await.0
}

/// The phases of a context, in milliseconds.
fn told(phases: &Timings) -> String {
    let Timings { fetch, index, history, facts, rank, .. } = phases;
    let phases = [("fetch", fetch), ("index", index), ("history", history), ("facts", facts), ("rank", rank)];
    phases.map(|(name, seconds)| format!("{name} {:.0}", seconds * 1e3)).join(", ")
}

/// How long one context takes, and its phases.
async fn gather_timed(from: &Repositories, git_dir: &Path, ticket: &Ticket, rev: Option<&str>) -> (Duration, Timings) {
    let url = git_dir.to_string_lossy().into_owned();
    let source = CodeSource { name: RepoName::new("bench/large"), url, credentials: None, web: None };
    let started = Instant::now();
    let (context, phases) = from.gather_timed(ticket, &source, rev).await.expect("the repository can be read");
    std::hint::black_box(context);
    (started.elapsed(), phases)
}

/// The median time of a ranking with all lists around it, without git and disk.
async fn ranking(git_dir: &Path, head: &str) -> Duration {
    let commit = CommitId::parse(head).expect("a hash");
    let snapshot = Snapshot::read(&Git::new(300), git_dir, &commit, &Kept::default(), 2_000).await;
    let snapshot = snapshot.expect("the repository can be read");
    let reading = Reading::of(&ticket(1));
    time(ROUNDS, || Gathered::of(&reading, &snapshot))
}

/// How long git alone takes to give all blobs of a commit, and their bytes.
fn cat_file(git_dir: &Path, head: &str) -> (Duration, u64) {
    let listing = text(git_dir, &["ls-tree", "-r", "--format=%(objectname)", head]);
    let wanted = git_dir.with_extension("wanted");
    std::fs::write(&wanted, listing + "\n").expect("the list can be written");
    let started = Instant::now();
    let mut child = git(git_dir, &["cat-file", "--batch", "--buffer"])
        .stdin(std::fs::File::open(&wanted).expect("it was written"))
        .stdout(Stdio::piped())
        .spawn()
        .expect("git runs");
    let mut out = child.stdout.take().expect("it is piped");
    let bytes = std::io::copy(&mut out, &mut std::io::sink()).expect("git answers");
    assert!(child.wait().expect("git ends").success());
    (started.elapsed(), bytes)
}

/// Adds a commit on a branch of its own that touches some files.
fn next_commit(git_dir: &Path, head: &str) -> String {
    let index = git_dir.with_extension("index");
    let run = |args: &[&str]| {
        let out = git(git_dir, args).env("GIT_INDEX_FILE", &index).output().expect("git runs");
        assert!(out.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8_lossy(&out.stdout).trim().to_owned()
    };
    run(&["read-tree", head]);
    let listing = text(git_dir, &["ls-tree", "-r", "--name-only", head]);
    let sources = listing.lines().filter(|path| planwright::repo::language::of(path).is_some());
    for (path, number) in sources.take(CHANGED).zip(0..) {
        let file = git_dir.with_extension("new");
        let old = text(git_dir, &["cat-file", "blob", &format!("{head}:{path}")]);
        std::fs::write(&file, format!("{old}\n// change {number}\n")).expect("a file can be written");
        let object = run(&["hash-object", "-w", &file.to_string_lossy()]);
        run(&["update-index", "--cacheinfo", &format!("100644,{object},{path}")]);
    }
    let tree = run(&["write-tree"]);
    run(&["commit-tree", &tree, "-p", head, "-m", "Change some files"])
}

fn git(git_dir: &Path, args: &[&str]) -> Command {
    let mut command = Command::new("git");
    command.arg("--git-dir").arg(git_dir).args(["-c", "user.name=bench", "-c", "user.email=bench@acme.example"]);
    command.args(args);
    command
}

fn text(git_dir: &Path, args: &[&str]) -> String {
    let out = git(git_dir, args).output().expect("git runs");
    assert!(out.status.success(), "git {args:?}");
    String::from_utf8_lossy(&out.stdout).trim().to_owned()
}

fn ratio(a: Duration, b: Duration) -> f64 {
    a.as_secs_f64() / b.as_secs_f64()
}
