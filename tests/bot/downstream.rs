//! Trackers beside each other, and a tracker that points elsewhere.

use planwright::sandbox::{
    Sandbox,
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
