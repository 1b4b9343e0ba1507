//! Every protocol, end to end.

use planwright::{
    model::plan::{Basis, Citation},
    planner::llm::protocol::Provider,
};
use serde_json::{Value, json};

use super::*;

const ALL: [Provider; 5] =
    [Provider::Anthropic, Provider::OpenAi, Provider::AzureOpenAi, Provider::OpenAiCompatible, Provider::Ollama];

#[tokio::test]
async fn a_model_that_changes_nothing_gives_the_offline_plan_by_every_protocol() {
    let (ticket, contexts) = (coupons(), [shop()]);
    let offline = offline_plan(&ticket, &contexts);
    for provider in ALL {
        let desk = Desk::start().await;
        let plan = plan_by(&desk.llm(provider), &ticket, &contexts).await;
        assert_eq!(plan.head.planner, "test-model", "{provider:?}");
        let used = plan.head.model.as_ref().expect("a model was used");
        assert_eq!((used.provider.as_str(), used.stopped.as_deref()), (provider.word(), None));
        assert_eq!(used.sections, ["approach", "steps", "tests", "contracts", "care", "outlook"]);
        assert_eq!(plan.sections, offline.sections, "words that are kept keep their evidence: {provider:?}");
        assert_eq!(plan.findings, offline.findings);
    }
}

#[tokio::test]
async fn the_key_and_the_limits_stand_where_each_provider_reads_them() {
    let (ticket, contexts) = (coupons(), [shop()]);
    for provider in ALL {
        let desk = Desk::start().await;
        plan_by(&desk.llm(provider), &ticket, &contexts).await;
        let question = &desk.server.asked()[0];
        let bearer = format!("Bearer {KEY}");
        let (key, limit, other) = match provider {
            Provider::Anthropic => (KEY, "max_tokens", "temperature"),
            Provider::OpenAi => (bearer.as_str(), "max_completion_tokens", "temperature"),
            Provider::AzureOpenAi => (KEY, "max_completion_tokens", "temperature"),
            Provider::OpenAiCompatible | Provider::Ollama => (bearer.as_str(), "max_tokens", "max_completion_tokens"),
        };
        assert_eq!(question.key.as_deref(), Some(key), "{provider:?}");
        assert_eq!(question.body[limit], 4_000, "{provider:?}");
        assert_eq!(question.body[other], Value::Null, "{provider:?}");
        assert_eq!(question.model, "test-model");
        assert!(!question.user.contains(KEY) && !question.system.contains(KEY));
    }
}

#[tokio::test]
async fn what_the_model_adds_is_its_own_word_with_places_that_exist() {
    let (ticket, contexts, desk) = (coupons(), [shop()], Desk::start().await);
    let new = json!({
        "text": "Skip a coupon in `Cart::total` when `Coupon::is_expired` says so.",
        "quotes": ["expired coupon does not lower"],
        "files": [{ "path": "src/cart.rs", "first_line": 2, "last_line": 5 }],
        "commits": ["aaaaaaaaaa"],
    });
    let step = json!({
        "title": "Leave expired coupons out of the total",
        "why": [], "how": [new], "watch": [], "acceptance": [],
        "files": [{ "action": "modify", "path": "src/cart.rs", "rename_to": "", "symbols": ["total"], "why": [], "like": "" }],
        "sketch_language": "rust", "sketch": "let live = self.coupons.iter().filter(|c| !c.is_expired());",
        "validate": ["cargo test --workspace", "cargo test --workspace coupon"],
        "serves": ["AC1"],
    });
    desk.server
        .answer("phases", json!({ "phases": [{ "title": "", "deliverables": [], "steps": [step] }] }).to_string());
    let plan = plan_by(&desk.llm(Provider::Anthropic), &ticket, &contexts).await;
    let step = plan.sections.steps().next().expect("one step");
    assert_eq!((step.id.as_str(), step.title.as_str()), ("1", "Leave expired coupons out of the total"));
    assert_eq!(step.how[0].basis, Basis::Model);
    let kinds: Vec<&str> = step.how[0].citations.iter().map(kind).collect();
    assert_eq!(kinds, ["ticket", "file", "commit"]);
    assert!(!step.files[0].why.is_empty(), "what the draft knew of the file stays");
    assert_eq!(step.files[0].symbols[0].file.label(), "src/cart.rs:2-5");
    let lines: Vec<&str> = step.validate.iter().map(|command| command.line.as_str()).collect();
    assert_eq!(lines, ["cargo test --workspace", "cargo test --workspace coupon"]);
    assert!(step.validate[0].source.is_some() && step.validate[1].narrows.is_some());
    assert_eq!(plan.findings.iter().filter(|f| f.kind != FindingKind::NotCovered).count(), 0, "{:?}", plan.findings);
}

fn kind(citation: &Citation) -> &'static str {
    match citation {
        Citation::Ticket { .. } => "ticket",
        Citation::File(_) => "file",
        Citation::Commit(_) => "commit",
    }
}

#[tokio::test]
async fn tokens_and_cost_are_counted() {
    let (ticket, contexts, desk) = (coupons(), [shop()], Desk::start().await);
    let plan = plan_by(&desk.llm(Provider::Anthropic), &ticket, &contexts).await;
    let used = plan.head.model.clone().expect("a model was used");
    let asked = desk.server.asked().len() as u64;
    assert_eq!(u64::from(used.answers), asked);
    assert_eq!(used.input_tokens, 1_000 * asked, "cached tokens count too");
    let micros = 3 * used.input_tokens + 15 * used.output_tokens;
    let cost: f64 = used.cost.as_deref().expect("there are prices").parse().expect("a number");
    assert!((cost * 1e6 - micros as f64).abs() < 100.0, "{cost} is not {micros} millionths");
    let document = PACKS.render("ticket", &plan, &ticket).expect("the pack renders every plan");
    let foot = format!(
        "*Model: anthropic test-model, {} tokens read, {} written, cost",
        used.input_tokens, used.output_tokens
    );
    assert!(document.contains(&foot), "{document}");
}
