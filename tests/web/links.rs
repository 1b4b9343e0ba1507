//! A plan's page, opened by its link without a login.

use axum::{
    body::Body,
    http::{Request, StatusCode, header::HOST},
};
use planwright::web::Access;

use super::bed::{Answer, Bed, DOCUMENT, links};
use planwright::{
    clock::{Clock, SystemClock},
    model::PlanId,
};

/// A bed with a plan of two versions; both plans.
async fn plans(bed: &Bed) -> [PlanId; 2] {
    bed.asks("g1", "acme/shop#7", "needs-plan").await;
    let first = bed.answers("Cart total is wrong", DOCUMENT).await;
    bed.asks("g2", "acme/shop#7", "again").await;
    [first, bed.answers("Cart total is wrong", DOCUMENT).await]
}

/// The link of a plan.
fn link(plan: PlanId) -> String {
    links().page(plan, SystemClock.now_ms())
}

async fn get(bed: &Bed, path: &str) -> Answer {
    bed.send(Request::get(path).body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn a_link_opens_one_plan_and_its_downloads() {
    let bed = Bed::new().await;
    let [_, newest] = plans(&bed).await;
    let link = link(newest);
    let page = get(&bed, &link).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("Cart total is wrong"));
    let query = link.split_once('?').unwrap().1;
    for form in ["md", "json"] {
        let path = format!("/plans/{newest}.{form}?{query}");
        assert!(
            page.body.contains(&format!("href=\"{}\"", path.replace('&', "&amp;").replace('=', "&#x3D;"))),
            "{path}"
        );
        assert_eq!(get(&bed, &path).await.status, StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn a_link_opens_nothing_else() {
    let bed = Bed::new().await;
    let [first, newest] = plans(&bed).await;
    let link = link(newest);
    let query = link.split_once('?').unwrap().1;
    for path in [
        "/".to_owned(),
        "/metrics".to_owned(),
        "/deliveries/1".to_owned(),
        "/jobs/1".to_owned(),
        format!("/plans/{first}"),
        format!("/plans/{newest}/changes"),
        format!("/plans/{newest}/../../"),
    ] {
        let status = get(&bed, &format!("{path}?{query}")).await.status;
        assert!([StatusCode::UNAUTHORIZED, StatusCode::NOT_FOUND].contains(&status), "{path}: {status}");
    }
    // and a guest's page leads to nothing else of the bot's
    let page = get(&bed, &link).await.body;
    assert!(!page.contains(&first.to_string()) && !page.contains("href=\"/#"), "{page}");
}

#[tokio::test]
async fn a_link_ends() {
    let bed = Bed::new().await;
    let [_, newest] = plans(&bed).await;
    let two_hours_ago = SystemClock.now_ms() - 2 * 3600 * 1000;
    let answer = get(&bed, &links().page(newest, two_hours_ago)).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    let forged = link(newest).replace("key=", "key=0");
    assert_eq!(get(&bed, &forged).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn an_opened_page_tells_nobody_where_it_is() {
    let bed = Bed::new().await;
    let [_, newest] = plans(&bed).await;
    let headers = get(&bed, &link(newest)).await.headers;
    assert_eq!(headers["referrer-policy"], "no-referrer");
    assert_eq!(headers["cache-control"], "no-store");
    assert_eq!(headers["x-robots-tag"], "noindex, nofollow");
}

#[tokio::test]
async fn a_link_works_by_every_name_of_a_bot_without_a_login() {
    let mut bed = Bed::new().await;
    bed.state.access = Access::ThisMachine;
    let [_, newest] = plans(&bed).await;
    let status = async |path: &str| {
        let request = Request::get(path).header(HOST, "plans.example.com").body(Body::empty()).unwrap();
        bed.send(request).await.status
    };
    assert_eq!(status(&link(newest)).await, StatusCode::OK);
    assert_eq!(status(&format!("/plans/{newest}")).await, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn who_is_logged_in_sees_the_page_as_ever() {
    let bed = Bed::new().await;
    let [first, newest] = plans(&bed).await;
    assert!(bed.get(&link(newest)).await.body.contains(&first.to_string()));
}
