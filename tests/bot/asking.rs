//! Asking twice, late, in another order, in another's name.

use std::time::Duration;

use futures::future::join_all;
use planwright::{
    model::{
        delivery::{Decision, SkipReason},
        job::JobState,
    },
    sandbox::{
        NewTicket, Role,
        github::{Endpoint, Fault},
    },
};

use super::{
    harness::{MAINTAINER, Options, SHOP, STRANGER, TestBot, free_port, idle, until},
    serve::{change, start},
};

#[tokio::test]
async fn a_delivery_that_is_captured_and_sent_again_after_the_purge_asks_for_nothing() {
    let bot = TestBot::start().await;
    let issue = bot.open_bug().await;
    let sent = bot.ask(&issue).await;
    bot.next_comment(&issue).await;
    bot.idle().await;
    let store = bot.store();
    until("all is forgotten", || async {
        store.purge(Duration::ZERO).await.expect("the store purges");
        store.deliveries(9).await.expect("deliveries").is_empty() && store.jobs(None, 9).await.expect("jobs").is_empty()
    })
    .await;
    assert_eq!(bot.github().redeliver(sent.id).await.status, Some(202));
    bot.idle().await;
    let kept = store.deliveries(9).await.expect("deliveries");
    assert!(matches!(kept[0].decision, Decision::Skip(SkipReason::AlreadyAsked(_))), "{kept:?}");
    assert_eq!(store.plans(9).await.expect("plans").len(), 1);
    assert_eq!(bot.comments_by_bot(&issue), 1);
    bot.finish().await;
}

#[tokio::test]
async fn edited_before_opened_is_answered_once_from_the_newest_state() {
    let bot = TestBot::start().await;
    let github = bot.github();
    let hook = format!("{}/hooks/acme-github", bot.address());
    github.set_hook("http://127.0.0.1:9/hooks/acme-github");
    let story = NewTicket {
        title: "Customers pay with a gift card".into(),
        body: "As a customer I want to pay with a gift card.".into(),
        kind: Some("Story".into()),
        ..NewTicket::default()
    };
    let opened = github.open_issue(SHOP, story, MAINTAINER).await;
    let edited = github.edit_issue(&opened.issue, Some("Customers pay with a voucher"), None, MAINTAINER).await;
    github.set_hook(hook);
    for id in std::iter::once(edited.id).chain(opened.sent.iter().map(|sent| sent.id)) {
        assert_eq!(github.redeliver(id).await.status, Some(202));
    }
    let comment = bot.next_comment(&opened.issue).await;
    assert!(comment.text.contains("voucher") && !comment.text.contains("gift card\n"), "{}", comment.text);
    bot.idle().await;
    assert_eq!(bot.comments_by_bot(&opened.issue), 1);
    bot.finish().await;
}

#[tokio::test]
async fn a_redelivery_of_work_that_failed_runs_it() {
    let bot = TestBot::start().await;
    for endpoint in [Endpoint::CreateComment, Endpoint::Issue] {
        let issue = bot.open_bug().await;
        bot.github().fail_next(endpoint, Fault::Status(422));
        let sent = bot.ask(&issue).await;
        bot.idle().await;
        let jobs = bot.store().jobs(None, 1).await.expect("jobs");
        assert_eq!(jobs[0].state, JobState::Dead, "{endpoint:?}: {jobs:?}");
        assert!(jobs[0].reason.as_deref().is_some_and(|reason| reason.contains("422")), "{jobs:?}");
        assert_eq!(bot.comments_by_bot(&issue), 0);
        assert_eq!(bot.github().redeliver(sent.id).await.status, Some(202));
        bot.next_comment(&issue).await;
        bot.idle().await;
        assert_eq!(bot.comments_by_bot(&issue), 1);
        let again = bot.github().redeliver(sent.id).await;
        assert_eq!(again.status, Some(202), "what is done is not done again");
    }
    bot.finish().await;
}

#[tokio::test]
async fn a_hundred_commands_while_one_runs_are_one_more_run() {
    let bot = TestBot::start().await;
    let issue = bot.open_bug().await;
    let gate = bot.github().fail_next(Endpoint::CreateComment, Fault::Hold);
    bot.ask(&issue).await;
    gate.reached().await;
    let github = bot.github();
    let sends = join_all((0..100).map(|_| github.comment(&issue, "/plan", MAINTAINER))).await;
    assert!(sends.iter().all(|asked| asked.sent.status == Some(202)));
    assert_eq!(bot.store().jobs(None, 200).await.expect("jobs").len(), 2);
    gate.release();
    let first = bot.next_comment(&issue).await;
    let second = bot.next_comment(&issue).await;
    assert_eq!(first.comment, second.comment);
    assert!(second.text.contains("Plan version 2"), "{}", second.text);
    bot.finish().await;
}

#[tokio::test]
async fn a_hundred_commands_in_a_minute_stay_under_the_cap() {
    let bot = TestBot::start_idle().await;
    let port = free_port();
    let file = bot.configure(&Options::default(), port);
    change(&file, "per_ticket = 0", "per_ticket = 5");
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_planwright"));
    command.arg("serve").arg("--config").arg(file);
    let mut process = start(&bot, port, command).await;
    let github = bot.github();
    github.set_hook(format!("http://127.0.0.1:{port}/hooks/acme-github"));
    let issue = bot.open_bug().await;
    for _ in 0..100 {
        assert_eq!(github.comment(&issue, "/plan", MAINTAINER).await.sent.status, Some(202));
    }
    let store = bot.open_store().await;
    idle(store.as_ref()).await;
    assert!((1..=5).contains(&store.jobs(None, 200).await.expect("jobs").len()));
    let deliveries = store.deliveries(200).await.expect("deliveries");
    let capped = |decision: &Decision| matches!(decision, Decision::Skip(SkipReason::TicketCap(5)));
    assert_eq!(deliveries.iter().filter(|delivery| capped(&delivery.decision)).count(), 95);
    store.close().await;
    assert_eq!(bot.comments_by_bot(&issue), 1);
    for written in github.unread() {
        bot.next_comment(&written.issue).await;
    }
    assert!(process.terminate());
    bot.finish().await;
}

#[tokio::test]
async fn the_command_is_the_one_that_was_delivered_whatever_it_was_edited_to() {
    let bot = TestBot::start().await;
    let issue = bot.open_bug().await;
    let github = bot.github();
    let gate = github.fail_next(Endpoint::Permission, Fault::Hold);
    let asked = github.comment(&issue, "/plan story", MAINTAINER).await;
    gate.reached().await;
    github.edit_comment(&issue, asked.comment, "/plan spec", STRANGER).await;
    gate.release();
    bot.next_comment(&issue).await;
    bot.idle().await;
    let templates: Vec<_> =
        bot.store().plans(9).await.expect("plans").into_iter().map(|plan| plan.template.to_string()).collect();
    assert_eq!(templates, ["story"]);
    bot.finish().await;
}

#[tokio::test]
async fn a_stranger_cannot_take_the_place_of_a_waiting_request() {
    let bot = TestBot::start().await;
    let issue = bot.open_bug().await;
    let github = bot.github();
    let gate = github.fail_next(Endpoint::CreateComment, Fault::Hold);
    bot.ask(&issue).await;
    gate.reached().await;
    github.comment(&issue, "/plan story", MAINTAINER).await;
    github.comment(&issue, "/plan spec", STRANGER).await;
    gate.release();
    bot.next_comment(&issue).await;
    let second = bot.next_comment(&issue).await;
    assert!(second.text.contains("Plan version 2"), "{}", second.text);
    bot.idle().await;
    let plans = bot.store().plans(9).await.expect("plans");
    assert_eq!(plans[0].template.to_string(), "story");
    assert_eq!(plans.len(), 2, "the stranger got none");
    bot.finish().await;
}

#[tokio::test]
async fn what_a_bot_writes_asks_for_nothing_whoever_posts_it() {
    let bot = TestBot::start().await;
    let issue = bot.open_bug().await;
    let github = bot.github();
    // another planwright that acts as a person who may ask
    github.world(|world| {
        world.add_person("robin", "Robin");
        world.project_mut(SHOP).expect("the shop").roles.insert("robin".to_owned(), Role::Write);
    });
    bot.ask(&issue).await;
    let mut texts = vec![bot.next_comment(&issue).await.text];
    for command in ["/plan help", "/plan status", "/plan cancel", "/plan --fokus x", "/plan --repo nowhere"] {
        github.comment(&issue, command, MAINTAINER).await;
        texts.push(bot.next_comment(&issue).await.text);
    }
    bot.idle().await;
    let before = bot.store().jobs(None, 100).await.expect("jobs").len();
    for text in texts {
        let unmarked = text.replace("<!-- planwright:", "<!-- another:");
        for text in [&text, &unmarked] {
            assert_eq!(github.comment(&issue, text, "robin").await.sent.status, Some(202));
            let jobs = bot.store().jobs(None, 100).await.expect("jobs");
            assert_eq!(jobs.len(), before, "this was taken for a command:\n{text}");
        }
    }
    bot.finish().await;
}
