//! A plan that is no longer about its ticket says so, in its own comment.

use planwright::{
    model::{job::JobState, plan::Plan},
    sandbox::{NewTicket, TicketKey, github::Written},
};

use super::harness::{MAINTAINER, SHOP, TestBot, until};

/// A ticket with two criteria.
fn coupon() -> NewTicket {
    NewTicket {
        title: "Cart total ignores the coupon".to_owned(),
        body: body(&["the coupon of a cart counts once", "a total is never below zero"]),
        ..NewTicket::default()
    }
}

fn body(criteria: &[&str]) -> String {
    let lines: Vec<String> = criteria.iter().map(|criterion| format!("- [ ] {criterion}")).collect();
    format!("The total of a cart with a coupon is wrong.\n\n## Acceptance criteria\n\n{}", lines.join("\n"))
}

/// Opens the ticket and has it planned.
async fn planned(bot: &TestBot) -> (TicketKey, Written) {
    let issue = bot.github().open_issue(SHOP, coupon(), MAINTAINER).await.issue;
    bot.ask(&issue).await;
    let written = bot.next_comment(&issue).await;
    bot.idle().await;
    (issue, written)
}

/// What the jobs of looking again said, newest first.
async fn looks(bot: &TestBot) -> Vec<String> {
    let jobs = bot.store().jobs(None, 20).await.expect("jobs");
    let looks = jobs.into_iter().filter(|job| job.work.kind() == "review");
    looks.map(|job| format!("{:?} {}", job.state, job.reason.unwrap_or_default())).collect()
}

#[tokio::test]
async fn an_edit_names_what_is_new_what_is_gone_and_the_steps_that_served_it() {
    let bot = TestBot::start().await;
    let (issue, first) = planned(&bot).await;
    let edited = body(&["the coupon of a cart counts once", "a gift card pays after the coupon"]);
    bot.github().edit_issue(&issue, None, Some(&edited), MAINTAINER).await;
    let said = bot.next_comment(&issue).await;
    assert_eq!(said.comment, first.comment);
    for expected in ["Parts of this plan are stale", "AC2", "a gift card pays after the coupon", "Plan version 1"] {
        assert!(said.text.contains(expected), "no {expected:?} in:\n{}", said.text);
    }
    assert!(said.text.contains("serves what is no longer in the ticket"), "{}", said.text);
    bot.idle().await;
    assert_eq!(bot.store().plans(9).await.expect("plans").len(), 1, "no new plan");
    assert_eq!(bot.comments_by_bot(&issue), 1);

    bot.github().comment(&issue, "/plan", MAINTAINER).await;
    let second = bot.next_comment(&issue).await;
    assert!(!second.text.contains("stale"), "{}", second.text);
    for expected in ["Plan version 2", "Changed since version 1", "criteria added", "criteria dropped", "/changes"] {
        assert!(second.text.contains(expected), "no {expected:?} in:\n{}", second.text);
    }
    bot.finish().await;
}

#[tokio::test]
async fn what_is_said_already_is_not_said_again() {
    let bot = TestBot::start().await;
    let (issue, _) = planned(&bot).await;
    let github = bot.github();
    github.edit_issue(&issue, Some("Cart total forgets the coupon"), None, MAINTAINER).await;
    bot.next_comment(&issue).await;
    bot.idle().await;
    github.edit_issue(&issue, Some("Cart total forgets the coupons"), None, MAINTAINER).await;
    let all = || async { looks(&bot).await.len() == 2 };
    until("the second edit is looked at", all).await;
    bot.idle().await;
    let looks = looks(&bot).await;
    assert_eq!(looks[0], format!("{:?} that is said already", JobState::Done));
    github.edit_issue(&issue, Some("Cart total ignores the coupon"), None, MAINTAINER).await;
    let last = bot.next_comment(&issue).await;
    assert!(!last.text.contains("stale"), "the ticket is as it was planned for:\n{}", last.text);
    bot.finish().await;
}

#[tokio::test]
async fn edits_that_change_no_word_say_nothing() {
    let bot = TestBot::start().await;
    let (issue, _) = planned(&bot).await;
    let spaced = format!("{}\n\n", coupon().body);
    bot.github().edit_issue(&issue, None, Some(&spaced), MAINTAINER).await;
    until("the edit is looked at", || async { !looks(&bot).await.is_empty() }).await;
    bot.idle().await;
    assert_eq!(looks(&bot).await, [format!("{:?} nothing in the plan is stale", JobState::Done)]);
    bot.finish().await;
}

#[tokio::test]
async fn a_revised_version_says_what_is_different() {
    let bot = TestBot::start().await;
    let (issue, _) = planned(&bot).await;
    bot.github().comment(&issue, "/plan revise also change `src/inventory.rs`", MAINTAINER).await;
    let second = bot.next_comment(&issue).await;
    let versions = bot.store().plans(9).await.expect("plans");
    let plan: Plan = serde_json::from_str(&versions[0].plan_json).expect("a plan");
    assert!(plan.sections.steps().any(|step| step.files.iter().any(|change| change.file.path == "src/inventory.rs")));
    let note = second.text.lines().find(|line| line.contains("Changed since version 1")).expect("the note");
    assert!(note.contains("files added `src/inventory.rs`"), "{note}");
    bot.finish().await;
}
