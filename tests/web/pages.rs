//! What the pages show.

use axum::http::StatusCode;
use planwright::{
    model::{delivery::SkipReason, job::JobState},
    web::ConnectionCheck,
};

use super::bed::{Bed, DOCUMENT, HOSTILE, PLAN_JSON, connection};

#[tokio::test]
async fn the_overview_of_an_empty_store_says_what_to_do() {
    let page = Bed::new().await.get("/").await;
    assert_eq!(page.status, StatusCode::OK);
    for words in ["No job yet.", "No delivery yet.", "No plan yet.", "/hooks/acme-github", "not called yet"] {
        assert!(page.body.contains(words), "no {words:?}");
    }
}

#[tokio::test]
async fn the_overview_shows_decisions_jobs_plans_and_health() {
    let bed = Bed::new().await;
    let (_, job) = bed.asks("g1", "acme/shop#7", "needs-plan").await;
    let plan = bed.answers("Cart total is wrong", DOCUMENT).await;
    let skipped = bed.skips("g2", SkipReason::NoRuleMatched("label bug".to_owned())).await;
    bed.state.board.note(&connection(), ConnectionCheck { outcome: Ok("planwright[bot]".to_owned()), at: 0 });
    let page = bed.get("/").await.body;
    for words in [
        "plan, label needs-plan",
        "no rule matches: label bug",
        "Cart total is wrong",
        "signed in as planwright[bot]",
        "issuecomment-81",
        &format!("href=\"/jobs/{job}\""),
        &format!("href=\"/plans/{plan}\""),
        &format!("href=\"/deliveries/{skipped}\""),
    ] {
        assert!(page.contains(words), "no {words:?} in {page}");
    }
    assert!(!page.contains("Needs a look"));
}

#[tokio::test]
async fn what_ended_without_an_answer_stands_first() {
    let bed = Bed::new().await;
    bed.asks("g1", "acme/shop#7", "needs-plan").await;
    let job = bed.claim().await;
    bed.store.finish(job.id, job.fence, JobState::Dead, "credentials refused").await.unwrap();
    bed.asks("g2", "acme/shop#8", "needs-plan").await;
    let job = bed.claim().await;
    let operation = bed.prepares(&job, None).await;
    bed.store.give_up(operation, job.fence, true, "no listing for 4 h").await.unwrap();
    let page = bed.get("/").await.body;
    let attention = page.split("Needs a look").nth(1).and_then(|rest| rest.split("</section>").next()).unwrap();
    assert!(attention.contains("gave up") && attention.contains("credentials refused"), "{attention}");
    assert!(attention.contains("effect unknown") && attention.contains("no listing for 4 h"), "{attention}");
}

#[tokio::test]
async fn a_delivery_tells_why_and_what_arrived() {
    let bed = Bed::new().await;
    let (run, job) = bed.asks("g1", "acme/shop#7", "needs-plan").await;
    let page = bed.get(&format!("/deliveries/{run}")).await.body;
    for words in ["plan, label needs-plan", "Mira", "template ticket", "g1", &format!("/jobs/{job}"), "labeled"] {
        assert!(page.contains(words), "no {words:?} in {page}");
    }
    let skip = bed.skips("g2", SkipReason::OwnComment).await;
    assert!(bed.get(&format!("/deliveries/{skip}")).await.body.contains("written by Planwright itself"));
}

#[tokio::test]
async fn a_job_shows_its_plan_its_publication_and_its_neighbours() {
    let bed = Bed::new().await;
    let (_, first) = bed.asks("g1", "acme/shop#7", "needs-plan").await;
    let plan = bed.answers("Cart total is wrong", DOCUMENT).await;
    let (_, second) = bed.asks("g2", "acme/shop#7", "plan-me").await;
    let page = bed.get(&format!("/jobs/{first}")).await.body;
    for words in [&format!("/plans/{plan}"), "issuecomment-81", "Other jobs", &format!("/jobs/{second}"), "Mira"] {
        assert!(page.contains(words), "no {words:?} in {page}");
    }
    let waiting = bed.get(&format!("/jobs/{second}")).await.body;
    assert!(waiting.contains("queued") && waiting.contains("Starts"), "{waiting}");
}

#[tokio::test]
async fn a_plan_is_read_compared_and_taken_away() {
    let bed = Bed::new().await;
    bed.asks("g1", "acme/shop#7", "needs-plan").await;
    let first = bed.answers("Cart total is wrong", DOCUMENT).await;
    bed.asks("g2", "acme/shop#7", "needs-plan").await;
    let second = bed.answers("Cart total is wrong", &DOCUMENT.replace("Switzerland", "Norway")).await;

    let page = bed.get(&format!("/plans/{first}")).await.body;
    assert!(page.contains(&format!("<a href=\"/plans/{second}\">newer version</a>")), "{page}");
    assert!(page.contains("<a href=\"#3-steps\">3. Steps</a>"), "{page}");
    assert_eq!(page.matches("<h1").count(), 1, "the document's own title is not repeated");
    assert!(
        page.contains(
            "/commit/3f2a91c0de3f2a91c0de3f2a91c0de3f2a91c0de\" rel=\"noopener noreferrer\">acme/shop at 3f2a91c0de</a>"
        ),
        "{page}"
    );
    assert!(page.contains("is not in the repository; nearest is"), "{page}");

    let changes = bed.get(&format!("/plans/{second}/changes")).await.body;
    assert!(changes.contains("Version 1 to 2"), "{changes}");
    assert!(changes.contains("1 added</span>") && changes.contains("in Norway?"), "{changes}");
    assert_eq!(bed.get(&format!("/plans/{first}/changes")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(bed.get(&format!("/plans/{first}/changes?from=2")).await.status, StatusCode::OK);

    let markdown = bed.get(&format!("/plans/{first}.md")).await;
    assert_eq!(markdown.body, DOCUMENT);
    assert_eq!(markdown.headers["content-disposition"], "attachment; filename=\"plan-acme-shop-7-v1.md\"");
    let json = bed.get(&format!("/plans/{second}.json")).await;
    assert_eq!(json.headers["content-type"], "application/json");
    assert_eq!(json.body, PLAN_JSON);
}

#[tokio::test]
async fn what_does_not_exist_is_said_politely() {
    let bed = Bed::new().await;
    let uuid = "00000000-0000-7000-8000-000000000000";
    for path in ["/deliveries/1", "/jobs/1", &format!("/plans/{uuid}"), "/plans/x", &format!("/plans/{uuid}.pdf")] {
        let answer = bed.get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(answer.body.contains("Back to the overview"), "{path}");
    }
    for path in ["/jobs/x", "/jobs/99999999999999999999", "/?show=x", "/?show=-1", "/plans/%ff"] {
        assert!(bed.get(path).await.status.is_client_error(), "{path}");
    }
    assert_eq!(bed.get("/?show=4000000000&refresh=1").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_strangers_text_is_only_text() {
    let bed = Bed::new().await;
    let (_, job) = bed.asks(HOSTILE, HOSTILE, HOSTILE).await;
    let document = format!("## {HOSTILE}\n\n{HOSTILE}\n\n[x](javascript:alert(3)) ![x](https://evil.example/x.png)\n");
    let plan = bed.answers(HOSTILE, &document).await;
    let skip = bed.skips(&format!("{HOSTILE}2"), SkipReason::Irrelevant(HOSTILE.to_owned())).await;
    bed.state.board.note(&connection(), ConnectionCheck { outcome: Err(HOSTILE.to_owned()), at: 0 });
    for path in ["/".to_owned(), format!("/jobs/{job}"), format!("/plans/{plan}"), format!("/deliveries/{skip}")] {
        let page = bed.get(&path).await.body;
        assert!(page.contains("onerror"), "{path} does not show the text at all");
        for live in ["<img src=x", "<script>", "javascript:", "src=\"https://evil"] {
            assert!(!page.contains(live), "{live} in {path}: {page}");
        }
    }
}
