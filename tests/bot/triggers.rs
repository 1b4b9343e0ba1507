//! The three ways in, commands, permission, and everything that must lead to silence.

use planwright::{
    model::{delivery::Decision, job::JobState},
    sandbox::{NewTicket, github::Writing},
};

use super::harness::{MAINTAINER, SHOP, STRANGER, TestBot};

#[tokio::test]
async fn labelling_a_ticket_posts_a_plan() {
    let bot = TestBot::start().await;
    let issue = bot.open_bug().await;
    bot.ask(&issue).await;
    let comment = bot.next_comment(&issue).await;
    assert_eq!(comment.author, bot.github().bot_login());
    assert!(comment.text.contains("Plan version 1"), "{}", comment.text);
    assert!(comment.text.contains("/blob/"), "the plan links into the code:\n{}", comment.text);
    bot.finish().await;
}

#[tokio::test]
async fn a_plan_command_posts_a_plan_and_shows_eyes_first() {
    let bot = TestBot::start().await;
    let issue = bot.open_bug().await;
    let asked = bot.github().comment(&issue, "Please help.\n\n/plan", MAINTAINER).await;
    let comment = bot.next_comment(&issue).await;
    assert!(comment.text.contains("Plan version 1"));
    let comments = bot.github().comments(&issue);
    let asking = comments.iter().find(|c| c.id == asked.comment).expect("the asking comment stands");
    assert!(format!("{:?}", asking.reactions).contains("eyes"), "{:?}", asking.reactions);
    bot.finish().await;
}

#[tokio::test]
async fn a_new_story_posts_a_plan() {
    let bot = TestBot::start().await;
    let story = NewTicket {
        title: "Customers pay with a gift card".into(),
        body: "As a customer I want to pay with a gift card so that I can use a present.".into(),
        kind: Some("Story".into()),
        ..NewTicket::default()
    };
    let issue = bot.github().open_issue(SHOP, story, MAINTAINER).await.issue;
    let comment = bot.next_comment(&issue).await;
    assert!(comment.text.contains("Plan version 1"));
    bot.finish().await;
}

#[tokio::test]
async fn a_second_request_edits_the_same_comment_and_keeps_the_earlier_version_reachable() {
    let bot = TestBot::start().await;
    let issue = bot.open_bug().await;
    bot.ask(&issue).await;
    let first = bot.next_comment(&issue).await;
    bot.idle().await;
    bot.github().comment(&issue, "/plan", MAINTAINER).await;
    let second = bot.next_comment(&issue).await;
    assert_eq!(second.comment, first.comment);
    assert_eq!(second.writing, Writing::Edited);
    assert!(second.text.contains("Plan version 2"));
    let versions = bot.store().versions(&ticket_key(&bot).await).await.expect("versions");
    assert_eq!(versions.iter().map(|v| v.version).collect::<Vec<_>>(), [2, 1]);
    let earlier = format!("/plans/{}", versions[1].id);
    assert!(second.text.contains(&earlier), "version 1 is linked:\n{}", second.text);
    bot.finish().await;
}

#[tokio::test]
async fn a_plan_comment_that_a_person_deleted_comes_back_only_when_asked_for() {
    let bot = TestBot::start().await;
    let issue = bot.open_bug().await;
    bot.ask(&issue).await;
    let first = bot.next_comment(&issue).await;
    bot.idle().await;
    bot.github().remove_comment(&issue, first.comment, MAINTAINER).await;
    bot.github().edit_issue(&issue, None, Some("Other words"), MAINTAINER).await;
    bot.idle().await;
    assert_eq!(bot.comments_by_bot(&issue), 0);
    bot.github().comment(&issue, "/plan", MAINTAINER).await;
    let second = bot.next_comment(&issue).await;
    assert_eq!(second.writing, Writing::Created);
    assert_eq!(bot.comments_by_bot(&issue), 1);
    bot.finish().await;
}

#[tokio::test]
async fn help_status_cancel_and_wrong_commands_are_answered() {
    let bot = TestBot::start().await;
    let issue = bot.open_bug().await;
    for (command, expected) in [
        ("/plan help", "/plan status"),
        ("/plan status", "no plan for this ticket yet"),
        ("/plan cancel", "nothing to cancel"),
        ("/plan --fokus security", "--focus"),
        ("/plan --repo elsewhere", "elsewhere"),
        (
            "/plan house-style",
            "I know no template `house-style`, neither by configuration nor in the ticket's repository",
        ),
    ] {
        bot.github().comment(&issue, command, MAINTAINER).await;
        let answer = bot.next_comment(&issue).await;
        assert!(answer.text.contains(expected), "{command} was answered with:\n{}", answer.text);
    }
    bot.finish().await;
}

#[tokio::test]
async fn a_stranger_gets_no_comment_and_no_reaction_and_the_reason_is_kept() {
    let bot = TestBot::start().await;
    let issue = bot.open_bug().await;
    let asked = bot.github().comment(&issue, "/plan", STRANGER).await;
    assert_eq!(asked.sent.status, Some(202));
    bot.idle().await;
    assert_eq!(bot.comments_by_bot(&issue), 0);
    let comments = bot.github().comments(&issue);
    assert!(!format!("{:?}", comments[0].reactions).contains("eyes"));
    let jobs = bot.store().jobs(None, 10).await.expect("jobs");
    assert_eq!(jobs[0].state, JobState::Done);
    assert!(jobs[0].reason.as_deref().is_some_and(|reason| reason.contains("may not ask")), "{jobs:?}");
    bot.finish().await;
}

#[tokio::test]
async fn what_asks_for_nothing_is_kept_with_its_reason() {
    let bot = TestBot::start().await;
    let issue = bot.open_bug().await;
    let github = bot.github();
    github.add_label(&issue, "bug", MAINTAINER).await;
    github.remove_label(&issue, "bug", MAINTAINER).await;
    github.comment(&issue, "> /plan\n\nquoted only", MAINTAINER).await;
    github.comment(&issue, "```\n/plan\n```", MAINTAINER).await;
    github.comment(&issue, "please /plan this", MAINTAINER).await;
    github.edit_issue(&issue, Some("Another title"), None, MAINTAINER).await;
    github.ping().await;
    let deliveries = bot.store().deliveries(50).await.expect("deliveries");
    assert_eq!(deliveries.len(), github.deliveries().len());
    for delivery in &deliveries {
        match &delivery.decision {
            Decision::Skip(reason) => assert!(!reason.to_string().is_empty()),
            Decision::Run(request) => panic!("nothing was asked for, but {request:?} runs"),
        }
    }
    bot.finish().await;
}

#[tokio::test]
async fn the_bots_own_comment_and_another_bots_comment_start_nothing() {
    let bot = TestBot::start().await;
    let issue = bot.open_bug().await;
    bot.ask(&issue).await;
    let plan = bot.next_comment(&issue).await;
    let github = bot.github();
    github.world(|world| world.add_bot("renovate[bot]", "Renovate"));
    github.comment(&issue, "/plan", "renovate[bot]").await;
    github.comment(&issue, &format!("{}\n\n/plan", plan.text), github.bot_login()).await;
    bot.idle().await;
    assert_eq!(bot.store().jobs(None, 10).await.expect("jobs").len(), 1);
    bot.finish().await;
}

#[tokio::test]
async fn an_edited_comment_runs_only_a_command_that_it_did_not_hold_before() {
    let bot = TestBot::start().await;
    let issue = bot.open_bug().await;
    let github = bot.github();
    let comment = github.comment(&issue, "thinking", MAINTAINER).await.comment;
    github.edit_comment(&issue, comment, "/plan", MAINTAINER).await;
    bot.next_comment(&issue).await;
    bot.idle().await;
    github.edit_comment(&issue, comment, "/plan\n\nand a word more", MAINTAINER).await;
    bot.idle().await;
    assert_eq!(bot.store().jobs(None, 10).await.expect("jobs").len(), 1);
    bot.finish().await;
}

/// The key of the first ticket.
async fn ticket_key(bot: &TestBot) -> planwright::model::TicketKey {
    bot.store().jobs(None, 1).await.expect("jobs")[0].ticket.clone()
}
