//! Stored replies repeat a run to the byte, without the model.

use std::path::{Path, PathBuf};

use planwright::{planner::llm::protocol::Provider, sandbox::model::Misdeed};

use super::*;

/// Every file below a folder.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.map(|entry| entry.expect("an entry is readable").path());
    paths.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[tokio::test]
async fn stored_replies_give_the_same_bytes_without_the_model() {
    let (ticket, contexts, desk) = (coupons(), [shop()], Desk::start().await);
    desk.server.misbehave_next(Misdeed::Invents);
    desk.server.misbehave_next(Misdeed::Chats);
    let first = plan_by(&desk.llm(Provider::OpenAi), &ticket, &contexts).await;
    let asked = desk.server.asked().len();
    desk.server.misbehave(Misdeed::Refuses);
    let mut again = desk.llm(Provider::OpenAi);
    for replay_only in [false, true] {
        again.settings.replay_only = replay_only;
        let second = plan_by(&again, &ticket, &contexts).await;
        let bytes = |plan: &Plan| serde_json::to_string(plan).expect("a plan is JSON");
        assert_eq!(bytes(&second), bytes(&first));
    }
    assert_eq!(desk.server.asked().len(), asked, "nobody was asked again");
}

#[tokio::test]
async fn without_a_stored_reply_a_replay_asks_nobody() {
    let (ticket, contexts, desk) = (coupons(), [shop()], Desk::start().await);
    let mut llm = desk.llm(Provider::OpenAi);
    llm.settings.replay_only = true;
    let plan = plan_by(&llm, &ticket, &contexts).await;
    assert_eq!(plan.head.planner, "offline (model unavailable: no reply to this question is stored)");
    assert!(desk.server.asked().is_empty());
}

#[tokio::test]
async fn another_ticket_commit_model_or_provider_is_another_question() {
    let (ticket, contexts, desk) = (coupons(), [shop()], Desk::start().await);
    let count = |desk: &Desk| desk.server.asked().len();
    plan_by(&desk.llm(Provider::OpenAi), &ticket, &contexts).await;
    let mut before = count(&desk);
    let mut more = |desk: &Desk| {
        let (now, was) = (count(desk), before);
        before = now;
        now > was
    };
    plan_by(&desk.llm(Provider::OpenAi), &ticket, &contexts).await;
    assert!(!more(&desk), "the same question is not asked twice");
    plan_by(&desk.llm(Provider::Anthropic), &ticket, &contexts).await;
    assert!(more(&desk), "another provider");
    let mut model = desk.model(Provider::OpenAi);
    model.model = "other-model".to_owned();
    plan_by(&desk.llm_with(model, Limits::default()), &ticket, &contexts).await;
    assert!(more(&desk), "another model");
    let edited =
        planwright::model::ticket::Ticket { title: "Coupons never lower the total".to_owned(), ..ticket.clone() };
    plan_by(&desk.llm(Provider::OpenAi), &edited, &contexts).await;
    assert!(more(&desk), "another ticket");
    let mut moved = shop();
    moved.commit = commit('d');
    plan_by(&desk.llm(Provider::OpenAi), &ticket, &[moved]).await;
    assert!(more(&desk), "another commit");
}

#[cfg(unix)]
#[tokio::test]
async fn replies_are_private_and_a_broken_one_counts_as_none() {
    use std::os::unix::fs::PermissionsExt;
    let (ticket, contexts, desk) = (coupons(), [shop()], Desk::start().await);
    let first = plan_by(&desk.llm(Provider::OpenAi), &ticket, &contexts).await;
    let stored = files(&desk.folder.path().join("replies"));
    assert_eq!(stored.len(), desk.server.asked().len());
    for path in &stored {
        let mode = |path: &Path| std::fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
        assert_eq!(mode(path), 0o600);
        assert_eq!(mode(path.parent().expect("a folder")), 0o700);
        std::fs::write(path, "{\"half").expect("a file of ours");
    }
    let second = plan_by(&desk.llm(Provider::OpenAi), &ticket, &contexts).await;
    assert_eq!(second, first);
    assert_eq!(desk.server.asked().len(), 2 * stored.len());
}

#[tokio::test]
async fn replies_older_than_the_retention_are_forgotten() {
    let (ticket, contexts, desk) = (coupons(), [shop()], Desk::start().await);
    let llm = desk.llm(Provider::OpenAi);
    plan_by(&llm, &ticket, &contexts).await;
    let replies = desk.folder.path().join("replies");
    let stored = files(&replies);
    std::fs::write(replies.join("notes.txt"), "not ours").expect("a file");
    let old = std::fs::File::options().write(true).open(&stored[0]).expect("a reply");
    old.set_modified(std::time::UNIX_EPOCH + Duration::from_secs(1_000)).expect("a time");
    drop(old);
    assert_eq!(llm.forget(2_000_000).await, 1);
    assert!(!stored[0].exists() && stored[1..].iter().all(|path| path.exists()));
    assert_eq!(llm.forget(2_000_000).await, 0);
    assert_eq!(llm.forget(i64::MAX).await, stored.len() as u64 - 1);
    assert!(replies.join("notes.txt").exists());
}

#[tokio::test]
async fn waits_that_the_offline_plan_need_not_wait_for_are_not_waited() {
    let desk = Desk::start().await;
    desk.server.misbehave(planwright::sandbox::model::Misdeed::Status { code: 429, retry_after: Some(30) });
    let model = HttpModel { patience: Duration::from_secs(20), ..desk.model(Provider::OpenAi) };
    let plan = plan_by(&desk.llm_with(model, Limits::default()), &coupons(), &[shop()]).await;
    assert_eq!(desk.server.asked().len(), 1, "the second try would come too late");
    assert!(plan.head.planner.starts_with("offline (model unavailable: "), "{}", plan.head.planner);
}
