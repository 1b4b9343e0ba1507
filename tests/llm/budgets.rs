//! What may be spent.

use planwright::planner::llm::{
    budget::{Budget, FolderBudget, Limits, NoLeave},
    protocol::Provider,
};

use super::*;

#[tokio::test]
async fn a_plan_that_cannot_be_paid_is_drafted_offline_and_asks_nobody() {
    let (ticket, contexts, desk) = (coupons(), [shop()], Desk::start().await);
    let mut llm = desk.llm(Provider::OpenAi);
    llm.settings.tokens_per_plan = 4_001;
    let plan = plan_by(&llm, &ticket, &contexts).await;
    let reason = "the budget of 4001 tokens for one plan is used up";
    assert_eq!(plan.head.planner, format!("offline (model unavailable: {reason})"));
    assert!(desk.server.asked().is_empty());
}

#[tokio::test]
async fn the_tokens_of_a_plan_are_never_more_than_its_budget() {
    let (ticket, contexts, desk) = (coupons(), [shop()], Desk::start().await);
    let mut llm = desk.llm(Provider::OpenAi);
    let whole = plan_by(&llm, &ticket, &contexts).await.head.model.clone().expect("a model was used");
    let mut written = Vec::new();
    for budget in [9_000, 10_000, 11_000, 12_000] {
        let fresh = Desk::start().await;
        llm = fresh.llm(Provider::OpenAi);
        llm.settings.tokens_per_plan = budget;
        let plan = plan_by(&llm, &ticket, &contexts).await;
        let used = plan.head.model.clone().expect("a model was used");
        assert!(used.input_tokens + used.output_tokens <= budget, "{used:?}");
        assert!(used.sections.len() < whole.sections.len(), "{used:?}");
        if !used.sections.is_empty() {
            let label = format!("test-model for {}, offline for the rest", used.sections.join(", "));
            assert_eq!(plan.head.planner, label);
            assert!(used.stopped.as_deref().is_some_and(|reason| reason.contains("budget")), "{used:?}");
        }
        written.push(used.sections.len());
    }
    assert!(written.is_sorted() && written.last() > Some(&0), "a larger budget writes more: {written:?}");
}

#[tokio::test]
async fn plans_are_counted_by_day_and_by_repository() {
    let (desk, limits) = (Desk::start().await, Limits { plans_per_day: 2, plans_per_repository: 1 });
    let (shop, mut other) = (shop(), super::shop());
    other.repository.name = planwright::model::RepoName::new("acme/other");
    let is_drafted = async |title: &str, context: &Context, day: &str| {
        let llm = desk.llm_with(desk.model(Provider::OpenAi), limits);
        let plan = plan_on(&llm, &ticket(title, "The total is wrong."), std::slice::from_ref(context), day).await;
        plan.head.planner == "test-model"
    };
    assert!(is_drafted("one", &shop, "2026-11-20").await);
    assert!(!is_drafted("two", &shop, "2026-11-20").await, "one for this repository");
    assert!(is_drafted("one", &shop, "2026-11-20").await, "a repeated plan costs nothing");
    assert!(is_drafted("three", &other, "2026-11-20").await, "one for the other repository");
    other.repository.name = planwright::model::RepoName::new("acme/third");
    assert!(!is_drafted("four", &other, "2026-11-20").await, "two a day");
    assert!(is_drafted("two", &shop, "2026-11-21").await, "the next day");
}

#[test]
fn threads_and_restarts_share_the_count() {
    let folder = TempDir::new().expect("a folder");
    let limits = Limits { plans_per_day: 10, plans_per_repository: 0 };
    let given: usize = std::thread::scope(|scope| {
        let take = || {
            let budget = FolderBudget::new(folder.path(), limits);
            (0..5).filter(|_| budget.take(DAY, "acme/shop").is_ok()).count()
        };
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(take)).collect();
        threads.into_iter().map(|thread| thread.join().expect("no thread panics")).sum()
    });
    assert_eq!(given, 10);
    let after = FolderBudget::new(folder.path(), limits).take(DAY, "acme/shop");
    assert!(matches!(after, Err(NoLeave::Day(10))), "{after:?}");
}
