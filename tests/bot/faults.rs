//! What the tracker does wrong: lost answers, limits, deleted tickets. One answer stands, or a reason.

use planwright::{
    model::job::JobState,
    sandbox::github::{Endpoint, Fault, Reveal},
};

use super::harness::{MAINTAINER, Options, SHOP, TestBot, until};

/// Asks for a plan while the next comment to be written meets a fault; one comment must stand in the end.
async fn survives(fault: Fault) {
    let bot = TestBot::start_with(Options { write_timeout_secs: 1, ..Options::default() }).await;
    let issue = bot.open_bug().await;
    bot.github().fail_next(Endpoint::CreateComment, fault.clone());
    bot.ask(&issue).await;
    bot.next_comment(&issue).await;
    bot.idle().await;
    assert_eq!(bot.comments_by_bot(&issue), 1, "after {fault:?}");
    let jobs = bot.store().jobs(None, 1).await.expect("jobs");
    assert_eq!(jobs[0].state, JobState::Done, "{jobs:?}");
    bot.finish().await;
}

#[tokio::test]
async fn a_comment_that_was_applied_and_answered_with_an_error_is_found_again() {
    survives(Fault::AppliedThenStatus(502)).await;
}

#[tokio::test]
async fn a_comment_that_was_applied_and_whose_connection_was_reset_is_found_again() {
    survives(Fault::AppliedThenReset).await;
}

#[tokio::test]
async fn a_comment_that_was_applied_and_never_answered_is_found_again() {
    survives(Fault::AppliedThenHang).await;
}

#[tokio::test]
async fn a_comment_that_was_not_applied_is_written_after_two_empty_listings() {
    for fault in [Fault::Status(500), Fault::Status(503), Fault::Reset] {
        survives(fault).await;
    }
}

#[tokio::test]
async fn limits_are_waited_for() {
    for fault in [Fault::RateLimited { retry_after: 1 }, Fault::SecondaryLimit { retry_after: Some(1) }] {
        survives(fault).await;
    }
}

#[tokio::test]
async fn refused_credentials_are_refreshed_once() {
    survives(Fault::Unauthorized).await;
}

#[tokio::test]
async fn a_double_that_appears_late_is_removed_by_the_second_look() {
    let bot = TestBot::start_with(Options { lease_secs: 6, ..Options::default() }).await;
    let issue = bot.open_bug().await;
    let late = Fault::AppearsLater { status: 504, reveal: Reveal::OnRelease };
    let gate = bot.github().fail_next(Endpoint::CreateComment, late);
    bot.ask(&issue).await;
    gate.reached().await;
    bot.next_comment(&issue).await;
    bot.next_comment(&issue).await;
    gate.release();
    bot.idle().await;
    until("the double is gone", || async { bot.comments_by_bot(&issue) == 1 }).await;
    bot.finish().await;
}

#[tokio::test]
async fn a_comment_that_a_stale_listing_hides_is_not_written_again() {
    let bot = TestBot::start_with(Options { write_timeout_secs: 1, ..Options::default() }).await;
    let issue = bot.open_bug().await;
    // the comments as they were before the post: the listing after it is stale
    bot.github().fail_next(Endpoint::ListComments, Fault::StaleListing);
    bot.github().fail_next(Endpoint::CreateComment, Fault::AppliedThenStatus(502));
    bot.ask(&issue).await;
    bot.next_comment(&issue).await;
    bot.idle().await;
    assert_eq!(bot.github().request_count(Endpoint::CreateComment), 1, "it was not sent again");
    assert_eq!(bot.comments_by_bot(&issue), 1);
    bot.finish().await;
}

#[tokio::test]
async fn a_listing_that_fails_shows_nothing_and_is_asked_again_soon() {
    // Two listings that are empty stand far apart; one that failed is none of them.
    let options = Options { write_timeout_secs: 1, listing_gap_ms: 600_000, ..Options::default() };
    let bot = TestBot::start_with(options).await;
    let issue = bot.open_bug().await;
    bot.github().fail_next(Endpoint::ListComments, Fault::Status(502));
    bot.github().fail_next(Endpoint::CreateComment, Fault::AppliedThenStatus(502));
    bot.ask(&issue).await;
    bot.next_comment(&issue).await;
    bot.idle().await;
    assert_eq!(bot.github().request_count(Endpoint::CreateComment), 1, "it was not sent again");
    assert_eq!(bot.comments_by_bot(&issue), 1);
    bot.finish().await;
}

#[tokio::test]
async fn a_ticket_deleted_meanwhile_ends_with_a_reason() {
    let bot = TestBot::start().await;
    let issue = bot.open_bug().await;
    let gate = bot.github().fail_next(Endpoint::CreateComment, Fault::Hold);
    bot.ask(&issue).await;
    gate.reached().await;
    bot.github().delete_issue(&issue, MAINTAINER).await;
    gate.release();
    bot.idle().await;
    let jobs = bot.store().jobs(None, 1).await.expect("jobs");
    assert!(jobs[0].reason.as_deref().is_some_and(|reason| reason.contains("not found")), "{jobs:?}");
    bot.finish().await;
}

#[tokio::test]
async fn a_locked_ticket_ends_with_a_reason() {
    let bot = TestBot::start().await;
    let issue = bot.open_bug().await;
    bot.github().lock(&issue, MAINTAINER).await;
    bot.ask(&issue).await;
    bot.idle().await;
    let jobs = bot.store().jobs(None, 1).await.expect("jobs");
    assert!(jobs[0].reason.as_deref().is_some_and(|reason| reason.contains("locked")), "{jobs:?}");
    assert_eq!(bot.comments_by_bot(&issue), 0);
    bot.finish().await;
}

#[tokio::test]
async fn a_failed_delivery_is_asked_for_again_by_the_sweep() {
    let mut bot = TestBot::start_idle().await;
    bot.github().set_hook("http://127.0.0.1:9/hooks/acme-github");
    let issue = bot.open_bug().await;
    let missed = bot.github().add_label(&issue, "needs-plan", MAINTAINER).await;
    assert_eq!(missed.status, None);
    bot.run(Options { more: "[sweep]\nevery_secs = 1".into(), ..Options::default() }).await;
    let comment = bot.next_comment(&issue).await;
    assert!(comment.text.contains("Plan version 1"));
    assert_eq!(issue.project, SHOP);
    bot.github().settled().await;
    bot.finish().await;
}
