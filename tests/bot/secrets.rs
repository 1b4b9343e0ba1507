//! Secrets: they rotate without a gap, and they are nowhere to be read.

use std::{fs, path::Path, process::Command};

use planwright::sandbox::github::{Endpoint, Fault, Writing};

use super::{
    harness::{MAINTAINER, Options, Process, TestBot, free_port},
    serve::{change, start},
};

const NEW: &str = "a new secret of thirty-two letters";

/// A bot whose webhook secrets read like this in its configuration.
async fn with_secrets(bot: &TestBot, usual: &str, secrets: &str) -> Process {
    let port = free_port();
    let file = bot.configure(&Options::default(), port);
    change(&file, usual, secrets);
    let mut command = Command::new(env!("CARGO_BIN_EXE_planwright"));
    command.arg("serve").arg("--config").arg(file);
    let process = start(bot, port, command).await;
    bot.github().set_hook(format!("http://127.0.0.1:{port}/hooks/acme-github"));
    process
}

#[tokio::test]
async fn a_secret_is_rotated_without_a_gap() {
    let bot = TestBot::start_idle().await;
    let github = bot.github();
    let old = github.webhook_secret();
    let mut process = bot.spawn(&Options::default()).await;
    let issue = bot.open_bug().await;
    bot.ask(&issue).await;
    let first = bot.next_comment(&issue).await;
    assert!(process.terminate());

    let set = |secret: &str| github.set_webhook_secret(secret);
    let asked = async || github.comment(&issue, "/plan", MAINTAINER).await.sent.status;
    let usual = format!("webhook_secrets = [\"{old}\"]");
    let mut process = with_secrets(&bot, &usual, &format!("webhook_secrets = [\"{NEW}\", \"{old}\"]")).await;
    for secret in [old.as_str(), NEW] {
        set(secret);
        assert_eq!(asked().await, Some(202));
        let next = bot.next_comment(&issue).await;
        assert_eq!((next.comment, next.writing), (first.comment, Writing::Edited));
    }
    assert!(process.terminate());

    set(&old);
    let mut process = with_secrets(&bot, &usual, &format!("webhook_secrets = [\"{NEW}\"]")).await;
    assert_eq!(asked().await, Some(401));
    set(NEW);
    assert_eq!(asked().await, Some(202));
    let last = bot.next_comment(&issue).await;
    assert_eq!((last.comment, last.writing), (first.comment, Writing::Edited));
    assert_eq!(bot.comments_by_bot(&issue), 1);
    assert!(process.terminate());
    bot.finish().await;
}

/// Every file under a folder that the bot wrote.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            all.extend(files(&path));
        } else {
            all.push((path.display().to_string(), fs::read(&path).expect("the file can be read")));
        }
    }
    all
}

#[tokio::test]
async fn secrets_occur_nowhere() {
    let bot = TestBot::start_idle().await;
    let github = bot.github();
    let loud = Options { more: "[log]\nlevel = \"trace\"".into(), write_timeout_secs: 1, ..Options::default() };
    let mut process = bot.spawn(&loud).await;
    let arguments = fs::read(format!("/proc/{}/cmdline", process.child.id())).unwrap_or_default();
    github.fail_next(Endpoint::Permission, Fault::Unauthorized);
    github.fail_next(Endpoint::CreateComment, Fault::AppliedThenStatus(502));
    let issue = bot.open_bug().await;
    bot.ask(&issue).await;
    bot.next_comment(&issue).await;
    let secret = github.webhook_secret();
    github.set_webhook_secret("not the secret of this connection");
    assert_eq!(github.ping().await.status, Some(401));
    let hook = fs::read_to_string(bot.folder.path().join("planwright.toml")).expect("the configuration is there");
    let listen =
        hook.lines().find_map(|line| line.strip_prefix("public_url = ")).expect("an address").trim_matches('"');
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    let metrics = client.get(format!("{listen}/metrics")).send().await.expect("an answer");
    assert!(metrics.status().is_success(), "{}", metrics.status());
    let metrics = metrics.bytes().await.expect("a body").to_vec();
    assert!(process.terminate());

    let key = github.private_key_pem();
    let mut needles = vec![secret];
    needles.extend(key.lines().filter(|line| !line.starts_with('-') && line.len() > 20).map(str::to_owned));
    // an installation's token begins so, and a JSON web token, which the key signs, begins with its header
    needles.extend(["ghs_".to_owned(), "eyJ0eXAi".to_owned(), "eyJhbGci".to_owned()]);
    let mut texts = files(bot.folder.path());
    texts.retain(|(name, _)| !name.ends_with("planwright.toml") && !name.ends_with("app.pem"));
    assert!(texts.iter().any(|(name, bytes)| name.ends_with("bot.log") && !bytes.is_empty()), "there is a log");
    assert!(texts.iter().any(|(name, _)| name.ends_with("planwright.db")), "there is a database");
    texts.extend([("/metrics".to_owned(), metrics), ("the arguments".to_owned(), arguments)]);
    for (name, bytes) in &texts {
        for needle in &needles {
            let found = bytes.windows(needle.len()).position(|window| window == needle.as_bytes());
            let around = found.map(|at| String::from_utf8_lossy(&bytes[at.saturating_sub(200)..at + needle.len()]));
            assert_eq!(around, None, "{needle} is in {name}");
        }
    }
    bot.finish().await;
}
