//! Plans as files of the issue's repository: titles and links that lead astray, and a process that dies meanwhile.

use std::{
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

use planwright::sandbox::{
    NewTicket, TicketKey,
    github::{Endpoint, Fault, Written},
};

use super::harness::{MAINTAINER, Options, SHOP, TestBot, bug, idle};

/// Every plan becomes a file of the repository.
fn options() -> Options {
    let more = "[publish]\nmode = \"document\"\ndocument = \"repository\"\n".to_owned();
    Options { more, lease_secs: 12, write_timeout_secs: 4, ..Options::default() }
}

/// What git prints about the shop's repository.
fn git(bot: &TestBot, args: &[&str]) -> String {
    let mut git = Command::new("git");
    let output = git.arg("-C").arg(bot.folder.path().join("shop.git")).args(args).output().expect("git runs");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The files that a branch adds to the default one.
fn added(bot: &TestBot, branch: &str) -> Vec<String> {
    let range = format!("refs/heads/main..refs/heads/{branch}");
    git(bot, &["diff", "--name-only", &range]).lines().map(str::to_owned).collect()
}

async fn plan(bot: &TestBot, title: &str) -> (TicketKey, Written) {
    let new = NewTicket { title: title.to_owned(), ..bug() };
    let issue = bot.github().open_issue(SHOP, new, MAINTAINER).await.issue;
    bot.ask(&issue).await;
    let written = bot.next_comment(&issue).await;
    (issue, written)
}

#[tokio::test]
async fn no_title_leads_a_file_out_of_the_plan_folder() {
    let bot = TestBot::start_with(options()).await;
    let titles = ["../../.github/workflows/x.yml", "/etc/passwd", "fixes #1 @acme/team `rm -rf`", "..\\..\\x\u{0}y"];
    for title in titles {
        let (issue, written) = plan(&bot, title).await;
        let pulls = bot.github().pulls(SHOP);
        let pull = pulls.last().expect("a pull request");
        let files = added(&bot, &pull.head);
        assert_eq!(files.len(), 1, "{title}: {files:?}");
        let name = files[0].strip_prefix("plans/").and_then(|name| name.strip_suffix(".md")).expect("in the folder");
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        assert!(name.chars().all(plain) && pull.head == format!("planwright/{name}"), "{title}: {name} {pull:?}");
        // what closes or calls in a title stands in no message
        assert_eq!(pull.title, format!("Implementation plan for #{}", issue.number));
        let message = git(&bot, &["log", "-1", "--format=%B", &format!("refs/heads/{}", pull.head)]);
        assert_eq!(message.trim(), format!("Implementation plan for {SHOP}#{}", issue.number));
        assert!(written.text.contains(&format!("/blob/{}/{}", pull.head, files[0])), "{}", written.text);
    }
    bot.finish().await;
}

/// Commits a symbolic link to the shop's default branch.
fn link(bot: &TestBot, path: &str, target: &str) {
    let script = format!(
        "commit refs/heads/main\ncommitter Mara <mara@example.com> now\ndata 4\nlink\nfrom refs/heads/main^0\n\
         M 120000 inline {path}\ndata {}\n{target}\ndone\n",
        target.len()
    );
    fast_import(&bot.folder.path().join("shop.git"), &script);
}

fn fast_import(repository: &Path, script: &str) {
    let mut git = Command::new("git");
    git.arg("-C").arg(repository).args(["fast-import", "--quiet", "--done", "--date-format=now"]).stdin(Stdio::piped());
    let mut running = git.spawn().expect("git runs");
    running.stdin.take().expect("a pipe").write_all(script.as_bytes()).expect("git reads");
    assert!(running.wait().expect("git ends").success());
}

#[tokio::test]
async fn a_folder_that_is_a_symbolic_link_is_not_written_through() {
    let bot = TestBot::start_with(options()).await;
    link(&bot, "plans", ".github/workflows");
    let (_, written) = plan(&bot, "Cart total ignores the coupon").await;
    assert!(written.text.contains("/plans/") && written.text.contains("until="), "{}", written.text);
    assert!(bot.github().pulls(SHOP).is_empty(), "nothing was written");
    let publications = bot.store().publications(10).await.expect("publications");
    let reasons: Vec<&str> = publications.iter().filter_map(|publication| publication.reason.as_deref()).collect();
    assert!(reasons.iter().any(|reason| reason.contains("no folder")), "{reasons:?}");
    bot.finish().await;
}

/// Kills the process while the file is on its way, starts it again, and counts files, pull requests and comments.
async fn killed_at(fault: Fault) {
    let bot = TestBot::start_idle().await;
    let mut process = bot.spawn(&options()).await;
    let issue = bot.open_bug().await;
    let gate = bot.github().fail_next(Endpoint::PutContents, fault);
    bot.ask(&issue).await;
    gate.reached().await;
    process.kill();
    gate.release();
    let mut process = bot.spawn(&options()).await;
    let written = bot.next_comment(&issue).await;
    let store = bot.open_store().await;
    idle(store.as_ref()).await;
    store.close().await;
    let pulls = bot.github().pulls(SHOP);
    assert_eq!((pulls.len(), bot.comments_by_bot(&issue)), (1, 1), "{pulls:?}");
    let path = added(&bot, &pulls[0].head).pop().expect("a file");
    let text = bot.github().file(SHOP, &pulls[0].head, &path).await.expect("the file");
    assert!(text.contains("Plan version 1") && written.text.contains(&path), "{text}");
    process.kill();
    bot.finish().await;
}

#[tokio::test]
async fn killed_before_the_file_is_written_there_is_one_in_the_end() {
    killed_at(Fault::Hold).await;
}

#[tokio::test]
async fn killed_after_the_file_is_written_there_is_one_in_the_end() {
    killed_at(Fault::AppliedThenHold).await;
}
