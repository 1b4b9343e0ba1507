//! Trackers beside each other, and a tracker that points elsewhere.

use planwright::sandbox::{
    Role, Sandbox,
    github::{Endpoint, Fault},
};
use tokio::net::TcpListener;

use super::harness::{MAINTAINER, Options, SHOP, TestBot, bug, world};

#[tokio::test]
async fn a_rate_limited_connection_does_not_hold_another_one() {
    let mut bot = TestBot::start_idle().await;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let beta = Sandbox::start(world(folder.path())).await.expect("the sandbox starts");
    let key = bot.folder.path().join("app.pem");
    let more = format!(
        r#"
[[connections]]
name = "beta-github"
tracker = "github"
base_url = "{base}"
webhook_secrets = ["{secret}"]
auth = {{ app_id = {app}, private_key = {{ file = "{key}" }} }}
write_gap_ms = 0
[[repositories]]
name = "beta-shop"
url = "{folder}/shop.git"
tickets = [{{ connection = "beta-github", project = "{SHOP}" }}]
"#,
        base = beta.github.base_url(),
        secret = beta.github.webhook_secret(),
        app = beta.github.app_id(),
        key = key.display(),
        folder = bot.folder.path().display(),
    );
    bot.run(Options { more, ..Options::default() }).await;
    beta.github.set_hook(format!("{}/hooks/beta-github", bot.address()));
    for fault in [Fault::SecondaryLimit { retry_after: Some(8) }, Fault::RateLimited { retry_after: 8 }] {
        let held = bot.open_bug().await;
        let limited = bot.github().fail_next(Endpoint::CreateComment, fault);
        bot.ask(&held).await;
        limited.reached().await;
        let free = beta.github.open_issue(SHOP, bug(), MAINTAINER).await.issue;
        beta.github.add_label(&free, "needs-plan", MAINTAINER).await;
        beta.github.next_comment(&free).await;
        assert_eq!(bot.comments_by_bot(&held), 0, "the limit still holds");
        bot.next_comment(&held).await;
    }
    bot.finish().await;
    beta.shutdown().await.expect("the sandbox ends");
}

#[tokio::test]
async fn the_secret_of_one_connection_opens_nothing_of_another() {
    let mut bot = TestBot::start_idle().await;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let beta = Sandbox::start(world(folder.path())).await.expect("the sandbox starts");
    let more = format!(
        r#"
[[connections]]
name = "beta-github"
tracker = "github"
base_url = "{base}"
webhook_secrets = ["a secret of beta's own"]
auth = {{ token = "{token}" }}
write_gap_ms = 0
"#,
        base = beta.github.base_url(),
        token = beta.github.token_of(MAINTAINER).expect("a token"),
    );
    bot.run(Options { more, ..Options::default() }).await;
    // beta's ticket, and a body that asks for a plan on it
    beta.github.world(|world| {
        world.add_project("beta/ledger").roles.insert(MAINTAINER.to_owned(), Role::Write);
    });
    let ticket = beta.github.open_issue("beta/ledger", bug(), MAINTAINER).await.issue;
    beta.github.set_hook(format!("{}/hooks/beta-github", bot.address()));
    let refused = beta.github.add_label(&ticket, "needs-plan", MAINTAINER).await;
    assert_eq!(refused.status, Some(401), "signed with another secret than beta's");
    assert!(bot.store().deliveries(9).await.expect("deliveries").is_empty());
    // to acme's own address with acme's secret: acme's credentials reach nothing of beta's
    let body = serde_json::json!({
        "action": "labeled", "label": { "name": "needs-plan" }, "repository": { "full_name": "beta/ledger" },
        "issue": { "number": ticket.number, "title": "x", "state": "open", "labels": [], "updated_at": "2026-11-20T10:00:00Z",
            "user": { "login": MAINTAINER, "type": "User", "id": 1 } },
        "sender": { "login": MAINTAINER, "type": "User", "id": 1 },
    });
    assert_eq!(bot.deliver("issues", &body.to_string()).await, 202);
    bot.idle().await;
    let jobs = bot.store().jobs(None, 9).await.expect("jobs");
    assert_eq!(jobs.len(), 1);
    let reason = jobs[0].reason.as_deref().unwrap_or_default();
    assert!(reason.contains("may not ask") || reason.contains("not found"), "{jobs:?}");
    assert!(beta.github.comments(&ticket).is_empty());
    bot.finish().await;
    beta.shutdown().await.expect("the sandbox ends");
}

#[tokio::test]
async fn a_redirect_to_another_host_is_not_followed() {
    let bot = TestBot::start().await;
    let elsewhere = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let to = format!("http://{}", elsewhere.local_addr().expect("bound"));
    for endpoint in [Endpoint::Issue, Endpoint::CreateComment, Endpoint::ListComments, Endpoint::Permission] {
        let issue = bot.open_bug().await;
        let gate = bot.github().fail_next(endpoint, Fault::Redirect { to: to.clone() });
        bot.ask(&issue).await;
        gate.reached().await;
        bot.idle().await;
        let jobs = bot.store().jobs(None, 1).await.expect("jobs");
        let told = jobs[0].reason.as_deref().unwrap_or_default().contains("moved");
        assert!(told || bot.comments_by_bot(&issue) == 1, "{endpoint:?} ends with an answer or a reason: {jobs:?}");
    }
    for written in bot.github().unread() {
        bot.next_comment(&written.issue).await;
    }
    let nobody = futures::FutureExt::now_or_never(elsewhere.accept());
    assert!(nobody.is_none(), "the bot went to another host");
    bot.finish().await;
}
