//! The front door: equal deliveries, proofs, sizes, encodings, and what the pages say of it.

use bytes::Bytes;
use futures::future::join_all;
use planwright::sandbox::github::signature;

use super::harness::{MAINTAINER, TestBot};

/// The delivery id of posts that do not choose another.
const GUID: &str = "11111111-2222-3333-4444-555555555555";

/// Posts bytes to the hook as GitHub would, with changes.
struct Post {
    body: Vec<u8>,
    guid: String,
    event: &'static str,
    headers: Vec<(&'static str, String)>,
    signature: Option<String>,
}

impl Post {
    fn new(bot: &TestBot, event: &'static str, body: &[u8]) -> Self {
        Self {
            body: body.to_vec(),
            guid: GUID.into(),
            event,
            headers: vec![("content-type", "application/json".into())],
            signature: Some(signature(&bot.github().webhook_secret(), body)),
        }
    }

    async fn send(self, bot: &TestBot, connection: &str) -> (u16, String) {
        let client = reqwest::Client::builder().no_proxy().build().expect("a client");
        let mut request = client
            .post(format!("{}/hooks/{connection}", bot.address()))
            .header("x-github-event", self.event)
            .header("x-github-delivery", self.guid);
        for (name, value) in self.headers {
            request = request.header(name, value);
        }
        if let Some(signature) = self.signature {
            request = request.header("x-hub-signature-256", signature);
        }
        let answer = request.body(Bytes::from(self.body)).send().await.expect("an answer");
        (answer.status().as_u16(), answer.text().await.unwrap_or_default())
    }
}

/// A delivery that asks for a plan, as the sandbox would send it.
async fn labelled(bot: &TestBot) -> Vec<u8> {
    let issue = bot.open_bug().await;
    bot.idle().await;
    let reference = serde_json::json!({
        "action": "labeled",
        "label": {"name": "needs-plan"},
        "issue": {"number": issue.number, "title": "x", "updated_at": "2026-11-20T10:00:00Z", "state": "open",
                  "labels": [], "user": {"login": MAINTAINER, "type": "User", "id": 1}},
        "repository": {"full_name": issue.project},
        "sender": {"login": MAINTAINER, "type": "User", "id": 1},
    });
    reference.to_string().into_bytes()
}

#[tokio::test]
async fn a_hundred_equal_deliveries_at_once_make_one_row_and_one_comment() {
    let bot = TestBot::start().await;
    let body = labelled(&bot).await;
    let sends = (0..100).map(|_| Post::new(&bot, "issues", &body).send(&bot, "acme-github"));
    for (status, text) in join_all(sends).await {
        assert_eq!(status, 202, "{text}");
    }
    bot.idle().await;
    let stored = bot.store().deliveries(1000).await.expect("deliveries");
    assert_eq!(stored.iter().filter(|delivery| delivery.guid == GUID).count(), 1);
    let issue = bot.github().world(|world| world.tickets().next().expect("a ticket").key.clone());
    bot.next_comment(&issue).await;
    assert_eq!(bot.comments_by_bot(&issue), 1);
    bot.finish().await;
}

#[tokio::test]
async fn the_same_body_under_another_id_asks_once() {
    let bot = TestBot::start().await;
    let body = labelled(&bot).await;
    for guid in ["aaaaaaaa-0000-0000-0000-000000000001", "aaaaaaaa-0000-0000-0000-000000000002"] {
        let post = Post { guid: guid.into(), ..Post::new(&bot, "issues", &body) };
        assert_eq!(post.send(&bot, "acme-github").await.0, 202);
        bot.idle().await;
    }
    let issue = bot.github().world(|world| world.tickets().next().expect("a ticket").key.clone());
    bot.next_comment(&issue).await;
    assert_eq!(bot.store().jobs(None, 10).await.expect("jobs").len(), 1);
    bot.finish().await;
}

#[tokio::test]
async fn what_is_not_proven_leaves_no_row() {
    let bot = TestBot::start().await;
    let body = labelled(&bot).await;
    let before = bot.store().deliveries(1000).await.expect("deliveries").len();
    let good = || Post::new(&bot, "issues", &body);
    let reordered = String::from_utf8(body.clone()).expect("UTF-8").replace("\"action\":", "\"action\" :");
    let cases: Vec<(&str, Post, u16)> = vec![
        ("no signature", Post { signature: None, ..good() }, 401),
        ("another secret", Post { signature: Some(signature("other", &body)), ..good() }, 401),
        ("the body written anew", Post { body: reordered.into_bytes(), ..good() }, 401),
        ("a compressed body", with_header(good(), "content-encoding", "gzip"), 415),
        ("another content type", Post { headers: vec![("content-type", "text/plain".into())], ..good() }, 415),
    ];
    for (what, post, expected) in cases {
        let (status, text) = post.send(&bot, "acme-github").await;
        assert_eq!(status, expected, "{what}: {text}");
    }
    assert_eq!(good().send(&bot, "nobody").await.0, 404);
    assert_eq!(bot.store().deliveries(1000).await.expect("deliveries").len(), before);
    bot.finish().await;
}

fn with_header(mut post: Post, name: &'static str, value: &str) -> Post {
    post.headers.push((name, value.into()));
    post
}

#[tokio::test]
async fn bodies_up_to_the_limit_are_taken_and_larger_ones_refused() {
    let bot = TestBot::start().await;
    let mut body = br#"{"zen":""#.to_vec();
    body.resize(24 * 1024 * 1024, b'x');
    body.extend_from_slice(br#"","hook_id":1}"#);
    let (status, text) = Post::new(&bot, "ping", &body).send(&bot, "acme-github").await;
    assert_eq!(status, 200, "{text}");
    let large = vec![b'['; 26 * 1024 * 1024];
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    let chunks =
        futures::stream::iter(large.chunks(64 * 1024).map(|c| Ok::<_, std::io::Error>(c.to_vec())).collect::<Vec<_>>());
    let sent = client
        .post(format!("{}/hooks/acme-github", bot.address()))
        .header("content-type", "application/json")
        .body(reqwest::Body::wrap_stream(chunks))
        .send()
        .await;
    // The connection closes while the rest is still being sent: either the answer arrives, or the reset does.
    if let Ok(answer) = sent {
        assert_eq!(answer.status().as_u16(), 413);
    }
    bot.finish().await;
}

#[tokio::test]
async fn authentic_rubbish_is_taken_and_skipped() {
    let bot = TestBot::start().await;
    let deep = format!("{}1{}", "[".repeat(5000), "]".repeat(5000));
    let rubbish: Vec<(&'static str, Vec<u8>)> = vec![
        ("issues", deep.into_bytes()),
        ("issues", b"{".to_vec()),
        ("issues", b"\xEF\xBB\xBF{}".to_vec()),
        ("issues", br#"{"action":"opened","issue":{"number":1e999}}"#.to_vec()),
        ("issues", b"null".to_vec()),
        ("issue_comment", br#"{"action":"created"}"#.to_vec()),
        ("star", br#"{"action":"created"}"#.to_vec()),
        ("issues", "\u{feff}{}".encode_utf16().flat_map(u16::to_le_bytes).collect()),
    ];
    let count = rubbish.len();
    for (index, (event, body)) in rubbish.into_iter().enumerate() {
        let post = Post { guid: format!("cccccccc-0000-0000-0000-{index:012}"), ..Post::new(&bot, event, &body) };
        let (status, text) = post.send(&bot, "acme-github").await;
        assert_eq!(status, 202, "rubbish {index}: {text}");
    }
    assert_eq!(bot.store().deliveries(100).await.expect("deliveries").len(), count);
    assert!(bot.store().jobs(None, 10).await.expect("jobs").is_empty());
    bot.finish().await;
}

#[tokio::test]
async fn form_deliveries_are_taken() {
    let bot = TestBot::start().await;
    let issue = bot.open_bug().await;
    let github = bot.github();
    github.set_form_hook(format!("{}/hooks/acme-github", bot.address()));
    let sent = github.add_label(&issue, "needs-plan", MAINTAINER).await;
    assert_eq!(sent.status, Some(202), "{}", sent.answer);
    bot.next_comment(&issue).await;
    bot.finish().await;
}
