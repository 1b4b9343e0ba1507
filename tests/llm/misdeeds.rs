//! Whatever the model does, there is a plan, and nothing in it is made up.

use std::{
    io::Write,
    sync::{Arc, Mutex},
};

use planwright::{model::plan::FindingKind, planner::llm::protocol::Provider, sandbox::model::Misdeed};
use tracing_subscriber::fmt::MakeWriter;

use super::*;

/// A client that gives up after this long.
fn client(deadline: Duration) -> Client {
    Client::new(Options { connect_timeout: Duration::from_secs(5), deadline, is_direct: true })
}

/// The plan of a model that always misbehaves in this way, and how often it was asked.
async fn under(misdeed: Misdeed, provider: Provider, client: &Client) -> (Plan, usize) {
    let desk = Desk::start().await;
    desk.server.misbehave(misdeed);
    let model = HttpModel { client: client.clone(), ..desk.model(provider) };
    let plan = plan_by(&desk.llm_with(model, Limits::default()), &coupons(), &[shop()]).await;
    (plan, desk.server.asked().len())
}

#[tokio::test]
async fn a_model_that_gives_no_plan_leaves_the_offline_plan_which_says_so() {
    let offline = offline_plan(&coupons(), &[shop()]);
    let after = |code: u16, retry_after| Misdeed::Status { code, retry_after };
    let cases: [(Misdeed, usize, &str); 20] = [
        (Misdeed::Chats, 2, "the answer holds no JSON object"),
        (Misdeed::SaysNothing, 2, "the answer is empty"),
        (Misdeed::BreaksOff, 2, "JSON"),
        (Misdeed::CutAtLimit, 2, "the answer was cut at its limit"),
        (Misdeed::WrongShape, 2, "the JSON does not have the schema's shape"),
        (Misdeed::Refuses, 2, "the model would not answer"),
        (Misdeed::NoChoices, 2, ""),
        (after(429, Some(0)), 2, "over the rate limit (status 429)"),
        (after(429, Some(86_400)), 1, "over the rate limit (status 429)"),
        (after(500, None), 2, "the service failed (status 500)"),
        (after(529, None), 2, "the service failed (status 529)"),
        (after(401, None), 1, "the key was refused (status 401)"),
        (after(400, None), 1, "the question was refused (status 400)"),
        (after(404, None), 1, "no such model or address (status 404)"),
        (Misdeed::Resets, 2, ""),
        (Misdeed::NeverEnds, 2, "the response is longer than 4194304 bytes"),
        (Misdeed::Huge(25 << 20), 2, "the response is longer than 4194304 bytes"),
        (Misdeed::Hangs, 2, "no answer in time"),
        (Misdeed::Page, 2, "the answer is not JSON"),
        (Misdeed::Redirects("http://127.0.0.1:1/".to_owned()), 1, "the address leads elsewhere (status 307)"),
    ];
    let (patient, impatient) = (client(Duration::from_secs(30)), client(Duration::from_millis(300)));
    for (misdeed, asked, reason) in cases {
        let client = if misdeed == Misdeed::Hangs { &impatient } else { &patient };
        for provider in [Provider::Anthropic, Provider::OpenAi] {
            let (plan, times) = under(misdeed.clone(), provider, client).await;
            let planner = &plan.head.planner;
            assert!(planner.starts_with("offline (model unavailable: "), "{misdeed:?}: {planner}");
            assert!(planner.contains(reason), "{misdeed:?}: {planner}");
            assert_eq!(times, asked, "{misdeed:?}, {provider:?}");
            assert_eq!(plan.sections, offline.sections, "{misdeed:?}");
            let used = plan.head.model.as_ref().expect("the attempt is recorded");
            assert!(used.sections.is_empty() && used.stopped.is_some(), "{misdeed:?}: {used:?}");
        }
    }
}

#[tokio::test]
async fn a_plan_that_takes_too_long_is_given_up_whole() {
    let desk = Desk::start().await;
    desk.server.misbehave(Misdeed::Hangs);
    let mut llm = desk.llm(Provider::Anthropic);
    llm.settings.deadline = Duration::from_millis(200);
    let plan = plan_by(&llm, &coupons(), &[shop()]).await;
    assert_eq!(plan.head.planner, "offline (model unavailable: no whole answer in time)");
}

#[tokio::test]
async fn prose_around_the_json_does_no_harm() {
    let (plan, _) = under(Misdeed::Wraps, Provider::OpenAi, &client(Duration::from_secs(30))).await;
    assert_eq!(plan.head.planner, "test-model");
    assert_eq!(plan.sections, offline_plan(&coupons(), &[shop()]).sections);
}

#[tokio::test]
async fn a_model_that_recovers_is_used() {
    let desk = Desk::start().await;
    desk.server.misbehave_next(Misdeed::Status { code: 529, retry_after: Some(0) });
    desk.server.misbehave_next(Misdeed::BreaksOff);
    let plan = plan_by(&desk.llm(Provider::Anthropic), &coupons(), &[shop()]).await;
    assert_eq!(plan.head.planner, "test-model");
    let corrected = &desk.server.asked()[2].user;
    assert!(corrected.contains("what is wrong in it") && corrected.contains("Answer again"), "{corrected}");
}

#[tokio::test]
async fn nothing_made_up_stands_in_the_plan() {
    for provider in [Provider::Anthropic, Provider::OpenAi] {
        let (plan, _) = under(Misdeed::Invents, provider, &client(Duration::from_secs(30))).await;
        let said = said(&plan);
        for word in ["ghost", "0badc0ffee", "nobody wrote"] {
            assert!(!said.contains(word), "{word}: {said}");
        }
    }
}

#[tokio::test]
async fn what_the_guard_leaves_out_is_a_finding_of_the_plan() {
    let desk = Desk::start().await;
    // the first section, and once more when its mistakes are put to the model
    desk.server.misbehave_next(Misdeed::Invents);
    desk.server.misbehave_next(Misdeed::Invents);
    let plan = plan_by(&desk.llm(Provider::OpenAi), &coupons(), &[shop()]).await;
    let left_out = |plan: &Plan| -> Vec<String> {
        let findings = plan.findings.iter().filter(|finding| finding.kind == FindingKind::LeftOut);
        findings.map(ToString::to_string).collect()
    };
    let found = left_out(&plan);
    assert!(
        found.iter().any(|words| words.contains("src/ghost/made_up.rs") && words.ends_with("dropped")),
        "{found:?}"
    );
    assert!(plan.head.model.as_ref().is_some_and(|used| used.left_out > 0));
    let document = PACKS.render("implementation", &plan, &coupons()).expect("the pack renders every plan");
    assert!(document.contains("Left out because it could not stand"), "{document}");
    assert!(!document.contains("made_up"), "the page names it, the comment does not:\n{document}");
    let (honest, _) = under(Misdeed::Wraps, Provider::OpenAi, &client(Duration::from_secs(30))).await;
    assert_eq!(left_out(&honest), Vec::<String>::new());
}

#[tokio::test]
async fn mistakes_are_put_to_the_model_once() {
    let desk = Desk::start().await;
    desk.server.misbehave_next(Misdeed::Invents);
    let plan = plan_by(&desk.llm(Provider::Anthropic), &coupons(), &[shop()]).await;
    let asked = desk.server.asked();
    let repairs = asked.iter().filter(|question| question.user.contains("what is wrong in it")).count();
    assert_eq!(repairs, 1);
    assert!(asked[1].user.contains("`src/ghost/made_up.rs`"), "{}", asked[1].user);
    assert_eq!(plan.sections, offline_plan(&coupons(), &[shop()]).sections, "the second answer is right");
    assert_eq!(plan.head.planner, "test-model");
}

#[tokio::test]
async fn a_model_that_forgets_a_criterion_is_reminded_of_it() {
    let desk = Desk::start().await;
    let forgetful = r#"{ "phases": [{ "steps": [{ "title": "Filter coupons", "files": [{ "path": "src/cart.rs" }], "validate": ["cargo test --workspace"] }] }] }"#;
    desk.server.answer("phases", forgetful);
    desk.server.answer("cases", r#"{ "cases": [] }"#);
    let plan = plan_by(&desk.llm(Provider::OpenAi), &coupons(), &[shop()]).await;
    let asked = desk.server.asked();
    let reminded = asked.iter().filter(|question| question.user.contains("AC1 is not fully covered")).count();
    assert_eq!(reminded, 1);
    assert!(plan.coverage.iter().all(|row| !row.tests.is_empty()), "{:?}", plan.coverage);
}

/// Collects log lines.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("no writer panics").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'w> MakeWriter<'w> for Lines {
    type Writer = Self;

    fn make_writer(&'w self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn the_key_is_in_no_log_no_plan_and_no_stored_reply() {
    let lines = Lines::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_writer(lines.clone())
        .finish();
    // While there is only one subscriber, a log statement that another thread meets first stays off for all threads.
    let _second = tracing::Dispatch::new(tracing_subscriber::registry());
    let _guard = tracing::subscriber::set_default(subscriber);
    for misdeed in [Misdeed::Status { code: 401, retry_after: None }, Misdeed::Resets, Misdeed::Invents] {
        for provider in [Provider::Anthropic, Provider::OpenAi] {
            let desk = Desk::start().await;
            desk.server.misbehave(misdeed.clone());
            let llm = desk.llm(provider);
            let plan = plan_by(&llm, &coupons(), &[shop()]).await;
            assert!(desk.server.asked()[0].key.as_deref().is_some_and(|key| key.ends_with(KEY)));
            assert!(!serde_json::to_string(&plan).expect("a plan is JSON").contains(KEY));
            let stored = replay::files(desk.folder.path());
            let texts = stored.iter().map(|path| std::fs::read_to_string(path).expect("a reply is text"));
            assert!(texts.into_iter().all(|text| !text.contains(KEY)));
        }
    }
    let log = String::from_utf8(lines.0.lock().expect("no writer panics").clone()).expect("lines are text");
    assert!(log.contains("the model drafted no plan"), "{log}");
    assert!(!log.contains(KEY), "the key is in the log");
}
