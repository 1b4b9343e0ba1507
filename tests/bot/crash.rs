//! `kill -9` and `kill -TERM` of the bot's process while a comment is on its way.

use futures::future::join_all;
use planwright::sandbox::github::{Endpoint, Fault};

use super::harness::{Options, TestBot, idle};

fn options() -> Options {
    Options { lease_secs: 2, write_timeout_secs: 1, ..Options::default() }
}

/// Kills the process while the request waits at the gate, starts it again, and counts comments.
async fn killed_at(fault: Fault) {
    let bot = TestBot::start_idle().await;
    let mut process = bot.spawn(&options()).await;
    let issue = bot.open_bug().await;
    let gate = bot.github().fail_next(Endpoint::CreateComment, fault);
    bot.ask(&issue).await;
    gate.reached().await;
    process.kill();
    gate.release();
    let mut process = bot.spawn(&options()).await;
    bot.next_comment(&issue).await;
    let store = bot.open_store().await;
    idle(store.as_ref()).await;
    store.close().await;
    assert_eq!(bot.comments_by_bot(&issue), 1);
    process.kill();
    bot.finish().await;
}

#[tokio::test]
async fn killed_between_intent_and_send_the_comment_is_written_once() {
    killed_at(Fault::Hold).await;
}

#[tokio::test]
async fn killed_between_send_and_answer_the_comment_is_found_again() {
    killed_at(Fault::AppliedThenHold).await;
}

#[tokio::test]
async fn killed_in_a_burst_every_delivery_that_was_answered_gets_its_comment() {
    let bot = TestBot::start_idle().await;
    let mut process = bot.spawn(&options()).await;
    let mut issues = Vec::new();
    for _ in 0..16 {
        issues.push(bot.open_bug().await);
    }
    join_all(issues.iter().map(|issue| bot.ask(issue))).await;
    process.kill();
    let mut process = bot.spawn(&options()).await;
    for issue in &issues {
        bot.next_comment(issue).await;
    }
    let store = bot.open_store().await;
    idle(store.as_ref()).await;
    store.close().await;
    assert!(issues.iter().all(|issue| bot.comments_by_bot(issue) == 1));
    process.kill();
    bot.finish().await;
}

#[tokio::test]
async fn told_to_stop_the_comment_on_its_way_is_finished_first() {
    let bot = TestBot::start_idle().await;
    let slow = Options { write_timeout_secs: 5, lease_secs: 20, ..Options::default() };
    let mut process = bot.spawn(&slow).await;
    let issue = bot.open_bug().await;
    let gate = bot.github().fail_next(Endpoint::CreateComment, Fault::AppliedThenHold);
    bot.ask(&issue).await;
    gate.reached().await;
    let ending = tokio::task::spawn_blocking(move || process.terminate());
    gate.release();
    assert!(ending.await.expect("the process was waited for"));
    bot.next_comment(&issue).await;
    let store = bot.open_store().await;
    let jobs = store.jobs(None, 5).await.expect("jobs");
    assert_eq!((jobs.len(), jobs[0].attempt), (1, 1), "{jobs:?}");
    assert_eq!(jobs[0].state, planwright::model::job::JobState::Done);
    store.close().await;
    bot.finish().await;
}
