//! `planwright serve` as a process: what it refuses to start with, what a start after `kill -9` finds, a full disk.

use std::{fs, os::unix::fs::PermissionsExt, path::Path, process::Stdio, time::Duration};

use planwright::sandbox::github::{Endpoint, Fault};
use tokio::process::Command;

use super::harness::{Options, Process, TestBot, free_port, idle, until_healthy};

/// The command line of a bot with this configuration.
fn command(file: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_planwright"));
    command.arg("serve").arg("--config").arg(file).stdin(Stdio::null()).kill_on_drop(true);
    command
}

/// Replaces the one place in a file that reads like this.
pub fn change(file: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(file).expect("the file is there");
    assert_eq!(text.matches(from).count(), 1, "{from} in:\n{text}");
    fs::write(file, text.replace(from, to)).expect("the file can be written");
}

/// Starts a bot of a shell's making; returns once it answers.
pub async fn start(bot: &TestBot, port: u16, mut command: std::process::Command) -> Process {
    let log = fs::File::options().create(true).append(true).open(bot.folder.path().join("bot.log"));
    let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log.expect("the log can be written")).spawn();
    let process = Process { child: child.expect("the bot's process starts") };
    until_healthy(port).await;
    process
}

/// Starts a bot that must refuse; returns what it says.
async fn refused(file: &Path) -> String {
    let ended = tokio::time::timeout(Duration::from_secs(180), command(file).output()).await;
    let output = ended.expect("the bot refuses to start").expect("the bot's process starts");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success(), "{said}");
    said
}

#[tokio::test]
async fn a_bad_configuration_ends_the_process_and_is_named() {
    let bot = TestBot::start_idle().await;
    let secret = format!("[\"{}\"]", bot.github().webhook_secret());
    let base = format!("base_url = \"{}\"", bot.github().base_url());
    let templates = bot.folder.path().join("templates");
    fs::create_dir_all(templates.join("mine")).expect("a folder");
    fs::write(templates.join("mine/pack.toml"), "title = \"Mine\"\ndescription = \"x\"\n").expect("a file");
    fs::write(templates.join("mine/plan.md.hbs"), "{{#each steps}}").expect("a file");
    let templates = format!("[planner]\ntemplates_dir = \"{}\"\n[worker]", templates.display());
    let cases: &[(&str, &str, &str)] = &[
        ("[worker]", "[worker]\nlease_seconds = 3", "lease_seconds"),
        ("[worker]", "[werker]\nlease = 3\n[worker]", "werker"),
        (&secret, "[{ env = \"PLANWRIGHT_TEST_UNSET_SECRET\" }]", "PLANWRIGHT_TEST_UNSET_SECRET"),
        (&secret, "[\" \"]", "webhook_secrets"),
        (&secret, "[]", "webhook_secrets"),
        (&base, "base_url = \"http://github.example\"", "base_url"),
        ("url = \"sqlite://", "url = \"mysql://", "store.url"),
        ("[worker]", &templates, "mine"),
    ];
    for (from, to, named) in cases {
        let file = bot.configure(&Options::default(), free_port());
        change(&file, from, to);
        let said = refused(&file).await;
        assert!(said.contains(named), "{to} is refused with:\n{said}");
        assert!(!said.contains(&bot.github().webhook_secret()), "a secret is shown:\n{said}");
    }
    let file = bot.configure(&Options::default(), free_port());
    let key = bot.folder.path().join("app.pem");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).expect("its mode can be set");
    let said = refused(&file).await;
    assert!(said.contains("private_key"), "{said}");
    bot.finish().await;
}

#[tokio::test]
async fn a_second_process_on_an_sqlite_file_is_told_to_use_postgresql() {
    let bot = TestBot::start_idle().await;
    let mut process = bot.spawn(&Options::default()).await;
    let file = bot.configure(&Options::default(), free_port());
    let said = refused(&file).await;
    assert!(said.contains("another process") && said.contains("postgresql"), "{said}");
    let issue = bot.open_bug().await;
    bot.ask(&issue).await;
    bot.next_comment(&issue).await;
    assert!(process.terminate());
    bot.finish().await;
}

#[tokio::test]
async fn a_start_after_a_kill_does_not_wait_for_the_lease() {
    let long = Options { lease_secs: 3600, write_timeout_secs: 2, ..Options::default() };
    let bot = TestBot::start_idle().await;
    let mut process = bot.spawn(&long).await;
    let issue = bot.open_bug().await;
    let gate = bot.github().fail_next(Endpoint::Issue, Fault::Hold);
    bot.ask(&issue).await;
    gate.reached().await;
    process.kill();
    gate.release();
    let mut process = bot.spawn(&long).await;
    bot.next_comment(&issue).await;
    let store = bot.open_store().await;
    idle(store.as_ref()).await;
    let jobs = store.jobs(None, 5).await.expect("jobs");
    assert_eq!((jobs.len(), jobs[0].attempt), (1, 2), "the attempt that was begun counts: {jobs:?}");
    store.close().await;
    assert!(process.terminate());
    bot.finish().await;
}

/// Text that nothing compresses, different for each number.
fn noise(seed: u64, bytes: usize) -> String {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut text = String::with_capacity(bytes);
    while text.len() < bytes {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        text.push_str(&format!("{state:016x}"));
    }
    text
}

#[tokio::test]
async fn what_a_full_disk_does_not_take_is_answered_503_and_taken_later() {
    // no file of this bot grows over 4 MiB (dash counts 512 bytes), as on a disk that is full
    const LIMITED: &str = r#"trap '' XFSZ; ulimit -f 8192; exec "$0" serve --config "$1""#;
    let bot = TestBot::start_idle().await;
    let port = free_port();
    let file = bot.configure(&Options::default(), port);
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", LIMITED, env!("CARGO_BIN_EXE_planwright")]).arg(&file);
    let mut process = start(&bot, port, shell).await;
    let github = bot.github();
    github.set_hook(format!("http://127.0.0.1:{port}/hooks/acme-github"));
    let (mut taken, mut failed) = (0, Vec::new());
    for at in 0..60 {
        let payload = format!(r#"{{"action":"created","noise":"{}"}}"#, noise(at + 1, 256 << 10));
        let sent = github.send("star", &payload).await;
        match sent.status {
            Some(202) => taken += 1,
            Some(503) => failed.push(sent.id),
            other => panic!("answered with {other:?}: {}", sent.answer),
        }
    }
    assert!(taken > 0 && failed.len() > 20, "{taken} taken, {} failed", failed.len());
    let store = bot.open_store().await;
    assert_eq!(store.deliveries(100).await.expect("deliveries").len(), taken, "a row for each 202");
    store.close().await;
    process.kill();
    let mut process = bot.spawn(&Options::default()).await;
    for id in failed {
        assert_eq!(github.redeliver(id).await.status, Some(202));
    }
    assert!(process.terminate());
    let store = bot.open_store().await;
    assert_eq!(store.deliveries(100).await.expect("deliveries").len(), 60);
    store.close().await;
    bot.finish().await;
}
