//! The list of deliveries, and redelivery under the same GUID.

use serde_json::Value;

use super::fixture::{Fixture, REPO, Receiver, answer, soon};

async fn list(fixture: &Fixture, path: &str) -> (Vec<Value>, Option<String>) {
    let request = fixture.http.get(format!("{}{path}", fixture.github.base_url())).bearer_auth(fixture.app_token());
    let response = request.send().await.unwrap();
    let link = response.headers().get("link").map(|link| link.to_str().unwrap().to_owned());
    let next = link.and_then(|link| {
        let (url, _) = link.strip_prefix('<')?.split_once(">; rel=\"next\"")?;
        url.strip_prefix(fixture.github.base_url()).map(str::to_owned)
    });
    (response.json().await.unwrap(), next)
}

#[tokio::test]
async fn a_delivery_that_found_no_one_is_sent_again_under_its_guid() {
    let (fixture, receiver) = (Fixture::start().await, Receiver::start().await);
    let lost = fixture.github.add_label(&fixture.issue, "needs-plan", "tri").await;
    assert_eq!(lost.status, None);
    let (page, _) = list(&fixture, "/app/hook/deliveries").await;
    assert_eq!(
        (&page[0]["guid"], &page[0]["status_code"], &page[0]["redelivery"]),
        (&lost.guid.as_str().into(), &502.into(), &false.into())
    );
    fixture.github.set_hook(&receiver.url);
    let url = format!("{}/app/hook/deliveries/{}/attempts", fixture.github.base_url(), lost.id);
    assert_eq!(answer(fixture.http.post(url).bearer_auth(fixture.app_token())).await.0, 202);
    receiver.has(1).await;
    soon(fixture.github.settled()).await;
    assert_eq!(receiver.got()[0].0["x-github-delivery"], lost.guid.as_str());
    let (page, _) = list(&fixture, "/app/hook/deliveries").await;
    assert_eq!(
        (&page[0]["guid"], &page[0]["status"], &page[0]["redelivery"]),
        (&lost.guid.as_str().into(), &"OK".into(), &true.into())
    );
    assert_ne!(page[0]["id"], page[1]["id"]);
}

#[tokio::test]
async fn deliveries_are_listed_newest_first_behind_a_cursor() {
    let (fixture, receiver) = (Fixture::start().await, Receiver::start().await);
    fixture.github.set_hook(&receiver.url);
    receiver.answer_with(503);
    let mut sent = Vec::new();
    for n in 0..5 {
        sent.push(fixture.github.comment(&fixture.issue, &n.to_string(), "ben").await.sent.guid);
    }
    let (mut path, mut listed) = (Some("/app/hook/deliveries?per_page=2".to_owned()), Vec::new());
    while let Some(here) = path {
        let (page, next) = list(&fixture, &here).await;
        assert!(page.iter().all(|delivery| delivery["status_code"] == 503));
        listed.extend(page.iter().map(|delivery| delivery["guid"].as_str().unwrap().to_owned()));
        path = next;
    }
    sent.reverse();
    assert_eq!(listed, sent);
}

#[tokio::test]
async fn a_repositorys_hook_is_for_its_administrators() {
    let fixture = Fixture::start().await;
    fixture.github.set_hook("http://127.0.0.1:9/nobody");
    let sent = fixture.github.add_label(&fixture.issue, "bug", "ben").await;
    let hooks = format!("/repos/{REPO}/hooks");
    assert_eq!(fixture.get("ben", &hooks).await.0, 403);
    let (_, body) = fixture.get("ana", &hooks).await;
    let deliveries = format!("{hooks}/{}/deliveries", body[0]["id"]);
    assert_eq!(fixture.get("ana", &deliveries).await.1[0]["guid"], sent.guid.as_str());
    let (_, detail) = fixture.get("ana", &format!("{deliveries}/{}", sent.id)).await;
    assert_eq!(detail["request"]["payload"]["label"]["name"], "bug");
}
